"""A meeting as lower packages meet it: a card. Its files are seen while it is."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, has_request_context, url_for
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, literal, select

from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.kernel.db import db
from deliberate.kernel.texts import N_
from deliberate.meetings.kinds import SUBJECT as KEY
from deliberate.meetings.models import Meeting
from deliberate.meetings.queries import is_public
from deliberate.subjects.registry import Card, Entries, SubjectKind
from deliberate.subjects.states import ContentState


def load(tenant_id: int, meeting_id: int) -> Card | None:
    row = db.session.execute(_select(tenant_id).where(Meeting.id == meeting_id)).first()
    return _card(row[0], row[1]) if row is not None else None


def load_many(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    rows = db.session.execute(_select(tenant_id).where(Meeting.id.in_(ids)))
    return [_card(row[0], row[1]) for row in rows]


def is_shown(meeting_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists(
        select(Meeting.id)
        .outerjoin(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.id == meeting_id, is_public())
    )


def select_entries() -> Select[int, int, str, str, str, int]:
    return (
        select(
            Meeting.tenant_id.label("tenant_id"),
            Meeting.id.label("id"),
            Meeting.title.label("title"),
            literal("pl").label("language"),
            literal("").label("slug"),
            Meeting.id.label("number"),
        )
        .outerjoin(Consultation, Consultation.id == Meeting.consultation_id)
        .where(is_public())
    )


def _select(tenant_id: int) -> Select[Meeting, str]:
    return (
        select(Meeting, Consultation.state)
        .outerjoin(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.tenant_id == tenant_id)
    )


def _card(meeting: Meeting, consultation_state: str | None) -> Card:
    is_draft = meeting.published_at is None or consultation_state in UNPUBLISHED
    return Card(
        kind=KEY,
        id=meeting.id,
        tenant_id=meeting.tenant_id,
        consultation_id=meeting.consultation_id,
        title=meeting.title,
        text=meeting.about,
        url=_path(meeting.id),
        state=ContentState.HELD if is_draft else ContentState.VISIBLE,
        author_id=None,
        author_label="",
        language="pl",
        at=meeting.published_at or meeting.created_at,
        official=True,
    )


def _path(meeting_id: int) -> str:
    if has_request_context():
        return url_for("meetings.show", meeting_id=meeting_id)
    return current_app.url_map.bind("").build("meetings.show", {"meeting_id": meeting_id})


SUBJECT = SubjectKind(
    key=KEY,
    label=N_("spotkanie"),
    load=load,
    load_many=load_many,
    is_shown=is_shown,
    entries=Entries(select=select_entries, url=lambda _slug, number: _path(number)),
)
