"""When the persons of a vote may be forgotten, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, append_only


def not_forgotten(poll: str) -> str:
    """Say, in SQL, that a poll's persons are still needed: neither called off nor long settled."""
    return (
        f"(SELECT p.state FROM poll p WHERE p.id = {poll}) <> 'cancelled' "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = {poll})"
    )


# A day less than retention waits: a server's clock may be ahead of the database's.
_RESULT = "coalesce(p.published_at, p.counted_at)"
_TOO_EARLY = (
    "NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id "  # noqa: S608 - our own words
    f"AND p.state IN ('published', 'annulled') AND {_RESULT} <= {{}})"
)

GUARDS: tuple[Guard, ...] = (
    Guard(
        name="poll_totals_come_after_the_protests",
        table="poll_totals",
        event="INSERT",
        message="closed: the persons of a vote are forgotten 60 days after its result",
        refuse_when=_TOO_EARLY.format("datetime(CURRENT_TIMESTAMP, '-59 days')"),
        on_postgresql=_TOO_EARLY.format("CURRENT_TIMESTAMP - interval '59 days'"),
    ),
    *append_only("poll_totals"),
)
