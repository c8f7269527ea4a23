"""``deliberate db``: the steps of the database."""

from __future__ import annotations

from collections.abc import Sequence

import click
from sqlalchemy import NullPool, create_engine

from deliberate.app import FEATURES
from deliberate.cli.application import Refusal, application, settings, state_of
from deliberate.config import Settings
from deliberate.kernel import guards, migrate
from deliberate.kernel.db import transaction
from deliberate.kernel.guards import Guard
from deliberate.topics import actions as topics


@click.group("db")
def database() -> None:
    """Kroki bazy danych."""


@database.command()
def upgrade() -> None:
    """Przeprowadź bazę do najnowszego kroku i odśwież listę tematów."""
    chosen = settings()
    before, newest = state_of(chosen)
    if before != newest:
        migrate.upgrade(chosen.database_url)
    with application(), transaction():
        topics.install_topics()
    if before == newest:
        click.echo(f"Baza jest na najnowszym kroku: {newest}.")
    else:
        click.echo(f"Baza przeszła na krok {newest}.")


@database.command()
def check() -> None:
    """Sprawdź, czy baza jest na najnowszym kroku."""
    at, newest = state_of(settings())
    if at != newest:
        raise Refusal(f"Baza jest na kroku {at}, najnowszy to {newest}.")
    click.echo(f"Baza jest na najnowszym kroku: {newest}.")


@database.command()
def state() -> None:
    """Pokaż krok bazy, kroki, które czekają, i strażników; kod 1, gdy czegoś brakuje."""
    chosen = settings()
    at, newest = state_of(chosen)
    click.echo(f"Krok bazy: {at or 'żaden'}; najnowszy: {newest}.")
    if waiting := migrate.list_steps_after(chosen.database_url, at):
        for step, words in waiting:
            click.echo(f"Czeka: {step} {words}", err=True)
        raise Refusal(f"Kroki, które czekają: {len(waiting)}: deliberate db upgrade")
    declared = [guard for feature in FEATURES for guard in feature.guards]
    faults = _guard_faults(chosen, declared)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise Refusal(f"Strażnicy, z którymi jest coś nie tak: {len(faults)}.")
    click.echo(f"Strażnicy: {len(declared)}, wszyscy na miejscu.")


def _guard_faults(chosen: Settings, declared: Sequence[Guard]) -> list[str]:
    engine = create_engine(chosen.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        there = guards.list_installed(connection)
    engine.dispose()
    dialect = engine.dialect.name
    expected = {guard.name: guard.text(dialect) for guard in declared}
    return [
        *(f"Brakuje strażnika: {name}" for name in sorted(expected.keys() - there.keys())),
        *(f"Nieznany strażnik: {name}" for name in sorted(there.keys() - expected.keys())),
        *(
            f"Inny strażnik niż w programie: {name}"
            for name in sorted(expected.keys() & there.keys())
            if expected[name] != there[name]
        ),
    ]
