"""The chain of acts: whole when left alone, found out when touched."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deliberate.audit import entries
from deliberate.audit.models import AuditEntry, AuditHead
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction, writer
from tests import make


def record(app: Flask, tenant: int | None, *subjects: str) -> None:
    with app.app_context(), transaction():
        for subject in subjects:
            entries.record(
                "test.done", subject, actor=SYSTEM, at=clock.now(), tenant_id=tenant, note="słowo"
            )


def faults(app: Flask) -> list[str]:
    with app.app_context():
        return [fault.what for fault in entries.verify()]


def tamper(app: Flask, *statements: str) -> None:
    """Do what only somebody with the whole database in hand can do: past the guards."""
    with app.app_context(), writer().connect() as connection:
        if db.engine.dialect.name == "sqlite":
            names = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for name, _sql in names:
                connection.execute(text("DROP TRIGGER " + name))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


@pytest.fixture
def tenant(app: Flask) -> int:
    tenant = make.municipality(app)
    record(app, tenant, "a:1", "a:2")
    record(app, tenant, "a:3")
    record(app, None, "b:1")
    return tenant


def test_each_municipality_has_its_chain_and_the_installation_has_one(
    app: Flask, tenant: int
) -> None:
    with app.app_context():
        heads = {head.chain: head.seq for head in db.session.scalars(select(AuditHead))}
    assert heads == {f"m:{tenant}": 3, "installation": 1}
    assert faults(app) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entry SET subject = 'a:9' WHERE seq = 2", "treść wpisu zmieniono"),
        ("UPDATE audit_detail SET body = '{}' WHERE seq = 2", "szczegóły wpisu zmieniono"),
        ("DELETE FROM audit_detail WHERE seq = 2", "brakuje szczegółów wpisu"),
        ("UPDATE audit_head SET seq = 2 WHERE chain <> 'installation'", "głową"),
    ],
)
def test_a_touched_chain_is_found_out(app: Flask, tenant: int, statement: str, found: str) -> None:
    tamper(app, statement)

    assert any(found in fault for fault in faults(app))


def test_a_removed_entry_is_found_out(app: Flask, tenant: int) -> None:
    tamper(app, "DELETE FROM audit_detail WHERE seq = 2", "DELETE FROM audit_entry WHERE seq = 2")

    assert any("brakuje wpisu 2" in fault for fault in faults(app))


def test_a_cut_tail_is_found_out(app: Flask, tenant: int) -> None:
    tamper(app, "DELETE FROM audit_detail WHERE seq = 3", "DELETE FROM audit_entry WHERE seq = 3")

    assert any("głową" in fault for fault in faults(app))


def test_erasing_the_words_leaves_the_chain_whole(app: Flask, tenant: int) -> None:
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE audit_detail SET body = NULL WHERE seq = 2"))

    assert faults(app) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'a:9' WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 1",
        "DELETE FROM audit_detail WHERE seq = 1",
        "UPDATE audit_detail SET body = '{}' WHERE seq = 1",
        "UPDATE audit_detail SET salt = '' WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_rewrite_the_record(
    app: Flask, tenant: int, statement: str
) -> None:
    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.execute(text(statement))


def test_eight_at_once_do_not_fork_the_chain(app: Flask, tenant: int) -> None:
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for turn in range(5):
            record(app, tenant, f"c:{number}-{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults(app) == []
    with app.app_context():
        chain = AuditEntry.chain == f"m:{tenant}"
        assert len(db.session.scalars(select(AuditEntry.seq).where(chain)).all()) == 3 + 40
