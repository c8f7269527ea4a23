"""A proposal as lower packages meet it: a card."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, select

from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db
from deliberate.kernel.texts import N_
from deliberate.proposals import actions
from deliberate.proposals.models import Proposal, State
from deliberate.proposals.queries import KIND
from deliberate.subjects.registry import Card, Entries, SubjectKind
from deliberate.subjects.states import ContentState
from deliberate.subjects.visibility import shown

MOST_SIGNED = 50  # on an organisation's page


def load(tenant_id: int, proposal_id: int) -> Card | None:
    row = db.session.execute(_select(tenant_id).where(Proposal.id == proposal_id)).first()
    return _card(row[0], row[1]) if row is not None else None


def load_many(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    return _cards(_select(tenant_id).where(Proposal.id.in_(ids)))


def list_in(tenant_id: int, consultation_id: int) -> Sequence[Card]:
    """Return what the office has to answer: what may be shown and was not withdrawn, by number."""
    return _cards(
        _select(tenant_id).where(_is_to_answer(consultation_id)).order_by(Proposal.number)
    )


def select_in(tenant_id: int, consultation_id: int) -> Select[int]:
    return (
        select(Proposal.id)
        .where(Proposal.tenant_id == tenant_id, _is_to_answer(consultation_id))
        .order_by(Proposal.number)
    )


def signed_by(tenant_id: int, organisation_id: int) -> Sequence[Card]:
    """Return what was proposed in an organisation's name and is shown, the newest first."""
    return _cards(
        _select(tenant_id)
        .where(Proposal.organisation_id == organisation_id, shown(Proposal))
        .order_by(Proposal.id.desc())
        .limit(MOST_SIGNED)
    )


def is_shown(proposal_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists().where(Proposal.id == proposal_id, shown(Proposal))


def select_entries() -> Select[int, int, str, str, str, int]:
    return (
        select(
            Proposal.tenant_id.label("tenant_id"),
            Proposal.id.label("id"),
            Proposal.title.label("title"),
            Proposal.language.label("language"),
            Consultation.slug.label("slug"),
            Proposal.number.label("number"),
        )
        .join(Consultation, Consultation.id == Proposal.consultation_id)
        .where(shown(Proposal))
    )


def _url(slug: str, number: int) -> str:
    return url_for("proposals.show", slug=slug, number=number)


def _is_to_answer(consultation_id: int) -> ColumnElement[bool]:
    return and_(
        Proposal.consultation_id == consultation_id,
        Proposal.state != State.WITHDRAWN,
        shown(Proposal),
    )


def _select(tenant_id: int) -> Select[Proposal, str]:
    return (
        select(Proposal, Consultation.slug)
        .join(Consultation, Consultation.id == Proposal.consultation_id)
        .where(Proposal.tenant_id == tenant_id)
    )


def _cards(wanted: Select[Proposal, str]) -> Sequence[Card]:
    return [_card(row[0], row[1]) for row in db.session.execute(wanted)]


def _card(proposal: Proposal, slug: str) -> Card:
    texts = (proposal.title, proposal.place, proposal.reason, proposal.details)
    return Card(
        kind=KIND,
        id=proposal.id,
        tenant_id=proposal.tenant_id,
        consultation_id=proposal.consultation_id,
        title=proposal.title,
        text="\n\n".join(text for text in texts if text),
        url=_url(slug, proposal.number),
        state=ContentState(proposal.content_state),
        author_id=proposal.author_id,
        author_label=f"{proposal.author_name}, {proposal.capacity_label}",
        language=proposal.language,
        at=proposal.created_at,
        official=proposal.capacity == Capacity.OFFICE,
        number=proposal.number,
    )


SUBJECT = SubjectKind(
    key=KIND,
    label=N_("propozycja"),
    load=load,
    load_many=load_many,
    restrict=actions.restrict,
    list_in=list_in,
    select_in=select_in,
    voiced=actions.add_voices,
    signed_by=signed_by,
    is_shown=is_shown,
    entries=Entries(select=select_entries, url=_url),
)
