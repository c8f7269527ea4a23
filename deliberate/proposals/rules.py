"""Who may propose, support, change and withdraw, and when. No database, no request.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

if TYPE_CHECKING:
    from deliberate.subjects.gate import Gate

STOPPED = Refusal(
    "proposals.stopped",
    N_("Te konsultacje są zatrzymane albo zakończone. Powód jest na ich stronie."),
)
NOT_SHOWN = Refusal("proposals.not_shown", N_("Ta propozycja jest ukryta."))
WITHDRAWN = Refusal(
    "proposals.withdrawn", N_("Ta propozycja została wycofana przez osobę, która ją zgłosiła.")
)
ON_BALLOT = Refusal(
    "proposals.on_ballot",
    N_("Ta propozycja jest dopuszczona do głosowania, więc jej treść już się nie zmieni."),
)

TOO_EARLY = Refusal("propose.too_early", N_("Zbieranie propozycji jeszcze się nie zaczęło."))
TOO_LATE = Refusal("propose.too_late", N_("Zbieranie propozycji już się zakończyło."))

SUPPORT_TOO_EARLY = Refusal("support.too_early", N_("Zbieranie poparcia jeszcze się nie zaczęło."))
SUPPORT_TOO_LATE = Refusal("support.too_late", N_("Zbieranie poparcia już się zakończyło."))
OWN_PROPOSAL = Refusal(
    "support.own_proposal",
    N_("To Twoja propozycja. Poparcie dają jej inne osoby – możesz im ją pokazać."),
)
ALREADY_GIVEN = Refusal("support.already_given", N_("Ta propozycja ma już Twoje poparcie."))
NOT_GIVEN = Refusal("support.not_given", N_("Ta propozycja nie ma Twojego poparcia."))

NOT_AUTHOR = Refusal(
    "change.not_author", N_("Zmienić tę propozycję mogą tylko osoby, które ją podpisały.")
)
NOTE_NEEDED = Refusal(
    "change.note_needed",
    N_("Zbieranie propozycji się skończyło. Napisz, co i dlaczego zmieniasz – to będzie widoczne."),
)
CHANGED_MEANWHILE = Refusal(
    "change.meanwhile",
    N_(
        "Ktoś zmienił tę propozycję w międzyczasie. Twój tekst jest poniżej – "
        "porównaj go z obecnym i zapisz jeszcze raz."
    ),
)
PICTURE_TOO_LATE = Refusal(
    "change.picture_too_late",
    N_("Zbieranie propozycji się skończyło. Zdjęcia nie można już dodać ani zamienić."),
)
ONLY_AUTHOR = Refusal(
    "proposals.only_author", N_("Może to zrobić tylko osoba, która zgłosiła tę propozycję.")
)

TOO_MANY_COAUTHORS = Refusal(
    "coauthors.too_many", N_("Pod jedną propozycją może podpisać się najwyżej 10 osób.")
)
OWN_ADDRESS = Refusal(
    "coauthors.own_address", N_("To Twój adres. Ta propozycja ma już Twój podpis.")
)
ALREADY_ASKED = Refusal("coauthors.already_asked", N_("Na ten adres zaproszenie już poszło."))
ALREADY_SIGNED = Refusal("coauthors.already_signed", N_("Ta propozycja ma już Twój podpis."))

MOST_COAUTHORS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeFacts:
    """``lacks``: what the person lacks to take part here, by what the consultation asks for."""

    gate: Gate
    lacks: Refusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFacts:
    """``is_author``: the author or somebody who signs the proposal with them."""

    gate: Gate
    lacks: Refusal | None
    is_shown: bool
    is_withdrawn: bool
    is_author: bool
    has_supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """``gate`` is that of proposing. ``signs``: is the author or a co-author who accepted."""

    gate: Gate
    is_shown: bool
    is_withdrawn: bool
    on_ballot: bool
    is_author: bool
    signs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteFacts:
    """Of asking somebody to sign a proposal too."""

    change: ChangeFacts
    count: int  # asked and accepted so far
    is_own_address: bool
    is_asked: bool


def propose_refusal(facts: ProposeFacts) -> Refusal | None:
    """Return why this person may not put a proposal forward now, or None if they may."""
    return closed_refusal(facts) or facts.lacks


def closed_refusal(facts: ProposeFacts) -> Refusal | None:
    """Return why nobody may put a proposal forward now, or None if people may."""
    return _closed(facts.gate, early=TOO_EARLY, late=TOO_LATE)


def support_refusal(facts: SupportFacts) -> Refusal | None:
    """Return why this person may not give support now, or None if they may."""
    if not facts.is_shown:
        return NOT_SHOWN
    if facts.is_withdrawn:
        return WITHDRAWN
    if closed := _closed(facts.gate, early=SUPPORT_TOO_EARLY, late=SUPPORT_TOO_LATE):
        return closed
    if facts.is_author:
        return OWN_PROPOSAL
    if facts.has_supported:
        return ALREADY_GIVEN
    return facts.lacks


def support_is_over(gate: Gate, *, now: datetime) -> bool:
    """Tell whether nobody will give support here any more.

    The dates decide, not a stop: what is suspended may be resumed.
    """
    return gate.opens_at is None and (gate.ends_at is None or gate.ends_at <= now)


def support_withdrawal_refusal(facts: SupportFacts) -> Refusal | None:
    """Return why this person may not take their support back now, or None if they may.

    Whoever has since lost their standing, or signs the proposal now, may still take it back.
    """
    if not facts.is_shown:
        return NOT_SHOWN
    if closed := _closed(facts.gate, early=SUPPORT_TOO_EARLY, late=SUPPORT_TOO_LATE):
        return closed
    if not facts.has_supported:
        return NOT_GIVEN
    return None


def change_refusal(facts: ChangeFacts) -> Refusal | None:
    """Return why this person may not change the text now, or None if they may."""
    return _fixed(facts) or (None if facts.signs else NOT_AUTHOR)


def needs_note(facts: ChangeFacts) -> bool:
    """Tell whether a change has to say what and why: people have read the text as it was."""
    return not facts.gate.is_open


def picture_refusal(facts: ChangeFacts) -> Refusal | None:
    """Return why this person may not add or take away the picture now, or None if they may.

    A change of words can be shown word by word, one of a picture cannot.
    """
    if refusal := change_refusal(facts):
        return refusal
    return None if facts.gate.is_open else PICTURE_TOO_LATE


def withdrawal_refusal(facts: ChangeFacts) -> Refusal | None:
    """Return why this person may not withdraw the proposal now, or None if they may."""
    return _fixed(facts) or (None if facts.is_author else ONLY_AUTHOR)


def invite_refusal(facts: InviteFacts) -> Refusal | None:
    """Return why this person may not ask that address to sign too, or None if they may."""
    if refusal := withdrawal_refusal(facts.change):  # as far as the proposal is still theirs
        return refusal
    if facts.is_own_address:
        return OWN_ADDRESS
    if facts.is_asked:
        return ALREADY_ASKED
    if facts.count >= MOST_COAUTHORS:
        return TOO_MANY_COAUTHORS
    return None


def _closed(gate: Gate, *, early: Refusal, late: Refusal) -> Refusal | None:
    if gate.stopped:
        return STOPPED
    if gate.is_open:
        return None
    return early if gate.opens_at is not None else late


def _fixed(facts: ChangeFacts) -> Refusal | None:
    """Return why the proposal stays as it is, whoever asks."""
    if not facts.is_shown:
        return NOT_SHOWN
    if facts.gate.stopped:
        return STOPPED
    if facts.is_withdrawn:
        return WITHDRAWN
    if facts.on_ballot:
        return ON_BALLOT
    return None
