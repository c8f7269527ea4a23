"""Set up whatever is missing and serve the demo: what ``make run`` does, on a bare machine too.

The database, the uploaded files and the secret key lie in var/; remove it to begin anew.
Another port: ``make run PORT=8001``.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path

from prepare import PYTHON, ROOT, check_machine, prepare, run, stop

FOLDER = ROOT / "var"
LAST_PORT = 65535


def main() -> None:
    check_machine()
    port = free_port(os.environ.get("PORT", "8000"))
    prepare("run")
    environment = demo_environment(port)
    run([PYTHON, "-m", "deliberate", "demo", "prepare"], environment)
    serve = [str(PYTHON), "-m", "deliberate", "serve", "--with-worker", "--port", str(port)]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(serve[0], serve, environment)  # so that Ctrl-C goes to the server itself  # noqa: S606


def free_port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 1 <= port <= LAST_PORT:
        stop(
            f"PORT={text}: ma być liczba od 1 do {LAST_PORT}.",
            f"PORT={text}: a number from 1 to {LAST_PORT} is needed.",
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            stop(
                f"Port {port} jest zajęty; inny: make run PORT={port + 1}.",
                f"Port {port} is in use; another: make run PORT={port + 1}.",
            )
    return port


def demo_environment(port: int) -> dict[str, str]:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    return {
        **os.environ,
        "DELIBERATE_MODE": "demo",
        "DELIBERATE_DATABASE_URL": f"sqlite:///{FOLDER / 'deliberate.db'}",
        "DELIBERATE_FOLDER": str(FOLDER),
        "DELIBERATE_SECRET_KEY": secret_key(FOLDER / "secret-key"),
        "DELIBERATE_PUBLIC_URL": f"http://localhost:{port}",
        "DELIBERATE_BY_PATH": "1",
    }


def secret_key(file: Path) -> str:
    """Return this installation's own key, made once; nobody else may read the file."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    return file.read_text().strip()


if __name__ == "__main__":
    main()
