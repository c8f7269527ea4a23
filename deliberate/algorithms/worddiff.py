"""What changed between two versions of a text, word by word, for people to read.

Source: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986).
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby

# With more words removed and added than this it is a new text, not an edited one. It is shown as
# such, and the work stays bounded: it grows with the length of the text times this number.
MOST_EDITS = 1_000


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


def word_diff(old: str, new: str) -> list[tuple[Kind, str]]:
    """Return the pieces of both texts in order of reading; in a change, removed before added.

    The pieces that are not ADDED make up ``old``, to the character; those that are not REMOVED,
    ``new``. Neighbours differ in kind and no piece is empty. Words, runs of white space and single
    signs are compared whole. A few short words between two replacements are made part of them:
    "w" that happens to stand in both sentences helps nobody to read.
    """
    return [
        piece
        for before, after in _readable(_stretches(_tokens(old), _tokens(new)))
        for piece in _pieces(before, after)
    ]


def _pieces(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    if before == after:
        yield Kind.SAME, before
        return
    if before:
        yield Kind.REMOVED, before
    if after:
        yield Kind.ADDED, after


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _stretches(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Part both texts alike: pairs of what stood there and what stands there now."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = _edits(old[head : len(old) - tail], new[head : len(new) - tail])
    shared = "".join(old[:head]), "".join(old[len(old) - tail :])
    inner = (
        (
            "".join(token for kind, token in edits if kind is not Kind.ADDED),
            "".join(token for kind, token in edits if kind is not Kind.REMOVED),
        )
        for edits in (list(group) for _, group in groupby(middle, lambda e: e[0] is Kind.SAME))
    )
    pairs = [(shared[0], shared[0]), *inner, (shared[1], shared[1])]
    return [pair for pair in pairs if any(pair)]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many tokens the two have alike at their beginning."""
    n = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        n += 1
    return n


def _edits(old: Sequence[str], new: Sequence[str]) -> list[tuple[Kind, str]]:
    """Return the shortest way from one to the other, or all removed and added if it is too long.

    ``furthest[k]`` is how many old tokens are passed on diagonal k (old minus new tokens passed)
    with the edits so far; ``trail`` keeps it for each number of edits, to find the way back.
    """
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for d in range(min(MOST_EDITS, len(old) + len(new)) + 1):
        # Diagonals of the other parity are the ones that this step reads.
        trail.append({k: furthest[k] for k in range(-d - 1, d + 2, 2) if k in furthest})
        for k in range(-d, d + 1, 2):
            x = _step(furthest, k, d)
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x += 1
                y += 1
            furthest[k] = x
            if x >= len(old) and y >= len(new):
                return _way_back(trail, old, new)
    return [*((Kind.REMOVED, token) for token in old), *((Kind.ADDED, token) for token in new)]


def _step(furthest: dict[int, int], k: int, d: int) -> int:
    """Return where diagonal k is entered by edit d: by an added token, or by a removed one."""
    if k == -d or (k != d and furthest[k - 1] < furthest[k + 1]):
        return furthest[k + 1]
    return furthest[k - 1] + 1


def _way_back(
    trail: list[dict[int, int]], old: Sequence[str], new: Sequence[str]
) -> list[tuple[Kind, str]]:
    edits: list[tuple[Kind, str]] = []
    x, y = len(old), len(new)
    for d in range(len(trail) - 1, -1, -1):
        k = x - y
        entered = _step(trail[d], k, d)
        while x > entered:
            x -= 1
            y -= 1
            edits.append((Kind.SAME, old[x]))
        if d == 0:
            break
        if k == -d or (k != d and trail[d][k - 1] < trail[d][k + 1]):
            y -= 1
            edits.append((Kind.ADDED, new[y]))
        else:
            x -= 1
            edits.append((Kind.REMOVED, old[x]))
    return edits[::-1]


def _readable(stretches: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join two replacements and the short words between them into one replacement."""
    readable: list[tuple[str, str]] = []
    for stretch in stretches:
        pair = stretch
        if len(readable) >= 2 and _is_replacement(pair):
            between, first = readable[-1], readable[-2]
            if _is_replacement(first) and _LITTLE.fullmatch(between[0]):
                readable[-2:] = []
                pair = first[0] + between[0] + pair[0], first[1] + between[1] + pair[1]
        readable.append(pair)
    return readable


def _is_replacement(pair: tuple[str, str]) -> bool:
    return pair[0] != pair[1] and all(pair)


# No word of four letters or more, no end of a line: paragraphs stay apart.
_LITTLE = re.compile(r"(?:[^\S\n]|[^\w\s]|\b\w{1,3}\b)+")
