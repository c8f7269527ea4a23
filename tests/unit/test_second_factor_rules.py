"""Codes of an app and the rules around them: as tables, and by the numbers of RFC 6238."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.accounts import factor_rules as rules
from deliberate.accounts import totp
from deliberate.accounts.factor_rules import AppCode, ResetFacts
from deliberate.accounts.rules import CodeFacts

# RFC 6238, appendix B: the secret, and moments with the last six of their eight digits.
SECRET = base64.b32encode(b"12345678901234567890").decode()
PUBLISHED = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
NOW = datetime(2026, 6, 1, 12, 0, 10, tzinfo=UTC)
HERE = totp.step_of(NOW)


@pytest.mark.parametrize(("seconds", "code"), PUBLISHED)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)

    assert totp.code_at(SECRET, totp.step_of(moment)) == code
    assert totp.matching_step(SECRET, code, now=moment) == seconds // 30


@pytest.mark.parametrize(
    ("off", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_a_step_early_or_late(off: int, accepted: bool) -> None:
    found = totp.matching_step(SECRET, totp.code_at(SECRET, HERE + off), now=NOW)

    assert found == (HERE + off if accepted else None)


def test_of_two_steps_with_one_code_the_later_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the same six digits would be accepted once more half a minute later."""
    monkeypatch.setattr(totp, "code_at", lambda _secret, _step: "123456")

    assert totp.matching_step(SECRET, "123456", now=NOW) == HERE + 1


def test_a_new_secret_is_160_bits_that_apps_can_read() -> None:
    made = {totp.new_secret() for _ in range(50)}

    assert len(made) == 50
    assert all(len(base64.b32decode(secret)) == 20 for secret in made)
    assert totp.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_the_address_names_the_account_and_the_office() -> None:
    address = totp.address(SECRET, account="ewa@poczta.example", issuer="Gmina Łąki")

    assert address.startswith("otpauth://totp/Gmina%20%C5%81%C4%85ki:ewa%40poczta.example?")
    assert f"secret={SECRET}" in address
    assert totp.picture(address).startswith("data:image/svg+xml")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (AppCode(step=HERE, last_step=HERE - 1), None),
        (AppCode(step=HERE + 1, last_step=HERE), None),
        (AppCode(step=HERE, last_step=HERE), rules.CODE_REPLAYED),
        (AppCode(step=HERE, last_step=HERE + 1), rules.CODE_REPLAYED),
        (AppCode(step=None, last_step=HERE), rules.CODE_WRONG),
    ],
)
def test_a_code_works_once_and_none_before_it(code: AppCode, expected: object) -> None:
    assert rules.app_code_refusal(code) is expected


TRY = CodeFacts(now=NOW, expires_at=NOW + timedelta(seconds=1), used=False, tries=4)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (TRY, None),
        (replace(TRY, tries=5), rules.STEP_SPENT),
        (replace(TRY, expires_at=NOW), rules.STEP_EXPIRED),
        (replace(TRY, used=True), rules.STEP_USED),
        (replace(TRY, used=True, tries=5), rules.STEP_USED),
        (replace(TRY, tries=5, expires_at=NOW), rules.STEP_SPENT),
    ],
)
def test_a_try_to_sign_in_ends(facts: CodeFacts, expected: object) -> None:
    assert rules.step_refusal(facts) is expected


RESET = ResetFacts(is_own=False, has_factor=True, works_elsewhere=False, administrators=1)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (RESET, None),
        (replace(RESET, works_elsewhere=True), rules.WORKS_ELSEWHERE),
        (replace(RESET, is_own=True), rules.OWN),
        (replace(RESET, has_factor=False), rules.NOTHING_TO_RESET),
        (replace(RESET, administrators=0), rules.NO_SECOND_ADMINISTRATOR),
        (replace(RESET, has_factor=False, administrators=0), rules.NOTHING_TO_RESET),
    ],
)
def test_who_may_ask_to_take_a_factor_away(facts: ResetFacts, expected: object) -> None:
    assert rules.reset_refusal(facts) is expected
