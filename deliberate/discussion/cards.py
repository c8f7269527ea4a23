"""Contributions and summaries as other packages see them: cards, and what stands around one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, has_request_context, url_for
from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from deliberate.accounts.rules import CLOSED_NAME
from deliberate.authorship.models import Capacity
from deliberate.discussion import actions, queries
from deliberate.discussion.kinds import OF_STAFF
from deliberate.discussion.models import Contribution, Summary, Thread
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.moderation.conversation import Conversation, Surroundings
from deliberate.moderation.models import Decision, Notice, NoticeState, Passed
from deliberate.moderation.queries import Scope
from deliberate.subjects.registry import Card, SubjectKind
from deliberate.subjects.states import ContentState

NEAR = 3  # shown before and after a thing
MOST_SIGNED = 50  # on an organisation's page


def contribution_card(row: Contribution, *, is_open: bool) -> Card:
    """Return the card; of what its author took back nothing is left to see.

    ``is_open``: whether the thing is shown under which it was said.
    """
    taken_back = row.withdrawn_at is not None
    own = ContentState.ERASED if taken_back else ContentState(row.content_state)
    return Card(
        kind="contribution",
        id=row.id,
        tenant_id=row.tenant_id,
        consultation_id=row.consultation_id,
        title=say(N_("Wypowiedź nr %(number)s"), number=row.number),
        text="" if taken_back else row.body,
        url=_path("discussion.contribution", row.id),
        state=own if is_open else ContentState.HIDDEN,
        author_id=row.author_id,
        author_label=_label(row),
        language=row.language,
        at=row.created_at,
        official=row.capacity == Capacity.OFFICE,
        number=row.number,
        beneath=None if is_open else own,
    )


def summary_card(row: Summary, *, is_open: bool) -> Card:
    own = ContentState(row.content_state)
    return Card(
        kind="summary",
        id=row.id,
        tenant_id=row.tenant_id,
        consultation_id=row.consultation_id,
        title=say(N_("Podsumowanie rozmowy")),
        text="\n\n".join(filter(None, (row.agreed, row.disputed))),
        url=_path("discussion.summary", row.id),
        state=own if is_open else ContentState.HIDDEN,
        author_id=row.author_id,
        author_label=_label(row),
        language=row.language,
        at=row.created_at,
        official=True,
        beneath=None if is_open else own,
    )


def _label(row: Contribution | Summary) -> str:
    name = row.author_name or CLOSED_NAME
    return f"{name}, {row.capacity_label}" if row.capacity_label else name


def _path(endpoint: str, row_id: int) -> str:
    if has_request_context():
        return url_for(endpoint, id=row_id)
    return current_app.url_map.bind("").build(endpoint, {"id": row_id})


def load_contribution(tenant_id: int, contribution_id: int) -> Card | None:
    return next(iter(load_contributions(tenant_id, [contribution_id])), None)


def load_contributions(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    return _cards(Contribution.tenant_id == tenant_id, Contribution.id.in_(ids))


def signed_by(tenant_id: int, organisation_id: int) -> Sequence[Card]:
    """Return what was said in an organisation's name and is shown, the newest first.

    Its facilitators lead conversations without taking part in them: theirs is not its word.
    """
    rows = db.session.scalars(
        select(Contribution)
        .where(
            Contribution.tenant_id == tenant_id,
            Contribution.organisation_id == organisation_id,
            Contribution.capacity != Capacity.FACILITATOR,
            queries.in_public(),
        )
        .order_by(Contribution.id.desc())
        .limit(MOST_SIGNED)
    )
    return [contribution_card(row, is_open=True) for row in rows]


def load_summary(tenant_id: int, summary_id: int) -> Card | None:
    return next(iter(load_summaries(tenant_id, [summary_id])), None)


def load_summaries(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    wanted = select(Summary, queries.stands_open(Summary)).where(
        Summary.tenant_id == tenant_id, Summary.id.in_(ids)
    )
    rows = db.session.execute(wanted.order_by(Summary.id))
    return [summary_card(row, is_open=is_open) for row, is_open in rows]


def _cards(*where: ColumnElement[bool]) -> list[Card]:
    wanted = select(Contribution, queries.stands_open(Contribution)).where(*where)
    rows = db.session.execute(wanted.order_by(Contribution.id))
    return [contribution_card(row, is_open=is_open) for row, is_open in rows]


KINDS = (
    SubjectKind(
        key="contribution",
        label=N_("wypowiedź"),
        load=load_contribution,
        load_many=load_contributions,
        restrict=actions.restrict,
        signed_by=signed_by,
    ),
    SubjectKind(
        key="summary",
        label=N_("podsumowanie rozmowy"),
        load=load_summary,
        load_many=load_summaries,
        restrict=actions.restrict_summary,
    ),
)


# What moderation asks.


def _unread(tenant_id: int, scope: Scope, reader_id: int) -> list[ColumnElement[bool]]:
    last_word = func.coalesce(Contribution.edited_at, Contribution.created_at)
    read = exists().where(
        Passed.tenant_id == Contribution.tenant_id,
        Passed.subject_kind == "contribution",
        Passed.subject_id == Contribution.id,
        Passed.at >= last_word,
    )
    decided = exists().where(
        Decision.tenant_id == Contribution.tenant_id,
        Decision.subject_kind == "contribution",
        Decision.subject_id == Contribution.id,
        Decision.undone_at.is_(None),
        Decision.at >= last_word,
    )
    noticed = exists().where(
        Notice.tenant_id == Contribution.tenant_id,
        Notice.subject_kind == "contribution",
        Notice.subject_id == Contribution.id,
        Notice.state == NoticeState.RECEIVED,
    )
    return [
        Contribution.tenant_id == tenant_id,
        or_(queries.in_public(), queries.waits()),
        Contribution.kind.not_in(sorted(OF_STAFF)),
        or_(Contribution.author_id.is_(None), Contribution.author_id != reader_id),
        *([Contribution.consultation_id.in_(sorted(scope))] if scope is not None else []),
        ~read,
        ~decided,
        ~noticed,  # stands among the notices
    ]


def list_unread(tenant_id: int, scope: Scope, reader_id: int, limit: int) -> Sequence[Card]:
    wanted = select(Contribution).where(*_unread(tenant_id, scope, reader_id))
    rows = db.session.scalars(wanted.order_by(Contribution.id).limit(limit))
    return [contribution_card(row, is_open=True) for row in rows]


def count_unread(tenant_id: int, scope: Scope, reader_id: int) -> int:
    wanted = select(func.count()).select_from(Contribution)
    return db.session.scalars(wanted.where(*_unread(tenant_id, scope, reader_id))).one()


def around(card: Card) -> Surroundings:
    """Return up to three contributions before and after one in its thread, for whoever decides.

    They are read there also while the thing is hidden under which they stand.
    """
    if card.kind != "contribution":
        return Surroundings(before=(), after=())
    thread_id = select(Contribution.thread_id).where(Contribution.id == card.id).scalar_subquery()
    near = (
        select(Contribution.id)
        .where(
            Contribution.tenant_id == card.tenant_id,
            Contribution.thread_id == thread_id,
            queries.readable(),
        )
        .limit(NEAR)
    )
    earlier = near.where(Contribution.id < card.id).order_by(Contribution.id.desc())
    later = near.where(Contribution.id > card.id).order_by(Contribution.id)
    return Surroundings(
        before=_cards(Contribution.id.in_(earlier)), after=_cards(Contribution.id.in_(later))
    )


def has_spoken(card: Card, person_id: int) -> bool:
    """Tell whether somebody speaks for themselves where the thing is, or in what is about it."""
    where: ColumnElement[bool]
    if card.kind == "contribution":
        where = Thread.id.in_(select(Contribution.thread_id).where(Contribution.id == card.id))
    elif card.kind == "summary":
        where = Thread.id.in_(select(Summary.thread_id).where(Summary.id == card.id))
    else:
        where = and_(Thread.subject_kind == card.kind, Thread.subject_id == card.id)
    own = (
        select(Contribution.id)
        .join(Thread, Thread.id == Contribution.thread_id)
        .where(
            Thread.tenant_id == card.tenant_id,
            where,
            Contribution.author_id == person_id,
            Contribution.capacity.not_in((Capacity.OFFICE, Capacity.FACILITATOR)),
        )
        .limit(1)
    )
    return db.session.scalar(own) is not None


CONVERSATION = Conversation(
    list_unread=list_unread, count_unread=count_unread, around=around, has_spoken=has_spoken
)
