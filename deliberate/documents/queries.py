"""Reading remarks. All begin with the municipality, or with a consultation loaded through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.algorithms.folding import stems
from deliberate.algorithms.similarity import rank_similar
from deliberate.answers.models import Answer
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.documents.content import Content
from deliberate.documents.kinds import KIND, RemarkState
from deliberate.documents.listing import NO_POSITION, POSITIONS, WITHDRAWN, Wish
from deliberate.documents.models import Document, Remark, RemarkSender, Unit
from deliberate.documents.rules import GiveFacts, WithdrawalFacts
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.models import StoredFile
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.kernel.refusals import Refusal
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import gate
from deliberate.subjects.states import is_shown
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality

MOST_CANDIDATES = 500  # compared with a new remark
MOST_SIMILAR = 5
ALIKE = Fraction(2, 5)
A_SITTING = timedelta(hours=1)  # remarks of one person that are shown beside the form

# In these names one speaks for oneself, so living here matters; in others an institution speaks.
PERSONAL = frozenset({Capacity.RESIDENT, Capacity.GUEST})

REMARKS = Remark.__table__.c
ANSWERS = Answer.__table__.c
ITS_ANSWER = and_(
    ANSWERS.tenant_id == REMARKS.tenant_id,
    ANSWERS.subject_kind == KIND,
    ANSWERS.subject_id == REMARKS.id,
    ANSWERS.published_at.is_not(None),
)
# What a row of a list shows.
LIST_COLUMNS = (
    REMARKS.id,
    REMARKS.number,
    REMARKS.document_id,
    REMARKS.on_unit_id,
    REMARKS.place,
    REMARKS.kind,
    REMARKS.wording,
    REMARKS.body,
    REMARKS.channel,
    REMARKS.received_on,
    REMARKS.is_late,
    REMARKS.state,
    REMARKS.content_state,
    REMARKS.same_as,
    REMARKS.author_name,
    REMARKS.capacity,
    REMARKS.capacity_label,
    REMARKS.language,
    REMARKS.created_at,
    ANSWERS.position,
)


def find_remark(consultation: Consultation, number: int) -> Remark | None:
    """Return a remark whatever its state."""
    return db.session.scalar(
        select(Remark).where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.number == number,
        )
    )


def get_remark(consultation: Consultation, number: int) -> Remark:
    """Return a remark whose text may be shown; 404 for one that is hidden and for none."""
    remark = find_remark(consultation, number)
    return remark if remark and is_shown(remark.content_state) else abort(404)


def find_sent(consultation: Consultation, author: Person, form_key: str) -> Remark | None:
    """Return what this very form has already become."""
    return db.session.scalar(
        select(Remark).where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.author_id == author.id,
            Remark.form_key == form_key,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A remark with all that its page shows beside it; ``answer`` only once published.

    ``alike``: how many remarks that may be shown say the same, with this one.
    """

    remark: Remark
    document: Document | None
    unit: Unit | None
    answer: Answer | None
    alike: int


def get_whole(consultation: Consultation, number: int) -> Whole:
    """Return a remark in any state and what belongs to it; or 404."""
    of_it = (Answer.tenant_id == Remark.tenant_id) & (Answer.subject_id == Remark.id)
    row = db.session.execute(
        select(Remark, Document, Unit, Answer)
        .outerjoin(Document, Document.id == Remark.document_id)
        .outerjoin(Unit, Unit.id == Remark.on_unit_id)
        .outerjoin(Answer, of_it & (Answer.subject_kind == KIND) & Answer.published_at.is_not(None))
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.number == number,
        )
    ).first()
    if row is None:
        abort(404)
    remark, document, unit, answer = row
    return Whole(
        remark=remark, document=document, unit=unit, answer=answer, alike=count_alike(remark)
    )


def count_alike(remark: Remark) -> int:
    """Return how many remarks that may be shown say the same of the same place."""
    counted = db.session.scalar(
        select(func.count()).where(
            Remark.tenant_id == remark.tenant_id,
            Remark.consultation_id == remark.consultation_id,
            Remark.same_as == remark.same_as,
            shown(Remark),
        )
    )
    return counted or 0


# Lists.


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of a list: a remark, and how many of those found say the same, with it."""

    remark: Row[*tuple[Any, ...]]  # of LIST_COLUMNS
    alike: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``rows`` counts rows of the list, ``remarks`` every remark in them."""

    rows: PageOf[Listed]
    remarks: int


def list_page(consultation: Consultation, wish: Wish, number: int) -> Page:
    """Return one page of what may be shown; beyond the end it is the last page.

    Remarks that say the same of the same place are one row with their number, unless they are
    what is asked for.
    """
    found = _found(consultation, wish)
    group = REMARKS.number if wish.same is not None else REMARKS.same_as
    total, remarks = fetch_rows(
        found.with_only_columns(func.count(func.distinct(group)), func.count())
    )[0]
    number = min(number, max(1, -(-total // PER_PAGE)))
    firsts = fetch_rows(
        found.with_only_columns(func.min(REMARKS.id).label("id"), func.count().label("alike"))
        .group_by(group)
        .order_by(func.min(REMARKS.number))
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    alike = {row.id: row.alike for row in firsts}
    items = [Listed(remark=row, alike=alike[row.id]) for row in _load(list(alike))]
    return Page(rows=PageOf(items=items, number=number, total=total), remarks=remarks)


def list_of_unit(consultation: Consultation, unit_id: int, most: int) -> list[Listed]:
    """Return the first remarks on a unit that may be shown, each by itself."""
    found = _listed().where(
        REMARKS.tenant_id == consultation.tenant_id,
        REMARKS.on_unit_id == unit_id,
        shown(REMARKS),
    )
    rows = fetch_rows(found.order_by(REMARKS.number).limit(most))
    return [Listed(remark=row, alike=1) for row in rows]


def list_similar(consultation: Consultation, content: Content) -> list[Listed]:
    """Return up to five remarks on the same place that are most like this one, best first.

    Compared are the first 500 that share a word with it and are not withdrawn.
    """
    said = f"{content.wording} {content.body}"
    beginnings = [stem for stem in stems(said) if len(stem) > 3][:20]
    if not beginnings:
        return []
    place = content.place
    candidates = fetch_rows(
        select(REMARKS.id, REMARKS.wording, REMARKS.body)
        .where(
            REMARKS.tenant_id == consultation.tenant_id,
            REMARKS.consultation_id == consultation.id,
            REMARKS.document_id == place.document_id,
            REMARKS.on_unit_id == place.unit_id,
            REMARKS.state != RemarkState.WITHDRAWN,
            shown(REMARKS),
            or_(*(REMARKS.folded.contains(stem, autoescape=True) for stem in beginnings)),
        )
        .order_by(REMARKS.number)
        .limit(MOST_CANDIDATES)
    )
    pairs = [(row.id, f"{row.wording} {row.body}") for row in candidates]
    near = rank_similar(said, pairs, at_least=ALIKE, limit=MOST_SIMILAR)
    rows = {row.id: row for row in _load([similar.key for similar in near])}
    return [Listed(remark=rows[similar.key], alike=1) for similar in near]


def list_latest_of(consultation: Consultation, person: Person, now: datetime) -> Sequence[Remark]:
    """Return what a person has remarked here within the last hour, by number."""
    return db.session.scalars(
        select(Remark)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.author_id == person.id,
            Remark.created_at > now - A_SITTING,
        )
        .order_by(Remark.number)
    ).all()


def list_by_author(
    tenant: Municipality, person: Person, most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    """Return what a person remarked, the newest first, whatever its state.

    With each the slug of its consultation, and the office's position once it is published.
    """
    return _with_slugs(
        _with_answers().where(Remark.tenant_id == tenant.id, Remark.author_id == person.id), most
    )


def search(
    tenant: Municipality, words: Sequence[str], most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    """Return remarks of published consultations that contain each word, the newest first."""
    return _with_slugs(
        _with_answers().where(
            Remark.tenant_id == tenant.id,
            Consultation.state.in_(sorted(PUBLIC)),
            shown(Remark),
            *(Remark.folded.contains(word, autoescape=True) for word in words),
        ),
        most,
    )


def _with_answers() -> Select[Remark, str, str | None]:
    its_answer = and_(
        Answer.tenant_id == Remark.tenant_id,
        Answer.subject_kind == KIND,
        Answer.subject_id == Remark.id,
        Answer.published_at.is_not(None),
    )
    return (
        select(Remark, Consultation.slug, Answer.position)
        .join(Consultation, Consultation.id == Remark.consultation_id)
        .outerjoin(Answer, its_answer)
    )


def _with_slugs(
    wanted: Select[Remark, str, str | None], most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    rows = db.session.execute(wanted.order_by(Remark.id.desc()).limit(most))
    return [(row[0], row[1], row[2]) for row in rows]


def list_everywhere(person: Person) -> Sequence[Remark]:
    """Return what a person remarked in every municipality, for their own data."""
    return db.session.scalars(
        select(Remark).where(Remark.author_id == person.id).order_by(Remark.id)
    ).all()


def iter_shown(consultation: Consultation) -> Iterator[Row[*tuple[Any, ...]]]:
    """Give all that may be shown, by number, a thousand rows at a time: for open data.

    Rows of LIST_COLUMNS with ``document`` (its title), ``unit_number`` and ``justification``.
    """
    documents, units = Document.__table__, Unit.__table__
    joined = (
        Remark.__table__.outerjoin(Answer.__table__, ITS_ANSWER)
        .outerjoin(documents, documents.c.id == REMARKS.document_id)
        .outerjoin(units, units.c.id == REMARKS.on_unit_id)
    )
    wanted = (
        select(
            *LIST_COLUMNS,
            REMARKS.state_reason,
            REMARKS.version_no,
            documents.c.title.label("document"),
            units.c.number.label("unit_number"),
            ANSWERS.justification,
        )
        .select_from(joined)
        .where(
            REMARKS.tenant_id == consultation.tenant_id,
            REMARKS.consultation_id == consultation.id,
            shown(REMARKS),
        )
        .order_by(REMARKS.number)
        .execution_options(yield_per=1000)
    )
    yield from db.session.execute(wanted)


def select_tenants(condition: ColumnElement[bool]) -> Select[int]:
    """Return the municipalities that have such remarks."""
    return select(Remark.tenant_id).where(condition).distinct()


def senders(tenant_id: int, ids: Sequence[int]) -> Mapping[int, str]:
    """Return the addresses of those who sent remarks without an account, by the remark's id."""
    rows = db.session.execute(
        select(RemarkSender.remark_id, RemarkSender.email).where(
            RemarkSender.tenant_id == tenant_id,
            RemarkSender.remark_id.in_(ids),
            RemarkSender.email != "",
        )
    )
    return {row[0]: row[1] for row in rows}


def _listed() -> Select[*tuple[Any, ...]]:
    return select(*LIST_COLUMNS).select_from(
        Remark.__table__.outerjoin(Answer.__table__, ITS_ANSWER)
    )


def _load(ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    if not ids:
        return []
    return fetch_rows(_listed().where(REMARKS.id.in_(ids)).order_by(REMARKS.number))


def _found(consultation: Consultation, wish: Wish) -> Select[*tuple[Any, ...]]:
    """Return what a wish finds, to be counted or listed."""
    conditions: list[ColumnElement[bool]] = [
        REMARKS.tenant_id == consultation.tenant_id,
        REMARKS.consultation_id == consultation.id,
        shown(REMARKS),
    ]
    if wish.document_id is not None:
        conditions.append(REMARKS.document_id == wish.document_id)
    if wish.whole:
        conditions.append(REMARKS.on_unit_id.is_(None))
    elif wish.unit is not None:
        unit = Unit.__table__.c
        wanted = select(unit.id).where(
            unit.tenant_id == consultation.tenant_id,
            unit.document_id == wish.document_id,
            unit.number == wish.unit,
        )
        conditions.append(REMARKS.on_unit_id == wanted.scalar_subquery())
    if wish.kind is not None:
        conditions.append(REMARKS.kind == wish.kind)
    if wish.channel is not None:
        conditions.append(REMARKS.channel == wish.channel)
    if wish.same is not None:
        same = Remark.__table__.alias("same")
        wanted = select(same.c.same_as).where(
            same.c.tenant_id == consultation.tenant_id,
            same.c.consultation_id == consultation.id,
            same.c.number == wish.same,
            shown(same.c),
        )
        conditions.append(REMARKS.same_as == wanted.scalar_subquery())
    conditions += [REMARKS.folded.contains(word) for word in wish.words]
    if not wish.position:  # most lists ask nothing of answers
        return select(REMARKS.id).where(*conditions)
    return _listed().where(*conditions, *_position(wish))


def _position(wish: Wish) -> list[ColumnElement[bool]]:
    match wish.position:
        case "":
            return []
        case position if position == WITHDRAWN:
            return [REMARKS.state == RemarkState.WITHDRAWN]
        case position if position == NO_POSITION:
            return [REMARKS.state != RemarkState.WITHDRAWN, ANSWERS.position.is_(None)]
        case position:
            return [
                REMARKS.state != RemarkState.WITHDRAWN,
                ANSWERS.position == POSITIONS[position],
            ]


# Facts for the rules.


def lacks(tenant: Municipality, person: Person | None, needs: str) -> Refusal | None:
    """Return what a person lacks for an activity that asks for ``needs``."""
    residence = accounts.find_residence(tenant, person) if person else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    refused = residence is not None and residence.state == ResidenceState.REFUSED
    return standing_refusal(standing, Needs(needs), refused=refused)


def give_facts(
    tenant: Municipality,
    consultation: Consultation,
    person: Person | None,
    voice: Voice | None,
    *,
    now: datetime,
) -> GiveFacts:
    """Gather what the rules ask of a remark in this name; None: in one's own."""
    opening = gate(tenant.id, consultation.id, Activity.REMARK, now=now)
    # An account at least: who remarks gets a receipt and an answer.
    needs = Needs.EMAIL if opening.needs == Needs.ANYONE else opening.needs
    own = voice is None or voice.capacity in PERSONAL
    return GiveFacts(gate=opening, lacks=lacks(tenant, person, needs) if own else None)


def list_remarking_voices(
    tenant: Municipality, consultation: Consultation, person: Person, facts: GiveFacts
) -> list[Voice]:
    """Return the names in which a person may remark: in their own, if they lack nothing for it."""
    voices = list_voices(tenant, person, consultation_id=consultation.id)
    return [voice for voice in voices if facts.lacks is None or voice.capacity not in PERSONAL]


def withdrawal_facts(
    consultation: Consultation, remark: Remark, person: Person | None, *, now: datetime
) -> WithdrawalFacts:
    answered = db.session.scalar(
        select(Answer.id).where(
            Answer.tenant_id == remark.tenant_id,
            Answer.subject_kind == KIND,
            Answer.subject_id == remark.id,
            Answer.published_at.is_not(None),
        )
    )
    opening = gate(remark.tenant_id, consultation.id, Activity.REMARK, now=now)
    return WithdrawalFacts(
        is_stopped=opening.stopped,
        is_shown=is_shown(remark.content_state),
        is_author=person is not None and remark.author_id == person.id,
        is_withdrawn=remark.state == RemarkState.WITHDRAWN,
        is_answered=answered is not None,
    )


def list_attachments(tenant_id: int, ids: Sequence[int]) -> Mapping[int, StoredFile]:
    """Return the attachment of each remark that has one."""
    rows = db.session.scalars(
        select(StoredFile).where(
            StoredFile.tenant_id == tenant_id,
            StoredFile.subject_kind == KIND,
            StoredFile.subject_id.in_(ids),
        )
    )
    return {row.subject_id: row for row in rows if row.subject_id is not None}
