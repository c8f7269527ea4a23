"""What came of a meeting: how many came, the note, questions with answers, files; and messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from deliberate.audit import entries
from deliberate.kernel import files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.meetings import notices, rules, sign_ups
from deliberate.meetings.kinds import SUBJECT, State
from deliberate.meetings.models import Meeting, MeetingMessage, MeetingQuestion, subject_of


def save_note(
    meeting: Meeting,
    *,
    attendance: int | None,
    topics: str,
    note: str,
    publish: bool,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the note; published once, it stays so, and what is saved then is seen at once."""
    _begin(meeting, now)
    if stamp != meeting.revision:
        raise Refused(rules.EDITED_MEANWHILE)
    meeting.attendance, meeting.topics, meeting.note = attendance, topics, note
    meeting.revision += 1
    if publish and meeting.note_published_at is None:
        meeting.note_published_at = now
        meeting.state = State.HELD
    entries.record(
        "meeting.note",
        subject_of(meeting),
        actor=actor,
        at=now,
        published=meeting.note_published_at is not None,
        attendance=attendance,
    )


def ask(
    meeting: Meeting,
    *,
    asked_by: str,
    question: str,
    answer: str,
    publish: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Add a question to the end of the list."""
    _begin(meeting, now)
    last = db.session.scalar(
        select(func.max(MeetingQuestion.position)).where(
            MeetingQuestion.tenant_id == meeting.tenant_id,
            MeetingQuestion.meeting_id == meeting.id,
        )
    )
    row = MeetingQuestion(
        tenant_id=meeting.tenant_id, meeting_id=meeting.id, position=(last or 0) + 1
    )
    db.session.add(row)
    _write(meeting, row, asked_by, question, answer, publish=publish, actor=actor, now=now)


def change_question(
    meeting: Meeting,
    row: MeetingQuestion,
    *,
    asked_by: str,
    question: str,
    answer: str,
    publish: bool,
    actor: Actor,
    now: datetime,
) -> None:
    _begin(meeting, now)
    _write(meeting, row, asked_by, question, answer, publish=publish, actor=actor, now=now)


def remove_question(meeting: Meeting, row: MeetingQuestion, *, actor: Actor, now: datetime) -> None:
    _begin(meeting, now)
    db.session.delete(row)
    entries.record(
        "meeting.question_removed",
        subject_of(meeting),
        actor=actor,
        at=now,
        question=row.question,
    )


def add_file(meeting: Meeting, file: StoredFile, alt: str, *, actor: Actor, now: datetime) -> None:
    files.attach(file, SUBJECT, meeting.id)
    file.alt = alt
    entries.record("meeting.file_added", subject_of(meeting), actor=actor, at=now, name=file.name)


def remove_file(meeting: Meeting, file: StoredFile, *, actor: Actor, now: datetime) -> None:
    files.detach(file)
    entries.record("meeting.file_removed", subject_of(meeting), actor=actor, at=now, name=file.name)


def send_message(
    meeting: Meeting, *, subject: str, body: str, actor: Actor, now: datetime
) -> MeetingMessage:
    """Write to everybody on the list, those who wait included; the words are kept as a log."""
    if meeting.published_at is None:
        raise Refused(rules.NOT_PUBLISHED)
    readers = sign_ups.count_readers(meeting)
    if not readers:
        raise Refused(rules.NO_READERS)
    row = MeetingMessage(
        tenant_id=meeting.tenant_id,
        meeting_id=meeting.id,
        subject=subject,
        body=body,
        readers=readers,
        sent_by=actor.person_id,
        sent_at=now,
    )
    db.session.add(row)
    db.session.flush()
    notices.plan_message(meeting, row.id, now)
    entries.record(
        "meeting.message",
        subject_of(meeting),
        actor=actor,
        at=now,
        words=subject,
        readers=readers,
    )
    return row


def _begin(meeting: Meeting, now: datetime) -> None:
    lock(Meeting, meeting.id)
    if refusal := rules.afterwards_refusal(
        meeting.state,
        is_published=meeting.published_at is not None,
        starts_at=meeting.starts_at,
        now=now,
    ):
        raise Refused(refusal)


def _write(
    meeting: Meeting,
    row: MeetingQuestion,
    asked_by: str,
    question: str,
    answer: str,
    *,
    publish: bool,
    actor: Actor,
    now: datetime,
) -> None:
    row.asked_by, row.question, row.answer = asked_by, question, answer
    # Without an answer there is nothing to publish; the constraint says so too.
    row.published_at = (row.published_at or now) if publish and answer else None
    db.session.flush()
    entries.record(
        "meeting.question",
        subject_of(meeting),
        actor=actor,
        at=now,
        question=question,
        published=row.published_at is not None,
    )
