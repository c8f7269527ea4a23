"""Who may remark, withdraw and prepare documents, and when. No database, no request.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

if TYPE_CHECKING:
    from deliberate.subjects.gate import Gate

STOPPED = Refusal(
    "remarks.stopped",
    N_("Te konsultacje są zatrzymane albo zakończone. Powód jest na ich stronie."),
)
TOO_EARLY = Refusal("remarks.too_early", N_("Zbieranie uwag jeszcze się nie zaczęło."))
TOO_LATE = Refusal("remarks.too_late", N_("Zbieranie uwag już się zakończyło."))
NO_PLACE = Refusal(
    "remarks.no_place",
    N_("Tego miejsca nie ma już w dokumencie. Wybierz inne albo zgłoś uwagę do całości."),
)

NOT_SHOWN = Refusal("remarks.not_shown", N_("Ta uwaga jest ukryta."))
WITHDRAWN = Refusal("remarks.withdrawn", N_("Ta uwaga jest już wycofana."))
ANSWERED = Refusal(
    "remarks.answered",
    N_("Urząd odpowiedział już na tę uwagę, więc zostaje ona na liście razem z odpowiedzią."),
)
ONLY_AUTHOR = Refusal(
    "remarks.only_author", N_("Może to zrobić tylko osoba, która zgłosiła tę uwagę.")
)

AWAITING = Refusal(
    "documents.awaiting",
    N_("Te konsultacje czekają na zatwierdzenie, więc dokumenty się teraz nie zmieniają."),
)
ARCHIVED = Refusal(
    "documents.archived", N_("Te konsultacje są w archiwum. Dokumenty zostają takie, jakie są.")
)
CHANGED_MEANWHILE = Refusal(
    "documents.meanwhile",
    N_("Ktoś zmienił ten dokument w międzyczasie. Poniżej jest to, co stoi w nim teraz."),
)
NO_UNITS = Refusal(
    "documents.no_units", N_("W tej wersji nie ma żadnego tekstu. Wczytaj plik albo wklej tekst.")
)
FIRST_UNIT = Refusal(
    "documents.first_unit", N_("To pierwsza jednostka, więc nie ma z czym jej połączyć.")
)
NO_SUCH_CUT = Refusal("documents.no_such_cut", N_("W tym miejscu nie da się podzielić tekstu."))
PUBLISHED = Refusal(
    "documents.published",
    N_("Ten dokument jest już ogłoszony. Można dodać nową wersję, ale nie można go usunąć."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFacts:
    """``lacks``: what the person lacks to take part here, by what the consultation asks for."""

    gate: Gate
    lacks: Refusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFacts:
    is_stopped: bool
    is_shown: bool
    is_author: bool
    is_withdrawn: bool
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparingFacts:
    """Of an officer who changes a document; ``is_same``: it stands as they saw it."""

    awaits_approval: bool
    is_archived: bool
    is_same: bool


def give_refusal(facts: GiveFacts) -> Refusal | None:
    """Return why this person may not remark now, or None if they may."""
    return closed_refusal(facts.gate) or facts.lacks


def closed_refusal(gate: Gate) -> Refusal | None:
    """Return why nobody may remark now, or None if people may."""
    if gate.stopped:
        return STOPPED
    if gate.is_open:
        return None
    return TOO_EARLY if gate.opens_at is not None else TOO_LATE


def withdrawal_refusal(facts: WithdrawalFacts) -> Refusal | None:
    """Return why this person may not withdraw the remark now, or None if they may.

    The end of collecting stops nobody: a remark may be withdrawn until it is answered.
    """
    if not facts.is_shown:
        return NOT_SHOWN
    if facts.is_stopped:
        return STOPPED
    if facts.is_withdrawn:
        return WITHDRAWN
    if facts.is_answered:
        return ANSWERED
    return None if facts.is_author else ONLY_AUTHOR


def preparing_refusal(facts: PreparingFacts) -> Refusal | None:
    """Return why an officer may not change a document now, or None if they may."""
    if facts.is_archived:
        return ARCHIVED
    if facts.awaits_approval:  # what the second person looks at stays what it is
        return AWAITING
    return None if facts.is_same else CHANGED_MEANWHILE
