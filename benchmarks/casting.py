"""How fast votes are cast beside a bare view, and what a count does to those who read.

``PYTHONPATH=. python benchmarks/casting.py [--database postgresql]``. Both servers are gunicorn
with four workers of two threads, as ``deliberate serve`` has them, on the same database, which
commits to the disk. Voters are signed in and have read their forms before the clock runs; what is
timed is the request that casts: its session, the poll's lock, the clock, every check, the ballot,
the receipt and the durable commit.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import insert, text

from benchmarks.bench import SERVER, free_port
from deliberate.app import create_app
from deliberate.config import Settings
from deliberate.kernel import clock, migrate
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction, writer
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import counting
from deliberate.voting.models import Ballot, Eligibility, Participation, Poll, Receipt
from tests import make
from tests.cluster import start_cluster
from tests.trials.box import BALLOT, Box, Voter, read_form, voters

AT_ONCE, CROWD = 8, 64
LEAST_SHARE, MOST_TIMES = 0.25, 4.0  # of the bare view's rate; of its 95th percentile
MOST_SLOWER = 2.0  # reading while votes are counted, 95th percentile
MOST_WHOLE, MOST_LOCKED, MANY = 30.0, 3.0, 100_000  # seconds; seconds; ballots
DAYS = timedelta(days=10)  # after which a vote has ended
OPTIONS, READS = 200, 200

Send = Callable[[http.client.HTTPConnection, int], int]


@dataclass(frozen=True)
class Run:
    """Requests that came at once: how many a second, and how long nearly all of them took."""

    rate: float
    p95: float  # seconds
    statuses: Sequence[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--votes", type=int, default=120, help="cast in each round")
    words = parser.parse_args()
    print(f"{words.database}; load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, database(words.database, Path(name)) as url:
        app = create_app(Settings.for_tests(database_url=url, folder=Path(name)))
        missed = casting(app, url, rounds=words.rounds, votes=words.votes)
        missed += counting_and_reading(app)
    sys.exit(1 if missed else 0)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give a migrated database on the disk, whose commits are durable."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'casting.db'}"
        migrate.upgrade(url)
        yield url
        return
    durable = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    cluster = start_cluster(on_disk=True, **durable)
    try:
        migrate.upgrade(cluster.url)
        yield cluster.url
    finally:
        cluster.stop()


# Casting.


def casting(app: Flask, url: str, *, rounds: int, votes: int) -> int:
    box = _box(app)
    with app.app_context(), transaction():
        db.session.execute(text("CREATE TABLE bare_vote (id TEXT PRIMARY KEY, choices TEXT)"))
    people = voters(box, rounds * votes + CROWD * 4)
    shares, times = [], []
    with _product(box), _bare(url) as bare:
        forms = [_form(box, person) for person in people]
        for number in range(rounds):
            mine = range(number * votes, (number + 1) * votes)
            product = _rush(box.port, AT_ONCE, mine, lambda c, n: _cast(c, people[n], forms[n]))
            beside = _rush(bare, AT_ONCE, mine, _insert)
            shares.append(product.rate / beside.rate)
            times.append(product.p95 / beside.p95)
            wrong = set(product.statuses) | set(beside.statuses)
            if wrong != {303}:
                sys.exit(f"Not every vote was taken: {wrong}")
        crowd = _rush(
            box.port,
            CROWD,
            range(rounds * votes, len(people)),
            lambda c, n: _cast(c, people[n], forms[n]),
        )
    share, slower = median(shares), median(times)
    broken = sum(status >= 500 and status != 503 for status in crowd.statuses)
    told = sum(status == 503 for status in crowd.statuses)
    print(
        f"cast: {share:.0%} of the bare view's rate ({min(shares):.0%}–{max(shares):.0%}), goal 25%"
    )
    print(f"95th percentile: {slower:.1f} times ({min(times):.1f}–{max(times):.1f}), goal 4")
    print(f"{CROWD} connections: {len(crowd.statuses)} votes, {told} told to wait, {broken} broken")
    return sum((share < LEAST_SHARE, slower > MOST_TIMES, broken + told > 0))


def _box(app: Flask) -> Box:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, options=5, most=2)
    settings: Settings = app.extensions["deliberate.settings"]
    return Box(app=app, tenant=tenant, poll=poll, settings=settings)


@contextmanager
def _product(box: Box) -> Iterator[None]:
    with box.served(workers=int(SERVER[1]), threads=int(SERVER[3])):
        yield


@contextmanager
def _bare(url: str) -> Iterator[int]:
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", *SERVER]
    command = ["-m", "gunicorn", *bind, "--log-level", "warning", "benchmarks.bare_insert:app"]
    process = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, "BENCH_DATABASE_URL": url}
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/hello")
        except OSError:
            time.sleep(0.1)
        else:
            return


def _form(box: Box, person: Voter) -> str:
    form = read_form(box, person, [1, 3])
    if form is None:
        sys.exit("The pages of the ballot do not answer.")
    return "&".join(f"{name}={value}" for name, value in form)


def _cast(connection: http.client.HTTPConnection, person: Voter, form: str) -> int:
    headers = {
        "Host": "localhost",
        "Cookie": person.cookie,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _ask(connection, "POST", f"{BALLOT}/glos", form, headers)


def _insert(connection: http.client.HTTPConnection, _number: int) -> int:
    return _ask(connection, "POST", "/vote", "a=1", {})


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str | None,
    headers: dict[str, str],
) -> int:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _rush(port: int, at_once: int, numbers: Sequence[int], send: Send) -> Run:
    """Send all requests over so many connections; each is taken by whoever is free."""
    waiting, lock = list(numbers), threading.Lock()
    took: list[float] = []
    statuses: list[int] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                if not waiting:
                    break
                number = waiting.pop()
            begin = time.perf_counter()
            status = send(connection, number)
            took.append(time.perf_counter() - begin)
            statuses.append(status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begin
    return Run(rate=len(numbers) / whole, p95=_p95(took), statuses=statuses)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


# Counting, and reading meanwhile.


def counting_and_reading(app: Flask) -> int:
    """Count many ballots while somebody reads; return how many goals were missed."""
    tenant = make.municipality(app, slug="liczenie", name="Liczenie")
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    draft = make.section(options=OPTIONS, least=1, most=10)
    poll = make.poll(app, tenant, consultation, sections=[draft])
    _fill(app, tenant, poll)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
        settings: Settings = app.extensions["deliberate.settings"]
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    box = Box(app=app, tenant=tenant, poll=poll, settings=settings)
    # In a process of its own, as the worker is: a thread of this one would slow its reader.
    apart = multiprocessing.get_context("fork")
    took: multiprocessing.Queue[tuple[float, float]] = apart.Queue()  # the whole, under the lock

    def count() -> None:
        begin = time.perf_counter()
        with clock.at(clock.now() + DAYS), app.app_context():
            row = db.session.get_one(Poll, poll)
            rehearsed = counting.rehearse(row, lambda _done, _of: None)
            locked = time.perf_counter()
            with transaction():
                town = db.session.get_one(Municipality, tenant)
                counting.count(town, poll, actor=SYSTEM, rehearsed=rehearsed)
        end = time.perf_counter()
        took.put((end - begin, end - locked))

    page = "/g/liczenie/konsultacje"
    with box.served(workers=int(SERVER[1]), threads=int(SERVER[3])):
        times: list[float] = []
        idle = _read(box.port, page, lambda: len(times) >= READS, times)
        with app.app_context():
            db.engine.dispose()  # a connection is not for two processes
            writer().dispose()
        counter = apart.Process(target=count)
        counter.start()
        busy = _read(box.port, page, lambda: not counter.is_alive(), [])
        counter.join()
    slower, (whole, locked) = busy / idle, took.get(timeout=10)
    print(f"counting {MANY} ballots of {OPTIONS} options: {whole:.1f} s, goal {MOST_WHOLE:.0f}")
    print(f"of which locked {locked:.1f} s, goal {MOST_LOCKED:.0f}")
    print(f"reading meanwhile: 95th percentile {slower:.1f} times, goal 2")
    return sum((whole > MOST_WHOLE, locked > MOST_LOCKED, slower > MOST_SLOWER))


def _fill(app: Flask, tenant: int, poll: int) -> None:
    """Put ballots into a box as voters would have, without the voters."""
    day = clock.local(clock.now()).date()
    chance = random.Random(7)  # noqa: S311 - choices that can be repeated
    people = [secrets.token_hex(32) for _ in range(MANY)]
    with app.app_context(), transaction():
        common = {"tenant_id": tenant, "poll_id": poll}
        of_person = [{**common, "person_key": key} for key in people]
        lines = [{**row, "area_id": None, "source": "account"} for row in of_person]
        parts = [{**row, "channel": "web", "day": day} for row in of_person]
        tags = [{**common, "link_tag": secrets.token_hex(32)} for _ in people]
        cards = [{**row, "id": secrets.token_hex(16), "section_no": 1} for row in tags]
        leaves = [{**row, "leaf": secrets.token_hex(32)} for row in tags]
        marks = (sorted(chance.sample(range(1, OPTIONS + 1), chance.randint(1, 10))) for _ in cards)
        db.session.execute(insert(Eligibility), lines)
        db.session.execute(
            insert(Participation), [{**row, "idem_hash": secrets.token_hex(32)} for row in parts]
        )
        db.session.execute(
            insert(Ballot),
            [
                {**row, "choices": json.dumps(chosen, separators=(",", ":"))}
                for row, chosen in zip(cards, marks, strict=True)
            ],
        )
        db.session.execute(insert(Receipt), leaves)


def _read(port: int, path: str, is_over: Callable[[], bool], times: list[float]) -> float:
    """Read a page over and over; return the 95th percentile of how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not is_over():
        begin = time.perf_counter()
        if _ask(connection, "GET", path, None, {"Host": "localhost"}) != 200:
            sys.exit(f"{path} does not answer.")
        times.append(time.perf_counter() - begin)
    return _p95(times)


if __name__ == "__main__":
    main()
