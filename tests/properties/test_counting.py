"""What every method in the registry keeps, whatever the votes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms.counting import METHODS, BallotKind, CountingMethod

OPTIONS = ("a", "b", "c", "d")
# A new kind of ballot brings its strategy here; a method without one fails.
BALLOTS = {BallotKind.APPROVAL: st.frozensets(st.sampled_from(OPTIONS))}

each_method = pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.key)


@each_method
@given(data=st.data())
def test_the_order_of_voters_and_of_options_decides_nothing(
    method: CountingMethod, data: st.DataObject
) -> None:
    # Few voters, so that ties are common.
    ballots = data.draw(st.lists(BALLOTS[method.ballots], max_size=8))
    chance = random.Random(data.draw(st.integers()))  # noqa: S311 - repeatable, nothing secret
    options = chance.sample(OPTIONS, k=len(OPTIONS))
    shuffled = chance.sample(ballots, k=len(ballots))

    assert method.count(options, shuffled) == method.count(OPTIONS, ballots)


@each_method
@given(data=st.data())
def test_the_winners_are_exactly_the_options_with_the_best_score(
    method: CountingMethod, data: st.DataObject
) -> None:
    outcome = method.count(OPTIONS, data.draw(st.lists(BALLOTS[method.ballots], max_size=8)))

    best = max(outcome.score.values())
    assert outcome.score.keys() == set(OPTIONS)
    assert outcome.winners == {option for option in OPTIONS if outcome.score[option] == best}


@each_method
def test_without_ballots_all_options_tie(method: CountingMethod) -> None:
    assert method.count(OPTIONS, []).winners == set(OPTIONS)


@each_method
@given(data=st.data())
def test_a_ballot_for_a_stranger_is_refused_by_name(
    method: CountingMethod, data: st.DataObject
) -> None:
    ballots = data.draw(st.lists(BALLOTS[method.ballots], max_size=3))
    stray = data.draw(BALLOTS[method.ballots].filter(lambda ballot: "d" in ballot))

    with pytest.raises(ValueError, match="'d'"):
        method.count(OPTIONS[:-1], [*ballots, stray])
