"""Changing votes: an action checks the rule, changes, records; its caller commits."""
