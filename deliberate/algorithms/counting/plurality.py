"""Plurality: each voter marks one option; the most marks win."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from deliberate.algorithms.counting.concluding import by_figures
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Marks,
    Outcome,
    Terms,
)
from deliberate.algorithms.counting.places import check_known, check_options


def count_plurality(options: Sequence[str], ballots: Sequence[Marks], terms: Terms) -> Outcome:
    """Count how many voters marked each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of one key or none; none is a valid, blank ballot.
    Score: voters who marked it, a whole number from 0 to n. No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, if a ballot marks two options
    or something that is no option, and for seats or lots that cannot be.
    Source: Richelson, "A characterization result for the plurality rule", Journal of Economic
    Theory 19 (1978).
    """
    check_options(options)
    groups = Counter(ballots)
    if several := [sorted(ballot, key=repr) for ballot in groups if len(ballot) > 1]:
        raise ValueError(f"More than one mark on a ballot: {min(several, key=repr)}")
    votes = Counter({mark: number for ballot, number in groups.items() for mark in ballot})
    check_known(votes, options)
    return by_figures({option: Fraction(votes[option]) for option in options}, terms)


PLURALITY = CountingMethod(
    key="plurality",
    version=1,
    ballots=frozenset({BallotKind.SINGLE}),
    uses=frozenset({"seats", "lots"}),
    source=(
        'Richelson, "A characterization result for the plurality rule", '
        "Journal of Economic Theory 19 (1978)"
    ),
    promises=frozenset({"monotone", "participation", "consistency", "majority"}),
    count=count_plurality,
)
