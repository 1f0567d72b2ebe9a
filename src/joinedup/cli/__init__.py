"""The command: thin. Each verb parses, calls, and shows; data on stdout, everything else on stderr."""
