"""A vote stopped by one person, confirmed by a second within a day, and the end moved for it.

Whoever comes first after that day – a voter, the count, the planned task – notes that a pause
without its second person is over; until then everybody reads it so by the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from deliberate.approvals.rules import proof_refusal
from deliberate.audit import entries
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import SYSTEM, Actor
from deliberate.kernel.db import db, id_of, touch
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import journal
from deliberate.subjects.activities import Activity
from deliberate.subjects.schedule import Later, get_schedule
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, notices, queries
from deliberate.voting.clock import db_now
from deliberate.voting.models import Pause, Poll
from deliberate.voting.states import PollState

LAPSE = "voting.pause_lapses"
AGAIN = timedelta(minutes=1)
VOTE, END = N_("Głosowanie"), N_("Koniec głosowania")
RECEIVES, PAUSED = N_("przyjmuje głosy"), N_("wstrzymane")
NOT_CONFIRMED = N_("Druga osoba nie potwierdziła przerwy w ciągu 24 godzin.")


def pause(tenant: Municipality, poll_id: int, reason: str, *, actor: Actor) -> Pause:
    """Stop a vote at once, for a reason that everybody reads. Votes on their way come in first."""
    prove(actor)
    poll = queries.get_poll(tenant.id, poll_id)
    note_lapsed(poll)
    queries.lock(poll)
    now = db_now()
    if refusal := course_rules.pause_refusal(queries.present_state(poll, now=now)):
        raise Refused(refusal)
    row = Pause(
        tenant_id=tenant.id,
        poll_id=poll.id,
        no=queries.count_pauses(poll) + 1,
        reason=reason,
        paused_by=actor.person_id,
        paused_at=now,
    )
    db.session.add(row)
    poll.state, poll.stop_reason = PollState.PAUSED, reason
    db.session.flush()
    _plan_lapse(poll, at=course_rules.lapses_at(now))
    touch(tenant.id)
    line = journal.Line(what=VOTE, old=RECEIVES, new=PAUSED, reason=reason)
    journal.note(tenant.id, poll.consultation_id, line, actor=actor, now=now)
    entries.record(
        "poll.paused",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        no=row.no,
        reason=reason,
    )
    return row


def confirm(tenant: Municipality, poll_id: int, *, actor: Actor) -> None:
    """Have a pause last until it is lifted: the second person says so."""
    prove(actor)
    poll, row, now = _paused(tenant, poll_id)
    refusal = course_rules.confirm_refusal(
        queries.present_state(poll, now=now),
        paused_by=row.paused_by if row else None,
        confirmed_by=row.confirmed_by if row else None,
        person_id=actor.person_id,
    )
    if refusal or row is None:
        raise Refused(refusal or course_rules.NOT_PAUSED)
    row.confirmed_by, row.confirmed_at = actor.person_id, now
    db.session.flush()
    touch(tenant.id)
    entries.record(
        "poll.pause_confirmed",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        no=row.no,
    )


def lift(tenant: Municipality, poll_id: int, *, actor: Actor) -> None:
    """Have the vote go on; its end moves by as long as the pause lasted."""
    prove(actor)
    poll, row, now = _paused(tenant, poll_id)
    refusal = course_rules.lift_refusal(queries.present_state(poll, now=now))
    if refusal or row is None:
        raise Refused(refusal or course_rules.NOT_PAUSED)
    _go_on(poll, row, now, reason=row.reason, actor=actor)


def note_lapsed(poll: Poll) -> None:
    """Lift a pause that nobody confirmed in time, if there is one; else nothing is locked."""
    note_lapsed_of(id_of(poll))


def note_lapsed_of(poll_id: int) -> None:
    """Do the same for a poll that is not read yet."""
    if queries.read_state(poll_id) != PollState.PAUSED:
        return
    poll = db.session.get_one(Poll, poll_id)
    _lock(poll)
    state, _ = queries.course(poll, now=db_now())
    row = queries.find_pause(poll)
    if row is None or state is not PollState.RECEIVING:
        return
    lifted_at = course_rules.lapses_at(row.paused_at)
    _go_on(poll, row, lifted_at, reason=NOT_CONFIRMED, actor=SYSTEM)


def watch(poll: Poll) -> None:
    """Note that a pause is over; look again where the database's clock is behind this machine's."""
    note_lapsed(poll)
    row = queries.find_pause(poll)
    if row is not None and row.confirmed_by is None:
        _plan_lapse(poll, at=clock.now() + AGAIN)


def prove(actor: Actor) -> None:
    """Refuse a sign-in that is not fresh, or that proved no second factor."""
    if refusal := proof_refusal(
        lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
    ):
        raise Refused(refusal)


def _paused(tenant: Municipality, poll_id: int) -> tuple[Poll, Pause | None, datetime]:
    poll = queries.get_poll(tenant.id, poll_id)
    note_lapsed(poll)
    _lock(poll)
    return poll, queries.find_pause(poll), db_now()


def _lock(poll: Poll) -> None:
    """Lock the phases before the vote that follows them: whoever moves a phase does so too."""
    get_schedule().hold(poll.tenant_id, poll.consultation_id)
    queries.lock(poll)


def _go_on(poll: Poll, row: Pause, lifted_at: datetime, *, reason: str, actor: Actor) -> None:
    former = poll.ends_at
    row.lifted_at = lifted_at
    poll.state, poll.stop_reason = PollState.RECEIVING, ""
    poll.ends_at = former + course_rules.lasted(row.paused_at, lifted_at)
    db.session.flush()
    now = db_now()
    touch(poll.tenant_id)
    notices.plan_reminder(poll, now=now)
    line = journal.Line(what=VOTE, old=PAUSED, new=RECEIVES, reason=reason)
    journal.note(poll.tenant_id, poll.consultation_id, line, actor=actor, now=now)
    _tell_end(poll, former, reason=reason, actor=actor, now=now)
    entries.record(
        "poll.resumed",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        no=row.no,
        old=former,
        new=poll.ends_at,
    )


def _tell_end(poll: Poll, former: datetime, *, reason: str, actor: Actor, now: datetime) -> None:
    """Have the phase of the vote end with it; a vote that has an end of its own says it itself."""
    later = Later(activity=Activity.VOTE, former=former, ends_at=poll.ends_at, reason=reason)
    if not get_schedule().prolong(poll.tenant_id, poll.consultation_id, later, actor, now):
        line = journal.Line(what=END, old=_moment(former), new=_moment(poll.ends_at), reason=reason)
        journal.note(poll.tenant_id, poll.consultation_id, line, actor=actor, now=now)


def _plan_lapse(poll: Poll, *, at: datetime) -> None:
    payload = {"tenant_id": poll.tenant_id, "poll_id": poll.id}
    jobs.enqueue(LAPSE, payload, tenant_id=poll.tenant_id, run_at=at)


def _moment(moment: datetime) -> str:
    return f"{clock.closing_time(moment):%d.%m.%Y, %H:%M}"
