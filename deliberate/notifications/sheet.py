"""A letter's text, read for its look: what is the button, what a list, where the foot begins. Pure.

Only addresses of our own pages become links, whoever wrote them into a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

FOOT = "\n--\n"
ITEMS = ("– ", "- ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of a letter; ``path`` is where they lead, if they are an address of ours."""

    words: str
    path: str | None = None


Line = list[Piece]
Paragraph = list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together: a paragraph, or a list of one item a line."""

    lines: Paragraph
    is_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Digits to sign in with, and the word before them."""

    label: str
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands where. ``act`` is the address that the letter was written for, if it has one."""

    code: Code | None
    blocks: list[Block]
    act: Piece | None
    foot: list[Block]


def read(body: str, host: str, *, has_code: bool = False) -> Sheet:
    """Find the parts of a letter; ``has_code``: it is one whose first paragraph may be a code.

    The act is the last paragraph before the foot, where the layout of letters puts it: an address
    that somebody wrote on a line of its own higher up never becomes the button.
    """
    said, mark, foot = body.rpartition(FOOT)
    if not mark:
        said, foot = body, ""
    code = _CODE.match(said) if has_code else None
    paragraphs = paragraphs_of(said[code.end() :] if code else said, host)
    act = _address_alone(paragraphs[-1]) if paragraphs else None
    return Sheet(
        code=Code(label=code["label"], digits=code["digits"]) if code else None,
        blocks=[block for lines in paragraphs[: -1 if act else None] for block in _blocks(lines)],
        act=act,
        foot=[
            Block(lines=[_by_its_name(line) for line in lines])
            for lines in paragraphs_of(foot, host)
        ],
    )


def paragraphs_of(text: str, host: str) -> list[Paragraph]:
    """Part a text at its empty lines; ``host`` is the scheme and name before our paths."""
    # Neither in the middle of another address nor with a path that is itself one ("//x", "/\x").
    address = re.compile(
        rf"(?<![^\s(„“\"«]){re.escape(host)}(/(?!/)[^\s<>\"„“”«»\\]*[^\s<>\"„“”«»\\.,;:!?)])"
    )
    return [
        [_line(line, address, host) for line in paragraph.split("\n")]
        for paragraph in re.split(r"\n{2,}", text.strip())
        if paragraph
    ]


_CODE = re.compile(r"\s*(?P<label>\S.*:) (?P<digits>\d{3} \d{3})(?:\n|\Z)")


def _line(line: str, address: re.Pattern[str], host: str) -> Line:
    # Every second part is a path that the expression found; the others are the words between.
    parts = address.split(line)
    return [
        Piece(words=host + part, path=part) if number % 2 else Piece(words=part)
        for number, part in enumerate(parts)
        if part
    ]


def _address_alone(lines: Paragraph) -> Piece | None:
    if len(lines) != 1 or len(lines[0]) != 1:
        return None
    (piece,) = lines[0]
    return piece if piece.path else None


def _blocks(lines: Paragraph) -> list[Block]:
    return [
        Block(lines=[_item(line) for line in group] if is_list else list(group), is_list=is_list)
        for is_list, group in groupby(lines, _is_item)
    ]


def _is_item(line: Line) -> bool:
    return bool(line) and line[0].words.startswith(ITEMS)


def _item(line: Line) -> Line:
    first, *rest = line
    return [Piece(words=first.words[2:], path=first.path), *rest]


def _by_its_name(line: Line) -> Line:
    """Have the words lead to the address after them: "Nie chcesz takich listów: https://…"."""
    if len(line) != 2 or not line[1].path or not line[0].words.endswith(": "):
        return line
    return [Piece(words=line[0].words.removesuffix(": "), path=line[1].path)]
