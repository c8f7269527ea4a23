"""The numbers of lists in ODT: like Word's, they stand in no text and must be counted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from deliberate.documents.formats.numerals import letters, roman

LEVELS = 10
_DASHES = frozenset("-–—−")
_STYLES = ("text:list-style", "text:outline-style")
_OUTLINE = ""  # the name under which the numbers of headings are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    bullet: str = ""  # of a list without numbers
    format: str = ""  # "1", "a", "A", "i", "I"; "" has no number
    prefix: str = ""
    suffix: str = ""
    shown: int = 1  # how many levels stand in the number: 2 for "1.2"
    start: int = 1


@dataclass(slots=True)
class _Counts:
    """How far the lists of one style have counted, from the widest level; None: not begun."""

    values: list[int | None] = field(default_factory=lambda: [None] * LEVELS)

    def forget_from(self, level: int) -> None:
        self.values[level:] = [None] * (LEVELS - level)


class Lists:
    """The styles of lists in one document."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, _Counts] = {}
        for root in roots:
            for style in (found for name in _STYLES for found in root.iter(name)):
                is_outline = style.tag == "text:outline-style"
                name = _OUTLINE if is_outline else style.get("style:name", "")
                self._levels[name] = dict(_levels(style))

    def open(self, element: Element, outer: "ListPlace | None") -> "ListPlace":
        """Return the place in a list that begins here, one level below ``outer``.

        A list counts from its start unless it says that it goes on with one before it.
        """
        own = element.get("text:style-name")
        name = own if own is not None or outer is None else outer.style
        level = min(outer.level + 1, LEVELS - 1) if outer else 0
        goes_on = bool(
            element.get("text:continue-numbering") == "true" or element.get("text:continue-list")
        )
        goes_on = goes_on or bool(outer and outer.goes_on and not outer.has_words)
        counts = self._counts.setdefault(name or "", _Counts())
        if not goes_on:
            counts.forget_from(level)
        return ListPlace(
            style=name, level=level, goes_on=goes_on, _levels=self._of(name), _counts=counts
        )

    def outline(self, heading: int) -> str:
        """Return the number of a heading, "" where headings have none."""
        levels = self._of(_OUTLINE)
        place = min(heading, LEVELS) - 1
        if place not in levels or not levels[place].format:
            return ""
        return _counted(levels, self._counts.setdefault(_OUTLINE, _Counts()), place, None)

    def _of(self, name: str | None) -> dict[int, _Level]:
        return self._levels.get(name, {}) if name is not None else {}


@dataclass(slots=True)
class ListPlace:
    """Where the reading is in a list: its style, its level, and whether a number is due."""

    style: str | None
    level: int
    goes_on: bool
    _levels: dict[int, _Level]
    _counts: _Counts
    has_words: bool = False  # the item that is open has a paragraph of its own
    _is_due: bool = False
    _start: int | None = None

    def begin(self, start: str | None) -> None:
        """Open an item; its first paragraph takes the number. An item of items has none."""
        self._is_due = True
        self.has_words = False
        self._start = int(start) if start and start.isdecimal() and len(start) < 7 else None

    def pause(self) -> None:
        """Open a header of the list, which is in it and has no number."""
        self._is_due = False

    def take(self) -> str:
        self.has_words = True
        if not self._is_due:
            return ""
        self._is_due = False
        level = self._levels.get(self.level)
        if level is None:
            return ""
        if level.bullet:
            return "–" if level.bullet in _DASHES else "•"
        return _counted(self._levels, self._counts, self.level, self._start)


def _counted(levels: dict[int, _Level], counts: _Counts, place: int, start: int | None) -> str:
    level = levels[place]
    now = counts.values[place]
    value = start if start is not None else level.start if now is None else now + 1
    counts.forget_from(place)
    counts.values[place] = value
    if not level.format:
        return f"{level.prefix}{level.suffix}".strip()
    shown = range(max(place - level.shown + 1, 0), place + 1)
    numbers = [_written(levels[n], counts.values[n]) for n in shown if n in levels]
    return f"{level.prefix}{'.'.join(filter(None, numbers))}{level.suffix}".strip()


def _written(level: _Level, count: int | None) -> str:
    value = level.start if count is None else count
    match level.format:
        case "":
            return ""
        case "a":
            return letters(value)
        case "A":
            return letters(value).upper()
        case "i":
            return roman(value)
        case "I":
            return roman(value).upper()
    return str(value)


def _levels(style: Element) -> Iterable[tuple[int, _Level]]:
    for element in style:
        level = element.get("text:level", "")
        if not level.isdecimal() or not 1 <= int(level[:4]) <= LEVELS:
            continue
        is_bullet = element.tag == "text:list-level-style-bullet"
        is_picture = element.tag == "text:list-level-style-image"
        yield (
            int(level) - 1,
            _Level(
                bullet=(element.get("text:bullet-char") or "•") if is_bullet or is_picture else "",
                format=element.get("style:num-format", ""),
                prefix=element.get("style:num-prefix", ""),
                suffix=element.get("style:num-suffix", ""),
                shown=_small(element.get("text:display-levels")),
                start=_small(element.get("text:start-value")),
            ),
        )


def _small(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 7 else 1
