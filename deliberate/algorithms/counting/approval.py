"""Approval: each voter marks as many options as they like, each mark counts one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain

from deliberate.algorithms.counting.concluding import by_figures
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    Marks,
    Outcome,
    Terms,
)
from deliberate.algorithms.counting.places import check_known, check_options


def count_approval(options: Sequence[str], ballots: Iterable[Marks], terms: Terms) -> Outcome:
    """Count how many voters approve of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of keys from ``options``; an empty set is a valid, blank ballot. They are read
    once and not kept, so that they may come from a generator. What marked options cost together is
    the ballot paper's business, not the count's.
    Score: voters approving, a whole number from 0 to n. No ballots: everyone ties at 0.
    Ties: equal places; ``terms.lots`` decide only about a seat.
    Raises ValueError if there are no options, if one stands twice, if a ballot names something
    that is no option, and for seats or lots that cannot be.
    Source: Brams, Fishburn, "Approval Voting", American Political Science Review 72 (1978).
    """
    check_options(options)
    votes = Counter(chain.from_iterable(ballots))
    check_known(votes, options)
    return by_figures({option: Fraction(votes[option]) for option in options}, terms)


APPROVAL = CountingMethod(
    key="approval",
    version=1,
    ballots=frozenset({BallotKind.APPROVAL, BallotKind.KNAPSACK}),
    uses=frozenset({"seats", "lots"}),
    source='Brams, Fishburn, "Approval Voting", American Political Science Review 72 (1978)',
    promises=frozenset({"monotone", "participation", "consistency", "reversal"}),
    count=count_approval,
)
