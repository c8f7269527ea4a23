"""Reading DOCX: paragraphs with the numbers that Word itself draws, tables row by row.

Source: ECMA-376, Part 1, §17.3 (paragraphs), §17.4 (tables), §17.9 (numbering).
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from deliberate.algorithms.units import Line
from deliberate.documents.formats.docx_numbering import Numbering
from deliberate.documents.formats.docx_styles import Styles
from deliberate.documents.formats.outcome import (
    CHANGES_TAKEN,
    CONTENTS_LEFT_OUT,
    NOTES_LEFT_OUT,
    PICTURES_LEFT_OUT,
    Reading,
)
from deliberate.documents.formats.packed import Packed

_NAMESPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",  # the strict kind
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
# What was deleted or moved away, notes, and the second of two pictures of the same thing.
_LEFT_OUT = frozenset(
    ("w:del", "w:moveFrom", "w:instrText", "w:delText", "mc:Fallback", "w:pPr", "w:rPr", "w:sdtPr")
)
_PICTURES = frozenset(("w:drawing", "w:pict", "w:object"))
_NOTES = frozenset(("w:footnoteReference", "w:endnoteReference"))
_CHANGES = frozenset(("w:del", "w:ins", "w:moveFrom", "w:moveTo"))
_TEXTS = {"w:tab": " ", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:ptab": " "}


def read(data: bytes) -> Reading:
    packed = Packed(data)
    body = packed.xml("word/document.xml", _NAMESPACES)
    return _Docx(packed).reading(body)


class _Docx:
    """One document being read. Lists count on from the beginning to the end, tables included."""

    def __init__(self, packed: Packed) -> None:
        self._styles = Styles(_optional(packed, "word/styles.xml"))
        self._numbering = Numbering(_optional(packed, "word/numbering.xml"))
        self._warnings: dict[str, None] = {}

    def reading(self, body: Element) -> Reading:
        lines = tuple(self._blocks(body))
        return Reading(paragraphs=lines, warnings=tuple(self._warnings))

    def _blocks(self, parent: Element) -> Iterator[Line]:
        """Yield what stands in a body, a cell, a text box, or anything that wraps paragraphs."""
        for child in parent:
            if child.tag == "w:p":
                yield from self._paragraph(child)
            elif child.tag == "w:tbl":
                yield from self._table(child)
            elif child.tag not in _LEFT_OUT:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        properties = paragraph.find("w:pPr")
        style = self._styles.of(properties)
        boxes: list[Element] = []
        text = "".join(self._texts(paragraph, boxes))
        if style.is_contents:
            self._warn(CONTENTS_LEFT_OUT)
        elif text.strip():
            number = self._numbering.next(properties, style)
            for place, part in enumerate(text.split("\n")):
                yield Line(f"{number} {part}" if number and not place else part, style.heading)
        for box in boxes:
            yield from self._blocks(box)

    def _texts(self, parent: Element, boxes: list[Element]) -> Iterator[str]:
        for child in parent:
            self._notice(child.tag)
            if child.tag in {"w:t", "m:t"}:
                yield child.text or ""
            elif child.tag in _TEXTS:
                yield _TEXTS[child.tag]
            elif child.tag == "w:txbxContent":
                boxes.append(child)
            elif child.tag not in _LEFT_OUT:
                yield from self._texts(child, boxes)

    def _table(self, table: Element) -> Iterator[Line]:
        for row in _found(table, "w:tr"):
            cells = [list(self._blocks(cell)) for cell in _found(row, "w:tc")]
            texts = [" ".join(line.text.strip() for line in cell) for cell in cells]
            if len(cells) == 1:
                yield from cells[0]  # a frame around paragraphs
            elif any(texts):
                yield Line(" | ".join(texts), is_row=True)

    def _notice(self, tag: str) -> None:
        if tag in _PICTURES:
            self._warn(PICTURES_LEFT_OUT)
        elif tag in _NOTES:
            self._warn(NOTES_LEFT_OUT)
        elif tag in _CHANGES:
            self._warn(CHANGES_TAKEN)

    def _warn(self, warning: str) -> None:
        self._warnings[warning] = None


def _optional(packed: Packed, name: str) -> Element | None:
    return packed.xml(name, _NAMESPACES) if name in packed.names else None


def _found(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those that a form field wraps."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {"w:sdt", "w:sdtContent", "w:customXml", "w:ins"}:
            yield from _found(child, tag)
