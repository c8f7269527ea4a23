"""Points: each voter hands out a sum of points; the most points win (cumulative voting)."""

from collections.abc import Sequence
from fractions import Fraction

from deliberate.algorithms.counting.concluding import by_figures
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Outcome,
    Points,
    Terms,
)
from deliberate.algorithms.counting.pointing import tally_points


def count_points(options: Sequence[str], ballots: Sequence[Points], terms: Terms) -> Outcome:
    """Add up the points of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of (option, points), an option at most once; an option left out has none. How
    many points a voter has, and whether some may stay unspent, is the ballot paper's business.
    Score: the sum, a whole number from 0. No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, among the options or on a
    ballot, if a ballot names something that is no option or gives anything but a whole number
    from 0, and for seats or lots that cannot be.
    Source: Glasser, "Game theory and cumulative voting for corporate directors", Management
    Science 5 (1959).
    """
    tally = tally_points(options, ballots, least=0, most=None)
    sums = {
        option: Fraction(sum(number * times for number, times in tally[option].items()))
        for option in options
    }
    return by_figures(sums, terms)


POINTS = CountingMethod(
    key="points",
    version=1,
    ballots=frozenset({BallotKind.POINTS}),
    uses=frozenset({"seats", "lots"}),
    source=(
        'Glasser, "Game theory and cumulative voting for corporate directors", '
        "Management Science 5 (1959)"
    ),
    promises=frozenset({"monotone", "participation", "consistency"}),
    count=count_points,
)
