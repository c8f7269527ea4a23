"""Who took part by area: worked by hand, and that nobody can be singled out, whatever comes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.voting.turnout import FEWEST, MOST_SMALL, told

CENTRE, RIVER, HILL, HAMLET = 1, 2, 3, 4
CITY = {CENTRE: 9_000, RIVER: 4_000, HILL: 1_001, HAMLET: 300}


@pytest.mark.parametrize(
    ("people", "residents", "expected"),
    [
        pytest.param(
            {CENTRE: 500, RIVER: 200, HILL: 40, HAMLET: 7},
            CITY,
            [(CENTRE, 500), (RIVER, 200), (None, 47)],
            id="a hamlet would be what is left: the least of the others joins it",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200, HILL: 40},
            CITY,
            [(CENTRE, 500), (RIVER, 200), (None, 40)],
            id="that nobody of a hamlet voted is told of nobody either",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200, HILL: 9, HAMLET: 3},
            CITY,
            [(CENTRE, 500), (RIVER, 200), (None, 12)],
            id="few votes of an area that is large enough",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200}, {CENTRE: 9_000, RIVER: 1_000}, [], id="one is left alone"
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200},
            {CENTRE: 9_000, RIVER: 4_000},
            [(CENTRE, 500), (RIVER, 200)],
            id="nobody is left",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200, None: 3},
            {CENTRE: 9_000, RIVER: 4_000},
            [(CENTRE, 500), (None, 203)],
            id="few of whom the area is not known",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200, None: 10},
            {CENTRE: 9_000, RIVER: 4_000},
            [(CENTRE, 500), (RIVER, 200), (None, 10)],
            id="enough of whom the area is not known",
        ),
        pytest.param(
            {CENTRE: 500, RIVER: 200}, {CENTRE: 9_000, RIVER: None}, [], id="residents not known"
        ),
        pytest.param({None: 700}, CITY, [], id="no area is known"),
        pytest.param({}, CITY, [], id="nobody voted"),
    ],
)
def test_small_areas_are_told_together(
    people: Mapping[int | None, int],
    residents: Mapping[int, int | None],
    expected: list[tuple[int | None, int]],
) -> None:
    assert told(people, residents) == expected


@given(
    residents=st.dictionaries(
        st.integers(1, 8), st.none() | st.integers(0, 3_000), min_size=1, max_size=8
    ),
    people=st.dictionaries(st.none() | st.integers(1, 8), st.integers(0, 40), max_size=9),
)
def test_whatever_is_told_or_left_is_large_enough(
    residents: dict[int, int | None], people: dict[int | None, int]
) -> None:
    people = {area: n for area, n in people.items() if area is None or area in residents}
    parts = told(people, residents)

    named = {area for area, _ in parts if area is not None}
    assert not parts or sum(n for _, n in parts) == sum(people.values())
    assert all(n >= FEWEST for _, n in parts)
    assert all((residents[area] or 0) > MOST_SMALL for area in named)
    if named and (others := residents.keys() - named):
        assert sum(residents[area] or 0 for area in others) > MOST_SMALL
        assert parts[-1][0] is None
