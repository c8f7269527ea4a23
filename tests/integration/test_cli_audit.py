"""``deliberate audit verify``: quiet when the record is whole, a line for each fault when not."""

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, text

from tests import make
from tests.databases import Databases
from tests.terminal import Terminal

BOZENA = ("--email", "b@lubowierz.example", "--name", "Bożena W.")
ROLES = (("lubowierz", "officer"), ("lubowierz", "approver"), ("wrzosowiany", "officer"))


@pytest.fixture
def terminal(app: Flask, databases: Databases) -> Terminal:
    make.municipality(app)
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    terminal = Terminal(
        database_url=databases.url, folder=app.extensions["deliberate.settings"].folder
    )
    for slug, role in ROLES:
        where = ("--municipality", slug, "--role", role)
        assert terminal.run("people", "add", *where, *BOZENA).code == 0
    return terminal


def tamper(terminal: Terminal, statement: str) -> None:
    """Do what only somebody with the whole database in hand can do: past the guards."""
    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    with create_engine(url, poolclass=NullPool).begin() as connection:
        if url.startswith("sqlite"):
            wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.execute(wanted).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))


def test_a_whole_record_is_said_to_be_whole_with_its_heads(terminal: Terminal) -> None:
    said = terminal.run("audit", "verify")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "Dziennik jest cały."
    assert [line.split()[:2] for line in said.out.splitlines()[:-1]] == [
        ["m:1:", "2"],
        ["m:2:", "1"],
    ]


def test_a_changed_entry_turns_it_red(terminal: Terminal) -> None:
    tamper(terminal, "UPDATE audit_entry SET subject = 'person:9' WHERE chain = 'm:1' AND seq = 1")

    said = terminal.run("audit", "verify")

    assert (said.code, said.out) == (1, "")
    assert said.err == "m:1 wpis 1: treść wpisu zmieniono\nUsterki: 1.\n"


def test_a_removed_entry_turns_it_red(terminal: Terminal) -> None:
    tamper(terminal, "DELETE FROM audit_detail WHERE chain = 'm:1' AND seq = 2")

    assert terminal.run("audit", "verify").code == 1


def test_one_chain_can_be_verified_alone(terminal: Terminal) -> None:
    tamper(terminal, "UPDATE audit_entry SET subject = 'person:9' WHERE chain = 'm:1' AND seq = 1")

    assert terminal.run("audit", "verify", "--chain", "m:2").code == 0
    assert terminal.run("audit", "verify", "--chain", "m:1").code == 1


def test_a_chain_that_is_not_there_is_no_whole_one(terminal: Terminal) -> None:
    assert terminal.run("audit", "verify", "--chain", "m:77").code == 1
