"""A counted result shown to everybody: two persons, since it cannot be taken back silently."""

from __future__ import annotations

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import notices, queries, rules
from deliberate.voting.clock import db_now
from deliberate.voting.states import PollState


def publish(tenant: Municipality, poll_id: int, *, actor: Actor) -> None:
    """Show the result to everybody at once, and write to those who live here."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    now = db_now()
    if refusal := rules.publish_refusal(PollState(poll.state)):
        raise Refused(refusal)
    poll.state, poll.published_at = PollState.PUBLISHED, now
    db.session.flush()
    touch(tenant.id)
    entries.record("poll.published", f"poll:{poll.id}", actor=actor, at=now, tenant_id=tenant.id)
    notices.tell_result(poll, now=now)
