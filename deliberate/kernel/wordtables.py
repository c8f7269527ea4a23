"""Tables for people who write in Word: out as a document with one table, in from what comes back.

What a reviewer changed with "śledzenie zmian" counts as changed: added text is read, removed text
is not. Nothing in a document is a formula, so nothing needs to be made harmless.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from deliberate.algorithms.folding import fold
from deliberate.kernel.filetypes import BadFile, FileType, read_parts, sniff
from deliberate.kernel.sheets import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_UNPACKED,
    TOO_BIG,
    BadTable,
    Table,
    table_of,
)
from deliberate.kernel.texts import N_

NO_TABLE = N_("W tym dokumencie nie ma tabeli z naszymi nazwami kolumn w pierwszym wierszu.")
UNREADABLE = N_("Tego dokumentu nie da się odczytać. Zapisz go jeszcze raz jako DOCX i dodaj.")

MARGIN = Cm(1.5)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML has no place for
_PROPERTIES = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
    '<w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
)


def docx_bytes(
    title: str,
    intro: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[int],
    language: str,
) -> bytes:
    """Return a document in landscape: a heading, a paragraph, a table with its header repeated.

    ``widths``: of the columns, as parts of the page's width.
    """
    document: Any = Document()  # Any: the classes of python-docx say little of themselves
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = section.top_margin = MARGIN
    section.bottom_margin = MARGIN
    document.core_properties.title = _UNFIT.sub("", title)
    document.core_properties.language = language
    _speak(document, language)
    document.add_heading(_UNFIT.sub("", title), level=1)
    document.add_paragraph(_UNFIT.sub("", intro))
    room = section.page_width - 2 * MARGIN
    columns = [room * width // sum(widths) // 635 for width in widths]  # twentieths of a point
    # One string a row: the library's own way of adding a row copies the table each time.
    table = parse_xml(f"<w:tbl {nsdecls('w')}>{_PROPERTIES}{_grid(columns)}</w:tbl>")
    table.append(parse_xml(_row(header, columns, is_header=True)))
    for row in rows:
        table.append(parse_xml(_row(row, columns)))
    body = document.element.body
    body.insert(len(body) - 1, table)  # before the properties of the section
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read_docx(data: bytes, filename: str, named: Sequence[Sequence[str]]) -> Table:
    """Return the first table whose first row has a name of each of ``named``, or raise BadTable.

    A table that a colleague cut into several with the same header is one. Pages ask
    kernel.incoming, which does it in another process.
    """
    if len(data) > MOST_BYTES:
        raise BadTable(TOO_BIG)
    try:
        if sniff(data, filename) is not FileType.DOCX:
            raise BadTable(UNREADABLE)
        read_parts(data, MOST_UNPACKED)
        body = Document(io.BytesIO(data)).element.body
    except BadFile as error:
        raise BadTable(error.message) from error
    # The library trusts packages, so a broken one fails wherever it is first made use of.
    except (
        AttributeError, KeyError, LxmlError, OSError, PackageNotFoundError, ValueError,
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise BadTable(UNREADABLE) from error
    tables = [
        rows for rows in map(_rows, _outermost(body, "w:tbl")) if rows and _has(rows[0], named)
    ]
    if not tables:
        raise BadTable(NO_TABLE)
    header = tables[0][0]
    alike = [rows for rows in tables if rows[0] == header]
    return table_of(iter([header, *(row for rows in alike for row in rows if row != header)]))


def _has(header: Sequence[str], named: Sequence[Sequence[str]]) -> bool:
    there = {_folded(cell) for cell in header}
    return all(any(_folded(name) in there for name in names) for names in named)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _speak(document: Any, language: str) -> None:
    """Have screen readers and spelling know the language; the template says it is English."""
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), {"pl": "pl-PL", "uk": "uk-UA"}.get(language, "en-GB"))


def _grid(columns: Sequence[int]) -> str:
    inside = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return f"<w:tblGrid>{inside}</w:tblGrid>"


def _row(cells: Sequence[str], columns: Sequence[int], *, is_header: bool = False) -> str:
    bold, repeated = ("<w:b/>", "<w:tblHeader/>") if is_header else ("", "")
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_paragraphs(cell, bold)}</w:tc>"
        for cell, width in zip(cells, columns, strict=True)
    )
    return f"<w:tr {nsdecls('w')}><w:trPr>{repeated}</w:trPr>{inside}</w:tr>"


def _paragraphs(text: str, bold: str) -> str:
    return "".join(
        f'<w:p><w:r><w:rPr>{bold}<w:sz w:val="18"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in _UNFIT.sub("", text).split("\n")
    )


def _outermost(parent: Any, tag: str) -> Iterator[Any]:
    """Yield elements that lie in no other of their kind.

    Forged ones lie in each other sixty deep: each level would be read once more with every outer.
    """
    name = qn(tag)
    for element in parent.iter(name):
        if next(element.iterancestors(name), None) is None:
            yield element


def _rows(table: Any) -> list[list[str]]:
    gone = f"{qn('w:trPr')}/{qn('w:del')}"
    return [
        [text for cell in row.iterchildren(qn("w:tc")) for text in _cells(cell)]
        for row in table.iterchildren(qn("w:tr"))
        if row.find(gone) is None
    ]


def _cells(cell: Any) -> list[str]:
    """Return a cell's text; joined with its neighbours, it stands for all of them."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    width = str(span.get(qn("w:val"))) if span is not None else "1"
    is_number = width.isascii() and width.isdigit() and len(width) < 5
    beside = min(int(width), MOST_COLUMNS) - 1 if is_number else 0
    paragraphs = [_text(paragraph) for paragraph in _outermost(cell, "w:p")]
    return ["\n".join(paragraphs).strip(), *[""] * beside]


def _text(paragraph: Any) -> str:
    """Return what stands in a paragraph now; removed text lies in elements of another name."""
    return "".join(
        _MARKS.get(part.tag, part.text or "")
        for part in paragraph.iter(*_SAID)
        if next(part.iterancestors(qn("w:moveFrom")), None) is None
    )


_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_SAID = (qn("w:t"), *_MARKS)
