"""The wheel alone is enough: installed into an empty environment it migrates and serves."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from deliberate import paths

UV = Path(sys.executable).with_name("uv")
SECONDS_TO_START = 30


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", folder]
    run(*command, cwd=paths.ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of programs of an environment that has the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("installed")
    run(UV, "venv", "--quiet", "--python", sys.executable, "environment", cwd=folder)
    install = [UV, "pip", "install", "--quiet", "--python", "environment/bin/python"]
    lock = paths.ROOT / "requirements" / "run.txt"
    run(*install, "--require-hashes", "--requirement", lock, cwd=folder)
    run(*install, "--no-deps", wheel, cwd=folder)
    return folder / "environment" / "bin"


@pytest.fixture
def address(programs: Path, tmp_path: Path) -> Iterator[str]:
    """Serve from the wheel on a migrated SQLite without data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "PATH": os.environ["PATH"],
        "DELIBERATE_DATABASE_URL": f"sqlite:///{tmp_path / 'deliberate.db'}",
        "DELIBERATE_FOLDER": str(tmp_path),
        "DELIBERATE_SECRET_KEY": "for-tests-only-for-tests-only-for-tests",
        "DELIBERATE_PUBLIC_URL": f"http://localhost:{port}",
        "DELIBERATE_BY_PATH": "1",
    }
    program = programs / "deliberate"
    run(program, "db", "upgrade", cwd=tmp_path, environment=settings)
    server = subprocess.Popen([program, "serve", "--port", str(port)], cwd=tmp_path, env=settings)
    yield f"http://localhost:{port}"
    server.terminate()
    server.wait()


def get(address: str) -> str:
    """Return a page, waiting for the server to begin to listen."""
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urlopen(address) as answer:  # noqa: S310 - our own server
                assert answer.status == 200
                return str(answer.read().decode())
        except URLError as error:
            if not isinstance(error.reason, ConnectionError) or time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_wheel_carries_what_is_served_and_nothing_else(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    bundled = {name.partition("_bundled/")[2] for name in names if "/_bundled/" in name}
    built = {
        str(path.relative_to(paths.ROOT))
        for folder in ("templates", "migrations/versions", "static/build", "static/img")
        for path in (paths.ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    catalogues = {
        str(path.with_suffix(".mo").relative_to(paths.ROOT))
        for path in paths.TRANSLATIONS.rglob("*.po")
    }

    assert built <= bundled
    assert catalogues <= names
    assert {name.split("/")[1] for name in bundled if name.startswith("static/")} == {
        "build",
        "img",
    }


def test_command_is_there(programs: Path, tmp_path: Path) -> None:
    assert "serve" in run(programs / "deliberate", "--help", cwd=tmp_path)


def test_installed_wheel_serves_a_page_and_its_files(address: str) -> None:
    page = get(f"{address}/")
    files = re.findall(r"/static/[^\"'#]+", page)

    assert files
    for file in files:
        with urlopen(address + file) as answer:  # noqa: S310 - our own server
            assert answer.status == 200
