"""The only room that knows an engine and the files of a run."""
