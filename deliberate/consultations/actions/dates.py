"""Dates of what is published: each that moves gets a public notice with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from deliberate.consultations import notices, publishing, queries
from deliberate.consultations.actions.changes import begin_change, note_change
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules import dates
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import ChangeKind
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.voting.actions.preparing import follow_phase


def change_dates(
    consultation: Consultation,
    new: Sequence[tuple[date, date]],
    answer_due: date | None,
    *,
    reason: str,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Extend phases, or correct a slip. ``new``: first and last day of each phase, in order."""
    begin_change(consultation, stamp)
    old = queries.phase_times(consultation)
    moved = [phase.moved(*days) for phase, days in zip(old, new, strict=True)]
    facts = publishing.correction_facts(consultation, now)
    due_moved = answer_due is not None and answer_due != consultation.answer_due
    refusal = dates.dates_refusal(old, moved, reason, facts)
    if refusal is dates.NOTHING_CHANGED and due_moved:
        refusal = dates.due_refusal(consultation.answer_due, answer_due, reason)
    if refusal is not None:
        raise Refused(refusal)
    kind = ChangeKind.SLIP if dates.may_correct_slip(facts) else ChangeKind.EXTENSION
    for phase, before, after in zip(consultation.phases, old, moved, strict=True):
        if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
            continue
        note_change(
            consultation,
            kind,
            f"phase:{phase.title}",
            _days(before),
            _days(after),
            reason=reason,
            actor=actor,
            now=now,
        )
        db.session.flush()  # the trigger lets no published date move without its notice
        phase.starts_at, phase.ends_at = after.starts_at, after.ends_at
    if due_moved and answer_due is not None:
        former = consultation.answer_due
        note_change(
            consultation,
            ChangeKind.EXTENSION,
            "answer_due",
            former.isoformat() if former else "",
            answer_due.isoformat(),
            reason=reason,
            actor=actor,
            now=now,
        )
        consultation.answer_due = answer_due
    db.session.flush()
    notices.tell_changed(consultation, now=now)
    votes = [phase for phase in moved if Activity.VOTE in phase.opens]
    if votes:
        follow_phase(
            consultation.tenant_id,
            consultation.id,
            [(phase.starts_at, phase.ends_at) for phase in votes],
            actor=actor,
        )
    for component in components():
        component.follow_dates(consultation)


def _days(phase: PhaseTimes) -> str:
    return f"{phase.first_day:%d.%m.%Y} – {phase.last_day:%d.%m.%Y}"
