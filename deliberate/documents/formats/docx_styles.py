"""What the styles of a DOCX say about a paragraph: is it a heading, of a list, of the contents."""

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

MOST_ANCESTORS = 20  # of a style; Word allows ten
HEADINGS = 9

_HEADING = re.compile(r"(?:heading|nagłówek) ([1-9])")
_CONTENTS = re.compile(r"(?:toc|spis treści) (?:[1-9]|heading)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """``heading``: as in Line. ``list_id`` and ``list_level``: None where the style has no list."""

    heading: int = 0
    is_contents: bool = False
    list_id: str | None = None
    list_level: int | None = None


class Styles:
    """The styles of one document, each with what it has from those it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._elements = {
            style.get("w:styleId", ""): style
            for style in (root if root is not None else ())
            if style.tag == "w:style"
        }
        self._known: dict[str, Style] = {}

    def of(self, properties: Element | None) -> Style:
        """Return the style of a paragraph, with what the paragraph itself says about its level."""
        if properties is None:
            return Style()
        style = self._named(_value(properties, "w:pStyle"))
        level = _number(_value(properties, "w:outlineLvl"))
        if level is None:
            return style
        return replace(style, heading=level + 1 if level < HEADINGS else 0)

    def _named(self, name: str | None) -> Style:
        if name is None:
            return Style()
        if name not in self._known:
            self._known[name] = self._inherited(name)
        return self._known[name]

    def _inherited(self, name: str) -> Style:
        ancestors: list[Element] = []
        following: str | None = name
        while following in self._elements and len(ancestors) < MOST_ANCESTORS:
            ancestors.append(self._elements[following])
            following = _value(ancestors[-1], "w:basedOn")
        style = Style()
        for element in reversed(ancestors):
            style = _with(style, element)
        return style


def _with(style: Style, element: Element) -> Style:
    name = (_value(element, "w:name") or "").lower()
    if found := _HEADING.fullmatch(name):
        style = replace(style, heading=int(found[1]))
    elif name in {"title", "tytuł"}:
        style = replace(style, heading=1)
    if _CONTENTS.fullmatch(name):
        style = replace(style, is_contents=True)
    properties = element.find("w:pPr")
    if properties is None:
        return style
    level = _number(_value(properties, "w:outlineLvl"))
    if level is not None:
        style = replace(style, heading=level + 1 if level < HEADINGS else 0)
    numbered = properties.find("w:numPr")
    if numbered is not None:
        style = replace(
            style,
            list_id=_value(numbered, "w:numId") or style.list_id,
            list_level=_number(_value(numbered, "w:ilvl")),
        )
    return style


def _value(parent: Element, tag: str) -> str | None:
    child = parent.find(tag)
    return None if child is None else child.get("w:val")


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 4 else None
