"""Reading proposals. All begin with the municipality, or with a consultation loaded through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, func, or_, select

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
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.models import StoredFile
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.kernel.refusals import Refusal
from deliberate.proposals.listing import CAPACITIES, Order, Wish
from deliberate.proposals.models import Proposal, State, Support
from deliberate.proposals.rules import ChangeFacts, InviteFacts, ProposeFacts, SupportFacts
from deliberate.subjects import queries as links
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

# What a row of a list shows. Twenty are read as rows of the table: as objects, and even as columns
# of objects, they take several times as long.
LISTED = Proposal.__table__.c
LIST_COLUMNS = (
    LISTED.id,
    LISTED.tenant_id,
    LISTED.consultation_id,
    LISTED.number,
    LISTED.title,
    LISTED.place,
    LISTED.reason,
    LISTED.area_id,
    LISTED.state,
    LISTED.content_state,
    LISTED.supports,
    LISTED.voices,
    LISTED.author_name,
    LISTED.capacity,
    LISTED.capacity_label,
    LISTED.language,
    LISTED.created_at,
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


@cache
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


# One page of the public list.


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a list; ``position`` is the office's, once published."""

    proposal: Row[*tuple[Any, ...]]  # of LIST_COLUMNS
    position: str | None

    @property
    def key(self) -> tuple[str, str | None]:
        """Return what decides the word and colour that stand beside it."""
        return self.proposal.state, self.position


def list_page(consultation: Consultation, wish: Wish, number: int) -> PageOf[Listed]:
    """Return one page of what may be shown; beyond the end it is the last page."""
    total, after_seed = _count(consultation, wish)
    last = max(1, -(-total // PER_PAGE))
    number = min(number, last)
    start = (number - 1) * PER_PAGE
    if wish.order is Order.RANDOM:
        items = _list_rotated(consultation, wish, start, after_seed)
    else:
        items = _list_rows(consultation, wish, start)
    return PageOf(items=items, number=number, total=total)


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
    (row,) = fetch_rows(_select_count(_shape(wish)), _asked(consultation, wish))
    return row[0], row[1]


def _list_rotated(
    consultation: Consultation, wish: Wish, start: int, after_seed: int
) -> list[Listed]:
    """Return the rows in the order of their shuffle, from the seed on and round to it again."""
    rows: list[Listed] = []
    if start < after_seed:
        rows += _list_rows(consultation, wish, start, turn=Turn.AFTER)
    if len(rows) < PER_PAGE:
        rest, most = max(0, start - after_seed), PER_PAGE - len(rows)
        rows += _list_rows(consultation, wish, rest, most, turn=Turn.BEFORE)
    return rows


def _list_rows(
    consultation: Consultation,
    wish: Wish,
    start: int,
    most: int = PER_PAGE,
    *,
    turn: Turn | None = None,
) -> list[Listed]:
    asked = {**_asked(consultation, wish), "start": start, "most": most}
    found = fetch_rows(_select_rows(_shape(wish), wish.order, turn), asked)
    return [Listed(proposal=row, position=row.position) for row in found]


def _load(ids: Sequence[int]) -> list[Listed]:
    """Return the rows in the order of the ids."""
    if not ids:
        return []
    by_id = {row.id: row for row in fetch_rows(_select_by_ids(), {"ids": ids})}
    return [Listed(proposal=by_id[id_], position=by_id[id_].position) for id_ in ids]


# Making a statement takes as long as asking it, so each is made once and asked with values.


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a wish decides how its statements read; the values come later."""

    area: bool
    state: bool
    who: bool
    words: int


class Turn(Enum):
    """Which part of the random order: from the seed on, or what stands before it."""

    AFTER = "after"
    BEFORE = "before"


def _shape(wish: Wish) -> Shape:
    return Shape(
        area=wish.area_id is not None,
        state=wish.state is not None,
        who=wish.who is not None,
        words=len(wish.words),
    )


def _asked(consultation: Consultation, wish: Wish) -> dict[str, object]:
    return {
        "consultation_id": consultation.id,
        "seed": wish.seed,
        "area_id": wish.area_id,
        "state": wish.state,
        "capacities": sorted(CAPACITIES[wish.who]) if wish.who is not None else [],
        **{f"word_{place}": word for place, word in enumerate(wish.words)},
    }


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    conditions = [LISTED.consultation_id == bindparam("consultation_id"), shown(LISTED)]
    if shape.area:
        conditions.append(LISTED.area_id == bindparam("area_id"))
    if shape.state:
        conditions.append(LISTED.state == bindparam("state"))
    if shape.who:
        conditions.append(LISTED.capacity.in_(bindparam("capacities", expanding=True)))
    conditions += [
        LISTED.folded.contains(bindparam(f"word_{place}")) for place in range(shape.words)
    ]
    return conditions


@cache
def _select_count(shape: Shape) -> Select[int, int]:
    after_seed = func.count().filter(LISTED.shuffle >= bindparam("seed"))
    return (
        select(func.count(), after_seed).select_from(Proposal.__table__).where(*_conditions(shape))
    )


@cache
def _select_rows(shape: Shape, order: Order, turn: Turn | None) -> Select[*tuple[Any, ...]]:
    # Ids come from an index alone; only then are twenty rows of long texts read.
    ids = select(LISTED.id).where(*_conditions(shape)).order_by(*_ORDERS[order])
    if turn is Turn.AFTER:
        ids = ids.where(LISTED.shuffle >= bindparam("seed"))
    elif turn is Turn.BEFORE:
        ids = ids.where(LISTED.shuffle < bindparam("seed"))
    start, most = bindparam("start", type_=Integer), bindparam("most", type_=Integer)
    page = ids.offset(start).limit(most).subquery()
    return _listed().join(page, page.c.id == LISTED.id).order_by(*_ORDERS[order])


@cache
def _select_by_ids() -> Select[*tuple[Any, ...]]:
    return _listed().where(LISTED.id.in_(bindparam("ids", expanding=True)))


def _listed() -> Select[*tuple[Any, ...]]:
    answer = Answer.__table__
    its_answer = and_(
        answer.c.tenant_id == LISTED.tenant_id,
        answer.c.subject_kind == KIND,
        answer.c.subject_id == LISTED.id,
        answer.c.published_at.is_not(None),
    )
    both = Proposal.__table__.outerjoin(answer, its_answer)
    return select(*LIST_COLUMNS, answer.c.position).select_from(both)


_ORDERS = {
    Order.RANDOM: (LISTED.shuffle, LISTED.id),
    Order.NEWEST: (LISTED.number.desc(), LISTED.id.desc()),
    Order.NUMBER: (LISTED.number, LISTED.id),
    Order.SUPPORTS: (LISTED.supports.desc(), LISTED.shuffle.desc(), LISTED.id.desc()),
    Order.TALK: (LISTED.voices.desc(), LISTED.shuffle.desc(), LISTED.id.desc()),
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
