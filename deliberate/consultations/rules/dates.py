"""Dates of what is published: they only grow, or a slip is corrected at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberate.consultations.rules.corrections import NOT_PUBLISHED, reason_refusal
from deliberate.consultations.rules.phases import PhaseTimes, phases_refusal
from deliberate.consultations.states import State
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SLIP_WITHIN = timedelta(hours=2)
DATES_ONLY_GROW = Refusal(
    "dates.only_grow",
    N_(
        "Po ogłoszeniu etap można tylko wydłużyć. Pomyłkę w dacie poprawisz w ciągu dwóch godzin "
        "od ogłoszenia, dopóki nikt nie zabrał głosu."
    ),
)
PHASE_OVER = Refusal("dates.over", N_("Etap „%(title)s” już się skończył. Nie można go zmienić."))
PHASE_BEGAN = Refusal(
    "dates.began", N_("Etap „%(title)s” już się zaczął. Można przesunąć tylko jego koniec.")
)
NOTHING_CHANGED = Refusal("dates.same", N_("Daty są takie same jak były."))
DUE_ONLY_LATER = Refusal(
    "due.only_later",
    N_("Obiecany dzień odpowiedzi można przesunąć tylko na później, z podaniem powodu."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """``contributions``: how many proposals, voices and votes there are already."""

    now: datetime
    state: str
    published_at: datetime | None
    contributions: int


def may_correct_slip(facts: CorrectionFacts) -> bool:
    """Tell whether a date may still be corrected freely: two hours, and nobody relied on it."""
    return (
        facts.state == State.PUBLISHED
        and facts.published_at is not None
        and facts.now < facts.published_at + SLIP_WITHIN
        and facts.contributions == 0
    )


def dates_refusal(
    old: Sequence[PhaseTimes], new: Sequence[PhaseTimes], reason: str, facts: CorrectionFacts
) -> Refusal | None:
    """Return why the dates of a published consultation cannot become these.

    ``old`` and ``new`` are the same phases in the same order.
    """
    if facts.state not in (State.PUBLISHED, State.SUSPENDED):
        return NOT_PUBLISHED
    if all(_same_times(before, after) for before, after in zip(old, new, strict=True)):
        return NOTHING_CHANGED
    if refusal := reason_refusal(reason):
        return refusal
    if refusal := phases_refusal(new):
        return refusal
    if may_correct_slip(facts):
        return None
    for before, after in zip(old, new, strict=True):
        if refusal := _growth_refusal(before, after, facts.now):
            return refusal
    return None


def due_refusal(old: date | None, new: date | None, reason: str) -> Refusal | None:
    """Return why the promised day of the answer cannot become this one."""
    if new is None or (old is not None and new < old):
        return DUE_ONLY_LATER
    return reason_refusal(reason)


def _growth_refusal(before: PhaseTimes, after: PhaseTimes, now: datetime) -> Refusal | None:
    if _same_times(before, after):
        return None
    if before.ends_at <= now:
        return PHASE_OVER.with_values(title=before.title)
    if before.starts_at <= now and after.starts_at != before.starts_at:
        return PHASE_BEGAN.with_values(title=before.title)
    # What has not begun may move to later as a whole; it never gets shorter.
    sooner = after.starts_at < before.starts_at or after.ends_at < before.ends_at
    return DATES_ONLY_GROW if sooner or after.by_the_clock < before.by_the_clock else None


def _same_times(before: PhaseTimes, after: PhaseTimes) -> bool:
    return (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at)
