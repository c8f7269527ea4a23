"""Who can sign in to the demonstration: the first people of its made-up world."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from deliberate.access.roles import NAMES
from deliberate.accounts.models import Membership, Person, Residence
from deliberate.accounts.staff import holds_now
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_

MOST = 10  # the demonstration makes those who sign in before those who are only heard


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A person of the demonstration: in which municipalities, in what roles, and the address."""

    name: str
    email: str
    tenants: frozenset[int]
    roles: tuple[str, ...]


def list_sign_ins() -> list[SignIn]:
    """Return them in the order in which they were made, in three queries."""
    people = db.session.scalars(
        select(Person).where(Person.closed_at.is_(None)).order_by(Person.id).limit(MOST)
    ).all()
    ids = [person.id for person in people]
    memberships = db.session.scalars(
        select(Membership)
        .where(Membership.person_id.in_(ids), holds_now(clock.now()))
        .order_by(Membership.id)
    ).all()
    residences = db.session.execute(
        select(Residence.person_id, Residence.tenant_id)
        .where(Residence.person_id.in_(ids))
        .order_by(Residence.id)
    ).all()
    return [
        SignIn(
            name=person.display_name,
            email=person.email or "",
            tenants=frozenset(
                [each.tenant_id for each in memberships if each.person_id == person.id]
                + [tenant_id for person_id, tenant_id in residences if person_id == person.id]
            ),
            roles=tuple(
                [say(NAMES[Role(each.role)]) for each in memberships if each.person_id == person.id]
                or [say(N_("osoba, która tu mieszka"))]
            ),
        )
        for person in people
    ]
