"""``deliberate retention``: what is shown is what is removed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import EmailToken
from deliberate.audit.models import AuditDetail, AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture
def terminal(app: Flask, databases: Databases) -> Terminal:
    """Give a terminal where one code ended long ago and one is still good."""
    with app.app_context(), transaction():
        for name, age in (("old", 40), ("new", 0)):
            made = clock.now() - timedelta(days=age)
            db.session.add(
                EmailToken(
                    id=name,
                    code_hash="",
                    purpose="sign_in",
                    email="halina@poczta.example",
                    created_at=made,
                    expires_at=made + timedelta(minutes=10),
                )
            )
    folder = app.extensions["deliberate.settings"].folder
    return Terminal(database_url=databases.url, folder=folder)


def list_tokens(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(EmailToken.id)))


def total(lines: str) -> int:
    return sum(int(line.split()[0]) for line in lines.splitlines())


def test_a_preview_counts_and_removes_nothing(app: Flask, terminal: Terminal) -> None:
    said = terminal.run("retention", "preview")

    assert (said.code, said.err, total(said.out)) == (0, "", 1)
    assert list_tokens(app) == ["new", "old"]


def test_a_run_removes_what_was_counted_and_no_more(app: Flask, terminal: Terminal) -> None:
    said = terminal.run("retention", "run")

    assert (said.code, said.err, total(said.out)) == (0, "", 1)
    assert list_tokens(app) == ["new"]
    assert total(terminal.run("retention", "preview").out) == 0


def test_a_run_is_recorded_as_the_workers_is(app: Flask, terminal: Terminal) -> None:
    terminal.run("retention", "run")
    terminal.run("retention", "run")  # nothing is left: nothing to record

    with app.app_context():
        recorded = db.session.execute(
            select(AuditEntry.action, AuditEntry.subject, AuditDetail.body).join(AuditDetail)
        ).all()
    assert [tuple(row) for row in recorded] == [
        ("retention.removed", "retention:accounts.codes", '{"count":1}')
    ]
