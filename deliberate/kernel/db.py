"""The session: reading by default, and the one way to write.

A session begins as a reader: SQLite gets ``PRAGMA query_only``, PostgreSQL a READ ONLY
transaction. That *is* the guarantee that a GET writes nothing. ``transaction()`` ends the read,
opens the writing connection (``BEGIN IMMEDIATE`` on SQLite, so that a writer never has to turn
back half-way), and commits at its end. Facts for a rule are gathered inside it, fresh; nothing
slow – hashing of passwords, pictures, files, mail – happens there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Executable, Row, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from deliberate.kernel.tables import Base

# Flask-SQLAlchemy gives engines and a session per request. The tables have a base of their own
# (kernel.tables.Base): db.Model would copy it, which SQLAlchemy refuses once the base has a
# type_annotation_map, and type checkers cannot see through.
db = SQLAlchemy(session_options={"expire_on_commit": False, "autoflush": True})

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
)

LastWord = Callable[[Session], None]
_last_words: list[LastWord] = []

WRITES = "writes"  # in Connection.info, which lives as long as the connection: what SQLite was told
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
    try:
        session.connection(execution_options={"write": True})
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
    if db.session.info.get("writing"):
        db.session.flush()
    return db.session.connection().execute(statement, values).all()


def touch(tenant_id: int) -> None:
    """Say that public pages of a municipality change, where rows alone do not tell."""
    db.session.info.setdefault(TOUCHED, set()).add(tenant_id)


def lock(entity: type[Base], *identity: int | str) -> None:
    """Hold one row until the transaction ends (SQLite holds the whole database anyway)."""
    key = identity[0] if len(identity) == 1 else identity
    db.session.get(entity, key, with_for_update=True, populate_existing=True)


def insert_unless_taken(entity: type[Base], **values: object) -> bool:
    """Insert a row; False where one of its keys is taken. One statement, and nothing to roll back.

    What else the database forbids is raised as ever.
    """
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    row = dialect.insert(entity).values(**values).on_conflict_do_nothing()
    # What came back tells it: drivers count rows of an INSERT each in their own way.
    returned = row.returning(*inspect(entity).primary_key)
    return db.session.execute(returned).first() is not None


def init_app(app: Flask, *, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    if database_url.startswith("postgresql"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True, "pool_size": 8}
    db.init_app(app)
    with app.app_context():
        _listen(db.engine)


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # pysqlite's own implicit BEGIN is a deferred one
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    if connection.info.get(WRITES) is not write:  # as it was left by the one before
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.info[WRITES] = write
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET statement_timeout = '15s'")
    cursor.execute("SET lock_timeout = '5s'")
    cursor.execute("SET idle_in_transaction_session_timeout = '30s'")
    cursor.execute("SET timezone = 'UTC'")
    cursor.close()
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get("write", False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


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
