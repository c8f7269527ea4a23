"""Heads of the public log: at a fixed hour, in whole tens, signed and chained.

A head says only a day and how many receipts it covers, so that nobody's vote stands between two.
The last one is added by the count, and covers its result too.
"""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import func, select, update

from deliberate.kernel import clock, jobs
from deliberate.kernel.db import db, touch
from deliberate.voting import (
    canonical,
    cases,
    changes,
    head_letters,
    keys,
    moments,
    queries,
    receipts,
    workings,
)
from deliberate.voting.models import (
    LogHead,
    Poll,
    PollResult,
    Receipt,
    ReplacedReceipt,
)
from deliberate.voting.states import OPEN, PollState

DAILY = "voting.head"
TENS, LEAST_NEW = 10, 50


def plan_daily(poll: Poll, *, now: datetime) -> None:
    """Have the log looked at on the next morning; planned twice, it is looked at once."""
    at = moments.next_head(max(now, poll.opens_at))
    jobs.enqueue(
        DAILY,
        {"tenant_id": poll.tenant_id, "poll_id": poll.id},
        tenant_id=poll.tenant_id,
        run_at=at,
        dedupe=f"{DAILY}:{poll.id}:{clock.local(at).date()}",
    )


def last_number(poll: Poll) -> int:
    return db.session.scalar(select(func.max(LogHead.no)).where(LogHead.poll_id == poll.id)) or 0


def add_daily(poll: Poll, *, now: datetime) -> LogHead | None:
    """Add a head over the receipts that are new, in whole tens; None where they are too few.

    Which of them wait for the next one is decided by their hashes, so by nobody; those about which
    two persons still decide wait for the last one. The caller holds the poll's lock. Leaves of
    votes that were changed come along, but a head waits for as many new people as ever.
    """
    if PollState(poll.state) not in OPEN:
        return None
    looked_at = [keys.link_tag(poll.id, key) for key in cases.list_person_keys(poll)]
    is_new = (
        Receipt.poll_id == poll.id,
        Receipt.batch.is_(None),
        Receipt.link_tag.not_in(looked_at),
    )
    new = db.session.scalars(select(Receipt.leaf).where(*is_new).order_by(Receipt.leaf)).all()
    if len(new) < LEAST_NEW:
        return None
    changed = changes.list_waiting(poll)
    new = sorted([*new, *changed])
    taken, number = new[: len(new) // TENS * TENS], last_number(poll) + 1
    if changed:
        db.session.execute(
            update(ReplacedReceipt)
            .where(
                ReplacedReceipt.poll_id == poll.id,
                ReplacedReceipt.batch.is_(None),
                ReplacedReceipt.leaf <= taken[-1],
            )
            .values(batch=number)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(Receipt)
        .where(*is_new, Receipt.leaf <= taken[-1])
        .values(batch=number)
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(
        select(Receipt.batch, Receipt.leaf)
        .where(Receipt.poll_id == poll.id, Receipt.batch.is_not(None))
        .order_by(Receipt.batch, Receipt.leaf)
    )
    leaves = changes.leaves_in_order(poll, [(batch, leaf) for batch, leaf in rows])
    said = {"people": _people(poll, most=len(leaves))} if poll.revote else {}
    head = _add(poll, number, len(leaves), workings.root_of(leaves), now=now, **said)
    touch(poll.tenant_id)  # turnout, in whole tens: the one public byte that voting moves
    head_letters.tell_auditors(poll, head, now=now)
    return head


def _people(poll: Poll, *, most: int) -> int:
    """Return how many voted at least, in whole tens: where votes are changed, leaves are more."""
    voted = select(func.count()).where(
        Receipt.tenant_id == poll.tenant_id, Receipt.poll_id == poll.id
    )
    return min(most, db.session.scalars(voted).one() // TENS * TENS)


def add_final(
    poll: Poll,
    result: PollResult,
    *,
    number: int,
    leaves: int,
    root: str,
    taken_out: int,
    now: datetime,
) -> LogHead:
    """Add the last head, which covers the result and all it was counted from as well.

    root: of the tree over all leaves, which are so many. taken_out: votes that two persons took
    out; said only where there are any, as are the seed of lots, the cards on paper and
    participations by area.
    """
    said: dict[str, object] = {"taken_out": taken_out} if taken_out else {}
    if poll.revote:
        said["replaced"] = [result.replaced, workings.root_of(changes.list_final(poll))]
    if paper := json.loads(result.paper):
        said["paper"] = paper
    if areas := json.loads(result.areas):
        said["areas"] = areas
    drawn = {"seed": poll.seed} if poll.seed is not None else {}
    return _add(
        poll,
        number,
        leaves,
        root,
        now=now,
        ballots=result.ballots_hash,
        channels=json.loads(result.channels),
        outcome=canonical.digest(result.outcome),
        **said,
        **drawn,
    )


def _add(
    poll: Poll, number: int, leaves: int, root: str, *, now: datetime, **more: object
) -> LogHead:
    former = queries.find_head(poll, number - 1)
    day = clock.local(now).date()
    body = receipts.head_body(
        poll_id=poll.id,
        no=number,
        leaves=leaves,
        root=root,
        previous=former.hash if former else "",
        day=day.isoformat(),
        rules=poll.rules_hash,  # and so the key: whoever keeps one head holds us to both
        **more,
    )
    head = LogHead(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        no=number,
        leaves=leaves,
        root=root,
        previous=former.hash if former else "",
        day=day,
        body=body,
        hash=canonical.digest(body),
        signature=keys.sign(poll.tenant_id, body, public=poll.signing_key),
    )
    db.session.add(head)
    db.session.flush()
    return head
