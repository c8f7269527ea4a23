"""Days in Warsaw, over the two nights a year when the clock is moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deliberate.kernel import clock


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 27, 23, tzinfo=UTC), 24),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),  # to summer time
        (date(2026, 6, 7), datetime(2026, 6, 6, 22, tzinfo=UTC), 24),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),  # back
        (date(2026, 12, 31), datetime(2026, 12, 30, 23, tzinfo=UTC), 24),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight_in_warsaw(
    day: date, start: datetime, hours: int
) -> None:
    assert clock.start_of_day(day) == start
    assert clock.start_of_day(day).tzinfo is UTC
    assert clock.end_of_day(day) - clock.start_of_day(day) == timedelta(hours=hours)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 6, 7), date(2026, 10, 25)])
def test_the_last_day_of_an_interval_is_the_day_it_was_made_of(day: date) -> None:
    assert clock.last_day(clock.end_of_day(day)) == day
    assert clock.last_day(clock.end_of_day(day) + timedelta(microseconds=1)) != day


def test_an_end_in_the_middle_of_a_day_belongs_to_that_day() -> None:
    assert clock.last_day(datetime(2026, 6, 7, 14, tzinfo=UTC)) == date(2026, 6, 7)


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        (datetime(2026, 6, 7, 22, tzinfo=UTC), "2026-06-07 23:59"),
        (datetime(2026, 6, 7, 14, tzinfo=UTC), "2026-06-07 16:00"),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), "2026-03-28 23:59"),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), "2026-10-25 23:59"),
    ],
)
def test_midnight_is_shown_as_the_last_minute_of_the_day_before(
    until: datetime, shown: str
) -> None:
    assert f"{clock.closing_time(until):%Y-%m-%d %H:%M}" == shown


def test_the_hour_that_comes_twice_keeps_its_two_moments_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert clock.local(first).hour == clock.local(second).hour == 2
    assert clock.local(first).astimezone(UTC) != clock.local(second).astimezone(UTC)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.local(datetime(2026, 6, 7))  # noqa: DTZ001 - that is the case


def test_now_is_aware() -> None:
    assert clock.now().tzinfo is UTC
