"""The session: reading by default, and the one way to write.

A session begins as a reader: PostgreSQL gets a READ ONLY transaction, SQLite a connection with
``PRAGMA query_only``. That *is* the guarantee that a GET writes nothing. ``transaction()`` ends the
read, opens the writing connection (``BEGIN IMMEDIATE`` on SQLite, so that a writer never has to
turn back half-way), and commits at its end. SQLite's readers and writers have connections of their
own: the pragma, set anew, would have each statement of a connection prepared anew.

Facts for a rule are gathered inside ``transaction()``, fresh; nothing slow – hashing of passwords,
pictures, files, mail – happens there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BaseSession
from sqlalchemy import Connection, Engine, Executable, Insert, Row, Table, event, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert

from deliberate.kernel import turns
from deliberate.kernel.tables import Base


# Flask-SQLAlchemy gives engines and a session per request. The tables have a base of their own
# (kernel.tables.Base): db.Model would copy it, which SQLAlchemy refuses once the base has a
# type_annotation_map, and type checkers cannot see through.
class _Session(BaseSession):
    """A session that writes over the writing engine, and reads over the other."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        return writer() if self.info.get("writing") else super().get_bind(*args, **kwargs)


db = SQLAlchemy(session_options={"class_": _Session, "expire_on_commit": False, "autoflush": True})

READER_WAITS = 5000  # milliseconds; a writer waits in kernel.turns
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={READER_WAITS}",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
)

LastWord = Callable[[Session], None]
_last_words: list[LastWord] = []

USED, RESTED = "used", 2.0  # in a pooled connection's info: when it was last taken; seconds
WRITER = "writer"  # SQLite's second engine by its bind key, and in app.extensions the engine
PENDING = "pending"  # in Session.info: what last words will write; gone when nothing is committed

TOUCHED = "touched_tenants"  # in Session.info: whose public pages this transaction changes


def before_commit(last_word: LastWord) -> LastWord:
    """Have ``last_word(session)`` called at the end of every transaction, in order of naming."""
    if last_word not in _last_words:
        _last_words.append(last_word)
    return last_word


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what was done inside, or none of it.

    Views, commands and jobs open it; actions never commit, so that two of them can be joined.
    Objects loaded before it stay usable, but facts must be read again inside.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("A transaction is open already: actions are joined, not nested.")
    session.rollback()
    session.info["writing"] = True
    session.info[TOUCHED] = set()
    session.info.pop(PENDING, None)
    with turns.turn(writer()):
        try:
            session.connection()
            yield
            session.flush()
            for last_word in _last_words:
                last_word(session())
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


def fetch_rows(
    statement: Executable, values: Mapping[str, object] = MappingProxyType({})
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return rows of columns, read beside the session's objects: a page's many rows need none.

    In the same transaction as everything else of the request, with what it has written so far;
    only statements of columns.
    """
    if is_writing():
        db.session.flush()
    return db.session.connection().execute(statement, values).all()


def is_writing() -> bool:
    """Tell whether this is inside ``transaction()``, where facts are read afresh."""
    return bool(db.session.info.get("writing"))


def id_of(row: Base) -> int:
    """Return the number of a row; asked of an object that has expired, it would be read first."""
    identity = inspect(row).identity
    if identity is None:
        raise LookupError("This row has no number yet.")
    return int(identity[0])


def touch(tenant_id: int) -> None:
    """Say that public pages of a municipality change, where rows alone do not tell."""
    db.session.info.setdefault(TOUCHED, set()).add(tenant_id)


def lock(entity: type[Base], *identity: int | str) -> None:
    """Hold one row until the transaction ends (SQLite holds the whole database anyway)."""
    key = identity[0] if len(identity) == 1 else identity
    db.session.get(entity, key, with_for_update=True, populate_existing=True)


def expect_much() -> None:
    """Prepare for a transaction that changes 100,000 rows, with more memory and more patience.

    In SQLite's usual two megabytes their pages would be written out and read in over and over. On
    PostgreSQL one statement may take longer than any page may wait, and what it sorts should not
    spill into files.
    """
    connection = db.session.connection()
    if db.engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-262144")  # kibibytes, at most
    else:
        connection.exec_driver_sql("SET LOCAL statement_timeout = '5min'")
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")


def insert_unless_taken(entity: type[Base], **values: object) -> bool:
    """Insert a row; False where one of its keys is taken. One statement, and nothing to roll back.

    What else the database forbids is raised as ever.
    """
    db.session.flush()
    row = _insert_unless_taken(entity, db.engine.dialect.name)
    # What came back tells it: drivers count rows of an INSERT each in their own way.
    return db.session.connection().execute(row, values).first() is not None


def insert_rows(entity: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows of which nobody needs an object; none where there are none."""
    if rows:
        db.session.flush()
        db.session.connection().execute(_insert(entity), rows)


@cache  # making a statement takes longer than running it
def _insert(entity: type[Base]) -> Insert:
    return insert(_table(entity))


@cache
def _insert_unless_taken(entity: type[Base], dialect: str) -> ReturningInsert[Any]:
    table = _table(entity)
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return postgresql.insert(table).on_conflict_do_nothing().returning(*table.primary_key)


def _table(entity: type[Base]) -> Table:
    table = entity.__table__
    assert isinstance(table, Table)  # noqa: S101 - each entity is one table
    return table


def writer() -> Engine:
    """Return the engine that ``transaction()`` writes over."""
    engine: Engine = current_app.extensions[WRITER]
    return engine


def init_app(app: Flask, *, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    is_sqlite = database_url.startswith("sqlite")
    if is_sqlite:
        app.config["SQLALCHEMY_BINDS"] = {WRITER: database_url}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 8}
    db.init_app(app)
    with app.app_context():
        if is_sqlite:
            app.extensions[WRITER] = db.engines[WRITER]
            event.listen(db.engine, "connect", _prepare_reader)
            event.listen(db.engine, "begin", _begin_reader)
            event.listen(db.engines[WRITER], "connect", _prepare_writer)
            event.listen(db.engines[WRITER], "begin", turns.begin_immediate)
        else:
            app.extensions[WRITER] = db.engine.execution_options(write=True)
            event.listen(db.engine, "connect", _prepare_postgresql)
            event.listen(db.engine, "checkout", _ask_whether_alive)
            event.listen(db.engine, "begin", _begin_postgresql)


def _prepare_reader(connection: DBAPIConnection, _record: object) -> None:
    _set_pragmas(connection, *SQLITE_PRAGMAS, "query_only=ON")


def _begin_reader(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _prepare_writer(connection: DBAPIConnection, _record: object) -> None:
    _set_pragmas(connection, *SQLITE_PRAGMAS, "busy_timeout=0")


def _set_pragmas(connection: DBAPIConnection, *pragmas: str) -> None:
    connection.isolation_level = None  # pysqlite's own implicit BEGIN is a deferred one
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET statement_timeout = '15s'")
    cursor.execute("SET lock_timeout = '5s'")
    cursor.execute("SET idle_in_transaction_session_timeout = '30s'")
    cursor.execute("SET timezone = 'UTC'")
    cursor.close()
    connection.commit()


def _ask_whether_alive(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection that has rested; of one in use nearly every statement would be a question.

    Any: psycopg's connection, which the pool hands out without a type.
    """
    now = time.monotonic()
    if now - record.info.get(USED, now) > RESTED:
        try:
            driver.execute("SELECT 1")
            driver.rollback()
        except driver.OperationalError as error:
            raise DisconnectionError from error
    record.info[USED] = now


def _begin_postgresql(connection: Connection) -> None:
    # Goes with BEGIN itself; SET TRANSACTION would be a question and an answer more.
    driver: Any = connection.connection.driver_connection
    driver.read_only = not connection.get_execution_options().get("write", False)


@event.listens_for(Session, "after_flush")
def _note_touched_tenants(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if getattr(type(row), "public", False):
            tenant_id = getattr(row, "tenant_id", None)
            if tenant_id is not None:
                session.info.setdefault(TOUCHED, set()).add(tenant_id)


@event.listens_for(Session, "do_orm_execute")
def _refuse_silent_bulk_changes(state: ORMExecuteState) -> None:
    """Bulk UPDATE and DELETE bypass the flush: they must say whose pages they change."""
    if not (state.is_update or state.is_delete):
        return
    entity = state.bind_mapper.class_ if state.bind_mapper else None
    if entity is not None and getattr(entity, "public", False) and hasattr(entity, "tenant_id"):
        tenant_id = state.execution_options.get("touches")
        if tenant_id is None:
            msg = f"A bulk change of {entity.__name__} needs execution_options touches=tenant_id."
            raise RuntimeError(msg)
        state.session.info.setdefault(TOUCHED, set()).add(tenant_id)
