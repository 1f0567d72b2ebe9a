"""Declared knowledge: what a domain expert edits without reading Python. Every entry has its source."""
