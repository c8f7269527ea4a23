"""Reading all of a box at once: rows without objects, since there may be 100,000."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.memory import uncollected
from deliberate.voting import cases, keys, queries
from deliberate.voting.models import (
    Ballot,
    FinalBallot,
    FinalReceipt,
    Poll,
    Receipt,
    ReplacedReceipt,
)
from deliberate.voting.workings import Box


def read_open(poll: Poll) -> Box:
    """Return what a count would find now, without the votes that two persons took out."""
    gone = {keys.link_tag(poll.id, key) for key in cases.list_taken_out(poll)}
    ballots = fetch_rows(
        select(Ballot.section_no, Ballot.choices, Ballot.link_tag).where(
            Ballot.tenant_id == poll.tenant_id, Ballot.poll_id == poll.id
        )
    )
    receipts = fetch_rows(
        select(Receipt.batch, Receipt.leaf, Receipt.link_tag).where(
            Receipt.tenant_id == poll.tenant_id, Receipt.poll_id == poll.id
        )
    )
    replaced = fetch_rows(
        select(ReplacedReceipt.batch, ReplacedReceipt.leaf).where(
            ReplacedReceipt.tenant_id == poll.tenant_id, ReplacedReceipt.poll_id == poll.id
        )
    )
    log = [
        *((batch, leaf) for batch, leaf, tag in receipts if batch is not None or tag not in gone),
        *((batch, leaf) for batch, leaf in replaced),
    ]
    # What no head covers yet comes with the last one.
    log.sort(key=lambda line: (line[0] is None, line[0] or 0, line[1]))
    return Box(
        ballots=_by_section(poll, (row for row in ballots if row.link_tag not in gone)),
        leaves=[leaf for _, leaf in log],
        seed=poll.seed,
    )


def read_final(poll: Poll) -> Box:
    """Return what was moved by a count."""
    with uncollected():
        ballots = fetch_rows(
            select(FinalBallot.section_no, FinalBallot.choices).where(
                FinalBallot.tenant_id == poll.tenant_id, FinalBallot.poll_id == poll.id
            )
        )
        leaves = fetch_rows(
            select(FinalReceipt.leaf)
            .where(FinalReceipt.tenant_id == poll.tenant_id, FinalReceipt.poll_id == poll.id)
            .order_by(FinalReceipt.batch, FinalReceipt.leaf)
        )
        return Box(
            ballots=_by_section(poll, ballots), leaves=[leaf for (leaf,) in leaves], seed=poll.seed
        )


def count_codes(poll: Poll) -> int:
    """Return how many codes belong to a vote that was counted."""
    return db.session.scalars(
        select(func.count()).where(
            FinalReceipt.tenant_id == poll.tenant_id,
            FinalReceipt.poll_id == poll.id,
            ~FinalReceipt.taken_out,
            ~FinalReceipt.replaced,
        )
    ).one()


def _by_section(poll: Poll, ballots: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {section.no: [] for section in queries.list_sections(poll)}
    for row in ballots:
        found[row[0]].append(row[1])
    return found
