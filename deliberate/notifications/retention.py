"""How long an address waits for its one letter, and what goes with a closed account."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.notifications.models import OneLetter, SwitchedOff

KEPT_WAITING = timedelta(days=400)


def _old(now: datetime) -> ColumnElement[bool]:
    return OneLetter.asked_at < now - KEPT_WAITING


def _count(now: datetime) -> int:
    return db.session.scalars(select(func.count()).select_from(OneLetter).where(_old(now))).one()


def _remove(now: datetime) -> int:
    gone = db.session.execute(delete(OneLetter).where(_old(now)))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


ONE_LETTERS = RetentionRule(
    key="notifications.one_letters",
    label=N_("Adresy zostawione, żeby dostać jeden list"),
    keeps=N_("do wysłania listu, najdłużej 400 dni"),
    count=_count,
    remove=_remove,
)


def my_switches(person: Person) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(SwitchedOff).where(SwitchedOff.person_id == person.id).order_by(SwitchedOff.kind)
    )
    return [{"kind": row.kind, "since": row.since} for row in rows]


def forget_person(person_id: int) -> None:
    """Remove a closed account's switches and its address among those who wait."""
    address = select(Person.email_folded).where(Person.id == person_id).scalar_subquery()
    db.session.execute(delete(OneLetter).where(OneLetter.email == address))
    db.session.execute(delete(SwitchedOff).where(SwitchedOff.person_id == person_id))
