"""Inviting, accepting and ending, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.accounts import staff_rules as rules
from deliberate.accounts.staff_rules import AcceptingFacts, InvitingFacts
from deliberate.kernel.actor import Role

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADMINISTRATOR = InvitingFacts(
    role=Role.APPROVER,
    is_whole=True,
    may_manage=True,
    may_invite_facilitators=True,
    is_own_address=False,
)
OFFICER = InvitingFacts(
    role=Role.FACILITATOR,
    is_whole=True,
    may_manage=False,
    may_invite_facilitators=True,
    is_own_address=False,
)
INVITED = AcceptingFacts(
    now=NOW,
    expires_at=NOW + timedelta(seconds=1),
    is_used=False,
    is_revoked=False,
    is_signed_in=True,
    is_address=True,
    is_inviter=False,
    is_held=False,
)


@pytest.mark.parametrize("role", rules.GIVEN_HERE)
def test_who_manages_people_invites_to_every_role_of_the_municipality(role: Role) -> None:
    assert rules.inviting_refusal(replace(ADMINISTRATOR, role=role)) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (OFFICER, None),
        (replace(ADMINISTRATOR, role=Role.OPERATOR), rules.NOT_YOURS_TO_GIVE),
        *[
            (replace(OFFICER, role=role), rules.NOT_YOURS_TO_GIVE)
            for role in Role
            if role is not Role.FACILITATOR
        ],
        *[
            (
                replace(ADMINISTRATOR, role=role, is_whole=False),
                rules.WHOLE_ONLY if role in rules.ALWAYS_WHOLE else None,
            )
            for role in rules.GIVEN_HERE
        ],
        (replace(OFFICER, is_whole=False), None),
        (replace(OFFICER, may_invite_facilitators=False), rules.NOT_YOURS_TO_GIVE),
        (replace(OFFICER, is_own_address=True), rules.YOURSELF),
        (replace(ADMINISTRATOR, is_own_address=True), rules.YOURSELF),
    ],
)
def test_inviting(facts: InvitingFacts, expected: object) -> None:
    assert rules.inviting_refusal(facts) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (INVITED, None),
        (replace(INVITED, is_used=True), rules.USED),
        (replace(INVITED, is_revoked=True), rules.REVOKED),
        (replace(INVITED, expires_at=NOW), rules.EXPIRED),
        (replace(INVITED, is_signed_in=False, is_address=False), rules.SIGN_IN),
        (replace(INVITED, is_inviter=True), rules.YOURSELF),
        (replace(INVITED, is_address=False), rules.OTHER_ADDRESS),
        (replace(INVITED, is_held=True), rules.ALREADY_HELD),
        (replace(INVITED, is_used=True, is_address=False), rules.USED),
        (replace(INVITED, expires_at=NOW, is_signed_in=False), rules.EXPIRED),
    ],
)
def test_accepting(facts: AcceptingFacts, expected: object) -> None:
    assert rules.accepting_refusal(facts) is expected


@pytest.mark.parametrize(
    ("is_ended", "is_administrator", "others", "expected"),
    [
        (False, True, 1, None),
        (False, False, 0, None),
        (False, True, 0, rules.LAST_ADMINISTRATOR),
        (True, True, 0, rules.ENDED),
    ],
)
def test_ending(is_ended: bool, is_administrator: bool, others: int, expected: object) -> None:
    found = rules.ending_refusal(
        is_ended=is_ended, is_administrator=is_administrator, other_administrators=others
    )

    assert found is expected
