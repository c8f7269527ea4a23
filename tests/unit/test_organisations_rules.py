"""Numbers of registers, verdicts, joining, capacities: as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.authorship.models import Capacity
from deliberate.organisations import kinds, rules
from deliberate.organisations.models import OrganisationKind, Register
from deliberate.organisations.rules import JoiningFacts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INVITED = JoiningFacts(
    now=NOW,
    invited_at=NOW - timedelta(days=14) + timedelta(seconds=1),
    is_address=True,
    is_member=False,
    left_at=None,
)


@pytest.mark.parametrize(
    ("register", "number", "expected"),
    [
        ("krs", "0009990001", None),
        ("krs", "009990001", rules.KRS_WRONG),
        ("krs", "00099900011", rules.KRS_WRONG),
        ("krs", "000999000a", rules.KRS_WRONG),
        ("krs", "٠٠٠٩٩٩٠٠٠١", rules.KRS_WRONG),  # digits, but not those of the register
        ("krs", "", rules.NUMBER_MISSING),
        ("county", "", rules.NUMBER_MISSING),
        ("county", "poz. 9990", None),
        ("rural_women", "9990/1", None),
        ("none", "", None),
        ("none", "1", rules.NUMBER_NOT_NEEDED),
    ],
)
def test_numbers_of_registers(register: str, number: str, expected: str | None) -> None:
    assert rules.number_problem(register, number) == expected


def test_every_kind_and_register_has_a_name() -> None:
    assert set(kinds.KINDS) == set(OrganisationKind)
    assert set(kinds.REGISTERS) == set(Register)


def test_a_member_does_not_verify_their_own_organisation() -> None:
    assert rules.verdict_refusal(is_verified=False, is_member=False) is None
    assert rules.verdict_refusal(is_verified=False, is_member=True) is rules.OWN
    assert rules.verdict_refusal(is_verified=True, is_member=True) is rules.DECIDED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (INVITED, None),
        (replace(INVITED, invited_at=NOW - timedelta(days=14)), rules.LINK_EXPIRED),
        (replace(INVITED, is_address=False), rules.OTHER_ADDRESS),
        (replace(INVITED, is_member=True), rules.ALREADY_A_MEMBER),
        (replace(INVITED, left_at=NOW), rules.LINK_OLD),
        (replace(INVITED, left_at=NOW - timedelta(days=20)), None),
    ],
)
def test_joining(facts: JoiningFacts, expected: object) -> None:
    assert rules.joining_refusal(facts) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OrganisationKind.FOUNDATION, (Capacity.ORGANISATION, "Most")),
        (OrganisationKind.INFORMAL, (Capacity.ORGANISATION, "Most")),
        (OrganisationKind.CITY_COUNCIL, (Capacity.COUNCILLOR, "radna, Most")),
        (OrganisationKind.VILLAGE, (Capacity.VILLAGE_HEAD, "radna, Most")),
        (OrganisationKind.NEIGHBOURHOOD_COUNCIL, (Capacity.NEIGHBOURHOOD_COUNCIL, "radna, Most")),
        (OrganisationKind.YOUTH_COUNCIL, (Capacity.YOUTH_COUNCIL, "radna, Most")),
    ],
)
def test_the_capacity_follows_from_the_kind(
    kind: OrganisationKind, expected: tuple[Capacity, str]
) -> None:
    assert kinds.voice_of(kind, "Most", "radna") == expected
