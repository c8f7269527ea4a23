"""Databases for tests: templates from which fresh data come back in milliseconds.

Tests commit for real. Guards in the database forbid DELETE on some tables, so what a test wrote
is not deleted: its database is replaced by a copy of a migrated, empty one.
"""

import shutil
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from deliberate.kernel import migrate


class Databases(Protocol):
    """The databases of one kind that one test process has for itself."""

    url: str

    def restore(self) -> None:
        """Put the migrated, empty database in place of the one at ``url``; nobody may use it."""

    def new_empty(self, name: str) -> str:
        """Make a database without any table and return its URL."""


class SQLite:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = self._folder / "template.db"
        self._file = self._folder / "test.db"
        self._migrated = False
        self.url = f"sqlite:///{self._file}"

    def restore(self) -> None:
        if not self._migrated:
            self._template.unlink(missing_ok=True)
            migrate.upgrade(f"sqlite:///{self._template}")
            self._migrated = True
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        copy = self._folder / "copy.db"
        shutil.copyfile(self._template, copy)
        copy.replace(self._file)  # a new file: a connection left open keeps the old one to itself

    def new_empty(self, name: str) -> str:
        file = self._folder / f"{name}.db"
        file.unlink(missing_ok=True)
        return f"sqlite:///{file}"


class PostgreSQL:
    def __init__(self, server: str, *, worker: str) -> None:
        self._server = make_url(server)
        self._template = f"template_{worker}"
        self._name = f"test_{worker}"
        self._migrated = False
        self.url = self._url(self._name)

    def restore(self) -> None:
        if not self._migrated:
            self._create(self._template, template="template0")
            migrate.upgrade(self._url(self._template))
            self._migrated = True
        self._create(self._name, template=self._template)

    def new_empty(self, name: str) -> str:
        name = f"{self._name}_{name}"
        self._create(name, template="template0")
        return self._url(name)

    def _create(self, name: str, *, template: str) -> None:
        self._execute(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
        )

    def _execute(self, *statements: str) -> None:
        address = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)
