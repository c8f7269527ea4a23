"""A PostgreSQL server for one run of the tests, gone with it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

# Real commits wait for the disk; memory answers at once, and a test's data need no power cut.
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
ENOUGH_MEMORY = 1 << 30  # bytes; a container may have as little as 64 MB there
SECONDS_TO_START = 30

INITDB = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "log_min_messages": "panic",
}


def new_folder(name: str, *, in_memory: bool = True) -> Path:
    where = None
    if in_memory and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
        where = MEMORY
    return Path(tempfile.mkdtemp(prefix=f"deliberate-{name}-", dir=where))


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Reached by a socket in its folder only."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]
    settings: Mapping[str, str]

    def stop(self) -> None:
        self.halt()  # nothing in it is worth an orderly end
        shutil.rmtree(self.folder)

    def halt(self) -> None:
        """Stop at once, as when the machine of the database dies; its files stay."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def go_on(self) -> None:
        """Start again on the same files."""
        self.process = _start(self.folder, self.settings)


def start_cluster(*, on_disk: bool = False, **settings: str) -> Cluster:
    """Start a server; ``settings`` replace some of those that make tests quick."""
    folder = new_folder("postgresql", in_memory=not on_disk)
    data = folder / "data"
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; Debian's package brings the user it wants.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    initdb = [_program("initdb"), *INITDB, "--pgdata", data]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **_run_as(folder))
    chosen = SETTINGS | settings | {"unix_socket_directories": str(folder)}
    address = URL.create(
        "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
    )
    return Cluster(
        url=address.render_as_string(),
        folder=folder,
        process=_start(folder, chosen),
        settings=chosen,
    )


def _start(folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    words = (f"--{name}={value}" for name, value in settings.items())
    postgres = [_program("postgres"), "-D", folder / "data", *words]
    process = subprocess.Popen(postgres, **_run_as(folder))
    _wait_until_ready(process, folder)
    return process


def _run_as(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {"cwd": folder}
    user = pwd.getpwnam("postgres")
    return {
        "cwd": folder,
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
    }


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _program(name: str) -> str:
    """Find a program of the server; Debian keeps them out of the PATH, in a folder a version."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda program: int(program.parts[-3]),
    )
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} was not found: install PostgreSQL (package postgresql).")
    return found
