"""Positional points: so many for the first place, so many for the second, none below the last."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from deliberate.algorithms.counting.concluding import by_figures
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Outcome,
    Ranking,
    Terms,
)
from deliberate.algorithms.counting.rankings import group


def count_positional(options: Sequence[str], ballots: Sequence[Ranking], terms: Terms) -> Outcome:
    """Add up the points that ``terms.weights`` give to the places of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n tuples of keys, the most wanted first, an option at most once; options left out
    get nothing, nor do places for which there is no weight.
    weights: exact numbers from 0, the first above 0, none greater than the one before. There may
    be fewer or more of them than options.
    Score: the sum, from 0 to n·weights[0]. No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, among the options or on a
    ballot, if a ballot names something that is no option, and for weights, seats or lots that
    cannot be.
    Source: Young, "Social choice scoring functions", SIAM Journal on Applied Mathematics 28
    (1975).
    """
    _check_weights(terms.weights)
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for ranking, times in group(options, ballots).items():
        for option, weight in zip(ranking, terms.weights, strict=False):
            sums[option] += weight * times
    return by_figures({option: sums[option] for option in options}, terms)


def _check_weights(weights: Sequence[Fraction]) -> None:
    if not weights:
        raise ValueError("Weights are missing: how many points a place is worth")
    if inexact := [weight for weight in weights if type(weight) not in {int, Fraction}]:
        raise ValueError(f"Weights that are not exact: {inexact}")
    shown = [str(weight) for weight in weights]
    if min(weights) < 0 or weights[0] == 0:
        raise ValueError(f"Weights below 0, or none above it: {shown}")
    if any(earlier < later for earlier, later in pairwise(weights)):
        raise ValueError(f"Weights that rise: {shown}")


POSITIONAL = CountingMethod(
    key="positional",
    version=1,
    ballots=frozenset({BallotKind.RANKED}),
    uses=frozenset({"seats", "lots", "weights"}),
    source=(
        'Young, "Social choice scoring functions", SIAM Journal on Applied Mathematics 28 (1975)'
    ),
    promises=frozenset({"monotone", "participation", "consistency"}),
    count=count_positional,
)
