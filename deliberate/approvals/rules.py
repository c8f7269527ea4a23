"""Who may decide about a request, and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

LASTS = timedelta(days=14)
SHORTEST_REASON = 10

ALREADY_DECIDED = Refusal("approval.decided", N_("Decyzja w tej sprawie już zapadła."))
CLOSED = Refusal(
    "approval.closed", N_("Ta prośba jest nieaktualna: wycofano ją albo wysłano nową.")
)
EXPIRED = Refusal(
    "approval.expired",
    N_("Ta prośba wygasła po 14 dniach. Osoba, która prosiła, może ją wysłać jeszcze raz."),
)
CHANGED = Refusal(
    "approval.changed",
    N_(
        "Treść zmieniła się po wysłaniu prośby, a zatwierdza się dokładnie to, o co poproszono. "
        "Potrzebna jest nowa prośba."
    ),
)
OWN = Refusal(
    "approval.own", N_("Tę czynność zatwierdza druga osoba. Nie można zatwierdzić własnej prośby.")
)
NOT_ASKED = Refusal("approval.not_asked", N_("O zatwierdzenie poproszono inną osobę."))
NO_ROLE = Refusal("approval.no_role", N_("Zatwierdza osoba, która ma taką rolę w urzędzie."))
NOT_FRESH = Refusal(
    "approval.not_fresh",
    N_("Od zalogowania minęło więcej niż 5 minut. Potwierdź kodem, że to Ty, a wrócisz tutaj."),
)
NO_SECOND_FACTOR = Refusal(
    "approval.no_second_factor",
    N_(
        "Ta czynność wymaga drugiego składnika logowania: kodu z aplikacji na Twoim telefonie. "
        "Ustawisz go w kilka minut, a potem wrócisz tutaj."
    ),
)
ABOUT_YOU = Refusal(
    "approval.about_you", N_("Ta prośba dotyczy Ciebie, więc decyduje o niej inna osoba.")
)
AT_ONCE = Refusal(
    "approval.at_once", N_("Ktoś w tej samej chwili poprosił o to samo. Odśwież stronę.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides whether a person may decide about a request now."""

    is_decided: bool
    is_closed: bool
    expires_at: datetime
    now: datetime
    is_changed: bool  # what would be approved is no longer what was asked about
    is_asker: bool
    holds_role: bool
    is_asked: bool  # named, standing in for the one named, or nobody was named
    is_subject: bool  # the act would be done to this very person
    is_stale: bool  # the act wants a fresh sign-in, and this one is older
    lacks_factor: bool  # the act wants a second factor, and this sign-in proved none


def approval_refusal(facts: Facts) -> Refusal | None:
    """Return why the person may not approve, or None."""
    if refusal := _open_refusal(facts):
        return refusal
    if facts.is_changed:
        return CHANGED
    return _person_refusal(facts) or proof_refusal(
        lacks_factor=facts.lacks_factor, is_stale=facts.is_stale
    )


def proof_refusal(*, lacks_factor: bool, is_stale: bool) -> Refusal | None:
    """Return how the sign-in of somebody who asks or decides falls short of what the act wants.

    The factor first: whoever has none does not get one by signing in again.
    """
    if lacks_factor:
        return NO_SECOND_FACTOR
    return NOT_FRESH if is_stale else None


def return_refusal(facts: Facts) -> Refusal | None:
    """Return why the person may not send the request back, or None."""
    return _open_refusal(facts) or _person_refusal(facts)


def usually_same_day(days: Sequence[int]) -> bool:
    """Tell whether the median wait, in days of the calendar, is 0; False without any."""
    return bool(days) and sorted(days)[len(days) // 2] == 0


def _open_refusal(facts: Facts) -> Refusal | None:
    if facts.is_decided:
        return ALREADY_DECIDED
    if facts.is_closed:
        return CLOSED
    return EXPIRED if facts.now >= facts.expires_at else None


def _person_refusal(facts: Facts) -> Refusal | None:
    if facts.is_asker:
        return OWN
    if not facts.holds_role:
        return NO_ROLE
    if facts.is_subject:
        return ABOUT_YOU
    return None if facts.is_asked else NOT_ASKED
