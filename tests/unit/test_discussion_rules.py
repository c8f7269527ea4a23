"""Who may speak, change and take back: no database, no application."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.accounts import standing
from deliberate.accounts.standing import Needs
from deliberate.discussion import rules
from deliberate.discussion.kinds import Order, order_named
from deliberate.discussion.rules import OwnFacts, SpeakFacts

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
RESIDENT = SpeakFacts(
    now=NOW,
    is_open=True,
    stopped=False,
    opens_at=None,
    ends_at=NOW + timedelta(days=3),
    needs=Needs.EMAIL,
    standing=Needs.DECLARED,
    residence_refused=False,
    accepted_rules=True,
)
CLOSED = replace(RESIDENT, is_open=False)
STAFF = replace(CLOSED, as_staff=True, holds_role=True, accepted_rules=False, standing=Needs.EMAIL)


def ago(*minutes: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(minutes=m) for m in minutes)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (RESIDENT, None),
        (replace(RESIDENT, stopped=True), rules.STOPPED.code),
        (CLOSED, rules.OVER.code),
        (replace(CLOSED, opens_at=NOW + timedelta(hours=1)), rules.NOT_YET.code),
        (replace(CLOSED, ends_at=None), rules.NOT_PLANNED.code),
        (replace(RESIDENT, needs=Needs.CONFIRMED), standing.CONFIRM.code),
        (replace(RESIDENT, needs=Needs.DECLARED, standing=Needs.EMAIL), standing.DECLARE.code),
        (replace(RESIDENT, accepted_rules=False), rules.READ_RULES.code),
        # what nobody can do comes before what this person lacks
        (replace(CLOSED, accepted_rules=False), rules.OVER.code),
        (replace(RESIDENT, said=ago(*[59] * 9)), None),
        (replace(RESIDENT, said=ago(*[59] * 10)), rules.SLOWLY.code),
        (replace(RESIDENT, said=ago(*[60] * 10)), None),
        (replace(RESIDENT, standing=Needs.EMAIL, said=ago(5, 4)), rules.SLOWLY.code),
        (replace(RESIDENT, standing=Needs.EMAIL, said=ago(5)), None),
        # who speaks for a role is not bound by dates, only by the role
        (STAFF, None),
        (replace(STAFF, stopped=True), rules.STOPPED.code),
        (replace(STAFF, holds_role=False), rules.NOT_YOUR_ROLE.code),
        (replace(STAFF, said=ago(*[1] * 60)), rules.SLOWLY.code),
    ],
)
def test_who_may_speak(facts: SpeakFacts, code: str | None) -> None:
    refusal = rules.speak_refusal(facts)

    assert (refusal.code if refusal else None) == code


def test_the_limit_says_how_long_to_wait() -> None:
    refusal = rules.speak_refusal(replace(RESIDENT, said=ago(50, *[1] * 9)))

    assert refusal is not None
    assert refusal.values == {"most": 10, "minutes": 10}


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.integers(0, 7200), max_size=25))
def test_nobody_speaks_more_than_ten_times_in_any_hour(pauses: list[int]) -> None:
    now, said = NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        facts = replace(RESIDENT, now=now, said=tuple(said))
        if rules.speak_refusal(facts) is None:
            said.append(now)

    for start in said:
        assert sum(start <= moment < start + timedelta(hours=1) for moment in said) <= 10


OWN = OwnFacts(
    now=NOW,
    is_author=True,
    is_shown=True,
    is_withdrawn=False,
    is_open=True,
    stopped=False,
    said_at=NOW - timedelta(hours=1),
)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (OWN, None),
        (replace(OWN, is_author=False), rules.NOT_OWN.code),
        (replace(OWN, is_withdrawn=True), rules.ALREADY_WITHDRAWN.code),
        (replace(OWN, is_shown=False), rules.NOT_SHOWN.code),
        (replace(OWN, stopped=True), rules.STOPPED.code),
        (replace(OWN, is_open=False), rules.OVER.code),
        # said in the last minute of the phase: the fifteen minutes still count
        (replace(OWN, is_open=False, said_at=NOW - timedelta(minutes=14)), None),
        (replace(OWN, is_open=False, said_at=NOW - timedelta(minutes=15)), rules.OVER.code),
    ],
)
def test_who_may_change_what_they_said(facts: OwnFacts, code: str | None) -> None:
    refusal = rules.edit_refusal(facts)

    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(("minutes", "kept"), [(14.9, False), (15, True), (600, True)])
def test_a_change_after_fifteen_minutes_is_kept(minutes: float, kept: bool) -> None:
    facts = replace(OWN, said_at=NOW - timedelta(minutes=minutes))

    assert rules.leaves_version(facts) is kept


@settings(deadline=None)  # the machine may be busy
@given(st.booleans(), st.booleans(), st.booleans())
def test_own_words_can_be_taken_back_whatever_the_dates(
    is_open: bool, stopped: bool, is_shown: bool
) -> None:
    facts = replace(OWN, is_open=is_open, stopped=stopped, is_shown=is_shown)

    assert rules.withdraw_refusal(facts) is None
    assert rules.withdraw_refusal(replace(facts, is_author=False)) == rules.NOT_OWN


@pytest.mark.parametrize("text", [None, "", "random", "NAJNOWSZE", "najnowsze'--"])
def test_an_unknown_order_is_from_the_beginning(text: str | None) -> None:
    assert order_named(text) is Order.OLDEST
    assert order_named("najnowsze") is Order.NEWEST
