"""Open data: the remarks of a consultation that may be shown, as CSV and as JSON.

Without names of people: a page shows them to who reads it, a file travels further. In whose name
a remark was made stays, as an institution is no private person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from deliberate.answers.positions import REMARK_LABELS, Position
from deliberate.consultations.models import Consultation
from deliberate.documents import public_list
from deliberate.documents.kinds import (
    CHANNEL_LABELS,
    KIND_LABELS,
    Channel,
    RemarkKind,
    RemarkState,
)
from deliberate.kernel.sheets import Cell, csv_bytes

HEADER = (
    "numer",
    "wplynela",
    "droga",
    "po_terminie",
    "dokument",
    "miejsce",
    "numer_jednostki",
    "rodzaj",
    "proponowane_brzmienie",
    "uzasadnienie",
    "w_czyim_imieniu",
    "jezyk",
    "wycofana",
    "powod_wycofania",
    "stanowisko",
    "uzasadnienie_stanowiska",
    "jednakowa_z",
    "wersja",
)


def as_csv(consultation: Consultation) -> bytes:
    return csv_bytes(HEADER, _rows(consultation))


def as_json(consultation: Consultation) -> bytes:
    """Return the same rows as objects: texts as they were written."""
    rows = [dict(zip(HEADER, row, strict=True)) for row in _rows(consultation)]
    data = {"konsultacje": consultation.slug, "uwagi": rows}
    return json.dumps(data, ensure_ascii=False, default=str).encode()


def _rows(consultation: Consultation) -> Iterator[list[Cell]]:
    first_of: dict[str, int] = {}  # of each mass letter the number it came first under
    for remark in public_list.iter_shown(consultation):
        first = first_of.setdefault(remark.same_as, remark.number)
        yield _row(remark, first)


def _row(remark: Row[*tuple[Any, ...]], first: int) -> list[Cell]:
    # Any: rows of public_list.iter_shown, by the names of their columns.
    position = REMARK_LABELS[Position(remark.position)] if remark.position else ""
    return [
        remark.number,
        remark.received_on,
        CHANNEL_LABELS[Channel(remark.channel)],
        "tak" if remark.is_late else "",
        remark.document or "",
        remark.place,
        remark.unit_number,
        KIND_LABELS[RemarkKind(remark.kind)],
        remark.wording,
        remark.body,
        remark.capacity_label,
        remark.language,
        "tak" if remark.state == RemarkState.WITHDRAWN else "",
        remark.state_reason,
        position,
        remark.justification or "",
        first if first != remark.number else None,
        remark.version_no,
    ]
