"""Reading to whom codes of a batch go, as long as it is known; and who has got one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, fields

from sqlalchemy import func, select

from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.voting import addressee_rules, canonical, keys
from deliberate.voting.addressee_rules import HAS_CODE, Addressee, Problem
from deliberate.voting.models import (
    CodeAddressee,
    CodeBatch,
    CodeHolder,
    Poll,
    PollTotals,
    VotingCode,
)
from deliberate.voting.states import CodeState, HolderKind

SENT = "voting.code_sent"  # the kind of the letters by which codes leave
_FIELDS = tuple(field.name for field in fields(Addressee))


def seal(poll: Poll, person: Addressee, *, row_id: str) -> str:
    """Return an addressee as it is kept; raise where there is no key to lock it with."""
    sealed = keys.seal_contact(poll.id, json.dumps(asdict(person)), person=row_id)
    if not sealed:
        raise Refused(addressee_rules.NO_KEY)
    return sealed


def list_of(poll: Poll, batch: CodeBatch) -> list[Addressee]:
    """Return the addressees of a batch in the order of their table; none once they are gone."""
    people = [_open(poll, row) for row in _rows(batch)]
    return sorted((each for each in people if each is not None), key=lambda each: each.row)


def list_hash(sealed: Iterable[str]) -> str:
    """Return what two persons agree to: of sealed texts, so it says nothing once they are gone."""
    return canonical.digest("\n".join(sorted(sealed)))


def present_hash(batch: CodeBatch) -> str:
    return list_hash(row.sealed for row in _rows(batch))


def _rows(batch: CodeBatch) -> Sequence[CodeAddressee]:
    found = select(CodeAddressee).where(
        CodeAddressee.tenant_id == batch.tenant_id, CodeAddressee.batch_id == batch.id
    )
    return db.session.scalars(found.order_by(CodeAddressee.id)).all()


def _open(poll: Poll, row: CodeAddressee) -> Addressee | None:
    said = keys.open_contact(poll.id, row.sealed, person=row.id)
    if said is None:
        return None
    cells = json.loads(said)
    return Addressee(**{name: cells[name] for name in _FIELDS})


# One person, one code.


def holder_hash(poll: Poll, mark: str) -> str:
    """Return by what a person or a contact that has a code is known again."""
    return keys.hashed(poll.tenant_id, poll.id, "code_holder", mark)


def hashes_of(poll: Poll, person: Addressee) -> Iterator[tuple[HolderKind, str]]:
    for kind, marks in person.marks.items():
        for mark in marks:
            yield kind, holder_hash(poll, mark)


def list_known(poll: Poll, hashes: Collection[str]) -> frozenset[str]:
    """Return which of these have a code, or wait for one."""
    found = select(CodeHolder.hash).where(
        CodeHolder.tenant_id == poll.tenant_id,
        CodeHolder.poll_id == poll.id,
        CodeHolder.hash.in_(hashes),
    )
    return frozenset(db.session.scalars(found))


def list_doubled(poll: Poll, people: Sequence[Addressee]) -> list[Problem]:
    """Return the rows of a list whose person has a code of this vote already."""
    hashes = {each.row: {h for _, h in hashes_of(poll, each)} for each in people}
    known = list_known(poll, {h for own in hashes.values() for h in own})
    return [Problem(message=HAS_CODE, row=row) for row, own in hashes.items() if own & known]


def count_handed(poll: Poll) -> int:
    """Return how many codes were given at the counter."""
    if (totals := db.session.get(PollTotals, poll.id)) is not None:
        return totals.handed
    return db.session.scalars(
        select(func.count()).where(
            CodeHolder.tenant_id == poll.tenant_id,
            CodeHolder.poll_id == poll.id,
            CodeHolder.kind == HolderKind.COUNTER,
        )
    ).one()


def count_to_hand(poll: Poll) -> int:
    """Return how many codes there are on paper without an address, but for void ones."""
    return db.session.scalars(
        select(func.count())
        .select_from(VotingCode)
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(
            VotingCode.poll_id == poll.id,
            CodeBatch.list_hash.is_(None),
            VotingCode.state != CodeState.VOID,
        )
    ).one()


# Letters that have not left.


def mark_of(poll: Poll, number: str) -> str:
    """Return by what a letter on its way is found: its number, until it has left."""
    return f"{SENT}:{poll.id}:{number}"


def list_stuck(poll: Poll) -> list[str]:
    """Return the numbers of the letters that a mail server or gateway does not take."""
    before = mark_of(poll, "")
    found = select(Outbox.dedupe).where(
        Outbox.kind == SENT, Outbox.dedupe.startswith(before), Outbox.error.is_not(None)
    )
    return sorted(str(mark).removeprefix(before) for mark in db.session.scalars(found))
