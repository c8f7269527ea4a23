"""Words of SQL that several guards of a vote share."""

from __future__ import annotations

UNCOUNTED = "('sealed', 'receiving', 'paused', 'working_up')"  # states.UNCOUNTED


def state_of(poll: str) -> str:
    """Return the state of a poll. poll: where its number stands, such as NEW.poll_id."""
    return f"(SELECT p.state FROM poll p WHERE p.id = {poll})"  # noqa: S608 - our own words
