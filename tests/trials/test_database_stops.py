"""The database stops at once, again and again; what was acknowledged is there when it is back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deliberate.app import create_app
from deliberate.config import Settings
from deliberate.kernel import migrate
from deliberate.kernel.db import db
from deliberate.subjects.activities import Activity
from tests import make
from tests.cluster import Cluster, start_cluster
from tests.trials.box import OPTIONS, Box, Judgement, Ledger, acknowledged, judge, vote_all, voters
from tests.trials.figures import Note

VOTERS = 60
EVERY = 1.5  # seconds
# What the control is about: a commit that is answered before it is written.
FORGETFUL = {"synchronous_commit": "off", "wal_writer_delay": "10s"}

pytestmark = pytest.mark.postgres  # SQLite has no server that could stop


@contextmanager
def box_on(cluster: Cluster, folder: Path) -> Iterator[Box]:
    migrate.upgrade(cluster.url)
    settings = Settings.for_tests(database_url=cluster.url, folder=folder)
    app = create_app(settings)
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, options=OPTIONS, most=2)
    yield Box(app=app, tenant=tenant, poll=poll, settings=settings)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def stopping(cluster: Cluster) -> Iterator[list[int]]:
    """Stop the server and start it again, over and over; yields how often."""
    stops, over = [0], threading.Event()

    def work() -> None:
        while not over.wait(EVERY):
            cluster.halt()
            cluster.go_on()
            stops[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield stops
    finally:
        over.set()
        thread.join()


def trial(ledger: Ledger, folder: Path, number: int, **settings: str) -> tuple[Judgement, int]:
    cluster = start_cluster(**settings)
    try:
        with box_on(cluster, folder) as box:
            people = voters(box, number)
            with box.served(), stopping(cluster) as stops:
                vote_all(box, people, ledger)
            return judge(box, people, ledger), stops[0]
    finally:
        cluster.stop()


def test_a_stopped_database_loses_no_vote_that_was_acknowledged(
    ledger: Ledger, tmp_path: Path, length: int, note: Note
) -> None:
    judged, stops = trial(ledger, tmp_path, VOTERS * length, synchronous_commit="on")

    note(stops=stops, acknowledged=acknowledged(ledger), **judged.figures)
    assert stops >= 2
    assert sum(entry.get("status") == 303 for entry in ledger.read()) > VOTERS * length / 2
    assert judged.is_clean, judged


def test_control_a_database_that_answers_before_it_writes_loses_votes(
    ledger: Ledger, tmp_path: Path, length: int, note: Note
) -> None:
    judged, stops = trial(ledger, tmp_path, VOTERS * length, **FORGETFUL)

    note(stops=stops, acknowledged=acknowledged(ledger), lost=len(judged.lost))
    assert judged.lost
