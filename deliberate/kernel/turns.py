"""Writers of SQLite stand in a line.

Left to itself, SQLite has a writer who finds the database taken sleep, longer each time, up to a
tenth of a second, while whoever comes at the right moment goes first: of many who vote at once some
wait a hundred times longer than need be. Here the threads of a process wait for one another, and
the first of them asks every millisecond whether another process has finished.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, Engine

WAIT = 5.0  # seconds; then the database says that it is locked, and a page asks to come again
ASK_EVERY = 0.001  # seconds

_lines: defaultdict[str, Lock] = defaultdict(Lock)  # one a database


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Wait until no other thread of this process writes; goes on after WAIT all the same.

    Who has waited in vain meets the database's own lock, and its error.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    line = line_of(engine)
    has_turn = line.acquire(timeout=WAIT)
    try:
        yield
    finally:
        if has_turn:
            line.release()


def line_of(engine: Engine) -> Lock:
    """Return what the writers of a database hold one after another."""
    return _lines[str(engine.url)]


def begin_immediate(connection: Connection) -> None:
    """Begin to write as soon as no other process does; OperationalError after WAIT."""
    cursor = connection.connection.cursor()
    give_up = time.monotonic() + WAIT
    while time.monotonic() < give_up:
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                break  # said below, in SQLAlchemy's words
            time.sleep(ASK_EVERY)
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")
