"""Changing the registers. An action checks the rule, changes, records; its caller commits."""
