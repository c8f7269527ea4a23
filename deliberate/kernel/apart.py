"""Reading what people send in another process, with its time and its memory bounded.

What is sent may be made to be endless. There the worst it does is to end that process: the server
goes on, and whoever sent it reads why not. A program that reads this way is a module which, run as
a program, calls ``answer``; it gets the order and the file, and gives back what JSON knows.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import deliberate

MOST_SECONDS = 20  # of a processor
MOST_WAITING = 25  # seconds on the wall
MOST_MEMORY = 1024 * 1024 * 1024
MOST_ANSWER = 96 * 1024 * 1024  # bytes of JSON; the process that asked holds them all

log = logging.getLogger(__name__)


class NotRead(Exception):
    """Nothing came back. ``too_hard``: it ate too much; otherwise the file broke the reader."""

    def __init__(self, *, too_hard: bool) -> None:
        super().__init__("too hard" if too_hard else "broken")
        self.too_hard = too_hard


def read(program: str, order: Mapping[str, object], data: bytes) -> Any:
    """Return what a program of ours, named as a module, answers about a file; or raise NotRead."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", program],
            input=json.dumps(order).encode() + b"\n" + data,
            capture_output=True,
            timeout=MOST_WAITING,
            check=True,
            # Nothing of our own environment, where the keys are.
            env={"PYTHONPATH": os.pathsep.join(filter(None, (_home(), *sys.path)))},
        )
    except subprocess.TimeoutExpired as error:
        log.warning("%s: %d bytes took too long", program, len(data))
        raise NotRead(too_hard=True) from error
    except subprocess.CalledProcessError as error:
        # A signal (the limit of time), or Python's last line: a name of an error.
        why = error.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        log.warning("%s: %d bytes, %s %s", program, len(data), error.returncode, why)
        raise NotRead(too_hard=error.returncode < 0 or why == "MemoryError") from error
    return json.loads(done.stdout)


def answer(reading: Callable[[Mapping[str, Any], bytes], object]) -> None:
    """Be the other process: bound it, read the order and the file, write what comes of them."""
    _bound(resource.RLIMIT_CPU, MOST_SECONDS)
    _bound(resource.RLIMIT_AS, MOST_MEMORY)
    _bound(resource.RLIMIT_CORE, 0)
    order = json.loads(sys.stdin.buffer.readline())
    written = json.dumps(reading(order, sys.stdin.buffer.read()))
    if len(written) > MOST_ANSWER:
        raise MemoryError
    sys.stdout.write(written)


def _bound(limit: int, most: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(limit, (most, hard))


def _home() -> str:
    return str(Path(deliberate.__file__).parent.parent)
