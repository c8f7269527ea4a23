"""Make a checkout ready: Python packages, front-end packages, built files, catalogues.

``python3 scripts/prepare.py run`` for serving, ``… test`` for working on the code: then the oracles
too, counts of others to compare with, in an environment of their own, for nothing of theirs may
meet ours. Does only what changed since the last time. Standard library only: nothing is installed
yet when it starts.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
ORACLES = ROOT / ".venv-oracles"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCKS = {
    "run": ((VENV, "run.txt"), (VENV, "assets.txt")),
    "test": ((VENV, "test.txt"), (ORACLES, "oracles.txt")),
}
VENV_MODULE = (sys.executable, "-m", "venv")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit("Use: python3 scripts/prepare.py run | test")
    prepare(sys.argv[1])


def prepare(purpose: str) -> None:
    check_machine()
    for environment, name in LOCKS[purpose]:
        make_environment(environment)
        install_python_packages(environment, ROOT / "requirements" / name)
    install_front_end_packages()
    run([PYTHON, ROOT / "scripts" / "assets.py"])
    compile_catalogues()


def stop(polish: str, english: str) -> None:
    sys.exit(f"{polish} / {english}")


def check_machine() -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop("Potrzebny jest Python 3.11 lub nowszy.", "Python 3.11 or newer is needed.")
    try:
        tempfile.TemporaryFile(dir=ROOT).close()
    except OSError:
        stop(f"Nie można zapisywać w folderze {ROOT}.", f"The folder {ROOT} is not writable.")
    if not (shutil.which("node") and shutil.which("npm")):
        stop(
            "Brakuje Node.js i npm (Debian: apt install nodejs npm).",
            "Node.js and npm are missing (Debian: apt install nodejs npm).",
        )
    if _node_version() < OLDEST_NODE:
        stop(
            f"Potrzebny jest Node.js {OLDEST_NODE} lub nowszy.",
            f"Node.js {OLDEST_NODE} or newer is needed.",
        )


def _node_version() -> int:
    """Return the first number of Node's version; 0 for a program that does not say."""
    command = ["node", "--version"]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    number = said.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdecimal() else 0


def make_environment(environment: Path) -> None:
    if (environment / "bin" / "python").exists():
        return
    uv = _find_uv()
    if not uv and not _can_make_environments():
        _install_venv_module()
    command = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [*VENV_MODULE]
    try:
        run([*command, environment])
    except BaseException:  # half an environment would be taken for a whole one the next time
        shutil.rmtree(environment, ignore_errors=True)
        raise


def _find_uv() -> str | None:
    return shutil.which("uv") or (str(UV) if UV.exists() else None)


def _can_make_environments() -> bool:
    # Debian has ``venv`` without what it needs (ensurepip); that is in python3-venv.
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def _install_venv_module() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        package = ["-y", "-qq", "--no-install-recommends", "python3-venv"]
        for words in (["update", "-qq"], ["install", *package]):
            subprocess.run(["apt-get", *words], check=False)  # whether it helped is asked below
    if not _can_make_environments():
        stop(
            "Brakuje modułu venv (Debian: apt install python3-venv).",
            "The venv module is missing (Debian: apt install python3-venv).",
        )


def install_python_packages(environment: Path, lock: Path) -> None:
    installed = environment / f"installed-{lock.name}"
    if _same(lock, installed):
        return
    print(f"Instaluję pakiety / Installing packages: {lock.name}", flush=True)
    python = environment / "bin" / "python"
    if uv := _find_uv():
        command = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*command, "--require-hashes", "--requirement", lock])
    shutil.copyfile(lock, installed)


def install_front_end_packages() -> None:
    lock = ROOT / "package-lock.json"
    installed = ROOT / "node_modules" / ".installed-lock.json"
    if _same(lock, installed):
        return
    print("Instaluję pakiety / Installing packages: package-lock.json", flush=True)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    shutil.copyfile(lock, installed)


def compile_catalogues() -> None:
    for texts in sorted(ROOT.glob("deliberate/translations/*/LC_MESSAGES/messages.po")):
        compiled = texts.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < texts.stat().st_mtime:
            locale = texts.parent.parent.name
            run(
                [
                    VENV / "bin" / "pybabel",
                    "-q",
                    "compile",
                    "-l",
                    locale,
                    "-i",
                    texts,
                    "-o",
                    compiled,
                ]
            )


def _same(lock: Path, installed: Path) -> bool:
    return installed.exists() and filecmp.cmp(lock, installed, shallow=False)


def run(command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    """Run a command in the checkout; when it fails, it has said why, and we stop too."""
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
