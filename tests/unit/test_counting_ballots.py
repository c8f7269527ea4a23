"""The one text of a ballot: equal choices are equal bytes, and nothing else is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.algorithms.counting.ballots import Ballot, read, write
from deliberate.algorithms.counting.method import Answer, BallotKind

KEYS = st.integers(1, 30).map(str)
MARKS = st.frozensets(KEYS)
BALLOTS = {
    BallotKind.SINGLE: st.frozensets(KEYS, max_size=1),
    BallotKind.APPROVAL: MARKS,
    BallotKind.KNAPSACK: MARKS,
    BallotKind.RANKED: st.lists(KEYS, unique=True).map(tuple),
    BallotKind.SCORE: st.dictionaries(KEYS, st.integers(-3, 10)).map(
        lambda given: frozenset(given.items())
    ),
    BallotKind.POINTS: st.dictionaries(KEYS, st.integers(1, 10)).map(
        lambda given: frozenset(given.items())
    ),
    BallotKind.QUESTIONS: st.dictionaries(KEYS, st.sampled_from(list(Answer))).map(
        lambda given: frozenset(given.items())
    ),
}


@pytest.mark.parametrize(
    ("kind", "ballot", "text"),
    [
        (BallotKind.SINGLE, frozenset({"7"}), "[7]"),
        (BallotKind.SINGLE, frozenset(), "[]"),
        (BallotKind.APPROVAL, frozenset({"10", "2", "5"}), "[2,5,10]"),
        (BallotKind.KNAPSACK, frozenset({"3"}), "[3]"),
        (BallotKind.RANKED, ("5", "2"), "[5,2]"),
        (BallotKind.SCORE, frozenset({("5", 1), ("2", 0)}), "[[2,0],[5,1]]"),
        (BallotKind.SCORE, frozenset({("2", -1)}), "[[2,-1]]"),
        (BallotKind.POINTS, frozenset({("5", 1), ("2", 3)}), "[[2,3],[5,1]]"),
        (
            BallotKind.QUESTIONS,
            frozenset({("2", Answer.ABSTAIN), ("1", Answer.YES)}),
            '[[1,"yes"],[2,"abstain"]]',
        ),
    ],
)
def test_each_kind_has_its_text(kind: BallotKind, ballot: Ballot, text: str) -> None:
    assert write(kind, ballot) == text
    assert read(kind, text) == ballot


def test_no_points_are_not_written_but_a_score_of_0_is() -> None:
    ballot = frozenset({("1", 0), ("2", 4)})

    assert write(BallotKind.POINTS, ballot) == "[[2,4]]"
    assert write(BallotKind.SCORE, ballot) == "[[1,0],[2,4]]"


@pytest.mark.parametrize("kind", BallotKind)
@settings(deadline=None)  # the machine may be busy
@given(data=st.data())
def test_what_is_written_is_read_as_it_was(kind: BallotKind, data: st.DataObject) -> None:
    ballot = data.draw(BALLOTS[kind])

    assert read(kind, write(kind, ballot)) == ballot


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (BallotKind.APPROVAL, "[5,2]"),  # another order
        (BallotKind.APPROVAL, "[2, 5]"),
        (BallotKind.APPROVAL, "[2,5] "),
        (BallotKind.APPROVAL, "[2,2]"),
        (BallotKind.APPROVAL, "[02]"),
        (BallotKind.APPROVAL, "[0]"),
        (BallotKind.APPROVAL, "[-1]"),
        (BallotKind.APPROVAL, "[2.0]"),
        (BallotKind.APPROVAL, "[1e0]"),
        (BallotKind.APPROVAL, "[true]"),
        (BallotKind.APPROVAL, '["2"]'),
        (BallotKind.APPROVAL, "[NaN]"),
        (BallotKind.APPROVAL, "[1234567890]"),
        (BallotKind.APPROVAL, "[" + "9" * 5000 + "]"),
        (BallotKind.APPROVAL, "[" * 100_000),
        (BallotKind.APPROVAL, "[[2]]"),
        (BallotKind.APPROVAL, '{"2":1}'),
        (BallotKind.APPROVAL, "2"),
        (BallotKind.APPROVAL, "null"),
        (BallotKind.APPROVAL, ""),
        (BallotKind.APPROVAL, "[2,"),
        (BallotKind.SINGLE, "[1,2]"),
        (BallotKind.RANKED, "[2,5,2]"),
        (BallotKind.RANKED, "[[2,1]]"),
        (BallotKind.POINTS, "[[2,0]]"),
        (BallotKind.POINTS, "[[2,-1]]"),
        (BallotKind.POINTS, "[[2,1.5]]"),
        (BallotKind.POINTS, "[[2,true]]"),
        (BallotKind.POINTS, "[[5,1],[2,1]]"),
        (BallotKind.POINTS, "[[2,1],[2,3]]"),
        (BallotKind.POINTS, "[[2]]"),
        (BallotKind.POINTS, "[[2,1,1]]"),
        (BallotKind.POINTS, "[2]"),
        (BallotKind.SCORE, "[[2,-0]]"),
        (BallotKind.SCORE, "[[2,null]]"),
        (BallotKind.QUESTIONS, '[[1,"maybe"]]'),
        (BallotKind.QUESTIONS, '[[1,"YES"]]'),
        (BallotKind.QUESTIONS, '[[1,"\\u0079es"]]'),
        (BallotKind.QUESTIONS, '[[1,"yes"],[1,"no"]]'),
        (BallotKind.QUESTIONS, "[[1,true]]"),
        (BallotKind.QUESTIONS, "[[1,[]]]"),
    ],
)
def test_any_other_text_is_refused(kind: BallotKind, text: str) -> None:
    with pytest.raises(ValueError, match=rf"\({kind}\)"):
        read(kind, text)


@pytest.mark.parametrize(
    ("kind", "ballot", "says"),
    [
        (BallotKind.APPROVAL, frozenset({"a"}), r"\['a'\]"),
        (BallotKind.APPROVAL, frozenset({"02"}), r"\['02'\]"),
        (BallotKind.APPROVAL, frozenset({"٣"}), "numbers from 1"),  # a digit, but not one of ours
        (BallotKind.SINGLE, frozenset({"1", "2"}), r"\[1, 2\]"),
        (BallotKind.RANKED, ("2", "1", "2"), r"\['1', '2', '2'\]"),
        (BallotKind.POINTS, frozenset({("1", -2)}), r"\[-2\]"),
        (BallotKind.POINTS, frozenset({("1", True)}), r"\[True\]"),
        (BallotKind.SCORE, frozenset({("1", 0.5)}), r"\[0.5\]"),
        (BallotKind.SCORE, frozenset({("1", 1), ("1", 2)}), r"\['1', '1'\]"),
        (BallotKind.QUESTIONS, frozenset({("1", "maybe")}), "maybe"),
    ],
)
def test_a_ballot_that_cannot_be_is_not_written(
    kind: BallotKind, ballot: Ballot, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        write(kind, ballot)
