"""Codes, names, residence: who may do what when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deliberate.accounts import rules
from deliberate.accounts.rules import CodeFacts, ResidenceFacts
from deliberate.kernel.refusals import Refusal

NOW = datetime(2027, 5, 4, 10, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
CODE = CodeFacts(now=NOW, expires_at=NOW + timedelta(minutes=10), used=False, tries=0)
NOBODY = ResidenceFacts(now=NOW, state=None)
DECLARED = ResidenceFacts(now=NOW, state="declared")
CONFIRMED = replace(DECLARED, state="confirmed")
REFUSED = replace(DECLARED, state="refused")
ASKED = replace(DECLARED, letter_asked_at=NOW - timedelta(days=3))
SENT = replace(ASKED, letter_sent_at=NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (CODE, None),
        (replace(CODE, expires_at=NOW + MOMENT), None),
        (replace(CODE, expires_at=NOW), rules.CODE_EXPIRED),
        (replace(CODE, used=True), rules.CODE_USED),
        (replace(CODE, tries=4), None),
        (replace(CODE, tries=5), rules.CODE_SPENT),
        # What cannot be helped is said first.
        (replace(CODE, used=True, expires_at=NOW, tries=5), rules.CODE_USED),
        (replace(CODE, expires_at=NOW, tries=5), rules.CODE_EXPIRED),
    ],
)
def test_a_code_works_once_for_ten_minutes_and_five_tries(
    facts: CodeFacts, refusal: Refusal | None
) -> None:
    assert rules.code_refusal(facts) is refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (NOBODY, None),
        (DECLARED, None),
        (CONFIRMED, rules.ALREADY_CONFIRMED),
        (REFUSED, rules.REFUSED_BEFORE),
        (replace(NOBODY, has_residents=False), rules.NO_RESIDENTS),
    ],
)
def test_who_may_declare(facts: ResidenceFacts, refusal: Refusal | None) -> None:
    assert rules.declaration_refusal(facts) is refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (NOBODY, rules.NOT_DECLARED),
        (DECLARED, None),
        (CONFIRMED, None),
        (REFUSED, rules.REFUSED_BEFORE),
    ],
)
def test_a_refusal_cannot_be_withdrawn_away(facts: ResidenceFacts, refusal: Refusal | None) -> None:
    assert rules.withdrawal_refusal(facts) is refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (NOBODY, rules.NOT_DECLARED),
        (DECLARED, None),
        (ASKED, None),
        (SENT, rules.LETTER_ON_ITS_WAY),
        (replace(SENT, letter_tries=10), None),
        (replace(SENT, letter_sent_at=NOW - timedelta(days=7) + MOMENT), rules.LETTER_ON_ITS_WAY),
        (replace(SENT, letter_sent_at=NOW - timedelta(days=7)), None),
        (CONFIRMED, rules.ALREADY_CONFIRMED),
        (REFUSED, rules.REFUSED_BEFORE),
    ],
)
def test_who_may_ask_for_a_letter(facts: ResidenceFacts, refusal: Refusal | None) -> None:
    assert rules.letter_refusal(facts) is refusal


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (NOBODY, rules.NOT_DECLARED),
        (DECLARED, rules.NO_LETTER),
        (ASKED, rules.NO_LETTER),
        (SENT, None),
        (replace(SENT, letter_sent_at=NOW - timedelta(days=30) + MOMENT), None),
        (replace(SENT, letter_sent_at=NOW - timedelta(days=30)), rules.LETTER_EXPIRED),
        (replace(SENT, letter_tries=9), None),
        (replace(SENT, letter_tries=10), rules.LETTER_SPENT),
        (replace(SENT, state="confirmed"), rules.ALREADY_CONFIRMED),
        (replace(SENT, state="refused"), rules.REFUSED_BEFORE),
    ],
)
def test_the_code_of_a_letter_works_thirty_days_and_ten_tries(
    facts: ResidenceFacts, refusal: Refusal | None
) -> None:
    assert rules.letter_code_refusal(facts) is refusal


@pytest.mark.parametrize(
    ("facts", "own", "again", "refusal"),
    [
        (ASKED, False, False, None),
        (ASKED, True, False, rules.OWN_RESIDENCE),
        (DECLARED, False, False, rules.NO_LETTER),
        (SENT, False, False, rules.ALREADY_PRINTED),
        (SENT, False, True, None),
        (CONFIRMED, False, True, rules.ALREADY_CONFIRMED),
        (replace(ASKED, state="refused"), False, False, rules.REFUSED_BEFORE),
    ],
)
def test_a_letter_is_printed_once_unless_said_so_and_never_ones_own(
    facts: ResidenceFacts, own: bool, again: bool, refusal: Refusal | None
) -> None:
    assert rules.printing_refusal(facts, own=own, again=again) is refusal


@pytest.mark.parametrize(
    ("facts", "own", "confirming", "rejecting"),
    [
        (DECLARED, False, None, None),
        (DECLARED, True, rules.OWN_RESIDENCE, rules.OWN_RESIDENCE),
        (CONFIRMED, False, rules.ALREADY_CONFIRMED, None),
        (REFUSED, False, None, rules.REFUSED_BEFORE),
    ],
)
def test_an_officer_decides_about_others_and_may_change_it(
    facts: ResidenceFacts, own: bool, confirming: Refusal | None, rejecting: Refusal | None
) -> None:
    assert rules.confirmation_refusal(facts, own=own) is confirming
    assert rules.rejection_refusal(facts, own=own) is rejecting


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Halina@Poczta.Example", "halina@poczta.example"),
        (" halina@poczta.example ", "halina@poczta.example"),
        ("z\u0307o@poczta.example", "żo@poczta.example"),
        ("STRASSE@poczta.example", "straße@poczta.example"),
    ],
)
def test_two_spellings_are_one_address(one: str, other: str) -> None:
    assert rules.fold_email(one) == rules.fold_email(other)


@pytest.mark.parametrize("name", ["Halina K.", "Олена Г.", "Łucja", "O'Neil", "Nad Wisłą 7"])
def test_a_name_is_what_a_person_says_it_is(name: str) -> None:
    assert rules.name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "123",
        "…",
        "halina@poczta.example",
        "https://bank.example",
        "Urząd Miasta",
        "URZĄD",
        "Moderator",
        "Konto  usunięte".replace("  ", " "),
    ],
)
def test_a_name_is_no_address_and_no_office(name: str) -> None:
    assert rules.name_problem(name) is not None
