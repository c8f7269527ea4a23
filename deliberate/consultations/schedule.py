"""Phases that end later because what they open does (subjects.schedule)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from deliberate.consultations.actions.changes import note_change
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation, Phase
from deliberate.consultations.states import ChangeKind
from deliberate.consultations.tiles import PHASE_FIELD
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.subjects.schedule import Later, Schedule


def hold(_tenant_id: int, consultation_id: int) -> None:
    lock(Consultation, consultation_id)


def prolong(
    tenant_id: int, consultation_id: int, later: Later, actor: Actor, now: datetime
) -> bool:
    """Move the end of the phase that ended with the activity; nobody's form overtakes it."""
    phase = next(
        (
            each
            for each in db.session.scalars(
                select(Phase).where(
                    Phase.tenant_id == tenant_id,
                    Phase.consultation_id == consultation_id,
                    Phase.ends_at == later.former,
                )
            )
            if later.activity in each.activities.split(",")
        ),
        None,
    )
    if phase is None:
        return False
    consultation = db.session.get_one(Consultation, consultation_id)
    consultation.revision += 1
    note_change(
        consultation,
        ChangeKind.EXTENSION,
        PHASE_FIELD + phase.title,
        _times(phase.starts_at, later.former),
        _times(phase.starts_at, later.ends_at),
        reason=later.reason,
        actor=actor,
        now=now,
    )
    db.session.flush()  # the trigger lets no published date move without its notice
    phase.ends_at = later.ends_at
    db.session.flush()
    for component in components():
        component.follow_dates(consultation)
    return True


def _times(starts_at: datetime, ends_at: datetime) -> str:
    first, last = clock.local(starts_at), clock.closing_time(ends_at)
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y, %H:%M}"


SCHEDULE = Schedule(hold=hold, prolong=prolong)
