"""The only source of "now", so that a test can set it, and the time that people in Poland read.

Moments are aware and in UTC. An interval ends at the first moment outside it: "do 7 czerwca" is
kept as 8 June, 0:00 in Warsaw, and shown as 7 June, 23:59.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _set_to.get() or datetime.now(UTC)


def set_moment() -> datetime | None:
    """Return what the clock has been set to by ``at``; None: it runs."""
    return _set_to.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock inside the block: for tests, and for the demo, whose world has a past."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def local(moment: datetime) -> datetime:
    """Return the same moment as a clock in Warsaw shows it."""
    if moment.tzinfo is None:
        raise ValueError(f"A moment without a time zone could be any: {moment!r}")
    return moment.astimezone(WARSAW)


def start_of_day(day: date) -> datetime:
    """Return the moment at which this day begins in Warsaw."""
    return datetime.combine(day, time.min, WARSAW).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the first moment after this day: 23, 24 or 25 hours from its start."""
    return start_of_day(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """Return the last day, in Warsaw, of an interval that ends at ``until``."""
    # Subtracted in UTC: on a local clock an hour a year comes twice.
    return local(until.astimezone(UTC) - timedelta(microseconds=1)).date()


def closing_time(until: datetime) -> datetime:
    """Return what to show as the end: 23:59 of the last day when ``until`` is midnight."""
    end = local(until)
    if end.time() == time.min:
        return datetime.combine(last_day(until), time(23, 59), WARSAW)
    return end
