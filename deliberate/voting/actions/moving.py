"""Moving what came in to where counted things lie: one statement a table.

Rows are written in the order of random keys or of hashes, which tells nothing of when one came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    CursorResult,
    Delete,
    Insert,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
)

from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.voting import rules
from deliberate.voting.models import (
    Ballot,
    Card,
    CardKeying,
    FinalBallot,
    FinalParticipation,
    FinalReceipt,
    Participation,
    Poll,
    Receipt,
    ReplacedReceipt,
)
from deliberate.voting.states import Publication


def move(poll: Poll, *, last: int) -> None:
    """Rewrite ballots, codes and participations. last: the number of the head that closes the log.

    Refuses where as many do not go as come: a ballot that belongs to no code would be lost unseen.
    """
    _move_receipts(poll, last)
    came = _move(
        _ballots(poll),
        FinalBallot,
        ("id", "tenant_id", "poll_id", "section_no", "choices", "leaf"),
    )
    _move(
        select(
            Participation.person_key,
            Participation.tenant_id,
            Participation.poll_id,
            Participation.channel,
            Participation.day,
        ).where(Participation.tenant_id == poll.tenant_id, Participation.poll_id == poll.id),
        FinalParticipation,
        ("person_key", "tenant_id", "poll_id", "channel", "day"),
    )
    went = _run(delete(Ballot).where(Ballot.poll_id == poll.id))
    if came != went:
        raise Refused(rules.UNEQUAL.with_values(participations=came, ballots=went))
    for model in (Receipt, ReplacedReceipt, Participation, CardKeying, Card):
        _run(delete(model).where(model.poll_id == poll.id))


def _move_receipts(poll: Poll, last: int) -> None:
    _move(
        select(
            Receipt.leaf,
            Receipt.tenant_id,
            Receipt.poll_id,
            Receipt.nonce,
            func.coalesce(Receipt.batch, literal(last)).label("batch"),
            Receipt.taken_out,
        ).where(Receipt.poll_id == poll.id),
        FinalReceipt,
        ("leaf", "tenant_id", "poll_id", "nonce", "batch", "taken_out"),
    )
    if poll.revote:
        _move(
            select(
                ReplacedReceipt.leaf,
                ReplacedReceipt.tenant_id,
                ReplacedReceipt.poll_id,
                func.coalesce(ReplacedReceipt.batch, literal(last)).label("batch"),
                literal(False).label("taken_out"),
                literal(True).label("replaced"),
            ).where(ReplacedReceipt.poll_id == poll.id),
            FinalReceipt,
            ("leaf", "tenant_id", "poll_id", "batch", "taken_out", "replaced"),
        )


def _ballots(poll: Poll) -> Any:
    """Select the ballots with new random keys; with the leaf only where it is to be published."""
    if db.engine.dialect.name == "sqlite":
        fresh = func.lower(func.hex(func.randomblob(16)))
    else:
        fresh = func.replace(cast(func.gen_random_uuid(), Text), "-", "")
    columns = (
        fresh.label("id"),
        Ballot.tenant_id,
        Ballot.poll_id,
        Ballot.section_no,
        Ballot.choices,
    )
    if poll.publication != Publication.LINKED:
        return select(*columns, null().label("leaf")).where(Ballot.poll_id == poll.id)
    same = and_(Receipt.poll_id == Ballot.poll_id, Receipt.link_tag == Ballot.link_tag)
    return (
        select(*columns, Receipt.leaf.label("leaf"))
        .join(Receipt, same)
        .where(Ballot.poll_id == poll.id)
    )


def _move(chosen: Any, model: type, columns: Sequence[str]) -> int:
    """Insert what was selected in the order of its first column: a random key or a hash."""
    drawn = chosen.subquery()
    first: Column[Any] = drawn.c[columns[0]]
    ordered = select(*(drawn.c[name] for name in columns)).order_by(first)
    return _run(insert(model).from_select(list(columns), ordered))


def _run(statement: Insert | Delete) -> int:
    """Return how many rows came or went."""
    result = db.session.execute(
        statement.execution_options(synchronize_session=False, preserve_rowcount=True)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - of a statement that gives no rows back
    return result.rowcount
