"""A phase of voting added to what is published: only for a vote that is to be done again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberate.consultations.rules.corrections import NOT_PUBLISHED, reason_refusal
from deliberate.consultations.rules.phases import PhaseTimes, phases_refusal
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

# An answered consultation may find its vote void.
LIVE = frozenset({State.PUBLISHED, State.ANSWERED})
SHORTEST_NOTICE = timedelta(days=1)  # whole days between the adding and the first day

NO_VOTE_TO_REPEAT = Refusal(
    "extra_phase.no_vote",
    N_(
        "Etap można dodać tylko po to, żeby powtórzyć głosowanie, które odwołano albo "
        "unieważniono. Tutaj takiego nie ma."
    ),
)
PHASE_IS_THERE = Refusal(
    "extra_phase.is_there",
    N_("Etap głosowania, który dopiero się zacznie, już jest. Powtórzenie odbędzie się w nim."),
)
TOO_SOON = Refusal(
    "extra_phase.too_soon",
    N_("Etap może się zacząć najwcześniej %(day)s: trzeba jeszcze zapieczętować kartę."),
)
ANSWER_BEFORE = Refusal(
    "extra_phase.answer_before",
    N_(
        "Urząd obiecał odpowiedź do %(day)s, a ten etap trwałby dłużej. Najpierw przesuń obiecany "
        "dzień w „Terminach”."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraPhaseFacts:
    """What decides whether a phase may be added now."""

    now: datetime
    state: str
    may_repeat: bool  # the last vote was called off or declared void
    phases: Sequence[PhaseTimes]
    answer_due: date | None


def adding_refusal(facts: ExtraPhaseFacts) -> Refusal | None:
    """Return why no phase of voting can be added at all, or None."""
    if facts.state not in LIVE:
        return NOT_PUBLISHED
    if not facts.may_repeat:
        return NO_VOTE_TO_REPEAT
    ahead = [phase for phase in facts.phases if phase.starts_at > facts.now]
    return PHASE_IS_THERE if any(Activity.VOTE in phase.opens for phase in ahead) else None


def extra_phase_refusal(facts: ExtraPhaseFacts, wanted: PhaseTimes, reason: str) -> Refusal | None:
    """Return why this phase cannot be added, or None."""
    if refusal := adding_refusal(facts):
        return refusal
    if refusal := reason_refusal(reason):
        return refusal
    earliest = clock.local(facts.now).date() + SHORTEST_NOTICE
    if wanted.first_day < earliest:
        return TOO_SOON.with_values(day=earliest)
    if refusal := phases_refusal([*facts.phases, wanted]):
        return refusal
    promised = facts.answer_due if facts.state != State.ANSWERED else None
    if promised is not None and wanted.last_day >= promised:
        return ANSWER_BEFORE.with_values(day=promised)
    return None
