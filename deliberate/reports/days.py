"""Days as a report says them: in Polish, each with its year. It is read years later."""

from __future__ import annotations

from datetime import date, datetime

from deliberate.kernel import clock, texts

YEAR_ZERO = date(1, 1, 1)  # "today" of a text in which each day has its year


def day_text(day: date) -> str:
    """Return "3 maja 2026"."""
    return texts.day_text(day, "pl", today=YEAR_ZERO)


def day_of(moment: datetime) -> str:
    """Return the day on which a moment was in Warsaw."""
    return day_text(clock.local(moment).date())
