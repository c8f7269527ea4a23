"""Where a consultation is announced: what is needed, what lacks, what counts as evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from deliberate.consultations.procedures import Channel
from deliberate.consultations.rules.legal import Requirements
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

NO_DAY = Refusal("announcement.no_day", N_("Podaj dzień: kiedy ogłosicie albo kiedy ogłoszono."))
NO_EVIDENCE = Refusal(
    "announcement.no_evidence",
    N_("Podaj dowód ogłoszenia: adres, plik albo gdzie je znaleźć („nr 12, s. 5”)."),
)
NOT_YET = Refusal(
    "announcement.not_yet", N_("Ten dzień jeszcze nie nadszedł. Wpisz go jako planowany.")
)
ALREADY_MADE = Refusal(
    "announcement.made", N_("To ogłoszenie już się ukazało, więc zostaje na liście.")
)


def save_refusal(
    *, planned_on: date | None, done_on: date | None, has_evidence: bool, today: date
) -> Refusal | None:
    """Return why a line of the checklist cannot be kept."""
    if done_on is None:
        return NO_DAY if planned_on is None else None
    if done_on > today:
        return NOT_YET
    return None if has_evidence else NO_EVIDENCE


def lacking(requirements: Requirements, done: Collection[Channel]) -> list[Channel]:
    """Return where it still has to be announced."""
    return [channel for channel in requirements.channels if channel not in done]
