"""When the counter may enter what came to the office, and what it may correct. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

STOPPED = Refusal(
    "counter.stopped", N_("Te konsultacje są odwołane albo w archiwum. Uwag już się nie wpisuje.")
)
NO_REMARKS = Refusal(
    "counter.no_remarks",
    N_("W tych konsultacjach nie ma etapu zbierania uwag. Dodaj go w datach konsultacji."),
)
TOO_EARLY = Refusal("counter.too_early", N_("Zbieranie uwag jeszcze się nie zaczęło."))

NOT_ENTERED = Refusal(
    "counter.not_entered",
    N_("Tę uwagę zgłoszono przez stronę. Urząd nie zmienia słów, których sam nie wpisał."),
)
WITHDRAWN = Refusal("counter.withdrawn", N_("Ta uwaga jest wycofana, więc już się nie zmienia."))
MEANWHILE = Refusal(
    "counter.meanwhile",
    N_("Odkąd ta strona jest otwarta, ktoś poprawił tę uwagę. Porównaj, zanim zapiszesz swoją."),
)
SAME = Refusal("counter.same", N_("Nic się nie różni od tego, co jest zapisane."))

FROM_THE_FUTURE = N_("Ta data jeszcze nie nadeszła.")
BEFORE_THE_START = N_("Zbieranie uwag zaczęło się %(day)s. Sprawdź datę wpływu.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """``first_day`` and ``last_day`` of collecting remarks, in Warsaw; None where it has none."""

    is_stopped: bool
    today: date
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    is_entered: bool  # by the office, not sent through the page
    is_withdrawn: bool
    is_as_read: bool  # it stands as the officer has it before their eyes


def entry_refusal(facts: EntryFacts) -> Refusal | None:
    """Return why nothing may be entered now. The end of collecting stops nothing: see is_late."""
    if facts.is_stopped:
        return STOPPED
    if facts.first_day is None:
        return NO_REMARKS
    return TOO_EARLY if facts.today < facts.first_day else None


def correction_refusal(facts: CorrectionFacts) -> Refusal | None:
    if not facts.is_entered:
        return NOT_ENTERED
    if facts.is_withdrawn:
        return WITHDRAWN
    return None if facts.is_as_read else MEANWHILE


def is_late(received_on: date, last_day: date | None) -> bool:
    """Tell whether a letter came after the last day: it is kept and marked, and not counted."""
    return last_day is not None and received_on > last_day
