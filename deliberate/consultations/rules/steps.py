"""Steps between states: suspending, resuming, cancelling, answering, putting away."""

from __future__ import annotations

from deliberate.consultations.rules.corrections import reason_refusal
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.states import STEPS, State
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

NO_SUCH_STEP = Refusal("state.step", N_("W tym stanie konsultacji nie można tego zrobić."))
STILL_RUNNING = Refusal(
    "state.running", N_("Konsultacje jeszcze trwają. Odpowiedzi ogłosisz po ich zakończeniu.")
)
UNANSWERED = Refusal(
    "answers.missing", N_("Brakuje stanowiska urzędu do części głosów. Brakuje: %(count)s")
)


def step_refusal(state: str, target: State, reason: str) -> Refusal | None:
    """Return why a consultation cannot be suspended, resumed, cancelled or put away."""
    if target not in STEPS[state]:
        return NO_SUCH_STEP
    return reason_refusal(reason)


def finish_refusal(state: str, stage: Stage, unanswered: int) -> Refusal | None:
    """Return why a consultation cannot be marked as answered."""
    if State.ANSWERED not in STEPS[state]:
        return NO_SUCH_STEP
    if stage is not Stage.WAITING:
        return STILL_RUNNING
    if unanswered:
        return UNANSWERED.with_values(count=unanswered)
    return None
