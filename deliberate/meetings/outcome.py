"""What came of a meeting: its note, and the questions that were asked there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.meetings import queries
from deliberate.meetings.kinds import SUBJECT, State
from deliberate.meetings.models import Meeting, MeetingQuestion


def list_questions(meeting: Meeting, *, only_published: bool) -> Sequence[MeetingQuestion]:
    wanted = select(MeetingQuestion).where(
        MeetingQuestion.tenant_id == meeting.tenant_id, MeetingQuestion.meeting_id == meeting.id
    )
    if only_published:
        wanted = wanted.where(MeetingQuestion.published_at.is_not(None))
    return db.session.scalars(wanted.order_by(MeetingQuestion.position, MeetingQuestion.id)).all()


def find_question(meeting: Meeting, question_id: int) -> MeetingQuestion | None:
    found = db.session.get(MeetingQuestion, question_id)
    return found if found is not None and found.meeting_id == meeting.id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting as the report tells of it. ``meeting.note`` is empty while it is a draft."""

    meeting: Meeting
    note: str
    topics: tuple[str, ...]
    attendance: int | None
    questions: tuple[MeetingQuestion, ...]
    files: tuple[StoredFile, ...]


def list_held(consultation: Consultation) -> list[Held]:
    """Return what was announced and took place or was called off, by date; three statements.

    Those called off are in it (``meeting.state``), so that a report can say so. What is not
    published – a note still written, a question without an answer – is left out.
    """
    meetings = queries.list_public_of(consultation)
    over = [each for each in meetings if each.state in (State.HELD, State.CANCELLED)]
    ids = [each.id for each in over]
    if not ids:
        return []
    asked = db.session.scalars(
        select(MeetingQuestion)
        .where(
            MeetingQuestion.tenant_id == consultation.tenant_id,
            MeetingQuestion.meeting_id.in_(ids),
            MeetingQuestion.published_at.is_not(None),
        )
        .order_by(MeetingQuestion.meeting_id, MeetingQuestion.position, MeetingQuestion.id)
    ).all()
    kept = db.session.scalars(
        select(StoredFile)
        .where(
            StoredFile.tenant_id == consultation.tenant_id,
            StoredFile.subject_kind == SUBJECT,
            StoredFile.subject_id.in_(ids),
        )
        .order_by(StoredFile.subject_id, StoredFile.id)
    ).all()
    questions = {key: tuple(rows) for key, rows in groupby(asked, lambda row: row.meeting_id)}
    by_meeting = {key: tuple(rows) for key, rows in groupby(kept, lambda row: row.subject_id)}
    return [
        Held(
            meeting=each,
            note=each.note if each.note_published_at else "",
            topics=topics_of(each) if each.note_published_at else (),
            attendance=each.attendance if each.note_published_at else None,
            questions=questions.get(each.id, ()),
            files=by_meeting.get(each.id, ()),
        )
        for each in over
    ]


def topics_of(meeting: Meeting) -> tuple[str, ...]:
    return tuple(line.strip(" -–") for line in meeting.topics.splitlines() if line.strip(" -–"))
