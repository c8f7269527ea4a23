"""What a register's number looks like, who verifies, who belongs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SHORTEST_REASON = 20
MEMBER_LINK_VALID = timedelta(days=14)

KRS_WRONG = N_("Numer KRS ma 10 cyfr, na przykład 0000123456.")
NUMBER_MISSING = N_("Podaj numer z rejestru albo wybierz „bez rejestru”.")
NUMBER_NOT_NEEDED = N_("Bez rejestru nie ma numeru. Usuń go albo wybierz rejestr.")

ENTERED = Refusal(
    "organisation.entered", N_("Ta organizacja jest już zgłoszona. Znajdziesz ją na liście.")
)
DECIDED = Refusal("organisation.decided", N_("Ta organizacja jest już sprawdzona."))
OWN = Refusal(
    "organisation.own", N_("Należysz do tej organizacji, więc sprawdza ją inna osoba z urzędu.")
)
SAME_NUMBER = Refusal(
    "organisation.same_number",
    N_("Organizacja z tym numerem jest już sprawdzona. Odmów tej i podaj, którą mają na myśli."),
)
NOT_A_MEMBER = Refusal(
    "organisation.not_a_member", N_("Może to zrobić osoba, która należy do tej organizacji.")
)
ONLY_OWN = Refusal(
    "organisation.only_own",
    N_("Każda osoba odchodzi sama. Kogoś innego usuwa osoba, która założyła tę stronę."),
)
LINK_EXPIRED = Refusal(
    "organisation.link_expired", N_("To zaproszenie wygasło po 14 dniach. Poproś o nowe.")
)
LINK_OLD = Refusal(
    "organisation.link_old", N_("To zaproszenie jest starsze niż Twoje odejście. Poproś o nowe.")
)
OTHER_ADDRESS = Refusal(
    "organisation.other_address",
    N_("Zaproszenie przyszło na inny adres niż adres Twojego konta."),
)
ALREADY_A_MEMBER = Refusal("organisation.already_a_member", N_("Należysz już do tej organizacji."))


def number_problem(register: str, number: str) -> str | None:
    """Return what is wrong with a number of a register, or None."""
    if register == "none":
        return NUMBER_NOT_NEEDED if number else None
    if not number:
        return NUMBER_MISSING
    if register == "krs" and not re.fullmatch("[0-9]{10}", number):
        return KRS_WRONG
    return None


def verdict_refusal(*, is_verified: bool, is_member: bool) -> Refusal | None:
    """Return why a person of the office may not decide about an organisation, or None."""
    if is_verified:
        return DECIDED
    return OWN if is_member else None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningFacts:
    """An invitation to an organisation and the person who holds it."""

    now: datetime
    invited_at: datetime
    is_address: bool
    is_member: bool
    left_at: datetime | None


def joining_refusal(facts: JoiningFacts) -> Refusal | None:
    """Return why a person may not join by this invitation, or None."""
    if facts.now >= facts.invited_at + MEMBER_LINK_VALID:
        return LINK_EXPIRED
    if not facts.is_address:
        return OTHER_ADDRESS
    if facts.is_member:
        return ALREADY_A_MEMBER
    return LINK_OLD if facts.left_at is not None and facts.left_at >= facts.invited_at else None
