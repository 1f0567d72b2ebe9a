"""Pure statistical methods: arrays or counts in, frozen results out. Nothing here reads a file or knows an inquiry."""
