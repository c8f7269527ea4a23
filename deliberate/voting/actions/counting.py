"""The count: two persons, one irreversible transaction under the poll's lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Text, and_, cast, delete, func, insert, literal, null, select

from deliberate.audit import entries
from deliberate.kernel import jobs
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    canonical,
    card_rules,
    cards,
    cases,
    electorate_rules,
    files,
    queries,
    rules,
    tallying,
)
from deliberate.voting.actions import deciding, heading, pausing
from deliberate.voting.clock import db_now
from deliberate.voting.models import (
    Ballot,
    Card,
    CardKeying,
    FinalBallot,
    FinalParticipation,
    FinalReceipt,
    Option,
    Participation,
    Poll,
    PollResult,
    Receipt,
    Section,
)
from deliberate.voting.states import PollState, Publication

FINISH = "voting.finish"

Outcome = dict[str, dict[str, Any]]  # section → what tallying says of it


def count(tenant: Municipality, poll_id: int, *, actor: Actor) -> PollResult:
    """Count every ballot once. A trigger looks for the second person's approval.

    All that came in is rewritten in the order of random keys and loses the tags that would lead
    from a person to a ballot; the steps that cannot be undone by a rollback follow as a task.
    """
    poll = queries.get_poll(tenant.id, poll_id)
    pausing.note_lapsed(poll)
    queries.lock(poll)  # waits for every vote that is on its way; later ones find the end passed
    now = db_now()
    state = queries.present_state(poll, now=now)
    if refusal := rules.count_refusal(state):
        raise Refused(refusal)
    if poll.randomness_source and poll.seed is None:
        raise Refused(rules.NO_SEED)
    if refusal := electorate_rules.cases_refusal(cases.count_undecided(poll)):
        raise Refused(refusal)
    boxes = cards.box_facts(poll)
    if refusal := card_rules.count_refusal(boxes):
        raise Refused(refusal)
    poll.state = state
    db.session.flush()
    taken_out = deciding.take_out(poll)
    if refusal := rules.equality_refusal(queries.counts(poll)):
        raise Refused(refusal)
    channels = queries.count_by_channel(poll)
    paper = _on_paper(poll, boxes)
    last = heading.last_number(poll) + 1

    poll.state, poll.counted_at = PollState.COUNTED, now
    db.session.flush()
    _rewrite(poll, last)
    deciding.forget_signals(poll)
    outcome = _outcome(poll)
    ballots_hash = canonical.ballots_hash(_published(poll, outcome))
    result = PollResult(
        tenant_id=tenant.id,
        poll_id=poll.id,
        ballots_hash=ballots_hash,
        outcome=canonical.canonical(outcome),
        participations=sum(channels.values()),
        channels=canonical.canonical(channels),
        paper=canonical.canonical(paper),
        counted_at=now,
    )
    heading.add_final(poll, result, number=last, taken_out=taken_out, now=now)
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
        ballots_hash=ballots_hash,
    )
    return result


def _on_paper(poll: Poll, boxes: card_rules.BoxFacts) -> dict[str, Any]:
    """Return what the result says of cards; nothing where nobody voted on paper."""
    if not boxes.people:
        return {}
    invalid = {str(no): number for no, number in cards.count_invalid(poll).items()}
    return {"cards": boxes.in_box, "missing": boxes.missing, "invalid": invalid}


def _published(poll: Poll, outcome: Outcome) -> Iterator[tuple[int, str]]:
    """Return (section, choices) of the ballots that come out one by one.

    Those alone are hashed for everybody: a hash over a few ballots that nobody may see would be
    as good as the ballots, since all that they can be is soon tried.
    """
    linked = poll.publication == Publication.LINKED
    shown = map(int, outcome) if linked else files.published_apart(poll.publication, outcome)
    wanted = frozenset(shown)
    return (ballot for ballot in queries.list_final_choices(poll) if ballot[0] in wanted)


def _outcome(poll: Poll) -> Outcome:
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    return {str(section.no): _of_section(poll, section, options) for section in sections}


def _of_section(poll: Poll, section: Section, options: Sequence[Option]) -> dict[str, Any]:
    numbers = [option.no for option in options if option.section_no == section.no]
    texts = queries.list_final_of(poll, section.no)
    return tallying.tally(section, numbers, texts, seed=poll.seed)


# Moving what came in to where counted things lie: one statement a table, in an order that tells
# nothing of when a row came.


def _rewrite(poll: Poll, last: int) -> None:
    _move(
        _ballots(poll),
        FinalBallot,
        ("id", "tenant_id", "poll_id", "section_no", "choices", "leaf"),
    )
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
    for model in (Ballot, Receipt, Participation, CardKeying, Card):
        db.session.execute(
            delete(model)
            .where(model.poll_id == poll.id)
            .execution_options(synchronize_session=False)
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


def _move(chosen: Any, model: type, columns: Sequence[str]) -> None:
    """Insert what was selected in the order of its first column: a random key or a hash."""
    drawn = chosen.subquery()
    first: Column[Any] = drawn.c[columns[0]]
    ordered = select(*(drawn.c[name] for name in columns)).order_by(first)
    db.session.execute(insert(model).from_select(list(columns), ordered))
