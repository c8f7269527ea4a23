"""Tables that people send, read in another process: what the pages of a desk ask.

sheets and wordtables know the formats; libraries that trust files do their work there, apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deliberate.kernel import apart, sheets
from deliberate.kernel.sheets import BadTable, Table

READER = "deliberate.kernel.incoming"


def read_table(data: bytes, filename: str) -> Table:
    """Return the first sheet of an XLSX file, or a CSV, or raise BadTable."""
    if len(data) > sheets.MOST_BYTES:
        raise BadTable(sheets.TOO_BIG)
    return _read({"format": "sheet", "filename": filename}, data, sheets.UNREADABLE)


def read_docx(data: bytes, filename: str, named: Sequence[Sequence[str]]) -> Table:
    """Return the table of a DOCX whose first row has a name of each of ``named``.

    Raises BadTable. See wordtables.read_docx.
    """
    if len(data) > sheets.MOST_BYTES:
        raise BadTable(sheets.TOO_BIG)
    from deliberate.kernel import wordtables  # noqa: PLC0415 - as below

    order = {"format": "docx", "filename": filename, "named": named}
    return _read(order, data, wordtables.UNREADABLE)


def _read(order: Mapping[str, object], data: bytes, unreadable: str) -> Table:
    try:
        answer = apart.read(READER, order, data)
    except apart.NotRead as error:
        raise BadTable(unreadable) from error
    if "refused" in answer:
        raise BadTable(answer["refused"], **answer["values"])
    return Table(
        header=tuple(answer["header"]),
        rows=tuple(map(tuple, answer["rows"])),
        numbers=tuple(answer["numbers"]),
    )


def _answer(order: Mapping[str, Any], data: bytes) -> dict[str, object]:
    try:
        if order["format"] == "docx":
            # Another process each time: what reads documents of Word takes longer to load than a
            # sheet to read.
            from deliberate.kernel import wordtables  # noqa: PLC0415

            table = wordtables.read_docx(data, order["filename"], order["named"])
        else:
            table = sheets.read_table(data, order["filename"])
    except BadTable as bad:
        return {"refused": bad.message, "values": bad.values}
    return {"header": table.header, "rows": table.rows, "numbers": table.numbers}


if __name__ == "__main__":
    apart.answer(_answer)
