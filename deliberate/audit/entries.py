"""Recording acts, linking them, and checking the links. The canonical form is version 1.

``record()`` only collects; ``transaction()`` writes the collected entries as its last word, the
chain's head locked then and not before: read-last-then-insert forks, head-locked-first dead-locks.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.audit.models import AuditDetail, AuditEntry, AuditHead
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import PENDING, before_commit, db

VERSION = "1"
GENESIS = "0" * 64
INSTALLATION = "installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an action says of itself, before it becomes a link."""

    chain: str
    at: datetime
    actor: str
    capacity: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a chain does not hold: ``seq`` and one sentence."""

    chain: str
    seq: int
    what: str


def chain_of(tenant_id: int | None) -> str:
    return INSTALLATION if tenant_id is None else f"m:{tenant_id}"


def record(
    action: str,
    subject: str,
    *,
    actor: Actor,
    at: datetime,
    tenant_id: int | None = None,
    capacity: str = "",
    **detail: object,
) -> None:
    """Collect an entry for the caller's transaction: it is kept if, and only if, the change is.

    ``tenant_id`` defaults to the actor's. ``detail`` holds words and personal data: it goes to
    the salted side table, the chain keeps only its hash.
    """
    chain = chain_of(tenant_id if tenant_id is not None else actor.tenant_id)
    pending: list[Act] = db.session.info.setdefault(PENDING, [])
    pending.append(
        Act(
            chain=chain,
            at=at,
            actor=actor.reference,
            capacity=capacity,
            action=action,
            subject=subject,
            detail=detail,
        )
    )


@before_commit
def write_pending(session: Session) -> None:
    """Link what was collected. Locks the heads in the order of their names."""
    acts: list[Act] = session.info.pop(PENDING, [])
    for chain in sorted({act.chain for act in acts}):
        _link(session, chain, [act for act in acts if act.chain == chain])


def _link(session: Session, chain: str, acts: list[Act]) -> None:
    head = session.get(AuditHead, chain, with_for_update=True, populate_existing=True)
    if head is None:
        head = AuditHead(chain=chain, seq=0, hash=GENESIS)
        session.add(head)
        session.flush()
    for act in acts:
        salt, body = secrets.token_bytes(16), _json(act.detail)
        entry = AuditEntry(
            chain=chain,
            seq=head.seq + 1,
            prev=head.hash,
            at=act.at,
            actor=act.actor,
            capacity=act.capacity,
            action=act.action,
            subject=act.subject,
            payload_hash=hashlib.sha256(salt + body.encode()).hexdigest(),
        )
        entry.hash = digest(entry)
        session.add(entry)
        session.flush()
        session.add(AuditDetail(chain=chain, seq=entry.seq, salt=salt, body=body))
        head.seq, head.hash = entry.seq, entry.hash
    session.flush()


def digest(entry: AuditEntry) -> str:
    """Return SHA-256 of the canonical form: version and the fields, one JSON array, UTF-8."""
    fields = [
        VERSION,
        entry.chain,
        entry.seq,
        entry.prev,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.capacity,
        entry.action,
        entry.subject,
        entry.payload_hash,
    ]
    return hashlib.sha256(_json(fields).encode()).hexdigest()


def verify(chain: str | None = None) -> Iterator[Fault]:
    """Yield every place where a chain (or any chain) does not hold. Reads in order of seq.

    Finds a changed, removed, added or swapped entry, a changed detail, and a tail cut off below
    the stored head. A tail cut off together with its head shows only beside a published head.
    """
    heads = {head.chain: head for head in db.session.scalars(select(AuditHead))}
    named = set(db.session.scalars(select(AuditEntry.chain).distinct())) | set(heads)
    for name in sorted(named if chain is None else {chain}):
        yield from _verify_chain(name, heads.get(name))


def _verify_chain(chain: str, head: AuditHead | None) -> Iterator[Fault]:
    prev, expected = GENESIS, 1
    rows = db.session.execute(
        select(AuditEntry, AuditDetail)
        .outerjoin(AuditDetail)
        .where(AuditEntry.chain == chain)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=500)
    )
    for entry, detail in rows:
        if entry.seq != expected:
            yield Fault(chain=chain, seq=expected, what=f"brakuje wpisu {expected}")
            expected = entry.seq
        if entry.prev != prev:
            yield Fault(chain=chain, seq=entry.seq, what="wpis nie wskazuje na poprzedni")
        if digest(entry) != entry.hash:
            yield Fault(chain=chain, seq=entry.seq, what="treść wpisu zmieniono")
        if detail is None:
            yield Fault(chain=chain, seq=entry.seq, what="brakuje szczegółów wpisu")
        elif detail.body is not None:
            found = hashlib.sha256(detail.salt + detail.body.encode()).hexdigest()
            if found != entry.payload_hash:
                yield Fault(chain=chain, seq=entry.seq, what="szczegóły wpisu zmieniono")
        prev, expected = entry.hash, expected + 1
    if head is None or (head.seq, head.hash) != (expected - 1, prev):
        yield Fault(chain=chain, seq=expected - 1, what="ostatni wpis nie zgadza się z głową")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
