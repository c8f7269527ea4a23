"""Reading proposals. All begin with the municipality, or with a consultation loaded through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import load_only

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.algorithms.folding import stems
from deliberate.algorithms.similarity import rank_similar
from deliberate.answers.models import Answer
from deliberate.authorship import coauthors
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity, Coauthor
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.kernel.refusals import Refusal
from deliberate.proposals.listing import CAPACITIES, Order, Wish
from deliberate.proposals.models import Proposal, State, Support
from deliberate.proposals.rules import ChangeFacts, InviteFacts, ProposeFacts, SupportFacts
from deliberate.subjects.gate import Activity, Gate, gate
from deliberate.subjects.states import is_shown
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Area, Municipality

KIND = "proposal"

MOST_CANDIDATES = 500  # compared with a new proposal
MOST_SIMILAR = 5
ALIKE = Fraction(2, 5)

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

# What a row of a list shows; reading anything else of it is a mistake that raises.
LIST_COLUMNS = (
    Proposal.id,
    Proposal.tenant_id,
    Proposal.consultation_id,
    Proposal.number,
    Proposal.title,
    Proposal.place,
    Proposal.reason,
    Proposal.area_id,
    Proposal.state,
    Proposal.content_state,
    Proposal.supports,
    Proposal.voices,
    Proposal.author_name,
    Proposal.capacity,
    Proposal.capacity_label,
    Proposal.language,
    Proposal.created_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """What the list would give with fewer filters."""

    wish: Wish
    count: int


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


def get_whole(consultation: Consultation, number: int) -> Whole:
    """Return a proposal in any state and what belongs to it, in one query or two; or 404."""
    of_it = (Coauthor.tenant_id == Proposal.tenant_id) & (Coauthor.subject_id == Proposal.id)
    signed = select(Coauthor.id).where(of_it, Coauthor.kind == KIND).exists()
    row = db.session.execute(
        select(Proposal, Area.name, StoredFile, Answer, signed)
        .outerjoin(Area, Area.id == Proposal.area_id)
        .outerjoin(StoredFile, ITS_FILE)
        .outerjoin(Answer, ITS_ANSWER)
        .where(
            Proposal.tenant_id == consultation.tenant_id,
            Proposal.consultation_id == consultation.id,
            Proposal.number == number,
        )
        .order_by(StoredFile.id.desc())
        .limit(1)
    ).first()
    if row is None:
        abort(404)
    proposal, area, picture, answer, has_signers = row
    return Whole(
        proposal=proposal,
        area=area,
        picture=picture,
        answer=answer,
        signers=list_signers(proposal) if has_signers else (),
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


# One page of the public list.


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a list; ``position`` is the office's, once published."""

    proposal: Proposal
    position: str | None


def list_page(consultation: Consultation, wish: Wish, number: int) -> PageOf[Listed]:
    """Return one page of what may be shown; beyond the end it is the last page."""
    total, after_seed = _count(consultation, wish)
    last = max(1, -(-total // PER_PAGE))
    number = min(number, last)
    start = (number - 1) * PER_PAGE
    # Ids come from an index alone; only then are twenty rows of long texts read.
    if wish.order is Order.RANDOM:
        ids = _list_rotated(consultation, wish, start, after_seed)
    else:
        ids = _list_ids(_select_ids(consultation, wish).order_by(*_ORDERS[wish.order]), start)
    return PageOf(items=_load(ids), number=number, total=total)


def list_near_misses(consultation: Consultation, wish: Wish) -> list[NearMiss]:
    """Return what comes near a list that is empty: the search without places, states, people."""
    wider = []
    if wish.search:
        wider.append(wish.search_only)
    if wish.area_id is not None:
        wider.append(wish.place_only)
    return [
        NearMiss(wish=near, count=count)
        for near in wider
        if near != wish and (count := _count(consultation, near)[0])
    ]


def _count(consultation: Consultation, wish: Wish) -> tuple[int, int]:
    """Return how many there are, and how many of them stand after the seed."""
    after_seed = func.count().filter(Proposal.shuffle >= wish.seed)
    row = db.session.execute(
        select(func.count(), after_seed)
        .select_from(Proposal)
        .where(*_conditions(consultation, wish))
    ).one()
    return row[0], row[1]


def _list_rotated(
    consultation: Consultation, wish: Wish, start: int, after_seed: int
) -> Sequence[int]:
    """Return the ids in the order of their shuffle, from the seed on and round to it again."""
    ordered = _select_ids(consultation, wish).order_by(Proposal.shuffle, Proposal.id)
    ids: list[int] = []
    if start < after_seed:
        ids += _list_ids(ordered.where(Proposal.shuffle >= wish.seed), start)
    if len(ids) < PER_PAGE:
        rest = ordered.where(Proposal.shuffle < wish.seed)
        ids += _list_ids(rest, max(0, start - after_seed), PER_PAGE - len(ids))
    return ids


def _select_ids(consultation: Consultation, wish: Wish) -> Select[int]:
    return select(Proposal.id).where(*_conditions(consultation, wish))


def _list_ids(ordered: Select[int], start: int, most: int = PER_PAGE) -> Sequence[int]:
    return db.session.scalars(ordered.offset(start).limit(most)).all()


def _load(ids: Sequence[int]) -> list[Listed]:
    """Return the rows in the order of the ids."""
    if not ids:
        return []
    found = db.session.execute(
        select(Proposal, Answer.position)
        .outerjoin(Answer, ITS_ANSWER)
        .where(Proposal.id.in_(ids))
        .options(load_only(*LIST_COLUMNS, raiseload=True))
    )
    by_id = {row[0].id: Listed(proposal=row[0], position=row[1]) for row in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def _conditions(consultation: Consultation, wish: Wish) -> list[ColumnElement[bool]]:
    conditions = [Proposal.consultation_id == consultation.id, shown(Proposal)]
    if wish.area_id is not None:
        conditions.append(Proposal.area_id == wish.area_id)
    if wish.state is not None:
        conditions.append(Proposal.state == wish.state)
    if wish.who is not None:
        conditions.append(Proposal.capacity.in_(sorted(CAPACITIES[wish.who])))
    conditions += [Proposal.folded.contains(word, autoescape=True) for word in wish.words]
    return conditions


_ORDERS = {
    Order.NEWEST: (Proposal.number.desc(), Proposal.id.desc()),
    Order.NUMBER: (Proposal.number, Proposal.id),
    Order.SUPPORTS: (Proposal.supports.desc(), Proposal.shuffle.desc(), Proposal.id.desc()),
    Order.TALK: (Proposal.voices.desc(), Proposal.shuffle.desc(), Proposal.id.desc()),
}


# Other lists.


def list_similar(consultation: Consultation, title: str) -> list[Listed]:
    """Return up to five proposals whose titles are most like this one, best first.

    Compared are the 500 with the most support of those that share a word with it.
    """
    beginnings = [stem for stem in stems(title) if len(stem) > 3] or stems(title)
    if not beginnings:
        return []
    candidates = db.session.execute(
        select(Proposal.id, Proposal.title)
        .where(
            Proposal.consultation_id == consultation.id,
            shown(Proposal),
            Proposal.state != State.WITHDRAWN,
            or_(*(Proposal.folded.contains(stem, autoescape=True) for stem in beginnings)),
        )
        .order_by(*_ORDERS[Order.SUPPORTS])
        .limit(MOST_CANDIDATES)
    )
    pairs = [(row[0], row[1]) for row in candidates]
    near = rank_similar(title, pairs, at_least=ALIKE, limit=MOST_SIMILAR)
    return _load([similar.key for similar in near])


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


def collects_remarks(consultation: Consultation) -> bool:
    """Tell whether people remark on a document here instead of proposing freely."""
    opens = {activity for phase in consultation.phases for activity in phase.opens}
    return Activity.REMARK in opens and Activity.PROPOSE not in opens


def proposing_gate(consultation: Consultation, *, now: datetime) -> Gate:
    """Return whether something may be put forward here now: a proposal, or a remark."""
    activity = Activity.REMARK if collects_remarks(consultation) else Activity.PROPOSE
    return gate(consultation.tenant_id, consultation.id, activity, now=now)


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
