"""Letters about a vote, and what follows its count and cannot be rolled back.

Each step after the count leaves a row and may be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, delete, select

from deliberate.kernel import clock
from deliberate.kernel.db import db, touch, transaction, writer
from deliberate.kernel.jobs import Job
from deliberate.notifications import mailings
from deliberate.voting import count_job, keys, notices, queries
from deliberate.voting.actions import heading, pausing
from deliberate.voting.actions.counting import FINISH
from deliberate.voting.clock import db_now
from deliberate.voting.models import (
    Ballot,
    Card,
    CardKeying,
    CaseExplanation,
    CaseLetter,
    CodeAddressee,
    CodeBatch,
    CodeHolder,
    ContactCode,
    DecisionLetter,
    Eligibility,
    Participation,
    Poll,
    PollStep,
    Receipt,
    ReplacedReceipt,
    RollLine,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
    VotingCode,
)
from deliberate.voting.states import UNCOUNTED, PollState

log = logging.getLogger(__name__)
# What says of a vote that somebody took part, or how; a line arises at voting, so it says it too.
TAKEN = (
    CardKeying,
    Card,
    Ballot,
    Receipt,
    ReplacedReceipt,
    Participation,
    Eligibility,
    VoteCase,
    Voter,
    RollLine,
    VoteSignal,
    ContactCode,
    CodeHolder,
    VotingCode,
)
COUNTED_TABLES = (
    "ballot",
    "receipt",
    "replaced_receipt",
    "participation",
    "card",
    "card_keying",
    "vote_signal",
    "code_addressee",
    "outbox",  # codes were on their way in it
)
LINES = (
    *("eligibility", "vote_case", "case_letter", "case_explanation", "voter", "roll_line"),
    *("decision_letter", "voting_code", "code_holder"),
)


def finish(payload: Mapping[str, Any]) -> None:
    """Do the steps that are not done yet, in order; killed anywhere, it goes on from there."""
    tenant_id, poll_id = int(payload["tenant_id"]), int(payload["poll_id"])
    poll = queries.get_poll(tenant_id, poll_id)
    is_cancelled = poll.state == PollState.CANCELLED
    run_steps(tenant_id, poll_id, STEPS_OF_CANCELLED if is_cancelled else STEPS)


def run_steps(tenant_id: int, poll_id: int, steps: Mapping[str, Callable[[int], None]]) -> None:
    """Do those of the steps that have no row yet, in order."""
    for step, work in steps.items():
        if db.session.get(PollStep, (poll_id, step)) is not None:
            continue
        work(poll_id)
        with transaction():
            row = PollStep(tenant_id=tenant_id, poll_id=poll_id, step=step, done_at=clock.now())
            db.session.add(row)
        log.info("poll %s: %s done", poll_id, step)


def _destroy_key(poll_id: int) -> None:
    keys.destroy(poll_id)


def _remove_ballots(poll_id: int) -> None:
    """Remove what came into a poll that was called off: who took part, and how."""
    with transaction():
        cases = select(VoteCase.id).where(VoteCase.poll_id == poll_id)
        for of_case in (CaseExplanation, CaseLetter, DecisionLetter, VoteVerdict):
            _remove(delete(of_case).where(of_case.case_id.in_(cases)))
        batches = select(CodeBatch.id).where(CodeBatch.poll_id == poll_id)
        _remove(delete(CodeAddressee).where(CodeAddressee.batch_id.in_(batches)))
        for model in TAKEN:
            _remove(delete(model).where(model.poll_id == poll_id))


def _remove(statement: Delete) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def _touch_pages(poll_id: int) -> None:
    """Have public pages made anew: the protocol says that the keys are gone."""
    with transaction():
        touch(db.session.get_one(Poll, poll_id).tenant_id)


def lapse(payload: Mapping[str, Any]) -> None:
    """Note that a pause is over which nobody confirmed within a day."""
    with transaction():
        poll = queries.get_poll(int(payload["tenant_id"]), int(payload["poll_id"]))
        pausing.watch(poll)


def add_head(payload: Mapping[str, Any]) -> None:
    """Add the morning's head while people vote; the next morning is planned first.

    So a failure today, however often it is tried again, takes nothing from tomorrow.
    """
    tenant_id, poll_id = int(payload["tenant_id"]), int(payload["poll_id"])
    with transaction():
        poll, now = queries.get_poll(tenant_id, poll_id), db_now()
        state = queries.present_state(poll, now=now)
        if state in UNCOUNTED and state is not PollState.WORKING_UP:
            heading.plan_daily(poll, now=now)
    if state is PollState.RECEIVING:
        with transaction():
            queries.lock(poll)
            heading.add_daily(poll, now=db_now())


def _reclaim_space(_poll_id: int) -> None:
    _reclaim(COUNTED_TABLES)


def _reclaim_lines(_poll_id: int) -> None:
    _reclaim(LINES)


def _reclaim(tables: Sequence[str]) -> None:
    """Have removed rows leave the files too: until then a dump of the disk still holds them."""
    db.session.rollback()
    connection = writer().raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            # Removed rows are zeroed already (secure_delete); the log still has their pages.
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            _vacuum(connection.driver_connection, tables)
    finally:
        connection.close()


def _vacuum(driver: Any, tables: Sequence[str]) -> None:
    # Any: psycopg's connection, which the pool hands out without a type.
    driver.rollback()
    driver.autocommit = True
    try:
        driver.execute("SET lock_timeout = '3s'")
        for table in tables:
            driver.execute(f"VACUUM FULL {table}")
        driver.execute("SET lock_timeout = '5s'")  # as every connection of the pool has it
    finally:
        driver.autocommit = False


STEPS: Mapping[str, Callable[[int], None]] = {
    "destroy_key": _destroy_key,
    "reclaim_space": _reclaim_space,
    "touch_pages": _touch_pages,
}
STEPS_OF_CANCELLED: Mapping[str, Callable[[int], None]] = {
    "remove_ballots": _remove_ballots,
    "reclaim_lines": _reclaim_lines,
    **STEPS,
}
JOBS = (
    count_job.JOB,
    Job(name=FINISH, run=finish),
    Job(name=pausing.LAPSE, run=lapse),
    Job(name=heading.DAILY, run=add_head),
    mailings.job(notices.BEGINS),
    mailings.job(notices.ENDS),
    mailings.job(notices.RESULT),
)
