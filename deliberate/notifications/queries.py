"""Reading what people do not wish to be told, and who waits for one letter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CompoundSelect, Select, and_, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.notifications.models import OneLetter, SwitchedOff
from deliberate.tenancy.models import Municipality

People = Select[int] | Select[int | None] | CompoundSelect[int]  # ids of people


def list_switched_off(person_id: int) -> set[str]:
    """Return the kinds that a person does not get."""
    wanted = select(SwitchedOff.kind).where(SwitchedOff.person_id == person_id)
    return set(db.session.scalars(wanted))


def wants(person: Person, kind: str) -> bool:
    """Tell whether letters of this kind reach the person: an account with them switched on."""
    if person.email is None:
        return False
    return db.session.get(SwitchedOff, (person.id, kind)) is None


def list_readers(people: People, kind: str, *, after: int, most: int) -> Sequence[Person]:
    """Return those of the selected people who get letters of this kind, by id, from the next on."""
    off = and_(SwitchedOff.person_id == Person.id, SwitchedOff.kind == kind)
    return db.session.scalars(
        select(Person)
        .outerjoin(SwitchedOff, off)
        .where(
            Person.id > after,
            Person.id.in_(people),
            Person.email.is_not(None),
            SwitchedOff.person_id.is_(None),
        )
        .order_by(Person.id)
        .limit(most)
    ).all()


def list_waiting(tenant: Municipality, about: str, most: int) -> Sequence[OneLetter]:
    """Return who asked for one letter about this, the first to ask first."""
    return db.session.scalars(
        select(OneLetter)
        .where(OneLetter.tenant_id == tenant.id, OneLetter.about == about)
        .order_by(OneLetter.id)
        .limit(most)
    ).all()
