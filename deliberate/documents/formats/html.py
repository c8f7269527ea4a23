"""Reading HTML: what a person would see on the page, in blocks; scripts and styles left out."""

from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from deliberate.algorithms.units import Line
from deliberate.documents.formats.letters import decoded
from deliberate.documents.formats.numerals import letters, roman
from deliberate.documents.formats.outcome import PICTURES_LEFT_OUT, Reading

_SKIPPED = frozenset(
    ("script", "style", "title", "template", "noscript", "svg", "iframe", "object", "select")
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr",
        "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
        "thead", "ul", *_HEADINGS,
    )
)  # fmt: skip
_FORMS: Mapping[str, Callable[[int], str]] = {
    "a": letters,
    "A": lambda value: letters(value).upper(),
    "i": roman,
    "I": lambda value: roman(value).upper(),
}


def read(data: bytes) -> Reading:
    page = _Page()
    page.feed(decoded(data, is_html=True))
    page.close()
    page.end_line()
    warnings = (PICTURES_LEFT_OUT,) if page.has_pictures else ()
    return Reading(paragraphs=tuple(page.lines), warnings=warnings)


class _Page(HTMLParser):
    """What was read so far. No tree is made, so it does not matter how deep tags are in tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.has_pictures = False
        self._words: list[str] = []
        self._heading = 0
        self._skipped: list[str] = []
        self._lists: list[tuple[str, int] | None] = []  # form and next number; None: bullets
        self._number = ""  # of the item whose first words are to come
        self._rows = 0  # tables in one another
        self._cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.append(tag)
        elif tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag == "img":
            self.has_pictures = True
        elif tag == "br":
            self._break()
        else:
            self._start_block(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "<script/>" opens nothing in XHTML, and must not hide the rest of the page.
        if tag not in _SKIPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
            return
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag in _BLOCKS:
            if tag == "table":
                self._end_row()
            self._break()
            self._heading = 0 if tag in _HEADINGS else self._heading
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
            if tag == "table":
                self._rows = max(self._rows - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words.append(data)

    def end_line(self) -> None:
        """Close the paragraph that is open, if there are words in it."""
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            number, self._number = self._number, ""
            self.lines.append(Line(f"{number} {text}".strip(), self._heading))

    def _start_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
            self._rows = max(self._rows, 1)
        elif tag in _BLOCKS:
            self._break()
            self._heading = _HEADINGS.get(tag, 0)
            if tag in {"ol", "ul"}:
                self._start_list(tag, attributes)
            elif tag == "li":
                self._start_item(attributes.get("value"))
            elif tag == "table":
                self.end_line()
                self._rows += 1

    def _start_list(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "ul":
            self._lists.append(None)
        else:
            form = attributes.get("type") or "1"
            self._lists.append((form, _whole(attributes.get("start"), 1)))

    def _start_item(self, value: str | None) -> None:
        if not self._lists or self._lists[-1] is None:
            self._number = "–"
            return
        form, following = self._lists[-1]
        number = _whole(value, following)
        self._lists[-1] = form, number + 1
        written = _FORMS.get(form, str)(number)
        # In an act letters end with a bracket, as in "lit. a"; browsers put a full stop.
        self._number = f"{written})" if form in {"a", "i"} else f"{written}."

    def _break(self) -> None:
        if self._rows:
            self._words.append(" ")
        else:
            self.end_line()

    def _end_cell(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            self._cells.append(f"{self._number} {text}".strip())
            self._number = ""

    def _end_row(self) -> None:
        self._end_cell()
        if len(self._cells) == 1:
            self.lines.append(Line(self._cells[0]))
        elif self._cells:
            self.lines.append(Line(" | ".join(self._cells), is_row=True))
        self._cells.clear()


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and value.strip().isdecimal() and len(value) < 7 else default
