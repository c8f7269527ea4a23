"""A role given by the installation itself: to the first people of a municipality."""

from __future__ import annotations

from datetime import datetime

from deliberate.accounts.models import Membership, Person, ScopeKind
from deliberate.audit import entries
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality


def grant(
    tenant: Municipality,
    person: Person,
    role: Role,
    *,
    job_title: str = "",
    unit_id: int | None = None,
    organisation_id: int | None = None,
    now: datetime,
) -> Membership:
    """Give a role in the whole municipality; everybody else is invited by a person."""
    membership = Membership(
        tenant_id=tenant.id,
        person_id=person.id,
        role=role,
        scope_kind=ScopeKind.MUNICIPALITY,
        unit_id=unit_id,
        organisation_id=organisation_id,
        job_title=job_title,
        starts_at=now,
    )
    db.session.add(membership)
    entries.record(
        "membership.granted",
        f"person:{person.id}",
        actor=SYSTEM,
        at=now,
        tenant_id=tenant.id,
        role=role,
    )
    return membership
