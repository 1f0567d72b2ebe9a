"""People's decisions: an append-only ledger, SQLite in the inquiry folder or PostgreSQL by URL."""
