"""Cutting a document into the units that people refer to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from deliberate.algorithms.units.headings import Around, Heading, find_heading
from deliberate.algorithms.units.marks import (
    ARTICLE,
    ATTACHMENT,
    JUSTIFICATION,
    PARAGRAPH_SIGN,
    Mark,
    breaks_off,
    find_decimal,
    find_mark,
    is_capitals,
    is_dash,
    is_finished,
    is_title,
    opens_unit,
)
from deliberate.algorithms.units.pieces import Level, Line, Piece
from deliberate.algorithms.units.places import COMMON_PART, TIRET, placed

LARGEST_GAP = 3  # "2." and then "5.": two were struck out


def parse(lines: Iterable[Line | str]) -> list[Piece]:
    """Return the units of a document in reading order, none without text.

    lines: paragraphs, or single lines as they stand on a page; empty ones are skipped and runs of
    white space become one space. Nothing else changes: the texts of all pieces, one after another,
    are the lines. A sign opens a unit when it goes on with its list, or when the line before is
    finished; so "zgodnie z ust." / "1. Wnioski" stays together. Lines without a sign go on with a
    numbered unit of an act; in a text without paragraphs (§, art.) each is a unit by itself.
    One pass, so the time grows with the length of the text.
    """
    prepared = [_prepared(line) for line in lines]
    prepared = [line for line in prepared if line.text]
    cutting = _Cutting()
    for line, following in zip(prepared, [*prepared[1:], None], strict=False):
        cutting.take(line, following)
    return placed(
        Piece(level=draft.level, label=draft.label, path="", text="\n".join(draft.lines))
        for draft in cutting.drafts
    )


def _prepared(line: Line | str) -> Line:
    line = Line(line) if isinstance(line, str) else line
    return Line(" ".join(line.text.split()), line.heading, line.is_row)


@dataclass(slots=True)
class _Draft:
    level: Level
    label: str
    lines: list[str]
    is_bare: bool = False  # its name or sign alone: the title or the words are the next line
    is_styled: bool = False  # a heading that the source marks as one


@dataclass(slots=True)
class _Cutting:
    """What is open where the reading has come to."""

    drafts: list[_Draft] = field(default_factory=list)
    # The last number in each list that is open, from the widest: "ust.", "pkt", "lit.".
    lists: dict[Level, tuple[int, str]] = field(default_factory=dict)
    paragraph: Mark | None = None  # the § or art. that is open
    article: tuple[int, str] | None = None  # of a code, where § is a part of an art.
    last_paragraph: tuple[int, str] | None = None
    last_roman: int = 0
    decimal: tuple[int, ...] = ()
    tirets: int = 0
    points_are_dotted: bool = False  # "1." in a list that "1." of a wider one has opened

    def take(self, line: Line, following: Line | None) -> None:
        if line.is_row:
            self._row(line.text)
        elif self._opens_paragraph(line.text):
            self._open_units(line.text)
        elif self._goes_on_with_heading(line):
            self._go_on(line.text)
        elif heading := find_heading(line, following, self._around()):
            self._open_heading(line.text, heading)
        elif not self._dash(line.text, following):
            self._item_or_words(line.text)

    def _item_or_words(self, text: str) -> None:
        if self._opens_item(text):
            self._open_units(text)
        elif not self._decimal_item(text):
            self._plain(text)

    # Headings.

    def _goes_on_with_heading(self, line: Line) -> bool:
        """Tell whether the line is the title after "Rozdział 1", or more of one in capitals."""
        if not self._last_is(Level.HEADING) or opens_unit(line.text):
            return False
        if self._is_bare():
            return bool(line.heading) or is_title(line.text)
        last = self.drafts[-1]
        is_free = not last.label and not last.is_styled and not line.heading
        return is_free and is_capitals(last.lines[-1]) and is_capitals(line.text)

    def _around(self) -> Around:
        return Around(
            before=self._before(),
            in_paragraph=self.paragraph is not None,
            awaits_words=self._is_bare() and not self._last_is(Level.HEADING),
            last_roman=self.last_roman,
        )

    def _open_heading(self, text: str, heading: Heading) -> None:
        self._close(Level.SECTION)
        self.paragraph = None
        self.decimal = ()
        if heading.label.startswith((ATTACHMENT, JUSTIFICATION)):
            self.article = self.last_paragraph = None
            self.last_roman = 0
        self.last_roman = heading.roman or self.last_roman
        self.drafts.append(
            _Draft(Level.HEADING, heading.label, [text], heading.is_bare, heading.is_styled)
        )

    # Units with a number.

    def _opens_paragraph(self, text: str) -> bool:
        mark = find_mark(text)
        if not mark or mark.level is not Level.PARAGRAPH or breaks_off(self._before()):
            return False
        if mark.kind == PARAGRAPH_SIGN and self.article:
            last = self.lists.get(Level.SECTION)
        else:
            last = self.last_paragraph
        return is_finished(self._before()) or last is None or _follows(mark.number, last)

    def _opens_item(self, text: str) -> bool:
        mark = find_mark(text)
        if not mark or mark.level is Level.PARAGRAPH or breaks_off(self._before()):
            return False
        level = self._level_of(mark)
        last = self.lists.get(level)
        if last is not None and _follows(mark.number, last):
            return True
        if mark.number[0] == 1 and not mark.number[1]:
            return not (mark.is_dotted and level is Level.LETTER) or self._before()[-1:] == ":"
        if mark.level is Level.LETTER or not is_finished(self._before()):
            return False
        # A gap, or a list that begins in its middle, as an excerpt does.
        return not mark.is_dotted or mark.rest[:1].isupper()

    def _open_units(self, text: str) -> None:
        """Open the unit of the sign, and those whose signs stand right after it: "§ 6. 1. 1)"."""
        rest = text
        while (mark := find_mark(rest)) and (rest == text or self._opens_inside(mark)):
            if rest != text:
                opened = self.drafts[-1]
                opened.lines[-1] = opened.lines[-1].removesuffix(rest).rstrip()
            self._open_unit(mark, rest)
            rest = mark.rest

    def _opens_inside(self, mark: Mark) -> bool:
        """Tell whether the first sign of a narrower list opens in the line of a wider one."""
        order = list(Level)
        is_first = mark.number[0] == 1 and not (mark.is_dotted and mark.level is Level.LETTER)
        narrower = order.index(self._level_of(mark)) > order.index(self.drafts[-1].level)
        return is_first and narrower and bool(mark.rest)

    def _open_unit(self, mark: Mark, text: str) -> None:
        level = self._level_of(mark)
        if level is Level.PARAGRAPH:
            self._close(Level.SECTION)
            self.paragraph = mark
            self.last_paragraph = mark.number
            if mark.kind == ARTICLE:
                self.article = mark.number
        else:
            self.points_are_dotted = level is Level.POINT and mark.level is Level.SECTION
            self._close(level)
            self.lists[level] = mark.number
        self.decimal = (mark.number[0],)
        self.drafts.append(_Draft(level, self._label(mark, level), [text], is_bare=not mark.rest))

    def _level_of(self, mark: Mark) -> Level:
        if mark.level is Level.PARAGRAPH and mark.kind == PARAGRAPH_SIGN and self.article:
            return Level.SECTION
        if mark.level is Level.SECTION and self._is_dotted_point(mark):
            return Level.POINT
        return mark.level

    def _is_dotted_point(self, mark: Mark) -> bool:
        """Tell whether "1." is in a list that a wider "1." has opened, as careless acts have it."""
        section = self.lists.get(Level.SECTION)
        if section is None:
            return False
        if self.points_are_dotted:
            point = self.lists.get(Level.POINT, (0, ""))
            goes_on = _follows(mark.number, point)
            # "2." could go on with either list: a full stop ends the inner one.
            return goes_on and not (_follows(mark.number, section) and self._before()[-1:] == ".")
        return mark.number == (1, "") and self._before()[-1:] == ":"

    def _label(self, mark: Mark, level: Level) -> str:
        kind = mark.kind
        if level is Level.POINT:
            # In a text without paragraphs "1." is a point, so "1)" below it is a point of a point.
            kind = "pkt" if self.paragraph or Level.SECTION not in self.lists else "ppkt"
        elif level is Level.SECTION and kind == "ust." and not self.paragraph:
            kind = "pkt"
        return f"{kind} {mark.written}"

    def _decimal_item(self, text: str) -> bool:
        """Open "1.1. Text" below "1. Text", outside of acts."""
        number = find_decimal(text)
        if not number or self.paragraph or breaks_off(self._before()):
            return False
        goes_on = number.parts[:-1] == self.decimal[: len(number.parts) - 1] and (
            number.parts[-1] == 1
            if len(number.parts) > len(self.decimal)
            else 0 < number.parts[-1] - self.decimal[len(number.parts) - 1] <= LARGEST_GAP
        )
        starts = number.has_dot and is_finished(self._before()) and number.rest[:1].isupper()
        if not goes_on and not starts:
            return False
        level = (Level.POINT, Level.LETTER)[min(len(number.parts) - 2, 1)]
        self._close(level)
        self.lists[level] = (number.parts[-1], "")
        self.decimal = number.parts
        self.drafts.append(_Draft(level, f"pkt {number.written}", [text]))
        return True

    def _close(self, level: Level) -> None:
        """Close the lists at this level and all narrower ones."""
        order = list(Level)
        for narrower in order[order.index(level) :]:
            self.lists.pop(narrower, None)
        if level is Level.SECTION:
            self.points_are_dotted = False
        self.tirets = 0

    # Lines without a number.

    def _dash(self, text: str, following: Line | None) -> bool:
        in_list = self.paragraph or self.lists
        if not in_list or not is_dash(text) or breaks_off(self._before()):
            return False
        goes_on = self._before()[-1:] == ":" or self.tirets
        if not goes_on and not self.paragraph:
            return False  # bullets after a list of their own
        is_last = following is None or not is_dash(following.text)
        if not goes_on and is_last and self.lists:
            self._close(max(self.lists, key=list(Level).index))
            self.drafts.append(_Draft(Level.TEXT, COMMON_PART, [text]))
            return True
        self.tirets += 1
        self.drafts.append(_Draft(Level.TEXT, f"{TIRET} {self.tirets}", [text]))
        return True

    def _row(self, text: str) -> None:
        if self.paragraph:
            self._go_on(text)
        else:
            self._open_text(text)

    def _plain(self, text: str) -> None:
        before = self._before()
        in_words = not (is_finished(before) or text[0].isupper() or is_dash(text))
        goes_on = self.paragraph or in_words or self._is_bare()
        if goes_on and not self._last_is(Level.HEADING):
            self._go_on(text)
        else:
            self._open_text(text)

    def _open_text(self, text: str) -> None:
        self._close(Level.SECTION)
        self.drafts.append(_Draft(Level.TEXT, "", [text]))

    def _is_bare(self) -> bool:
        last = self.drafts[-1] if self.drafts else None
        return bool(last and last.is_bare and len(last.lines) == 1)

    def _last_is(self, level: Level) -> bool:
        return bool(self.drafts) and self.drafts[-1].level is level

    def _go_on(self, text: str) -> None:
        self.drafts[-1].lines.append(text)

    def _before(self) -> str:
        """Return the line before, or "" at the beginning and after a heading."""
        if not self.drafts or self._last_is(Level.HEADING):
            return ""
        return self.drafts[-1].lines[-1]


def _follows(number: tuple[int, str], last: tuple[int, str]) -> bool:
    """Tell whether a number goes on with its list: 6 after 5 or 4, 6a after 6, 6b after 6a."""
    if number[0] == last[0]:
        return number[1] > last[1]
    return last[0] < number[0] <= last[0] + LARGEST_GAP
