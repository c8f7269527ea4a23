"""Run as a program, read one file for documents.reading."""

from collections.abc import Mapping
from typing import Any

from deliberate.documents.formats import docx, html, odt, pdf, txt
from deliberate.documents.formats.outcome import BadDocument, Reading, checked
from deliberate.kernel import apart

READERS = {
    "docx": docx.read,
    "odt": odt.read,
    "html": html.read,
    "txt": txt.read,
    "pdf": pdf.read,
}


def _read(order: Mapping[str, Any], data: bytes) -> dict[str, object]:
    try:
        return _written(checked(READERS[order["kind"]](data)))
    except BadDocument as bad:
        return {"refused": bad.message}


def _written(reading: Reading) -> dict[str, object]:
    return {
        "lines": [[line.text, line.heading, line.is_row] for line in reading.paragraphs],
        "warnings": reading.warnings,
    }


if __name__ == "__main__":
    apart.answer(_read)
