"""Plurality, approval, score and majority judgement beside votelib and pref_voting."""

import pytest

from tests.oracles.conftest import Ask
from tests.oracles.profiles import Profile, grades, marks, numbers, single_marks

LIBRARIES = ["votelib", "pref_voting"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_plurality_has_the_same_winners(ask: Ask, library: str) -> None:
    for profile in single_marks():
        ours = numbers(profile.count_marks("plurality").winners)

        assert ours == ask(f"plurality by {library}", profile.options, profile.ballots), profile


@pytest.mark.parametrize("library", LIBRARIES)
def test_approval_has_the_same_winners(ask: Ask, library: str) -> None:
    for profile in marks():
        ours = numbers(profile.count_marks("approval").winners)

        assert ours == ask(f"approval by {library}", profile.options, profile.ballots), profile


@pytest.mark.parametrize("library", LIBRARIES)
def test_score_has_the_same_winners(ask: Ask, library: str) -> None:
    for profile in grades():
        ours = numbers(profile.count_grades("score").winners)

        assert ours == by_grades(ask, f"score by {library}", profile), profile


def test_majority_judgement_has_winners_of_pref_voting(ask: Ask) -> None:
    """pref_voting stops at the majority gauge, and calls those equal whom it does not part.

    It compares only how many grades lie above and below the middle one; we take middle grades away
    until the options differ. So our winners are among its, and where it has one, it is ours.
    """
    finer = 0
    for profile in grades():
        ours = numbers(profile.count_grades("majority_judgement").winners)
        theirs = by_grades(ask, "majority judgement by pref_voting", profile)

        assert theirs is not None
        assert set(ours) <= set(theirs), profile
        finer += ours != theirs
    assert 0 < finer < 600  # the difference exists, and is rare


def test_majority_judgement_has_the_winners_of_votelib(ask: Ask) -> None:
    """In a tie votelib answers nothing, and it takes several middle grades away at once.

    So it steps now and then over the place where two options differ. Who is right then is said by
    the definition itself, done literally.
    """
    stepped_over = 0
    for profile in grades():
        ours = numbers(profile.count_grades("majority_judgement").winners)
        theirs = by_grades(ask, "majority judgement by votelib", profile)

        if theirs is None:
            assert len(ours) > 1 or ours == best_by_definition(profile), profile
        elif ours != theirs:
            stepped_over += 1
            assert ours == best_by_definition(profile), profile
    assert 0 < stepped_over < 300


def by_grades(ask: Ask, what: str, profile: Profile) -> list[int] | None:
    scale = list(range(profile.highest + 1))
    return ask(what, profile.options, profile.ballots, grades=scale)


def best_by_definition(profile: Profile) -> list[int]:
    """Return whose middle grades, taken away one by one, read the highest (Balinski, Laraki)."""
    values = {
        option: majority_value([dict(ballot)[option] for ballot in profile.ballots])
        for option in range(1, profile.options + 1)
    }
    return [option for option, value in values.items() if value == max(values.values())]


def majority_value(given: list[int]) -> list[int]:
    left = sorted(given)
    return [left.pop((len(left) - 1) // 2) for _ in given]
