"""When a version of a report may be made and published. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.consultations.rules.standing import Stage
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.reports.kinds import State

SHORTEST_REASON = 10
CLOSED = frozenset({Stage.WAITING, Stage.ANSWERED, Stage.ARCHIVED, Stage.CANCELLED})

RESPONSIBLE = N_("Osoba odpowiedzialna za treść")

STILL_OPEN = Refusal(
    "reports.still_open", N_("Raport powstaje po zakończeniu etapów, w których ludzie piszą.")
)
UNANSWERED = Refusal(
    "reports.unanswered",
    N_("Bez stanowiska: %(count)s. Raport powstanie, gdy każda uwaga i propozycja ma odpowiedź."),
)
TEXTS_MISSING = Refusal("reports.texts_missing", N_("Zanim zrobisz raport, uzupełnij: %(what)s"))
IN_THE_WORKS = Refusal(
    "reports.in_the_works",
    N_("Jest już wersja, która nie jest ogłoszona. Ogłoście ją albo porzućcie."),
)
REASON_MISSING = Refusal(
    "reports.reason_missing",
    N_("Poprzednia wersja zostaje na stronie. Napisz, dlaczego powstaje nowa (min. 10 znaków)."),
)
NOT_READY = Refusal("reports.not_ready", N_("Ta wersja jeszcze powstaje."))
ALREADY_PUBLISHED = Refusal(
    "reports.published", N_("Ogłoszona wersja zostaje taka, jaka jest. Poprawką jest nowa wersja.")
)
HIDDEN_SINCE = Refusal(
    "reports.hidden_since",
    N_("Od zrobienia tej wersji ukryto treść, która w niej jest. Porzućcie ją i zróbcie nową."),
)
CHANGED_MEANWHILE = Refusal(
    "reports.changed_meanwhile",
    N_("Ktoś w tej samej chwili zapisał teksty raportu. Przeczytaj je i zapisz jeszcze raz."),
)
GROWN_SINCE = Refusal(
    "reports.grown_since",
    N_("Od zrobienia tej wersji doszły uwagi albo zmieniły się stanowiska. Zróbcie ją od nowa."),
)
WITHHELD = Refusal(
    "reports.withheld",
    N_("Pliki tej wersji wstrzymano: jest w nich treść, którą po ogłoszeniu ukryto."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFacts:
    """What is known when somebody wants a version."""

    stage: Stage
    unanswered: int
    missing: tuple[str, ...]  # labels of texts that a report cannot do without
    in_the_works: bool
    published: int  # versions that people can read
    reason: str | None  # of the new one; None: nobody has been asked for it yet


def make_refusal(facts: MakeFacts) -> Refusal | None:
    """Return why no version can be made now; what nobody can help comes first."""
    if facts.stage not in CLOSED:
        return STILL_OPEN
    if facts.in_the_works:
        return IN_THE_WORKS
    if facts.unanswered:
        return UNANSWERED.with_values(count=facts.unanswered)
    if facts.missing:
        return TEXTS_MISSING.with_values(what=", ".join(facts.missing))
    lacks_reason = facts.reason is not None and len(facts.reason.strip()) < SHORTEST_REASON
    return REASON_MISSING if facts.published and lacks_reason else None


def publish_refusal(state: str, *, hidden_since: int, is_current: bool) -> Refusal | None:
    """Return why a version cannot come out; ``is_current``: it holds everything there is."""
    if state == State.PUBLISHED:
        return ALREADY_PUBLISHED
    if state != State.READY:
        return NOT_READY
    if hidden_since:
        return HIDDEN_SINCE
    return None if is_current else GROWN_SINCE


def drop_refusal(state: str) -> Refusal | None:
    return ALREADY_PUBLISHED if state == State.PUBLISHED else None
