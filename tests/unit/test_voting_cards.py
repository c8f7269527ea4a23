"""Cards on paper: what a clerk types is what a voter's form would bring, to the byte."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import write
from deliberate.kernel.refusals import Refusal
from deliberate.voting import ballot_rules, card_rules, desk_rules
from deliberate.voting.ballot_rules import Areas, SectionRules, Written
from deliberate.voting.card_rules import BoxFacts, CardFacts, Wrong
from deliberate.voting.states import AreaLock, CardState, PollState

NOWHERE = Areas(lock=AreaLock.HOME, most=1, of_section={})


def section(no: int = 1, kind: BallotKind = BallotKind.APPROVAL, **limits: object) -> SectionRules:
    given_limits: dict[str, object] = {"least": 1, "most": 3, **limits}
    return SectionRules(no=no, kind=kind, options=frozenset(range(1, 13)), **given_limits)  # type: ignore[arg-type]


# Each kind as it is typed, and the ballot that it is (ballot-box.md: canonical choices).
TYPED = [
    (section(kind=BallotKind.SINGLE, most=1), "7", "[7]"),
    (section(), "12 3, 7", "[3,7,12]"),
    (section(kind=BallotKind.KNAPSACK, budget=100, costs={3: 40, 7: 60}), "3;7", "[3,7]"),
    (section(kind=BallotKind.RANKED), "7 3 12", "[7,3,12]"),
    (section(kind=BallotKind.SCORE, lowest=0, highest=5), "3:5 7:0", "[[3,5],[7,0]]"),
    (section(kind=BallotKind.POINTS, points=10), "3:5 7:2", "[[3,5],[7,2]]"),
    (
        section(kind=BallotKind.QUESTIONS),
        "1:z 2:P 3:w",
        '[[1,"yes"],[2,"no"],[3,"abstain"]]',
    ),
]


@pytest.mark.parametrize(("rules", "typed", "ballot"), TYPED)
def test_what_is_typed_is_a_ballot(rules: SectionRules, typed: str, ballot: str) -> None:
    card = card_rules.judge([rules], NOWHERE, {1: typed}, frozenset())

    assert isinstance(card, str)
    assert card_rules.choices_of(card) == {1: ballot}
    assert card_rules.invalid_in(card) == "[]"


@pytest.mark.parametrize("rules", [rules for rules, _, _ in TYPED])
@given(data=st.data())
def test_paper_and_web_are_the_same_bytes(rules: SectionRules, data: st.DataObject) -> None:
    """Whatever a voter may write on the web, a clerk can type, and the ballot is the same text."""
    numbers = data.draw(st.lists(st.sampled_from(sorted(rules.options)), unique=True, max_size=4))
    written = data.draw(on_the_web(rules.kind, numbers))
    judged = ballot_rules.judge(rules, written)
    card = card_rules.judge(
        [rules], NOWHERE, {1: card_rules.typed(rules.kind, written)}, frozenset()
    )

    if isinstance(judged, Refusal):
        assert isinstance(card, Wrong)
        assert card.refusal.code == judged.code
    else:
        assert isinstance(card, str)
        assert card_rules.choices_of(card) == {1: write(rules.kind, judged)}
        assert card_rules.as_typed({1: rules.kind}, card)[1] is not None


def on_the_web(kind: BallotKind, numbers: list[int]) -> st.SearchStrategy[Written]:
    if kind in {BallotKind.SINGLE, BallotKind.APPROVAL, BallotKind.KNAPSACK}:
        return st.just(Written(marked=frozenset(numbers)))
    if kind is BallotKind.RANKED:
        return st.just(Written(said={no: str(place) for place, no in enumerate(numbers, 1)}))
    if kind is BallotKind.QUESTIONS:
        answers = st.sampled_from(["yes", "no", "abstain"])
    else:
        answers = st.integers(0, 12).map(str)
    return st.fixed_dictionaries(dict.fromkeys(numbers, answers)).map(lambda s: Written(said=s))


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (BallotKind.APPROVAL, "trzy", "cards.unreadable"),
        (BallotKind.APPROVAL, "3:1", "cards.unreadable"),
        (BallotKind.APPROVAL, "-3", "cards.unreadable"),
        (BallotKind.APPROVAL, "٣", "cards.unreadable"),  # a digit, and none of ours
        (BallotKind.APPROVAL, "99999", "cards.unreadable"),
        (BallotKind.APPROVAL, "3 3", "cards.twice"),
        (BallotKind.RANKED, "7 7", "cards.twice"),
        (BallotKind.POINTS, "3", "cards.unreadable"),
        (BallotKind.POINTS, "3:1.5", "cards.unreadable"),
        (BallotKind.POINTS, "3:-1", "cards.unreadable"),
        (BallotKind.QUESTIONS, "1:t", "cards.unreadable"),
        (BallotKind.APPROVAL, "13", "cards.not_on_card"),
        (BallotKind.APPROVAL, "", "ballot.too_few"),
        (BallotKind.APPROVAL, "1 2 3 4", "ballot.too_many"),
    ],
)
def test_what_is_no_card_says_why(kind: BallotKind, typed: str, code: str) -> None:
    rules = section(kind=kind, **({"points": 10} if kind is BallotKind.POINTS else {}))
    card = card_rules.judge([rules], NOWHERE, {1: typed}, frozenset())

    assert isinstance(card, Wrong)
    assert (card.section_no, card.refusal.code) == (1, code)


def test_a_section_may_be_void_and_the_others_count() -> None:
    card = card_rules.judge([section(1), section(2)], NOWHERE, {2: "5"}, frozenset({1}))

    assert card == '{"1":null,"2":"[5]"}'
    assert card_rules.choices_of(card) == {2: "[5]"}
    assert card_rules.sections_in(card_rules.invalid_in(card)) == [1]


def test_a_section_is_not_both_void_and_filled() -> None:
    card = card_rules.judge([section(1)], NOWHERE, {1: "5"}, frozenset({1}))

    assert isinstance(card, Wrong)
    assert card.refusal == card_rules.INVALID_BUT_FILLED


def test_a_card_counts_in_the_parts_that_are_filled() -> None:
    """Sections 2 and 3 belong to two parts of a town; a card is of one."""
    areas = Areas(lock=AreaLock.HOME, most=1, of_section={2: 20, 3: 30})
    parts = [section(1), section(2), section(3)]

    assert card_rules.judge(parts, areas, {1: "1", 3: "4"}, frozenset()) == '{"1":"[1]","3":"[4]"}'
    both = card_rules.judge(parts, areas, {1: "1", 2: "2", 3: "4"}, frozenset())
    assert isinstance(both, Wrong)
    assert both.section_no is None


# When a card may be keyed, and when the boxes let the votes be counted.

CARD = CardFacts(
    serial=17,
    batch_no=1,
    in_box=40,
    keyed=3,
    all_settled=True,
    state=None,
    by_this_clerk=False,
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"state": CardState.ONCE}, None),
        ({"state": CardState.DISPUTED}, None),
        ({"all_settled": False}, "cards.not_settled"),
        ({"batch_no": None}, "cards.not_in_a_batch"),
        ({"state": CardState.AGREED}, "cards.finished"),
        ({"state": CardState.DECIDED}, "cards.finished"),
        ({"state": CardState.ONCE, "by_this_clerk": True}, "cards.keyed_by_you"),
        ({"state": CardState.DISPUTED, "by_this_clerk": True}, "cards.keyed_by_you"),
        ({"keyed": 40}, "cards.box_is_empty"),
        ({"keyed": 40, "state": CardState.ONCE}, None),
    ],
)
def test_who_may_key_a_card(change: Mapping[str, object], code: str | None) -> None:
    refusal = card_rules.keying_refusal(replace(CARD, **change))  # type: ignore[arg-type]

    assert (refusal.code if refusal else None) == code


BOXES = BoxFacts(unsettled=0, in_box=40, missing=2, keyed=40, people=42)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"unsettled": 1}, "count.unsettled_boxes"),
        ({"keyed": 39}, "count.unkeyed_cards"),
        ({"people": 41}, "count.unequal_paper"),
        ({"people": 43}, "count.unequal_paper"),
        ({"in_box": 0, "missing": 0, "keyed": 0, "people": 0}, None),
        ({"in_box": 0, "missing": 0, "keyed": 0}, "count.unequal_paper"),  # people and no cards
    ],
)
def test_when_the_boxes_let_the_votes_be_counted(
    change: Mapping[str, int], code: str | None
) -> None:
    refusal = card_rules.count_refusal(replace(BOXES, **change))

    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize("state", list(PollState))
def test_cards_are_numbered_before_the_end_and_opened_after_it(state: PollState) -> None:
    before = state in {PollState.SEALED, PollState.RECEIVING, PollState.PAUSED}

    assert (card_rules.order_refusal(state, has_paper=True) is None) == before
    assert card_rules.order_refusal(state, has_paper=False) == card_rules.NO_PAPER
    assert (card_rules.work_refusal(state) is None) == (state is PollState.WORKING_UP)


# The counter.

HANDED = desk_rules.CardFacts(
    has_paper=True,
    state=PollState.RECEIVING,
    window=None,
    received_on=None,
    today=date(2027, 6, 14),
    opened_on=date(2027, 6, 1),
    ends_on=date(2027, 6, 16),
)
ENDED = {
    "state": PollState.WORKING_UP,
    "window": Refusal("poll.too_late", ""),
    "today": date(2027, 6, 18),
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"received_on": date(2027, 6, 10)}, None),
        ({"received_on": date(2027, 6, 15)}, "desk.not_in_time"),  # tomorrow
        ({"received_on": date(2027, 5, 31)}, "desk.not_in_time"),
        ({"has_paper": False}, "desk.none"),
        ({"window": Refusal("poll.paused", "")}, "poll.paused"),
        (ENDED, "desk.only_posted"),
        ({**ENDED, "received_on": date(2027, 6, 16)}, None),
        ({**ENDED, "received_on": date(2027, 6, 17)}, "desk.not_in_time"),
        ({**ENDED, "has_paper": False}, "desk.none"),
    ],
)
def test_when_somebody_may_be_given_a_card(change: Mapping[str, object], code: str | None) -> None:
    refusal = desk_rules.card_refusal(replace(HANDED, **change))  # type: ignore[arg-type]

    assert (refusal.code if refusal else None) == code
