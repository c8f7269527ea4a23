"""When one may sign up, who gets a free seat, and which moment a clock in Warsaw shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.meetings import rules
from deliberate.meetings.rules import SignUpFacts

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FACTS = SignUpFacts(
    now=NOW,
    is_published=True,
    state="planned",
    has_sign_up=True,
    starts_at=NOW + timedelta(days=5),
    ends_at=NOW + timedelta(days=5, hours=2),
    sign_up_until=NOW + timedelta(days=3),
    seats=30,
)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FACTS, None),
        (replace(FACTS, seats=None, persons=5), None),
        (replace(FACTS, is_published=False), "meetings.not_published"),
        (replace(FACTS, state="cancelled"), "meetings.cancelled"),
        (replace(FACTS, has_sign_up=False), "meetings.no_sign_up"),
        (replace(FACTS, now=FACTS.starts_at), "meetings.begun"),
        (replace(FACTS, now=NOW + timedelta(days=3)), "meetings.closed"),
        (replace(FACTS, now=NOW + timedelta(days=3), by_office=True), None),
        (replace(FACTS, now=FACTS.starts_at, by_office=True), None),
        (replace(FACTS, now=FACTS.ends_at, by_office=True), "meetings.begun"),
        (replace(FACTS, seats=2, persons=3), "meetings.too_many_persons"),
    ],
)
def test_who_may_sign_up(facts: SignUpFacts, code: str | None) -> None:
    refusal = rules.sign_up_refusal(facts)

    assert (refusal and refusal.code) == code


def test_free_seats_go_in_the_order_of_asking_and_nobody_is_parted() -> None:
    line = [(1, 4), (2, 1), (3, 2)]

    assert rules.next_in(line, 10, 9) == [2]
    assert rules.next_in(line, 10, 5) == [1, 2]
    assert rules.next_in(line, None, 500) == [1, 2, 3]
    assert rules.next_in(line, 10, 10) == []


@given(st.lists(st.integers(1, 5), max_size=12), st.integers(1, 12), st.integers(0, 12))
def test_seats_are_never_exceeded_and_none_stays_empty_that_somebody_fits(
    persons: list[int], seats: int, taken: int
) -> None:
    taken = min(taken, seats)
    line = list(enumerate(persons))

    chosen = rules.next_in(line, seats, taken)

    used = taken + sum(persons[each] for each in chosen)
    assert used <= seats
    assert all(used + number > seats for each, number in line if each not in chosen)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2026, 12, 5), time(10), datetime(2026, 12, 5, 9, tzinfo=UTC)),
        (date(2026, 6, 5), time(10), datetime(2026, 6, 5, 8, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), None),  # clocks go from 2:00 to 3:00
        (date(2026, 3, 29), time(3), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first
    ],
)
def test_hours_are_warsaws_also_when_clocks_change(
    day: date, at: time, utc: datetime | None
) -> None:
    assert rules.moment(day, at) == utc


def test_times_that_do_not_end_in_time_are_left_out() -> None:
    found = rules.slots(NOW, NOW + timedelta(minutes=70), 20)

    assert found == [NOW, NOW + timedelta(minutes=20), NOW + timedelta(minutes=40)]
    assert rules.slots(NOW, NOW + timedelta(minutes=10), 20) == []
    assert len(rules.slots(NOW, NOW + timedelta(days=300), 5)) == rules.MOST_SLOTS


def test_times_are_evenly_long_over_a_change_of_clocks() -> None:
    starts, ends = (
        rules.moment(date(2026, 10, 25), time(1)),
        rules.moment(date(2026, 10, 25), time(4)),
    )
    assert starts is not None
    assert ends is not None

    found = rules.slots(starts, ends, 60)

    assert len(found) == 4  # from 1 to 4 there are four hours in that night
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_the_reminder_leaves_in_the_morning_of_the_day_before() -> None:
    monday_after_change = datetime(2026, 10, 26, 16, tzinfo=UTC)

    # On Sunday, 25 October, clocks show winter time at nine already.
    assert rules.reminded_at(monday_after_change) == datetime(2026, 10, 25, 8, tzinfo=UTC)
