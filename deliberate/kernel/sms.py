"""Messages to telephones: rows of the outbox whose address begins with ``tel:``.

They are written like letters, in the transaction that causes them, kept and shown in the demo like
letters, and sent by the worker through a ``Sender``. A gateway of a city's supplier is one class
with ``send``; here there is the one that writes to a file, for tests and trying out.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from deliberate.kernel import clock, mail
from deliberate.kernel.db import db
from deliberate.kernel.models import TELEPHONE, Outbox

log = logging.getLogger(__name__)

FILE = "file:"
LATER = timedelta(minutes=1)  # a code lasts ten


class Sender(Protocol):
    """What takes messages to telephones; raises OSError where it cannot."""

    def send(self, number: str, text: str) -> None: ...


class FileSender:
    """Keeps messages in a file that only its owner reads: a line of JSON each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, number: str, text: str) -> None:
        said = json.dumps({"number": number, "text": text}, ensure_ascii=False)
        opened = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write(f"{said}\n")


def sender(setting: str) -> Sender | None:
    """Return what the setting names; None where messages wait in the outbox."""
    return FileSender(Path(setting.removeprefix(FILE))) if setting else None


def address(number: str) -> str:
    """Return the address of an outbox row for "+48600100200"."""
    return f"{TELEPHONE}{number}"


def send_due(through: Sender, *, limit: int = 50) -> int:
    """Send what is due, oldest first. Returns how many messages left."""
    due = db.session.scalars(
        select(Outbox)
        .where(
            Outbox.address.startswith(TELEPHONE),
            Outbox.sent_at.is_(None),
            Outbox.cancelled_at.is_(None),
            Outbox.not_before <= clock.now(),
            Outbox.tries < mail.MOST_TRIES,
        )
        .order_by(Outbox.not_before, Outbox.id)
        .limit(limit)
    ).all()
    messages = [(row.id, row.address.removeprefix(TELEPHONE), row.body) for row in due]
    return sum(_send(through, *message) for message in messages)


def _send(through: Sender, row_id: int, number: str, text: str) -> bool:
    error: str | None = None
    try:
        through.send(number, text)
    except OSError as trouble:
        error = type(trouble).__name__
        log.warning("a message to a telephone did not leave: %s", error)
    mail.note_tried(row_id, error, later=LATER)
    return error is None
