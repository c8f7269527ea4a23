"""Texts not yet sent, kept for their writer only.

What an anonymous person types stays in their browser (static/js/draft.js) until they sign in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from deliberate.authorship.models import Draft
from deliberate.kernel.db import db

KEPT = timedelta(days=180)  # after the last change


def find(tenant_id: int, person_id: int, kind: str, place: str) -> dict[str, str] | None:
    """Return the fields of a draft, or None. ``place`` says where it belongs: "consultation:7"."""
    row = _find(tenant_id, person_id, kind, place)
    if row is None:
        return None
    fields: dict[str, str] = json.loads(row.fields)
    return fields


def save(
    tenant_id: int,
    person_id: int,
    kind: str,
    place: str,
    fields: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    """Keep the fields in place of what was kept there before."""
    row = _find(tenant_id, person_id, kind, place)
    if row is None:
        row = Draft(tenant_id=tenant_id, person_id=person_id, kind=kind, place=place)
        db.session.add(row)
    row.fields = json.dumps(dict(fields), ensure_ascii=False)
    row.updated_at = at


def drop(tenant_id: int, person_id: int, kind: str, place: str) -> None:
    """Forget a draft: its text was sent, or its writer no longer wants it."""
    row = _find(tenant_id, person_id, kind, place)
    if row is not None:
        db.session.delete(row)


def list_of(person_id: int) -> Sequence[Draft]:
    """Return all drafts of a person, in every municipality, the latest first."""
    wanted = select(Draft).where(Draft.person_id == person_id)
    return db.session.scalars(wanted.order_by(Draft.updated_at.desc(), Draft.place)).all()


def forget_author(person_id: int) -> None:
    """Remove what somebody who closes their account has not sent."""
    db.session.execute(delete(Draft).where(Draft.person_id == person_id))


def count_old(now: datetime) -> int:
    """Return how many drafts nobody has touched for 180 days."""
    counted = select(func.count()).select_from(Draft).where(_old(now))
    return db.session.scalars(counted).one()


def forget_old(now: datetime) -> int:
    """Remove those. Returns how many."""
    gone = db.session.execute(delete(Draft).where(_old(now)))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def _old(now: datetime) -> ColumnElement[bool]:
    return Draft.updated_at < now - KEPT


def _find(tenant_id: int, person_id: int, kind: str, place: str) -> Draft | None:
    return db.session.scalar(
        select(Draft).where(
            Draft.tenant_id == tenant_id,
            Draft.person_id == person_id,
            Draft.kind == kind,
            Draft.place == place,
        )
    )
