"""The keys that lie in files, as their keeper sees them: what is there, lacks, is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from deliberate.kernel.db import db
from deliberate.voting import keys
from deliberate.voting.models import Poll, Voter
from deliberate.voting.states import UNCOUNTED, PollState

NAME = re.compile(
    r"(?P<owner>municipality|poll)-(?P<id>\d+)-(?P<kind>person|signing|link|nonce|contact|backup)"
    r"(?P<former>-[0-9a-f]{12})?\.key"
)
FORMER = "signing-former"
OTHERS = 0o077  # what nobody but the owner may have
# Polls under whose signing key a head is still to be signed.
NEED_SIGNING = frozenset({PollState.DRAFT, *UNCOUNTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A file with a key. ``kind``: one of ``keys``, or signing-former; "" for others."""

    path: Path
    kind: str
    owner: str  # municipality, poll
    owner_id: int
    size: int
    mode: int
    made_at: datetime


def list_files() -> list[KeyFile]:
    """Return the keys of this installation, by name."""
    folder = keys.folder()
    return [_file(path) for path in sorted(folder.glob("*.key"))] if folder.is_dir() else []


def find_trouble() -> str | None:
    """Return the first thing wrong with the files, as a sentence for the operator."""
    seen: dict[bytes, str] = {}
    for file in list_files():
        name, content = file.path.name, _content(file.path)
        if content is None:
            return f"Klucza {name} nie da się odczytać."
        if len(content) != keys.SIZE:
            return f"Klucz {name} ma {len(content)} bajtów zamiast {keys.SIZE}."
        if file.mode & OTHERS:
            return f"Klucz {name} może czytać ktoś poza właścicielem: chmod 400."
        if len(set(content)) < keys.FEWEST_BYTES:
            return f"Plik {name} nie jest kluczem: za mało różnych bajtów."
        if content in seen:
            return f"Klucze {seen[content]} i {name} są takie same."
        seen[content] = name
    return None


def list_missing() -> list[str]:
    """Return names of the keys without which a poll that is not counted stands still."""
    polls = db.session.scalars(
        select(Poll).where(Poll.state.in_(sorted(UNCOUNTED))).order_by(Poll.id)
    ).all()
    return list(dict.fromkeys(name for poll in polls for name in _missing(poll)))


def list_public(tenant_id: int) -> list[tuple[str, list[int]]]:
    """Return the public halves under which polls were sealed, each with their numbers."""
    rows = db.session.execute(
        select(Poll.signing_key, Poll.id)
        .where(Poll.tenant_id == tenant_id, Poll.signing_key != "")
        .order_by(Poll.id)
    )
    found: dict[str, list[int]] = {}
    for public, poll_id in rows:
        found.setdefault(public, []).append(poll_id)
    return list(found.items())


def rotate(tenant_id: int) -> str:
    """Make a new signing key for polls that are drafted from now on; return its public half."""
    needed = db.session.scalars(
        select(Poll.signing_key).where(
            Poll.tenant_id == tenant_id, Poll.state.in_(sorted(NEED_SIGNING))
        )
    )
    return keys.rotate_signing(tenant_id, needed=set(needed))


def _missing(poll: Poll) -> Iterator[str]:
    needed = [f"municipality-{poll.tenant_id}-{keys.PERSON}.key"]
    needed += [f"poll-{poll.id}-{kind}.key" for kind in (keys.LINK, keys.NONCE)]
    if _has_sealed_contacts(poll):
        needed.append(f"poll-{poll.id}-{keys.CONTACT}.key")
    yield from (name for name in needed if not (keys.folder() / name).exists())
    if not keys.can_sign(poll.tenant_id, poll.signing_key):
        yield f"municipality-{poll.tenant_id}-{keys.SIGNING}.key"


def _has_sealed_contacts(poll: Poll) -> bool:
    """Tell whether somebody's contact is locked: a vote sealed by a former version has none."""
    sealed = select(Voter.person_key).where(
        Voter.tenant_id == poll.tenant_id, Voter.poll_id == poll.id, Voter.contact_sealed != ""
    )
    return db.session.scalar(sealed.limit(1)) is not None


def _file(path: Path) -> KeyFile:
    said, stat = NAME.fullmatch(path.name), path.stat()
    kind = (FORMER if said["former"] else said["kind"]) if said else ""
    return KeyFile(
        path=path,
        kind=kind,
        owner=said["owner"] if said else "",
        owner_id=int(said["id"]) if said else 0,
        size=stat.st_size,
        mode=stat.st_mode & 0o777,
        made_at=datetime.fromtimestamp(stat.st_mtime, UTC),
    )


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
