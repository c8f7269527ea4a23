"""Putting documents up: read in, cut by hand, kept. An action here never commits.

What is prepared lies beside the document as units of the version after the one that stands. It is
written anew at each change: six hundred rows are a moment, and paths follow from the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from deliberate.algorithms import units
from deliberate.algorithms.units import Piece
from deliberate.audit import entries
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.documents import rules, texts
from deliberate.documents.kinds import DOCUMENT, DRAFT, Level
from deliberate.documents.models import Document, DocumentVersion, Unit, UnitText
from deliberate.documents.rules import PreparingFacts
from deliberate.kernel import files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A unit in preparation; ``number`` None: it gets one of its own."""

    number: int | None
    piece: Piece


def start(
    consultation: Consultation, *, title: str, language: str, actor: Actor, now: datetime
) -> Document:
    """Add a document of which nothing stands yet."""
    lock(Consultation, consultation.id)
    _refuse(consultation, is_same=True)
    last = db.session.scalar(
        select(func.max(Document.position)).where(
            Document.tenant_id == consultation.tenant_id,
            Document.consultation_id == consultation.id,
        )
    )
    document = Document(
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        position=(last or 0) + 1,
        title=title,
        language=language,
        version_no=0,
        last_unit=0,
        revision=1,
        created_at=now,
    )
    db.session.add(document)
    db.session.flush()
    _record("document.started", document, actor, now)
    return document


def read_in(
    consultation: Consultation,
    document: Document,
    pieces: Sequence[Piece],
    file: StoredFile | None,
    *,
    based_on: int,
) -> None:
    """Prepare a version of these pieces in place of what was prepared before.

    Units that go on keep their numbers, and what was cut by hand is cut again; ``pieces`` may be
    empty: the file alone is put up.
    """
    _begin(consultation, document, based_on)
    standing = texts.list_units(document, document.version_no) if document.version_no else []
    old = [_piece(row) for row in standing]
    numbers = [row.number for row in standing]
    if old:
        pieces = units.placed(units.recut(old, pieces))
    went = units.match(old, pieces) if old else [None] * len(pieces)
    _write(
        document,
        [
            Part(number=numbers[at] if at is not None else None, piece=piece)
            for at, piece in zip(went, pieces, strict=True)
        ],
    )
    _set_draft_file(document, file)


def copy(consultation: Consultation, document: Document, *, based_on: int) -> None:
    """Prepare a version that is the one that stands, to cut it otherwise."""
    _begin(consultation, document, based_on)
    _write(document, _parts(document, document.version_no))
    _set_draft_file(document, None)


def split(
    consultation: Consultation, document: Document, number: int, at: int, *, based_on: int
) -> None:
    """Cut a unit before a character of its text; the first part keeps the number."""
    _begin(consultation, document, based_on)
    parts, place = _find(document, number)
    try:
        first, second = units.split(parts[place].piece, at)
    except ValueError as error:
        raise Refused(rules.NO_SUCH_CUT) from error
    parts[place : place + 1] = [
        Part(number=number, piece=first),
        Part(number=None, piece=second),
    ]
    _write(document, parts)


def merge(consultation: Consultation, document: Document, number: int, *, based_on: int) -> None:
    """Join a unit to the one before it, which keeps its number and name."""
    _begin(consultation, document, based_on)
    parts, place = _find(document, number)
    if place == 0:
        raise Refused(rules.FIRST_UNIT)
    joined = units.merge([parts[place - 1].piece, parts[place].piece])
    parts[place - 1 : place + 1] = [replace(parts[place - 1], piece=joined)]
    _write(document, parts)


def change(
    consultation: Consultation,
    document: Document,
    number: int,
    *,
    label: str,
    level: Level,
    text: str,
    based_on: int,
) -> None:
    """Name a unit otherwise, set its level, mend its text."""
    _begin(consultation, document, based_on)
    parts, place = _find(document, number)
    piece = replace(parts[place].piece, label=label, level=str(level), text=text)
    parts[place] = replace(parts[place], piece=piece)
    _write(document, parts)


def keep(
    consultation: Consultation,
    document: Document,
    *,
    title: str,
    note: str,
    based_on: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Make what is prepared the version that stands. Returns its number.

    A document without units is put up as its file alone.
    """
    _begin(consultation, document, based_on)
    draft_file = db.session.get(StoredFile, document.draft_file_id or 0)
    number = document.version_no + 1
    has_units = texts.count_units(document, number) > 0
    if not has_units and draft_file is None:
        raise Refused(rules.NO_UNITS)
    if draft_file is not None:
        files.attach(draft_file, DOCUMENT, document.id)
        document.file_id, document.draft_file_id = draft_file.id, None
    db.session.add(
        DocumentVersion(
            tenant_id=document.tenant_id,
            document_id=document.id,
            no=number,
            note=note,
            file_name=draft_file.name if draft_file is not None else "",
            file_id=draft_file.id if draft_file is not None else None,
            made_by=actor.person_id,
            made_at=now,
        )
    )
    document.version_no = number
    document.title = title
    _record("document.kept", document, actor, now, note=note)
    return number


def discard(consultation: Consultation, document: Document, *, based_on: int) -> None:
    """Forget what is prepared; a document of which nothing stands goes with it."""
    _begin(consultation, document, based_on)
    _set_draft_file(document, None)
    _write(document, [])
    if not document.version_no:
        db.session.delete(document)


def remove(
    consultation: Consultation, document: Document, *, based_on: int, actor: Actor, now: datetime
) -> None:
    """Take a document away before the consultation is published."""
    _begin(consultation, document, based_on)
    if consultation.state != State.DRAFT:
        raise Refused(rules.PUBLISHED)
    _record("document.removed", document, actor, now)
    for kind in (DOCUMENT, DRAFT):
        for file in files.list_files(document.tenant_id, kind, document.id):
            files.detach(file)
    document.file_id = document.draft_file_id = None
    for table in (UnitText, DocumentVersion, Unit):
        db.session.execute(
            delete(table)
            .where(table.tenant_id == document.tenant_id, table.document_id == document.id)
            .execution_options(touches=document.tenant_id)
        )
    db.session.delete(document)


def has_draft(document: Document) -> bool:
    """Tell whether something is being prepared."""
    if document.draft_file_id is not None or not document.version_no:
        return True
    return texts.count_units(document, document.version_no + 1) > 0


def refusal_of(consultation: Consultation) -> Refusal | None:
    """Return why documents of this consultation do not change now, for the page."""
    return rules.preparing_refusal(_facts(consultation, is_same=True))


def _facts(consultation: Consultation, *, is_same: bool) -> PreparingFacts:
    return PreparingFacts(
        awaits_approval=consultation.state == State.AWAITING_APPROVAL,
        is_archived=consultation.state == State.ARCHIVED,
        is_same=is_same,
    )


def _refuse(consultation: Consultation, *, is_same: bool) -> None:
    if refusal := rules.preparing_refusal(_facts(consultation, is_same=is_same)):
        raise Refused(refusal)


def _begin(consultation: Consultation, document: Document, based_on: int) -> None:
    """Hold the document; refuse whoever saw it before somebody else's change."""
    lock(Document, document.id)
    _refuse(consultation, is_same=document.revision == based_on)
    document.revision += 1


def _parts(document: Document, version: int) -> list[Part]:
    return [
        Part(number=row.number, piece=_piece(row)) for row in texts.list_units(document, version)
    ]


def _find(document: Document, number: int) -> tuple[list[Part], int]:
    """Return what is prepared, and where in it the unit is."""
    parts = _parts(document, document.version_no + 1)
    for place, part in enumerate(parts):
        if part.number == number:
            return parts, place
    raise Refused(rules.CHANGED_MEANWHILE)


def _piece(row: texts.UnitRow) -> Piece:
    return Piece(level=row.level, label=row.label, path=row.path, text=row.text)


def _write(document: Document, parts: Sequence[Part]) -> None:
    """Make these parts the prepared version: paths anew, numbers for those without one."""
    version = document.version_no + 1
    pieces = units.placed(part.piece for part in parts)
    db.session.execute(
        delete(UnitText)
        .where(
            UnitText.tenant_id == document.tenant_id,
            UnitText.document_id == document.id,
            UnitText.version_no == version,
        )
        .execution_options(touches=document.tenant_id)
    )
    ids = _units_for(document, [part.number for part in parts])
    if pieces:
        db.session.execute(
            insert(UnitText),
            [
                {
                    "tenant_id": document.tenant_id,
                    "document_id": document.id,
                    "unit_id": unit_id,
                    "version_no": version,
                    "position": position,
                    "level": piece.level,
                    "label": piece.label,
                    "path": piece.path,
                    "text": piece.text,
                }
                for position, (unit_id, piece) in enumerate(zip(ids, pieces, strict=True), start=1)
            ],
        )
    _drop_unused(document)


def _units_for(document: Document, numbers: Iterable[int | None]) -> list[int]:
    """Return the unit's id for each number, with new units for those that have none."""
    rows = db.session.execute(
        select(Unit.number, Unit.id).where(
            Unit.tenant_id == document.tenant_id, Unit.document_id == document.id
        )
    )
    known: dict[int, int] = {row.number: row.id for row in rows}
    given = []
    for number in numbers:
        if number is None:
            document.last_unit += 1
            given.append(document.last_unit)
        else:
            given.append(number)
    new = [
        {"tenant_id": document.tenant_id, "document_id": document.id, "number": n, "remarks": 0}
        for n in given
        if n not in known
    ]
    if new:
        made = db.session.execute(insert(Unit).returning(Unit.number, Unit.id), new)
        known |= {row.number: row.id for row in made}
    return [known[number] for number in given]


def _drop_unused(document: Document) -> None:
    """Remove units that only a forgotten preparation had; their numbers are free again."""
    still = select(UnitText.unit_id).where(
        UnitText.tenant_id == document.tenant_id, UnitText.document_id == document.id
    )
    db.session.execute(
        delete(Unit)
        .where(
            Unit.tenant_id == document.tenant_id,
            Unit.document_id == document.id,
            Unit.id.not_in(still),
        )
        .execution_options(touches=document.tenant_id, synchronize_session=False)
    )
    last = db.session.scalar(
        select(func.max(Unit.number)).where(
            Unit.tenant_id == document.tenant_id, Unit.document_id == document.id
        )
    )
    document.last_unit = last or 0


def _set_draft_file(document: Document, file: StoredFile | None) -> None:
    if file is not None and file.id == document.draft_file_id:
        return
    former = db.session.get(StoredFile, document.draft_file_id or 0)
    if former is not None:
        files.detach(former)
    if file is not None:
        files.attach(file, DRAFT, document.id)
    document.draft_file_id = file.id if file is not None else None


def _record(
    action: str, document: Document, actor: Actor, now: datetime, *, note: str = ""
) -> None:
    entries.record(
        action,
        f"document:{document.id}",
        actor=actor,
        at=now,
        tenant_id=document.tenant_id,
        consultation=document.consultation_id,
        title=document.title,
        version=document.version_no,
        note=note,
    )
