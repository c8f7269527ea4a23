"""The public list of proposals: one page of it, what comes near to none, what is alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, func, or_, select

from deliberate.algorithms.folding import stems
from deliberate.algorithms.similarity import rank_similar
from deliberate.answers.models import Answer
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.proposals import queries
from deliberate.proposals.listing import CAPACITIES, Order, Wish
from deliberate.proposals.models import Proposal, State
from deliberate.subjects.visibility import shown

MOST_CANDIDATES = 500  # compared with a new proposal
MOST_SIMILAR = 5
ALIKE = Fraction(2, 5)

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
        answer.c.subject_kind == queries.KIND,
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
