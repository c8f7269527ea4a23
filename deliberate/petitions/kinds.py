"""The closed lists of the registers, and what may follow what. Stored; never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Register(StrEnum):
    """A public register; the value is also the key of its things among the kinds of subjects."""

    REQUEST = "consultation_request"
    INITIATIVE = "council_initiative"
    PETITION = "petition"


class State(StrEnum):
    DRAFT = "draft"  # seen by its writer or by the office only
    GATHERING = "gathering"  # looks for supporters
    SUBMITTED = "submitted"  # lies with the office or the council: the clock runs
    AGREED = "agreed"
    PARTLY = "partly"
    REFUSED = "refused"
    FORWARDED = "forwarded"  # to whom it belongs
    LEFT = "left"  # not examined, with the reason
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # not enough supporters in time


ANSWERED = frozenset({State.AGREED, State.PARTLY, State.REFUSED, State.FORWARDED, State.LEFT})
CLOSED = ANSWERED | {State.WITHDRAWN, State.LAPSED}

# Held by a trigger as well. What is closed stays closed.
STEPS: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.GATHERING, State.WITHDRAWN),
    State.GATHERING: (State.SUBMITTED, State.WITHDRAWN, State.LAPSED),
    State.SUBMITTED: (
        State.AGREED,
        State.PARTLY,
        State.REFUSED,
        State.FORWARDED,
        State.LEFT,
        State.WITHDRAWN,
    ),
}

# What may come of a thing of each register, besides its withdrawal.
OUTCOMES: Mapping[str, tuple[State, ...]] = MappingProxyType(
    {
        Register.REQUEST: (State.AGREED, State.REFUSED),
        Register.INITIATIVE: (State.AGREED, State.REFUSED, State.LEFT),
        Register.PETITION: (
            State.AGREED,
            State.PARTLY,
            State.REFUSED,
            State.FORWARDED,
            State.LEFT,
        ),
    }
)

SLUGS: Mapping[str, str] = MappingProxyType(
    {Register.REQUEST: "wnioski", Register.INITIATIVE: "inicjatywy", Register.PETITION: "petycje"}
)
BY_SLUG: Mapping[str, Register] = MappingProxyType(
    {slug: Register(register) for register, slug in SLUGS.items()}
)
SEALED = "register_original"  # no kind of subjects, so no address shows its files
