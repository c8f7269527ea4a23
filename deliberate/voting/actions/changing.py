"""A vote that its voter changes: what was there goes, and leaves its leaf in the log."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import ratelimit
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.voting import change_rules, changes, keys, rules, sealed
from deliberate.voting.models import Ballot, Participation, Poll, Receipt, ReplacedReceipt
from deliberate.voting.states import Channel


def make_way(
    poll: Poll, person_key: str, channel: Channel, idem_hash: str, *, area_id: int | None, day: date
) -> bool:
    """Take out the vote of somebody so that the one of this form can come in its place.

    False where this very form has done so before. Of several at once one waits for the other: the
    participation is held until the transaction ends, so the last one to commit stands.
    """
    place = (poll.tenant_id, poll.id, person_key)
    lock(Participation, *place)
    there = db.session.get_one(Participation, place)
    if there.idem_hash == idem_hash:
        return False
    refuse_spent(poll, idem_hash)
    facts = changes.facts(
        poll,
        there,
        channel,
        area_id=area_id,
        has_areas=bool(sealed.read(poll).areas.of_section),
    )
    if refusal := change_rules.change_refusal(facts):
        raise Refused(refusal)
    ratelimit.count(changes.LIMIT, person_key)
    _replace(poll, there, idem_hash, day=day)
    return True


def refuse_spent(poll: Poll, idem_hash: str) -> None:
    """Refuse a form whose vote was changed later: sent again it must not bring it back."""
    if poll.revote and changes.is_spent(poll, idem_hash):
        raise Refused(change_rules.SPENT)


def _replace(poll: Poll, there: Participation, idem_hash: str, *, day: date) -> None:
    """Keep the leaf without its tag, and remove the ballots; each trigger looks for the former."""
    tag = keys.link_tag(poll.id, there.person_key)
    mine = (Receipt.poll_id == poll.id, Receipt.link_tag == tag)
    leaf, batch = db.session.execute(select(Receipt.leaf, Receipt.batch).where(*mine)).one()
    db.session.add(
        ReplacedReceipt(
            leaf=leaf,
            tenant_id=poll.tenant_id,
            poll_id=poll.id,
            idem_hash=there.idem_hash,
            batch=batch,
        )
    )
    db.session.flush()
    try:
        with db.session.begin_nested():
            there.idem_hash, there.day = idem_hash, day
    except IntegrityError as error:  # the form has brought another person's vote
        raise Refused(rules.FOREIGN_FORM) from error
    for statement in (
        delete(Receipt).where(*mine),
        delete(Ballot).where(Ballot.poll_id == poll.id, Ballot.link_tag == tag),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
