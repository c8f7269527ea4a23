"""A ballot box as a trial sees it: a served application, voters with ledgers, and a checker."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TextIO
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from deliberate.config import Settings
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.voting import keys, receipts
from deliberate.voting.models import Ballot, Participation, Poll, Receipt
from tests import make

SLUG = "lubowierz"
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds
BALLOT = f"/g/{SLUG}/konsultacje/rynek/glosowanie"
COUNTER = f"/g/{SLUG}/urzad/konsultacje/rynek/glosowanie/papier/osoba"
OPTIONS = 5
TRIES, BETWEEN = 40, 0.2  # seconds: long enough for a worker or a database to be back


@dataclass(kw_only=True)
class Box:
    """A poll of the whole town, ready to be served; ``folder`` has the keys."""

    app: Flask
    tenant: int
    poll: int
    settings: Settings
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def served(self, *faults: str, workers: int = 3, threads: int = 4) -> Iterator[None]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "DELIBERATE_MODE": "test",
            "DELIBERATE_DATABASE_URL": self.settings.database_url,
            "DELIBERATE_FOLDER": str(self.settings.folder),
            "DELIBERATE_SECRET_KEY": self.settings.secret_key,
            "DELIBERATE_PUBLIC_URL": self.settings.public_url,
            "DELIBERATE_BY_PATH": "1",
        }
        words = [str(self.port), str(workers), str(threads), *faults]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.trials.serving", *words],
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            self._wait()
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kill_a_worker(self, chance: random.Random) -> bool:
        """Kill one worker as a machine would: without a word. False if none lives just now."""
        assert self.process is not None
        workers = _children(self.process.pid)
        if not workers:
            return False
        try:
            os.kill(chance.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5):
                    return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in listed]


# Voters.


@dataclass(kw_only=True)
class Voter:
    person: int
    cookie: str  # as the browser has it now: the token of forms is kept in it


def voters(box: Box, number: int) -> list[Voter]:
    """Make residents who are signed in, each in a browser of their own."""
    found = []
    for person in make.residents(box.app, box.tenant, number):
        cookie = make.client(box.app, slug=SLUG, signed_in=person).get_cookie("deliberate")
        assert cookie is not None
        found.append(Voter(person=person, cookie=f"deliberate={cookie.value}"))
    return found


def browsers(box: Box, number: int) -> list[Voter]:
    """Make one resident who is signed in in many browsers."""
    (person,) = make.residents(box.app, box.tenant, 1)
    found = []
    for _ in range(number):
        cookie = make.client(box.app, slug=SLUG, signed_in=person).get_cookie("deliberate")
        assert cookie is not None
        found.append(Voter(person=person, cookie=f"deliberate={cookie.value}"))
    return found


def clerk(box: Box) -> Voter:
    """Make somebody who works at the counter."""
    person = make.staff(box.app, box.tenant, Role.OFFICER)
    cookie = make.client(box.app, slug=SLUG, signed_in=person).get_cookie("deliberate")
    assert cookie is not None
    return Voter(person=person, cookie=f"deliberate={cookie.value}")


@dataclass(kw_only=True)
class Ledger:
    """What voters know themselves, written before the request and after the answer, on the disk.

    It is the truth of a trial: the application is judged by it.
    """

    path: Path
    _file: TextIO = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._file = self.path.open("a", encoding="utf-8")

    def write(self, **entry: object) -> None:
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def read(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


def vote(
    box: Box, voter: Voter, choice: Sequence[int], ledger: Ledger, *, tries: int = TRIES
) -> int:
    """Vote as a browser does, again with the same form where no answer came; return the status.

    0: no answer ever came. The choice is read back out of the form of the review page, as a
    browser would send it.
    """
    try:
        form = read_form(box, voter, choice)
    except (OSError, HTTPException):
        return 0
    if form is None:
        return 0
    idem = dict(form)["klucz"]
    entry = {"person": voter.person, "idem": idem, "choice": sorted(choice)}
    ledger.write(event="sent", **entry)
    status = 0
    for _ in range(tries):
        try:
            status, _ = post(box, voter, f"{BALLOT}/glos", form)
        except (OSError, HTTPException):
            time.sleep(BETWEEN)  # the worker died, or the database; who knows what was kept
            continue
        if status != 503:
            break
        time.sleep(BETWEEN)
    ledger.write(event="answered", status=status, **entry)
    return status


def acknowledged(ledger: Ledger) -> int:
    """Return how many votes were answered as taken; a form sent again counts once."""
    return len({e["idem"] for e in ledger.read() if e.get("status") == 303})


def vote_all(box: Box, people: Sequence[Voter], ledger: Ledger, *, at_once: int = 6) -> None:
    """Have everybody vote, several at a time, each with a choice of their own."""
    waiting = list(enumerate(people))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                number, voter = waiting.pop()
            chance = random.Random(number)  # noqa: S311 - a choice that can be repeated
            choice = chance.sample(range(1, OPTIONS + 1), chance.randint(1, 2))
            vote(box, voter, choice, ledger)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_form(box: Box, voter: Voter, choice: Sequence[int]) -> list[tuple[str, str]] | None:
    """Return what the review page would send; None where the pages do not answer at all."""
    for _ in range(TRIES):
        try:
            _, page = get(box, voter, BALLOT)
            token = _token(page)
            if token is None:  # a page that says "in a moment"
                time.sleep(BETWEEN)
                continue
            chosen = [("wybor-1", str(no)) for no in choice]
            status, page = post(
                box, voter, f"{BALLOT}/sprawdzenie", [("csrf_token", token), *chosen]
            )
        except (OSError, HTTPException):
            time.sleep(BETWEEN)
            continue
        if status == 200:
            form = page[page.index(f'action="{BALLOT}/glos"') :]
            return hidden_fields(form[: form.index("</form>")])
        time.sleep(BETWEEN)
    return None


def hidden_fields(html: str) -> list[tuple[str, str]]:
    fields = re.findall(r"<input([^>]*)>", html)
    found = []
    for each in fields:
        name, value = re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)
        if name and 'type="hidden"' in each:
            found.append((name.group(1), value.group(1) if value else ""))
    return found


def _token(page: str) -> str | None:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found.group(1) if found else None


def get(box: Box, voter: Voter, path: str) -> tuple[int, str]:
    return _ask(box, voter, "GET", path)


def post(box: Box, voter: Voter, path: str, form: list[tuple[str, str]]) -> tuple[int, str]:
    return _ask(box, voter, "POST", path, urlencode(form))


def _ask(
    box: Box, voter: Voter, method: str, path: str, body: str | None = None
) -> tuple[int, str]:
    headers = {"Host": "localhost", "Cookie": voter.cookie, "Sec-Fetch-Site": "same-origin"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = HTTPConnection("127.0.0.1", box.port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            kept = answer.headers.get("Set-Cookie", "")
            if kept.startswith("deliberate="):
                voter.cookie = kept.split(";", 1)[0]
            return answer.status, answer.read().decode()
    finally:
        connection.close()


# The checker.


@dataclass(kw_only=True)
class Judgement:
    """What the checker found, by name of the promise; all empty is what we promise."""

    lost: list[int] = field(default_factory=list)  # acknowledged, and not there
    invented: list[int] = field(default_factory=list)  # there, and never sent
    doubled: list[int] = field(default_factory=list)  # more than one ballot of one person
    changed: list[int] = field(default_factory=list)  # there, but not what was sent
    without_receipt: list[int] = field(default_factory=list)  # the code would name nothing
    broken: list[int] = field(default_factory=list)  # an answer of 500

    @property
    def is_clean(self) -> bool:
        return not any(vars(self).values())

    @property
    def figures(self) -> dict[str, int]:
        return {name: len(people) for name, people in vars(self).items()}


def judge(box: Box, people: Sequence[Voter], ledger: Ledger) -> Judgement:
    """Compare what voters know with what the box holds, person by person, before the count."""
    found, entries = Judgement(), ledger.read()
    sent = {(entry["person"], entry["idem"]): entry for entry in entries}
    with box.app.app_context():
        poll = db.session.get_one(Poll, box.poll)
        taken, ballots, leaves = _stored(poll)
        for voter in people:
            person = voter.person
            key = keys.person_key(box.tenant, poll.id, person)
            tag = keys.link_tag(poll.id, key)
            own = [e for e in entries if e["person"] == person and e["event"] == "answered"]
            acknowledged = [e for e in own if e["status"] == 303]
            if any(e["status"] == 500 for e in own):
                found.broken.append(person)
            if acknowledged and (key not in taken or not ballots.get(tag)):
                found.lost.append(person)
            if len(ballots.get(tag, [])) > 1:
                found.doubled.append(person)
            if tag in ballots:
                tries = [e for (who, _), e in sent.items() if who == person]
                fitting = [e for e in tries if _text(e["choice"]) in ballots[tag]]
                if not tries:
                    found.invented.append(person)
                elif not fitting or (acknowledged and acknowledged[0] not in _same(own, fitting)):
                    found.changed.append(person)
                elif not any(_leaf(poll, e) in leaves for e in fitting):
                    found.without_receipt.append(person)
        db.session.rollback()
    return found


def _same(
    answered: list[dict[str, object]], fitting: list[dict[str, object]]
) -> list[dict[str, object]]:
    idems = {entry["idem"] for entry in fitting}
    return [entry for entry in answered if entry["idem"] in idems]


def _stored(poll: Poll) -> tuple[set[str], dict[str, list[str]], set[str]]:
    taken = set(
        db.session.scalars(select(Participation.person_key).where(Participation.poll_id == poll.id))
    )
    ballots: dict[str, list[str]] = {}
    for tag, choices in db.session.execute(
        select(Ballot.link_tag, Ballot.choices).where(Ballot.poll_id == poll.id)
    ):
        ballots.setdefault(tag, []).append(choices)
    leaves = set(db.session.scalars(select(Receipt.leaf).where(Receipt.poll_id == poll.id)))
    return taken, ballots, leaves


def _leaf(poll: Poll, entry: dict[str, object]) -> str:
    nonce = receipts.mix(keys.nonce(poll.id, str(entry["idem"])), "")
    return receipts.leaf(poll.id, nonce, {1: _text(entry["choice"])})


def _text(choice: object) -> str:
    return json.dumps(choice, separators=(",", ":"))
