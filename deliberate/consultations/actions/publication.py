"""Publication: asked by one person, approved by another."""

from __future__ import annotations

from datetime import datetime

from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.consultations import notices, publishing, queries
from deliberate.consultations.actions.changes import subject_of
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules import publication, steps
from deliberate.consultations.states import State
from deliberate.discussion import actions as discussion
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality

PUBLISH = "consultation.publish"  # the act that needs two persons


def ask_publication(
    tenant: Municipality,
    consultation: Consultation,
    *,
    asked_of: int,
    note: str,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Send a draft to the second person."""
    lock(Consultation, consultation.id)
    facts = publishing.publication_facts(tenant, consultation, now)
    asked_by = actor.person_id or 0
    if refusal := publication.ask_refusal(
        facts, consultation.state, asked_by=asked_by, asked_of=asked_of
    ):
        raise Refused(refusal)
    consultation.state = State.AWAITING_APPROVAL
    db.session.flush()
    return approvals.ask(
        PUBLISH,
        queries.KIND,
        consultation.id,
        payload_sha256=publishing.payload(tenant, consultation),
        actor=actor,
        asked_of=asked_of,
        note=note,
        now=now,
    )


def take_back_request(consultation: Consultation, *, actor: Actor, now: datetime) -> None:
    """Make it a draft again."""
    lock(Consultation, consultation.id)
    if consultation.state != State.AWAITING_APPROVAL:
        raise Refused(steps.NO_SUCH_STEP)
    consultation.state = State.DRAFT
    approvals.withdraw(PUBLISH, queries.KIND, consultation.id, actor, now)


def publish(tenant: Municipality, approval: Approval, actor: Actor, now: datetime) -> None:
    """Publish what the second person has just approved; called by approvals."""
    consultation = queries.get_by_id(tenant, approval.subject_id)
    lock(Consultation, consultation.id)
    facts = publishing.publication_facts(tenant, consultation, now)
    if refusal := publication.publish_refusal(facts, consultation.state):
        raise Refused(refusal)
    consultation.state = State.PUBLISHED
    consultation.published_at = now
    db.session.flush()
    discussion.open_thread(tenant.id, consultation.id, queries.KIND, consultation.id)
    entries.record(
        "consultation.published",
        subject_of(consultation),
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        asked_by=approval.asked_by,
    )
    notices.tell_published(consultation, now=now)
    notices.tell_who_asked(tenant, consultation, now=now)
