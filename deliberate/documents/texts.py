"""Documents as they are read: their versions, their units, what changed between two versions.

Rows of texts come from the table as they are: six hundred units are no six hundred objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import Integer, Row, Select, bindparam, func, select

from deliberate.algorithms.worddiff import Kind, word_diff
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.documents.content import Place
from deliberate.documents.kinds import Level
from deliberate.documents.models import Document, DocumentVersion, Remark, Unit, UnitText
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.models import StoredFile
from deliberate.subjects.visibility import shown

UnitRow = Row[*tuple[Any, ...]]  # Any: its columns are those of _units(), by name

PER_PAGE = 40  # units on one page of a document
OPENINGS = 80  # characters of a unit in the table of contents

TEXTS = UnitText.__table__.c
UNITS = Unit.__table__.c


class Became(StrEnum):
    """What became of a unit between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # the same words in another place
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One unit in two versions. ``was`` and ``path``: how it was and is called, "" for none."""

    number: int
    became: Became
    was: str
    path: str
    pieces: Sequence[tuple[Kind, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A document as lists show it: with its file and how many remarks may be shown."""

    document: Document
    file: StoredFile | None
    remarks: int


# Documents.


def find_document(consultation: Consultation, document_id: int) -> Document | None:
    """Return a document in any state."""
    document = db.session.get(Document, document_id)
    belongs = (
        document is not None
        and document.tenant_id == consultation.tenant_id
        and document.consultation_id == consultation.id
    )
    return document if belongs else None


def get_document(consultation: Consultation, document_id: int) -> Document:
    """Return a document of which a version stands; 404 for one that is only prepared."""
    document = find_document(consultation, document_id)
    return document if document is not None and document.version_no else abort(404)


def list_documents(consultation: Consultation) -> list[Put]:
    """Return the consultation's documents in their order, prepared ones too, in one query."""
    remarks = (
        select(func.count())
        .where(
            Remark.tenant_id == Document.tenant_id,
            Remark.document_id == Document.id,
            shown(Remark),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Document, StoredFile, remarks)
        .outerjoin(StoredFile, StoredFile.id == Document.file_id)
        .where(
            Document.tenant_id == consultation.tenant_id,
            Document.consultation_id == consultation.id,
        )
        .order_by(Document.position, Document.id)
    )
    return [Put(document=document, file=file, remarks=count) for document, file, count in rows]


def list_standing(consultation: Consultation) -> list[Put]:
    """Return the documents that people may read."""
    return [put for put in list_documents(consultation) if put.document.version_no]


def has_document(consultation: Consultation) -> bool:
    """Tell whether there is something to remark on."""
    found = db.session.scalar(
        select(Document.id)
        .where(
            Document.tenant_id == consultation.tenant_id,
            Document.consultation_id == consultation.id,
            Document.version_no > 0,
        )
        .limit(1)
    )
    return found is not None


def with_document(consultations: Sequence[Consultation]) -> frozenset[int]:
    """Return the ids of those, of one municipality, in which there is something to remark on."""
    found = db.session.scalars(
        select(Document.consultation_id).where(
            Document.tenant_id == consultations[0].tenant_id,
            Document.consultation_id.in_([each.id for each in consultations]),
            Document.version_no > 0,
        )
    )
    return frozenset(found)


# Versions.


def list_versions(document: Document) -> Sequence[DocumentVersion]:
    """Return all versions, the newest first."""
    return db.session.scalars(
        select(DocumentVersion)
        .where(
            DocumentVersion.tenant_id == document.tenant_id,
            DocumentVersion.document_id == document.id,
        )
        .order_by(DocumentVersion.no.desc())
    ).all()


def public_versions(
    consultation: Consultation, versions: Sequence[DocumentVersion]
) -> list[DocumentVersion]:
    """Leave out of versions, the newest first, those that were replaced before anybody saw them."""
    if consultation.state in UNPUBLISHED or consultation.published_at is None:
        return list(versions)
    public = []
    for version in versions:
        public.append(version)
        if version.made_at <= consultation.published_at:
            break
    return public


def first_public(consultation: Consultation, document: Document) -> int:
    """Return the number of the oldest version that people may read."""
    public = public_versions(consultation, list_versions(document))
    return public[-1].no if public else document.version_no


def is_public(consultation: Consultation, document: Document, version: int) -> bool:
    """Tell whether a version may be read: it stands, or stood since people could see it."""
    if version == document.version_no:
        return True
    return first_public(consultation, document) <= version < document.version_no


# Units.


def count_units(document: Document, version: int) -> int:
    return db.session.scalar(_select_count(), _of(document, version)) or 0


def list_units(
    document: Document, version: int, *, start: int = 0, most: int | None = None
) -> Sequence[UnitRow]:
    """Return units of a version in reading order, as rows.

    Each has unit_id, number, position, level, label, path, text, and remarks: how many of those
    on it may be shown.
    """
    asked = {**_of(document, version), "start": start, "most": most or 2**31 - 1}
    return fetch_rows(_select_units(), asked)


def list_contents(document: Document, version: int) -> Sequence[UnitRow]:
    """Return the headings and paragraphs of a version: number, position, level, path, opening."""
    return fetch_rows(_select_contents(), _of(document, version))


def list_places(document: Document, version: int) -> Sequence[UnitRow]:
    """Return every unit of a version as a form lists it: number, level, path, opening."""
    return fetch_rows(_select_places(), _of(document, version))


def find_unit(document: Document, version: int, number: int) -> UnitRow | None:
    """Return one unit as list_units gives it, or None if that version does not have it."""
    found = fetch_rows(_select_unit(), {**_of(document, version), "number": number})
    return found[0] if found else None


def find_last_place(consultation: Consultation, document: Document, number: int) -> UnitRow | None:
    """Return a unit as it stood in the last kept version that has it, if people may read that."""
    wanted = (
        _units()
        .where(
            TEXTS.document_id == document.id,
            TEXTS.tenant_id == document.tenant_id,
            TEXTS.version_no <= document.version_no,
            UNITS.number == number,
        )
        .order_by(TEXTS.version_no.desc())
        .limit(1)
    )
    found = next(iter(fetch_rows(wanted)), None)
    if found is None or not is_public(consultation, document, found.version_no):
        return None
    return found


def place_in(document: Document, version: int, number: int | None) -> Place | None:
    """Return the place that a remark names; the whole document without a number.

    None when that version has no such unit, or is not kept.
    """
    if not 0 < version <= document.version_no:
        return None
    if number is None:
        return Place(document_id=document.id, version=version)
    row = find_unit(document, version, number)
    if row is None:
        return None
    return Place(
        document_id=document.id,
        version=version,
        unit_id=row.unit_id,
        number=number,
        path=row.path,
        text=row.text,
    )


# What changed.


def compare(old: Sequence[UnitRow], new: Sequence[UnitRow]) -> list[Change]:
    """Return what is different between two versions, in the order of the new one.

    What was removed stands after what it followed.
    """
    before = {row.number: row for row in old}
    after = {row.number for row in new}
    gone = _gone_after(old, after)
    changes = [_removed(row) for row in gone.get(None, ())]
    for row in new:
        former = before.get(row.number)
        if former is None:
            changes.append(_added(row))
        elif former.text != row.text:
            changes.append(_changed(former, row, Became.CHANGED))
        elif former.path != row.path:
            changes.append(_changed(former, row, Became.MOVED))
        changes += (_removed(removed) for removed in gone.get(row.number, ()))
    return changes


def _gone_after(old: Sequence[UnitRow], after: set[int]) -> Mapping[int | None, list[UnitRow]]:
    """Return what the new version lacks, by the number of the last unit before it that stays."""
    gone: dict[int | None, list[UnitRow]] = {}
    last: int | None = None
    for row in old:
        if row.number in after:
            last = row.number
        else:
            gone.setdefault(last, []).append(row)
    return gone


def _added(row: UnitRow) -> Change:
    pieces = [(Kind.ADDED, row.text)]
    return Change(number=row.number, became=Became.ADDED, was="", path=row.path, pieces=pieces)


def _removed(row: UnitRow) -> Change:
    pieces = [(Kind.REMOVED, row.text)]
    return Change(number=row.number, became=Became.REMOVED, was=row.path, path="", pieces=pieces)


def _changed(former: UnitRow, row: UnitRow, became: Became) -> Change:
    return Change(
        number=row.number,
        became=became,
        was=former.path,
        path=row.path,
        pieces=word_diff(former.text, row.text),
    )


# Statements, each made once and asked with values.


def _of(document: Document, version: int) -> dict[str, object]:
    return {"tenant_id": document.tenant_id, "document_id": document.id, "version_no": version}


def _units() -> Select[*tuple[Any, ...]]:
    joined = UnitText.__table__.join(Unit.__table__, UNITS.id == TEXTS.unit_id)
    return select(
        TEXTS.unit_id,
        TEXTS.version_no,
        UNITS.number,
        TEXTS.position,
        TEXTS.level,
        TEXTS.label,
        TEXTS.path,
        TEXTS.text,
        UNITS.remarks,
    ).select_from(joined)


def _in_version(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return wanted.where(
        TEXTS.document_id == bindparam("document_id"),
        TEXTS.version_no == bindparam("version_no"),
        TEXTS.tenant_id == bindparam("tenant_id"),
    )


@cache
def _select_units() -> Select[*tuple[Any, ...]]:
    start, most = bindparam("start", type_=Integer), bindparam("most", type_=Integer)
    return _in_version(_units()).order_by(TEXTS.position).offset(start).limit(most)


@cache
def _select_unit() -> Select[*tuple[Any, ...]]:
    return _in_version(_units()).where(UNITS.number == bindparam("number"))


@cache
def _select_places() -> Select[*tuple[Any, ...]]:
    joined = UnitText.__table__.join(Unit.__table__, UNITS.id == TEXTS.unit_id)
    rows = select(
        UNITS.number,
        TEXTS.position,
        TEXTS.level,
        TEXTS.path,
        func.substr(TEXTS.text, 1, OPENINGS).label("opening"),
    )
    return _in_version(rows.select_from(joined)).order_by(TEXTS.position)


@cache
def _select_contents() -> Select[*tuple[Any, ...]]:
    return _select_places().where(TEXTS.level.in_((Level.HEADING, Level.PARAGRAPH)))


@cache
def _select_count() -> Select[int]:
    return _in_version(select(func.count()).select_from(UnitText.__table__))
