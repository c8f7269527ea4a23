"""The text of a document that an officer sends, in paragraphs ready to be cut into units."""

from pathlib import PurePosixPath

from deliberate.algorithms.units import Line
from deliberate.documents.formats.outcome import (
    BROKEN,
    MOST_CHARACTERS,
    NOT_READ,
    OLD_WORD,
    PASSWORD,
    TOO_HARD,
    TOO_LONG,
    BadDocument,
    Reading,
    checked,
)
from deliberate.documents.formats.txt import read_text
from deliberate.kernel import apart, filetypes

__all__ = ["ACCEPTED", "BadDocument", "Reading", "read", "read_pasted"]

ACCEPTED = (".docx", ".odt", ".pdf", ".html", ".htm", ".txt")  # for the file field
READER = "deliberate.documents.formats"  # a program

_HTML = frozenset(("html", "htm", "xhtml"))
_OLD = frozenset(("doc", "rtf", "dot"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word's old format, and any new one under a password


def read(name: str, data: bytes) -> Reading:
    """Return the text of a file in reading order, or raise BadDocument with a sentence.

    ``name`` tells the format, ``data`` must agree with it. The reading is done by another process,
    so a file that is made to be endless, or breaks the reader, costs its limits and no more.
    """
    return _read_apart(_kind(name, data), data)


def read_pasted(text: str) -> Reading:
    """Return the paragraphs of a pasted text, or raise BadDocument when it is empty or too long."""
    if len(text) > MOST_CHARACTERS:
        raise BadDocument(TOO_LONG)
    return checked(read_text(text))


def _kind(name: str, data: bytes) -> str:
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if ending in _OLD:
        raise BadDocument(OLD_WORD)
    if ending == "docx" and data.startswith(_OLE):
        raise BadDocument(PASSWORD)
    if ending in _HTML or ending == "txt":
        # In UTF-16 every second byte of a text is NUL, so its code is told by the reader.
        if not data:
            raise BadDocument(filetypes.EMPTY)
        if len(data) > filetypes.MOST_BYTES:
            raise BadDocument(filetypes.TOO_BIG)
        return "html" if ending in _HTML else "txt"
    if f".{ending}" not in ACCEPTED:
        raise BadDocument(NOT_READ)
    try:
        return filetypes.sniff(data, name)
    except filetypes.BadFile as bad:
        raise BadDocument(bad.message) from bad


def _read_apart(kind: str, data: bytes) -> Reading:
    try:
        answer = apart.read(READER, {"kind": kind}, data)
    except apart.NotRead as error:
        raise BadDocument(TOO_HARD if error.too_hard else BROKEN) from error
    if "refused" in answer:
        raise BadDocument(answer["refused"])
    return Reading(
        paragraphs=tuple(Line(*line) for line in answer["lines"]),
        warnings=tuple(answer["warnings"]),
    )
