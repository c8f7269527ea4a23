"""A vote called off before its count, or a count declared void: two persons, a public reason.

The reason is what the first person writes and the second one approves. The ballots of a vote that
was called off are removed by the task that follows; until then they lie where nobody reads them.
"""

from __future__ import annotations

from datetime import datetime

from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.kernel import jobs
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import journal
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, notices, queries
from deliberate.voting.actions import pausing
from deliberate.voting.actions.counting import FINISH
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

CANCEL, ANNUL, KIND = "poll.cancel", "poll.annul", "poll"
CALLED_OFF, VOID, COUNTED = N_("odwołane"), N_("unieważnione"), N_("policzone")


def ask_to_cancel(poll: Poll, reason: str, *, actor: Actor, now: datetime) -> Approval:
    """Ask a second person to call a vote off, for a reason that everybody will read."""
    if refusal := course_rules.cancel_refusal(queries.present_state(poll)):
        raise Refused(refusal)
    return _ask(CANCEL, poll, reason, actor=actor, now=now)


def ask_to_annul(poll: Poll, reason: str, *, actor: Actor, now: datetime) -> Approval:
    """Ask a second person to declare a count void, for a reason that everybody will read."""
    if refusal := course_rules.annul_refusal(PollState(poll.state)):
        raise Refused(refusal)
    return _ask(ANNUL, poll, reason, actor=actor, now=now)


def cancel(tenant: Municipality, poll_id: int, reason: str, *, actor: Actor) -> None:
    """Call a vote off; nobody will ever see what was chosen. A trigger looks for the approval."""
    poll = queries.get_poll(tenant.id, poll_id)
    pausing.note_lapsed(poll)
    queries.lock(poll)  # waits for every vote that is on its way
    now = db_now()
    if refusal := course_rules.cancel_refusal(queries.present_state(poll, now=now)):
        raise Refused(refusal)
    poll.state, poll.stop_reason = PollState.CANCELLED, reason
    db.session.flush()
    notices.stop_letters(tenant.id, poll.consultation_id, now=now)
    jobs.enqueue(
        FINISH,
        {"tenant_id": tenant.id, "poll_id": poll.id},
        tenant_id=tenant.id,
        dedupe=f"{FINISH}:{poll.id}",
    )
    line = journal.Line(what=pausing.VOTE, old=pausing.RECEIVES, new=CALLED_OFF, reason=reason)
    touch(tenant.id)
    journal.note(tenant.id, poll.consultation_id, line, actor=actor, now=now)
    entries.record(
        "poll.cancelled",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        reason=reason,
    )


def annul(tenant: Municipality, poll_id: int, reason: str, *, actor: Actor) -> None:
    """Declare a count void. What was published stays readable, and says that it is void."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    now = db_now()
    if refusal := course_rules.annul_refusal(PollState(poll.state)):
        raise Refused(refusal)
    poll.state, poll.stop_reason = PollState.ANNULLED, reason
    db.session.flush()
    notices.take_back_result(poll, now=now)
    line = journal.Line(what=pausing.VOTE, old=COUNTED, new=VOID, reason=reason)
    touch(tenant.id)
    journal.note(tenant.id, poll.consultation_id, line, actor=actor, now=now)
    entries.record(
        "poll.annulled",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        reason=reason,
    )


def _ask(act: str, poll: Poll, reason: str, *, actor: Actor, now: datetime) -> Approval:
    return approvals.ask(
        act,
        KIND,
        poll.id,
        payload_sha256=poll.rules_hash or "",
        actor=actor,
        asked_of=None,
        note=reason,
        now=now,
    )
