"""Reading proposals. All begin with the municipality, or with a consultation loaded through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.answers.models import Answer
from deliberate.authorship import coauthors
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity, Coauthor
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal
from deliberate.proposals.models import Proposal, State, Support
from deliberate.proposals.rules import ChangeFacts, InviteFacts, ProposeFacts, SupportFacts
from deliberate.subjects import queries as links
from deliberate.subjects.gate import Activity, Gate, gate
from deliberate.subjects.states import is_shown
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Area, Municipality

KIND = "proposal"


# In these names one speaks for oneself, so living here matters; in others an institution speaks.
PERSONAL = frozenset({Capacity.RESIDENT, Capacity.GUEST})

ITS_FILE = and_(
    StoredFile.tenant_id == Proposal.tenant_id,
    StoredFile.subject_kind == KIND,
    StoredFile.subject_id == Proposal.id,
)
ITS_ANSWER = and_(
    Answer.tenant_id == Proposal.tenant_id,
    Answer.subject_kind == KIND,
    Answer.subject_id == Proposal.id,
    Answer.published_at.is_not(None),
)


def find_proposal(consultation: Consultation, number: int) -> Proposal | None:
    """Return a proposal whatever its state."""
    return db.session.scalar(
        select(Proposal).where(
            Proposal.tenant_id == consultation.tenant_id,
            Proposal.consultation_id == consultation.id,
            Proposal.number == number,
        )
    )


def get_proposal(consultation: Consultation, number: int) -> Proposal:
    """Return a proposal whose text may be shown; 404 for one that is hidden and for none."""
    proposal = find_proposal(consultation, number)
    return proposal if proposal and is_shown(proposal.content_state) else abort(404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A proposal with all that its page shows beside it; ``answer`` only once published."""

    proposal: Proposal
    area: str | None
    picture: StoredFile | None
    answer: Answer | None
    signers: Sequence[Coauthor]
    is_tied: bool  # to other things, by links


def get_whole(consultation: Consultation, number: int) -> Whole:
    """Return a proposal in any state and what belongs to it, in one query or two; or 404."""
    place = {
        "tenant_id": consultation.tenant_id,
        "consultation_id": consultation.id,
        "number": number,
    }
    row = db.session.execute(_select_whole(), place).first()
    if row is None:
        abort(404)
    proposal, area, picture, answer, has_signers, is_tied = row
    return Whole(
        proposal=proposal,
        area=area,
        picture=picture,
        answer=answer,
        signers=list_signers(proposal) if has_signers else (),
        is_tied=is_tied,
    )


@cache  # making a statement takes as long as asking it
def _select_whole() -> Select[*tuple[Any, ...]]:
    of_it = (Coauthor.tenant_id == Proposal.tenant_id) & (Coauthor.subject_id == Proposal.id)
    signed = select(Coauthor.id).where(of_it, Coauthor.kind == KIND).exists()
    return (
        select(
            Proposal,
            Area.name,
            StoredFile,
            Answer,
            signed,
            links.is_tied(KIND, Proposal.tenant_id, Proposal.id),
        )
        .outerjoin(Area, Area.id == Proposal.area_id)
        .outerjoin(StoredFile, ITS_FILE)
        .outerjoin(Answer, ITS_ANSWER)
        .where(
            Proposal.tenant_id == bindparam("tenant_id"),
            Proposal.consultation_id == bindparam("consultation_id"),
            Proposal.number == bindparam("number"),
        )
        .order_by(StoredFile.id.desc())
        .limit(1)
    )


def find_sent(consultation: Consultation, author: Person, form_key: str) -> Proposal | None:
    """Return what this very form has already become."""
    return db.session.scalar(
        select(Proposal).where(
            Proposal.tenant_id == consultation.tenant_id,
            Proposal.author_id == author.id,
            Proposal.form_key == form_key,
        )
    )


def find_support(proposal: Proposal, person: Person) -> Support | None:
    return db.session.get(Support, (proposal.id, person.id))


# Lists. The public one is in public_list.py.


def list_by_author(tenant: Municipality, person: Person) -> Sequence[tuple[Proposal, Consultation]]:
    """Return what a person put forward or signs with others, newest first, whatever its state."""
    signed = coauthors.ids_with(tenant.id, KIND, person.id)
    return _with_consultations(
        select(Proposal, Consultation)
        .where(
            Proposal.tenant_id == tenant.id,
            or_(Proposal.author_id == person.id, Proposal.id.in_(signed)),
        )
        .order_by(Proposal.created_at.desc(), Proposal.id.desc())
    )


def list_supported_by(
    tenant: Municipality, person: Person
) -> Sequence[tuple[Proposal, Consultation]]:
    """Return what a person supports and may still be shown, the latest support first."""
    return _with_consultations(
        select(Proposal, Consultation)
        .join(Support, Support.proposal_id == Proposal.id)
        .where(
            Proposal.tenant_id == tenant.id,
            Support.tenant_id == tenant.id,
            Support.person_id == person.id,
            shown(Proposal),
        )
        .order_by(Support.given_at.desc(), Proposal.id.desc())
    )


def list_everywhere(person: Person) -> Sequence[Proposal]:
    """Return what a person put forward in every municipality, for their own data."""
    return db.session.scalars(
        select(Proposal).where(Proposal.author_id == person.id).order_by(Proposal.id)
    ).all()


def list_where_supports(person_id: int) -> Sequence[tuple[int, int]]:
    """Return municipality and consultation of all that a person supports, in order."""
    rows = db.session.execute(
        select(Proposal.tenant_id, Proposal.consultation_id)
        .join(Support, Support.proposal_id == Proposal.id)
        .where(Support.person_id == person_id)
        .distinct()
        .order_by(Proposal.consultation_id)
    )
    return [(row[0], row[1]) for row in rows]


def list_supports_everywhere(person: Person) -> Sequence[Support]:
    """Return what a person supports in every municipality, for their own data."""
    return db.session.scalars(
        select(Support)
        .where(Support.person_id == person.id)
        .order_by(Support.given_at, Support.proposal_id)
    ).all()


def iter_shown(consultation: Consultation) -> Iterator[Proposal]:
    """Give all that may be shown, by number, a thousand rows at a time: for open data."""
    yield from db.session.scalars(
        select(Proposal)
        .where(Proposal.consultation_id == consultation.id, shown(Proposal))
        .order_by(Proposal.number)
        .execution_options(yield_per=1000)
    )


def select_tenants(condition: ColumnElement[bool]) -> Select[int]:
    """Return the municipalities that have such proposals."""
    return select(Proposal.tenant_id).where(condition).distinct()


def _with_consultations(
    wanted: Select[Proposal, Consultation],
) -> Sequence[tuple[Proposal, Consultation]]:
    joined = wanted.join(Consultation, Consultation.id == Proposal.consultation_id)
    return [(row[0], row[1]) for row in db.session.execute(joined)]


# Facts for the rules.


def list_signers(proposal: Proposal) -> Sequence[Coauthor]:
    """Return who was asked to sign the proposal too, and who does."""
    return coauthors.list_of(proposal.tenant_id, KIND, proposal.id)


def lacks(tenant: Municipality, person: Person | None, needs: str) -> Refusal | None:
    """Return what a person lacks for an activity that asks for ``needs``."""
    residence = accounts.find_residence(tenant, person) if person else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    refused = residence is not None and residence.state == ResidenceState.REFUSED
    return standing_refusal(standing, Needs(needs), refused=refused)


def proposing_gate(consultation: Consultation, *, now: datetime) -> Gate:
    """Return whether something may be put forward here now."""
    return gate(consultation.tenant_id, consultation.id, Activity.PROPOSE, now=now)


def propose_facts(
    tenant: Municipality,
    consultation: Consultation,
    person: Person | None,
    voice: Voice | None,
    *,
    now: datetime,
) -> ProposeFacts:
    """Gather what the rules ask of a proposal in this name; None: in one's own."""
    opening = proposing_gate(consultation, now=now)
    own = voice is None or voice.capacity in PERSONAL
    return ProposeFacts(
        gate=opening, lacks=lacks(tenant, person, _with_account(opening)) if own else None
    )


def list_proposing_voices(
    tenant: Municipality, consultation: Consultation, person: Person, facts: ProposeFacts
) -> list[Voice]:
    """Return the names in which a person may propose: in their own, if they lack nothing for it."""
    voices = list_voices(tenant, person, consultation_id=consultation.id)
    return [voice for voice in voices if facts.lacks is None or voice.capacity not in PERSONAL]


def support_facts(
    tenant: Municipality,
    proposal: Proposal,
    person: Person | None,
    *,
    signers: Sequence[Coauthor],
    now: datetime,
) -> SupportFacts:
    """Gather what the rules ask about this person (None: nobody is signed in)."""
    opening = gate(tenant.id, proposal.consultation_id, Activity.SUPPORT, now=now)
    return SupportFacts(
        gate=opening,
        lacks=lacks(tenant, person, _with_account(opening)),
        is_shown=is_shown(proposal.content_state),
        is_withdrawn=proposal.state == State.WITHDRAWN,
        is_author=signs(proposal, signers, person),
        has_supported=person is not None and find_support(proposal, person) is not None,
    )


def change_facts(
    tenant: Municipality,
    proposal: Proposal,
    person: Person,
    *,
    signers: Sequence[Coauthor],
    now: datetime,
) -> ChangeFacts:
    consultation = consultations.find_by_id(tenant.id, proposal.consultation_id)
    assert consultation is not None  # noqa: S101 - a foreign key of the same municipality
    return ChangeFacts(
        gate=proposing_gate(consultation, now=now),
        is_shown=is_shown(proposal.content_state),
        is_withdrawn=proposal.state == State.WITHDRAWN,
        on_ballot=proposal.state == State.ADMITTED,
        is_author=proposal.author_id == person.id,
        signs=signs(proposal, signers, person),
    )


def invite_facts(
    tenant: Municipality, proposal: Proposal, person: Person, email: str, *, now: datetime
) -> InviteFacts:
    """``email`` is folded, as in ``Person.email_folded``."""
    signers = list_signers(proposal)
    return InviteFacts(
        change=change_facts(tenant, proposal, person, signers=signers, now=now),
        count=len(signers),
        is_own_address=email == person.email_folded,
        is_asked=any(signer.email == email for signer in signers),
    )


def signs(proposal: Proposal, signers: Sequence[Coauthor], person: Person | None) -> bool:
    """Tell whether a person is the author or a co-author who accepted."""
    if person is None:
        return False
    return proposal.author_id == person.id or any(s.person_id == person.id for s in signers)


def _with_account(opening: Gate) -> str:
    """Return what an activity needs of a person, an account at least: each counts once."""
    return Needs.EMAIL if opening.needs == Needs.ANYONE else opening.needs
