"""Reading who works for a municipality: memberships with their people, approvers, substitutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import ColumnElement, and_, column, func, or_, select, table

from deliberate.access.decorators import roles_with
from deliberate.accounts.models import Invitation, Membership, Person
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality

# The packages of these are above this one; only what a list of choices shows is read here.
_consultation = table(
    "consultation", column("id"), column("tenant_id"), column("title"), column("state")
)
_organisation = table(
    "organisation", column("id"), column("tenant_id"), column("name"), column("verified_at")
)


def holds_now(now: datetime) -> ColumnElement[bool]:
    """Return what a membership needs to hold at a moment."""
    return and_(
        Membership.starts_at <= now, or_(Membership.ends_at.is_(None), Membership.ends_at > now)
    )


def list_staff(tenant: Municipality, now: datetime) -> Sequence[tuple[Membership, Person]]:
    """Return live memberships with their people, by role and name."""
    rows = db.session.execute(
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.tenant_id == tenant.id, holds_now(now))
        .order_by(Membership.role, Person.display_name, Membership.id)
    )
    return [(row[0], row[1]) for row in rows]


def gives(
    tenant: Municipality, permission: str, *, scope: int | None, now: datetime
) -> ColumnElement[bool]:
    """Return what a membership needs to give a permission in a consultation; None: everywhere."""
    whole = Membership.consultation_id.is_(None)
    return and_(
        Membership.tenant_id == tenant.id,
        Membership.role.in_(roles_with(permission)),
        whole if scope is None else or_(whole, Membership.consultation_id == scope),
        holds_now(now),
    )


def list_with_permission(
    tenant: Municipality,
    permission: str,
    now: datetime,
    *,
    scope: int | None = None,
    besides: int | None = None,
) -> Sequence[Person]:
    """Return who holds a permission in ``scope``, by name; ``besides``: not them."""
    held = select(Membership.person_id).where(gives(tenant, permission, scope=scope, now=now))
    return db.session.scalars(
        select(Person)
        .where(
            Person.id.in_(held),
            Person.closed_at.is_(None),
            Person.id != besides if besides is not None else Person.id.is_not(None),
        )
        .order_by(Person.display_name, Person.id)
    ).all()


def is_absent(now: datetime) -> ColumnElement[bool]:
    """Return what a membership needs for its substitute to stand in at a moment."""
    today = clock.local(now).date()
    return and_(Membership.absent_from <= today, Membership.absent_until >= today)


def list_stood_in_for(
    tenant: Municipality, person_id: int, permission: str, *, scope: int | None, now: datetime
) -> set[int]:
    """Return for whom the person stands in now where a permission is theirs to use.

    Whether the person holds it too is for ``holds`` to say.
    """
    wanted = select(Membership.person_id).where(
        Membership.substitute_id == person_id,
        is_absent(now),
        gives(tenant, permission, scope=scope, now=now),
    )
    return set(db.session.scalars(wanted))


def list_substitutes(
    tenant: Municipality,
    person_id: int,
    permission: str,
    *,
    scope: int | None,
    now: datetime,
    besides: int,
) -> Sequence[Person]:
    """Return who stands in for a person in a permission, and holds it too; ``besides``: not them.

    A substitute in another role of the person, or one whose own role has ended, is not asked.
    """
    named = select(Membership.substitute_id).where(
        Membership.person_id == person_id,
        is_absent(now),
        gives(tenant, permission, scope=scope, now=now),
    )
    stand_ins = set(db.session.scalars(named))
    holders = list_with_permission(tenant, permission, now, scope=scope, besides=besides)
    return [holder for holder in holders if holder.id in stand_ins]


def list_names(person_ids: set[int | None]) -> dict[int, str]:
    """Return the names of people by id, in one query."""
    wanted = select(Person.id, Person.display_name).where(
        Person.id.in_([person_id for person_id in person_ids if person_id is not None])
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def list_consultations(tenant: Municipality) -> list[tuple[int, str]]:
    """Return what a role may be narrowed to: consultations by title."""
    wanted = select(_consultation.c.id, _consultation.c.title).where(
        _consultation.c.tenant_id == tenant.id,
        _consultation.c.state.not_in(("cancelled", "archived")),
    )
    rows = db.session.execute(wanted.order_by(_consultation.c.title, _consultation.c.id))
    return [(row[0], row[1]) for row in rows]


def list_organisations(tenant: Municipality) -> list[tuple[int, str]]:
    """Return whose people may be invited: organisations that the office verified, by name."""
    wanted = select(_organisation.c.id, _organisation.c.name).where(
        _organisation.c.tenant_id == tenant.id, _organisation.c.verified_at.is_not(None)
    )
    rows = db.session.execute(wanted.order_by(_organisation.c.name, _organisation.c.id))
    return [(row[0], row[1]) for row in rows]


def get_membership(tenant: Municipality, membership_id: int) -> Membership:
    return db.session.scalar(
        select(Membership).where(Membership.tenant_id == tenant.id, Membership.id == membership_id)
    ) or abort(404)


def count_administrators(tenant: Municipality, now: datetime, *, besides: int) -> int:
    """Return how many other people can manage people here."""
    return db.session.scalars(
        select(func.count(Membership.person_id.distinct())).where(
            Membership.tenant_id == tenant.id,
            Membership.role == Role.ADMINISTRATOR,
            Membership.person_id != besides,
            holds_now(now),
        )
    ).one()


def list_colleagues(tenant: Municipality, membership: Membership, now: datetime) -> set[int]:
    """Return the ids of others who hold the same role here."""
    wanted = select(Membership.person_id).where(
        Membership.tenant_id == tenant.id,
        Membership.role == membership.role,
        Membership.person_id != membership.person_id,
        holds_now(now),
    )
    return set(db.session.scalars(wanted))


def find_invitation(tenant: Municipality, token: str) -> Invitation | None:
    """Return the invitation with this link, whatever became of it."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.tenant_id == tenant.id, Invitation.token_hash == ids.token_hash(token)
        )
    )


def get_invitation(tenant: Municipality, invitation_id: int) -> Invitation:
    return db.session.scalar(
        select(Invitation).where(Invitation.tenant_id == tenant.id, Invitation.id == invitation_id)
    ) or abort(404)


def list_invitations(tenant: Municipality, now: datetime) -> Sequence[Invitation]:
    """Return the invitations that wait for an answer, the newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.tenant_id == tenant.id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
    ).all()
