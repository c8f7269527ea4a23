"""When a vote is paused, called off, declared void, repeated, its lots typed: tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.kernel.refusals import Refusal
from deliberate.voting import course_rules as rules
from deliberate.voting.states import STEPS, PollState

NOON = datetime(2027, 5, 4, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("state", PollState)
def test_only_a_vote_that_runs_is_paused(state: PollState) -> None:
    expected = None if state is PollState.RECEIVING else rules.NOT_RECEIVING
    assert rules.pause_refusal(state) == expected


@pytest.mark.parametrize(
    ("state", "confirmed_by", "person", "refusal"),
    [
        (PollState.PAUSED, None, 2, None),
        (PollState.PAUSED, None, 1, rules.OWN_PAUSE),
        (PollState.PAUSED, 3, 2, rules.CONFIRMED),
        (PollState.RECEIVING, None, 2, rules.NOT_PAUSED),
    ],
)
def test_a_second_person_confirms(
    state: PollState, confirmed_by: int | None, person: int, refusal: Refusal | None
) -> None:
    assert (
        rules.confirm_refusal(state, paused_by=1, confirmed_by=confirmed_by, person_id=person)
        == refusal
    )


@pytest.mark.parametrize(
    ("confirmed", "after", "lapsed"),
    [
        (False, timedelta(days=1) - SECOND, False),
        (False, timedelta(days=1), True),
        (True, timedelta(days=9), False),
    ],
)
def test_the_pause_of_one_lasts_a_day(*, confirmed: bool, after: timedelta, lapsed: bool) -> None:
    assert rules.has_lapsed(NOON, is_confirmed=confirmed, now=NOON + after) is lapsed


@pytest.mark.parametrize(
    ("length", "moved"),
    [
        (timedelta(seconds=5), timedelta(seconds=5)),
        (timedelta(seconds=5, microseconds=1), timedelta(seconds=6)),
        (timedelta(0), timedelta(0)),
    ],
)
def test_the_end_moves_by_whole_seconds_for_the_voters(length: timedelta, moved: timedelta) -> None:
    assert rules.lasted(NOON, NOON + length) == moved


@pytest.mark.parametrize("state", PollState)
def test_what_is_allowed_is_what_the_database_allows(state: PollState) -> None:
    """A rule that lets more pass than the trigger would end in an error, not in words."""
    may_cancel = PollState.CANCELLED in STEPS[state]
    may_annul = PollState.ANNULLED in STEPS[state]
    assert (rules.cancel_refusal(state) is None) is may_cancel
    assert (rules.annul_refusal(state) is None) is may_annul
    assert not (may_cancel and may_annul)


@pytest.mark.parametrize(
    ("state", "opens_at", "refusal"),
    [
        (PollState.ANNULLED, NOON + SECOND, None),
        (PollState.CANCELLED, NOON + SECOND, None),
        (PollState.ANNULLED, NOON, rules.NO_LATER_PHASE),
        (PollState.ANNULLED, None, rules.NO_LATER_PHASE),
        (PollState.PUBLISHED, NOON + SECOND, rules.NOTHING_TO_REPEAT),
    ],
)
def test_a_repeat_needs_a_later_phase(
    state: PollState, opens_at: datetime | None, refusal: Refusal | None
) -> None:
    assert rules.repeat_refusal(state, opens_at=opens_at, now=NOON) == refusal


LOTS = rules.LotsFacts(now=NOON, state=PollState.WORKING_UP, drawn_at=NOON, is_settled=False)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"drawn_at": None}, rules.NO_LOTS),
        ({"is_settled": True}, rules.LOTS_SETTLED),
        (
            {"drawn_at": NOON + SECOND},
            rules.LOTS_TOO_EARLY,
        ),
        ({"state": PollState.RECEIVING}, rules.LOTS_TOO_EARLY),
        ({"state": PollState.COUNTED}, rules.LOTS_TOO_EARLY),
    ],
)
def test_the_drawn_value_is_typed_after_the_draw(
    change: dict[str, object], refusal: Refusal | None
) -> None:
    assert rules.lots_refusal(replace(LOTS, **change)) == refusal


@pytest.mark.parametrize(
    ("secret", "high", "refusal"),
    [
        (False, False, None),
        (True, False, rules.FORMALLY_SECRET),
        (False, True, rules.HIGH_STAKES),
        (True, True, rules.FORMALLY_SECRET),
    ],
)
def test_some_votes_belong_elsewhere(*, secret: bool, high: bool, refusal: Refusal | None) -> None:
    found = rules.stakes_refusal(formally_secret=secret, high_stakes=high)
    assert found == refusal
    if found is not None:
        assert "Belenios" in found.message
        assert "papierze" in found.message
