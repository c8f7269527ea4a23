"""Reading the votes about which two persons decide before the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import func, select

from deliberate.kernel.db import db
from deliberate.voting.models import Participation, Poll, VoteCase, Voter, VoteVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as the desk shows it: who voted, why it is looked at, what was said of it."""

    case: VoteCase
    voter: Voter | None
    verdict: VoteVerdict | None
    number: str

    @property
    def is_settled(self) -> bool:
        return self.verdict is not None and self.verdict.confirmed_by is not None


def number_of(case: VoteCase) -> str:
    """Return what people write down: "GL-2027-000123"."""
    return f"GL-{case.opened_at.year}-{case.id:06}"


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


def list_matters(poll: Poll) -> list[Matter]:
    """Return all cases of a vote, those that nobody decided first."""
    rows = db.session.execute(
        select(VoteCase, Voter, VoteVerdict)
        .outerjoin(
            Voter,
            (Voter.tenant_id == VoteCase.tenant_id)
            & (Voter.poll_id == VoteCase.poll_id)
            & (Voter.person_key == VoteCase.person_key),
        )
        .outerjoin(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .where(VoteCase.tenant_id == poll.tenant_id, VoteCase.poll_id == poll.id)
        .order_by(VoteVerdict.confirmed_by.is_not(None), VoteCase.id)
    )
    return [
        Matter(case=case, voter=voter, verdict=verdict, number=number_of(case))
        for case, voter, verdict in rows
    ]


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
