"""Tables in Word: what goes out comes back, whatever a reviewer did to it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from deliberate.kernel.sheets import BadTable, Table
from deliberate.kernel.wordtables import NO_TABLE, UNREADABLE, docx_bytes, read_docx

HEADER = ("Numer", "Treść", "Stanowisko")


def written(*rows: Sequence[str]) -> bytes:
    return docx_bytes("Uwagi", "Uzupełnij.", HEADER, rows, widths=(1, 5, 3), language="pl")


def read(data: bytes, name: str = "t.docx") -> Table:
    return read_docx(data, name, [["Position", "Stanowisko"]])


def changed(data: bytes, old: str, new: str) -> bytes:
    """Return the document with a piece of its XML replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(part, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Zażółć gęślą jaźń",
        "Дерева залишаються",
        "pierwsza\ndruga",
        "<b>&amp;</b> ]]>",
        "=1+1",
        "  w środku  dwie spacje",
        "x" * 5000,
    ],
)
def test_what_goes_out_comes_back(text: str) -> None:
    table = read(written(("1", text, "")))

    assert table.header == HEADER
    assert table.rows == (("1", text.strip(), ""),)


def test_signs_that_xml_has_no_place_for_are_left_out() -> None:
    assert read(written(("1", "a\x00\x1fb\ufffe", ""))).rows == (("1", "ab", ""),)


def test_tracked_changes_count_as_they_will_stand() -> None:
    run = '<w:r><w:t xml:space="preserve">tak</w:t></w:r>'
    data = written(("1", "PRZEDMIOT", ""), ("2", "drugi", ""))
    data = changed(
        data,
        '<w:t xml:space="preserve">PRZEDMIOT</w:t></w:r>',
        '<w:t xml:space="preserve">zostaje </w:t></w:r>'
        '<w:del w:id="1" w:author="A"><w:r><w:delText>usunięte</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="A">{run}</w:ins>'
        '<w:moveFrom w:id="3" w:author="A"><w:r><w:t>przeniesione</w:t></w:r></w:moveFrom>',
    )

    assert read(data).rows[0][1] == "zostaje tak"


def test_a_row_struck_out_is_gone() -> None:
    data = written(("1", "pierwszy", ""), ("2", "drugi", ""))
    document = Document(io.BytesIO(data))
    row = document.tables[0].rows[1]._tr
    row.trPr.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="A"/>'))
    out = io.BytesIO()
    document.save(out)

    assert read(out.getvalue()).rows == (("2", "drugi", ""),)


def test_a_table_cut_in_two_is_one_and_another_table_is_not_read() -> None:
    document = Document()
    for rows in (
        [("A", "B", "C"), ("x", "y", "z")],
        [HEADER, ("1", "a", "")],
        [HEADER, ("2", "b", "")],
    ):
        table = document.add_table(rows=0, cols=3)
        for cells in rows:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)

    assert read(out.getvalue()).rows == (("1", "a", ""), ("2", "b", ""))


def test_joined_cells_keep_the_columns_in_their_places() -> None:
    document = Document(io.BytesIO(written(("1", "a", "tak"))))
    row = document.tables[0].rows[1].cells
    row[0].merge(row[1])
    out = io.BytesIO()
    document.save(out)

    assert read(out.getvalue()).rows[0][2] == "tak"


def test_a_document_without_our_header_is_said_to_have_no_table() -> None:
    with pytest.raises(BadTable) as bad:
        read(docx_bytes("T", "", ("A", "B"), [("1", "2")], widths=(1, 1), language="pl"))

    assert bad.value.message == NO_TABLE


def test_a_broken_document_is_refused() -> None:
    with pytest.raises(BadTable) as bad:
        read(changed(written(("1", "a", "")), "<w:body>", "<w:bod"))

    assert bad.value.message == UNREADABLE


def test_a_forged_document_reads_no_file() -> None:
    data = changed(written(("1", "PRZEDMIOT", "")), "PRZEDMIOT", "&e;")
    entity = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"

    table = read(changed(data, "<w:document", f"{entity}<w:document"))

    assert table.rows == (("1", "", ""),)


def test_the_table_says_its_language_and_repeats_its_header() -> None:
    with zipfile.ZipFile(io.BytesIO(written(("1", "a", "")))) as parts:
        body, styles = parts.read("word/document.xml"), parts.read("word/styles.xml")

    assert b"<w:tblHeader/>" in body
    assert b'w:val="pl-PL"' in styles
    assert b'w:val="en-US"' not in styles
