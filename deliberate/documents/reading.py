"""The text of a document that an officer sends, in paragraphs ready to be cut into units."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import deliberate
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
from deliberate.kernel import filetypes

__all__ = ["ACCEPTED", "BadDocument", "Reading", "read", "read_pasted"]

ACCEPTED = (".docx", ".odt", ".pdf", ".html", ".htm", ".txt")  # for the file field
MOST_SECONDS = 25  # of waiting; the process itself stops after 20 of work

_HTML = frozenset(("html", "htm", "xhtml"))
_OLD = frozenset(("doc", "rtf", "dot"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word's old format, and any new one under a password

log = logging.getLogger(__name__)


def read(name: str, data: bytes) -> Reading:
    """Return the text of a file in reading order, or raise BadDocument with a sentence.

    ``name`` tells the format, ``data`` must agree with it. The reading is done by another process,
    so a file that is made to be endless, or breaks the reader, costs 25 seconds and no more.
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
        done = subprocess.run(  # noqa: S603 - our own module, the kind is one of five words
            [sys.executable, "-m", "deliberate.documents.formats", kind],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
            # Nothing of our own environment, where the keys are.
            env={"PYTHONPATH": os.pathsep.join(filter(None, (_home(), *sys.path)))},
        )
    except subprocess.TimeoutExpired as error:
        log.warning("Reading a %s of %d bytes took too long", kind, len(data))
        raise BadDocument(TOO_HARD) from error
    except subprocess.CalledProcessError as error:
        # A signal (the limit of time), or Python's last line: a name of an error.
        why = error.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        log.warning("Reading a %s of %d bytes: %s %s", kind, len(data), error.returncode, why)
        too_hard = error.returncode < 0 or why == "MemoryError"
        raise BadDocument(TOO_HARD if too_hard else BROKEN) from error
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise BadDocument(answer["refused"])
    return Reading(
        paragraphs=tuple(Line(*line) for line in answer["lines"]),
        warnings=tuple(answer["warnings"]),
    )


def _home() -> str:
    return str(Path(deliberate.__file__).parent.parent)
