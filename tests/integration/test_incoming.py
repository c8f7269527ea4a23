"""Tables that people send are read in a process of its own, whatever is in them."""

from __future__ import annotations

import ast
import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import deliberate
from deliberate.kernel import apart, filetypes, incoming, sheets, wordtables
from deliberate.kernel.sheets import BadTable, xlsx_bytes
from deliberate.kernel.wordtables import docx_bytes

HEADER = ("Numer", "Stanowisko")
NAMED = [["Stanowisko", "Position"]]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def sheet(data: bytes, name: str = "t.xlsx") -> str:
    with pytest.raises(BadTable) as bad:
        incoming.read_table(data, name)
    return bad.value.message


def document(data: bytes) -> str:
    with pytest.raises(BadTable) as bad:
        incoming.read_docx(data, "t.docx", NAMED)
    return bad.value.message


def rebuilt(data: bytes, part: str, content: bytes) -> bytes:
    """Return the archive with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            made.writestr(name, content if name == part else good.read(name))
    return out.getvalue()


def word(body: str) -> bytes:
    good = docx_bytes("T", "", HEADER, [("1", "x")], widths=(1, 1), language="pl")
    xml = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    return rebuilt(good, "word/document.xml", xml.encode())


def workbook(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = (
        f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    )
    good = xlsx_bytes("A", HEADER, [("1", "x")])
    return rebuilt(good, "xl/worksheets/sheet1.xml", xml.encode())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", "Numer;Stanowisko\n7;zażółć „gęślą”\n\n8;\n".encode()),
        ("t.xlsx", xlsx_bytes("A", HEADER, [(7, "zażółć „gęślą”"), (), (8, None)])),
    ],
)
def test_a_sheet_comes_as_it_is_read_here(name: str, data: bytes) -> None:
    table = incoming.read_table(data, name)

    assert table == sheets.read_table(data, name)
    assert table.rows == (("7", "zażółć „gęślą”"), ("8", ""))
    assert table.numbers == (2, 4)


def test_a_document_comes_as_it_is_read_here() -> None:
    rows = [("7", "uwzględniona\nw całości"), ("8", "")]
    data = docx_bytes("T", "", HEADER, rows, widths=(1, 1), language="pl")

    table = incoming.read_docx(data, "t.docx", NAMED)

    assert table == wordtables.read_docx(data, "t.docx", NAMED)
    assert table.rows == tuple(rows)


def test_a_sentence_comes_with_its_values_from_the_other_process() -> None:
    with pytest.raises(BadTable) as bad:
        incoming.read_table(b"a;;c\n1;2;3", "t.csv")

    assert str(bad.value) == "Kolumna 2 nie ma nazwy. Uzupełnij ją w pierwszym wierszu."


def test_a_file_name_is_only_a_name() -> None:
    assert incoming.read_table(b"a\n1", "../--x\x00\n ź.csv").rows == (("1",),)


# Made to harm. Each is small on its way in.

CELL = '<c t="inlineStr"><is><t>' + "x" * 100 + "</t></is></c>"


def test_two_hundred_megabytes_of_cells_are_refused_unopened() -> None:
    rows = f"<row>{CELL * 60}</row>" * 28_000

    data = workbook(rows)

    assert len(rows) > 200_000_000
    assert len(data) < sheets.MOST_BYTES
    assert sheet(data) == filetypes.BOMB


def test_an_archive_in_an_archive_is_no_table() -> None:
    inner = zeros(50)
    for _ in range(3):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(20):
                archive.writestr(f"{number}.zip", inner)
        inner = out.getvalue()

    assert sheet(inner) == filetypes.OTHER_INSIDE
    good = xlsx_bytes("A", HEADER, [("1", "x")])
    assert sheet(rebuilt(good, "xl/worksheets/sheet1.xml", inner)) == sheets.UNREADABLE


def zeros(megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", bytes(megabytes * 1024 * 1024))
    return out.getvalue()


def test_a_document_that_eats_memory_ends_its_own_process_only() -> None:
    data = word("<w:p/>" * 10_000_000)  # 60 MB of XML that would take some gigabytes as a tree

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = document(data)

    assert said == wordtables.UNREADABLE
    grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grew < 200 * 1024, "kilobytes"


def test_one_long_text_in_every_cell_is_not_sent_back_a_million_times() -> None:
    shared = f"<si><t>{'x' * 30_000}</t></si>"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = '<c t="s"><v>0</v></c>' * 2
    data = workbook(
        '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
        + (f"<row>{cells}</row>" * 19_000)
    )
    data = rebuilt(data, "xl/sharedStrings.xml", f'<sst xmlns="{space}">{shared}</sst>'.encode())

    assert sheet(data) == sheets.UNREADABLE


def test_reading_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_WAITING", 0.01)

    assert sheet(b"a;b\n1;2", "t.csv") == sheets.UNREADABLE


# The process itself.


def run(reading: str, data: bytes = b"x") -> subprocess.CompletedProcess[bytes]:
    program = (
        f"from deliberate.kernel import apart; apart.MOST_SECONDS = 1; apart.answer({reading})"
    )
    return subprocess.run(
        [sys.executable, "-c", program], input=b"{}\n" + data, capture_output=True, check=False
    )


def test_the_reader_may_not_take_all_memory() -> None:
    done = run("lambda order, data: len(bytearray(2 * apart.MOST_MEMORY))")

    assert done.returncode == 1
    assert b"MemoryError" in done.stderr


def test_the_reader_may_not_take_all_time() -> None:
    done = run("lambda order, data: next(n for n in iter(int, 1) if n)")

    assert done.returncode < 0


def test_the_reader_may_not_answer_without_end() -> None:
    assert b"MemoryError" in run("lambda order, data: 'x' * apart.MOST_ANSWER").stderr
    assert run("lambda order, data: data.decode()", b"whole\nfile").stdout == b'"whole\\nfile"'


def test_the_reader_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELIBERATE_SECRET_KEY", "not for readers")
    seen: dict[str, str] = {}
    real = subprocess.run

    def watched(*args: object, **more: object) -> object:
        seen.update(more["env"])  # type: ignore[call-overload]
        return real(*args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", watched)
    incoming.read_table(b"a\n1", "t.csv")

    assert "DELIBERATE_SECRET_KEY" in os.environ
    assert set(seen) == {"PYTHONPATH"}


def test_nobody_reads_a_sent_table_in_the_process_of_the_pages() -> None:
    home = Path(deliberate.__file__).parent
    found = [
        f"{path.relative_to(home)}: {name.name}"
        for path in home.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module in ("deliberate.kernel.sheets", "deliberate.kernel.wordtables")
        for name in node.names
        if name.name in ("read_table", "read_docx")
    ]

    assert found == []
