"""Organisations as others see them: on topic pages, in notices."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from deliberate.kernel import prose
from deliberate.kernel.db import db
from deliberate.kernel.texts import N_
from deliberate.organisations.models import Organisation
from deliberate.subjects.registry import Card, SubjectKind
from deliberate.subjects.states import ContentState

KIND = "organisation"


def _load_many(tenant_id: int, ids: Sequence[int]) -> list[Card]:
    wanted = select(Organisation).where(
        Organisation.tenant_id == tenant_id, Organisation.id.in_(ids)
    )
    return [_card(row) for row in db.session.scalars(wanted)]


def _load(tenant_id: int, organisation_id: int) -> Card | None:
    return next(iter(_load_many(tenant_id, [organisation_id])), None)


def _card(row: Organisation) -> Card:
    shown = row.verified_at is not None
    return Card(
        kind=KIND,
        id=row.id,
        tenant_id=row.tenant_id,
        consultation_id=None,
        title=row.name,
        text=prose.plain(row.about),
        url=url_for("organisations.show", slug=row.slug),
        state=ContentState.VISIBLE if shown else ContentState.HELD,
        author_id=row.created_by,
        author_label=row.name,
        language="pl",
        at=row.created_at,
        name=row.slug,
    )


SUBJECT = SubjectKind(key=KIND, label=N_("organizacja"), load=_load, load_many=_load_many)
