"""The public random value, typed by two persons who do not see each other's."""

from __future__ import annotations

from sqlalchemy import select

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, queries, randomness
from deliberate.voting.actions import pausing
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll, SeedTyping


def type_value(tenant: Municipality, poll_id: int, typed: str, *, actor: Actor) -> bool:
    """Keep what a person typed, in place of what they typed before; tell whether two agree now.

    Two equal ones become the seed of lots. Until then nobody is shown a value, nor which of them
    is wrong: either person may look at the source and type again.
    """
    pausing.prove(actor)
    poll = queries.get_poll(tenant.id, poll_id)
    pausing.note_lapsed(poll)
    queries.lock(poll)
    now = db_now()
    facts = queries.lots_facts(poll, now=now)
    if refusal := course_rules.lots_refusal(facts):
        raise Refused(refusal)
    value = randomness.parse(randomness.Shape(poll.randomness_shape), typed)
    if isinstance(value, Refusal):
        raise Refused(value)
    poll.state = facts.state
    db.session.flush()
    row = db.session.get(SeedTyping, (poll.id, actor.person_id))
    if row is None:
        row = SeedTyping(tenant_id=tenant.id, poll_id=poll.id, person_id=actor.person_id)
        db.session.add(row)
    row.value, row.typed_at = value, now
    db.session.flush()
    # Never which value: the other person has not typed yet.
    entries.record(
        "poll.value_typed",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
    )
    if len(_who_typed(poll, value)) < 2:
        return False
    poll.seed = value
    db.session.flush()
    entries.record(
        "poll.lots_settled",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        seed=value,
    )
    return True


def _who_typed(poll: Poll, value: str) -> list[int]:
    rows = select(SeedTyping.person_id).where(
        SeedTyping.poll_id == poll.id, SeedTyping.value == value
    )
    return list(db.session.scalars(rows))
