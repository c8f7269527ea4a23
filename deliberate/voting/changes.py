"""Reading votes that their voters changed, as far as anything is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from deliberate.kernel import ratelimit
from deliberate.kernel.db import db
from deliberate.kernel.ratelimit import Limit
from deliberate.voting.change_rules import MOST_A_DAY, ChangeFacts
from deliberate.voting.models import (
    Eligibility,
    FinalReceipt,
    Participation,
    Poll,
    ReplacedReceipt,
    VoteCase,
    VoteVerdict,
)
from deliberate.voting.states import AreaLock, Channel, Verdict

LIMIT = Limit(bucket="vote.change", most=MOST_A_DAY, per=timedelta(days=1))


def facts(
    poll: Poll, there: Participation, channel: Channel, *, area_id: int | None, has_areas: bool
) -> ChangeFacts:
    """Gather what the rule asks about a vote that is there. channel, area_id: of the new one."""
    is_locked = has_areas and poll.area_lock == AreaLock.HOME
    return ChangeFacts(
        day=there.day,
        is_offered=poll.revote,
        was=Channel(there.channel),
        now=channel,
        is_looked_at=_is_looked_at(poll, there.person_key),
        is_other_area=is_locked and area_id != _area_of(poll, there.person_key),
        changed_today=ratelimit.used(LIMIT, there.person_key),
    )


def is_spent(poll: Poll, idem_hash: str) -> bool:
    """Tell whether a form has brought a vote that was changed later."""
    found = select(ReplacedReceipt.leaf).where(
        ReplacedReceipt.poll_id == poll.id, ReplacedReceipt.idem_hash == idem_hash
    )
    return db.session.scalar(found) is not None


def count_replaced(poll: Poll) -> int:
    if not poll.revote:
        return 0
    counted = select(func.count()).where(
        ReplacedReceipt.tenant_id == poll.tenant_id, ReplacedReceipt.poll_id == poll.id
    )
    return db.session.scalars(counted).one()


def list_waiting(poll: Poll) -> Sequence[str]:
    """Return the leaves of votes that were changed before a head covered them."""
    if not poll.revote:
        return []
    return db.session.scalars(
        select(ReplacedReceipt.leaf).where(
            ReplacedReceipt.poll_id == poll.id, ReplacedReceipt.batch.is_(None)
        )
    ).all()


def leaves_in_order(poll: Poll, covered: Sequence[tuple[int | None, str]]) -> list[str]:
    """Return the leaves that heads cover, those of changed votes among them, as in the tree.

    covered: (batch, leaf) of the others, in that order.
    """
    if poll.revote:
        rows = db.session.execute(
            select(ReplacedReceipt.batch, ReplacedReceipt.leaf).where(
                ReplacedReceipt.poll_id == poll.id, ReplacedReceipt.batch.is_not(None)
            )
        )
        changed = [(batch, leaf) for batch, leaf in rows]
        covered = sorted([*covered, *changed], key=lambda each: (each[0] or 0, each[1]))
    return [leaf for _, leaf in covered]


def list_final(poll: Poll) -> Sequence[str]:
    """Return the leaves of a counted poll's changed votes, in their own order."""
    return db.session.scalars(
        select(FinalReceipt.leaf)
        .where(
            FinalReceipt.tenant_id == poll.tenant_id,
            FinalReceipt.poll_id == poll.id,
            FinalReceipt.replaced,
        )
        .order_by(FinalReceipt.leaf)
    ).all()


def _is_looked_at(poll: Poll, person_key: str) -> bool:
    found = (
        select(VoteCase.id)
        .outerjoin(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            VoteCase.person_key == person_key,
            VoteVerdict.confirmed_by.is_(None) | (VoteVerdict.verdict == Verdict.TAKE_OUT),
        )
    )
    return db.session.scalars(found.limit(1)).first() is not None


def _area_of(poll: Poll, person_key: str) -> int | None:
    return db.session.get_one(Eligibility, (poll.id, person_key)).area_id
