"""What conversations keep about a person: for that person to read, and to forget with them."""

from __future__ import annotations

from sqlalchemy import select, update

from deliberate.accounts.models import Person
from deliberate.accounts.rules import CLOSED_NAME
from deliberate.discussion.models import Contribution, Summary
from deliberate.kernel.db import db


def list_contributions(person: Person) -> list[dict[str, object]]:
    """Return everything a person has said, in every municipality, whatever became of it."""
    rows = db.session.scalars(
        select(Contribution).where(Contribution.author_id == person.id).order_by(Contribution.id)
    )
    return [
        {
            "id": row.id,
            "municipality": row.tenant_id,
            "kind": row.kind,
            "text": row.body,
            "language": row.language,
            "in_whose_name": row.capacity_label,
            "state": row.content_state,
            "said_at": row.created_at,
            "edited_at": row.edited_at,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows
    ]


def forget(person_id: int) -> None:
    """Take the name from what a person said; the words stay, as others answered them."""
    for model in (Contribution, Summary):
        tenants = db.session.scalars(
            select(model.tenant_id).where(model.author_id == person_id).distinct()
        ).all()
        for tenant_id in tenants:
            db.session.execute(
                update(model)
                .where(model.tenant_id == tenant_id, model.author_id == person_id)
                .values(author_name=CLOSED_NAME)
                .execution_options(touches=tenant_id, synchronize_session=False)
            )
