"""Reading PDF: its lines, without what stands on every page, joined into paragraphs."""

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from deliberate.algorithms.units import Line
from deliberate.documents.formats.outcome import (
    BROKEN,
    CONTENTS_LEFT_OUT,
    NO_TEXT,
    PAGES_JOINED,
    PASSWORD,
    SCAN,
    SOME_PAGES_EMPTY,
    TOO_LONG,
    BadDocument,
    Reading,
)
from deliberate.documents.formats.wrapping import unwrapped

MOST_PAGES = 1_000
EDGE = 3  # lines at the top and at the bottom of a page that may stand on all of them
FEWEST_LETTERS = 20  # on a page with text; a scan may have a number or a stamp
LARGEST_SHARE_UNKNOWN = 0.05  # of signs that the file does not say the letters of

_UNKNOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ue000-\uf8ff]")
_DIGITS = re.compile(r"\d+")
_DOTS = re.compile(r"(?:\.\s?|…){4,}\s*\d{1,4}$")  # a line of the contents


def read(data: bytes) -> Reading:
    texts = _texts(data)
    if _unknown_share("".join(texts)) > LARGEST_SHARE_UNKNOWN:
        raise BadDocument(NO_TEXT)
    with_text = [sum(map(str.isalpha, text)) >= FEWEST_LETTERS for text in texts]
    if not any(with_text):
        raise BadDocument(SCAN)
    pages = _without_edges([text.splitlines() for text in texts])
    lines = [line for page in pages for line in page]
    kept = [line for line in lines if not _DOTS.search(line)]
    warnings = [PAGES_JOINED]
    if len(kept) < len(lines):
        warnings.append(CONTENTS_LEFT_OUT)
    if not all(with_text):
        warnings.append(SOME_PAGES_EMPTY)
    return Reading(
        paragraphs=tuple(Line(paragraph) for paragraph in unwrapped(kept)),
        warnings=tuple(warnings),
    )


def _texts(data: bytes) -> list[str]:
    """Return the text of each page."""
    try:
        reader = PdfReader(io.BytesIO(data))
        # Many have an empty password that only forbids to print or to copy; anybody can read them.
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadDocument(PASSWORD)
        if len(reader.pages) > MOST_PAGES:
            raise BadDocument(TOO_LONG)
        return [page.extract_text() for page in reader.pages]
    # What pypdf lets through for broken files, besides its own errors.
    except (
        PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
        OSError, ArithmeticError, NotImplementedError, RecursionError,
    ) as error:  # fmt: skip
        raise BadDocument(BROKEN) from error


def _unknown_share(text: str) -> float:
    """Return how much of the text are numbers of pictures of letters and not letters."""
    return len(_UNKNOWN.findall(text)) / max(len(text), 1)


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Leave out headers, footers and page numbers: what stands at one place of most pages.

    Numbers in them count as the same. "§ 3." at the top of a page is no header.
    """
    pages = [[line for line in page if line.strip()] for page in pages]
    edges = [_edges(page) for page in pages]
    seen = Counter(edge for page in edges for edge in set(page.values()))
    repeated = {edge for edge, count in seen.items() if count > max(len(pages) / 2, 1)}
    return [
        [line for n, line in enumerate(page) if edge.get(n) not in repeated or "§" in line]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: list[str]) -> dict[int, tuple[int, str]]:
    """Return the lines at the edges by their index, each with its place: 0, 1, 2 and -3, -2, -1."""
    bottom = {n: n - len(page) for n in range(max(len(page) - EDGE, 0), len(page))}
    places = bottom | {n: n for n in range(min(EDGE, len(page)))}
    return {n: (place, _alike(page[n])) for n, place in places.items()}


def _alike(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))
