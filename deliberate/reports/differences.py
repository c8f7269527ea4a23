"""What changed in a document: how each place reads now beside how it read when people wrote."""

from __future__ import annotations

from sqlalchemy import select

from deliberate.consultations.models import Consultation
from deliberate.documents import texts
from deliberate.documents.models import Document, DocumentVersion, UnitText
from deliberate.kernel.db import db, fetch_rows
from deliberate.reports import blocks
from deliberate.reports.blocks import Block

NUMBERLESS = "akapit bez numeru"
ADDED, REMOVED = "(nie było)", "(skreślono)"


def blocks_of(consultation: Consultation, document: Document) -> list[Block | None]:
    """Return the table of differences between what people could first read and what stands."""
    first = texts.first_public(consultation, document)
    if first == document.version_no:
        return []
    rows = _changed(document, first)
    if not rows:
        return [blocks.prose("Tekst dokumentu się nie zmienił.", document.title)]
    version = f"{document.version_no} {_note(document)}".strip()
    caption = f"{document.title} – zmiany po konsultacjach"
    return [
        blocks.facts([("Wersja po konsultacjach", version)]),
        blocks.table(caption, ["Miejsce", "Było", "Jest"], rows),
    ]


def _changed(document: Document, first: int) -> list[list[str]]:
    rows = fetch_rows(
        select(UnitText.unit_id, UnitText.version_no, UnitText.path, UnitText.text)
        .where(
            UnitText.tenant_id == document.tenant_id,
            UnitText.document_id == document.id,
            UnitText.version_no.in_([first, document.version_no]),
        )
        .order_by(UnitText.position, UnitText.version_no)
    )
    before = {row.unit_id: row for row in rows if row.version_no == first}
    after = {row.unit_id: row for row in rows if row.version_no == document.version_no}
    changed = []
    for unit_id in dict.fromkeys(row.unit_id for row in rows):
        old, new = before.get(unit_id), after.get(unit_id)
        was = old.text if old is not None else ADDED
        reads = new.text if new is not None else REMOVED
        if was != reads:
            path = new.path if new is not None else before[unit_id].path
            changed.append([path or NUMBERLESS, was, reads])
    return changed


def _note(document: Document) -> str:
    """Return why there is a new version, as the office said."""
    note = db.session.scalar(
        select(DocumentVersion.note).where(
            DocumentVersion.tenant_id == document.tenant_id,
            DocumentVersion.document_id == document.id,
            DocumentVersion.no == document.version_no,
        )
    )
    return note or ""
