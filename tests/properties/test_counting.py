"""What every method in the registry keeps, whatever the votes, and what single ones promise."""

import random
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deliberate.algorithms.counting import METHODS, BallotKind, CountingMethod, Outcome, Terms
from deliberate.algorithms.counting.method import Answer, Band

Ballot = Any  # of the kind in hand

patient = settings(deadline=None)  # the machine may be busy

OPTIONS = ("a", "b", "c", "d")
LOWEST, HIGHEST = SCALE = (-1, 3)


def terms(lots: Iterable[str] = OPTIONS, seats: int = 1) -> Terms:
    """Give terms under which every method can count."""
    return Terms(
        seats=seats,
        lots=tuple(lots),
        scale=SCALE,
        weights=(Fraction(5), Fraction(7, 2), Fraction(1)),
        quorum=2,
        bands=(Band(key="all", least=Fraction(4, 5)), Band(key="half", least=Fraction(1, 2))),
    )


MARKS = st.frozensets(st.sampled_from(OPTIONS))
RANKINGS = st.lists(st.sampled_from(OPTIONS), unique=True).map(tuple)
WHOLE_RANKINGS = st.permutations(OPTIONS).map(tuple)
# A new kind of ballot brings its strategy here; a method without one fails.
BALLOTS: Mapping[BallotKind, st.SearchStrategy[Ballot]] = {
    BallotKind.SINGLE: st.frozensets(st.sampled_from(OPTIONS), max_size=1),
    BallotKind.APPROVAL: MARKS,
    BallotKind.KNAPSACK: MARKS,
    BallotKind.RANKED: RANKINGS,
    BallotKind.SCORE: st.dictionaries(st.sampled_from(OPTIONS), st.integers(*SCALE)).map(
        lambda given: frozenset(given.items())
    ),
    BallotKind.POINTS: st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 3)).map(
        lambda given: frozenset(given.items())
    ),
    BallotKind.QUESTIONS: st.dictionaries(
        st.sampled_from(OPTIONS), st.sampled_from(list(Answer))
    ).map(lambda given: frozenset(given.items())),
}
POINTED = {BallotKind.SCORE, BallotKind.POINTS, BallotKind.QUESTIONS}

PAIRS = [(method, kind) for method in METHODS.values() for kind in sorted(method.ballots)]
each_method = pytest.mark.parametrize(
    ("method", "kind"), PAIRS, ids=[f"{method.key}-{kind}" for method, kind in PAIRS]
)


def promised(name: str) -> pytest.MarkDecorator:
    chosen = [(method, kind) for method, kind in PAIRS if name in method.promises]
    return pytest.mark.parametrize(
        ("method", "kind"), chosen, ids=[f"{method.key}-{kind}" for method, kind in chosen]
    )


def several(kind: BallotKind, *, least: int = 0) -> st.SearchStrategy[list[Ballot]]:
    """Give few ballots, so that ties are common."""
    return st.lists(BALLOTS[kind], min_size=least, max_size=8)


def named(kind: BallotKind, ballot: Ballot) -> set[str]:
    return {option for option, _ in ballot} if kind in POINTED else set(ballot)


def renamed(kind: BallotKind, ballot: Ballot, names: Mapping[str, str]) -> Ballot:
    if kind in POINTED:
        return frozenset((names[option], given) for option, given in ballot)
    return type(ballot)(names[option] for option in ballot)


def winners(method: CountingMethod, ballots: list[Ballot]) -> frozenset[str]:
    return method.count(OPTIONS, ballots, terms()).winners


# What every method keeps.


@each_method
@patient
@given(data=st.data())
def test_the_order_of_voters_and_of_options_decides_nothing(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind))
    chance = random.Random(data.draw(st.integers()))  # noqa: S311 - repeatable, nothing secret
    options = chance.sample(OPTIONS, k=len(OPTIONS))
    shuffled = chance.sample(ballots, k=len(ballots))

    assert method.count(options, shuffled, terms()) == method.count(OPTIONS, ballots, terms())


@each_method
@patient
@given(data=st.data())
def test_names_decide_nothing(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots, lots = data.draw(several(kind)), data.draw(WHOLE_RANKINGS)
    names = dict(zip(OPTIONS, data.draw(WHOLE_RANKINGS), strict=True))

    before = method.count(OPTIONS, ballots, terms(lots))
    after = method.count(
        OPTIONS,
        [renamed(kind, ballot, names) for ballot in ballots],
        terms(names[option] for option in lots),
    )

    assert after.score == {names[option]: figure for option, figure in before.score.items()}
    assert [set(place) for place in after.places] == [
        {names[option] for option in place} for place in before.places
    ]
    assert after.elected == tuple(names[option] for option in before.elected)
    assert after.drawn == {names[option] for option in before.drawn}


@each_method
@patient
@given(data=st.data())
def test_places_hold_every_option_once_in_the_order_of_the_score(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    outcome = method.count(OPTIONS, data.draw(several(kind)), terms())

    assert sorted(option for place in outcome.places for option in place) == list(OPTIONS)
    assert outcome.score.keys() == set(OPTIONS)
    assert all(isinstance(figure, Fraction) for figure in outcome.score.values())
    in_order = [outcome.score[option] for place in outcome.places for option in place]
    assert in_order == sorted(in_order, reverse=True)
    assert outcome.winners == outcome.places[0]


@each_method
@patient
@given(data=st.data(), seats=st.integers(1, 5))
def test_seats_are_filled_from_the_best_place_downwards(
    method: CountingMethod, kind: BallotKind, data: st.DataObject, seats: int
) -> None:
    own = seats if "seats" in method.uses else 1
    outcome = method.count(OPTIONS, data.draw(several(kind)), terms(seats=own))

    if "lots" not in method.uses:
        assert outcome.elected == ()
        return
    assert len(set(outcome.elected)) == len(outcome.elected) == min(own, len(OPTIONS))
    place = {option: no for no, equals in enumerate(outcome.places) for option in equals}
    assert [place[option] for option in outcome.elected] == sorted(place.values())[:own]


@each_method
def test_without_ballots_all_options_tie(method: CountingMethod, kind: BallotKind) -> None:
    assert winners(method, []) == set(OPTIONS)


@each_method
@patient
@given(data=st.data())
def test_a_ballot_for_a_stranger_is_refused_by_name(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind))
    stray = data.draw(BALLOTS[kind].filter(lambda ballot: "d" in named(kind, ballot)))

    with pytest.raises(ValueError, match="'d'"):
        method.count(OPTIONS[:-1], [*ballots, stray], terms(OPTIONS[:-1]))


@each_method
@pytest.mark.parametrize("lots", [("a",), ("a", "b", "c", "x"), ("a", "a", "b", "c", "d")])
def test_lots_of_other_options_are_refused(
    method: CountingMethod, kind: BallotKind, lots: tuple[str, ...]
) -> None:
    if "lots" not in method.uses:
        assert method.count(OPTIONS, [], terms(lots)).drawn == frozenset()
        return
    with pytest.raises(ValueError, match="lots"):
        method.count(OPTIONS, [], terms(lots))


@each_method
def test_no_options_and_the_same_option_twice_are_refused(
    method: CountingMethod, kind: BallotKind
) -> None:
    with pytest.raises(ValueError, match="without options"):
        method.count([], [], terms(()))
    with pytest.raises(ValueError, match=r"twice: \['a'\]"):
        method.count(["a", "b", "a"], [], terms(()))


# What single methods promise. A promise without a test here or there fails.

TESTED_HERE = {
    "monotone",
    "participation",
    "consistency",
    "reversal",
    "majority",
    "condorcet",
    "condorcet_loser",
}
TESTED_WITH_ROUNDS = {"clones"}  # test_counting_rounds.py


def test_every_promise_is_held_to() -> None:
    given_ = {promise for method in METHODS.values() for promise in method.promises}

    assert given_ <= TESTED_HERE | TESTED_WITH_ROUNDS


def raised(kind: BallotKind, ballot: Ballot, option: str) -> Ballot:
    """Return the ballot with one option a little better, and no other one."""
    if kind is BallotKind.SINGLE:
        return frozenset({option})
    if kind in {BallotKind.APPROVAL, BallotKind.KNAPSACK}:
        return ballot | {option}
    if kind is BallotKind.RANKED:
        if option not in ballot:
            return (*ballot, option)
        at = max(ballot.index(option) - 1, 0)
        others = [other for other in ballot if other != option]
        return (*others[:at], option, *others[at:])
    answers = dict(ballot)
    if kind is BallotKind.QUESTIONS:
        answers[option] = Answer.YES
    elif kind is BallotKind.SCORE:
        answers[option] = min(answers.get(option, LOWEST) + 1, HIGHEST)
    else:
        answers[option] = answers.get(option, 0) + 1
    return frozenset(answers.items())


@promised("monotone")
@patient
@given(data=st.data())
def test_a_winner_who_is_raised_on_a_ballot_still_wins(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind, least=1))
    winner = data.draw(st.sampled_from(sorted(winners(method, ballots))))
    at = data.draw(st.integers(0, len(ballots) - 1))

    ballots[at] = raised(kind, ballots[at], winner)

    assert winner in winners(method, ballots)


def favouring(kind: BallotKind, ballot: Ballot, option: str) -> Ballot:
    """Return the ballot with one option before all others, or equal to the best."""
    if kind is BallotKind.SINGLE:
        return frozenset({option})
    if kind in {BallotKind.APPROVAL, BallotKind.KNAPSACK}:
        return ballot | {option}
    if kind is BallotKind.RANKED:
        return (option, *(other for other in ballot if other != option))
    return frozenset((dict(ballot) | {option: HIGHEST}).items())


@promised("participation")
@patient
@given(data=st.data())
def test_who_wins_still_wins_when_somebody_who_wants_it_most_takes_part(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind))
    winner = data.draw(st.sampled_from(sorted(winners(method, ballots))))

    ballots.append(favouring(kind, data.draw(BALLOTS[kind]), winner))

    assert winner in winners(method, ballots)


@promised("consistency")
@patient
@given(data=st.data())
def test_who_wins_in_both_halves_wins_in_the_whole(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    one, other = data.draw(several(kind)), data.draw(several(kind))
    in_both = winners(method, one) & winners(method, other)
    assume(in_both)

    assert winners(method, one + other) == in_both


def reversed_(kind: BallotKind, ballot: Ballot) -> Ballot:
    if kind in {BallotKind.APPROVAL, BallotKind.KNAPSACK}:
        return frozenset(OPTIONS) - ballot
    if kind is BallotKind.RANKED:
        return ballot[::-1]
    scores = dict.fromkeys(OPTIONS, LOWEST) | dict(ballot)
    return frozenset((option, LOWEST + HIGHEST - score) for option, score in scores.items())


@promised("reversal")
@patient
@given(data=st.data())
def test_who_alone_is_best_is_not_best_when_all_mean_the_opposite(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    one = WHOLE_RANKINGS if kind is BallotKind.RANKED else BALLOTS[kind]
    ballots = data.draw(st.lists(one, min_size=1, max_size=8))
    best = winners(method, ballots)
    assume(len(best) == 1)

    assert not best & winners(method, [reversed_(kind, ballot) for ballot in ballots])


@promised("majority")
@patient
@given(data=st.data())
def test_the_first_choice_of_more_than_half_wins(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    others = [ballot for ballot in data.draw(several(kind)) if ballot]
    fans = data.draw(st.lists(BALLOTS[kind], min_size=len(others) + 1, max_size=len(others) + 2))
    ballots = [*others, *(favouring(kind, ballot, "c") for ballot in fans)]

    assert winners(method, ballots) == {"c"}


def beaten(ballots: list[tuple[str, ...]]) -> set[tuple[str, str]]:
    """Return the pairs of which more voters want the first than the second."""

    def height(ballot: tuple[str, ...], option: str) -> int:
        return len(OPTIONS) - ballot.index(option) if option in ballot else 0

    return {
        (one, other)
        for one, other in product(OPTIONS, repeat=2)
        if sum(height(b, one) > height(b, other) for b in ballots)
        > sum(height(b, other) > height(b, one) for b in ballots)
    }


def singled_out(
    ballots: list[Ballot], against: Callable[[str, str], tuple[str, str]]
) -> str | None:
    pairs = beaten(ballots)
    found = [
        option
        for option in OPTIONS
        if all(against(option, other) in pairs for other in OPTIONS if other != option)
    ]
    return found[0] if found else None


@promised("condorcet")
@patient
@given(data=st.data())
def test_who_beats_each_other_one_wins(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind))
    best = singled_out(ballots, lambda one, other: (one, other))
    assume(best)

    assert winners(method, ballots) == {best}


@promised("condorcet_loser")
@patient
@given(data=st.data())
def test_who_is_beaten_by_each_other_one_does_not_win(
    method: CountingMethod, kind: BallotKind, data: st.DataObject
) -> None:
    ballots = data.draw(several(kind))
    worst = singled_out(ballots, lambda one, other: (other, one))
    assume(worst)

    assert worst not in winners(method, ballots)


# Majority judgement by its definition: lists, one grade taken away at a time.


def majority_value(grades: list[int]) -> list[int]:
    left, value = sorted(grades), []
    while left:
        value.append(left.pop((len(left) - 1) // 2))
    return value


@patient
@given(several(BallotKind.SCORE) | st.lists(BALLOTS[BallotKind.SCORE], min_size=9, max_size=24))
def test_majority_judgement_is_its_definition(ballots: list[Ballot]) -> None:
    values = {
        option: majority_value([dict(ballot).get(option, LOWEST) for ballot in ballots])
        for option in OPTIONS
    }

    outcome = METHODS["majority_judgement"].count(OPTIONS, ballots, terms())

    in_order = sorted({tuple(value) for value in values.values()}, reverse=True)
    assert outcome.places == tuple(
        frozenset(option for option in OPTIONS if tuple(values[option]) == value)
        for value in in_order
    )
    assert outcome.score == {
        option: value[0] if value else LOWEST for option, value in values.items()
    }
    assert_rounds_lead_to(outcome, values)


def assert_rounds_lead_to(outcome: Outcome, values: Mapping[str, list[int]]) -> None:
    """Check each comparison: alike before so many are taken away, different then."""
    for step in outcome.rounds:
        if step.step != "compared":
            continue
        before = {tuple(values[option][: step.taken]) for option in step.among}
        assert len(before) == 1
        assert step.figures == {option: values[option][step.taken] for option in step.among}
        best = max(step.figures.values())
        assert set(step.options) == {o for o, grade in step.figures.items() if grade == best}
        assert len(step.options) < len(step.among)
