"""Score: each voter judges each option on one scale; the largest sum wins (range voting)."""

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
from deliberate.algorithms.counting.pointing import check_scale, tally_points


def count_score(options: Sequence[str], ballots: Sequence[Points], terms: Terms) -> Outcome:
    """Add up the scores of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of (option, score), an option at most once, the score within ``terms.scale``.
    An option that a ballot leaves out gets the lowest score there is: who is unknown to many does
    not win by the praise of a few.
    Score: the sum, a whole number from n·lowest to n·highest. No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, among the options or on a
    ballot, if a ballot names something that is no option or gives anything but a whole number of
    the scale, and for a scale, seats or lots that cannot be.
    Source: Macé, "Voting with evaluations: Characterizations of evaluative voting and range
    voting", Journal of Mathematical Economics 79 (2018).
    """
    check_scale(terms.scale)
    lowest, highest = terms.scale
    tally = tally_points(options, ballots, least=lowest, most=highest)
    sums = {
        option: Fraction(
            sum(number * times for number, times in tally[option].items())
            + lowest * (len(ballots) - tally[option].total())
        )
        for option in options
    }
    return by_figures(sums, terms)


SCORE = CountingMethod(
    key="score",
    version=1,
    ballots=frozenset({BallotKind.SCORE}),
    uses=frozenset({"seats", "lots", "scale"}),
    source=(
        'Macé, "Voting with evaluations: Characterizations of evaluative voting and range voting", '
        "Journal of Mathematical Economics 79 (2018)"
    ),
    promises=frozenset({"monotone", "participation", "consistency", "reversal"}),
    count=count_score,
)
