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
from pathlib import Path

from flask import after_this_request
from flask.wrappers import Response
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from deliberate.cli import server
from deliberate.kernel.db import db
from deliberate.voting.views import ballot

LIMIT = "pages"  # file in the application's folder: the most pages that the database may have
DELAY = 0.05  # seconds between an answer and its commit, in the control that answers first


def answer_before_commit() -> None:
    """Acknowledge a vote first and keep it afterwards: what a queue or a cache would do."""

    @contextmanager
    def later() -> Iterator[None]:
        db.session.rollback()
        db.session.connection(execution_options={"write": True})
        yield
        db.session.flush()
        session = db.session()
        db.session.registry.clear()  # so that the end of the request does not roll it back

        def keep() -> None:
            time.sleep(DELAY)
            session.commit()
            session.close()

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
        if limit.exists():
            pages = int(limit.read_text())
            connection.connection.cursor().execute(f"PRAGMA max_page_count={pages}")


PLANTED: dict[str, Callable[[], None]] = {
    "answer_before_commit": answer_before_commit,
    "answer_in_any_case": answer_in_any_case,
    "small_disk": small_disk,
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
