"""When the letters about a vote leave, and when its log gets a new head: by day. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from deliberate.kernel import clock

DAWN = time(6)  # of a new head, in Warsaw
MORNING, EVENING = time(8), time(20)  # in Warsaw; a vote opens at midnight, a letter does not
SHORTEST = timedelta(days=1)  # from the first letter to the reminder


def announcement(opens_at: datetime) -> datetime:
    """Return when people are told that a vote has begun."""
    return by_day(opens_at)


def reminder(opens_at: datetime, ends_at: datetime) -> datetime | None:
    """Return when people are told that a vote ends: on the morning of the day before its last.

    None: the vote is so short that the first letter has just said it.
    """
    moment = _morning(clock.last_day(ends_at) - timedelta(days=1))
    return moment if moment >= announcement(opens_at) + SHORTEST else None


def by_day(moment: datetime) -> datetime:
    """Return the moment itself, or the next morning when people sleep."""
    there = clock.local(moment)
    if there.time() < MORNING:
        return _morning(there.date())
    return moment if there.time() < EVENING else _morning(there.date() + timedelta(days=1))


def next_head(after: datetime) -> datetime:
    """Return the first six o'clock after a moment."""
    there = clock.local(after)
    day = there.date() if there.time() < DAWN else there.date() + timedelta(days=1)
    return datetime.combine(day, DAWN, clock.WARSAW).astimezone(UTC)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, clock.WARSAW).astimezone(UTC)
