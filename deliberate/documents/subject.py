"""A remark, and a document, as lower packages meet them: cards."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, select

from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.documents import actions, senders
from deliberate.documents.kinds import DOCUMENT, DRAFT, KIND, RemarkState
from deliberate.documents.models import Document, Remark
from deliberate.kernel.db import db
from deliberate.kernel.prose import excerpt
from deliberate.kernel.texts import N_
from deliberate.subjects.registry import Card, SubjectKind
from deliberate.subjects.states import ContentState
from deliberate.subjects.visibility import shown

LONGEST_TITLE = 100
MOST_SIGNED = 50  # on an organisation's page


def load(tenant_id: int, remark_id: int) -> Card | None:
    row = db.session.execute(_select(tenant_id).where(Remark.id == remark_id)).first()
    return _card(row[0], row[1]) if row is not None else None


def load_many(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    return _cards(_select(tenant_id).where(Remark.id.in_(ids)))


def list_in(tenant_id: int, consultation_id: int) -> Sequence[Card]:
    """Return what the office has to answer: what may be shown and was not withdrawn, by number."""
    return _cards(_select(tenant_id).where(_is_to_answer(consultation_id)).order_by(Remark.number))


def select_in(tenant_id: int, consultation_id: int) -> Select[int]:
    return (
        select(Remark.id)
        .where(Remark.tenant_id == tenant_id, _is_to_answer(consultation_id))
        .order_by(Remark.number)
    )


def signed_by(tenant_id: int, organisation_id: int) -> Sequence[Card]:
    """Return what was remarked in an organisation's name and is shown, the newest first."""
    return _cards(
        _select(tenant_id)
        .where(Remark.organisation_id == organisation_id, shown(Remark))
        .order_by(Remark.id.desc())
        .limit(MOST_SIGNED)
    )


def is_shown(remark_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists().where(Remark.id == remark_id, shown(Remark))


def _is_to_answer(consultation_id: int) -> ColumnElement[bool]:
    return and_(
        Remark.consultation_id == consultation_id,
        Remark.state != RemarkState.WITHDRAWN,
        shown(Remark),
    )


def _select(tenant_id: int) -> Select[Remark, str]:
    return (
        select(Remark, Consultation.slug)
        .join(Consultation, Consultation.id == Remark.consultation_id)
        .where(Remark.tenant_id == tenant_id)
    )


def _cards(wanted: Select[Remark, str]) -> Sequence[Card]:
    return [_card(row[0], row[1]) for row in db.session.execute(wanted)]


def _card(remark: Remark, slug: str) -> Card:
    said = remark.body or remark.wording
    texts = (remark.wording, remark.body)
    return Card(
        kind=KIND,
        id=remark.id,
        tenant_id=remark.tenant_id,
        consultation_id=remark.consultation_id,
        title=excerpt(said, LONGEST_TITLE),
        text="\n\n".join(text for text in texts if text),
        url=url_for("documents.remark", slug=slug, number=remark.number),
        state=ContentState(remark.content_state),
        author_id=remark.author_id,
        author_label=", ".join(filter(None, (remark.author_name, remark.capacity_label))),
        language=remark.language,
        at=remark.created_at,
        official=remark.capacity == Capacity.OFFICE,
        number=remark.number,
        place=remark.place,
        same_as=remark.same_as,
    )


REMARK = SubjectKind(
    key=KIND,
    label=N_("uwaga"),
    load=load,
    load_many=load_many,
    restrict=actions.restrict,
    list_in=list_in,
    select_in=select_in,
    senders=senders.addresses,
    signed_by=signed_by,
    is_shown=is_shown,
)


# Documents: for their files, which are seen while the consultation is. What is only prepared is
# held, so that nobody outside the office gets its file.


def load_document(tenant_id: int, document_id: int) -> Card | None:
    return next(iter(_documents(tenant_id, [document_id], DOCUMENT)), None)


def load_documents(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    return _documents(tenant_id, ids, DOCUMENT)


def load_draft(tenant_id: int, document_id: int) -> Card | None:
    return next(iter(_documents(tenant_id, [document_id], DRAFT)), None)


def load_drafts(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    return _documents(tenant_id, ids, DRAFT)


def _documents(tenant_id: int, ids: Sequence[int], kind: str) -> list[Card]:
    rows = db.session.execute(
        select(Document, Consultation.slug, Consultation.state)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(Document.tenant_id == tenant_id, Document.id.in_(ids))
    )
    return [
        _document_card(
            document,
            slug,
            kind,
            is_public=kind == DOCUMENT and document.version_no > 0 and state not in UNPUBLISHED,
        )
        for document, slug, state in rows
    ]


def _document_card(document: Document, slug: str, kind: str, *, is_public: bool) -> Card:
    return Card(
        kind=kind,
        id=document.id,
        tenant_id=document.tenant_id,
        consultation_id=document.consultation_id,
        title=document.title,
        text="",
        url=url_for("documents.show", slug=slug, document_id=document.id),
        state=ContentState.VISIBLE if is_public else ContentState.HELD,
        author_id=None,
        author_label="",
        language=document.language,
        at=document.created_at,
        official=True,
    )


PUT_UP = SubjectKind(
    key=DOCUMENT, label=N_("dokument"), load=load_document, load_many=load_documents
)
PREPARED = SubjectKind(
    key=DRAFT, label=N_("przygotowywany dokument"), load=load_draft, load_many=load_drafts
)
