"""Changing consultations: one file a noun. Actions never commit."""
