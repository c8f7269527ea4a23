"""Finding the unit that a letter names: "§ 6 ust. 2", "par. 6 ustęp 2", "6.2". Pure.

People write places in many ways, and whoever keys letters in has no time to look for the right one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.algorithms.folding import fold

WHOLE = frozenset({"", "calosc", "calosci", "cala", "caly", "do calosci", "caly dokument"})
# What is written in many ways → how we compare it.
_SIGNS = {
    "par": "§", "paragraf": "§", "paragrafu": "§", "paragrafie": "§",
    "artykul": "art", "artykulu": "art",
    "ustep": "ust", "ustepu": "ust", "ustepie": "ust",
    "punkt": "pkt", "punktu": "pkt", "punkcie": "pkt", "p": "pkt",
    "litera": "lit", "litery": "lit",
    "rozdzialu": "rozdzial", "rozdz": "rozdzial", "zalacznika": "zalacznik", "zal": "zalacznik",
}  # fmt: skip
_KINDS = frozenset({"§", "art", "ust", "pkt", "lit"})
_WORD = re.compile(r"§|[^\W\d_]+|\d+[a-z]?\b|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A unit of a document, as a list of places has it."""

    document_id: int
    number: int
    path: str
    document: str  # its title


def find_named(text: str, units: Sequence[Named]) -> list[Named]:
    """Return the units that a text may mean: one, if it is plain; none, if nothing is like it.

    Looked for in turn, until something is found: the whole path; the path by its numbers alone;
    the end of a path, "ust. 2" where only one paragraph has it.
    """
    said = _tokens(text)
    if not said:
        return []
    paths = [(unit, _tokens(unit.path)) for unit in units]
    if exact := [unit for unit, path in paths if path == said]:
        return exact
    numbers = _numbers(said)
    if len(numbers) == len(said) and (
        bare := [unit for unit, path in paths if _numbers(path) == numbers]
    ):
        return bare
    return [unit for unit, path in paths if path[-len(said) :] == said]


def parted(text: str, titles: Sequence[str]) -> tuple[str, str]:
    """Return the title of the document that a place begins with, or "", and the rest of it."""
    for title in sorted(titles, key=len, reverse=True):
        if fold(text).startswith(fold(title)):
            rest = text[len(title) :].lstrip(" :,–-")
            return title, rest
    return "", text


def is_whole(text: str) -> bool:
    return " ".join(fold(text).split()) in WHOLE


def _tokens(text: str) -> tuple[str, ...]:
    found: list[str] = _WORD.findall(fold(text))
    return tuple(_SIGNS.get(word, word) for word in found)


def _numbers(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in _KINDS)
