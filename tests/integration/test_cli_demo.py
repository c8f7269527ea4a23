"""``deliberate demo empty``: the made-up world goes, whole; a real one never does."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import NullPool, create_engine, func, inspect, select, table

from deliberate.cli import commands
from deliberate.kernel.db import db
from deliberate.kernel.storage import storage
from tests import make
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture
def terminal(app: Flask, databases: Databases) -> Terminal:
    """Give a terminal where somebody has lived: rows, a file, a key, a password."""
    tenant = make.municipality(app)
    proposal = make.proposal(app, tenant, make.consultation(app, tenant))
    make.support(app, tenant, proposal, make.person(app))
    folder: Path = app.extensions["deliberate.settings"].folder
    with app.app_context():
        storage().put(b"Mapa")
        for engine in db.engines.values():
            engine.dispose()
    (folder / "keys").mkdir()
    (folder / "keys" / "poll-1-link.key").write_text("key")
    (folder / "demo-password").write_text("word")
    return Terminal(database_url=databases.url, folder=folder)


def count_rows(databases: Databases) -> dict[str, int]:
    """Return how many rows each table has, where it has any."""
    engine = create_engine(databases.url, poolclass=NullPool)
    with engine.connect() as connection:
        counts = {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in inspect(connection).get_table_names()
        }
    return {name: count for name, count in counts.items() if count}


def test_it_empties_rows_files_and_keys(terminal: Terminal, databases: Databases) -> None:
    said = terminal.run("demo", "empty", "--yes")

    assert (said.code, said.out, said.err) == (0, "Baza jest pusta.\n", "")
    assert set(count_rows(databases)) == {"alembic_version", "legal_rule", "topic"}
    assert list(terminal.folder.iterdir()) == []
    assert terminal.run("db", "state").code == 0


def test_it_asks_first(terminal: Terminal, databases: Databases) -> None:
    before = count_rows(databases)
    runner = CliRunner()
    asked = runner.invoke(commands, ["demo", "empty"], input="n\n", env=terminal.environment)

    assert asked.exit_code == 1
    assert "Miasto Lubowierz" in asked.output
    assert count_rows(databases) == before

    agreed = runner.invoke(commands, ["demo", "empty"], input="y\n", env=terminal.environment)

    assert agreed.exit_code == 0
    assert "municipality" not in count_rows(databases)


def test_a_real_installation_is_never_emptied(terminal: Terminal, databases: Databases) -> None:
    before = count_rows(databases)

    said = terminal.run("demo", "empty", "--yes", DELIBERATE_MODE="production")

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert count_rows(databases) == before


def test_nor_is_a_demo_among_which_a_real_municipality_lies(
    app: Flask, terminal: Terminal, databases: Databases
) -> None:
    make.municipality(app, slug="prawdziwe", name="Prawdziwe")
    terminal.run("municipality", "set", "prawdziwe", "host=rozmowa.prawdziwe.pl")
    before = count_rows(databases)

    said = terminal.run("demo", "empty", "--yes")

    assert (said.code, said.err) == (
        1,
        "To nie jest sam pokaz: prawdziwe. Niczego nie usunięto.\n",
    )
    assert count_rows(databases) == before
    assert (terminal.folder / "keys").exists()
