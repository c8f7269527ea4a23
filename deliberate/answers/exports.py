"""The table of things and answers, for the office: out, and after it is filled in, back."""

from __future__ import annotations

from collections.abc import Sequence

from deliberate.answers import positions
from deliberate.answers.queries import Item
from deliberate.answers.rules import keys
from deliberate.answers.rules.keys import NO_ANSWER, RowKey, Scope
from deliberate.answers.rules.tables import (
    COLUMNS,
    KEY,
    NUMBER,
    PLACE,
    POSITION,
    REASON,
    TEXT,
    UNIT,
)
from deliberate.authorship.labels import signed
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.sheets import csv_bytes, xlsx_bytes
from deliberate.kernel.texts import N_
from deliberate.kernel.wordtables import docx_bytes
from deliberate.tenancy.models import OrgUnit

LONGEST_TEXT = 30_000  # a cell of a workbook holds a little more
# Paper is narrow: people who write in Word get what they need to write, and the key.
IN_WORD = (NUMBER, PLACE, TEXT, POSITION, REASON, UNIT, KEY)
WIDTHS = (5, 9, 30, 13, 27, 10, 6)
HOW = N_(
    "Uzupełnij kolumny „Stanowisko” i „Uzasadnienie” (co najmniej 40 znaków) i odeślij plik. "
    "Wiersze można przestawiać. Ostatniej kolumny nie zmieniaj. Stanowiska: %(positions)s."
)


def table_csv(items: Sequence[Item], units: Sequence[OrgUnit], *, seal: str, scope: Scope) -> bytes:
    return csv_bytes(_header(COLUMNS), _rows(items, units, seal, scope))


def table_xlsx(
    items: Sequence[Item], units: Sequence[OrgUnit], *, seal: str, scope: Scope
) -> bytes:
    name = say(N_("Odpowiedzi"))
    return xlsx_bytes(name, _header(COLUMNS), _rows(items, units, seal, scope))


def table_docx(
    title: str, items: Sequence[Item], units: Sequence[OrgUnit], *, seal: str, scope: Scope
) -> bytes:
    places = [COLUMNS.index(column) for column in IN_WORD]
    known = positions.labels_of(item.card.kind for item in items)
    return docx_bytes(
        title,
        say(HOW, positions=", ".join(say(label) for label in known.values())),
        _header(IN_WORD),
        [[str(row[place]) for place in places] for row in _rows(items, units, seal, scope)],
        widths=WIDTHS,
        language=locale(),
    )


def _header(columns: Sequence[str]) -> Sequence[str]:
    # In the language of the page that tells how to fill it in; each of them is read back.
    return [say(name) for name in columns]


def _rows(
    items: Sequence[Item], units: Sequence[OrgUnit], seal: str, scope: Scope
) -> list[Sequence[str | int]]:
    names = {unit.id: unit.name for unit in units}
    return [
        (
            item.number,
            item.card.place,
            item.card.title,
            item.card.text[:LONGEST_TEXT],
            signed(item.card.author_label),
            say(positions.label(item.card.kind, item.answer.position)) if item.answer else "",
            item.answer.justification if item.answer else "",
            names.get(item.unit_id or 0, ""),
            item.theme,
            keys.write(_key(item, scope), seal),
        )
        for item in items
    ]


def _key(item: Item, scope: Scope) -> RowKey:
    stand = item.stand
    return RowKey(
        kind=item.card.kind,
        id=item.card.id,
        mark=stand.mark if stand is not None else NO_ANSWER,
        scope=scope,
    )
