"""A PostgreSQL server for one run of the tests, gone with it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
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


def new_folder(name: str) -> Path:
    where = None
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
        where = MEMORY
    return Path(tempfile.mkdtemp(prefix=f"deliberate-{name}-", dir=where))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Reached by a socket in its folder only."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # nothing in it is worth an orderly end
        self.process.wait()
        shutil.rmtree(self.folder)


def start_cluster() -> Cluster:
    folder = new_folder("postgresql")
    data = folder / "data"
    run_as: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; Debian's package brings the user it wants.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        run_as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    initdb = [_program("initdb"), *INITDB, "--pgdata", data]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **run_as)
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    postgres = [_program("postgres"), "-D", data, *(f"--{k}={v}" for k, v in settings.items())]
    process = subprocess.Popen(postgres, **run_as)
    _wait_until_ready(process, folder)
    address = URL.create(
        "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
    )
    return Cluster(url=address.render_as_string(), folder=folder, process=process)


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
