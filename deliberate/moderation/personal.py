"""What moderation keeps about people: for them to read, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.moderation.models import Decision, Notice

ADDRESS_KEPT = timedelta(days=180)  # after the decision: as long as one may object to it


def list_notices(person: Person) -> list[dict[str, object]]:
    """Return what a person reported while signed in."""
    rows = db.session.scalars(
        select(Notice).where(Notice.reporter_id == person.id).order_by(Notice.id)
    )
    return [
        {
            "municipality": row.tenant_id,
            "number": row.number,
            "about": f"{row.subject_kind}:{row.subject_id}",
            "reason": row.reason,
            "text": row.text,
            "at": row.at,
            "decided_at": row.decided_at,
        }
        for row in rows
    ]


def list_decisions(person: Person) -> list[dict[str, object]]:
    """Return what was decided about a person's texts, with the reasons they were given."""
    rows = db.session.scalars(
        select(Decision).where(Decision.author_id == person.id).order_by(Decision.id)
    )
    return [
        {
            "municipality": row.tenant_id,
            "number": row.id,
            "about": f"{row.subject_kind}:{row.subject_id}",
            "from": row.from_state,
            "to": row.to_state,
            "reason": row.reason,
            "rule": row.rule,
            "passage": row.passage,
            "explanation": row.explanation,
            "at": row.at,
            "undone_at": row.undone_at,
        }
        for row in rows
    ]


def forget(person_id: int) -> None:
    """Part a person's notices from the person; what was reported and decided stays."""
    db.session.execute(
        update(Notice)
        .where(Notice.reporter_id == person_id)
        .values(reporter_id=None, reporter_email=None)
    )


def _old(now: datetime) -> ColumnElement[bool]:
    reporter_known = or_(Notice.reporter_email.is_not(None), Notice.reporter_id.is_not(None))
    return and_(reporter_known, Notice.decided_at < now - ADDRESS_KEPT)


def _count(now: datetime) -> int:
    return db.session.scalars(select(func.count()).select_from(Notice).where(_old(now))).one()


def _remove(now: datetime) -> int:
    gone = db.session.execute(
        update(Notice).where(_old(now)).values(reporter_email=None, reporter_id=None)
    )
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


REPORTERS = RetentionRule(
    key="moderation.reporters",
    label=N_("Kto zgłosił naruszenie zasad: adres i konto"),
    keeps=N_("180 dni po decyzji; treść zgłoszenia zostaje"),
    count=_count,
    remove=_remove,
)
