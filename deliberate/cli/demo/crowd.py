"""The people of the demo world as rows: those who sign in, those who are heard, those who support.

Whoever signs in is made first: the demo's front page shows the first people.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from deliberate.accounts import seals
from deliberate.accounts.actions import residence as residences
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.current import list_memberships
from deliberate.accounts.models import Form, Person, SecondFactor
from deliberate.accounts.queries import find_residence
from deliberate.accounts.rules import fold_email
from deliberate.algorithms.folding import fold
from deliberate.cli.demo.people import PEOPLE, SHOWN, Somebody
from deliberate.cli.roles import grant
from deliberate.kernel.actor import Actor, Grant, Role
from deliberate.kernel.db import db
from deliberate.organisations.models import Organisation
from deliberate.pages.known_factors import known_secret
from deliberate.tenancy.models import Area, Municipality, OrgUnit

Voices = Iterable[tuple[str, str, str, str]]  # (key, name, form, area)

WOMEN = (
    "Agnieszka", "Aleksandra", "Alicja", "Anna", "Beata", "Bożena", "Danuta", "Dorota", "Elżbieta",
    "Ewa", "Grażyna", "Hanna", "Iwona", "Jadwiga", "Janina", "Joanna", "Justyna", "Katarzyna",
    "Krystyna", "Lidia", "Magdalena", "Maria", "Marta", "Natalia", "Oksana", "Renata", "Sylwia",
    "Teresa", "Urszula", "Weronika", "Wiesława", "Zofia",
)  # fmt: skip
MEN = (
    "Adam", "Andrzej", "Bartosz", "Bogdan", "Dariusz", "Edward", "Grzegorz", "Henryk", "Ihor",
    "Jacek", "Jakub", "Jan", "Jarosław", "Jerzy", "Kamil", "Krzysztof", "Leszek", "Łukasz",
    "Maciej", "Marcin", "Marian", "Mariusz", "Mateusz", "Michał", "Paweł", "Piotr", "Rafał",
    "Roman", "Sławomir", "Tomasz", "Waldemar", "Zbigniew",
)  # fmt: skip
INITIALS = "ABCDFGHJKLMNOPRSTWZ"


def build_staff(tenants: dict[str, Municipality], now: datetime) -> dict[str, Person]:
    """Add the people who sign in; by key."""
    people = {
        somebody.key: _add(
            somebody.name, somebody.form, somebody.email, now, locale=somebody.locale
        )
        for somebody in PEOPLE
    }
    db.session.flush()
    for somebody in PEOPLE:
        if somebody.area:
            declare(people[somebody.key], tenants[somebody.place], somebody.area)
    return people


def give_roles(
    tenants: dict[str, Municipality],
    people: dict[str, Person],
    groups: dict[tuple[str, str], Organisation],
    now: datetime,
) -> None:
    """Give the roles; a facilitator comes from an organisation, so those are there by now."""
    for somebody in PEOPLE:
        tenant = tenants[somebody.place]
        organisation = groups.get((somebody.place, somebody.organisation or ""))
        for role in somebody.roles:
            membership = grant(
                tenant,
                people[somebody.key],
                role,
                job_title=somebody.job_title,
                unit_id=_unit_id(tenant, somebody),
                organisation_id=organisation.id if organisation else None,
                now=now,
            )
            if role is Role.FACILITATOR:
                membership.agreed_at = now


def give_second_factors(people: dict[str, Person], now: datetime) -> None:
    """Give whoever is shown with a role an app whose secret everybody knows (known_factors)."""
    db.session.add_all(
        SecondFactor(
            person_id=people[somebody.key].id,
            secret=seals.seal(
                known_secret(somebody.email), owner=owner_of(people[somebody.key].id)
            ),
            confirmed_at=now,
            last_step=0,
        )
        for somebody in SHOWN
        if somebody.roles
    )


def confirm(tenants: dict[str, Municipality], people: dict[str, Person]) -> None:
    """Confirm at the desk where the world says so."""
    officers = {each.place: each.key for each in PEOPLE if Role.OFFICER in each.roles}
    for somebody in PEOPLE:
        if not somebody.confirmed:
            continue
        tenant = tenants[somebody.place]
        row = find_residence(tenant, people[somebody.key])
        if row is None or somebody.area is None:
            raise LookupError(f"{somebody.name} has not declared where they live.")
        residences.confirm_at_desk(
            row,
            tenant=tenant,
            actor=acting(people[officers[somebody.place]], tenant),
            area=_area(tenant, somebody.area),
        )


def build_heard(tenant: Municipality, voices: Voices, now: datetime) -> dict[str, Person]:
    """Add residents who write; by key."""
    people = {}
    for key, name, form, area in voices:
        people[key] = _add(name, form, f"{key}@poczta.example", now)
        db.session.flush()
        declare(people[key], tenant, area)
    return people


def build_crowd(
    tenant: Municipality,
    count: int,
    areas: Sequence[str],
    weights: Sequence[int],
    *,
    chance: random.Random,
    now: datetime,
) -> list[Person]:
    """Add residents who support and vote: counters are counts of rows, also in the demo."""
    crowd: list[Person] = []
    for _ in range(count):
        form = chance.choice((Form.FEMININE, Form.MASCULINE))
        name = chance.choice(WOMEN if form is Form.FEMININE else MEN)
        initial = chance.choice(INITIALS)
        number = len(crowd) + 1
        email = f"{fold(name)}.{initial.lower()}.{number}@{tenant.slug}.poczta.example"
        crowd.append(_add(f"{name} {initial}.", form, email, now))
    db.session.flush()
    for person in crowd:
        declare(person, tenant, chance.choices(areas, weights)[0])
    return crowd


def declare(person: Person, tenant: Municipality, area: str) -> None:
    residences.declare(person, tenant=tenant, area=_area(tenant, area))


def acting(person: Person, tenant: Municipality) -> Actor:
    """Return the person as their request would show them to access and audit."""
    memberships = list_memberships(person.id, tenant.id)
    return Actor(
        person_id=person.id,
        tenant_id=tenant.id,
        grants=frozenset(Grant(Role(each.role), each.consultation_id) for each in memberships),
        name=person.display_name,
        is_fresh=True,
        has_second_factor=True,
    )


def _add(name: str, form: str, email: str, now: datetime, *, locale: str = "pl") -> Person:
    person = Person(
        email=email,
        email_folded=fold_email(email),
        display_name=name,
        form=form,
        locale=locale,
        aged_13_at=now,
        created_at=now,
    )
    db.session.add(person)
    return person


def _area(tenant: Municipality, name: str) -> Area:
    wanted = select(Area).where(Area.tenant_id == tenant.id, Area.name == name)
    return db.session.scalars(wanted).one()


def _unit_id(tenant: Municipality, somebody: Somebody) -> int | None:
    if somebody.unit is None:
        return None
    wanted = select(OrgUnit.id).where(OrgUnit.tenant_id == tenant.id, OrgUnit.name == somebody.unit)
    return db.session.scalars(wanted).one()
