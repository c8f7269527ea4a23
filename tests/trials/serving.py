"""The real application under gunicorn, as a process that a trial may kill: ``python -m …``.

Faults are planted from here: those of the machine, and those that a control must find. The
product itself knows of none.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from flask import after_this_request
from flask.wrappers import Response
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError

from deliberate.cli import server
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.voting import clock as voting_clock
from deliberate.voting.views import ballot

LIMIT = "pages"  # file in the application's folder: the most pages that the database may have
NO_LIMIT = 4_294_967_294  # pages: what SQLite begins with
OWN_CLOCK, DATABASE_CLOCK = "own-clock", "database-clock"  # files there: a moment each, ISO 8601
DELAY = 0.05  # seconds between an answer and its commit, in the control that answers first


def answer_before_commit() -> None:
    """Acknowledge a vote first and keep it afterwards: what a queue or a cache would do."""

    @contextmanager
    def later() -> Iterator[None]:
        db.session.rollback()
        db.session.info["writing"] = True
        db.session.connection()
        yield
        db.session.flush()
        session = db.session()
        db.session.registry.clear()  # so that the end of the request does not roll it back

        def keep() -> None:
            time.sleep(DELAY)
            session.commit()
            session.close()
            session.info["writing"] = False

        @after_this_request
        def _answer_first(response: Response) -> Response:
            response.call_on_close(keep)
            return response

    ballot.transaction = later


def answer_in_any_case() -> None:
    """Acknowledge a vote although it could not be kept: an exception that somebody caught."""
    kept = ballot.transaction

    @contextmanager
    def careless() -> Iterator[None]:
        with suppress(OperationalError), kept():
            yield

    ballot.transaction = careless


def small_disk() -> None:
    """Let the file of SQLite grow no further than a number beside it says; it may change."""
    limit = Path(os.environ["DELIBERATE_FOLDER"]) / LIMIT

    @event.listens_for(Engine, "engine_connect")
    def _keep_within(connection: Connection) -> None:
        pages = int(limit.read_text()) if limit.exists() else NO_LIMIT
        connection.connection.cursor().execute(f"PRAGMA max_page_count={pages}")


# Clocks.


def hour_ahead() -> None:
    """Set all that this process knows of the time an hour forward; the database has its own."""
    _show(lambda: datetime.now(UTC) + timedelta(hours=1))
    real = time.time
    time.time = lambda: real() + 3600  # of signatures


def hour_back() -> None:
    _show(lambda: datetime.now(UTC) - timedelta(hours=1))
    real = time.time
    time.time = lambda: real() - 3600


def set_clocks() -> None:
    """Let both clocks stand where a trial sets them: the application's, and the database's.

    PostgreSQL finds ``clock_timestamp`` in the trial's schema first. SQLite has no clock but
    its process's; its function is replaced.
    """
    folder = Path(os.environ["DELIBERATE_FOLDER"])
    _show(lambda: datetime.fromisoformat((folder / OWN_CLOCK).read_text()))

    def stands(_format: str, _now: str) -> str:
        moment = datetime.fromisoformat((folder / DATABASE_CLOCK).read_text())
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    @event.listens_for(Engine, "connect")
    def _set(connection: DBAPIConnection, _record: object) -> None:
        if os.environ["DELIBERATE_DATABASE_URL"].startswith("sqlite"):
            connection.create_function("strftime", 2, stands)
        else:
            connection.cursor().execute("SET search_path = trial, pg_catalog, public")
            connection.commit()


def trust_own_clock() -> None:
    """Decide by the application's clock whether a vote comes in time: what most programs do."""
    _decide_by(clock.now)


def trust_wall_clock() -> None:
    """Decide by what a clock on the wall shows, which shows an hour a year twice."""
    kept = voting_clock.db_now
    _decide_by(lambda: clock.local(kept()).replace(fold=0).astimezone(UTC))


def _show(now: Callable[[], datetime]) -> None:
    class Shown(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return now().astimezone(tz)

    clock.datetime = Shown  # type: ignore[misc]


def _decide_by(now: Callable[[], datetime]) -> None:
    kept = voting_clock.db_now
    for module in list(sys.modules.values()):
        if getattr(module, "db_now", None) is kept:
            module.db_now = now  # type: ignore[attr-defined]


PLANTED: dict[str, Callable[[], None]] = {
    "answer_before_commit": answer_before_commit,
    "answer_in_any_case": answer_in_any_case,
    "small_disk": small_disk,
    "hour_ahead": hour_ahead,
    "hour_back": hour_back,
    "set_clocks": set_clocks,
    "trust_own_clock": trust_own_clock,
    "trust_wall_clock": trust_wall_clock,
}


def main() -> None:
    port, workers, threads, *faults = sys.argv[1:]
    for fault in faults:
        PLANTED[fault]()
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": int(workers),
        "threads": int(threads),
        "worker_class": "gthread",
        "preload_app": True,  # a killed worker is replaced at once
        "accesslog": None,
        "loglevel": "critical",
        "timeout": 60,
    }
    server.Server(options).run()


if __name__ == "__main__":
    main()
