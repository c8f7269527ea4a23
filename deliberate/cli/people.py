"""``deliberate people``: accounts, the first administrator of a municipality, roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from deliberate.accounts import factor_reset, memberships, rules, staff, staff_rules
from deliberate.accounts import queries as accounts
from deliberate.accounts.letters import FactorChange
from deliberate.accounts.models import Membership, Person
from deliberate.cli.application import Refusal, application
from deliberate.cli.municipality import get_municipality
from deliberate.cli.roles import grant
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, lock, transaction
from deliberate.tenancy.models import Municipality

STAFF = [role.value for role in staff_rules.GIVEN_HERE]


@click.group("people")
def people() -> None:
    """Konta i role."""


@people.command("list")
@click.option("--municipality", "slug", required=True, help="Skrót samorządu.")
def list_(slug: str) -> None:
    """Pokaż osoby z rolami w samorządzie."""
    with application():
        tenant = get_municipality(slug)
        rows = db.session.execute(
            select(Membership, Person)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.tenant_id == tenant.id)
            .order_by(Membership.role, Person.display_name, Membership.id)
        )
        for membership, person in rows:
            ended = f"\tdo {membership.ends_at:%Y-%m-%d}" if membership.ends_at else ""
            click.echo(f"{membership.role}\t{person.display_name}\t{person.email}{ended}")


@people.command()
@click.option("--municipality", "slug", required=True, help="Skrót samorządu.")
@click.option("--email", required=True)
@click.option("--name", required=True, help="Nazwa wyświetlana: „Paweł L.”.")
@click.option("--role", required=True, type=click.Choice(STAFF))
@click.option("--job-title", default="", help="Stanowisko służbowe, widoczne przy odpowiedziach.")
def add(slug: str, email: str, name: str, role: str, job_title: str) -> None:
    """Nadaj rolę osobie; konto powstanie, jeśli go nie ma. Pierwsze wejście: kodem z listu."""
    address = _address(email)
    if not name.strip():
        raise Refusal("Podaj nazwę wyświetlaną.")
    with application():
        tenant, now = get_municipality(slug), clock.now()
        with transaction():
            person = accounts.find_person_by_email(address)
            if person is None:
                person = Person(
                    email=address,
                    email_folded=rules.fold_email(address),
                    display_name=name.strip(),
                    aged_13_at=now,
                    created_at=now,
                )
                db.session.add(person)
                db.session.flush()
            _refuse_held(tenant, person, role, now)
            grant(tenant, person, Role(role), job_title=job_title, now=now)
        click.echo(f"{person.display_name}: {role}, {tenant.official_name}.")


@people.command("role")
@click.option("--municipality", "slug", required=True, help="Skrót samorządu.")
@click.option("--email", required=True)
@click.option("--give", "given", type=click.Choice(STAFF), help="Rola do nadania.")
@click.option("--end", "ended", type=click.Choice(STAFF), help="Rola do zakończenia.")
@click.option("--job-title", default="", help="Stanowisko służbowe, widoczne przy odpowiedziach.")
def change_role(
    slug: str, email: str, given: str | None, ended: str | None, job_title: str
) -> None:
    """Nadaj rolę osobie, która ma konto, albo zakończ jej rolę, wszędzie w tym samorządzie."""
    if (given is None) == (ended is None):
        raise click.UsageError("Podaj jedno: --give albo --end.")
    address = _address(email)
    with application():
        tenant, now = get_municipality(slug), clock.now()
        with transaction():
            person = accounts.find_person_by_email(address)
            if person is None:
                raise Refusal(f"Nie ma konta z adresem {address}: deliberate people add")
            lock(Person, person.id)
            if given is not None:
                _refuse_held(tenant, person, given, now)
                grant(tenant, person, Role(given), job_title=job_title, now=now)
            else:
                _end(tenant, person, str(ended), now)
        done = f"koniec roli {ended}" if given is None else given
        click.echo(f"{person.display_name}: {done}, {tenant.official_name}.")


@people.command("factor-reset")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Usuń drugi składnik osoby, która go zgubiła, gdy w urzędzie nie mogą tego zrobić dwie."""
    address = _address(email)
    with application():
        with transaction():
            person = accounts.find_person_by_email(address)
            if person is None:
                raise Refusal(f"Nie ma konta z adresem {address}.")
            factor_reset.reset(
                person,
                SYSTEM,
                FactorChange.RESET_BY_OPERATOR,
                tenant=accounts.find_home(person),
                now=clock.now(),
            )
        click.echo(f"{person.display_name}: drugi składnik usunięty, list napisany.")


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refusal("To nie jest adres e-mail.") from error


def _refuse_held(tenant: Municipality, person: Person, role: str, now: datetime) -> None:
    if any(held.consultation_id is None for held in _list_held(tenant, person, role, now)):
        raise Refusal("Ta osoba ma już tę rolę.")


def _end(tenant: Municipality, person: Person, role: str, now: datetime) -> None:
    held = _list_held(tenant, person, role, now)
    if not held:
        raise Refusal("Ta osoba nie ma tej roli.")
    for membership in held:
        memberships.end(tenant, membership, replace(SYSTEM, tenant_id=tenant.id), now=now)


def _list_held(
    tenant: Municipality, person: Person, role: str, now: datetime
) -> Sequence[Membership]:
    return db.session.scalars(
        select(Membership)
        .where(
            Membership.tenant_id == tenant.id,
            Membership.person_id == person.id,
            Membership.role == role,
            staff.holds_now(now),
        )
        .order_by(Membership.id)
    ).all()
