"""Reading the public log of a vote: its heads, the turnout they say, and what a code opens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.algorithms import merkle
from deliberate.kernel.db import db
from deliberate.voting import keys, queries
from deliberate.voting.models import (
    FinalBallot,
    FinalParticipation,
    FinalReceipt,
    LogHead,
    Poll,
    PollTotals,
)
from deliberate.voting.states import UNCOUNTED, PollState

FEWEST_SAID = 100  # receipts; a smaller turnout is not said


def list_consultations(tenant_id: int) -> frozenset[int]:
    """Return the ids of the consultations that have a sealed vote, and so a check list."""
    found = select(Poll.consultation_id).where(
        Poll.tenant_id == tenant_id, Poll.state != PollState.DRAFT
    )
    return frozenset(db.session.scalars(found))


def list_public_heads(poll: Poll) -> list[LogHead]:
    """Return the heads that anyone may see, the oldest first.

    The last one names the very number of voters and the hash of the result, of which there are
    few: it comes out with the result, not before.
    """
    heads = queries.list_heads(poll)
    if queries.has_public_result(poll):
        return list(heads)
    return [head for head in heads if not covers_result(head)]


def covers_result(head: LogHead) -> bool:
    return "outcome" in json.loads(head.body)


def find_turnout(poll: Poll) -> int | None:
    """Return how many have voted at least, in whole tens, as the last head says while people vote.

    None where nobody may know: before the first hundred, and once counting may have begun. Where
    votes are changed a head says people beside leaves.
    """
    if poll.state not in UNCOUNTED:
        return None
    last = db.session.execute(
        select(LogHead.leaves, LogHead.body)
        .where(LogHead.tenant_id == poll.tenant_id, LogHead.poll_id == poll.id)
        .order_by(LogHead.no.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    people = int(json.loads(last.body)["people"]) if poll.revote else last.leaves
    return people if people >= FEWEST_SAID else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart:
    """That a vote is there in somebody's name: by which channel and on which day; never how."""

    channel: str
    day: date


def find_took_part(poll: Poll, person: Person) -> TookPart | None:
    """Return whether a vote is there in a person's name, before the count and after it."""
    key = keys.person_key(poll.tenant_id, poll.id, person.id)
    row = queries.find_participation_of(poll, key) or db.session.get(
        FinalParticipation, (poll.tenant_id, poll.id, key)
    )
    return TookPart(channel=row.channel, day=row.day) if row is not None else None


def is_forgotten(poll: Poll) -> bool:
    """Tell whether nobody knows any more who took part (voting.retention)."""
    return db.session.get(PollTotals, poll.id) is not None


# What a code opens, after the result is out.


def find_receipt(poll: Poll, beginning: str) -> FinalReceipt | None:
    """Return the leaf of the final log that begins with these hex digits."""
    return db.session.scalar(
        select(FinalReceipt)
        .where(
            FinalReceipt.tenant_id == poll.tenant_id,
            FinalReceipt.poll_id == poll.id,
            FinalReceipt.leaf >= beginning,
            FinalReceipt.leaf < beginning + "g",  # the letter after the last digit
        )
        .order_by(FinalReceipt.leaf)
        .limit(1)
    )


def list_linked_choices(poll: Poll, leaf: str) -> dict[int, str]:
    """Return section → choices of the ballot that a leaf names, where the poll publishes it."""
    rows = db.session.execute(
        select(FinalBallot.section_no, FinalBallot.choices).where(
            FinalBallot.tenant_id == poll.tenant_id,
            FinalBallot.poll_id == poll.id,
            FinalBallot.leaf == leaf,
        )
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That a leaf is in the tree of the last head: with what it is joined on the way up, in hex."""

    place: int  # among all leaves, from 1
    of: int
    path: Sequence[str]
    root: str


def prove(poll: Poll, receipt: FinalReceipt) -> Proof:
    leaves = db.session.scalars(
        select(FinalReceipt.leaf)
        .where(FinalReceipt.tenant_id == poll.tenant_id, FinalReceipt.poll_id == poll.id)
        .order_by(FinalReceipt.batch, FinalReceipt.leaf)
    ).all()
    before = leaves.index(receipt.leaf)
    hashes = [bytes.fromhex(leaf) for leaf in leaves]
    return Proof(
        place=before + 1,
        of=len(hashes),
        path=[step.hex() for step in merkle.proof(hashes, before)],
        root=merkle.root(hashes).hex(),
    )
