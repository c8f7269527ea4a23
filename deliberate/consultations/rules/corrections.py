"""Changing texts: a draft by whoever opened it last, what is published with a reason."""

from __future__ import annotations

from deliberate.consultations.states import UNPUBLISHED, State
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SHORTEST_REASON = 20
EDITED_MEANWHILE = Refusal(
    "edit.meanwhile",
    N_(
        "Ktoś zmienił te konsultacje w międzyczasie, może Ty w innej karcie. "
        "Twój tekst jest poniżej. Otwórz konsultacje jeszcze raz i przenieś do nich zmiany."
    ),
)
ALREADY_PUBLISHED = Refusal(
    "edit.published", N_("Te konsultacje są już ogłoszone. Zmieniasz je przez sprostowanie.")
)
NOT_PUBLISHED = Refusal("state.not_published", N_("Te konsultacje nie są ogłoszone."))
NOTHING_CORRECTED = Refusal(
    "correction.same", N_("Nic się nie zmieniło, więc nie ma czego zapisać.")
)
SLUG_TAKEN = Refusal("slug.taken", N_("Ten adres jest zajęty, teraz albo dawniej. Wybierz inny."))
SHORT_REASON = Refusal(
    "reason.short", N_("Napisz powód, co najmniej 20 znaków. Zobaczą go wszyscy.")
)


def edit_refusal(state: str, revision: int, stamp: int) -> Refusal | None:
    """Return why a draft cannot be saved; ``stamp``: the revision that the form was filled from."""
    if state not in UNPUBLISHED:
        return ALREADY_PUBLISHED
    return EDITED_MEANWHILE if stamp != revision else None


def typing_refusal(state: str, reason: str) -> Refusal | None:
    """Return why typing in a published text cannot be corrected."""
    if state in UNPUBLISHED or state == State.ARCHIVED:
        return NOT_PUBLISHED
    return reason_refusal(reason)


def reason_refusal(reason: str) -> Refusal | None:
    return SHORT_REASON if len(reason.strip()) < SHORTEST_REASON else None
