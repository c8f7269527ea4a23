"""Paragraphs out of lines that were broken to fit a page."""

from collections.abc import Iterable

from deliberate.algorithms.units.marks import is_capitals, is_finished, opens_unit

WIDEST_PAGE = 140  # characters; a longer line was never broken
FULL = 0.9  # of the widest line: letters are not all as wide


def unwrapped(lines: Iterable[str]) -> list[str]:
    """Return paragraphs: lines joined where a sentence goes over to the next one.

    Empty lines part paragraphs. A line that begins like a unit ("2)", "§ 3.") is never joined to
    the one before. A text with longer lines than a page is taken as it is, one line a paragraph.
    """
    lines = [" ".join(line.split()) for line in lines]
    widest = max(map(len, lines), default=0)
    if widest > WIDEST_PAGE:
        return [line for line in lines if line]
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        if line and before and _goes_on(before, line, widest):
            paragraphs[-1] += _joint(paragraphs[-1].pop(), line)
        elif line:
            paragraphs.append([line])
        before = line
    return ["".join(parts) for parts in paragraphs]


def _goes_on(before: str, line: str, widest: int) -> bool:
    if opens_unit(line) or (is_capitals(before) and not is_capitals(line)):
        return False
    # Where the next word would have fitted in, the author ended the line.
    with_next_word = len(before) + 1 + len(line.split(" ", 1)[0])
    if with_next_word > FULL * widest:
        return True
    return line[0].islower() and not is_finished(before)


def _joint(before: str, line: str) -> tuple[str, str]:
    """Return the ends of two lines as they stand together; a parted word becomes whole."""
    if before[-1:] in _HYPHENS and before[-2:-1].isalpha():
        # Bielsko-Biała keeps its hyphen.
        return (before[:-1] if line[0].islower() else before), line
    return f"{before} ", line


_HYPHENS = frozenset("-\u00ad\u2010")
