"""Municipalities: whose address the request came to, and what each has set for itself."""
