"""Changing accounts and residence: one file a noun. Actions never commit."""
