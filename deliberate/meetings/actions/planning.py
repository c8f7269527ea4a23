"""Planning, announcing, changing and calling off meetings."""

from __future__ import annotations

from datetime import datetime

from deliberate.audit import entries
from deliberate.consultations.models import Consultation
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.meetings import content, notices, queries, rules
from deliberate.meetings.actions import signing
from deliberate.meetings.content import Content
from deliberate.meetings.kinds import Kind, State
from deliberate.meetings.models import Meeting, MeetingChange, subject_of
from deliberate.tenancy.models import Municipality


def draft(
    tenant: Municipality,
    consultation: Consultation | None,
    written: Content,
    *,
    actor: Actor,
    now: datetime,
) -> Meeting:
    """Begin a meeting that nobody outside the office sees yet."""
    meeting = Meeting(
        tenant_id=tenant.id,
        consultation_id=consultation.id if consultation else None,
        created_by=actor.person_id,
        created_at=now,
        **written.columns(),
    )
    db.session.add(meeting)
    db.session.flush()
    entries.record("meeting.drafted", subject_of(meeting), actor=actor, at=now)
    return meeting


def save(
    tenant: Municipality,
    meeting: Meeting,
    written: Content,
    *,
    reason: str,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Write a meeting anew. Once announced, each change is public and told to who signed up.

    Returns whether anything changed that people were told.
    """
    lock(Meeting, meeting.id)
    if stamp != meeting.revision:
        raise Refused(rules.EDITED_MEANWHILE)
    columns = written.columns()
    before, after = content.said(content.columns_of(meeting)), content.said(columns)
    lines = [name for name in content.LABELS if before[name] != after[name]]
    facts = rules.ChangeFacts(
        state=meeting.state,
        is_published=meeting.published_at is not None,
        shown=bool(lines),
        reason=reason,
        taken=meeting.taken,
        seats=written.seats,
        slots_change=_slots_change(meeting, written),
        holders=meeting.taken,
    )
    if refusal := rules.change_refusal(facts):
        raise Refused(refusal)
    for name, value in columns.items():
        setattr(meeting, name, value)
    meeting.revision += 1
    if meeting.published_at is None:
        entries.record("meeting.drafted", subject_of(meeting), actor=actor, at=now)
        return bool(lines)
    for name in lines:
        _note(meeting, name, before[name], after[name], reason=reason, actor=actor, now=now)
    if content.MOVES & set(lines):
        meeting.state, meeting.state_reason = State.MOVED, reason
    db.session.flush()
    if lines:
        entries.record(
            "meeting.changed", subject_of(meeting), actor=actor, at=now, fields=lines, reason=reason
        )
        notices.plan_change(meeting, now)
    if content.WHEN in lines:
        notices.plan_reminder(meeting, now)
    signing.promote(tenant, meeting, now=now)  # there may be more seats
    return bool(lines)


def publish(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    lock(Meeting, meeting.id)
    facts = rules.PublishFacts(
        now=now,
        is_published=meeting.published_at is not None,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place or meeting.address,
        online_url=meeting.online_url,
        is_open_for_days=meeting.kind == Kind.CONSULTATION_POINT,
    )
    if refusal := rules.publish_refusal(facts):
        raise Refused(refusal)
    meeting.published_at = now
    meeting.revision += 1
    entries.record("meeting.published", subject_of(meeting), actor=actor, at=now)
    notices.plan_reminder(meeting, now)


def cancel(meeting: Meeting, *, reason: str, actor: Actor, now: datetime) -> None:
    """Call a meeting off: its page stays, with the reason; everybody on the list is told."""
    lock(Meeting, meeting.id)
    is_published = meeting.published_at is not None
    if refusal := rules.cancel_refusal(meeting.state, is_published=is_published):
        raise Refused(refusal)
    _note(
        meeting, content.STATE, meeting.state, State.CANCELLED, reason=reason, actor=actor, now=now
    )
    meeting.state, meeting.state_reason = State.CANCELLED, reason
    meeting.revision += 1
    db.session.flush()
    entries.record("meeting.cancelled", subject_of(meeting), actor=actor, at=now, reason=reason)
    notices.plan_change(meeting, now)


def remove_draft(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Throw away what was never announced."""
    lock(Meeting, meeting.id)
    if meeting.published_at is not None:
        raise Refused(rules.ALREADY_PUBLISHED)
    for file in queries.list_files(meeting):
        file.subject_kind = file.subject_id = None
    entries.record("meeting.draft_removed", subject_of(meeting), actor=actor, at=now)
    db.session.delete(meeting)


def _slots_change(meeting: Meeting, written: Content) -> bool:
    """Tell whether what people signed up for – a seat, a time of theirs – would be no more."""
    if meeting.slot_minutes != written.slot_minutes or (
        meeting.has_sign_up and not written.has_sign_up
    ):
        return True
    return meeting.slot_minutes is not None and (written.seats or 0) < (meeting.seats or 0)


def _note(
    meeting: Meeting,
    field: str,
    old: str,
    new: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add(
        MeetingChange(
            tenant_id=meeting.tenant_id,
            meeting_id=meeting.id,
            field=field,
            old=old,
            new=new,
            reason=reason,
            changed_by=actor.person_id,
            at=now,
        )
    )
