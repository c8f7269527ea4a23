"""When a sealed vote is paused, goes on, is cancelled, annulled, repeated, its lots typed. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.states import PollState

UNCONFIRMED = timedelta(days=1)  # how long the pause of one person lasts without a second
SHORTEST_REASON = 10  # held by a check of the database as well

NOT_RECEIVING = Refusal("pause.not_receiving", N_("Wstrzymać można tylko głosowanie, które trwa."))
NOT_PAUSED = Refusal("pause.not_paused", N_("To głosowanie nie jest wstrzymane."))
OWN_PAUSE = Refusal(
    "pause.own", N_("Przerwę potwierdza inna osoba niż ta, która wstrzymała głosowanie.")
)
CONFIRMED = Refusal("pause.confirmed", N_("Ta przerwa jest już potwierdzona."))

DRAFT_NEEDS_NONE = Refusal(
    "cancel.draft", N_("To szkic karty: nie ma czego odwoływać, wystarczy go nie pieczętować.")
)
COUNTED_ALREADY = Refusal(
    "cancel.counted",
    N_("Głosy są policzone. Takiego głosowania się nie odwołuje, tylko unieważnia."),
)
CANCELLED_ALREADY = Refusal("cancel.cancelled", N_("To głosowanie jest już odwołane."))
NOT_COUNTED_YET = Refusal(
    "annul.not_counted",
    N_("Unieważnia się głosowanie policzone. Przed policzeniem można je odwołać."),
)
ANNULLED_ALREADY = Refusal("annul.annulled", N_("To głosowanie jest już unieważnione."))

NOTHING_TO_REPEAT = Refusal(
    "repeat.nothing",
    N_("Powtórzyć można głosowanie odwołane albo unieważnione, i tylko raz każde."),
)
NO_LATER_PHASE = Refusal(
    "repeat.no_phase",
    N_(
        "Powtórzenie potrzebuje etapu głosowania, który dopiero się zacznie, a w tych "
        "konsultacjach takiego nie ma. Najpierw dodaj etap."
    ),
)

NO_LOTS = Refusal(
    "lots.none", N_("Zasady tego głosowania nie przewidują losowania: remis zostaje remisem.")
)
LOTS_TOO_EARLY = Refusal(
    "lots.too_early", N_("Wartość wpisuje się po końcu głosowania i po zapowiedzianym losowaniu.")
)
LOTS_SETTLED = Refusal(
    "lots.settled", N_("Dwie osoby wpisały tę samą wartość. Nie można jej już zmienić.")
)

FORMALLY_SECRET = Refusal(
    "seal.formally_secret",
    N_(
        "Wyborów, których tajność nakazuje ustawa albo statut, nie prowadzi się na tym portalu. "
        "Zróbcie je na papierze, przy urnie, albo w systemie Belenios, który nie wymaga zaufania "
        "do serwera."
    ),
)
HIGH_STAKES = Refusal(
    "seal.high_stakes",
    N_(
        "Głosowania, które samo rozstrzyga o wysoką stawkę i którego wynik ktoś może chcieć kupić "
        "albo wymusić, nie prowadzi się na tym portalu. Zróbcie je na papierze, przy urnie, albo "
        "w systemie Belenios."
    ),
)


# Pausing.


def lapses_at(paused_at: datetime) -> datetime:
    """Return when a pause that no second person has confirmed lifts itself."""
    return paused_at + UNCONFIRMED


def has_lapsed(paused_at: datetime, *, is_confirmed: bool, now: datetime) -> bool:
    return not is_confirmed and now >= lapses_at(paused_at)


def lasted(paused_at: datetime, lifted_at: datetime) -> timedelta:
    """Return by how much the end moves: whole seconds, rounded in favour of those who vote."""
    return timedelta(seconds=math.ceil((lifted_at - paused_at).total_seconds()))


def pause_refusal(state: PollState) -> Refusal | None:
    """Return why a vote in a state (of ``present_state``) cannot be paused, or None."""
    return None if state is PollState.RECEIVING else NOT_RECEIVING


def confirm_refusal(
    state: PollState, *, paused_by: int | None, confirmed_by: int | None, person_id: int | None
) -> Refusal | None:
    """Return why this person cannot confirm the pause, or None."""
    if state is not PollState.PAUSED:
        return NOT_PAUSED
    if confirmed_by is not None:
        return CONFIRMED
    return OWN_PAUSE if person_id == paused_by else None


def lift_refusal(state: PollState) -> Refusal | None:
    return None if state is PollState.PAUSED else NOT_PAUSED


# Calling off, declaring void, doing it again.

CANCELLABLE = frozenset(
    {PollState.SEALED, PollState.RECEIVING, PollState.PAUSED, PollState.WORKING_UP}
)
ANNULLABLE = frozenset({PollState.COUNTED, PollState.PUBLISHED})
REPEATABLE = frozenset({PollState.CANCELLED, PollState.ANNULLED})


def cancel_refusal(state: PollState) -> Refusal | None:
    """Return why a vote cannot be called off, or None."""
    if state in CANCELLABLE:
        return None
    if state is PollState.DRAFT:
        return DRAFT_NEEDS_NONE
    return CANCELLED_ALREADY if state is PollState.CANCELLED else COUNTED_ALREADY


def annul_refusal(state: PollState) -> Refusal | None:
    """Return why a count cannot be declared void, or None."""
    if state in ANNULLABLE:
        return None
    return ANNULLED_ALREADY if state is PollState.ANNULLED else NOT_COUNTED_YET


def repeat_refusal(state: PollState, *, opens_at: datetime | None, now: datetime) -> Refusal | None:
    """Return why a vote cannot be repeated, or None. opens_at: of the phase that is to come."""
    if state not in REPEATABLE:
        return NOTHING_TO_REPEAT
    return NO_LATER_PHASE if opens_at is None or opens_at <= now else None


# Lots.


@dataclass(frozen=True, slots=True, kw_only=True)
class LotsFacts:
    """What decides whether a drawn value may be typed now."""

    now: datetime
    state: PollState  # of ``present_state``
    drawn_at: datetime | None  # None: the rules know no lots
    is_settled: bool


def lots_refusal(facts: LotsFacts) -> Refusal | None:
    """Return why nobody may type the drawn value now, or None."""
    if facts.drawn_at is None:
        return NO_LOTS
    if facts.is_settled:
        return LOTS_SETTLED
    if facts.state is not PollState.WORKING_UP or facts.now < facts.drawn_at:
        return LOTS_TOO_EARLY
    return None


# Not every vote belongs here (CNIL 2019-053, level 3).


def stakes_refusal(*, formally_secret: bool, high_stakes: bool) -> Refusal | None:
    """Return why this vote must be held elsewhere, or None."""
    if formally_secret:
        return FORMALLY_SECRET
    return HIGH_STAKES if high_stakes else None
