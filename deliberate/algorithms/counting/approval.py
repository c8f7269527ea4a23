"""Approval: each voter marks as many options as they like, each mark counts one."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType

from deliberate.algorithms.counting.method import BallotKind, CountingMethod, Outcome


def count_approval(options: Sequence[str], ballots: Sequence[frozenset[str]]) -> Outcome:
    """Count how many voters approve of each option.

    options: m ≥ 1 distinct keys, in the order of the ballot paper (the order decides nothing).
    ballots: n sets of keys from ``options``; an empty set is a valid, blank ballot.
    Score: voters approving, a whole number from 0 to n. No ballots: everyone ties at 0.
    Raises ValueError if there are no options, if one stands twice, or if a ballot names something
    that is no option.
    Source: Brams, Fishburn, "Approval Voting", American Political Science Review 72 (1978).
    """
    if not options:
        raise ValueError("A vote without options has no outcome")
    if twice := sorted(option for option, n in Counter(options).items() if n > 1):
        raise ValueError(f"Options named twice: {twice}")
    tally = Counter(option for ballot in ballots for option in ballot)
    if strangers := sorted(tally.keys() - set(options)):
        raise ValueError(f"Not options of this vote: {strangers}")

    score = {option: Fraction(tally[option]) for option in options}
    best = max(score.values())
    winners = frozenset(option for option in options if score[option] == best)
    return Outcome(MappingProxyType(score), winners)


APPROVAL = CountingMethod(
    key="approval",
    version=1,
    ballots=BallotKind.APPROVAL,
    source='Brams, Fishburn, "Approval Voting", American Political Science Review 72 (1978)',
    count=count_approval,
)
