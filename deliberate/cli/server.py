"""``deliberate serve`` and ``deliberate worker``."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import SQLAlchemyError

from deliberate.app import create_app
from deliberate.cli.application import Refusal, application, settings
from deliberate.config import Settings
from deliberate.kernel import clock, jobs, mail, sms
from deliberate.kernel.db import db
from deliberate.notifications import letterhead, links
from deliberate.voting import custody

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks at what waits


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with our settings, without a configuration file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(settings())
        gc.collect()
        gc.freeze()  # what an application is made of never becomes garbage: no need to look again
        return app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres, na którym słuchać.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 256))
@click.option("--with-worker", is_flag=True, help="Także wysyłanie listów i prace w tle.")
@click.option(
    "--despite-missing-keys",
    is_flag=True,
    help="Uruchom mimo utraty klucza głosowania, żeby je odwołać (deliberate keys loss).",
)
def serve(
    host: str,
    port: int,
    workers: int,
    threads: int,
    *,
    with_worker: bool,
    despite_missing_keys: bool,
) -> None:
    """Uruchom serwer stron."""
    with application():  # what is wrong is one sentence here, not a restarting worker
        _check_keys(despite_missing=despite_missing_keys)
    _check_free(host, port)
    helper = (
        subprocess.Popen([sys.executable, "-m", "deliberate", "worker"]) if with_worker else None
    )
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108
        "accesslog": None,
        "loglevel": "warning",
        "graceful_timeout": 10,
        "timeout": 60,
        "limit_request_line": 4094,
        "limit_request_field_size": 8190,
        "on_exit": lambda _server: helper.terminate() if helper else None,
    }
    try:
        Server(options).run()
    finally:
        if helper:
            helper.terminate()
            helper.wait(timeout=10)


def _check_keys(*, despite_missing: bool) -> None:
    """Refuse keys that are none, that others may read, or that lack while people vote."""
    if trouble := custody.find_trouble():
        raise Refusal(trouble)
    if (missing := custody.list_missing()) and not despite_missing:
        names = ", ".join(missing)
        raise Refusal(f"Brakuje kluczy głosowań: {names}. Co to znaczy: deliberate keys loss")


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(f"Port {port} jest zajęty albo niedostępny.") from error


@click.command()
@click.option("--once", is_flag=True, help="Zrób to, co czeka, i zakończ.")
def worker(*, once: bool) -> None:
    """Wysyłaj listy i wykonuj prace w tle."""
    running = True

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with application() as app:
        chosen: Settings = app.extensions["deliberate.settings"]
        while running:
            look_once(chosen)
            if once:
                break
            time.sleep(PAUSE)


def look_once(chosen: Settings) -> None:
    """Send letters and run tasks that are due; trouble with the database ends only the turn."""
    try:
        jobs.enqueue_daily(clock.now())
        jobs.run_due()
        if chosen.smtp_url:
            mail.send_due(
                chosen.smtp_url, chosen.mail_from, html=letterhead.html, way_out=links.way_out
            )
        if (through := sms.sender(chosen.sms)) is not None:
            sms.send_due(through)
    except SQLAlchemyError as trouble:
        log.warning("the worker missed a turn: %s", type(trouble).__name__)
    finally:
        db.session.remove()
