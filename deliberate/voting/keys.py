"""Keys that lie outside the database and its backups: a file each, read by the owner only.

The municipality's person key makes person keys, so that a participation does not name the person
to whoever sees the table alone; its signing key (Ed25519) signs the heads of public logs. A poll's
link key tags ballots until the count, its nonce key hides the choices in a receipt, and its contact
key locks the addresses of those who may have to be written to before the count. A key is made
at sealing and never again: a second person key would let everybody vote twice. A poll's backup key
locks copies of the database from its days; it outlives the count, until nobody can protest.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Collection, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from deliberate.config import Settings
from deliberate.kernel import seals
from deliberate.kernel.ids import keyed_hash
from deliberate.voting.identity import MOST_OF_A_HOUSEHOLD

SIZE = 32  # bytes
FEWEST_BYTES = SIZE // 4  # different ones; fewer were typed by somebody, or are an example
PERSON, SIGNING = "person", "signing"
LINK, NONCE, CONTACT, BACKUP = "link", "nonce", "contact", "backup"
OF_POLL = (LINK, NONCE, CONTACT)


class KeyMissing(ServiceUnavailable):
    """A key is not where it was made, or is not a key. Nobody can vote until it is back."""

    def __init__(self, what: str) -> None:
        super().__init__(what, retry_after=600)


def person_key(tenant_id: int, poll_id: int, person_id: int) -> str:
    """Return under which key a person takes part in a poll: another one in each poll."""
    return keyed_hash(_read(_of_tenant(tenant_id)), "person", str(poll_id), str(person_id))


def identity_key(tenant_id: int, poll_id: int, parts: Sequence[str], *, ordinal: int = 1) -> str:
    """Return under which key somebody takes part who says at voting who they are.

    parts: identity.Identity.parts. ordinal: which one of this name in this home.
    """
    said = [str(poll_id), *parts, *([str(ordinal)] if ordinal > 1 else [])]
    return keyed_hash(_read(_of_tenant(tenant_id)), "identity", *said)


def household_keys(tenant_id: int, poll_id: int, parts: Sequence[str]) -> list[str]:
    """Return the person keys of everybody of this name in this home, the first one first."""
    return [
        identity_key(tenant_id, poll_id, parts, ordinal=ordinal)
        for ordinal in range(1, MOST_OF_A_HOUSEHOLD + 1)
    ]


def hashed(tenant_id: int, poll_id: int, what: str, value: str) -> str:
    """Return what a poll keeps of a contact, a network or a home: seen again, never read."""
    return keyed_hash(_read(_of_tenant(tenant_id)), what, str(poll_id), value)


def link_tag(poll_id: int, person: str) -> str:
    """Return the tag by which a ballot could be taken out before the count."""
    return keyed_hash(_read(_of_poll(poll_id)), "link", person)


def nonce(poll_id: int, idem: str) -> bytes:
    """Return our half of a receipt's nonce: the same for the same form, guessed by nobody."""
    return bytes.fromhex(keyed_hash(_read(_of_poll(poll_id, NONCE)), "nonce", idem))


def seal_contact(poll_id: int, address: str, *, person: str) -> str:
    """Return a contact as a poll keeps it; in another person's row it does not open.

    Empty where there is no key: a vote sealed by a former version has none, and one that was lost
    stops nobody from voting. Such a person is written to on paper.
    """
    path = _of_poll(poll_id, CONTACT)
    if not path.exists():
        return ""
    return seals.seal(_read(path), address, owner=person)


def open_contact(poll_id: int, sealed: str, *, person: str) -> str | None:
    """Return what was sealed for this person; None where it was not, or the key is gone."""
    path = _of_poll(poll_id, CONTACT)
    if not sealed or not path.exists():
        return None
    try:
        return seals.unseal([_read(path)], sealed, owner=person)
    except seals.Unreadable:
        return None


def signing_key(tenant_id: int) -> str:
    """Return the public half of the municipality's signing key (base64), made if there is none."""
    path = _of_tenant(tenant_id, SIGNING)
    _make(path)
    return _public(_private(path))


def sign(tenant_id: int, text: str, *, public: str) -> str:
    """Return the Ed25519 signature (base64) of a text, under the key that a poll was sealed with.

    public: its public half; after a rotation the former key stays until its last poll is counted.
    """
    private = _find_signing(tenant_id, public)
    if private is None:
        raise KeyMissing(f"the signing key {public} is missing")
    return base64.b64encode(private.sign(text.encode())).decode()


def can_sign(tenant_id: int, public: str) -> bool:
    """Tell whether the private half of this key is here."""
    return _find_signing(tenant_id, public) is not None


def signing_files(tenant_id: int) -> list[Path]:
    """Return where the signing keys of a municipality lie, the one for new polls first."""
    former = folder().glob(f"municipality-{tenant_id}-{SIGNING}-*.key")
    return [_of_tenant(tenant_id, SIGNING), *sorted(former)]


def rotate_signing(tenant_id: int, *, needed: Collection[str]) -> str:
    """Make a new signing key for new polls, and return its public half.

    needed: public halves under which polls are sealed that are not counted; what no poll needs is
    destroyed. Stopped anywhere, the command is given again.
    """
    path = _of_tenant(tenant_id, SIGNING)
    if path.exists():
        mark = hashlib.sha256(_public(_private(path)).encode()).hexdigest()[:12]
        path.rename(path.with_name(f"municipality-{tenant_id}-{SIGNING}-{mark}.key"))
    public = signing_key(tenant_id)
    for former in signing_files(tenant_id)[1:]:
        if _public(_private(former)) not in needed:
            _destroy(former)
    return public


def make(tenant_id: int, poll_id: int, *, is_first: bool) -> None:
    """Make a poll's key and, with the first poll that is open here, the municipality's.

    Later the municipality's key must still be there.
    """
    if is_first:
        _make(_of_tenant(tenant_id))
    _read(_of_tenant(tenant_id))
    for kind in (*OF_POLL, BACKUP):
        _make(_of_poll(poll_id, kind))


def destroy(poll_id: int) -> None:
    """Overwrite and remove a poll's keys; doing it again changes nothing."""
    for kind in OF_POLL:
        _destroy(_of_poll(poll_id, kind))


# The key of copies: read without an application, since a copy is restored where there is none.


def backup_name(poll_id: int) -> str:
    return f"poll-{poll_id}-{BACKUP}.key"


def read_backup_key(path: Path) -> bytes:
    """Return the key of copies that lies in this file; raise KeyMissing."""
    return _read(path)


def make_backup_key(path: Path) -> bool:
    """Make the key of copies anew where it was lost: old copies are lost with it, new ones go on.

    False if it is there.
    """
    if path.exists():
        return False
    _make(path)
    return True


def has_backup_key(poll_id: int) -> bool:
    return _of_poll(poll_id, BACKUP).exists()


def destroy_backup_key(poll_id: int) -> None:
    """Make every copy from the poll's days unreadable; doing it again changes nothing."""
    _destroy(_of_poll(poll_id, BACKUP))


def _destroy(path: Path) -> None:
    if not path.exists():
        return
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _find_signing(tenant_id: int, public: str) -> Ed25519PrivateKey | None:
    privates = [_private(path) for path in signing_files(tenant_id) if path.exists()]
    return next((private for private in privates if _public(private) == public), None)


def _private(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_read(path))


def _public(private: Ed25519PrivateKey) -> str:
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def _of_tenant(tenant_id: int, kind: str = PERSON) -> Path:
    return folder() / f"municipality-{tenant_id}-{kind}.key"


def _of_poll(poll_id: int, kind: str = LINK) -> Path:
    return folder() / f"poll-{poll_id}-{kind}.key"


def folder() -> Path:
    """Return where the keys lie."""
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
    if len(key) != SIZE or len(set(key)) < FEWEST_BYTES:
        raise KeyMissing(f"{path.name} is no key")
    return key
