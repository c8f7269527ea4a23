"""A consultation as lower packages meet it: a card, and the keeper of its gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from flask import current_app, has_request_context, url_for
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    exists,
    literal,
    select,
)

from deliberate.accounts.standing import Needs
from deliberate.consultations import announcements, queries
from deliberate.consultations.models import Announcement, Consultation
from deliberate.consultations.rules import phases
from deliberate.consultations.states import PUBLIC, UNPUBLISHED, State
from deliberate.kernel.db import db, fetch_rows, is_writing
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import Gate
from deliberate.subjects.registry import Card, Entries, SubjectKind
from deliberate.subjects.states import ContentState
from deliberate.tenancy.current import find_tenant

CLOSED = Gate(is_open=False, opens_at=None, ends_at=None, needs=Needs.ANYONE, stopped=True)
# An answered consultation may still have a phase in which people talk about the answer.
LIVE = frozenset({State.PUBLISHED, State.ANSWERED})


def keep_gate(tenant_id: int, consultation_id: int, activity: Activity, now: datetime) -> Gate:
    """Answer subjects.gate; what is loaded already is not read again."""
    consultation = queries.find_by_id(tenant_id, consultation_id)
    if consultation is None:
        return CLOSED
    opening = phases.opening(queries.phase_times(consultation), activity, now)
    stopped = consultation.state not in LIVE
    return Gate(
        is_open=opening.is_open and not stopped,
        opens_at=opening.opens_at,
        ends_at=opening.ends_at,
        needs=needs(consultation, activity),
        stopped=stopped,
    )


def is_stopped(tenant_id: int, consultation_id: int) -> bool:
    """Answer subjects.gate.is_stopped; read afresh wherever something is written."""
    known = None if is_writing() else queries.recall(tenant_id, consultation_id)
    if known is not None:
        return known.state not in LIVE
    rows = fetch_rows(_select_state(), {"tenant_id": tenant_id, "id": consultation_id})
    return not rows or rows[0].state not in LIVE


@cache
def _select_state() -> Select[str]:
    return select(Consultation.state).where(
        Consultation.tenant_id == bindparam("tenant_id"), Consultation.id == bindparam("id")
    )


def needs(consultation: Consultation, activity: Activity) -> str:
    """Return how sure we must be of a person (accounts.standing.Needs)."""
    return {
        Activity.PROPOSE: consultation.propose_needs,
        Activity.REMARK: consultation.propose_needs,
        Activity.SURVEY: consultation.propose_needs,
        Activity.SUPPORT: consultation.support_needs,
        Activity.DISCUSS: consultation.discuss_needs,
        Activity.VOTE: consultation.vote_needs,
    }.get(activity, Needs.ANYONE)


def load(tenant_id: int, consultation_id: int) -> Card | None:
    consultation = queries.find_by_id(tenant_id, consultation_id)
    return _card(consultation) if consultation is not None else None


def find(tenant_id: int, slug: str) -> Card | None:
    tenant = find_tenant()
    if tenant is not None and tenant.id == tenant_id:  # what the page reads of it later is kept
        known = queries.find_consultation(tenant, slug)
        return _card(known) if known is not None else None
    wanted = select(Consultation).where(
        Consultation.tenant_id == tenant_id, Consultation.slug == slug
    )
    found = db.session.scalar(wanted)
    return _card(found) if found is not None else None


def load_many(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    wanted = select(Consultation).where(
        Consultation.tenant_id == tenant_id, Consultation.id.in_(ids)
    )
    return [_card(each) for each in db.session.scalars(wanted.order_by(Consultation.id))]


def is_shown(consultation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists().where(
        Consultation.id == consultation_id, Consultation.state.in_(sorted(PUBLIC))
    )


def select_entries() -> Select[int, int, str, str, str, int]:
    return select(
        Consultation.tenant_id.label("tenant_id"),
        Consultation.id.label("id"),
        Consultation.title.label("title"),
        literal("pl").label("language"),
        Consultation.slug.label("slug"),
        literal(0).label("number"),
    ).where(Consultation.state.in_(sorted(PUBLIC)))


def _card(consultation: Consultation) -> Card:
    # A draft is held: every list, search and file that asks states.is_shown leaves it out.
    is_draft = consultation.state in UNPUBLISHED
    return Card(
        kind=queries.KIND,
        id=consultation.id,
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        title=consultation.title,
        text=_text(consultation),
        url=_path(consultation.slug),
        state=ContentState.HELD if is_draft else ContentState.VISIBLE,
        author_id=None,
        author_label="",
        language="pl",
        at=consultation.published_at or consultation.created_at,
        official=True,
        name=consultation.slug,
        answer_due=consultation.answer_due,
    )


def _text(consultation: Consultation) -> str:
    texts = (consultation.summary, consultation.can_change, consultation.cannot_change)
    return "\n\n".join(texts)


def _path(slug: str) -> str:
    if has_request_context():
        return url_for("consultations.show", slug=slug)
    return current_app.url_map.bind("").build("consultations.show", {"slug": slug})


SUBJECT = SubjectKind(
    key=queries.KIND,
    label=N_("konsultacje"),
    load=load,
    load_many=load_many,
    find=find,
    is_shown=is_shown,
    entries=Entries(select=select_entries, url=lambda slug, _number: _path(slug)),
)


# Where it is announced: only so that its files are seen while the consultation is.


def load_announcement(tenant_id: int, announcement_id: int) -> Card | None:
    return next(iter(load_announcements(tenant_id, [announcement_id])), None)


def load_announcements(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    rows = db.session.execute(
        select(Announcement, Consultation)
        .join(Consultation, Consultation.id == Announcement.consultation_id)
        .where(Announcement.tenant_id == tenant_id, Announcement.id.in_(ids))
        .order_by(Announcement.id)
    )
    return [_announcement_card(row, consultation) for row, consultation in rows]


def _announcement_card(row: Announcement, consultation: Consultation) -> Card:
    of = _card(consultation)
    made = row.done_on is not None
    return replace(
        of,
        kind=announcements.KIND,
        id=row.id,
        text=row.words,
        name="",
        answer_due=None,
        state=of.state if made else ContentState.HELD,
    )


ANNOUNCEMENT = SubjectKind(
    key=announcements.KIND,
    label=N_("ogłoszenie o konsultacjach"),
    load=load_announcement,
    load_many=load_announcements,
)
