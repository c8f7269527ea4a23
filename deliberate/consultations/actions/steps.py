"""Steps between states, the last of them with the answers of the office."""

from __future__ import annotations

from datetime import datetime

from deliberate.answers import actions as answers
from deliberate.answers import queries as answer_queries
from deliberate.audit import entries
from deliberate.consultations import notices, queries
from deliberate.consultations.actions.changes import note_change, subject_of
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules import steps
from deliberate.consultations.states import ChangeKind, State
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import lock
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality


def step(
    consultation: Consultation, target: State, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Suspend, resume, cancel, or put away; what a cancelled one planned is called off with it."""
    lock(Consultation, consultation.id)
    if refusal := steps.step_refusal(consultation.state, target, reason):
        raise Refused(refusal)
    note_change(
        consultation,
        ChangeKind.STATE,
        "state",
        consultation.state,
        target,
        reason=reason,
        actor=actor,
        now=now,
    )
    consultation.state = target
    if target is not State.ARCHIVED:  # why it was cancelled stays to be read
        consultation.closing_reason = "" if target is State.PUBLISHED else reason
    consultation.revision += 1
    if target is State.CANCELLED:
        for each in components():
            each.call_off(consultation, reason, actor, now)
    notices.tell_new_state(consultation, now=now)


def finish(
    tenant: Municipality, consultation: Consultation, *, actor: Actor, now: datetime
) -> None:
    """Publish what is not public yet of the answers, and mark the consultation as answered."""
    lock(Consultation, consultation.id)
    stage = queries.standing(consultation, now).stage
    unanswered = len(answer_queries.list_unanswered(tenant.id, consultation.id))
    if refusal := steps.finish_refusal(consultation.state, stage, unanswered):
        raise Refused(refusal)
    answers.publish_all(tenant, consultation.id, actor=actor, now=now)
    consultation.state = State.ANSWERED
    consultation.answered_at = now
    entries.record("consultation.answered", subject_of(consultation), actor=actor, at=now)
