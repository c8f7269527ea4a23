"""People who sign a text with its author: asked by address, counted once they accept.

Asking and answering never tell whether an address has an account: the letter is the same, and the
link in it works for whoever signs in with that very address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from deliberate.accounts.models import Person
from deliberate.authorship.actions import CLOSED_ACCOUNT
from deliberate.authorship.models import Coauthor
from deliberate.kernel import ids
from deliberate.kernel.db import db

VALID = timedelta(days=14)


def list_of(tenant_id: int, kind: str, subject_id: int) -> Sequence[Coauthor]:
    """Return everyone asked and everyone who accepted, in the order of asking."""
    return db.session.scalars(
        select(Coauthor)
        .where(
            Coauthor.tenant_id == tenant_id,
            Coauthor.kind == kind,
            Coauthor.subject_id == subject_id,
        )
        .order_by(Coauthor.id)
    ).all()


def ids_with(tenant_id: int, kind: str, person_id: int) -> Sequence[int]:
    """Return the ids of the texts of a kind that a person signs with their authors."""
    return db.session.scalars(
        select(Coauthor.subject_id)
        .where(
            Coauthor.tenant_id == tenant_id,
            Coauthor.kind == kind,
            Coauthor.person_id == person_id,
        )
        .order_by(Coauthor.id)
    ).all()


def find_invitation(
    tenant_id: int, kind: str, subject_id: int, token: str, person: Person, *, now: datetime
) -> Coauthor | None:
    """Return what a link asks this very person; None when it has expired or asks somebody else."""
    return db.session.scalar(
        select(Coauthor).where(
            Coauthor.tenant_id == tenant_id,
            Coauthor.kind == kind,
            Coauthor.subject_id == subject_id,
            Coauthor.token_hash == ids.token_hash(token),
            Coauthor.email == person.email_folded,
            Coauthor.invited_at > now - VALID,
        )
    )


def invite(tenant_id: int, kind: str, subject_id: int, email: str, *, at: datetime) -> str:
    """Ask an address in the caller's transaction. Returns the token for the link in the letter."""
    token = ids.new_token()
    row = Coauthor(
        tenant_id=tenant_id,
        kind=kind,
        subject_id=subject_id,
        token_hash=ids.token_hash(token),
        email=email,
        invited_at=at,
    )
    db.session.add(row)
    return token


def accept(row: Coauthor, person: Person, *, at: datetime) -> None:
    row.person_id, row.name = person.id, person.display_name
    row.accepted_at, row.email = at, None


def remove(row: Coauthor) -> None:
    """Take back the asking, decline it, or stop signing the text."""
    db.session.delete(row)


def count_old(now: datetime) -> int:
    """Return how many were asked 14 days ago and have not answered."""
    counted = select(func.count()).select_from(Coauthor).where(_old(now))
    return db.session.scalars(counted).one()


def forget_old(now: datetime) -> int:
    """Remove those. Returns how many."""
    old = db.session.scalars(select(Coauthor).where(_old(now))).all()
    for row in old:
        db.session.delete(row)
    return len(old)


def forget_author(person_id: int) -> None:
    """Take the name from what somebody signed who closed their account."""
    own = Coauthor.person_id == person_id
    for tenant_id in db.session.scalars(select(Coauthor.tenant_id).where(own).distinct()).all():
        db.session.execute(
            update(Coauthor)
            .where(own, Coauthor.tenant_id == tenant_id)
            .values(name=CLOSED_ACCOUNT)
            .execution_options(touches=tenant_id)
        )


def _old(now: datetime) -> ColumnElement[bool]:
    return Coauthor.accepted_at.is_(None) & (Coauthor.invited_at <= now - VALID)
