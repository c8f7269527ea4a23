"""Telling a heading from a paragraph: by name, number and style, and by what stands around it."""

from dataclasses import dataclass

from deliberate.algorithms.units.marks import (
    find_decimal,
    find_mark,
    find_name,
    find_roman,
    is_capitals,
    is_dash,
    is_finished,
    is_title,
    opens_unit,
)
from deliberate.algorithms.units.pieces import Level, Line

LONGEST_HEADING = 400  # characters; a longer "heading" is a paragraph in a wrong style
SHORTEST_AFTER_TITLE = 80  # characters of the paragraph that makes a short line before it a title


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """``is_bare``: a name without a title, which is in the next line. ``roman``: 0 for none."""

    label: str = ""
    is_bare: bool = False
    is_styled: bool = False
    roman: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a line stands after: ``before`` is the line, "" after a heading."""

    before: str
    in_paragraph: bool  # of an act: its lines go on until a sign ends them
    awaits_words: bool  # the unit that is open has only its sign so far
    last_roman: int

    @property
    def may_be_title(self) -> bool:
        return not self.awaits_words and (is_finished(self.before) or not self.in_paragraph)


def find_heading(line: Line, following: Line | None, around: Around) -> Heading | None:
    """Return the heading that the line is, None for anything else."""
    text = line.text
    may_be_title = around.may_be_title or bool(line.heading)
    if not may_be_title:
        return None
    if name := find_name(text):
        return Heading(label=name[0], is_bare=not name[1])
    if roman := _roman(text, around.last_roman):
        return roman
    if line.heading and len(text) <= LONGEST_HEADING:
        return Heading(label=_number(text), is_styled=True)
    if is_capitals(text) and not opens_unit(text):
        return Heading()
    if following and _stands_as_title(text, following, in_paragraph=around.in_paragraph):
        return Heading(label=_number(text))
    return None


def _roman(text: str, last: int) -> Heading | None:
    """Return the heading "II. Cele" after "I. Wstęp": "C. Nowak" is a person."""
    roman = find_roman(text)
    if not roman or len(text) > LONGEST_HEADING:
        return None
    value, written, title = roman
    if value not in {1, last + 1} or (title and not title[0].isupper()):
        return None
    return Heading(label=written, is_bare=not title, roman=value)


def _stands_as_title(text: str, following: Line, *, in_paragraph: bool) -> bool:
    """Tell by what comes after it whether a line without style, or "1. Wstęp", is a title."""
    if following.is_row or is_dash(text):
        return False
    number = _number(text)
    if not number and find_mark(text):
        return False
    title = text[len(number) :].lstrip(". ")
    if not title or not is_title(title):
        return False
    if number:
        return not in_paragraph and _opens_part(number, following.text)
    if _opens_act(following.text):
        return True
    is_long = len(following.text) >= SHORTEST_AFTER_TITLE > len(text)
    return is_long and not in_paragraph and not following.heading and _is_prose(following.text)


def _number(text: str) -> str:
    """Return the number of a heading: "2.1" of "2.1. Ludność"."""
    if decimal := find_decimal(text):
        return decimal.written
    mark = find_mark(text)
    return mark.written if mark and mark.level is Level.SECTION else ""


def _opens_part(number: str, following: str) -> bool:
    """Tell whether "2." is followed by "2.1." or by a paragraph, and not by "3."."""
    inner = find_decimal(following)
    return bool(inner and inner.written.startswith(f"{number}.")) or _is_prose(following)


def _opens_act(text: str) -> bool:
    mark = find_mark(text)
    return bool(mark and mark.level is Level.PARAGRAPH) or find_name(text) is not None


def _is_prose(text: str) -> bool:
    return text[0].isupper() and not opens_unit(text)
