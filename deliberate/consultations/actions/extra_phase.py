"""A phase of voting added to a published consultation, so that a void vote can be done again.

One person says which days and why, a second one approves; then it is a phase like any other, with
a public notice. A trigger lets no other phase come to what is published.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.consultations import notices, queries
from deliberate.consultations.actions.changes import note_change, subject_of
from deliberate.consultations.models import Consultation, ExtraPhase, Phase
from deliberate.consultations.rules.extra_phase import ExtraPhaseFacts, extra_phase_refusal
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import ChangeKind
from deliberate.consultations.tiles import PHASE_FIELD
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules
from deliberate.voting import queries as voting

ADD = "consultation.add_vote"
TITLE = N_("Powtórzenie głosowania")


def facts_of(consultation: Consultation, now: datetime) -> ExtraPhaseFacts:
    """Gather what the rule asks; the page asks the same."""
    poll = voting.find_poll(consultation.tenant_id, consultation.id)
    return ExtraPhaseFacts(
        now=now,
        state=consultation.state,
        may_repeat=poll is not None and poll.state in course_rules.REPEATABLE,
        phases=queries.phase_times(consultation),
        answer_due=consultation.answer_due,
    )


def find_wanted(tenant_id: int, consultation_id: int) -> ExtraPhase | None:
    """Return the phase that was asked for last, added already or not."""
    return db.session.scalar(
        select(ExtraPhase)
        .where(ExtraPhase.tenant_id == tenant_id, ExtraPhase.consultation_id == consultation_id)
        .order_by(ExtraPhase.id.desc())
        .limit(1)
    )


def ask_for(
    consultation: Consultation,
    first: date,
    last: date,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Ask a second person to add a phase of voting of these days."""
    lock(Consultation, consultation.id)
    wanted = PhaseTimes.on_days(title=TITLE, first=first, last=last, opens=[Activity.VOTE])
    if refusal := extra_phase_refusal(facts_of(consultation, now), wanted, reason):
        raise Refused(refusal)
    row = ExtraPhase(
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        reason=reason,
    )
    db.session.add(row)
    db.session.flush()
    return approvals.ask(
        ADD,
        queries.KIND,
        consultation.id,
        payload_sha256=row.digest,
        actor=actor,
        asked_of=None,
        note=reason,
        now=now,
    )


def add(tenant: Municipality, approval: Approval, actor: Actor, now: datetime) -> None:
    """Add the phase that was approved, unless its time has come meanwhile."""
    lock(Consultation, approval.subject_id)
    consultation = queries.get_by_id(tenant, approval.subject_id)
    row = find_wanted(tenant.id, consultation.id)
    if row is None:
        raise LookupError(f"Nobody asked for a phase of consultation {consultation.id}.")
    wanted = PhaseTimes(
        title=TITLE,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        opens=frozenset({Activity.VOTE}),
    )
    if refusal := extra_phase_refusal(facts_of(consultation, now), wanted, row.reason):
        raise Refused(refusal)
    consultation.revision += 1
    days = f"{wanted.first_day:%d.%m.%Y} – {wanted.last_day:%d.%m.%Y}"
    note_change(
        consultation,
        ChangeKind.EXTENSION,
        PHASE_FIELD + TITLE,
        "",
        days,
        reason=row.reason,
        actor=actor,
        now=now,
    )
    last = db.session.scalar(
        select(func.max(Phase.position)).where(Phase.consultation_id == consultation.id)
    )
    consultation.phases.append(
        Phase(
            tenant_id=tenant.id,
            position=(last or 0) + 1,
            title=TITLE,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            activities=Activity.VOTE,
        )
    )
    db.session.flush()
    notices.tell_changed(consultation, now=now)
    entries.record(
        "consultation.vote_added",
        subject_of(consultation),
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        days=days,
    )
