"""The count: two persons, one irreversible transaction under the poll's lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.kernel import jobs
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, expect_much, touch
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    boxes,
    canonical,
    card_rules,
    cards,
    cases,
    changes,
    electorate_rules,
    queries,
    rules,
    turnout,
    underway,
    workings,
)
from deliberate.voting.actions import deciding, heading, moving, pausing
from deliberate.voting.clock import db_now
from deliberate.voting.models import CountStop, Poll, PollResult
from deliberate.voting.states import Channel, PollState

COUNT = "voting.count"
FINISH = "voting.finish"


def begin(tenant: Municipality, approval: Approval, *, actor: Actor) -> None:
    """Have the votes counted by a task, once two persons agreed; refuse what is seen at once.

    What changes until then stops the task, and the page of the count says why.
    """
    poll = queries.get_poll(tenant.id, approval.subject_id)
    pausing.note_lapsed(poll)
    queries.lock(poll)
    if refusal := underway.refusal(poll):
        raise Refused(refusal)
    _must_be_ready(poll, now=db_now())
    if refusal := rules.equality_refusal(queries.counts(poll)):
        raise Refused(refusal)
    jobs.enqueue(
        COUNT,
        {
            "tenant_id": tenant.id,
            "poll_id": poll.id,
            "approval_id": approval.id,
            "person_id": actor.person_id,
        },
        tenant_id=tenant.id,
        dedupe=underway.task_key(approval.id),
    )


def rehearse(poll: Poll, tell: workings.Tell) -> workings.Workings:
    """Work out before the lock what the count will need, so that it holds the lock for less."""
    box = boxes.read_open(poll)
    db.session.rollback()  # what follows is slow; a snapshot that is held keeps others' old rows
    known = workings.judge(poll, box, tell)
    return workings.work_out(poll, box, known=known)


def count(
    tenant: Municipality,
    poll_id: int,
    *,
    actor: Actor,
    rehearsed: workings.Workings | None = None,
) -> PollResult:
    """Count every ballot once. A trigger looks for the second person's approval.

    All that came in is rewritten in the order of random keys and loses the tags that would lead
    from a person to a ballot; the steps that cannot be undone by a rollback follow as a task.
    What is counted is what lies there then: of ``rehearsed`` only what is the same is taken over.
    """
    poll = queries.get_poll(tenant.id, poll_id)
    pausing.note_lapsed(poll)
    queries.lock(poll)  # waits for every vote that is on its way; later ones find the end passed
    expect_much()
    now = db_now()
    facts = _must_be_ready(poll, now=now)
    poll.state = PollState.WORKING_UP
    db.session.flush()
    taken_out = deciding.take_out(poll)
    invalid, areas = cards.count_invalid(poll), turnout.read(poll)
    last, replaced = heading.last_number(poll) + 1, changes.count_replaced(poll)

    poll.state, poll.counted_at = PollState.COUNTED, now
    db.session.flush()
    moving.move(poll, last=last)
    deciding.forget_signals(poll)
    box, codes = boxes.read_final(poll), boxes.count_codes(poll)
    channels = queries.count_final_by_channel(poll)
    found = _counts(poll, box, channels, codes=codes, cards_done=facts.keyed, invalid=invalid)
    if refusal := rules.equality_refusal(found):
        raise Refused(refusal)
    worked = workings.work_out(poll, box, before=rehearsed)
    result = PollResult(
        tenant_id=tenant.id,
        poll_id=poll.id,
        ballots_hash=worked.ballots_hash,
        outcome=canonical.canonical(worked.outcome),
        participations=sum(channels.values()),
        channels=canonical.canonical(channels),
        paper=canonical.canonical(_on_paper(facts, invalid)),
        areas=canonical.canonical(areas),
        replaced=replaced,
        counted_at=now,
    )
    heading.add_final(
        poll,
        result,
        number=last,
        leaves=len(box.leaves),
        root=worked.root,
        taken_out=taken_out,
        now=now,
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
        participations=result.participations,
        taken_out=taken_out,
        rules_hash=poll.rules_hash,
        ballots_hash=worked.ballots_hash,
    )
    return result


def note_stop(
    tenant: Municipality, poll_id: int, approval_id: int, refusal: Refusal, *, actor: Actor
) -> None:
    """Keep why a count that two persons agreed on was not made; they agree anew."""
    now = db_now()
    said = {"code": refusal.code, "message": refusal.message, "values": dict(refusal.values)}
    db.session.add(
        CountStop(
            tenant_id=tenant.id,
            poll_id=poll_id,
            approval_id=approval_id,
            refusal=canonical.canonical(said),
            stopped_at=now,
        )
    )
    entries.record(
        "poll.count_stopped",
        f"poll:{poll_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        why=refusal.code,
    )


def _must_be_ready(poll: Poll, *, now: datetime) -> card_rules.BoxFacts:
    """Refuse what nobody may count yet; return what lies in the boxes."""
    if refusal := rules.count_refusal(queries.present_state(poll, now=now)):
        raise Refused(refusal)
    if poll.randomness_source and poll.seed is None:
        raise Refused(rules.NO_SEED)
    if refusal := electorate_rules.cases_refusal(cases.count_undecided(poll)):
        raise Refused(refusal)
    facts = cards.box_facts(poll)
    if refusal := card_rules.count_refusal(facts):
        raise Refused(refusal)
    return facts


def _counts(
    poll: Poll,
    box: workings.Box,
    channels: Mapping[str, int],
    *,
    codes: int,
    cards_done: int,
    invalid: Mapping[int, int],
) -> rules.Counts:
    """Say what was moved, table by table; unequal numbers undo the whole."""
    sections = queries.list_sections(poll)
    ballots = {no: len(texts) for no, texts in box.ballots.items()}
    return rules.Counts(
        participations=sum(channels.values()),
        on_paper=channels.get(Channel.PAPER, 0),
        cards=cards_done,
        receipts=codes,
        everywhere=[ballots[s.no] + invalid.get(s.no, 0) for s in sections if s.area_id is None],
        in_areas=[ballots[s.no] for s in sections if s.area_id is not None],
    )


def _on_paper(facts: card_rules.BoxFacts, invalid: Mapping[int, int]) -> dict[str, Any]:
    """Return what the result says of cards; nothing where nobody voted on paper."""
    if not facts.people:
        return {}
    said = {str(no): number for no, number in invalid.items()}
    return {"cards": facts.in_box, "missing": facts.missing, "invalid": said}
