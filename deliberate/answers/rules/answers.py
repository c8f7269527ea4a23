"""What an answer must have, when it comes out and when it is late."""

from __future__ import annotations

from datetime import date

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SHORTEST_REASON = 40  # characters; below it a justification is a phrase
LONGEST_REASON = 10_000

MISSING = Refusal(
    "answers.missing",
    N_("Odpowiedzi ogłasza się razem. Brakuje jeszcze stanowiska do: %(count)s."),
)
PUBLISHED = Refusal("answers.published", N_("Ogłoszona odpowiedź już się nie zmienia."))
AT_ONCE = Refusal(
    "answers.at_once", N_("Ktoś w tej samej chwili zapisał tę odpowiedź. Odśwież stronę.")
)
CHANGED = Refusal(
    "answers.changed",
    N_("Od wczytania tabeli coś się zmieniło. Wczytaj ją jeszcze raz i przejrzyj podgląd."),
)


def days_late(due: date | None, today: date, *, is_complete: bool) -> int:
    """Return how many days the promised answers are late; 0 once they are all out."""
    if due is None or is_complete:
        return 0
    return max(0, (today - due).days)
