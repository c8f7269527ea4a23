"""Notices, decisions with reasons, and the visibility of every registered kind."""
