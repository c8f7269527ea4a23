"""Schulze: who wins against whom, over chains of comparisons where the majorities go in circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from deliberate.algorithms.counting.concluding import by_places
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Outcome,
    Ranking,
    Round,
    Step,
    Terms,
)
from deliberate.algorithms.counting.places import places_of
from deliberate.algorithms.counting.rankings import group

# How strong a victory is, compared from the left: won, drawn or lost; votes of the side that won;
# votes of the other side, the fewer the stronger.
Strength = tuple[int, int, int]
SOURCE = 'Schulze, "The Schulze Method of Voting", arXiv:1804.02973, 2018'


def count_schulze(options: Sequence[str], ballots: Sequence[Ranking], terms: Terms) -> Outcome:
    """Compare each option with each other one, and follow the strongest chains of victories.

    options: m ≥ 1 distinct keys; their order decides nothing. ballots: n rankings of keys from
    ``options``, the most wanted first; options left out stand below all that are named and are
    equal among themselves, so a blank ballot compares nothing. terms: seats, lots.
    A link from a to b is as strong as the votes for a against b where a wins (*winning votes*); of
    equal ones that is stronger to which fewer objected. A path is as strong as its weakest link; a
    stands before b where the strongest path from a to b is stronger than any back.
    Score: how many of the other options do *not* stand before this one, from 0 to m - 1; whoever
    has m - 1 is unbeaten. Equal scores share a place. Seats go down the places, lots decide between
    equals at the border (the paper would draw a ballot for that; here the lots are drawn once and
    for all).
    Rounds: one COMPARED for each option, its figures the voters who want it more than each other
    one; then one LINKED for each, its figures the votes in the weakest link of its strongest path
    to each other one (0 where every path has a lost or drawn comparison in it); DRAWN, ELECTED.
    Raises ValueError as ``rankings.group`` and ``concluding.by_places`` do.
    Source: Markus Schulze, "The Schulze Method of Voting", arXiv:1804.02973, section 2.1 (winning
    votes), 2.2 (paths, order), 2.3.1 (Floyd-Warshall).
    """
    groups = group(options, ballots)
    listed = sorted(options)
    wanted = prefer(listed, groups)
    paths = strongest_paths(listed, wanted)

    score = {
        option: Fraction(
            sum(paths[option, other] >= paths[other, option] for other in listed if other != option)
        )
        for option in listed
    }
    links = {pair: votes if outcome > 0 else 0 for pair, (outcome, votes, _) in paths.items()}
    rounds = [*_rows(Step.COMPARED, listed, wanted), *_rows(Step.LINKED, listed, links)]
    return by_places(places_of(score), MappingProxyType(score), rounds, terms)


def prefer(options: Sequence[str], groups: Counter[Ranking]) -> dict[tuple[str, str], int]:
    """Return for each two options how many voters want the first more than the second.

    Each option has its own digits in one large number, wide enough that none overflows, so that a
    ballot is added to a whole row at once: 30 options are 30 additions, not 435.
    """
    width = groups.total().bit_length()
    digit = {option: 1 << width * place for place, option in enumerate(options)}
    every = sum(digit.values())
    rows = dict.fromkeys(options, 0)
    for ranking, times in groups.items():
        below = every
        for option in ranking:
            below -= digit[option]
            rows[option] += times * below
    mask = (1 << width) - 1
    return {
        (one, other): rows[one] >> width * place & mask
        for one in options
        for place, other in enumerate(options)
        if one != other
    }


def strongest_paths(
    options: Sequence[str], wanted: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], Strength]:
    """Return the strength of the strongest path between each two options."""
    paths = {pair: _strength(votes, wanted[pair[::-1]]) for pair, votes in wanted.items()}
    for through in options:
        for start in options:
            if start == through:
                continue
            first = paths[start, through]
            for end in options:
                if end in (start, through):
                    continue
                weakest = min(first, paths[through, end])
                paths[start, end] = max(paths[start, end], weakest)
    return paths


def _strength(votes: int, against: int) -> Strength:
    if votes > against:
        return 1, votes, -against
    if votes == against:
        return 0, 0, 0
    return -1, -against, votes


def _rows(step: Step, options: Sequence[str], table: Mapping[tuple[str, str], int]) -> list[Round]:
    return [
        Round(
            step=step,
            options=(one,),
            figures=MappingProxyType(
                {other: Fraction(table[one, other]) for other in options if other != one}
            ),
        )
        for one in options
    ]


SCHULZE = CountingMethod(
    key="schulze",
    version=1,
    ballots=frozenset({BallotKind.RANKED}),
    uses=frozenset({"seats", "lots"}),
    source=SOURCE,
    promises=frozenset(
        {"majority", "condorcet", "condorcet_loser", "monotone", "reversal", "clones"}
    ),
    count=count_schulze,
)
