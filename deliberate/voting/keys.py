"""Keys that lie outside the database and its backups: a file each, read by the owner only.

The municipality's person key makes person keys, so that a participation does not name the person
to whoever sees the table alone. A poll's link key tags ballots until the count. A key is made at
sealing and never again: a second one would let everybody vote twice.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from deliberate.config import Settings
from deliberate.kernel.ids import keyed_hash

SIZE = 32  # bytes


class KeyMissing(ServiceUnavailable):
    """A key is not where it was made, or is not a key. Nobody can vote until it is back."""

    def __init__(self, what: str) -> None:
        super().__init__(what, retry_after=600)


def person_key(tenant_id: int, poll_id: int, person_id: int) -> str:
    """Return under which key a person takes part in a poll: another one in each poll."""
    return keyed_hash(_read(_of_tenant(tenant_id)), "person", str(poll_id), str(person_id))


def link_tag(poll_id: int, person: str) -> str:
    """Return the tag by which a ballot could be taken out before the count."""
    return keyed_hash(_read(_of_poll(poll_id)), "link", person)


def make(tenant_id: int, poll_id: int, *, is_first: bool) -> None:
    """Make a poll's key and, with the first poll that is open here, the municipality's.

    Later the municipality's key must still be there.
    """
    if is_first:
        _make(_of_tenant(tenant_id))
    _read(_of_tenant(tenant_id))
    _make(_of_poll(poll_id))


def destroy(poll_id: int) -> None:
    """Overwrite and remove a poll's link key; doing it again changes nothing."""
    path = _of_poll(poll_id)
    if not path.exists():
        return
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _of_tenant(tenant_id: int) -> Path:
    return _folder() / f"municipality-{tenant_id}-person.key"


def _of_poll(poll_id: int) -> Path:
    return _folder() / f"poll-{poll_id}-link.key"


def _folder() -> Path:
    settings: Settings = current_app.extensions["deliberate.settings"]
    return settings.folder / "keys"


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "wb") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another process was quicker: its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing(f"{path.name} is missing") from error
    if len(key) != SIZE or len(set(key)) < SIZE // 4:
        raise KeyMissing(f"{path.name} is no key")
    return key
