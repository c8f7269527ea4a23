"""Borda: an option gets a point for each option that a voter ranks below it."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from deliberate.algorithms.counting.concluding import by_figures
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Outcome,
    Ranking,
    Terms,
)
from deliberate.algorithms.counting.rankings import group


def count_borda(options: Sequence[str], ballots: Sequence[Ranking], terms: Terms) -> Outcome:
    """Add up Borda's points of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n tuples of keys, the most wanted first, an option at most once; options left out
    stand below all that are named, equal among themselves.
    Score: the first gets m − 1 points, the second m − 2, … the last 0. Where k options are left
    out, the places 0 … k − 1 remain, and each of the k gets their average, (k − 1)/2: as many
    points are given by a short ballot as by a whole one, and a blank one prefers nobody. So
    scores are halves, from 0 to n·(m − 1). No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, among the options or on a
    ballot, if a ballot names something that is no option, and for seats or lots that cannot be.
    Source: Borda, "Mémoire sur les élections au scrutin", Histoire de l'Académie Royale des
    Sciences (1784); of short ballots: Cullinan, Hsiao, Polett, "A Borda count for partially
    ordered ballots", Social Choice and Welfare 42 (2014).
    """
    groups = group(options, ballots)
    halves = Counter[str]()  # what an option gets beyond the average of those left out
    everyone = (len(options) - 1) * (len(ballots) - groups.total())  # of blank ballots
    for ranking, times in groups.items():
        left_out = len(options) - len(ranking)
        average = left_out - 1 if left_out else 0
        everyone += average * times
        for place, option in enumerate(ranking, start=1):
            halves[option] += (2 * (len(options) - place) - average) * times
    return by_figures({option: Fraction(halves[option] + everyone, 2) for option in options}, terms)


BORDA = CountingMethod(
    key="borda",
    version=1,
    ballots=frozenset({BallotKind.RANKED}),
    uses=frozenset({"seats", "lots"}),
    source=(
        'Borda, "Mémoire sur les élections au scrutin", '
        "Histoire de l'Académie Royale des Sciences (1784); short ballots: "
        'Cullinan, Hsiao, Polett, "A Borda count for partially ordered ballots", '
        "Social Choice and Welfare 42 (2014)"
    ),
    promises=frozenset({"monotone", "participation", "consistency", "reversal", "condorcet_loser"}),
    count=count_borda,
)
