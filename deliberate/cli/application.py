"""The application as commands see it: settings from the environment, a context to work in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from deliberate.app import create_app
from deliberate.config import Settings
from deliberate.kernel import migrate
from deliberate.kernel.db import db


class Refusal(click.ClickException):
    """A command cannot do what was asked: one sentence, exit code 1."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


def settings() -> Settings:
    return Settings.from_environment()


def state_of(chosen: Settings) -> tuple[str | None, str | None]:
    """Return (the step the database is at, the newest step)."""
    try:
        return migrate.state(chosen.database_url)
    except OperationalError as error:
        raise Refusal("Baza danych nie odpowiada.") from error


@contextmanager
def application() -> Iterator[Flask]:
    """Open the application on a database that is at the newest step."""
    chosen = settings()
    at, newest = state_of(chosen)
    if at != newest:
        raise Refusal(f"Baza jest na kroku {at}, potrzebny {newest}: deliberate db upgrade")
    with opened(chosen) as app:
        yield app


@contextmanager
def opened(chosen: Settings) -> Iterator[Flask]:
    """Open the application; its connections are closed at the end."""
    app = create_app(chosen)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
