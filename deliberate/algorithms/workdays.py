"""Days free from work in Poland, and what a term counted in days ends on.

Source: ustawa z 18 stycznia 1951 r. o dniach wolnych od pracy (24 December since 2025); Easter by
the anonymous Gregorian computus (Meeus, "Astronomical Algorithms", chapter 8).
"""

from __future__ import annotations

from datetime import date, timedelta

FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
CHRISTMAS_EVE, FREE_SINCE = (12, 24), 2025
# Easter Sunday and Monday, Pentecost, Corpus Christi: days after Easter Sunday.
MOVABLE = (0, 1, 49, 60)
DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, over = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - shift + 15) % 30
    weekday = (32 + 2 * over + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_free(day: date) -> bool:
    """Tell whether a day is a holiday by the law or a Sunday; a Saturday is not."""
    if day.weekday() == 6 or (day.month, day.day) in FIXED:
        return True
    if (day.month, day.day) == CHRISTMAS_EVE:
        return day.year >= FREE_SINCE
    return (day - easter(day.year)).days in MOVABLE


def end_of_term(event: date, days: int) -> date:
    """Return the last day of a term of ``days`` that an event begins.

    As art. 57 § 1 and § 4 kpa count: the day of the event is left out, and an end on a Saturday or
    a free day moves to the next day that is neither. Raises ValueError for fewer than one day.
    """
    if days < 1:
        raise ValueError(f"A term lasts at least a day, not {days}.")
    last = event + days * DAY
    while last.weekday() == 5 or is_free(last):
        last += DAY
    return last


def same_weekday(day: date, years: int) -> date:
    """Return the same weekday nearest to a day's date in another year.

    The nearest, so that a consultation repeated each year does not drift out of its season. The
    29th of February counts as the 28th.
    """
    try:
        there = day.replace(year=day.year + years)
    except ValueError:
        there = day.replace(year=day.year + years, day=28)
    ahead = (day.weekday() - there.weekday()) % 7
    return there + (ahead if ahead <= 3 else ahead - 7) * DAY
