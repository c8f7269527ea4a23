"""Blacking out: what an officer names is taken from a text everywhere. Pure.

The program only proposes. It cannot know what is personal in a sentence, so an officer decides,
and reads the result before anybody else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BLACK = "█████"  # of one length, so that nothing of what was there shows

_PROPOSED = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # an address of e-mail
    re.compile(r"(?<!\d)\d{11}(?!\d)"),  # PESEL
    re.compile(r"(?<!\d)(?:\+48[ -]?)?\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)"),  # a telephone number
    re.compile(r"(?<!\d)\d{2}-\d{3}\s+[A-ZŁŚŻŹĆ]\w+"),  # a post code and its town
    re.compile(r"\b(?:ul\.|al\.|os\.|pl\.)\s*[A-ZŁŚŻŹĆ][\w. ]*?\d+\w?(?:[/ ]+m?\.?\s*\d+)?"),
)
SHORTEST = 2  # one letter would black out half of every word


def propose(text: str, *, name: str = "") -> list[str]:
    """Return what looks like personal data in the text, in its order, each once."""
    found = [
        (match.start(), match.group().strip()) for p in _PROPOSED for match in p.finditer(text)
    ]
    for word in (name, *name.split()):
        place = text.casefold().find(word.casefold()) if len(word) > SHORTEST else -1
        if place >= 0:
            found.append((place, text[place : place + len(word)]))
    return list(dict.fromkeys(passage for _, passage in sorted(found)))


def read_passages(typed: str) -> tuple[str, ...]:
    """Return what to black out, one a line, without what is too short to be meant."""
    lines = (" ".join(line.split()) for line in typed.splitlines())
    return tuple(dict.fromkeys(line for line in lines if len(line) >= SHORTEST))


def blacken(text: str, passages: Iterable[str]) -> str:
    """Return the text without the passages, whatever their case and however broken into lines.

    The longest first: "Anna Nowak" goes before "Anna" would leave "Nowak" alone.
    """
    for passage in sorted(passages, key=len, reverse=True):
        pattern = r"\s+".join(re.escape(word) for word in passage.split())
        if pattern:
            text = re.sub(pattern, BLACK, text, flags=re.IGNORECASE)
    return text


def missing(text: str, passages: Sequence[str]) -> list[str]:
    """Return passages that stand nowhere in the text: mistyped, so they hide nothing."""
    return [passage for passage in passages if blacken(text, (passage,)) == text]
