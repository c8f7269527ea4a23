"""``deliberate people``: accounts and the first administrator of a municipality."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from deliberate.accounts import queries as accounts
from deliberate.accounts import rules
from deliberate.accounts.models import Membership, Person
from deliberate.cli.application import Refusal, application
from deliberate.cli.roles import grant
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Municipality

STAFF = [role.value for role in Role if role is not Role.OPERATOR]


@click.group("people")
def people() -> None:
    """Konta i role."""


@people.command("list")
@click.option("--municipality", "slug", required=True, help="Skrót samorządu.")
def list_(slug: str) -> None:
    """Pokaż osoby z rolami w samorządzie."""
    with application():
        tenant = _municipality(slug)
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
@click.option("--job-title", default="", help="Stanowisko, widoczne przy odpowiedziach.")
def add(slug: str, email: str, name: str, role: str, job_title: str) -> None:
    """Nadaj rolę osobie; konto powstanie, jeśli go nie ma. Pierwsze wejście: kodem z listu."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refusal("To nie jest adres e-mail.") from error
    if not name.strip():
        raise Refusal("Podaj nazwę wyświetlaną.")
    with application():
        tenant, now = _municipality(slug), clock.now()
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
            grant(tenant, person, Role(role), job_title=job_title, now=now)
        click.echo(f"{person.display_name}: {role}, {tenant.official_name}.")


def _municipality(slug: str) -> Municipality:
    found = tenancy.find_municipality(slug)
    if found is None:
        raise Refusal(f"Nie ma samorządu o skrócie {slug}: deliberate municipality list")
    return found
