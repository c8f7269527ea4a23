"""Organisations and their members."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.urls import slugify
from deliberate.organisations.models import Organisation, OrganisationMember
from tests.make.base import add, numbers


def organisation(
    app: Flask,
    tenant: int,
    *,
    name: str = "Fundacja Most Sąsiedzki",
    kind: str = "foundation",
    member: int | None = None,
    verified: bool = True,
) -> int:
    """Make an organisation, verified by the office, with one member if one is named."""
    number = next(numbers)
    now = clock.now()
    organisation_id = add(
        app,
        Organisation(
            tenant_id=tenant,
            slug=f"{slugify(name)}-{number}",
            name=name,
            kind=kind,
            register="krs",
            register_number=f"{number:010d}",
            seat="Lubowierz",
            about="Pomagamy się poznać.",
            created_by=member,
            created_at=now,
            verified_at=now if verified else None,
        ),
    )
    if member is not None:
        with app.app_context(), transaction():
            db.session.add(
                OrganisationMember(
                    tenant_id=tenant,
                    organisation_id=organisation_id,
                    person_id=member,
                    function="prezeska",
                    since=now - timedelta(days=1),
                )
            )
    return organisation_id
