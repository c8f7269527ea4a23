"""Reading ODT: headings, lists with their numbers, tables row by row.

Source: OASIS OpenDocument 1.3, Part 3, §5 (text), §9 (tables), §16.30–16.34 (numbering).
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from deliberate.algorithms.units import Line
from deliberate.documents.formats.odt_lists import ListPlace, Lists
from deliberate.documents.formats.outcome import (
    CHANGES_TAKEN,
    CONTENTS_LEFT_OUT,
    NOTES_LEFT_OUT,
    PASSWORD,
    PICTURES_LEFT_OUT,
    BadDocument,
    Reading,
)
from deliberate.documents.formats.packed import Packed

_NAMESPACES = {
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": name
    for name in ("office", "text", "table", "draw", "style", "manifest")
} | {
    "http://www.w3.org/XML/1998/namespace": "xml",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
}
_CONTENTS = frozenset(
    f"text:{name}"
    for name in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
        "alphabetical-index", "bibliography",
    )
)  # fmt: skip
_LEFT_OUT = frozenset(("office:annotation", "text:sequence-decls", "office:forms", "text:number"))
_WRAPS = frozenset(("table:table-header-rows", "table:table-rows", "table:table-row-group"))
MOST_SPACES = 100  # that one element stands for


def read(data: bytes) -> Reading:
    packed = Packed(data)
    if b"encryption-data" in packed.part("META-INF/manifest.xml"):
        raise BadDocument(PASSWORD)
    content = packed.xml("content.xml", _NAMESPACES)
    styles = packed.xml("styles.xml", _NAMESPACES) if "styles.xml" in packed.names else None
    return _Odt(content, styles).reading()


class _Odt:
    """One document being read."""

    def __init__(self, content: Element, styles: Element | None) -> None:
        self._body = content.find("office:body")
        roots = [root for root in (styles, content) if root is not None]
        self._lists = Lists(roots)
        self._warnings: dict[str, None] = {}

    def reading(self) -> Reading:
        lines = tuple(self._blocks(self._body, None)) if self._body is not None else ()
        return Reading(paragraphs=lines, warnings=tuple(self._warnings))

    def _blocks(self, parent: Element, place: ListPlace | None) -> Iterator[Line]:
        for child in parent:
            match child.tag:
                case "text:p" | "text:h":
                    yield from self._paragraph(child, place)
                case "text:list":
                    yield from self._list(child, place)
                case "table:table":
                    yield from self._table(child)
                case "text:tracked-changes":
                    self._warn(CHANGES_TAKEN)
                case tag if tag in _CONTENTS:
                    self._warn(CONTENTS_LEFT_OUT)
                case tag if tag not in _LEFT_OUT:
                    yield from self._blocks(child, place)

    def _paragraph(self, paragraph: Element, place: ListPlace | None) -> Iterator[Line]:
        heading = 0
        if paragraph.tag == "text:h":
            level = paragraph.get("text:outline-level", "1")
            heading = int(level) if level in set("123456789") else 1
        boxes: list[Element] = []
        text = "".join(self._texts(paragraph, boxes))
        if text.strip():
            number = self._number(paragraph, heading, place)
            for line, part in enumerate(text.split("\n")):
                yield Line(f"{number} {part}" if number and not line else part, heading)
        for box in boxes:
            yield from self._blocks(box, None)

    def _number(self, paragraph: Element, heading: int, place: ListPlace | None) -> str:
        """Return the number before a paragraph: only the first one of an item has it."""
        if place is not None:
            return place.take()
        if heading and paragraph.get("text:is-list-header") != "true":
            return self._lists.outline(heading)
        return ""

    def _list(self, element: Element, outer: ListPlace | None) -> Iterator[Line]:
        place = self._lists.open(element, outer)
        for item in element:
            if item.tag == "text:list-item":
                place.begin(item.get("text:start-value"))
                yield from self._blocks(item, place)
            elif item.tag == "text:list-header":
                place.pause()
                yield from self._blocks(item, place)

    def _texts(self, parent: Element, boxes: list[Element]) -> Iterator[str]:
        """Yield the words of a paragraph; white space in the file stands for one space."""
        yield _folded(parent.text)
        for child in parent:
            match child.tag:
                case "text:s":
                    count = child.get("text:c", "1")
                    spaces = int(count) if count.isdecimal() and len(count) < 4 else 1
                    yield " " * min(spaces, MOST_SPACES)
                case "text:tab":
                    yield " "
                case "text:line-break":
                    yield "\n"
                case "text:note":
                    self._warn(NOTES_LEFT_OUT)
                case "draw:image" | "draw:object" | "draw:custom-shape":
                    self._warn(PICTURES_LEFT_OUT)
                case "draw:text-box":
                    boxes.append(child)
                case tag if tag not in _LEFT_OUT:
                    yield from self._texts(child, boxes)
            yield _folded(child.tail)

    def _table(self, table: Element) -> Iterator[Line]:
        for row in _rows(table):
            cells = [list(self._blocks(cell, None)) for cell in row if cell.tag == _CELL]
            texts = [" ".join(line.text.strip() for line in cell) for cell in cells]
            if len(cells) == 1:
                yield from cells[0]  # a frame around paragraphs
            elif any(texts):
                yield Line(" | ".join(texts), is_row=True)

    def _warn(self, warning: str) -> None:
        self._warnings[warning] = None


_CELL = "table:table-cell"


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "table:table-row":
            yield child
        elif child.tag in _WRAPS:
            yield from _rows(child)


def _folded(text: str | None) -> str:
    if not text:
        return ""
    words = " ".join(text.split())
    before = " " if text[0].isspace() else ""
    after = " " if words and text[-1].isspace() else ""
    return f"{before}{words}{after}"
