"""Changing meetings, sign-ups and what came of them. An action never commits."""
