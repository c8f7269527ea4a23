"""Reading the votes about which two persons decide before the count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import func, select

from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refusal
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    CodeBatch,
    DecisionLetter,
    Participation,
    Poll,
    PollTotals,
    VoteCase,
    Voter,
    VoteVerdict,
    VotingCode,
)
from deliberate.voting.quarantine_rules import HeldFacts, wait_refusal
from deliberate.voting.states import CaseKind, PollState, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as the desk shows it: who voted, why it is looked at, what was said of it.

    Of a vote that is held also the letter to its voter and what they explain, and ("2/17") the
    batch and letter of the code it was cast with.
    """

    case: VoteCase
    voter: Voter | None
    verdict: VoteVerdict | None
    number: str
    letter: CaseLetter | None
    explanation: CaseExplanation | None
    code: str
    told: DecisionLetter | None  # what was decided
    waits: Refusal | None  # why nobody may decide yet

    @property
    def is_settled(self) -> bool:
        return self.verdict is not None and self.verdict.confirmed_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What two persons said of one vote, as its voter is told."""

    number: str  # of the case
    verdict: Verdict
    reason: str


def number_of(case: VoteCase) -> str:
    """Return what people write down: "GL-2027-000123"."""
    return f"GL-{case.opened_at.year}-{case.id:06}"


def decision_of(case: VoteCase, verdict: VoteVerdict) -> Decision:
    return Decision(number=number_of(case), verdict=Verdict(verdict.verdict), reason=verdict.reason)


def get_case(poll: Poll, case_id: int) -> VoteCase:
    found = select(VoteCase).where(
        VoteCase.tenant_id == poll.tenant_id, VoteCase.poll_id == poll.id, VoteCase.id == case_id
    )
    return db.session.scalar(found) or abort(404)


def list_numbers_of_form(poll: Poll, idem_hash: str) -> list[str]:
    """Return the numbers of the cases about the vote that a form brought, the oldest first."""
    person = select(Participation.person_key).where(
        Participation.poll_id == poll.id, Participation.idem_hash == idem_hash
    )
    found = select(VoteCase).where(VoteCase.poll_id == poll.id, VoteCase.person_key.in_(person))
    return [number_of(case) for case in db.session.scalars(found.order_by(VoteCase.id))]


def list_person_keys(poll: Poll) -> Sequence[str]:
    """Return whose votes are looked at, settled or not."""
    found = select(VoteCase.person_key).where(VoteCase.poll_id == poll.id).distinct()
    return db.session.scalars(found.order_by(VoteCase.person_key)).all()


def list_taken_out(poll: Poll) -> Sequence[str]:
    """Return the person keys of the votes that two persons took out."""
    return db.session.scalars(
        select(VoteCase.person_key)
        .join(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .where(
            VoteCase.poll_id == poll.id,
            VoteVerdict.verdict == Verdict.TAKE_OUT,
            VoteVerdict.confirmed_by.is_not(None),
        )
        .distinct()
        .order_by(VoteCase.person_key)
    ).all()


def list_matters(poll: Poll, *, now: datetime) -> list[Matter]:
    """Return all cases of a vote, those that nobody decided first."""
    rows = db.session.execute(
        select(
            VoteCase,
            Voter,
            VoteVerdict,
            CaseLetter,
            CaseExplanation,
            CodeBatch.no,
            VotingCode.serial,
            DecisionLetter,
        )
        .outerjoin(
            Voter,
            (Voter.tenant_id == VoteCase.tenant_id)
            & (Voter.poll_id == VoteCase.poll_id)
            & (Voter.person_key == VoteCase.person_key),
        )
        .outerjoin(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .outerjoin(CaseLetter, CaseLetter.case_id == VoteCase.id)
        .outerjoin(CaseExplanation, CaseExplanation.case_id == VoteCase.id)
        .outerjoin(DecisionLetter, DecisionLetter.case_id == VoteCase.id)
        .outerjoin(
            VotingCode,
            (VotingCode.poll_id == VoteCase.poll_id)
            & (VotingCode.person_key == VoteCase.person_key),
        )
        .outerjoin(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VoteCase.tenant_id == poll.tenant_id, VoteCase.poll_id == poll.id)
        .order_by(VoteVerdict.confirmed_by.is_not(None), VoteCase.id)
    )
    return [
        Matter(
            case=case,
            voter=voter,
            verdict=verdict,
            number=number_of(case),
            letter=letter,
            explanation=explanation,
            code=f"{batch}/{serial}" if batch is not None else "",
            told=told,
            waits=_waits(poll, case, verdict, letter, explanation, now=now),
        )
        for case, voter, verdict, letter, explanation, batch, serial, told in rows
    ]


def _waits(
    poll: Poll,
    case: VoteCase,
    verdict: VoteVerdict | None,
    letter: CaseLetter | None,
    explanation: CaseExplanation | None,
    *,
    now: datetime,
) -> Refusal | None:
    if case.kind != CaseKind.SUSPICION:
        return None
    facts = HeldFacts(
        now=now,
        answer_until=letter.answer_until if letter is not None else None,
        is_explained=explanation is not None,
        has_verdict=verdict is not None,
        is_working_up=poll.state == PollState.WORKING_UP,
    )
    return wait_refusal(facts)


def count_decided(poll: Poll) -> dict[str, tuple[int, int]]:
    """Return by kind how many votes were kept and how many taken out by two persons."""
    if (totals := db.session.get(PollTotals, poll.id)) is not None:
        return {kind: (kept, out) for kind, (kept, out) in json.loads(totals.cases).items()}
    rows = db.session.execute(
        select(
            VoteCase.kind,
            func.count().filter(VoteVerdict.verdict == Verdict.KEEP),
            func.count().filter(VoteVerdict.verdict == Verdict.TAKE_OUT),
        )
        .join(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            VoteVerdict.confirmed_by.is_not(None),
        )
        .group_by(VoteCase.kind)
    )
    return {kind: (kept, out) for kind, kept, out in rows}


def is_any_taken_out(poll: Poll) -> bool:
    """Tell whether two persons took a vote out: its code may be missing from the list then."""
    return any(out for _, out in count_decided(poll).values())


def count_undecided(poll: Poll) -> int:
    """Return about how many votes two persons have not decided yet."""
    waiting = (
        select(func.count())
        .select_from(VoteCase)
        .outerjoin(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            VoteVerdict.confirmed_by.is_(None),
        )
    )
    return db.session.scalars(waiting).one()
