"""What votelib and pref_voting say of a profile: a line of JSON in, a line of JSON out.

Runs in the environment of the oracles (requirements/oracles.txt), never in ours. Options are the
numbers from 1: an oracle takes option 0 for "nobody" in one place (``stv_scottish``).

A question: {"ask": "schulze by votelib", "options": 4, "ballots": […], "seats": 1, "lots": […]}.
Rankings are lists of options, the most wanted first; marks are lists of options; grades are lists
of [option, grade] with a grade for each. The answer is a list of options, or null where the oracle
gives up because it finds a tie.
"""

import json
import sys
from collections import Counter
from functools import cache
from types import ModuleType


def rankings(question):
    return Counter(tuple(ballot) for ballot in question["ballots"])


@cache
def pref_voting() -> ModuleType:
    """Import what takes seconds only when it is asked for."""
    import pref_voting.grade_methods
    import pref_voting.grade_profiles
    import pref_voting.iterative_methods
    import pref_voting.margin_based_methods
    import pref_voting.profiles_with_ties
    import pref_voting.proportional_methods
    import pref_voting.scoring_methods

    return pref_voting


def ranked_profile(question):
    """Give a profile in which options left out stand below all that are named."""
    groups = rankings(question)
    profile = pref_voting().profiles_with_ties.ProfileWithTies(
        [{option: place for place, option in enumerate(ranking)} for ranking in groups],
        list(groups.values()),
        candidates=list(range(1, question["options"] + 1)),
    )
    profile.use_extended_strict_preference()
    return profile


def graded_profile(question, grades):
    return pref_voting().grade_profiles.GradeProfile(
        [dict(ballot) for ballot in question["ballots"]],
        grades,
        candidates=list(range(1, question["options"] + 1)),
    )


def plurality_by_pref_voting(question):
    return pref_voting().scoring_methods.plurality(ranked_profile(question))


def borda_by_pref_voting(question):
    return pref_voting().scoring_methods.borda_for_profile_with_ties(ranked_profile(question))


def approval_by_pref_voting(question):
    marked = [[[option, 1] for option in ballot] for ballot in question["ballots"]]
    profile = graded_profile(question | {"ballots": marked}, [0, 1])
    return pref_voting().grade_methods.approval(profile)


def score_by_pref_voting(question):
    profile = graded_profile(question, question["grades"])
    return pref_voting().grade_methods.score_voting(profile)


def majority_judgement_by_pref_voting(question):
    profile = graded_profile(question, question["grades"])
    return pref_voting().grade_methods.majority_judgement(profile)


def irv_by_pref_voting(question):
    """All who can win by some lots ("parallel universes")."""
    return pref_voting().iterative_methods.instant_runoff_put(ranked_profile(question))


def schulze_by_pref_voting(question):
    profile = ranked_profile(question)
    return pref_voting().margin_based_methods.beat_path(profile, strength_function=profile.support)


def schulze_defeats_by_pref_voting(question):
    """How many options defeat each one, in the order of the options."""
    profile = ranked_profile(question)
    defeats = pref_voting().margin_based_methods.beat_path_defeat(
        profile, strength_function=profile.support
    )
    return [defeats.in_degree(option) for option in profile.candidates]


def stv_by_pref_voting(question):
    profile = ranked_profile(question)
    methods = pref_voting().proportional_methods
    return methods.stv_scottish(profile, num_seats=question["seats"], rng=Lots(question["lots"]))


class Lots:
    """Our lots in the shape of a source of chance."""

    def __init__(self, drawn):
        self.drawn = drawn

    def choice(self, equals):
        # Whom it asks about is only to be seen from outside: of those elected already, whose
        # surplus goes first (the one drawn earliest); of others, who leaves (the one drawn latest).
        elected = sys._getframe(1).f_locals["winners"]
        pick = min if set(equals) <= set(elected) else max
        return pick(equals, key=self.drawn.index)


def best(votes, seats=1):
    """Give whom votelib elects, all of them where some tie."""
    from votelib.evaluate.core import Tie

    chosen = []
    for one in votes:
        chosen += one if isinstance(one, Tie) else [one]
    return sorted(set(chosen))


def plurality_by_votelib(question):
    from votelib.convert import RankedToFirstPreference
    from votelib.evaluate.core import Plurality

    return best(Plurality().evaluate(RankedToFirstPreference().convert(rankings(question)), 1))


def approval_by_votelib(question):
    from votelib.convert import ApprovalToSimpleVotes
    from votelib.evaluate.core import Plurality

    marked = Counter(frozenset(ballot) for ballot in question["ballots"])
    return best(Plurality().evaluate(ApprovalToSimpleVotes().convert(marked), 1))


def borda_by_votelib(question):
    from votelib.component.rankscore import Borda
    from votelib.convert import RankedToPositionalVotes
    from votelib.evaluate.core import Plurality

    scorer = Borda(base=0)
    scorer.set_n_candidates(question["options"])
    return best(
        Plurality().evaluate(RankedToPositionalVotes(scorer).convert(rankings(question)), 1)
    )


def _graded(question):
    return Counter(frozenset(map(tuple, ballot)) for ballot in question["ballots"])


def score_by_votelib(question):
    from votelib.evaluate.cardinal import ScoreVoting

    return best(ScoreVoting("sum").evaluate(_graded(question), 1))


def majority_judgement_by_votelib(question):
    from votelib.evaluate.cardinal import MajorityJudgment
    from votelib.evaluate.core import VotingSystemError

    try:
        return best(MajorityJudgment().evaluate(_graded(question), 1))
    except VotingSystemError:  # "cannot determine clear cutoff"
        return None


def irv_by_votelib(question):
    from votelib.evaluate.sequential import TransferableVoteSelector

    try:
        return best(TransferableVoteSelector().evaluate(rankings(question), 1))
    except NotImplementedError:  # "tie in STV elimination"
        return None


def schulze_by_votelib(question):
    from votelib.convert import RankedToCondorcetVotes
    from votelib.evaluate.condorcet import Schulze

    return best(Schulze().evaluate(RankedToCondorcetVotes().convert(rankings(question)), 1))


ANSWERS = {
    name.replace("_", " ").replace("pref voting", "pref_voting"): answer
    for name, answer in list(globals().items())
    if "_by_" in name
}


def main():
    for line in sys.stdin:
        question = json.loads(line)
        answer = ANSWERS[question["ask"]](question)
        said = None if answer is None else [int(option) for option in answer]
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
