"""Entries of the three registers as lower packages meet them: cards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import current_app, has_request_context, url_for
from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from deliberate.kernel.db import db
from deliberate.kernel.texts import N_
from deliberate.petitions.actions import office
from deliberate.petitions.kinds import SLUGS, Register
from deliberate.petitions.models import Entry
from deliberate.petitions.queries import is_public
from deliberate.subjects.registry import Card, SubjectKind
from deliberate.subjects.states import ContentState


def _load(register: Register, tenant_id: int, entry_id: int) -> Card | None:
    return next(iter(_load_many(register, tenant_id, (entry_id,))), None)


def _load_many(register: Register, tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    rows = db.session.scalars(
        select(Entry).where(
            Entry.tenant_id == tenant_id, Entry.register == register, Entry.id.in_(ids)
        )
    )
    return [_card(row) for row in rows]


def _is_shown(register: Register, entry_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists().where(Entry.id == entry_id, Entry.register == register, is_public())


def _card(entry: Entry) -> Card:
    is_in = entry.published_at is not None
    return Card(
        kind=entry.register,
        id=entry.id,
        tenant_id=entry.tenant_id,
        consultation_id=None,
        title=entry.title,
        text="\n\n".join(part for part in (entry.text, entry.form, entry.reason) if part),
        url=_path(entry),
        # What was not published is held: its files and its words are nobody's to see.
        state=ContentState(entry.content_state) if is_in else ContentState.HELD,
        author_id=entry.author_id,
        author_label=entry.author_name,
        language=entry.language,
        at=entry.published_at or entry.created_at,
        number=entry.number,
    )


def _path(entry: Entry) -> str:
    register = SLUGS[entry.register]
    if has_request_context():
        return url_for("petitions.show", register=register, entry_id=entry.id)
    values = {"register": register, "entry_id": entry.id}
    return current_app.url_map.bind("").build("petitions.show", values)


def _kind(register: Register, label: str) -> SubjectKind:
    return SubjectKind(
        key=register,
        label=label,
        load=partial(_load, register),
        load_many=partial(_load_many, register),
        restrict=office.restrict,
        is_shown=partial(_is_shown, register),
    )


SUBJECTS = (
    _kind(Register.REQUEST, N_("wniosek o konsultacje")),
    _kind(Register.INITIATIVE, N_("inicjatywa uchwałodawcza")),
    _kind(Register.PETITION, N_("petycja")),
)
