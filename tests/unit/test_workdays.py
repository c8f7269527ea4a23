"""Days free from work, ends of terms, the same weekday in another year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms import workdays

DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("year", "day"),
    [(2000, "04-23"), (2008, "03-23"), (2011, "04-24"), (2025, "04-20"), (2026, "04-05"),
     (2038, "04-25"), (2049, "04-18"), (2076, "04-19")],
)  # fmt: skip
def test_easter(year: int, day: str) -> None:
    assert workdays.easter(year) == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize(
    ("day", "free"),
    [
        ("2026-11-11", True),  # Święto Niepodległości
        ("2026-06-04", True),  # Boże Ciało
        ("2026-04-06", True),  # Poniedziałek Wielkanocny
        ("2026-11-21", False),  # a Saturday
        ("2026-11-22", True),  # a Sunday
        ("2024-12-24", False),  # before the law of 2024
        ("2025-12-24", True),
        ("2026-04-03", False),  # Good Friday is a working day
    ],
)
def test_free_days(day: str, free: bool) -> None:
    assert workdays.is_free(date.fromisoformat(day)) is free


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        ("2026-11-23", 28, "2026-12-21"),  # the day of the event is left out
        ("2026-11-21", 28, "2026-12-21"),  # a Saturday moves over the Sunday
        ("2026-11-26", 28, "2026-12-28"),  # 24 to 27 December: Eve, feast, Saturday, Sunday
        ("2026-03-07", 28, "2026-04-07"),  # Holy Saturday moves behind Easter Monday
        ("2026-11-23", 1, "2026-11-24"),
    ],
)
def test_a_term_ends_on_a_working_day(event: str, days: int, last: str) -> None:
    found = workdays.end_of_term(date.fromisoformat(event), days)

    assert found == date.fromisoformat(last)


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least a day"):
        workdays.end_of_term(date(2026, 11, 23), 0)


@given(DAYS, st.integers(1, 60))
def test_a_term_never_ends_sooner_than_its_days(event: date, days: int) -> None:
    last = workdays.end_of_term(event, days)

    assert last >= event + timedelta(days=days)
    assert last.weekday() != 5
    assert not workdays.is_free(last)


@given(DAYS, st.integers(1, 5))
def test_the_same_weekday_is_near_the_same_date(day: date, years: int) -> None:
    there = workdays.same_weekday(day, years)

    assert there.weekday() == day.weekday()
    assert abs((there - day).days - 365.25 * years) <= 5
