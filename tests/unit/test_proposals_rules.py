"""The rules of proposals: no database, no application."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.accounts.standing import DECLARE, Needs
from deliberate.kernel.refusals import Refusal
from deliberate.proposals import rules
from deliberate.proposals.rules import ChangeFacts, InviteFacts, ProposeFacts, SupportFacts
from deliberate.subjects.gate import Gate

NOW = datetime(2027, 5, 4, 12, 0, tzinfo=UTC)
OPEN = Gate(is_open=True, opens_at=None, ends_at=NOW + timedelta(days=6), needs=Needs.DECLARED)
EARLY = replace(OPEN, is_open=False, opens_at=NOW + timedelta(days=1), ends_at=None)
LATE = replace(OPEN, is_open=False, ends_at=NOW)
STOPPED = replace(OPEN, is_open=False, stopped=True)

WRITER = ProposeFacts(gate=OPEN, lacks=None)
READER = SupportFacts(
    gate=OPEN, lacks=None, is_shown=True, is_withdrawn=False, is_author=False, has_supported=False
)
AUTHOR = ChangeFacts(
    gate=OPEN, is_shown=True, is_withdrawn=False, on_ballot=False, is_author=True, signs=True
)
COAUTHOR = replace(AUTHOR, is_author=False)
STRANGER = replace(COAUTHOR, signs=False)
INVITER = InviteFacts(change=AUTHOR, count=0, is_own_address=False, is_asked=False)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (WRITER, None),
        (replace(WRITER, gate=EARLY), rules.TOO_EARLY),
        (replace(WRITER, gate=LATE), rules.TOO_LATE),
        (replace(WRITER, gate=STOPPED), rules.STOPPED),
        (replace(WRITER, lacks=DECLARE), DECLARE),
        (replace(WRITER, gate=LATE, lacks=DECLARE), rules.TOO_LATE),
    ],
)
def test_who_may_propose(facts: ProposeFacts, refusal: Refusal | None) -> None:
    assert rules.propose_refusal(facts) == refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (READER, None),
        (replace(READER, is_shown=False), rules.NOT_SHOWN),
        (replace(READER, is_withdrawn=True), rules.WITHDRAWN),
        (replace(READER, gate=STOPPED), rules.STOPPED),
        (replace(READER, gate=EARLY), rules.SUPPORT_TOO_EARLY),
        (replace(READER, gate=LATE), rules.SUPPORT_TOO_LATE),
        (replace(READER, is_author=True), rules.OWN_PROPOSAL),
        (replace(READER, has_supported=True), rules.ALREADY_GIVEN),
        (replace(READER, lacks=DECLARE), DECLARE),
        (replace(READER, gate=LATE, is_author=True), rules.SUPPORT_TOO_LATE),
        # Whoever supported and lost their standing since is told the former.
        (replace(READER, has_supported=True, lacks=DECLARE), rules.ALREADY_GIVEN),
    ],
)
def test_who_may_support(facts: SupportFacts, refusal: Refusal | None) -> None:
    assert rules.support_refusal(facts) == refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(READER, has_supported=True), None),
        (replace(READER, has_supported=True, lacks=DECLARE), None),
        (replace(READER, has_supported=True, is_withdrawn=True), None),
        (replace(READER, has_supported=True, is_shown=False), rules.NOT_SHOWN),
        (replace(READER, has_supported=True, gate=LATE), rules.SUPPORT_TOO_LATE),
        (replace(READER, has_supported=True, gate=STOPPED), rules.STOPPED),
        (READER, rules.NOT_GIVEN),
    ],
)
def test_who_may_take_support_back(facts: SupportFacts, refusal: Refusal | None) -> None:
    assert rules.support_withdrawal_refusal(facts) == refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (AUTHOR, None),
        (COAUTHOR, None),
        (STRANGER, rules.NOT_AUTHOR),
        (replace(AUTHOR, gate=LATE), None),  # with a note that everyone sees
        (replace(AUTHOR, gate=STOPPED), rules.STOPPED),
        (replace(AUTHOR, is_shown=False), rules.NOT_SHOWN),
        (replace(AUTHOR, is_withdrawn=True), rules.WITHDRAWN),
        (replace(AUTHOR, on_ballot=True), rules.ON_BALLOT),
        (replace(STRANGER, on_ballot=True), rules.ON_BALLOT),
    ],
)
def test_who_may_change_the_text(facts: ChangeFacts, refusal: Refusal | None) -> None:
    assert rules.change_refusal(facts) == refusal


def test_a_change_after_the_deadline_needs_a_note() -> None:
    assert not rules.needs_note(AUTHOR)
    assert rules.needs_note(replace(AUTHOR, gate=LATE))


def test_a_picture_stays_as_it_is_after_the_deadline() -> None:
    assert rules.picture_refusal(COAUTHOR) is None
    assert rules.picture_refusal(STRANGER) == rules.NOT_AUTHOR
    assert rules.picture_refusal(replace(AUTHOR, gate=LATE)) == rules.PICTURE_TOO_LATE


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (AUTHOR, None),
        (COAUTHOR, rules.ONLY_AUTHOR),
        (STRANGER, rules.ONLY_AUTHOR),
        (replace(AUTHOR, on_ballot=True), rules.ON_BALLOT),
        (replace(AUTHOR, is_withdrawn=True), rules.WITHDRAWN),
    ],
)
def test_who_may_withdraw_a_proposal(facts: ChangeFacts, refusal: Refusal | None) -> None:
    assert rules.withdrawal_refusal(facts) == refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (INVITER, None),
        (replace(INVITER, change=COAUTHOR), rules.ONLY_AUTHOR),
        (replace(INVITER, is_own_address=True), rules.OWN_ADDRESS),
        (replace(INVITER, is_asked=True), rules.ALREADY_ASKED),
        (replace(INVITER, count=rules.MOST_COAUTHORS - 1), None),
        (replace(INVITER, count=rules.MOST_COAUTHORS), rules.TOO_MANY_COAUTHORS),
    ],
)
def test_who_may_ask_others_to_sign(facts: InviteFacts, refusal: Refusal | None) -> None:
    assert rules.invite_refusal(facts) == refusal


gates = st.sampled_from([OPEN, EARLY, LATE, STOPPED])
support_facts = st.builds(
    SupportFacts,
    gate=gates,
    lacks=st.sampled_from([None, DECLARE]),
    is_shown=st.booleans(),
    is_withdrawn=st.booleans(),
    is_author=st.booleans(),
    has_supported=st.booleans(),
)


@given(support_facts)
def test_nobody_may_both_support_and_take_it_back(facts: SupportFacts) -> None:
    assert rules.support_refusal(facts) or rules.support_withdrawal_refusal(facts)


@given(support_facts)
def test_nothing_happens_to_support_while_it_is_not_collected(facts: SupportFacts) -> None:
    if not facts.gate.is_open:
        assert rules.support_refusal(facts)
        assert rules.support_withdrawal_refusal(facts)
