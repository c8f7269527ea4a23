"""The count: two persons, one irreversible transaction under the poll's lock."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Text, cast, delete, func, insert, select

from deliberate.algorithms.counting import METHODS, Outcome
from deliberate.audit import entries
from deliberate.kernel import jobs
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, notices, queries, rules
from deliberate.voting.clock import db_now
from deliberate.voting.models import Ballot, FinalBallot, Participation, Poll, PollResult
from deliberate.voting.states import PollState

FINISH = "voting.finish"


def count(tenant: Municipality, poll_id: int, *, actor: Actor) -> PollResult:
    """Count every ballot once. A trigger looks for the second person's approval.

    The ballots are rewritten in the order of fresh random keys and lose the tags that would lead
    from a person to them; the steps that cannot be undone by a rollback follow as a task.
    """
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)  # waits for every vote that is on its way; later ones find the end passed
    now = db_now()
    state = queries.present_state(poll, now=now)
    if refusal := rules.count_refusal(state):
        raise Refused(refusal)
    poll.state = state
    db.session.flush()
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    participations, ballots = _count_participations(poll), _count_ballots(poll)
    per_section = [ballots.get(section.no, 0) for section in sections]
    if refusal := rules.equality_refusal(participations, per_section):
        raise Refused(refusal)

    poll.state, poll.counted_at = PollState.COUNTED, now
    db.session.flush()
    _rewrite(poll)
    method = METHODS[poll.method]
    final = queries.list_final_choices(poll)
    outcomes = {
        section.no: method.count(
            [str(option.no) for option in options if option.section_no == section.no],
            [_named(choices) for no, choices in final if no == section.no],
        )
        for section in sections
    }
    result = PollResult(
        tenant_id=tenant.id,
        poll_id=poll.id,
        method=method.key,
        version=method.version,
        ballots_hash=canonical.ballots_hash(final),
        outcome=canonical.canonical(_as_data(outcomes)),
        participations=participations,
        counted_at=now,
    )
    db.session.add(result)
    db.session.flush()
    jobs.enqueue(
        FINISH,
        {"tenant_id": tenant.id, "poll_id": poll.id},
        tenant_id=tenant.id,
        dedupe=f"{FINISH}:{poll.id}",
    )
    touch(tenant.id)
    entries.record(
        "poll.counted",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        participations=participations,
        rules_hash=poll.rules_hash,
        ballots_hash=result.ballots_hash,
    )
    return result


def publish(tenant: Municipality, poll: Poll, *, actor: Actor) -> None:
    """Show the result to everybody at once, and write to those who live here."""
    queries.lock(poll)
    now = db_now()
    if refusal := rules.publish_refusal(PollState(poll.state)):
        raise Refused(refusal)
    poll.state, poll.published_at = PollState.PUBLISHED, now
    db.session.flush()
    touch(tenant.id)
    entries.record("poll.published", f"poll:{poll.id}", actor=actor, at=now, tenant_id=tenant.id)
    notices.tell_result(poll, now=now)


def _count_ballots(poll: Poll) -> dict[int, int]:
    rows = db.session.execute(
        select(Ballot.section_no, func.count())
        .where(Ballot.tenant_id == poll.tenant_id, Ballot.poll_id == poll.id)
        .group_by(Ballot.section_no)
    )
    return dict(rows.all())


def _count_participations(poll: Poll) -> int:
    counted = select(func.count()).where(
        Participation.tenant_id == poll.tenant_id, Participation.poll_id == poll.id
    )
    return db.session.scalars(counted).one()


def _rewrite(poll: Poll) -> None:
    """Move the ballots in one statement, in the order of the keys it gives them."""
    if db.engine.dialect.name == "sqlite":
        fresh = func.lower(func.hex(func.randomblob(16)))
    else:
        fresh = func.replace(cast(func.gen_random_uuid(), Text), "-", "")
    kept = (Ballot.tenant_id, Ballot.poll_id, Ballot.section_no, Ballot.choices)
    drawn = select(fresh.label("id"), *kept).where(Ballot.poll_id == poll.id).subquery()
    columns = ["id", *(column.key for column in kept)]
    moved = insert(FinalBallot).from_select(columns, select(drawn).order_by(drawn.c.id))
    db.session.execute(moved)
    db.session.execute(
        delete(Ballot).where(Ballot.poll_id == poll.id).execution_options(synchronize_session=False)
    )


def _named(choices: str) -> frozenset[str]:
    return frozenset(str(number) for number in canonical.read_choices(choices))


def _as_data(outcomes: Mapping[int, Outcome]) -> dict[str, object]:
    return {
        str(no): {
            "votes": {option: int(score) for option, score in outcome.score.items()},
            "winners": sorted(int(option) for option in outcome.winners),
        }
        for no, outcome in outcomes.items()
    }
