"""Installing the list of topics, and filing things under them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality
from deliberate.topics.listed import LISTED
from deliberate.topics.models import SubjectTopic, Topic


def install_topics() -> None:
    """Put the list in place; what is there already is brought up to date, nothing is removed."""
    for position, (key, name_pl, name_en, name_uk) in enumerate(LISTED, start=1):
        row = db.session.get(Topic, key)
        if row is None:
            row = Topic(key=key)
            db.session.add(row)
        row.name_pl, row.name_en, row.name_uk, row.position = name_pl, name_en, name_uk, position


def file_under(tenant: Municipality, kind: str, subject_id: int, keys: Iterable[str]) -> None:
    """Have a thing lie under exactly these topics; keys of no topic are left out."""
    wanted = set(db.session.scalars(select(Topic.key).where(Topic.key.in_(list(keys)))))
    filed = {
        row.topic_key: row
        for row in db.session.scalars(
            select(SubjectTopic).where(
                SubjectTopic.tenant_id == tenant.id,
                SubjectTopic.kind == kind,
                SubjectTopic.subject_id == subject_id,
            )
        )
    }
    for key in filed.keys() - wanted:
        db.session.delete(filed[key])
    for key in sorted(wanted - filed.keys()):
        db.session.add(
            SubjectTopic(tenant_id=tenant.id, kind=kind, subject_id=subject_id, topic_key=key)
        )
