"""Rankings, checked and grouped, so that equal ballots are worked through once."""

from collections import Counter
from collections.abc import Sequence

from deliberate.algorithms.counting.method import Ranking
from deliberate.algorithms.counting.places import check_known, check_options


def group(options: Sequence[str], ballots: Sequence[Ranking]) -> Counter[Ranking]:
    """Return each ranking with the number of ballots that are equal to it, without blank ones.

    Raises ValueError, naming what is wrong: no options or one twice, something that is no option,
    an option twice in a ranking.
    """
    check_options(options)
    groups = Counter(ballots)
    check_known((option for ranking in groups for option in ranking), options)
    if twice := {
        option
        for ranking in groups
        if len(set(ranking)) < len(ranking)
        for option, times in Counter(ranking).items()
        if times > 1
    }:
        raise ValueError(f"Options ranked twice on a ballot: {sorted(twice)}")
    del groups[()]
    return groups
