"""Majority judgement: each voter grades each option; the highest middle grade wins.

The majority value of an option is the list of its middle grades: the middle one (of two, the
lower), then the middle one of what remains without it, and so on until none remains. Options stand
in the order of these lists, as words do in a dictionary. Taking away middle grades walks outwards
from the middle, in turns to the lower and to the upper side::

    odd number    low2 low1 MID high1 high2        MID low1 high1 low2 high2
    even number   low2 low1 high1 high2            low1 high1 low2 high2

So the lower half, read downwards, and the upper half, read upwards, say everything, and as there
are few grades, each half is a few runs of equal ones: nothing depends on how many voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from types import MappingProxyType

from deliberate.algorithms.counting.concluding import by_places
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Outcome,
    Points,
    Round,
    Step,
    Terms,
)
from deliberate.algorithms.counting.places import places_of
from deliberate.algorithms.counting.pointing import spread_of

Runs = tuple[tuple[int, int], ...]  # (grade, how many times running)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """The grades of one option from the middle outwards; of an odd number both begin with it."""

    lower: Runs  # falling
    upper: Runs  # rising


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cut:
    """A point on the way outwards: after so many grades taken away, at this one of that half."""

    taken: int
    is_upper: bool
    index: int


def count_majority_judgement(
    options: Sequence[str], ballots: Sequence[Points], terms: Terms
) -> Outcome:
    """Order the options by their majority values.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of (option, grade), an option at most once; grades are the whole numbers of
    ``terms.scale``. An option that a ballot leaves out gets the lowest grade, as in the
    experiments of the authors; so all options have n grades.
    Score: the middle grade alone (for even n the lower of the two in the middle). Places: by the
    whole majority value; options are equal only where all their grades are. No ballots: everyone
    ties at the lowest grade. ``terms.lots`` decide only about a seat.
    Rounds: first the middle grades; then, for each set of options that agree, how many grades are
    ``taken`` until the middle ones differ, and which these are.
    Raises ValueError if there are no options, if one stands twice, among the options or on a
    ballot, if a ballot names something that is no option or gives anything but a whole number of
    the scale, and for a scale, seats or lots that cannot be.
    Source: Balinski, Laraki, "A theory of measuring, electing, and ranking", Proceedings of the
    National Academy of Sciences 104 (2007).
    """
    lowest, _ = terms.scale
    tally = spread_of(options, ballots, terms.scale)
    voters = len(ballots)
    halves = {option: _halve(grades, voters) for option, grades in tally.items()}
    medians = MappingProxyType(
        {option: Fraction(own.lower[0][0] if voters else lowest) for option, own in halves.items()}
    )

    places: list[frozenset[str]] = []
    rounds = [Round(step=Step.TALLY, figures=medians)]
    waiting = [sorted(group) for group in reversed(places_of(medians))]  # the best at the end
    while waiting:
        group = waiting.pop()
        cut = _first_cut([halves[option] for option in group], voters)
        if cut is None:
            places.append(frozenset(group))
            continue
        figures = {option: Fraction(_grade_at(halves[option], cut)) for option in group}
        parts = [sorted(part) for part in places_of(figures)]
        rounds.append(
            Round(
                step=Step.COMPARED,
                options=tuple(parts[0]),
                among=tuple(group),
                figures=MappingProxyType(figures),
                taken=cut.taken,
            )
        )
        waiting += reversed(parts)
    return by_places(places, medians, rounds, terms)


def _halve(grades: Mapping[int, int], voters: int) -> Halves:
    half = (voters + 1) // 2
    falling = sorted(grades.items(), reverse=True)
    return Halves(lower=_inner_first(reversed(falling), half), upper=_inner_first(falling, half))


def _inner_first(grades: Iterable[tuple[int, int]], half: int) -> Runs:
    """Return the outermost ``half`` grades, given from the end, as runs from the middle."""
    runs: list[tuple[int, int]] = []
    for grade, times in grades:
        if part := min(times, half):
            runs.append((grade, part))
            half -= part
    return tuple(reversed(runs))


def _first_cut(group: Sequence[Halves], voters: int) -> Cut | None:
    """Return where not all majority values of the group are alike for the first time."""
    first, *others = group
    odd = voters % 2
    cuts = [
        Cut(taken=2 * index + is_upper - odd, is_upper=is_upper, index=index)
        for other in others
        for is_upper, own, its in (
            (False, first.lower, other.lower),
            (True, first.upper, other.upper),
        )
        if (index := _first_difference(own, its)) is not None
    ]
    return min(cuts, default=None)


def _first_difference(one: Runs, other: Runs) -> int | None:
    """Return the first index at which two lists of as many grades differ."""
    index = 0
    for (grade, times), (its_grade, its_times) in zip(one, other, strict=False):
        if grade != its_grade:
            return index
        if times != its_times:
            return index + min(times, its_times)
        index += times
    return None


def _grade_at(halves: Halves, cut: Cut) -> int:
    runs = halves.upper if cut.is_upper else halves.lower
    ends = accumulate(times for _, times in runs)
    return next(grade for (grade, _), end in zip(runs, ends, strict=True) if cut.index < end)


MAJORITY_JUDGEMENT = CountingMethod(
    key="majority_judgement",
    version=1,
    ballots=frozenset({BallotKind.SCORE}),
    uses=frozenset({"seats", "lots", "scale"}),
    source=(
        'Balinski, Laraki, "A theory of measuring, electing, and ranking", '
        "Proceedings of the National Academy of Sciences 104 (2007)"
    ),
    promises=frozenset({"monotone"}),
    count=count_majority_judgement,
)
