"""Counting the time of the office and the council. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def after_months(day: date, months: int) -> date:
    """Return the same day of the month some months later, or that month's last day.

    As art. 112 kc and art. 57 § 3 kpa count. An end on a free day is not moved to the next working
    day: that would be in the office's favour, and this date is a promise to people.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def after_days(day: date, days: int) -> date:
    """Return the last of ``days`` days; the day itself does not count."""
    return day + timedelta(days=days)
