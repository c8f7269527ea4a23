"""Codes, names, residence: when something may be done and why not. No database, no request."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.algorithms.folding import fold
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

CODE_VALID = timedelta(minutes=10)
MOST_CODE_TRIES = 5
INTRODUCTION_VALID = timedelta(hours=1)  # to say one's name, once the address is proven
LETTER_VALID = timedelta(days=30)
LETTER_WAITS = timedelta(days=90)  # asked for and never printed: the address goes all the same
NEXT_LETTER_AFTER = timedelta(days=7)
MOST_LETTER_TRIES = 10
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
SHORTEST_REASON = 20
CLOSED_NAME = N_("konto usunięte")

# A resident must not look like the office; in whose name they write is shown beside it as well.
RESERVED = frozenset({"urzad", "urzedu", "administrator", "administracja", "moderator"})

CODE_EXPIRED = Refusal("code.expired", N_("Ten kod wygasł po 10 minutach. Wyślij nowy kod."))
CODE_USED = Refusal("code.used", N_("Ten kod został już użyty. Wyślij nowy kod."))
CODE_SPENT = Refusal(
    "code.spent", N_("Pięć prób się nie udało, więc ten kod już nie działa. Wyślij nowy kod.")
)
CODE_WRONG = Refusal(
    "code.wrong", N_("Kod się nie zgadza. Przepisz sześć cyfr z najnowszego listu.")
)

EMAIL_TAKEN = Refusal("email.taken", N_("Tego adresu nie można użyć. Podaj inny."))
PASSWORD_WRONG = Refusal("password.wrong", N_("Obecne hasło się nie zgadza."))
NOT_FRESH = Refusal(
    "session.not_fresh",
    N_("Od zalogowania minęło więcej niż 5 minut. Zaloguj się jeszcze raz i powtórz."),
)
CLOSED_ACCOUNT = Refusal("account.closed", N_("To konto jest zamknięte."))
HAS_ROLE = Refusal(
    "closing.has_role",
    N_(
        "To konto ma rolę w urzędzie. Najpierw zakończy ją osoba, która zarządza rolami, "
        "potem można zamknąć konto."
    ),
)

NO_RESIDENTS = Refusal(
    "residence.no_residents", N_("Ten portal prowadzi organizacja: nikt nie jest tu mieszkańcem.")
)
REFUSED_BEFORE = Refusal(
    "residence.refused", N_("Urząd nie potwierdził zamieszkania. Wyjaśnisz to w urzędzie.")
)
ALREADY_CONFIRMED = Refusal("residence.confirmed", N_("Zamieszkanie jest już potwierdzone."))
NOT_DECLARED = Refusal("residence.not_declared", N_("Najpierw złóż oświadczenie o zamieszkaniu."))
LETTER_ON_ITS_WAY = Refusal(
    "letter.on_its_way",
    N_("List jest w drodze. O następny możesz poprosić tydzień po wysłaniu poprzedniego."),
)
NO_LETTER = Refusal("letter.none", N_("Nie ma listu, z którego byłby kod. Poproś o list."))
LETTER_EXPIRED = Refusal("letter.expired", N_("Kod z listu był ważny 30 dni. Poproś o nowy list."))
LETTER_SPENT = Refusal(
    "letter.spent", N_("Dziesięć prób się nie udało, więc kod już nie działa. Poproś o nowy list.")
)
LETTER_CODE_WRONG = Refusal(
    "letter.wrong", N_("Kod się nie zgadza. Ma osiem znaków, bez liter I, L, O i U.")
)
OWN_RESIDENCE = Refusal(
    "residence.own", N_("O swoim zamieszkaniu nie decyduje się samodzielnie. Zrobi to inna osoba.")
)
ALREADY_PRINTED = Refusal(
    "letter.printed",
    N_("Ten list został już wydrukowany, a kodu nie można pokazać drugi raz. Wydrukuj nowy list."),
)


def fold_email(address: str) -> str:
    """Return the form in which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name to be shown, or None."""
    if not any(character.isalpha() for character in name):
        return N_("Podaj imię albo pseudonim.")
    if "@" in name or "://" in name:
        return N_("Podaj imię albo pseudonim, bez adresu: tę nazwę zobaczą wszyscy.")
    if RESERVED & set(fold(name).split()) or fold(name) == fold(CLOSED_NAME):
        return N_("Taka nazwa mogłaby udawać urząd albo portal. Wybierz inną.")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What is known of a code that somebody types."""

    now: datetime
    expires_at: datetime
    used: bool
    tries: int


def code_refusal(facts: CodeFacts) -> Refusal | None:
    """Return why no code can be accepted now, right or wrong, or None."""
    if facts.used:
        return CODE_USED
    if facts.now >= facts.expires_at:
        return CODE_EXPIRED
    if facts.tries >= MOST_CODE_TRIES:
        return CODE_SPENT
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceFacts:
    """What the rules of residence look at; ``state`` is None where nothing was declared."""

    now: datetime
    state: str | None
    has_residents: bool = True
    letter_asked_at: datetime | None = None
    letter_sent_at: datetime | None = None
    letter_tries: int = 0


def declaration_refusal(facts: ResidenceFacts) -> Refusal | None:
    """Return why a person may not declare, or change, where they live."""
    if not facts.has_residents:
        return NO_RESIDENTS
    return _settled(facts)


def withdrawal_refusal(facts: ResidenceFacts) -> Refusal | None:
    """Return why a person may not take the declaration back.

    Not after a refusal: declaring again would make it as if the office had never decided.
    """
    if facts.state is None:
        return NOT_DECLARED
    return REFUSED_BEFORE if facts.state == "refused" else None


def letter_refusal(facts: ResidenceFacts) -> Refusal | None:
    """Return why a person may not ask for a letter with a code."""
    if facts.state is None:
        return NOT_DECLARED
    if refusal := _settled(facts):
        return refusal
    sent = facts.letter_sent_at
    if sent is not None and facts.now < sent + NEXT_LETTER_AFTER:
        return LETTER_ON_ITS_WAY if facts.letter_tries < MOST_LETTER_TRIES else None
    return None


def letter_code_refusal(facts: ResidenceFacts) -> Refusal | None:
    """Return why no code of a letter can be accepted now, right or wrong."""
    if facts.state is None:
        return NOT_DECLARED
    if refusal := _settled(facts):
        return refusal
    if facts.letter_sent_at is None:
        return NO_LETTER
    if facts.now >= facts.letter_sent_at + LETTER_VALID:
        return LETTER_EXPIRED
    if facts.letter_tries >= MOST_LETTER_TRIES:
        return LETTER_SPENT
    return None


def printing_refusal(facts: ResidenceFacts, *, own: bool, again: bool) -> Refusal | None:
    """Return why an officer may not print a letter. ``again``: the printed one is to be void."""
    if own:
        return OWN_RESIDENCE
    if refusal := _settled(facts):
        return refusal
    if facts.letter_asked_at is None:
        return NO_LETTER
    if facts.letter_sent_at is not None and not again:
        return ALREADY_PRINTED
    return None


def confirmation_refusal(facts: ResidenceFacts, *, own: bool) -> Refusal | None:
    """Return why an officer may not confirm at the desk; a refused person may have come there."""
    if own:
        return OWN_RESIDENCE
    return ALREADY_CONFIRMED if facts.state == "confirmed" else None


def rejection_refusal(facts: ResidenceFacts, *, own: bool) -> Refusal | None:
    """Return why an officer may not refuse; what was confirmed may turn out untrue."""
    if own:
        return OWN_RESIDENCE
    return REFUSED_BEFORE if facts.state == "refused" else None


def _settled(facts: ResidenceFacts) -> Refusal | None:
    if facts.state == "refused":
        return REFUSED_BEFORE
    return ALREADY_CONFIRMED if facts.state == "confirmed" else None
