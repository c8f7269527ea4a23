"""``deliberate serve`` and ``deliberate worker``, as processes where it matters."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.cli.server import look_once
from deliberate.config import Settings
from deliberate.kernel import jobs, mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, Task
from tests.databases import Databases
from tests.mailbox import Mailbox
from tests.terminal import Terminal

PATIENCE = 30.0  # seconds


@pytest.fixture
def terminal(databases: Databases, tmp_path: Path) -> Terminal:
    databases.restore()
    return Terminal(database_url=databases.url, folder=tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(terminal: Terminal, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command as a process of its own; whatever happens, it is gone afterwards."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "deliberate", *words],
        env=terminal.environment,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for_page(port: int) -> int:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                status: int = answer.status
                return status
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def hears(process: subprocess.Popen[str], what: signal.Signals) -> bool:
    """Tell whether a process has come so far that it does something about a signal."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (what - 1) & 1)


def group_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the living processes of the server's group (it leads a session of its own)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == process.pid:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


@pytest.mark.first_on_both
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_stops_with_its_worker(
    terminal: Terminal, how: signal.Signals
) -> None:
    port = free_port()
    with running(terminal, "serve", "--port", str(port), "--with-worker") as process:
        assert wait_for_page(port) == 200
        until = time.monotonic() + PATIENCE  # the first page may come before the second worker
        while len(group_of(process)) < 4 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(group_of(process)) >= 4  # itself, two for pages, one for letters

        process.send_signal(how)
        process.wait(PATIENCE)

        assert process.returncode == 0
        assert group_of(process) == []


def test_a_taken_port_is_one_sentence(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = terminal.run("serve", "--port", str(port))

    assert (said.code, said.err) == (1, f"Port {port} jest zajęty albo niedostępny.\n")


def test_the_worker_stops_cleanly_when_asked(terminal: Terminal) -> None:
    with running(terminal, "worker") as process:
        until = time.monotonic() + PATIENCE
        while not hears(process, signal.SIGTERM) and time.monotonic() < until:
            time.sleep(0.1)
        assert process.poll() is None

        process.terminate()
        out, _ = process.communicate(timeout=PATIENCE)

        assert (process.returncode, out) == (0, "")


def test_the_worker_does_what_is_due_and_what_is_daily(terminal: Terminal) -> None:
    assert terminal.run("worker", "--once").code == 0
    assert terminal.run("worker", "--once").code == 0

    tasks = daily_tasks(terminal)
    assert tasks
    assert len(tasks) == len(set(tasks))  # once a day, however often the worker looks


def daily_tasks(terminal: Terminal) -> list[str]:
    from sqlalchemy import NullPool, create_engine

    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return list(connection.scalars(select(Task.dedupe).where(Task.finished_at.is_not(None))))


def write_letter(app: Flask) -> None:
    with app.app_context(), transaction():
        mail.write(
            kind="received",
            address="halina@poczta.example",
            subject="Dziękujemy",
            body="Propozycja ma numer 7.",
            locale="pl",
            tenant_id=None,
        )


def settings_with(app: Flask, smtp_url: str) -> Settings:
    settings: Settings = app.extensions["deliberate.settings"]
    return Settings(
        database_url=settings.database_url,
        secret_key=settings.secret_key,
        folder=settings.folder,
        smtp_url=smtp_url,
    )


def test_letters_leave_once_a_server_for_them_is_named(app: Flask, mailbox: Mailbox) -> None:
    write_letter(app)

    with app.app_context():
        look_once(settings_with(app, mailbox.url))

    assert len(mailbox.letters) == 1


def test_without_a_server_letters_stay_to_be_read(app: Flask) -> None:
    write_letter(app)

    with app.app_context():
        look_once(settings_with(app, ""))
        letter = db.session.scalars(select(Outbox)).one()

    assert letter.sent_at is None
    assert letter.tries == 0


def test_a_turn_without_the_database_is_missed_not_fatal(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy.exc import OperationalError

    def gone(_now: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the database went away"))

    monkeypatch.setattr(jobs, "enqueue_daily", gone)  # staging what only an outage would

    with app.app_context():
        look_once(settings_with(app, ""))

    assert "the worker missed a turn: OperationalError" in caplog.text
