"""Cuts made by hand, made again in the next version of a document."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count, takewhile

from deliberate.algorithms.units.editing import split
from deliberate.algorithms.units.marks import body
from deliberate.algorithms.units.matching import match
from deliberate.algorithms.units.pieces import Piece


def recut(old: Sequence[Piece], new: Sequence[Piece]) -> list[Piece]:
    """Return the new pieces, cut where the old ones were although nothing in the text says so.

    A piece is cut where it holds, word for word, an old one that stood beside the one it goes on
    with and went nowhere itself. Paths are not made anew: ``placed`` does it for the whole.
    """
    went = match(old, new)
    gone = set(range(len(old))).difference(index for index in went if index is not None)
    found: list[Piece] = []
    for index, piece in zip(went, new, strict=True):
        if index is None:
            found.append(piece)
            continue
        # Of a piece that was cut, the longer part is what the whole one goes on with.
        own = [index] if index - 1 in gone else []
        after = takewhile(gone.__contains__, count(index + 1))
        found += _cut(piece, (old[place] for place in (*own, *after)))
    return found


def _cut(piece: Piece, beginnings: Iterable[Piece]) -> list[Piece]:
    parts = [piece]
    for beginning in beginnings:
        if place := _find(beginning.text, parts[-1]):
            first, second = split(parts[-1], place)
            parts[-1:] = [first, replace(second, level=beginning.level, label=beginning.label)]
    return parts


def _find(words: str, piece: Piece) -> int:
    """Return where these words begin after others; 0 where they do not, or after a sign alone."""
    there = re.search(r"(?<=\s)" + r"\s+".join(map(re.escape, words.split())), piece.text)
    if there is None or not body(replace(piece, text=piece.text[: there.start()])).strip():
        return 0
    return there.start()
