"""What a ballot of each kind may hold, and in which sections a voter votes: tables."""

from dataclasses import replace

import pytest

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import Ballot, write
from deliberate.algorithms.counting.method import Answer
from deliberate.kernel.refusals import Refusal
from deliberate.voting import ballot_rules as rules
from deliberate.voting.ballot_rules import Areas, SectionRules, Written, judge, own_sections
from deliberate.voting.states import AreaLock

MARKS = SectionRules(no=1, least=1, most=2, options=frozenset({1, 2, 3, 4}))
SINGLE = replace(MARKS, kind=BallotKind.SINGLE, most=1)
KNAPSACK = replace(
    MARKS, kind=BallotKind.KNAPSACK, most=4, budget=100, costs={1: 60, 2: 40, 3: 41, 4: 1}
)
RANKED = replace(MARKS, kind=BallotKind.RANKED, most=3)
SCORE = replace(MARKS, kind=BallotKind.SCORE, most=4, lowest=0, highest=5)
POINTS = replace(MARKS, kind=BallotKind.POINTS, most=4, points=10)
QUESTIONS = replace(MARKS, kind=BallotKind.QUESTIONS, least=0, most=4)


def ticked(*numbers: int) -> Written:
    return Written(marked=frozenset(numbers))


def said(**texts: str) -> Written:
    """Write beside options: ``said(n1="2")`` is a 2 beside the first one."""
    return Written(said={int(name.removeprefix("n")): text for name, text in texts.items()})


@pytest.mark.parametrize(
    ("section", "written", "ballot"),
    [
        (MARKS, ticked(3, 1), "[1,3]"),
        (MARKS, ticked(4), "[4]"),
        (replace(MARKS, least=0), ticked(), "[]"),
        (SINGLE, ticked(2), "[2]"),
        (replace(SINGLE, least=0), ticked(), "[]"),
        (KNAPSACK, ticked(1, 2), "[1,2]"),  # to the last grosz
        (replace(KNAPSACK, costs={}), ticked(1, 2, 3), "[1,2,3]"),  # what has no cost costs nothing
        (RANKED, said(n2="1", n4="2"), "[2,4]"),
        (RANKED, said(n2="4", n4="1", n1="3"), "[4,1,2]"),  # a gap only says the order
        (RANKED, said(n1=" 01 ", n2=""), "[1]"),
        (SCORE, said(n1="0", n3="5"), "[[1,0],[3,5]]"),
        (POINTS, said(n1="7", n3="3"), "[[1,7],[3,3]]"),
        (POINTS, said(n1="7", n3="0"), "[[1,7]]"),  # no points are none
        (replace(POINTS, spend_all=True, each_most=5), said(n1="5", n3="5"), "[[1,5],[3,5]]"),
        (QUESTIONS, said(n1="yes", n2="abstain", n3="no"), '[[1,"yes"],[2,"abstain"],[3,"no"]]'),
        (QUESTIONS, said(), "[]"),
    ],
)
def test_what_is_a_ballot(section: SectionRules, written: Written, ballot: str) -> None:
    judged = judge(section, written)

    assert not isinstance(judged, Refusal)
    assert write(section.kind, judged) == ballot


@pytest.mark.parametrize(
    ("section", "written", "refusal"),
    [
        (MARKS, ticked(1, 2, 3), rules.TOO_MANY.with_values(most=2, chosen=3)),
        (MARKS, ticked(), rules.TOO_FEW.with_values(least=1, chosen=0)),
        (MARKS, ticked(1, 5), rules.UNKNOWN_OPTION),
        (MARKS, ticked(-1), rules.UNKNOWN_OPTION),
        (SINGLE, ticked(1, 2), rules.TOO_MANY.with_values(most=1, chosen=2)),
        (SINGLE, ticked(), rules.TOO_FEW.with_values(least=1, chosen=0)),
        (KNAPSACK, ticked(1, 3), rules.OVER_BUDGET),
        (KNAPSACK, ticked(1, 2, 4), rules.OVER_BUDGET),
        (replace(KNAPSACK, most=1), ticked(2, 4), rules.TOO_MANY.with_values(most=1, chosen=2)),
        (RANKED, said(n1="x"), rules.NOT_A_NUMBER.with_values(no=1)),
        (RANKED, said(n1="1,5"), rules.NOT_A_NUMBER.with_values(no=1)),
        (RANKED, said(n1="-1"), rules.NOT_A_NUMBER.with_values(no=1)),
        (RANKED, said(n1="²"), rules.NOT_A_NUMBER.with_values(no=1)),
        (RANKED, said(n1="٣"), rules.NOT_A_NUMBER.with_values(no=1)),
        (RANKED, said(n1="0"), rules.PLACE_TOO_FAR.with_values(no=1, most=4)),
        (RANKED, said(n1="1", n2="5"), rules.PLACE_TOO_FAR.with_values(no=2, most=4)),
        (RANKED, said(n1="2", n3="2"), rules.PLACE_TWICE.with_values(place=2)),
        (
            RANKED,
            said(n1="1", n2="2", n3="3", n4="4"),
            rules.TOO_MANY.with_values(most=3, chosen=4),
        ),
        (RANKED, said(), rules.TOO_FEW.with_values(least=1, chosen=0)),
        (RANKED, said(n7="1"), rules.UNKNOWN_OPTION),
        (RANKED, ticked(1), rules.NOT_A_NUMBER.with_values(no=1)),  # a tick is no place
        (SCORE, said(n2="6"), rules.OFF_THE_SCALE.with_values(no=2, lowest=0, highest=5)),
        (
            replace(SCORE, lowest=1),
            said(n2="0"),
            rules.OFF_THE_SCALE.with_values(no=2, lowest=1, highest=5),
        ),
        (SCORE, said(n2="dobra"), rules.NOT_A_NUMBER.with_values(no=2)),
        (SCORE, said(), rules.TOO_FEW.with_values(least=1, chosen=0)),
        (POINTS, said(n1="11"), rules.TOO_MANY_POINTS.with_values(points=10, given=11)),
        (POINTS, said(n1="6", n2="5"), rules.TOO_MANY_POINTS.with_values(points=10, given=11)),
        (POINTS, said(n1="0"), rules.TOO_FEW.with_values(least=1, chosen=0)),
        (POINTS, said(n1="1.5"), rules.NOT_A_NUMBER.with_values(no=1)),
        (POINTS, said(n1="1" * 10), rules.NOT_A_NUMBER.with_values(no=1)),
        (
            replace(POINTS, each_most=5),
            said(n1="6"),
            rules.TOO_MANY_FOR_ONE.with_values(no=1, each=5),
        ),
        (
            replace(POINTS, spend_all=True),
            said(n1="9"),
            rules.POINTS_LEFT.with_values(points=10, given=9),
        ),
        (QUESTIONS, said(n1="tak"), rules.UNKNOWN_OPTION),
        (QUESTIONS, said(n9="yes"), rules.UNKNOWN_OPTION),
        (
            replace(QUESTIONS, least=2),
            said(n1="abstain"),
            rules.TOO_FEW.with_values(least=2, chosen=1),
        ),
    ],
)
def test_what_is_none_and_why(section: SectionRules, written: Written, refusal: Refusal) -> None:
    assert judge(section, written) == refusal


@pytest.mark.parametrize(
    ("section", "is_reachable"),
    [
        (MARKS, True),
        (replace(MARKS, least=5), False),
        (KNAPSACK, True),
        (replace(KNAPSACK, budget=1), True),
        (replace(KNAPSACK, budget=1, least=2), False),
        (replace(KNAPSACK, costs={1: 60, 2: 40, 3: 41, 4: 50}, budget=39), False),
        (POINTS, True),
        (replace(POINTS, spend_all=True, each_most=2), False),
        (replace(POINTS, spend_all=True, each_most=3), True),
        (replace(POINTS, spend_all=True, each_most=5, most=1), False),
        (replace(POINTS, points=1, least=2), False),
    ],
)
def test_whether_any_ballot_keeps_the_limits(section: SectionRules, is_reachable: bool) -> None:
    assert rules.is_reachable(section) == is_reachable


def test_answers_are_values_that_a_count_reads() -> None:
    ballot: Ballot | Refusal = judge(QUESTIONS, said(n1="yes"))

    assert ballot == frozenset({("1", Answer.YES)})


CITY, NORTH, SOUTH = (replace(MARKS, no=no) for no in (1, 2, 3))
EVERY = [CITY, NORTH, SOUTH]
HOME = Areas(lock=AreaLock.HOME, most=1, of_section={2: 20, 3: 30})
CHOSEN = replace(HOME, lock=AreaLock.CHOSEN)


@pytest.mark.parametrize(
    ("areas", "home", "touched", "sections"),
    [
        (HOME, 20, (), [1, 2]),
        (HOME, 30, (1, 3), [1, 3]),
        (HOME, None, (1,), [1]),  # we do not know where they live
        (HOME, 99, (), [1]),
        (HOME, 20, (3,), rules.NOT_YOUR_AREA),
        (HOME, None, (2,), rules.NOT_YOUR_AREA),
        (CHOSEN, 20, (3,), [1, 3]),
        (CHOSEN, None, (), [1]),
        (CHOSEN, 20, (1, 2, 3), rules.TOO_MANY_AREAS.with_values(most=1, chosen=2)),
        (replace(CHOSEN, most=2), None, (2, 3), [1, 2, 3]),
        # Two sections of one area are one area.
        (replace(CHOSEN, of_section={2: 20, 3: 20}), None, (2, 3), [1, 2, 3]),
    ],
)
def test_in_which_sections_one_votes(
    areas: Areas, home: int | None, touched: tuple[int, ...], sections: list[int] | Refusal
) -> None:
    choices = {no: ticked(1) for no in touched}
    found = own_sections(EVERY, areas, area_id=home, choices=choices)

    assert (found if isinstance(found, Refusal) else [s.no for s in found]) == sections
