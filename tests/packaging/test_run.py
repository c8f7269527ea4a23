"""``make run`` on a machine that lacks something: one plain sentence in two languages, code 1."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deliberate import paths

ROOT = paths.ROOT
VENV_MISSING = (
    "Brakuje modułu venv (Debian: apt install python3-venv). / "
    "The venv module is missing (Debian: apt install python3-venv)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A checkout, and a machine on which only the programs of ``bin`` can be found."""

    root: Path
    bin: Path
    modules: Path  # looked through before Python's own

    def has(self, name: str, script: str = "exit 0") -> None:
        program = self.bin / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def module(self, name: str, text: str) -> None:
        path = self.modules / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def run(self, *, port: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.bin),
            "PYTHONPATH": str(self.modules),
            "PORT": free_port() if port is None else port,
        }
        command = [sys.executable, self.root / "scripts" / "run.py"]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=60
        )


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine that has what is needed up to making the environment."""
    machine = Machine(root=tmp_path / "clone", bin=tmp_path / "bin", modules=tmp_path / "modules")
    shutil.copytree(ROOT / "scripts", machine.root / "scripts")
    machine.bin.mkdir()
    machine.modules.mkdir()
    machine.bin.joinpath("sh").symlink_to(shutil.which("sh") or "/bin/sh")
    machine.has("node", "echo v18.20.4")
    machine.has("npm")
    return machine


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_or_npm(machine: Machine, missing: str) -> None:
    (machine.bin / missing).unlink()

    done = machine.run()

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Brakuje Node.js i npm (Debian: apt install nodejs npm). / "
        "Node.js and npm are missing (Debian: apt install nodejs npm).\n"
    )


@pytest.mark.parametrize("answer", ["echo v12.22.9", "exit 127", "echo nonsense"])
def test_with_a_node_that_is_too_old_or_broken(machine: Machine, answer: str) -> None:
    machine.has("node", answer)

    done = machine.run()

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Potrzebny jest Node.js 18 lub nowszy. / Node.js 18 or newer is needed.\n"
    )


def test_without_the_module_that_makes_environments(machine: Machine) -> None:
    machine.module("ensurepip/__init__.py", "raise ImportError")

    done = machine.run()

    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{VENV_MISSING}\n")
    assert not (machine.root / ".venv").exists()


def test_when_installing_that_module_fails(machine: Machine) -> None:
    machine.module("ensurepip/__init__.py", "raise ImportError")
    machine.has("apt-get", "echo 'E: Unable to locate package' >&2; exit 100")

    done = machine.run()

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == VENV_MISSING


def test_half_an_environment_is_not_left_behind(machine: Machine) -> None:
    """It would be taken for a whole one by the next run, which could then never work."""
    machine.module("venv/__init__.py", "")
    machine.module(
        "venv/__main__.py",
        "import pathlib, sys\n"
        "python = pathlib.Path(sys.argv[1], 'bin', 'python')\n"
        "python.parent.mkdir(parents=True)\n"
        "python.touch()\n"
        "sys.exit('No space left on device')\n",
    )

    done = machine.run()

    assert (done.returncode, done.stderr) == (1, "No space left on device\n")
    assert not (machine.root / ".venv").exists()


def test_on_a_port_that_is_taken(machine: Machine, taken_port: str) -> None:
    done = machine.run(port=taken_port)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {taken_port} jest zajęty; inny: make run PORT=")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["web", "0", "99999", "-1"])
def test_on_a_port_that_is_no_port(machine: Machine, port: str) -> None:
    done = machine.run(port=port)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"PORT={port}: ma być liczba od 1 do 65535. / "
        f"PORT={port}: a number from 1 to 65535 is needed.\n"
    )
