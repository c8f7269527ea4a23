"""Who may vote, what a ballot may hold, and what the officer may do with it: tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from deliberate.accounts.standing import CONFIRM, DECLARE, REFUSED_RESIDENCE, SIGN_IN, Needs
from deliberate.kernel.refusals import Refusal
from deliberate.voting import rules
from deliberate.voting.states import PollState

NOON = datetime(2027, 5, 4, 10, 0, tzinfo=UTC)
VOTER = rules.CastFacts(
    now=NOON,
    state=PollState.SEALED,
    opens_at=NOON - timedelta(days=3),
    ends_at=NOON + timedelta(days=6),
    is_stopped=False,
    standing=Needs.DECLARED,
    needs=Needs.DECLARED,
)
BEFORE, AFTER = {"now": VOTER.opens_at - timedelta(seconds=1)}, {"now": VOTER.ends_at}
VOTED = {"voted_on": date(2027, 5, 3)}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"now": VOTER.opens_at}, None),
        ({"now": VOTER.ends_at - timedelta(microseconds=1)}, None),
        ({"state": PollState.RECEIVING}, None),
        ({"standing": Needs.CONFIRMED}, None),
        ({"is_stopped": True}, rules.STOPPED),
        ({"state": PollState.DRAFT}, rules.NOT_SEALED),
        (BEFORE, rules.TOO_EARLY),
        (AFTER, rules.TOO_LATE),
        ({"state": PollState.WORKING_UP}, rules.TOO_LATE),
        ({"state": PollState.COUNTED}, rules.TOO_LATE),
        ({"state": PollState.PUBLISHED}, rules.TOO_LATE),
        ({"standing": Needs.ANYONE}, SIGN_IN),
        ({"standing": Needs.EMAIL}, DECLARE),
        ({"standing": Needs.EMAIL, "residence_refused": True}, REFUSED_RESIDENCE),
        ({"needs": Needs.CONFIRMED}, CONFIRM),
        # "Nobody can" goes before "you cannot", and that before "you already have".
        ({**AFTER, "is_stopped": True}, rules.STOPPED),
        ({**AFTER, "standing": Needs.ANYONE, **VOTED}, rules.TOO_LATE),
        ({"standing": Needs.EMAIL, **VOTED}, DECLARE),
        (VOTED, rules.ALREADY.with_values(day=date(2027, 5, 3))),
    ],
)
def test_who_may_vote(change: dict[str, object], refusal: Refusal | None) -> None:
    assert rules.cast_refusal(replace(VOTER, **change)) == refusal


@pytest.mark.parametrize(
    ("state", "now", "present"),
    [
        (PollState.DRAFT, VOTER.ends_at, PollState.DRAFT),
        (PollState.SEALED, VOTER.opens_at - timedelta(seconds=1), PollState.SEALED),
        (PollState.SEALED, VOTER.opens_at, PollState.RECEIVING),
        (PollState.RECEIVING, NOON, PollState.RECEIVING),
        (PollState.SEALED, VOTER.ends_at, PollState.WORKING_UP),
        (PollState.RECEIVING, VOTER.ends_at, PollState.WORKING_UP),
        (PollState.COUNTED, VOTER.ends_at, PollState.COUNTED),
    ],
)
def test_receiving_begins_and_ends_by_the_clock(
    state: PollState, now: datetime, present: PollState
) -> None:
    assert rules.present_state(state, VOTER.opens_at, VOTER.ends_at, now) is present


DUE, END = date(2027, 5, 21), NOON + timedelta(days=10)
COUNTED = rules.CountFacts(
    no=1, fits=True, is_reachable=True, needs_lots=False, options_less_seats=1
)
LOTS = {
    "has_lots": True,
    "ends_at": END,
    "drawn_at": END + timedelta(hours=22),
    "drawn_on": date(2027, 5, 15),
}
DRAFT = rules.SealFacts(
    now=NOON,
    state=PollState.DRAFT,
    opens_at=NOON + timedelta(days=1),
    ends_on=date(2027, 5, 14),
    result_due=date(2027, 5, 21),
    sections=[(2, 3, 6)],
)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"sections": [(2, 6, 6)]}, None),
        ({"sections": [(2, 3, 6), (1, 1, 1)]}, None),
        ({"result_due": date(2027, 5, 15)}, None),
        ({"state": PollState.SEALED}, rules.NOT_DRAFT),
        ({"now": DRAFT.opens_at}, rules.SEAL_TOO_LATE),
        ({"sections": [(2, 1, 1)]}, rules.TOO_FEW_OPTIONS),
        ({"sections": [(2, 3, 6), (1, 1, 0)]}, rules.TOO_FEW_OPTIONS),
        ({"sections": []}, rules.TOO_FEW_OPTIONS),
        ({"sections": [(2, 7, 6)]}, rules.LIMIT_TOO_HIGH),
        ({"result_due": date(2027, 5, 14)}, rules.RESULT_TOO_EARLY),
        ({"counts": [COUNTED]}, None),
        ({"counts": [replace(COUNTED, options_less_seats=None)]}, None),
        (
            {"counts": [COUNTED, replace(COUNTED, no=2, fits=False)]},
            rules.METHOD_UNFIT.with_values(no=2),
        ),
        (
            {"counts": [replace(COUNTED, is_reachable=False)]},
            rules.UNREACHABLE.with_values(no=1),
        ),
        (
            {"counts": [replace(COUNTED, options_less_seats=0)]},
            rules.TOO_MANY_SEATS.with_values(no=1),
        ),
        ({"counts": [replace(COUNTED, needs_lots=True)]}, rules.LOTS_NEEDED),
        ({"counts": [replace(COUNTED, needs_lots=True)], **LOTS}, None),
        (LOTS, None),
        ({**LOTS, "drawn_on": DUE}, None),
        ({**LOTS, "drawn_on": DUE + timedelta(days=1)}, rules.LOTS_TOO_LATE),
        ({**LOTS, "drawn_at": END}, rules.LOTS_TOO_EARLY),
        ({**LOTS, "drawn_at": None}, rules.LOTS_TOO_EARLY),
    ],
)
def test_when_a_ballot_may_be_sealed(change: dict[str, object], refusal: Refusal | None) -> None:
    assert rules.seal_refusal(replace(DRAFT, **change)) == refusal


@pytest.mark.parametrize(
    ("state", "wanted", "now", "refusal"),
    [
        (PollState.SEALED, 1, NOON, None),
        (PollState.RECEIVING, 1, NOON, None),
        (PollState.SEALED, 0, NOON, rules.ONLY_LATER),
        (PollState.SEALED, -1, NOON, rules.ONLY_LATER),
        (PollState.SEALED, 1, VOTER.ends_at, rules.ENDED),
        (PollState.COUNTED, 1, NOON, rules.ENDED),
    ],
)
def test_the_end_only_moves_away(
    state: PollState, wanted: int, now: datetime, refusal: Refusal | None
) -> None:
    later = VOTER.ends_at + timedelta(days=wanted)

    found = rules.extension_refusal(state, ends_at=VOTER.ends_at, wanted=later, now=now)

    assert found == refusal


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (PollState.DRAFT, rules.COUNT_NOT_SEALED),
        (PollState.SEALED, rules.COUNT_TOO_EARLY),
        (PollState.RECEIVING, rules.COUNT_TOO_EARLY),
        (PollState.WORKING_UP, None),
        (PollState.COUNTED, rules.COUNTED),
        (PollState.PUBLISHED, rules.COUNTED),
    ],
)
def test_when_votes_may_be_counted(state: PollState, refusal: Refusal | None) -> None:
    assert rules.count_refusal(state) == refusal


COUNTS = rules.Counts(participations=5, receipts=5, everywhere=[5, 5], in_areas=[3, 0])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"in_areas": [5, 5]}, None),
        ({"everywhere": [5, 4]}, rules.UNEQUAL.with_values(participations=5, ballots=4)),
        ({"everywhere": [6, 5]}, rules.UNEQUAL.with_values(participations=5, ballots=6)),
        ({"in_areas": [6]}, rules.UNEQUAL.with_values(participations=5, ballots=6)),
        ({"receipts": 4}, rules.UNEQUAL_RECEIPTS.with_values(participations=5, receipts=4)),
        ({"receipts": 6}, rules.UNEQUAL_RECEIPTS.with_values(participations=5, receipts=6)),
    ],
)
def test_nothing_is_counted_while_the_tables_differ(
    change: dict[str, object], refusal: Refusal | None
) -> None:
    assert rules.equality_refusal(replace(COUNTS, **change)) == refusal


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (PollState.COUNTED, None),
        (PollState.WORKING_UP, rules.NOT_COUNTED),
        (PollState.SEALED, rules.NOT_COUNTED),
        (PollState.PUBLISHED, rules.PUBLISHED),
    ],
)
def test_when_a_result_may_be_published(state: PollState, refusal: Refusal | None) -> None:
    assert rules.publish_refusal(state) == refusal
