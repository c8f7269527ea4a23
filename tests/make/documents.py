"""Documents in units, their versions, and remarks on them."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from deliberate.algorithms import units
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.documents import actions as remarks
from deliberate.documents import preparing
from deliberate.documents import texts as documents
from deliberate.documents.content import Content, Place
from deliberate.documents.kinds import Channel, Level, RemarkKind
from deliberate.documents.models import Document, DocumentVersion, Remark, Unit, UnitText
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, transaction
from tests.make.people import person


def document(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    texts: Iterable[str] = ("§ 1. Program trwa rok.", "§ 2. Na zadania jest 500 000 zł."),
    title: str = "Projekt programu współpracy",
) -> int:
    """Make a document whose first version stands; a § for each text."""
    now = clock.now()
    with app.app_context(), transaction():
        row = Document(
            tenant_id=tenant,
            consultation_id=consultation,
            position=1,
            title=title,
            version_no=0,
            last_unit=0,
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        for number, text in enumerate(texts, start=1):
            unit_row = Unit(tenant_id=tenant, document_id=row.id, number=number)
            db.session.add(unit_row)
            db.session.flush()
            db.session.add(
                UnitText(
                    tenant_id=tenant,
                    document_id=row.id,
                    unit_id=unit_row.id,
                    version_no=1,
                    position=number,
                    level=Level.PARAGRAPH,
                    label=f"§ {number}",
                    path=f"§ {number}",
                    text=text,
                )
            )
            row.last_unit = number
        db.session.flush()
        db.session.add(DocumentVersion(tenant_id=tenant, document_id=row.id, no=1, made_at=now))
        row.version_no = 1
        return row.id


def document_draft(app: Flask, document: int, *lines: str) -> None:
    """Prepare a version of these lines, or of the units that stand."""
    with app.app_context(), transaction():
        row = db.session.get_one(Document, document)
        parent = db.session.get_one(Consultation, row.consultation_id)
        if lines:
            pieces = units.parse(lines)
            preparing.read_in(parent, row, pieces, None, based_on=row.revision)
        else:
            preparing.copy(parent, row, based_on=row.revision)


def document_version(app: Flask, document: int, *lines: str) -> None:
    """Make a further version of a document stand."""
    document_draft(app, document, *lines)
    with app.app_context(), transaction():
        row = db.session.get_one(Document, document)
        preparing.keep(
            db.session.get_one(Consultation, row.consultation_id),
            row,
            title=row.title,
            note="",
            based_on=row.revision,
            actor=Actor(tenant_id=row.tenant_id),
            now=clock.now(),
        )


def remark(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    document: int | None = None,
    unit: int | None = None,
    author: int | None = None,
    body: str = "Kwota powinna być wyższa.",
    kind: RemarkKind = RemarkKind.CHANGE,
    channel: Channel = Channel.WEB,
    entered_by: int | None = None,
) -> int:
    """Make a remark on a unit of a document, by its number, or on the whole."""
    now = clock.now()
    if channel is Channel.WEB and author is None:
        author = person(app, resident_of=tenant)
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        place = Place()
        if document is not None:
            found = documents.place_in(db.session.get_one(Document, document), 1, unit)
            assert found is not None
            place = found
        row = Remark(
            author_id=author,
            author_name="Halina K." if author is not None else "mieszkanka",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu" if author is not None else "",
            channel=channel,
            entered_by=entered_by,
            received_on=clock.local(now).date(),
            created_at=now,
            version_no=1,
        )
        content = Content(place=place, kind=kind, body=body)
        remarks.add(parent, row, content, author_label=row.author_name)
        return row.id
