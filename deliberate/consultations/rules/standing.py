"""Where a consultation stands: its state and its dates together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import State


class Stage(StrEnum):
    """What people see of a consultation: its state and its dates together."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    RUNNING = "running"
    WAITING = "waiting"  # closed; the office works on its answer
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    ARCHIVED = "archived"


_STAGES = {
    State.DRAFT: Stage.DRAFT,
    State.AWAITING_APPROVAL: Stage.DRAFT,
    State.SUSPENDED: Stage.SUSPENDED,
    State.CANCELLED: Stage.CANCELLED,
    State.ANSWERED: Stage.ANSWERED,
    State.ARCHIVED: Stage.ARCHIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a consultation stands at a moment.

    ``phase``: the phase of the moment, one in which people take part if there is one; ``next``:
    the next to begin. ``began_at`` and ``ended_at`` span all phases in which people take part.
    """

    stage: Stage
    phase: PhaseTimes | None
    next: PhaseTimes | None
    began_at: datetime | None
    ended_at: datetime | None


def stage(state: str, phases: Sequence[PhaseTimes], now: datetime) -> Stage:
    """Return the stage of a consultation.

    Without any phase in which people take part, a published one is announced until its last
    phase begins, and then waits for its answer.
    """
    decided = _STAGES.get(State(state))
    if decided is not None:
        return decided
    counted = [phase for phase in phases if phase.takes_part] or list(phases)
    if not counted or now < min(phase.starts_at for phase in counted):
        return Stage.ANNOUNCED
    if now < max(phase.ends_at for phase in counted):
        return Stage.RUNNING
    return Stage.WAITING


def standing(state: str, phases: Sequence[PhaseTimes], now: datetime) -> Standing:
    in_order = sorted(phases, key=lambda phase: phase.starts_at)
    present = [phase for phase in in_order if phase.holds(now)]
    present.sort(key=lambda phase: not phase.takes_part)
    ahead = [phase for phase in in_order if phase.starts_at > now]
    counted = [phase for phase in in_order if phase.takes_part] or in_order
    return Standing(
        stage=stage(state, phases, now),
        phase=present[0] if present else None,
        next=ahead[0] if ahead else None,
        began_at=counted[0].starts_at if counted else None,
        ended_at=max(phase.ends_at for phase in counted) if counted else None,
    )


def days_late(due: date | None, today: date, stage: Stage) -> int:
    """Return by how many days the promised answer is late; 0 when it is not, or none was due."""
    if due is None or stage is not Stage.WAITING:
        return 0
    return max(0, (today - due).days)
