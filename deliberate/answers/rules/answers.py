"""What an answer must have, when it comes out and when it is late."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from deliberate.answers.positions import Position
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SHORTEST_REASON = 40  # characters; below it a justification is a phrase
LONGEST_REASON = 10_000
LONGEST_THEME = 60

MISSING = Refusal(
    "answers.missing",
    N_("Odpowiedzi ogłasza się razem. Brakuje jeszcze stanowiska do: %(count)s."),
)
PUBLISHED = Refusal(
    "answers.published",
    N_("Ta odpowiedź jest już ogłoszona. Zmienić ją można tylko z podaniem powodu."),
)
AT_ONCE = Refusal(
    "answers.at_once", N_("Ktoś w tej samej chwili zapisał tę odpowiedź. Odśwież stronę.")
)
CHANGED = Refusal(
    "answers.changed",
    N_("Od wczytania tabeli coś się zmieniło. Wczytaj ją jeszcze raz i przejrzyj podgląd."),
)
MEANWHILE = Refusal(
    "answers.meanwhile",
    N_(
        "Odkąd ta strona jest otwarta, ktoś zapisał tę odpowiedź. "
        "Przeczytaj ją, zanim zapiszesz swoją."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What an answer says; ``mark`` tells whether it still says the same."""

    position: Position
    reason: str
    unit_id: int | None

    @property
    def mark(self) -> str:
        # Spreadsheets and Word put other spaces between words; the words are what was said.
        said = (self.position, " ".join(self.reason.split()), str(self.unit_id))
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:8]


def days_late(due: date | None, today: date, *, is_complete: bool) -> int:
    """Return how many days the promised answers are late; 0 once they are all out."""
    if due is None or is_complete:
        return 0
    return max(0, (today - due).days)
