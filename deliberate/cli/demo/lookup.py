"""What a consultation's columns say of a municipality of the demo world."""

from __future__ import annotations

from sqlalchemy import select

from deliberate.kernel.db import db
from deliberate.tenancy.models import Area, Municipality, OrgUnit


def contact(tenant: Municipality) -> str:
    """Return whom to ask: the leading unit with its telephone and address."""
    return f"{tenant.lead_unit}, tel. {tenant.office_phone}, {tenant.office_email}"


def area_id(tenant: Municipality, name: str) -> int:
    wanted = select(Area.id).where(Area.tenant_id == tenant.id, Area.name == name)
    return db.session.scalars(wanted).one()


def unit_id(tenant: Municipality, name: str) -> int:
    wanted = select(OrgUnit.id).where(OrgUnit.tenant_id == tenant.id, OrgUnit.name == name)
    return db.session.scalars(wanted).one()
