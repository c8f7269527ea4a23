"""Forgetting the persons of a vote: numbers of the protocol are kept, then their rows go.

What was published stays, and so do ballots, codes of the check list, heads, the result and the
audit: none of them leads to a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select, union_all

from deliberate.kernel.db import db, touch
from deliberate.kernel.tables import Base
from deliberate.voting import addressees, cases, codes
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    CodeHolder,
    DecisionLetter,
    Eligibility,
    FinalParticipation,
    Poll,
    PollTotals,
    VoteCase,
    VoteVerdict,
    VotingCode,
)

Old = Sequence[tuple[type[Base], ColumnElement[bool]]]


def select_remembered(settled: Select[int]) -> Select[int]:
    """Select those of the votes whose persons are not forgotten yet."""
    return settled.where(Poll.id.not_in(select(PollTotals.poll_id)))


def count(settled: Select[int]) -> int:
    """Return how many rows of these votes' persons there are."""
    counts = [
        select(func.count()).select_from(model).where(is_old)
        for model, is_old in _rows(select_remembered(settled))
    ]
    return sum(db.session.scalars(union_all(*counts)))


def forget(settled: Select[int], *, now: datetime) -> int:
    """Keep the numbers and remove the rows; a trigger looks for the numbers, and for the days."""
    polls = db.session.scalars(
        select(Poll).where(Poll.id.in_(select_remembered(settled))).order_by(Poll.id)
    ).all()
    for poll in polls:
        db.session.add(_totals(poll, now=now))
        touch(poll.tenant_id)
    db.session.flush()
    gone = [
        db.session.execute(delete(model).where(is_old).execution_options(synchronize_session=False))
        for model, is_old in _rows([poll.id for poll in polls])
    ]
    return sum(each.rowcount for each in gone)  # type: ignore[attr-defined]


def _totals(poll: Poll, *, now: datetime) -> PollTotals:
    persons = select(func.count()).where(
        FinalParticipation.tenant_id == poll.tenant_id, FinalParticipation.poll_id == poll.id
    )
    return PollTotals(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        persons=db.session.scalars(persons).one(),
        codes=json.dumps(codes.count_states(poll)),
        handed=addressees.count_handed(poll),
        cases=json.dumps(cases.count_decided(poll)),
        forgotten_at=now,
    )


def _rows(polls: Sequence[int] | Select[int]) -> Old:
    """Return the tables that say of these votes who was in them, children before parents."""
    of_polls = select(VoteCase.id).where(VoteCase.poll_id.in_(polls))
    return [
        (DecisionLetter, DecisionLetter.case_id.in_(of_polls)),
        (CaseExplanation, CaseExplanation.case_id.in_(of_polls)),
        (CaseLetter, CaseLetter.case_id.in_(of_polls)),
        (VoteVerdict, VoteVerdict.case_id.in_(of_polls)),
        (VoteCase, VoteCase.poll_id.in_(polls)),
        (VotingCode, VotingCode.poll_id.in_(polls)),
        (CodeHolder, CodeHolder.poll_id.in_(polls)),
        (FinalParticipation, FinalParticipation.poll_id.in_(polls)),
        (Eligibility, Eligibility.poll_id.in_(polls)),
    ]
