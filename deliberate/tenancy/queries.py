"""Reading municipalities. ``get_`` answers 404 for what is not there; all begin with the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from deliberate.kernel.db import db
from deliberate.tenancy import kept
from deliberate.tenancy.models import Area, DiscussionRules, LegalRule, Municipality, OrgUnit


def list_municipalities() -> Sequence[Municipality]:
    """Return all, by name."""
    return db.session.scalars(
        select(Municipality).order_by(Municipality.name, Municipality.id)
    ).all()


def find_municipality(slug: str) -> Municipality | None:
    return db.session.scalar(select(Municipality).where(Municipality.slug == slug))


def list_areas(tenant: Municipality) -> Sequence[Area]:
    """Return the areas in the municipality's own order."""
    found = kept.areas_of(tenant)
    return found if found is not None else db.session.scalars(kept.select_areas(tenant.id)).all()


def find_area(tenant: Municipality, area_id: int | None) -> Area | None:
    if area_id is None:
        return None
    return db.session.scalar(select(Area).where(Area.tenant_id == tenant.id, Area.id == area_id))


def list_units(tenant: Municipality) -> Sequence[OrgUnit]:
    wanted = select(OrgUnit).where(OrgUnit.tenant_id == tenant.id)
    return db.session.scalars(wanted.order_by(OrgUnit.position, OrgUnit.name, OrgUnit.id)).all()


def find_unit(tenant: Municipality, unit_id: int | None) -> OrgUnit | None:
    if unit_id is None:
        return None
    return db.session.scalar(
        select(OrgUnit).where(OrgUnit.tenant_id == tenant.id, OrgUnit.id == unit_id)
    )


def current_rules(tenant: Municipality) -> DiscussionRules | None:
    """Return the newest version of the rules of discussion."""
    return db.session.scalar(
        select(DiscussionRules)
        .where(DiscussionRules.tenant_id == tenant.id)
        .order_by(DiscussionRules.version.desc())
        .limit(1)
    )


def find_legal_rule(tenant: Municipality, key: str, on: date) -> LegalRule | None:
    """Return the rule in force on a day: the municipality's own before the country's."""
    return db.session.scalar(
        select(LegalRule)
        .where(
            LegalRule.key == key,
            or_(LegalRule.tenant_id == tenant.id, LegalRule.tenant_id.is_(None)),
            LegalRule.valid_from <= on,
            or_(LegalRule.valid_to.is_(None), LegalRule.valid_to > on),
        )
        .order_by(LegalRule.tenant_id.is_(None), LegalRule.valid_from.desc(), LegalRule.id)
        .limit(1)
    )


def list_legal_rules(tenant: Municipality, prefix: str, on: date) -> Sequence[LegalRule]:
    """Return the rules in force on a day whose keys begin so: the first of a key is the one meant.

    The municipality's own stand before the country's, the newer before the older.
    """
    return db.session.scalars(
        select(LegalRule)
        .where(
            LegalRule.key.startswith(prefix, autoescape=True),
            or_(LegalRule.tenant_id == tenant.id, LegalRule.tenant_id.is_(None)),
            LegalRule.valid_from <= on,
            or_(LegalRule.valid_to.is_(None), LegalRule.valid_to > on),
        )
        .order_by(
            LegalRule.key, LegalRule.tenant_id.is_(None), LegalRule.valid_from.desc(), LegalRule.id
        )
    ).all()
