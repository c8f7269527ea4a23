"""What a person has done here and what became of it: texts, supports, votes, drafts, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, and_, func, select, union_all

from deliberate.access.decorators import signed_in
from deliberate.accounts.current import get_person
from deliberate.accounts.models import Person
from deliberate.answers.models import Answer
from deliberate.answers.positions import LABELS, TONES
from deliberate.authorship import coauthors, drafts
from deliberate.authorship.models import Coauthor
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.discussion import queries as discussion
from deliberate.documents import queries as documents
from deliberate.documents.kinds import KIND as REMARK
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.moderation.models import Decision
from deliberate.pages.blueprint import bp
from deliberate.petitions import queries as registers
from deliberate.proposals.models import Proposal, Support
from deliberate.proposals.queries import ITS_ANSWER
from deliberate.proposals.queries import KIND as PROPOSAL
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries as voting

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A proposal that a person signs or supports, with the office's answer once there is one.

    ``asked_at``: since when the person is asked to sign it with its author.
    """

    proposal: Proposal
    slug: str
    answer: Answer | None
    signs: bool
    supports: bool
    asked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A draft: where it is gone on with."""

    consultation: Consultation
    updated_at: datetime
    kind: str


@bp.get("/moje")
@signed_in
def my() -> ResponseReturnValue:
    tenant, person = current_tenant(), get_person()
    proposals = list_proposals(tenant, person, clock.now())
    said = discussion.list_by_author(tenant, person, MOST)
    voted = voting.list_voted(tenant, person)
    unsent = [
        (int(draft.place.removeprefix("consultation:")), draft)
        for draft in drafts.list_of(person.id)
        if draft.tenant_id == tenant.id and draft.kind in {PROPOSAL, REMARK}
    ]
    asked = _consultations(
        tenant,
        [
            *(key for key, _ in unsent),
            *(vote.consultation_id for vote in voted),
            *(contribution.consultation_id for contribution, _ in said),
        ],
    )
    return render_template(
        "pages/my.html",
        signed=[each for each in proposals if each.signs],
        supported=[each for each in proposals if each.supports],
        labels=LABELS,
        tones=TONES,
        contributions=said,
        asked=asked,
        decisions=list_decisions(tenant, person),
        votes=[
            (vote, asked[vote.consultation_id]) for vote in voted if vote.consultation_id in asked
        ],
        drafts=[
            Unsent(consultation=asked[key], updated_at=draft.updated_at, kind=draft.kind)
            for key, draft in unsent
            if key in asked
        ],
        remarks=documents.list_by_author(tenant, person, MOST),
        invitations=_invitations(proposals),
        entries=registers.list_mine(tenant, person),
    )


def list_proposals(tenant: Municipality, person: Person, now: datetime) -> list[Mine]:
    """Return what a person signs, supports or is asked to sign, the newest first, in one query.

    What somebody only supports or is asked for is left out when it may not be shown.
    """
    supports = select(Support.proposal_id).where(
        Support.tenant_id == tenant.id, Support.person_id == person.id
    )
    signs = select(Coauthor.subject_id).where(
        Coauthor.tenant_id == tenant.id,
        Coauthor.kind == PROPOSAL,
        Coauthor.person_id == person.id,
    )
    is_asked = _is_asked(tenant, person, now)
    asked = select(Coauthor.subject_id).where(is_asked)
    asked_at = (
        select(func.max(Coauthor.invited_at))
        .where(is_asked, Coauthor.subject_id == Proposal.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Proposal,
            Consultation.slug,
            Answer,
            Proposal.id.in_(signs),
            Proposal.id.in_(supports),
            asked_at,
        )
        .join(Consultation, Consultation.id == Proposal.consultation_id)
        .outerjoin(Answer, ITS_ANSWER)
        .where(
            Proposal.tenant_id == tenant.id,
            Proposal.id.in_(union_all(supports, signs, asked, _written_by(tenant, person))),
        )
        # Whoever is asked about an old proposal is told before their own newer ones fill the page.
        .order_by(asked_at.is_(None), Proposal.id.desc())
        .limit(MOST)
    ).all()
    found = [
        Mine(
            proposal=proposal,
            slug=slug,
            answer=answer,
            signs=signed or proposal.author_id == person.id,
            supports=supported and is_shown(proposal.content_state),
            asked_at=since if is_shown(proposal.content_state) else None,
        )
        for proposal, slug, answer, signed, supported, since in rows
    ]
    return sorted(found, key=lambda each: each.proposal.id, reverse=True)


def list_decisions(tenant: Municipality, person: Person) -> Sequence[Decision]:
    """Return the standing decisions about what a person wrote, the newest first."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.tenant_id == tenant.id,
            Decision.author_id == person.id,
            Decision.undone_at.is_(None),
        )
        .order_by(Decision.id.desc())
        .limit(MOST)
    ).all()


def _invitations(proposals: Iterable[Mine]) -> list[tuple[str, datetime]]:
    """Return what a person is asked to sign: title and since when, the latest first."""
    asked = [(each.proposal.title, each.asked_at) for each in proposals if each.asked_at]
    return sorted(asked, key=lambda each: each[1], reverse=True)


def _is_asked(tenant: Municipality, person: Person, now: datetime) -> ColumnElement[bool]:
    return and_(
        Coauthor.tenant_id == tenant.id,
        Coauthor.kind == PROPOSAL,
        Coauthor.email == person.email_folded,
        Coauthor.invited_at > now - coauthors.VALID,
    )


def _written_by(tenant: Municipality, person: Person) -> Select[int]:
    return select(Proposal.id).where(
        Proposal.tenant_id == tenant.id, Proposal.author_id == person.id
    )


def _consultations(tenant: Municipality, ids: Iterable[int]) -> Mapping[int, Consultation]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = db.session.scalars(
        select(Consultation).where(
            Consultation.tenant_id == tenant.id,
            Consultation.id.in_(wanted),
            Consultation.state.in_(sorted(PUBLIC)),
        )
    )
    return {consultation.id: consultation for consultation in found}
