"""People, where they live, and the roles they hold."""

from __future__ import annotations

import itertools
from datetime import timedelta

from flask import Flask

from deliberate.accounts.models import (
    Membership,
    Person,
    Residence,
    ResidenceMethod,
    ResidenceState,
    ScopeKind,
)
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from tests.make.base import add, numbers


def person(
    app: Flask,
    *,
    name: str = "Halina K.",
    email: str | None = None,
    resident_of: int | None = None,
    confirmed: bool = False,
    locale: str = "pl",
) -> int:
    """Make a person; ``resident_of`` a municipality by declaration, or confirmed at the desk."""
    address = email or f"osoba{next(numbers)}@poczta.example"
    now = clock.now()
    person_id = add(
        app,
        Person(
            email=address,
            email_folded=address.casefold(),
            display_name=name,
            locale=locale,
            aged_13_at=now,
            created_at=now,
        ),
    )
    if resident_of is not None:
        state = ResidenceState.CONFIRMED if confirmed else ResidenceState.DECLARED
        method = ResidenceMethod.DESK if confirmed else ResidenceMethod.DECLARATION
        add(
            app,
            Residence(
                tenant_id=resident_of,
                person_id=person_id,
                state=state,
                method=method,
                declared_at=now,
            ),
        )
    return person_id


def residents(app: Flask, tenant: int, number: int) -> list[int]:
    """Make many people who declared to live here, at once."""
    now = clock.now()
    with app.app_context(), transaction():
        people = [
            Person(
                email=f"mieszka{n}@poczta.example",
                email_folded=f"mieszka{n}@poczta.example",
                display_name="Halina K.",
                aged_13_at=now,
                created_at=now,
            )
            for n in itertools.islice(numbers, number)
        ]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(
            Residence(
                tenant_id=tenant,
                person_id=each.id,
                state=ResidenceState.DECLARED,
                method=ResidenceMethod.DECLARATION,
                declared_at=now,
            )
            for each in people
        )
        return [each.id for each in people]


def membership(
    app: Flask,
    tenant: int,
    person: int,
    role: Role,
    *,
    consultation: int | None = None,
    unit: int | None = None,
    organisation: int | None = None,
) -> int:
    kind = ScopeKind.MUNICIPALITY if consultation is None else ScopeKind.CONSULTATION
    return add(
        app,
        Membership(
            tenant_id=tenant,
            person_id=person,
            role=role,
            scope_kind=kind,
            consultation_id=consultation,
            unit_id=unit,
            organisation_id=organisation,
            starts_at=clock.now() - timedelta(days=1),
        ),
    )


def staff(app: Flask, tenant: int, role: Role, **more: int) -> int:
    """Make a person who holds a role in the municipality."""
    person_id = person(app, name=f"{role.value.title()} P.")
    membership(app, tenant, person_id, role, **more)
    return person_id
