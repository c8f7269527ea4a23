"""Announcements: planned, then made with evidence that all may see, and never taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from deliberate.audit import entries
from deliberate.consultations import announcements
from deliberate.consultations.actions.changes import subject_of
from deliberate.consultations.models import Announcement, Consultation
from deliberate.consultations.procedures import Channel
from deliberate.consultations.rules import announcing
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused

FIELDS = ("planned_on", "done_on", "words", "url")


def plan(consultation: Consultation, former: Iterable[Announcement], *, on: date) -> None:
    """Plan the announcements of a former consultation anew; what was evidence stays there."""
    db.session.add_all(
        Announcement(
            tenant_id=consultation.tenant_id,
            consultation_id=consultation.id,
            channel=row.channel,
            planned_on=on,
        )
        for row in former
    )
    db.session.flush()


def save(
    consultation: Consultation,
    channel: Channel,
    *,
    planned_on: date | None,
    done_on: date | None,
    words: str,
    url: str,
    file: StoredFile | None,
    actor: Actor,
    now: datetime,
) -> Announcement:
    """Write one line of the checklist; what it said before is in the audit."""
    lock(Consultation, consultation.id)
    row = announcements.find_announcement(consultation, channel)
    has_file = file is not None or (row is not None and row.has_file)
    if refusal := announcing.save_refusal(
        planned_on=planned_on,
        done_on=done_on,
        has_evidence=bool(words or url or has_file),
        today=clock.local(now).date(),
    ):
        raise Refused(refusal)
    if row is not None and row.done_on is not None and done_on is None:
        raise Refused(announcing.ALREADY_MADE)
    old = {name: getattr(row, name) for name in FIELDS} if row is not None else None
    if row is None:
        row = Announcement(
            tenant_id=consultation.tenant_id, consultation_id=consultation.id, channel=channel
        )
    row.planned_on, row.words, row.url, row.has_file = planned_on, words, url, has_file
    if done_on is not None and row.done_on is None:
        row.ticked_by, row.ticked_at = actor.person_id, now
    row.done_on = done_on
    db.session.add(row)
    db.session.flush()
    if file is not None:
        files.attach(file, announcements.KIND, row.id)
    new = {name: getattr(row, name) for name in FIELDS}
    entries.record(
        "consultation.announced",
        subject_of(consultation),
        actor=actor,
        at=now,
        channel=channel,
        old=old,
        new=new,
        file=file.sha256 if file is not None else None,
    )
    return row


def remove(consultation: Consultation, row: Announcement, *, actor: Actor, now: datetime) -> None:
    """Take a plan from the list."""
    lock(Consultation, consultation.id)
    if row.done_on is not None:
        raise Refused(announcing.ALREADY_MADE)
    db.session.delete(row)
    entries.record(
        "consultation.announcement_dropped",
        subject_of(consultation),
        actor=actor,
        at=now,
        channel=row.channel,
    )
