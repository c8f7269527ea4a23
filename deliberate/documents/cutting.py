"""Where a unit of a document may be cut by hand."""

from __future__ import annotations

import re

MOST_CUTS = 200
LONGEST_OPENING = 80  # characters of what would begin the new unit

# After the end of a line, of a sentence, of an item of a list; before "1)", "a)", "–".
_BEGINNINGS = re.compile(r"\n+|(?<=[.;:])\s+|\s+(?=(?:\d+[a-z]?|[a-z]{1,2})\)\s|–\s)")


def list_cuts(text: str) -> list[tuple[int, str]]:
    """Return where a new unit may begin: the character's place, and the words that follow."""
    places = sorted({match.end() for match in _BEGINNINGS.finditer(text)})
    cuts = []
    for place in places:
        opening = " ".join(text[place : place + LONGEST_OPENING * 2].split())
        if len(text[:place].split()) > 1 and opening:  # a sign alone is no unit
            cuts.append((place, _short(opening)))
    return cuts[:MOST_CUTS]


def _short(opening: str) -> str:
    if len(opening) <= LONGEST_OPENING:
        return opening
    return opening[:LONGEST_OPENING].rsplit(" ", 1)[0] + "…"
