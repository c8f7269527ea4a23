"""The yearly summary of petitions: what came in, what became of it, and how long it took. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deliberate.petitions.kinds import CLOSED, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One petition, as the summary sees it. ``closed_on``: None while it is open."""

    came_in: int  # year
    state: str
    closed_on: date | None
    due_on: date | None
    is_extended: bool
    is_joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    year: int
    came_in: int
    closed: int  # in that year, from whichever year
    by_outcome: Sequence[tuple[str, int]]
    open: int  # at the end of the year, or now
    extended: int
    joined: int
    late: int  # closed in that year after their day


def summarise(year: int, lines: Sequence[Line]) -> Summary:
    closed = [row for row in lines if row.closed_on is not None and row.closed_on.year == year]
    outcomes = [state for state in State if state in CLOSED]
    return Summary(
        year=year,
        came_in=sum(row.came_in == year for row in lines),
        closed=len(closed),
        by_outcome=[
            (state.value, n) for state in outcomes if (n := sum(r.state == state for r in closed))
        ],
        open=sum(
            row.came_in == year and (row.closed_on is None or row.closed_on.year > year)
            for row in lines
        ),
        extended=sum(row.is_extended for row in lines),
        joined=sum(row.is_joined for row in lines),
        late=sum(
            row.closed_on is not None and row.due_on is not None and row.closed_on > row.due_on
            for row in closed
        ),
    )
