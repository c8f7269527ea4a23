"""When letters about a vote leave, in the time of Warsaw, over changes of the clock too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deliberate.kernel import clock
from deliberate.voting import moments


def warsaw(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.WARSAW).astimezone(UTC)


@pytest.mark.parametrize(
    ("opens_at", "told_at"),
    [
        ("2026-06-03 00:00", "2026-06-03 08:00"),
        ("2026-06-03 07:59", "2026-06-03 08:00"),
        ("2026-06-03 08:00", "2026-06-03 08:00"),
        ("2026-06-03 12:30", "2026-06-03 12:30"),
        ("2026-06-03 20:00", "2026-06-04 08:00"),
        ("2026-10-25 00:00", "2026-10-25 08:00"),  # 25 hours
        ("2027-03-28 00:00", "2027-03-28 08:00"),  # 23 hours
        ("2027-03-27 23:00", "2027-03-28 08:00"),
    ],
)
def test_a_beginning_is_told_by_day(opens_at: str, told_at: str) -> None:
    assert moments.announcement(warsaw(opens_at)) == warsaw(told_at)


@pytest.mark.parametrize(
    ("first", "last", "told_at"),
    [
        (date(2026, 6, 1), date(2026, 6, 7), "2026-06-06 08:00"),
        (date(2026, 10, 20), date(2026, 10, 26), "2026-10-25 08:00"),
        (date(2027, 3, 20), date(2027, 3, 29), "2027-03-28 08:00"),
        (date(2026, 6, 1), date(2026, 6, 3), "2026-06-02 08:00"),
        (date(2026, 6, 1), date(2026, 6, 2), None),
        (date(2026, 6, 1), date(2026, 6, 1), None),
    ],
)
def test_an_end_is_told_on_the_day_before_unless_it_has_just_been_said(
    first: date, last: date, told_at: str | None
) -> None:
    moment = moments.reminder(clock.start_of_day(first), clock.end_of_day(last))

    assert moment == (warsaw(told_at) if told_at else None)


@pytest.mark.parametrize(
    ("after", "head_at"),
    [
        ("2026-06-03 00:00", "2026-06-03 06:00"),
        ("2026-06-03 05:59", "2026-06-03 06:00"),
        ("2026-06-03 06:00", "2026-06-04 06:00"),
        ("2026-06-03 23:59", "2026-06-04 06:00"),
        ("2026-10-24 06:00", "2026-10-25 06:00"),  # 25 hours later
        ("2027-03-27 06:00", "2027-03-28 06:00"),  # 23 hours later
        ("2027-03-28 01:30", "2027-03-28 06:00"),
    ],
)
def test_a_head_comes_at_six(after: str, head_at: str) -> None:
    assert moments.next_head(warsaw(after)) == warsaw(head_at)
