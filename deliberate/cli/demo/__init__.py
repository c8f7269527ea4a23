"""``deliberate demo``: the made-up world. Only where the installation says that it is a demo."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from deliberate.accounts import passwords
from deliberate.cli.application import Refusal, application, settings, state_of
from deliberate.cli.demo import world
from deliberate.cli.demo.people import SHOWN
from deliberate.config import Mode, Settings
from deliberate.kernel import migrate
from deliberate.kernel.db import db, transaction
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics

PASSWORD = "demo-password"  # noqa: S105 - a file's name: one word for the whole made-up staff


@click.group("demo")
def demo() -> None:
    """Świat pokazowy: trzy zmyślone samorządy."""


@demo.command()
def load() -> None:
    """Wczytaj świat pokazowy do pustej bazy."""
    chosen = _demo_settings()
    with application():
        if _is_loaded():
            raise Refusal("W bazie są już samorządy; świat pokazowy wczytujemy tylko do pustej.")
        _load(chosen)
    click.echo("Wczytano świat pokazowy.")


@demo.command()
def prepare() -> None:
    """Przygotuj wszystko do pokazu: kroki bazy, świat, lista osób do logowania."""
    chosen = _demo_settings()
    chosen.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at, newest = state_of(chosen)
    if at != newest:
        migrate.upgrade(chosen.database_url)
    with application():
        if not _is_loaded():
            _load(chosen)
    click.echo(f"\nAdres: {chosen.public_url}/\n")
    _show_sign_ins(chosen)


@demo.command()
@click.option("--yes", is_flag=True, help="Nie pytaj.")
def empty(*, yes: bool) -> None:
    """Usuń świat pokazowy: wszystkie wiersze, pliki i klucze. Najpierw zatrzymaj serwer."""
    chosen = _demo_settings()
    with application():
        names = _names_of_made_up()
    if not yes:
        listed = ", ".join(names) or "żaden"
        click.confirm(f"Samorządy do usunięcia: {listed}. Usunąć wszystko?", abort=True)
    try:
        migrate.empty(chosen.database_url)
    except OperationalError as error:
        raise Refusal("Ktoś używa bazy: zatrzymaj serwer i spróbuj jeszcze raz.") from error
    for folder in (chosen.folder / "files", chosen.folder / "keys"):
        if folder.exists():
            shutil.rmtree(folder)
    (chosen.folder / PASSWORD).unlink(missing_ok=True)
    with application(), transaction():
        topics.install_topics()
    click.echo("Baza jest pusta.")


@demo.command("sign-ins")
def sign_ins() -> None:
    """Pokaż, jako kto można się zalogować."""
    _show_sign_ins(_demo_settings())


def _demo_settings() -> Settings:
    chosen = settings()
    if chosen.mode is Mode.PRODUCTION:
        raise Refusal("To nie jest pokaz: ustaw DELIBERATE_MODE=demo.")
    return chosen


def _names_of_made_up() -> list[str]:
    """Return the names of all municipalities; refuse when one of them may be real."""
    rows = tenancy.list_municipalities()
    # Names under .example are nobody's (RFC 2606); the demo's and those of ``load`` lie there.
    if real := [row.slug for row in rows if not row.host.endswith(".example")]:
        raise Refusal(f"To nie jest sam pokaz: {', '.join(real)}. Niczego nie usunięto.")
    return [row.official_name for row in rows]


def _is_loaded() -> bool:
    return db.session.scalar(select(Municipality.id).limit(1)) is not None


def _load(chosen: Settings) -> None:
    password = secrets.token_urlsafe(9)
    file = chosen.folder / PASSWORD
    hashed = passwords.hash_password(password)
    # Actions are called by pages, and some of them build addresses of pages.
    with current_app.test_request_context("/"):
        world.build(hashed, lambda part: click.echo(f"  {part}"))
    _keep(file, password)


def _keep(file: Path, password: str) -> None:
    """Keep the word, for whoever starts the demo again; only its hash is in the database."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(password)


def _show_sign_ins(chosen: Settings) -> None:
    file = chosen.folder / PASSWORD
    for somebody in SHOWN:
        click.echo(f"  {somebody.email:42}{somebody.name} – {somebody.about}")
    click.echo("\nKod do logowania jest w liście na stronie /poczta każdego samorządu.")
    click.echo("Tam też jest kod drugiego składnika osób z rolą.")
    if file.exists():
        click.echo(f"Osoby z rolą mogą użyć hasła: {file.read_text()}")
