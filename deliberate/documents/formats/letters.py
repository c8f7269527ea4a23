"""Telling in which code a text was written."""

import codecs
import re

from deliberate.documents.formats.outcome import BROKEN, BadDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE
)
_POLISH = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso-8859-2",
    "iso8859-2": "iso-8859-2",
}
# ą, ś, ź, Ą, Ś, Ź: the letters that differ between the two codes older Polish programs write.
_OF_WINDOWS = frozenset(b"\xb9\x9c\x9f\xa5\x8c\x8f")
_OF_ISO = frozenset(b"\xb1\xb6\xbc\xa1\xa6\xac")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def decoded(data: bytes, *, is_html: bool = False) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a mark, Windows-1250 or ISO 8859-2.

    Raises BadDocument for what is no text in any of them: a program, a picture under another name.
    """
    for encoding in _encodings(data, is_html=is_html):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text.replace("\x1a", "")):  # old programs end a text with it
            return text
    raise BadDocument(BROKEN)


def _encodings(data: bytes, *, is_html: bool) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    named = _NAMED.search(data[:4096]) if is_html else None
    first = _POLISH.get(named[1].decode("ascii").lower()) if named else None
    return [*([first] if first else []), "utf-8", _eight_bits(data)]


def _eight_bits(data: bytes) -> str:
    windows = sum(byte in _OF_WINDOWS for byte in data)
    iso = sum(byte in _OF_ISO for byte in data)
    return "iso-8859-2" if iso > windows else "cp1250"
