"""The numbers that Word draws before paragraphs: they stand in no text and must be counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from deliberate.documents.formats.docx_styles import Style
from deliberate.documents.formats.numerals import letters, roman

LEVELS = 9
NO_LIST = "0"
_DASHES = frozenset("-–—−")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    format: str
    text: str  # "§ %1.", "%1.%2)"; of a bullet, the bullet
    is_legal: bool  # the numbers of all levels in it are decimal
    restarts_after: int  # levels up to this one make it begin anew
    style: str | None  # paragraphs of this style are at this level


class Numbering:
    """The lists of one document and how far each of them has counted."""

    def __init__(self, root: Element | None) -> None:
        parts = list(root) if root is not None else []
        self._abstract = {
            part.get("w:abstractNumId", ""): part for part in parts if part.tag == "w:abstractNum"
        }
        self._lists = {part.get("w:numId", ""): part for part in parts if part.tag == "w:num"}
        self._levels: dict[str, list[_Level | None]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, properties: Element | None, style: Style) -> str:
        """Return what stands before the paragraph, "" for one that is in no list; counts it."""
        numbered = properties.find("w:numPr") if properties is not None else None
        own_id = _value(numbered, "w:numId")
        list_id = own_id if own_id is not None else style.list_id
        if list_id is None or list_id == NO_LIST or list_id not in self._lists:
            return ""
        levels = self._of(list_id)
        place = _int(_value(numbered, "w:ilvl"), default=style.list_level)
        if place is None:
            place = self._level_of_style(levels, properties)
        place = min(max(place, 0), LEVELS - 1)
        level = levels[place]
        if level is None:
            return ""
        if level.format == "bullet":
            return "–" if level.text.strip() in _DASHES else "•"
        self._count(list_id, levels, place)
        return self._written(list_id, levels, place)

    def _of(self, list_id: str) -> list[_Level | None]:
        if list_id not in self._levels:
            self._levels[list_id] = self._read(list_id)
        return self._levels[list_id]

    def _read(self, list_id: str) -> list[_Level | None]:
        levels: list[_Level | None] = [None] * LEVELS
        abstract = self._abstract.get(self._abstract_id(list_id))
        own = [override.find("w:lvl") for override in self._lists[list_id].findall("w:lvlOverride")]
        for element in [*(abstract.findall("w:lvl") if abstract is not None else ()), *own]:
            place = _int(element.get("w:ilvl"), default=None) if element is not None else None
            if element is not None and place is not None and place < LEVELS:
                levels[place] = _level(element, place)
        return levels

    def _abstract_id(self, list_id: str) -> str:
        """Return the list's pattern, which may be kept with a style of lists instead."""
        found = _value(self._lists[list_id], "w:abstractNumId") or ""
        abstract = self._abstract.get(found)
        link = _value(abstract, "w:numStyleLink")
        if link is None:
            return found
        linked = (
            key for key, part in self._abstract.items() if _value(part, "w:styleLink") == link
        )
        return next(linked, found)

    def _level_of_style(self, levels: list[_Level | None], properties: Element | None) -> int:
        name = _value(properties, "w:pStyle")
        return next(
            (n for n, level in enumerate(levels) if level and name and level.style == name), 0
        )

    def _count(self, list_id: str, levels: list[_Level | None], place: int) -> None:
        """Lists of one pattern count on together, until one of them says where it starts."""
        counts = self._counts.setdefault(self._abstract_id(list_id), [None] * LEVELS)
        level = levels[place]
        start = level.start if level else 1
        own_start = self._own_start(list_id, place)
        if own_start is not None and (list_id, place) not in self._begun:
            counts[place] = own_start
        else:
            now = counts[place]
            counts[place] = start if now is None else now + 1
        self._begun.add((list_id, place))
        for deeper in range(place + 1, LEVELS):
            inner = levels[deeper]
            if inner is None or inner.restarts_after > place:
                counts[deeper] = None

    def _own_start(self, list_id: str, place: int) -> int | None:
        for override in self._lists[list_id].findall("w:lvlOverride"):
            if _int(override.get("w:ilvl"), default=None) == place:
                return _int(_value(override, "w:startOverride"), default=None)
        return None

    def _written(self, list_id: str, levels: list[_Level | None], place: int) -> str:
        counts = self._counts[self._abstract_id(list_id)]
        own = levels[place]
        text = own.text if own else ""
        # From the deepest, so that "%1" is not found in what another level has put in.
        for n in range(place, -1, -1):
            level, count = levels[n], counts[n]
            if level is None:
                continue
            form = _FORMATS.get("decimal" if own and own.is_legal else level.format, str)
            text = text.replace(f"%{n + 1}", form(level.start if count is None else count))
        return " ".join(text.split())


def _level(element: Element, place: int) -> _Level:
    restart = _int(_value(element, "w:lvlRestart"), default=place)
    legal = element.find("w:isLgl")
    return _Level(
        start=_int(_value(element, "w:start"), default=1) or 0,
        format=_value(element, "w:numFmt") or "decimal",
        text=_value(element, "w:lvlText") or "",
        is_legal=legal is not None and legal.get("w:val") not in {"0", "false"},
        restarts_after=place if restart is None else restart,
        style=_value(element, "w:pStyle"),
    )


def _value(parent: Element | None, tag: str) -> str | None:
    child = parent.find(tag) if parent is not None else None
    return None if child is None else child.get("w:val")


def _int(value: str | None, *, default: int | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 7 else default


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda value: letters(value).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda value: roman(value).upper(),
    "decimalZero": lambda value: f"{value:02}",
    "ordinal": lambda value: f"{value}.",
    "none": lambda _: "",
}
