"""``deliberate db``: the steps of the database."""

import click

from deliberate.cli.application import Refusal, application, settings, state_of
from deliberate.kernel import migrate
from deliberate.kernel.db import transaction
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
