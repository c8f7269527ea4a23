"""Which files people may hand in, told by what is in them and not by their names alone."""

import io
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from deliberate.kernel.texts import N_

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024  # a document with pictures; a bomb is a thousand times that
MOST_PARTS = 5_000

EMPTY = N_("Ten plik jest pusty.")
TOO_BIG = N_("Ten plik jest za duży. Może mieć najwyżej 10 MB.")
NOT_ALLOWED = N_(
    "Takiego pliku nie przyjmujemy. "
    "Możesz dodać PDF, DOCX, ODT, XLSX, CSV, TXT, PNG, JPG albo WEBP."
)
OTHER_INSIDE = N_(
    "W tym pliku jest coś innego, niż mówi jego nazwa. Zapisz go jeszcze raz i dodaj ponownie."
)
BOMB = N_("Ten plik po rozpakowaniu jest za duży. Zapisz go w mniejszej postaci i dodaj ponownie.")
HAS_MACROS = N_("W tym dokumencie są makra. Zapisz go bez nich i dodaj ponownie.")


class BadFile(Exception):
    """A file that we do not take; ``message`` is a sentence for the person, a source text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FileType(StrEnum):
    """A kind of file that we take; the value is the usual ending of its name."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    TXT = "txt"
    CSV = "csv"

    @property
    def mime(self) -> str:
        return _MIME[self]


def sniff(data: bytes, filename: str) -> FileType:
    """Return the kind of file that both its name and its content say it is, or raise BadFile.

    Of packed documents only the list of parts is read, nothing is unpacked. A text is anything
    without control characters in UTF-8 or Windows-1250, so serve it as an attachment, like all.
    """
    if not data:
        raise BadFile(EMPTY)
    if len(data) > MOST_BYTES:
        raise BadFile(TOO_BIG)
    declared = _declared(filename)
    if declared in _PACKED:
        parts = read_parts(data, MOST_UNPACKED)
        if _PACKED[declared] not in parts:
            raise BadFile(OTHER_INSIDE)
        if any(part.endswith("vbaProject.bin") or part.startswith("Basic/") for part in parts):
            raise BadFile(HAS_MACROS)
    elif declared in {FileType.TXT, FileType.CSV}:
        decode(data)
    elif not _begins_as(data, declared):
        raise BadFile(OTHER_INSIDE)
    return declared


def read_parts(data: bytes, most_unpacked: int) -> frozenset[str]:
    """Return the names in a zip archive whose declared size is bearable, or raise BadFile.

    A size declared too small does no harm: Python's zipfile reads no more than was declared.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadFile(OTHER_INSIDE) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
        raise BadFile(BOMB)
    return frozenset(part.filename for part in parts)


def decode(data: bytes) -> str:
    """Return the text in UTF-8 or, as older Polish programs write it, in Windows-1250."""
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL & set(text):
            return text
    raise BadFile(OTHER_INSIDE)


_MIME = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.WEBP: "image/webp",
    FileType.TXT: "text/plain",
    FileType.CSV: "text/csv",
}
# All packed documents begin alike; each has one part that the others lack.
_PACKED = {
    FileType.DOCX: "word/document.xml",
    FileType.ODT: "META-INF/manifest.xml",
    FileType.XLSX: "xl/workbook.xml",
}
_ENDINGS = {str(kind): kind for kind in FileType} | {"jpeg": FileType.JPEG}
_CONTROL = {chr(n) for n in range(32)} - set("\t\n\f\r")


def _declared(filename: str) -> FileType:
    ending = PurePosixPath(filename.lower()).suffix.removeprefix(".")
    if ending not in _ENDINGS:
        raise BadFile(NOT_ALLOWED)
    return _ENDINGS[ending]


def _begins_as(data: bytes, kind: FileType) -> bool:
    match kind:
        case FileType.PDF:
            return data.startswith(b"%PDF-")
        case FileType.PNG:
            return data.startswith(b"\x89PNG\r\n\x1a\n")
        case FileType.JPEG:
            return data.startswith(b"\xff\xd8\xff")
        case FileType.WEBP:
            return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    raise ValueError(f"No signature is known for {kind}")
