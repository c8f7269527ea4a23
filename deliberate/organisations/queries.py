"""Reading organisations. The public sees those that the office verified."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort
from sqlalchemy import Row, func, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.organisations.models import Organisation, OrganisationMember
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.tenancy.models import Municipality


def page_verified(tenant: Municipality, number: int) -> PageOf[Organisation]:
    """Return a page of verified organisations, by name; beyond the end: the last page."""
    verified = (Organisation.tenant_id == tenant.id, Organisation.verified_at.is_not(None))
    total = db.session.scalars(
        select(func.count()).select_from(Organisation).where(*verified)
    ).one()
    number = min(number, PageOf(items=(), number=1, total=total).last)
    wanted = select(Organisation).where(*verified).order_by(Organisation.name, Organisation.id)
    items = db.session.scalars(wanted.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return PageOf(items=items, number=number, total=total)


def list_undecided(tenant: Municipality) -> Sequence[Organisation]:
    """Return what waits for the office, the longest waiting first."""
    return db.session.scalars(
        select(Organisation)
        .where(
            Organisation.tenant_id == tenant.id,
            Organisation.verified_at.is_(None),
            Organisation.refused_reason.is_(None),
        )
        .order_by(Organisation.created_at, Organisation.id)
    ).all()


def list_all(tenant: Municipality) -> Sequence[Organisation]:
    wanted = select(Organisation).where(Organisation.tenant_id == tenant.id)
    return db.session.scalars(wanted.order_by(Organisation.name, Organisation.id)).all()


def get_organisation(tenant: Municipality, slug: str) -> Organisation:
    """Return an organisation whatever the office decided; 404 for another municipality's."""
    return db.session.scalar(
        select(Organisation).where(Organisation.tenant_id == tenant.id, Organisation.slug == slug)
    ) or abort(404)


def is_slug_taken(tenant: Municipality, slug: str) -> bool:
    wanted = select(Organisation.id).where(
        Organisation.tenant_id == tenant.id, Organisation.slug == slug
    )
    return db.session.scalar(wanted) is not None


def find_entered(tenant: Municipality, person: Person, name: str) -> Organisation | None:
    """Return what a person has entered under this name: a form that was sent twice."""
    return db.session.scalar(
        select(Organisation)
        .where(
            Organisation.tenant_id == tenant.id,
            Organisation.created_by == person.id,
            Organisation.name == name,
        )
        .limit(1)
    )


def find_same_number(organisation: Organisation) -> Organisation | None:
    """Return a verified organisation with the same number in the same register."""
    if organisation.register_number is None:
        return None
    return db.session.scalar(
        select(Organisation)
        .where(
            Organisation.tenant_id == organisation.tenant_id,
            Organisation.register == organisation.register,
            Organisation.register_number == organisation.register_number,
            Organisation.id != organisation.id,
            Organisation.verified_at.is_not(None),
        )
        .order_by(Organisation.id)
        .limit(1)
    )


def find_member(organisation: Organisation, person_id: int | None) -> OrganisationMember | None:
    """Return a person's place in an organisation, also one that has ended."""
    if person_id is None:
        return None
    return db.session.get(OrganisationMember, (organisation.id, person_id))


def is_member(organisation: Organisation, person: Person | None) -> bool:
    row = find_member(organisation, person.id) if person is not None else None
    return row is not None and row.until is None


def list_members(organisation: Organisation) -> Sequence[Row[OrganisationMember, Person]]:
    """Return who may speak for an organisation now, the longest there first."""
    return db.session.execute(
        select(OrganisationMember, Person)
        .join(Person, Person.id == OrganisationMember.person_id)
        .where(
            OrganisationMember.organisation_id == organisation.id,
            OrganisationMember.until.is_(None),
        )
        .order_by(OrganisationMember.since, Person.id)
    ).all()


def list_of(
    tenant: Municipality, person: Person
) -> Sequence[Row[OrganisationMember, Organisation]]:
    """Return a person's organisations here, by name, whatever the office decided."""
    return db.session.execute(
        select(OrganisationMember, Organisation)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .where(
            OrganisationMember.tenant_id == tenant.id,
            OrganisationMember.person_id == person.id,
            OrganisationMember.until.is_(None),
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()


def list_signed(organisation: Organisation) -> list[Card]:
    """Return what was written in an organisation's name and is shown, the newest first."""
    cards = [
        card
        for kind in registry.kinds().values()
        if kind.signed_by is not None
        for card in kind.signed_by(organisation.tenant_id, organisation.id)
    ]
    return sorted(cards, key=lambda card: (card.at, card.id), reverse=True)
