"""Writers in a line, connections that rested: what many at once and a stopped database meet."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from deliberate.kernel import db as kernel_db
from deliberate.kernel import turns
from deliberate.kernel.db import db, transaction, writer
from deliberate.tenancy.models import Area

SHORT = 0.2  # seconds, in place of the five that a person waits


@contextmanager
def held_by_a_thread(app: Flask) -> Iterator[threading.Event]:
    """Have another thread of this process write until the event is set."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            begun.set()
            over.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(20)
    try:
        yield over
    finally:
        over.set()
        thread.join()


@contextmanager
def held_by_a_process(app: Flask) -> Iterator[sqlite3.Connection]:
    """Have somebody write who knows nothing of the line: another process, as SQLite sees it."""
    with app.app_context():
        path = db.engine.url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def add_area(app: Flask, tenant: int, slug: str) -> None:
    with app.app_context(), transaction():
        db.session.add(Area(tenant_id=tenant, slug=slug, kind="osiedle", name=slug))


def slugs(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Area.slug).order_by(Area.slug)))


@pytest.mark.sqlite
def test_a_writer_waits_for_another_thread(app: Flask, tenant: int) -> None:
    with held_by_a_thread(app) as over:
        threading.Timer(SHORT, over.set).start()
        add_area(app, tenant, "po-nim")

    assert slugs(app) == ["po-nim"]


@pytest.mark.sqlite
@pytest.mark.parametrize("holder", [held_by_a_thread, held_by_a_process])
def test_who_waits_in_vain_is_told_and_the_line_goes_on(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch, holder: object
) -> None:
    monkeypatch.setattr(turns, "WAIT", SHORT)
    with holder(app), pytest.raises(OperationalError, match="locked"):  # type: ignore[operator]
        add_area(app, tenant, "za-dlugo")
    add_area(app, tenant, "potem")

    assert slugs(app) == ["potem"]


@pytest.mark.sqlite
def test_a_writer_waits_for_another_process(app: Flask, tenant: int) -> None:
    with held_by_a_process(app) as other:
        threading.Timer(SHORT, lambda: other.execute("COMMIT")).start()
        add_area(app, tenant, "po-nim")

    assert slugs(app) == ["po-nim"]


@pytest.mark.sqlite
def test_the_line_is_held_while_somebody_writes_and_given_on_also_by_who_fails(app: Flask) -> None:
    with app.app_context():
        line = turns.line_of(writer())
    with app.app_context(), transaction():
        assert line.locked()
    assert not line.locked()

    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        _ = 1 / 0
    assert not line.locked()


def test_after_writing_a_reader_still_cannot_write(app: Flask, tenant: int) -> None:
    add_area(app, tenant, "a")
    with app.app_context():
        assert db.session.scalars(select(Area.slug)).all() == ["a"]
        with pytest.raises(DBAPIError, match=r"read-?only"):
            db.session.execute(text("DELETE FROM area"))
        db.session.rollback()
    assert slugs(app) == ["a"]


def end_connections(app: Flask) -> None:
    """Have the server end every connection but the one that asks: as a restart does."""
    with app.app_context(), writer().connect() as asking, asking.begin():
        asking.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@contextmanager
def two_resting(app: Flask) -> Iterator[None]:
    """Leave connections in the pool that the server has ended."""
    with app.app_context():
        with db.engine.connect() as one, db.engine.connect() as two:
            one.execute(text("SELECT 1"))
            two.execute(text("SELECT 1"))
        end_connections(app)
        yield


@pytest.mark.postgres
def test_a_connection_that_rested_is_asked_first(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_db, "RESTED", -1)
    with two_resting(app), db.engine.connect() as one, db.engine.connect() as two:
        assert [c.execute(text("SELECT 7")).scalar() for c in (one, two)] == [7, 7]


@pytest.mark.postgres
def test_control_unasked_it_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_db, "RESTED", 3600)
    with (
        two_resting(app),
        pytest.raises(OperationalError),
        db.engine.connect() as one,
        db.engine.connect() as two,
    ):
        one.execute(text("SELECT 7"))
        two.execute(text("SELECT 7"))
