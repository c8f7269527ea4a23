"""A long document with many remarks, for measuring."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from deliberate.algorithms import samewords
from deliberate.algorithms.folding import fold
from deliberate.cli import words
from deliberate.cli.load_rows import Row, insert_rows, open_consultation, signed
from deliberate.consultations.models import Consultation, Template
from deliberate.documents.kinds import Channel, Level, RemarkKind
from deliberate.documents.models import Document, DocumentVersion, Remark, Unit, UnitText
from deliberate.kernel.db import db, transaction

IN_PARAGRAPH = 6  # units: the paragraph itself and what stands in it


def load_document(  # noqa: PLR0917 - as load() has them
    beside: Consultation,
    person_ids: Sequence[int],
    units: int,
    remarks: int,
    chance: random.Random,
    now: datetime,
) -> None:
    """Add a consultation with one document beside another one, under its name and "-dokument"."""
    document = _open(beside, now)
    unit_ids = _insert_units(document, units, chance)
    _insert_remarks(document, unit_ids, person_ids, remarks, chance, now)


def _open(beside: Consultation, now: datetime) -> Document:
    with transaction():
        consultation = open_consultation(
            beside.tenant_id,
            f"{beside.slug}-dokument",
            template=Template.DOCUMENT,
            title="Co zmienić w tym dokumencie?",
            phase="Zbieramy uwagi",
            activities="remark",
            now=now,
        )
        document = Document(
            tenant_id=consultation.tenant_id,
            consultation_id=consultation.id,
            position=1,
            title="Projekt programu",
            created_at=now,
        )
        db.session.add(document)
        db.session.flush()
    return document


def _insert_units(document: Document, count: int, chance: random.Random) -> list[int]:
    own = {"tenant_id": document.tenant_id, "document_id": document.id}
    ids = insert_rows(
        Unit, ({**own, "number": number} for number in range(1, count + 1)), count, "jednostki"
    )

    def text(place: int, unit_id: int) -> Row:
        label, path = place_name(place)
        return {
            **own,
            "unit_id": unit_id,
            "version_no": 1,
            "position": place + 1,
            "level": Level.SECTION if place % IN_PARAGRAPH else Level.PARAGRAPH,
            "label": label,
            "path": path,
            "text": f"{label}. " + " ".join(chance.sample(words.REASONS, 2)),
        }

    texts = (text(place, unit_id) for place, unit_id in enumerate(ids))
    insert_rows(UnitText, texts, count, "teksty", keyed=False)
    with transaction():  # only now: a version that is kept gets no more units
        db.session.add(DocumentVersion(**own, no=1, made_at=document.created_at))
        db.session.execute(
            update(Document)
            .where(Document.id == document.id)
            .values(last_unit=count, version_no=1)
            .execution_options(touches=document.tenant_id)
        )
    return ids


def place_name(place: int) -> tuple[str, str]:
    """Return what the unit at a place, from 0, is called: alone, and in the whole document."""
    paragraph, section = divmod(place, IN_PARAGRAPH)
    outer = f"§ {paragraph + 1}"
    return (f"ust. {section}", f"{outer} ust. {section}") if section else (outer, outer)


def _insert_remarks(  # noqa: PLR0917 - as they follow from each other
    document: Document,
    unit_ids: Sequence[int],
    person_ids: Sequence[int],
    count: int,
    chance: random.Random,
    now: datetime,
) -> None:
    places = [number % len(unit_ids) for number in range(count)]

    def row(number: int) -> Row:
        place = places[number - 1]
        body = " ".join(chance.sample(words.REASONS, 3))
        author = signed(person_ids, chance, now)
        return {
            "tenant_id": document.tenant_id,
            "consultation_id": document.consultation_id,
            "number": number,
            "document_id": document.id,
            "on_unit_id": unit_ids[place],
            "document_version": 1,
            "place": place_name(place)[1],
            "kind": RemarkKind.GENERAL,
            "body": body,
            "channel": Channel.WEB,
            "received_on": author["created_at"].date(),
            "same_as": samewords.key(body),
            "folded": fold(body),
            **author,
        }

    insert_rows(Remark, (row(number) for number in range(1, count + 1)), count, "uwagi")
    with transaction():
        touches = {"touches": document.tenant_id}
        for place, unit_id in enumerate(unit_ids):
            db.session.execute(
                update(Unit).where(Unit.id == unit_id).values(remarks=places.count(place)),
                execution_options=touches,
            )
        db.session.execute(
            update(Consultation)
            .where(Consultation.id == document.consultation_id)
            .values(last_number=count),
            execution_options=touches,
        )
