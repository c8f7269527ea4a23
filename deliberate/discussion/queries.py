"""Reading threads, contributions and summaries.

What a page gets is a ``Spoken``: where the text may not be shown it is not there, so that no
template has to remember it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
)

from deliberate.accounts.models import Person, RulesAcceptance
from deliberate.accounts.rules import CLOSED_NAME
from deliberate.discussion.kinds import ContributionKind, Order
from deliberate.discussion.models import Contribution, Summary, Thread
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.pagination import PageOf
from deliberate.moderation import queries as moderation
from deliberate.moderation.queries import Trace
from deliberate.subjects.states import SHOWN, TOMBSTONE, ContentState, is_shown
from deliberate.subjects.visibility import lies_open, shown
from deliberate.tenancy.models import DiscussionRules, Municipality

ROOTS = 20  # a page
REPLIES = 5  # shown at once under each

# What a page needs of a voice. Sixty of them are read as rows of the table: as objects, and even
# as columns of objects, they take several times as long.
SAID = Contribution.__table__.c
VOICE = (
    SAID.id,
    SAID.number,
    SAID.parent_id,
    SAID.answers_number,
    SAID.kind,
    SAID.body,
    SAID.content_state,
    SAID.author_id,
    SAID.author_name,
    SAID.capacity_label,
    SAID.language,
    SAID.created_at,
    SAID.edited_at,
    SAID.version_no,
    SAID.pinned_at,
    SAID.withdrawn_at,
)
THREAD = tuple(column.key for column in Thread.__table__.c)
SUMMED_UP = Summary.__table__.c
Voice = Contribution | Row[*tuple[Any, ...]]  # of VOICE: no type can name its columns


class Spoken(NamedTuple):
    """One contribution as a page may show it. ``body`` is None where only a trace may stand.

    A page makes sixty: a tuple is made four times as fast as a frozen dataclass.
    """

    id: int
    number: int
    parent_id: int | None
    answers_number: int | None
    kind: str
    body: str | None
    author_id: int | None
    author_name: str
    capacity_label: str
    language: str
    created_at: datetime
    edited_at: datetime | None
    version_no: int
    is_pinned: bool
    is_withdrawn: bool
    is_collapsed: bool
    trace: Trace | None
    replies: Sequence[Spoken]
    all_replies: int

    @property
    def more(self) -> int:
        """Return how many replies are not among those shown."""
        return max(0, self.all_replies - len(self.replies))

    @property
    def is_official(self) -> bool:
        return self.kind == ContributionKind.OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A thread, how many voices it shows, and its summaries, the latest first."""

    thread: Thread
    voices: int
    summaries: Sequence[Summary]


def readable() -> ColumnElement[bool]:
    """Return what may be read of an open thread, as SQL: shown, and not taken back.

    Whatever finds voices outside of a thread that it has opened asks ``in_public`` instead.
    """
    return and_(shown(Contribution), Contribution.withdrawn_at.is_(None))


def in_public() -> ColumnElement[bool]:
    """Return what anybody may read, as SQL: readable, in a thread of a thing that is shown."""
    return and_(readable(), stands_open(Contribution))


def waits() -> ColumnElement[bool]:
    """Return as SQL what is held until somebody has read it (election silence)."""
    return and_(
        Contribution.content_state == ContentState.HELD,
        Contribution.withdrawn_at.is_(None),
        stands_open(Contribution),
    )


def stands_open(model: type[Contribution | Summary]) -> ColumnElement[bool]:
    """Return as SQL that a voice or a summary stands under a thing that is shown."""
    return exists().where(
        Thread.id == model.thread_id, lies_open(Thread.subject_kind, Thread.subject_id)
    )


def is_readable(contribution: Voice) -> bool:
    """Tell the same of one row."""
    return is_shown(contribution.content_state) and contribution.withdrawn_at is None


def _stands() -> ColumnElement[bool]:
    """Return what has a place in the thread: read or leaving a trace; held things have none."""
    stands: ColumnElement[bool] = SAID.content_state.in_(sorted(SHOWN | TOMBSTONE))
    return stands


def find_thread(tenant_id: int, kind: str, subject_id: int) -> Thread | None:
    return db.session.scalar(
        select(Thread).where(
            Thread.tenant_id == tenant_id,
            Thread.subject_kind == kind,
            Thread.subject_id == subject_id,
        )
    )


def get_thread(tenant: Municipality, thread_id: int) -> Thread:
    wanted = select(Thread).where(Thread.tenant_id == tenant.id, Thread.id == thread_id)
    return db.session.scalar(wanted) or abort(404)


def get_contribution(tenant: Municipality, contribution_id: int) -> Contribution:
    """Return a contribution whatever its state; who may see what of it is for the caller."""
    return db.session.scalar(_of(tenant.id, contribution_id)) or abort(404)


def get_readable(tenant: Municipality, contribution_id: int) -> Contribution:
    """Return a contribution whose text may be read; 404 for every other."""
    return db.session.scalar(_of(tenant.id, contribution_id).where(in_public())) or abort(404)


def get_summary(tenant: Municipality, summary_id: int) -> Summary:
    wanted = select(Summary).where(Summary.tenant_id == tenant.id, Summary.id == summary_id)
    return db.session.scalar(wanted) or abort(404)


def _of(tenant_id: int, contribution_id: int) -> Select[Contribution]:
    return select(Contribution).where(
        Contribution.tenant_id == tenant_id, Contribution.id == contribution_id
    )


def find_opening(tenant_id: int, kind: str, subject_id: int) -> Opening | None:
    """Return the thread of a thing that is shown, in one query; a second one for summaries."""
    place = {"tenant_id": tenant_id, "kind": kind, "subject_id": subject_id}
    found = fetch_rows(_select_opening(), place)
    if not found:
        return None
    *facts, voices, is_summed_up = found[0]
    thread = Thread(**dict(zip(THREAD, facts, strict=True)))  # of no session: it is only read
    return Opening(
        thread=thread, voices=voices, summaries=_list_summaries(thread) if is_summed_up else ()
    )


@cache
def _select_opening() -> Select[*tuple[Any, ...]]:
    row = Thread.__table__.c
    voices = (
        select(func.count())
        .where(SAID.thread_id == row.id, shown(SAID), SAID.withdrawn_at.is_(None))
        .correlate(Thread.__table__)
        .scalar_subquery()
    )
    summed_up = exists().where(SUMMED_UP.thread_id == row.id, shown(SUMMED_UP))
    return select(*row, voices, summed_up).where(
        row.tenant_id == bindparam("tenant_id"),
        row.subject_kind == bindparam("kind"),
        row.subject_id == bindparam("subject_id"),
        lies_open(row.subject_kind, row.subject_id),
    )


def _list_summaries(thread: Thread) -> Sequence[Summary]:
    """Return the summaries of a thread that may be shown, the latest first."""
    return db.session.scalars(
        select(Summary)
        .where(Summary.thread_id == thread.id, shown(Summary))
        .order_by(Summary.id.desc())
    ).all()


def list_page(
    thread: Thread, *, order: Order, page: int, opened: int | None = None
) -> PageOf[Spoken]:
    """Return a page of roots with the first replies of each, in one query.

    A second one only where something is hidden. ``opened`` is a root whose replies are all shown.
    A page beyond the last is the last.
    """
    if thread.last_number == 0:
        return PageOf(items=(), number=1, total=0, per_page=ROOTS)
    found = _read_page(thread, order, page, opened)
    if not found and page > 1:
        page = PageOf(items=(), number=1, total=_count_roots(thread, order), per_page=ROOTS).last
        found = _read_page(thread, order, page, opened)
    traces = _traces(thread.tenant_id, found)
    roots, under, totals = [], defaultdict(list), {}
    for row in found:
        if row.parent_id is None:
            roots.append(row)
        else:
            under[row.parent_id].append(spoken(row, traces))
            totals[row.parent_id] = row.of
    items = tuple(
        spoken(root, traces, replies=under[root.id], all_replies=totals.get(root.id, 0))
        for root in roots
    )
    return PageOf(items=items, number=page, total=roots[0].of if roots else 0, per_page=ROOTS)


def get_branch(tenant: Municipality, contribution_id: int) -> tuple[Thread, Spoken]:
    """Return a root with all its replies; the root may be one of which only a trace stands."""
    root = db.session.scalar(
        _of(tenant.id, contribution_id).where(Contribution.parent_id.is_(None), _stands())
    ) or abort(404)
    replies, totals = _replies(tenant.id, root.thread_id, [root.id], root.id)
    traces = _traces(tenant.id, [root, *replies])
    whole = spoken(
        root,
        traces,
        replies=[spoken(reply, traces) for reply in replies],
        all_replies=totals.get(root.id, 0),
    )
    return get_thread(tenant, root.thread_id), whole


def page_of_root(thread: Thread, root: Contribution) -> int:
    """Return on which page a root stands when read from the beginning, the pinned ones first."""
    pinned = Contribution.pinned_at.is_not(None)
    earlier = Contribution.id < root.id
    before = and_(pinned, earlier) if root.pinned_at else or_(pinned, earlier)
    counted = select(func.count()).where(*_among_roots(Order.OLDEST), before)
    return db.session.scalars(counted, _place(thread)).one() // ROOTS + 1


def spoken(
    contribution: Voice,
    traces: Mapping[int, Trace] | None = None,
    *,
    replies: Sequence[Spoken] = (),
    all_replies: int = 0,
) -> Spoken:
    """Return what a page may show of a contribution."""
    told = contribution[: len(VOICE)] if isinstance(contribution, Row) else _facts(contribution)
    key, number, parent, answers, kind, body, state, author, name, *rest = told
    capacity, language, created, edited, version, pinned, withdrawn = rest
    return Spoken(
        id=key,
        number=number,
        parent_id=parent,
        answers_number=answers,
        kind=kind,
        body=body if is_readable(contribution) else None,
        author_id=author,
        author_name=name or CLOSED_NAME,
        capacity_label=capacity,
        language=language,
        created_at=created,
        edited_at=edited,
        version_no=version,
        is_pinned=pinned is not None,
        is_withdrawn=withdrawn is not None,
        is_collapsed=state == ContentState.COLLAPSED,
        trace=traces.get(key) if traces else None,
        replies=replies,
        all_replies=all_replies,
    )


def _facts(contribution: Contribution) -> tuple[Any, ...]:
    return tuple(getattr(contribution, column.key) for column in VOICE)


def _place(thread: Thread) -> dict[str, int]:
    """Return what the statements below are asked with."""
    return {"tenant_id": thread.tenant_id, "thread_id": thread.id}


def _among_roots(order: Order) -> list[ColumnElement[bool]]:
    among = [
        SAID.tenant_id == bindparam("tenant_id"),
        SAID.thread_id == bindparam("thread_id"),
        SAID.parent_id.is_(None),
    ]
    if order is not Order.UNANSWERED:
        return [*among, _stands()]
    reply = Contribution.__table__.alias().c
    answered = exists().where(
        reply.parent_id == SAID.id,
        reply.kind == ContributionKind.OFFICIAL,
        shown(reply),
        reply.withdrawn_at.is_(None),
    )
    question = SAID.kind == ContributionKind.QUESTION
    return [*among, shown(SAID), SAID.withdrawn_at.is_(None), question, ~answered]


def _read_page(
    thread: Thread, order: Order, page: int, opened: int | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the roots of a page in their order, then their replies; ``of`` says among how many."""
    asked = {
        **_place(thread),
        "most": ROOTS,
        "before": (page - 1) * ROOTS,
        "opened": opened,
    }
    return fetch_rows(_select_page(order), asked)


# A statement is made once and asked with values: making one takes as long as asking it.


@cache
def _select_page(order: Order) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    newest_first = order is Order.NEWEST
    pinned_first = (SAID.pinned_at.is_(None), SAID.id.desc() if newest_first else SAID.id)
    chosen = (
        select(
            SAID.id,
            func.row_number().over(order_by=pinned_first).label("place"),
            func.count().over().label("of"),
        )
        .where(*_among_roots(order))
        .order_by(*pinned_first)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("before", type_=Integer))
        .cte("chosen")
    )
    ranked = _ranked(SAID.parent_id.in_(select(chosen.c.id)))
    roots = select(*VOICE, chosen.c.of, chosen.c.place).join(chosen, chosen.c.id == SAID.id)
    replies = _first_replies(ranked, null().label("place"))
    page = roots.union_all(replies)
    return page.order_by("place", "parent_id", "number")


def _count_roots(thread: Thread, order: Order) -> int:
    counted = select(func.count()).where(*_among_roots(order))
    return db.session.scalars(counted, _place(thread)).one()


def _replies(
    tenant_id: int, thread_id: int, roots: Sequence[int], opened: int | None
) -> tuple[Sequence[Row[*tuple[Any, ...]]], Mapping[int, int]]:
    """Return the first replies under each root (all of them under ``opened``), and how many."""
    if not roots:
        return [], {}
    asked = {"tenant_id": tenant_id, "thread_id": thread_id, "roots": roots, "opened": opened}
    found = fetch_rows(_select_replies(), asked)
    return found, {row.parent_id: row.of for row in found}


@cache
def _select_replies() -> Select[*tuple[Any, ...]]:
    ranked = _ranked(SAID.parent_id.in_(bindparam("roots", expanding=True)))
    return _first_replies(ranked).order_by(SAID.parent_id, SAID.id)


def _ranked(under: ColumnElement[bool]) -> Subquery:
    """Number the replies under some roots, each among its own."""
    return (
        select(
            SAID.id,
            func.row_number().over(partition_by=SAID.parent_id, order_by=SAID.id).label("rank"),
            func.count().over(partition_by=SAID.parent_id).label("of"),
        )
        .where(
            SAID.tenant_id == bindparam("tenant_id"),
            # Found by the index of the thread; by parent alone the whole municipality is read.
            SAID.thread_id == bindparam("thread_id"),
            under,
            _stands(),
        )
        .subquery()
    )


def _first_replies(ranked: Subquery, *more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*VOICE, ranked.c.of, *more)
        .join(ranked, ranked.c.id == SAID.id)
        .where(
            or_(
                ranked.c.rank <= REPLIES,
                SAID.parent_id == bindparam("opened", type_=Integer),
            )
        )
    )


def _traces(tenant_id: int, rows: Sequence[Voice]) -> Mapping[int, Trace]:
    hidden = [row.id for row in rows if not is_shown(row.content_state)]
    return moderation.list_traces(tenant_id, "contribution", hidden)


# Who speaks.


def current_rules_accepted(
    tenant: Municipality, person: Person
) -> tuple[DiscussionRules | None, bool]:
    """Return the rules of discussion in force, and whether the person has accepted them."""
    row = db.session.execute(
        select(DiscussionRules, RulesAcceptance.accepted_at)
        .outerjoin(
            RulesAcceptance,
            and_(
                RulesAcceptance.rules_id == DiscussionRules.id,
                RulesAcceptance.person_id == person.id,
            ),
        )
        .where(DiscussionRules.tenant_id == tenant.id)
        .order_by(DiscussionRules.version.desc())
        .limit(1)
    ).first()
    return (row[0], row[1] is not None) if row is not None else (None, True)


def said_since(tenant: Municipality, person: Person, since: datetime) -> tuple[datetime, ...]:
    """Return when a person spoke here since a moment, the first one first."""
    return tuple(
        db.session.scalars(
            select(Contribution.created_at)
            .where(
                Contribution.author_id == person.id,
                Contribution.tenant_id == tenant.id,
                Contribution.created_at > since,
            )
            .order_by(Contribution.created_at, Contribution.id)
        )
    )


def find_numbered(thread: Thread, number: int | None) -> Contribution | None:
    """Return the contribution with this number in its thread."""
    if number is None:
        return None
    return db.session.scalar(
        select(Contribution).where(
            Contribution.tenant_id == thread.tenant_id,
            Contribution.thread_id == thread.id,
            Contribution.number == number,
        )
    )


def find_same(
    thread: Thread, person: Person, *, body: str, parent_id: int | None, since: datetime
) -> Contribution | None:
    """Return what the same person has just said here in the same words."""
    return db.session.scalar(
        select(Contribution)
        .where(
            Contribution.thread_id == thread.id,
            Contribution.author_id == person.id,
            Contribution.created_at > since,
            Contribution.body == body,
            Contribution.parent_id.is_(None)
            if parent_id is None
            else Contribution.parent_id == parent_id,
            Contribution.withdrawn_at.is_(None),
        )
        .order_by(Contribution.id)
        .limit(1)
    )


def count_voices(thread: Thread) -> int:
    """Return how many voices of a thread may be read: what a summary made now is of."""
    return db.session.scalars(
        select(func.count()).where(Contribution.thread_id == thread.id, readable())
    ).one()


def list_by_author(
    tenant: Municipality, person: Person, limit: int = 50
) -> Sequence[tuple[Contribution, bool]]:
    """Return what a person has said here, the latest first, whatever has become of it.

    With each: whether its conversation is open, or hidden together with its thing.
    """
    rows = db.session.execute(
        select(Contribution, stands_open(Contribution))
        .where(Contribution.tenant_id == tenant.id, Contribution.author_id == person.id)
        .order_by(Contribution.id.desc())
        .limit(limit)
    )
    return [(contribution, is_open) for contribution, is_open in rows]
