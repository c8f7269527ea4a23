"""``deliberate municipality``: the tenants of an installation."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TextIO

import click
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries
from deliberate.cli.application import Refusal, application
from deliberate.cli.municipality_settings import judged, shown
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, lock, transaction
from deliberate.tenancy import actions, queries
from deliberate.tenancy.models import Municipality, MunicipalityKind

# What the command needs; the rest is set by the municipality itself at /urzad/gmina.
FIELDS = (
    "name",
    "official_name",
    "genitive",
    "locative",
    "adjective",
    "residents_name",
    "name_en",
    "name_uk",
    "executive",
    "executive_genitive",
    "executive_instrumental",
    "office_name",
    "office_address",
    "office_phone",
    "office_email",
)


@click.group("municipality")
def municipality() -> None:
    """Samorządy tej instalacji."""


@municipality.command("list")
def list_() -> None:
    """Pokaż samorządy: skrót, adres, nazwa."""
    with application():
        for row in queries.list_municipalities():
            click.echo(f"{row.slug}\t{row.host}\t{row.official_name}")


@municipality.command()
@click.option("--slug", required=True, help="Krótka nazwa w adresie: lubowierz.")
@click.option("--host", required=True, help="Nazwa serwera: lubowierz.example.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in MunicipalityKind]))
@click.option("--teryt", help="7 cyfr gminy albo 4 cyfry powiatu.")
@click.argument("names", type=click.File(encoding="utf-8"))
def add(slug: str, host: str, kind: str, teryt: str | None, names: TextIO) -> None:
    """Dodaj samorząd; NAMES to plik JSON z nazwami w przypadkach i danymi urzędu."""
    try:
        given = json.load(names)
    except ValueError as error:
        raise Refusal("Plik z nazwami nie jest poprawnym JSON-em.") from error
    if not isinstance(given, dict):
        raise Refusal("Plik z nazwami ma zawierać jeden obiekt JSON.")
    if missing := [name for name in FIELDS if not isinstance(given.get(name), str)]:
        raise Refusal(f"W pliku z nazwami brakuje: {', '.join(missing)}.")
    with application():
        now = clock.now()
        row = Municipality(
            slug=slug.lower(),
            host=host.lower(),
            kind=kind,
            teryt=teryt,
            created_at=now,
            **{name: given[name].strip() for name in FIELDS},
        )
        try:
            with transaction():
                db.session.add(row)
                db.session.flush()
                entries.record(
                    "municipality.added", f"municipality:{row.id}", actor=SYSTEM, at=now, slug=slug
                )
        except IntegrityError as error:
            taken = db.session.scalar(
                select(func.count())
                .select_from(Municipality)
                .where((Municipality.slug == slug.lower()) | (Municipality.host == host.lower()))
            )
            reason = "Ten skrót albo adres ma już inny samorząd." if taken else "Zły numer TERYT."
            raise Refusal(reason) from error
        click.echo(f"Dodano: {row.official_name}.")


@municipality.command("set")
@click.argument("slug")
@click.argument("changes", nargs=-1, metavar="[KEY=VALUE]...")
def set_(slug: str, changes: tuple[str, ...]) -> None:
    """Zmień ustawienia samorządu SLUG; bez KEY=VALUE pokaż wszystkie."""
    given = dict(_pair(change) for change in changes)
    with application() as app, app.test_request_context("/"):  # forms are made for requests
        tenant = get_municipality(slug)
        columns = judged(tenant, given)
        actor = replace(SYSTEM, tenant_id=tenant.id)
        try:
            with transaction():
                lock(Municipality, tenant.id)
                actions.change(tenant, columns, actor, now=clock.now())
        except IntegrityError as error:  # nothing else of these columns is unique
            raise Refusal("Ten adres ma już inny samorząd.") from error
        for name, value in shown(tenant):
            if name in given or not given:
                click.echo(f"{name}={value}")


def get_municipality(slug: str) -> Municipality:
    found = queries.find_municipality(slug)
    if found is None:
        raise Refusal(f"Nie ma samorządu o skrócie {slug}: deliberate municipality list")
    return found


def _pair(change: str) -> tuple[str, str]:
    name, sign, value = change.partition("=")
    if not sign:
        raise click.UsageError(f"{change}: ma być KEY=VALUE.")
    return name, value
