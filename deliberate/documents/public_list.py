"""The public list of remarks: one page of it, what stands on a unit, what is alike, open data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from deliberate.algorithms.folding import stems
from deliberate.algorithms.similarity import rank_similar
from deliberate.answers.models import Answer
from deliberate.consultations.models import Consultation
from deliberate.documents.content import Content
from deliberate.documents.kinds import KIND, RemarkState
from deliberate.documents.listing import NO_POSITION, POSITIONS, WITHDRAWN, Wish
from deliberate.documents.models import Document, Remark, Unit
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.subjects.visibility import shown

MOST_CANDIDATES = 500  # compared with a new remark
MOST_SIMILAR = 5
ALIKE = Fraction(2, 5)

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
