"""The table of things and answers, for the office: out, and after it is filled in, back."""

from __future__ import annotations

from collections.abc import Sequence

from deliberate.answers.positions import LABELS, Position
from deliberate.answers.queries import Item
from deliberate.answers.rules.tables import COLUMNS
from deliberate.kernel.sheets import Cell, csv_bytes, xlsx_bytes
from deliberate.tenancy.models import OrgUnit

LONGEST_TEXT = 30_000  # a cell of a workbook holds a little more


def table_csv(items: Sequence[Item], units: Sequence[OrgUnit]) -> bytes:
    return csv_bytes(COLUMNS, _rows(items, units))


def table_xlsx(items: Sequence[Item], units: Sequence[OrgUnit]) -> bytes:
    return xlsx_bytes("Odpowiedzi", COLUMNS, _rows(items, units))


def _rows(items: Sequence[Item], units: Sequence[OrgUnit]) -> list[Sequence[Cell]]:
    # In Polish whatever the reader's language: the same table is read back.
    names = {unit.id: unit.name for unit in units}
    return [
        (
            item.number,
            item.card.title,
            item.card.text[:LONGEST_TEXT],
            item.card.author_label,
            LABELS[Position(item.answer.position)] if item.answer else "",
            item.answer.justification if item.answer else "",
            names.get(item.answer.unit_id or 0, "") if item.answer else "",
        )
        for item in items
    ]
