"""When things happen in the demo world: days counted from the one of loading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from deliberate.kernel import clock, jobs
from deliberate.kernel.db import transaction


@dataclass(frozen=True, slots=True)
class Days:
    """``today`` is D: ``day(-9)`` is nine days before the demo was loaded."""

    today: date

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def next_weekday(self, number: int, weekday: int) -> int:
        """Return the number of the first such day (Monday is 0) from the one with this number."""
        return number + (weekday - self.day(number).weekday()) % 7

    def at(self, number: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment by the clock in Warsaw, also on a day when it is changed."""
        there = datetime.combine(self.day(number), time(hour, minute), clock.WARSAW)
        return there.astimezone(UTC)

    def spread(self, first: int, last: int, count: int) -> list[datetime]:
        """Return ``count`` moments in order, evenly from the first day to the last, by daylight."""
        days = max(1, last - first + 1)
        per_day = -(-count // days)
        moments = []
        for number in range(count):
            day, turn = (
                (number * days // count, number) if count <= days else divmod(number, per_day)
            )
            minutes = (turn % per_day) * (12 * 60 // per_day) + number * 17 % 47
            moments.append(self.at(first + day, 8) + timedelta(minutes=minutes))
        return moments


@dataclass(frozen=True, slots=True)
class Step:
    """One wish of one person: a transaction at its moment."""

    at: datetime
    act: Callable[[], object]


def happen(steps: Iterable[Step]) -> None:
    """Have everything happen in the order of time."""
    for step in sorted(steps, key=lambda step: step.at):
        with clock.at(step.at):
            with transaction():
                step.act()
            while jobs.run_due():  # so that letters to many have the date of their cause
                pass
