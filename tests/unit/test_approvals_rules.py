"""Who may decide about a request, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.approvals import rules
from deliberate.approvals.rules import Facts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND_PERSON = Facts(
    is_decided=False,
    is_closed=False,
    expires_at=NOW + timedelta(seconds=1),
    now=NOW,
    is_changed=False,
    is_asker=False,
    holds_role=True,
    is_asked=True,
    is_subject=False,
    is_stale=False,
    lacks_factor=False,
)


def test_the_second_person_may_approve_and_send_back() -> None:
    assert rules.approval_refusal(SECOND_PERSON) is None
    assert rules.return_refusal(SECOND_PERSON) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(SECOND_PERSON, is_decided=True), rules.ALREADY_DECIDED),
        (replace(SECOND_PERSON, is_closed=True), rules.CLOSED),
        (replace(SECOND_PERSON, expires_at=NOW), rules.EXPIRED),
        (replace(SECOND_PERSON, is_changed=True), rules.CHANGED),
        (replace(SECOND_PERSON, is_asker=True), rules.OWN),
        (replace(SECOND_PERSON, holds_role=False), rules.NO_ROLE),
        (replace(SECOND_PERSON, is_asked=False), rules.NOT_ASKED),
        (replace(SECOND_PERSON, is_stale=True), rules.NOT_FRESH),
        (replace(SECOND_PERSON, is_stale=True, is_asked=False), rules.NOT_ASKED),
        (replace(SECOND_PERSON, is_subject=True), rules.ABOUT_YOU),
        (replace(SECOND_PERSON, lacks_factor=True), rules.NO_SECOND_FACTOR),
        # Signing in again would not help.
        (replace(SECOND_PERSON, lacks_factor=True, is_stale=True), rules.NO_SECOND_FACTOR),
        (replace(SECOND_PERSON, lacks_factor=True, is_asked=False), rules.NOT_ASKED),
        # From "nobody can" to "you cannot".
        (replace(SECOND_PERSON, is_decided=True, is_asker=True), rules.ALREADY_DECIDED),
        (replace(SECOND_PERSON, is_changed=True, is_asker=True), rules.CHANGED),
        (replace(SECOND_PERSON, is_asker=True, is_asked=False), rules.OWN),
    ],
)
def test_each_obstacle_has_its_reason(facts: Facts, expected: object) -> None:
    assert rules.approval_refusal(facts) is expected


def test_what_changed_can_still_be_sent_back() -> None:
    assert rules.return_refusal(replace(SECOND_PERSON, is_changed=True)) is None


def test_sending_back_asks_for_no_fresh_sign_in_and_no_second_factor() -> None:
    assert rules.return_refusal(replace(SECOND_PERSON, is_stale=True, lacks_factor=True)) is None


@pytest.mark.parametrize(
    ("lacks_factor", "is_stale", "expected"),
    [
        (False, False, None),
        (False, True, rules.NOT_FRESH),
        (True, False, rules.NO_SECOND_FACTOR),
        (True, True, rules.NO_SECOND_FACTOR),
    ],
)
def test_whoever_asks_needs_the_same_proofs(
    lacks_factor: bool, is_stale: bool, expected: object
) -> None:
    assert rules.proof_refusal(lacks_factor=lacks_factor, is_stale=is_stale) is expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], False), ([0], True), ([0, 0, 9], True), ([0, 1], False), ([0, 1, 1], False)],
)
def test_usually_the_same_day_is_said_only_when_the_median_is(
    days: list[int], expected: bool
) -> None:
    assert rules.usually_same_day(days) is expected
