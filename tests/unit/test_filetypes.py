"""Files are what both their names and their contents say."""

import io
import zipfile

import pytest

from deliberate.kernel import filetypes
from deliberate.kernel.filetypes import BadFile, FileType, sniff


def packed(*parts: str, size: int = 3) -> bytes:
    """Make a zip archive with these parts, each of ``size`` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, b" " * size)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
DOCX = packed("[Content_Types].xml", "word/document.xml")
ODT = packed("mimetype", "content.xml", "META-INF/manifest.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
EXE = b"MZ\x90\x00\x03\x00"


@pytest.mark.parametrize(
    ("data", "filename", "kind", "mime"),
    [
        (PDF, "plan.pdf", FileType.PDF, "application/pdf"),
        (PNG, "Zdjęcie rynku.PNG", FileType.PNG, "image/png"),
        (JPEG, "a.jpg", FileType.JPEG, "image/jpeg"),
        (JPEG, "a.tar.jpeg", FileType.JPEG, "image/jpeg"),
        (WEBP, "a.webp", FileType.WEBP, "image/webp"),
        (ODT, "a.odt", FileType.ODT, "application/vnd.oasis.opendocument.text"),
        ("zażółć\n".encode(), "a.txt", FileType.TXT, "text/plain"),
        ("zażółć;1\r\n".encode("cp1250"), "a.csv", FileType.CSV, "text/csv"),
        ("\ufeffa;b\n".encode(), "a.csv", FileType.CSV, "text/csv"),
    ],
)
def test_what_we_take(data: bytes, filename: str, kind: FileType, mime: str) -> None:
    assert sniff(data, filename) is kind
    assert kind.mime == mime


@pytest.mark.parametrize("data", ["\ufeffłąka".encode(), "łąka".encode(), "łąka".encode("cp1250")])
def test_a_text_is_read_in_the_code_it_was_written_in(data: bytes) -> None:
    assert filetypes.decode(data) == "łąka"


@pytest.mark.parametrize(("data", "filename"), [(DOCX, "a.docx"), (XLSX, "a.xlsx")])
def test_office_documents_are_told_apart_by_their_parts(data: bytes, filename: str) -> None:
    assert sniff(data, filename) == filename.removeprefix("a.")
    assert sniff(data, filename).mime.startswith("application/vnd.openxmlformats-officedocument.")


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        (b"", "a.pdf", filetypes.EMPTY),
        (b"x" * (filetypes.MOST_BYTES + 1), "a.txt", filetypes.TOO_BIG),
        (PDF, "a.exe", filetypes.NOT_ALLOWED),
        (PDF, "pdf", filetypes.NOT_ALLOWED),
        (PDF, "", filetypes.NOT_ALLOWED),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "a.svg", filetypes.NOT_ALLOWED),
        (b"<script>", "a.html", filetypes.NOT_ALLOWED),
        (PDF, "a.pdf\u202e.exe", filetypes.NOT_ALLOWED),
        (PDF, "a.docm", filetypes.NOT_ALLOWED),
        (PDF, "a.png", filetypes.OTHER_INSIDE),
        (EXE, "a.pdf", filetypes.OTHER_INSIDE),
        (EXE, "a.txt", filetypes.OTHER_INSIDE),
        (b"a\x00b", "a.txt", filetypes.OTHER_INSIDE),
        (PNG, "a.jpg", filetypes.OTHER_INSIDE),
        (b"RIFF\x10\x00\x00\x00AVI LIST", "a.webp", filetypes.OTHER_INSIDE),
        (b"\n" + PDF, "a.pdf", filetypes.OTHER_INSIDE),
        (DOCX, "a.xlsx", filetypes.OTHER_INSIDE),
        (XLSX, "a.odt", filetypes.OTHER_INSIDE),
        (packed("a.txt"), "a.docx", filetypes.OTHER_INSIDE),
        (DOCX[:-30], "a.docx", filetypes.OTHER_INSIDE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", filetypes.OTHER_INSIDE),
        (packed("word/document.xml", "word/vbaProject.bin"), "a.docx", filetypes.HAS_MACROS),
        (
            packed("META-INF/manifest.xml", "Basic/script-lc.xml"),
            "a.odt",
            filetypes.HAS_MACROS,
        ),
        (
            packed(*(f"word/{n}.xml" for n in range(filetypes.MOST_PARTS)), "word/document.xml"),
            "a.docx",
            filetypes.BOMB,
        ),
    ],
)
def test_what_we_do_not_take_and_why(data: bytes, filename: str, message: str) -> None:
    with pytest.raises(BadFile) as refused:
        sniff(data, filename)

    assert refused.value.message == message


def test_a_document_that_grows_beyond_measure_is_refused_unopened() -> None:
    bomb = packed("word/document.xml", "word/a.xml", size=filetypes.MOST_UNPACKED // 2 + 1)

    assert len(bomb) < 1_000_000
    with pytest.raises(BadFile) as refused:
        sniff(bomb, "a.docx")
    assert refused.value.message == filetypes.BOMB
