"""One official position of each organisation, where the procedure is about organisations.

Several remarks of one representative are one position. Residents speak for themselves beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.consultations.procedures import DEFINITIONS, Procedure
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

ANOTHER_REPRESENTATIVE = Refusal(
    "position.another",
    N_(
        "W tych konsultacjach organizacja ma jedno stanowisko, a złożyła je już inna osoba "
        "(uwaga nr %(number)s). Uzgodnijcie je albo niech ta osoba wycofa swoje uwagi. "
        "We własnym imieniu możesz zgłosić uwagę osobno."
    ),
)
SAME_PLACE = Refusal(
    "position.same_place",
    N_(
        "Do tego miejsca organizacja złożyła już uwagę nr %(number)s. Jeśli zmieniacie zdanie, "
        "najpierw ją wycofaj."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionFacts:
    """``by_another`` and ``here``: numbers of standing remarks of the organisation, if any.

    Of another representative, and on the very same place.
    """

    procedure: Procedure
    speaks_for_organisation: bool
    by_another: int | None
    here: int | None


def position_refusal(facts: PositionFacts) -> Refusal | None:
    """Return why this remark cannot be part of the organisation's position."""
    if not DEFINITIONS[facts.procedure].position_per_organisation:
        return None
    if not facts.speaks_for_organisation:
        return None
    if facts.by_another is not None:
        return ANOTHER_REPRESENTATIVE.with_values(number=facts.by_another)
    return SAME_PLACE.with_values(number=facts.here) if facts.here is not None else None
