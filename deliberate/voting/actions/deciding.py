"""Votes about which two persons decide, and what the count takes out."""

from __future__ import annotations

from sqlalchemy import Delete, Update, delete, update

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.voting import cases, electorate_rules, keys, quarantine, quarantine_rules, queries
from deliberate.voting.actions import answering
from deliberate.voting.clock import db_now
from deliberate.voting.models import (
    Ballot,
    ContactCode,
    Participation,
    Poll,
    Receipt,
    VoteCase,
    VoteSignal,
    VoteVerdict,
)
from deliberate.voting.proof import proven
from deliberate.voting.states import UNCOUNTED, CaseKind, Channel, Verdict


def say(poll: Poll, case: VoteCase, verdict: Verdict, reason: str, *, actor: Actor) -> None:
    """Say what becomes of a vote, in place of what somebody said before; nothing holds yet."""
    person_id = proven(actor)
    row = _open(poll, case) or VoteVerdict(tenant_id=case.tenant_id, case_id=case.id)
    if verdict is Verdict.TAKE_OUT and _is_on_paper(poll, case):
        raise Refused(quarantine_rules.ON_PAPER)
    row.verdict, row.reason, row.said_by, row.said_at = verdict, reason, person_id, db_now()
    db.session.add(row)
    db.session.flush()
    _record("case.said", case, row, actor=actor)


def confirm(poll: Poll, case: VoteCase, *, seen: tuple[str, str], actor: Actor) -> None:
    """Say the same as another person did: from now on it holds. seen: verdict and reason.

    Whoever was asked to explain is told what came of it.
    """
    person_id = proven(actor)
    row = _open(poll, case)
    if row is None or (row.verdict, row.reason) != seen:
        raise Refused(electorate_rules.VERDICT_MOVED)
    if refusal := electorate_rules.confirmation_refusal(
        said_by=row.said_by, confirmed_by=person_id
    ):
        raise Refused(refusal)
    row.confirmed_by, row.confirmed_at = person_id, db_now()
    db.session.flush()
    _record("case.decided", case, row, actor=actor)
    if case.kind == CaseKind.SUSPICION:
        answering.tell(poll, case, row, now=row.confirmed_at)


def take_out(poll: Poll) -> int:
    """Remove the votes that two persons took out. Part of the count, under the poll's lock.

    A leaf that a head of the log covers stays in it, marked: the log only grows. Returns how many.
    """
    person_keys = cases.list_taken_out(poll)
    for key in person_keys:
        tag = keys.link_tag(poll.id, key)
        _run(
            delete(Participation).where(
                Participation.tenant_id == poll.tenant_id,
                Participation.poll_id == poll.id,
                Participation.person_key == key,
            )
        )
        mine = (Receipt.poll_id == poll.id, Receipt.link_tag == tag)
        _run(delete(Receipt).where(*mine, Receipt.batch.is_(None)))
        _run(update(Receipt).where(*mine).values(taken_out=True))
        _run(delete(Ballot).where(Ballot.poll_id == poll.id, Ballot.link_tag == tag))
    return len(person_keys)


def forget_signals(poll: Poll) -> None:
    """Remove what was kept only to find suspicions before the count, and codes on their way."""
    _run(delete(VoteSignal).where(VoteSignal.poll_id == poll.id))
    _run(delete(ContactCode).where(ContactCode.poll_id == poll.id))


def _open(poll: Poll, case: VoteCase) -> VoteVerdict | None:
    """Hold a case that can still be decided, and return what was said of it."""
    queries.lock(poll, shared=True)
    lock(VoteCase, case.id)
    row = db.session.get(VoteVerdict, case.id, populate_existing=True)
    if refusal := electorate_rules.verdict_refusal(
        is_uncounted=poll.state in UNCOUNTED,
        is_settled=row is not None and row.confirmed_by is not None,
    ):
        raise Refused(refusal)
    if case.kind == CaseKind.SUSPICION:
        facts = quarantine.held_facts(poll, case, now=db_now())
        if refusal := quarantine_rules.wait_refusal(facts):
            raise Refused(refusal)
    return row


def _is_on_paper(poll: Poll, case: VoteCase) -> bool:
    there = queries.find_participation_of(poll, case.person_key)
    return there is not None and there.channel == Channel.PAPER


def _record(act: str, case: VoteCase, row: VoteVerdict, *, actor: Actor) -> None:
    entries.record(
        act,
        f"poll:{case.poll_id}",
        actor=actor,
        at=row.confirmed_at or row.said_at,
        tenant_id=case.tenant_id,
        case=case.id,
        verdict=row.verdict,
    )


def _run(statement: Delete | Update) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
