"""How sure we are of a person, and how sure an activity needs us to be. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_


class Needs(StrEnum):
    """Who may take part, from widest to narrowest; also how sure we are of a person."""

    ANYONE = "anyone"
    EMAIL = "email"  # an account: its address is confirmed by the code
    DECLARED = "declared"
    CONFIRMED = "confirmed"


ORDER = (Needs.ANYONE, Needs.EMAIL, Needs.DECLARED, Needs.CONFIRMED)

SIGN_IN = Refusal("standing.sign_in", N_("Zaloguj się, żeby to zrobić. Wystarczy adres e-mail."))
DECLARE = Refusal(
    "standing.declare",
    N_("Może to zrobić każda osoba, która tu mieszka. Najpierw złóż oświadczenie o zamieszkaniu."),
)
CONFIRM = Refusal(
    "standing.confirm",
    N_(
        "Potrzebne jest potwierdzenie zamieszkania: kodem z listu albo w urzędzie. "
        "Pokażemy, jak to zrobić."
    ),
)
REFUSED_RESIDENCE = Refusal(
    "standing.refused",
    N_("Urząd nie potwierdził zamieszkania. Powód pokazuje strona Moje konto."),
)


def meets(standing: Needs, needs: Needs) -> bool:
    """Tell whether a person of this standing may take part in what needs that."""
    return ORDER.index(standing) >= ORDER.index(needs)


def standing_refusal(standing: Needs, needs: Needs, *, refused: bool = False) -> Refusal | None:
    """Return what a person lacks, or None. ``refused``: the office did not confirm residence."""
    if meets(standing, needs):
        return None
    if standing is Needs.ANYONE:
        return SIGN_IN
    if refused:
        return REFUSED_RESIDENCE
    return DECLARE if standing is Needs.EMAIL and needs is Needs.DECLARED else _next(standing)


def _next(standing: Needs) -> Refusal:
    return DECLARE if standing is Needs.EMAIL else CONFIRM
