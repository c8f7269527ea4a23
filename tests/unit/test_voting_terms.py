"""What a section says of its counting, and an outcome, both written down and read again."""

import json
from fractions import Fraction

import pytest

from deliberate.algorithms.counting import METHODS, Terms
from deliberate.algorithms.counting.ballots import read
from deliberate.algorithms.counting.method import BallotKind, Band, Denominator
from deliberate.algorithms.counting.pointing import spread_of
from deliberate.algorithms.lots import draw_order
from deliberate.voting import outcomes, terms
from deliberate.voting.models import Section


def section(**more: object) -> Section:
    return Section(no=2, kind="score", method="score", least=0, most=1, **more)


FULL = Terms(
    seats=3,
    scale=(1, 6),
    weights=(Fraction(3), Fraction(3, 2)),
    denominator=Denominator.ENTITLED,
    quorum=40,
    bands=(
        Band(key="do wykonania", least=Fraction(4, 5)),
        Band(key="do sprawdzenia", least=Fraction(13, 20)),
    ),
    entitled=56,
)


def test_terms_are_read_as_they_were_written() -> None:
    row = section(lowest=1, highest=6, terms=terms.write(FULL))

    assert terms.read(row, seed=None, options=[1, 2]) == FULL


def test_what_is_usual_is_not_written() -> None:
    assert terms.write(Terms()) == "{}"
    assert terms.read(section(terms="{}"), seed=None, options=[1]) == Terms()


def test_lots_are_drawn_over_the_options_of_the_section_from_a_seed_of_its_own() -> None:
    read = terms.read(section(terms="{}"), seed="ziarno", options=[4, 7, 9])

    assert read.lots == tuple(str(no) for no in draw_order([4, 7, 9], "ziarno/2"))
    assert terms.lots_seed("ziarno", 1) != terms.lots_seed("ziarno", 2)


BALLOTS = {
    BallotKind.SINGLE: ["[1]", "[2]", "[1]", "[]"],
    BallotKind.APPROVAL: ["[1,2]", "[2]", "[]"],
    BallotKind.KNAPSACK: ["[1,2]", "[2]", "[]"],
    BallotKind.RANKED: ["[1,2,3]", "[1,2]", "[2,3]", "[3]", "[2]"],
    BallotKind.SCORE: ["[[1,5],[2,0]]", "[[1,3],[3,4]]", "[]", "[[1,5]]"],
    BallotKind.POINTS: ["[[1,3],[2,7]]", "[[3,1]]", "[]"],
    BallotKind.QUESTIONS: ['[[1,"yes"]]', '[[1,"no"],[2,"abstain"]]', "[]"],
}


@pytest.mark.parametrize(
    ("key", "kind"),
    [(key, kind) for key, method in METHODS.items() for kind in sorted(method.ballots)],
)
def test_an_outcome_is_read_as_it_was_counted(key: str, kind: BallotKind) -> None:
    said = Terms(lots=("3", "1", "2"), weights=(Fraction(3), Fraction(3, 2)))
    ballots = [read(kind, text) for text in BALLOTS[kind]]
    counted = METHODS[key].count(["1", "2", "3"], ballots, said)
    spread = spread_of(["1", "2", "3"], ballots, said.scale) if kind is BallotKind.SCORE else {}

    data = outcomes.as_data(
        METHODS[key], counted, terms=terms.write(said), ballots=len(ballots), spread=spread
    )
    again = outcomes.from_data(json.loads(json.dumps(data)))

    assert {str(no): figure for no, figure in again.score.items()} == dict(counted.score)
    assert [{str(no) for no in place} for place in again.places] == list(counted.places)
    assert [str(no) for no in again.elected] == list(counted.elected)
    assert {str(no) for no in again.drawn} == counted.drawn
    assert (again.method, again.version, again.ballots) == (key, 1, len(ballots))
    assert [step["step"] for step in again.rounds] == [step.step for step in counted.rounds]
    assert [step.get("taken", 0) for step in again.rounds] == [s.taken for s in counted.rounds]
    assert {str(no): v["yes"] for no, v in again.verdicts.items()} == {
        question: verdict.yes for question, verdict in counted.verdicts.items()
    }
    for own in again.spread.values():
        assert sum(own.values()) == len(ballots)
