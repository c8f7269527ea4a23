"""Tables out to a spreadsheet and in from one."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import openpyxl.xml
import pytest

from deliberate.kernel import filetypes, sheets
from deliberate.kernel.sheets import BadTable, Cell, csv_bytes, read_table, xlsx_bytes

FORMULAS = [
    "=1+1",
    "+48 600 100 200",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    " =1+1",
    '=HYPERLINK("https://evil.example";"tu")',
]


def in_csv(cell: Cell) -> str:
    """Return what a reader of our CSV finds in the cell."""
    text = csv_bytes(["a", "b"], [[cell, "obok"]]).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1]
    assert row[1] == "obok"
    return row[0]


def test_a_csv_opens_in_excel_with_polish_settings() -> None:
    written = csv_bytes(["numer", "tytuł"], [[1, "Łąka; nad Wisłą"], [2, 'A "b"\nc']])

    assert written == ('\ufeffnumer;tytuł\r\n1;"Łąka; nad Wisłą"\r\n2;"A ""b""\nc"\r\n'.encode())


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    assert in_csv(text) == "'" + text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-5, "-5"),
        (1_700_000, "1700000"),
        (Decimal("-12.50"), "-12,50"),
        (None, ""),
        ("a=b", "a=b"),
        ("a;=1", "a;=1"),
        (date(2026, 6, 7), "2026-06-07"),
        (datetime(2026, 6, 7, 21, 59, tzinfo=UTC), "2026-06-07 23:59"),
    ],
)
def test_what_is_no_formula_is_written_as_it_is(cell: Cell, written: str) -> None:
    assert in_csv(cell) == written


@pytest.mark.parametrize("text", [*FORMULAS, "https://example.pl", "007", "{=1}"])
def test_a_text_in_xlsx_is_a_text(text: str) -> None:
    written = xlsx_bytes("Głosy", ["a"], [[text]])

    cell = openpyxl.load_workbook(io.BytesIO(written)).active["A2"]
    # The format knows no bare carriage return; a line end in a cell is "\n".
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "_x000D_"))
    assert cell.hyperlink is None


def test_numbers_and_days_in_xlsx_can_be_counted_with() -> None:
    moment = datetime(2026, 6, 7, 21, 59, tzinfo=UTC)
    rows = [[-5, Decimal("12.50"), date(2026, 6, 7), moment, None]]

    written = xlsx_bytes("A", ["a", "b", "c", "d", "e"], rows)

    sheet = openpyxl.load_workbook(io.BytesIO(written)).active
    assert [cell.value for cell in sheet[2]] == [
        -5,
        12.5,
        datetime(2026, 6, 7),  # noqa: DTZ001 - a spreadsheet knows no time zones
        datetime(2026, 6, 7, 23, 59),  # noqa: DTZ001
        None,
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Propozycje", "Propozycje"),
        ("Rynek 2026: co [dalej]?", "Rynek 2026  co  dalej"),
        ("a" * 40, "a" * 31),
        ("'?'", "Arkusz"),
    ],
)
def test_a_sheet_gets_a_name_that_the_format_allows(name: str, shown: str) -> None:
    written = xlsx_bytes(name, ["a"], [])

    assert openpyxl.load_workbook(io.BytesIO(written)).sheetnames == [shown]


def test_a_text_too_long_for_a_cell_is_not_cut_in_silence() -> None:
    with pytest.raises(ValueError, match="32768"):
        xlsx_bytes("A", ["a"], [["x" * 32_768]])


@pytest.mark.parametrize(
    "data",
    [
        "nr;ulica\n1;Łąkowa\n\n2; Długa ;\n".encode(),
        "\ufeffnr;ulica\r\n1;Łąkowa\r\n;\r\n2;Długa\r\n".encode(),
        "nr,ulica\n1,Łąkowa\n,,\n2,Długa\n".encode(),
        "nr\tulica\n1\tŁąkowa\n\t\n2\tDługa\n".encode("cp1250"),
        'nr;ulica\n"1";"Łąkowa"\n"";\n2;Długa'.encode("cp1250"),
    ],
)
def test_a_csv_is_read_however_it_was_written(data: bytes) -> None:
    table = read_table(data, "spis.csv")

    assert table.header == ("nr", "ulica")
    assert table.rows == (("1", "Łąkowa"), ("2", "Długa"))
    assert table.numbers == (2, 4)


def test_one_column_is_a_table_too() -> None:
    assert read_table(b"kod\nA1\nB2\n", "kody.txt").rows == (("A1",), ("B2",))


def test_an_xlsx_is_read_as_texts() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["nr", "data", "kwota", "uwagi"])
    sheet.append([7.0, date(2026, 6, 7), 12.5, "  Łąka "])
    sheet.append([])
    sheet.append(["=1+1", datetime(2026, 6, 7, 8, 30), True])  # noqa: DTZ001
    out = io.BytesIO()
    workbook.save(out)

    table = read_table(out.getvalue(), "spis.XLSX")

    assert table.header == ("nr", "data", "kwota", "uwagi")
    assert table.rows == (
        ("7", "2026-06-07", "12.5", "Łąka"),
        ("", "2026-06-07 08:30", "True", ""),  # openpyxl saved no value for its formula
    )
    assert table.numbers == (2, 4)


def test_a_whole_number_written_as_a_fraction_is_read_as_whole() -> None:
    cells = '<row r="1"><c r="A1"><v>7.0</v></c><c r="B1"><v>7.50</v></c></row>'

    assert read_table(rebuilt({SHEET: sheet_xml(cells)}), "a.xlsx").header == ("7", "7.5")


def test_what_we_write_we_can_read() -> None:
    header, rows = ["numer", "tytuł"], [["1", "Łąka; nad\nWisłą"], ["2", "a"]]

    for written, name in [
        (csv_bytes(header, rows), "a.csv"),
        (xlsx_bytes("A", header, rows), "a.xlsx"),
    ]:
        table = read_table(written, name)
        assert (list(table.header), [list(row) for row in table.rows]) == (header, rows)


def lines(n: int, columns: int = 1) -> bytes:
    """Return a CSV of ``n`` rows below the header."""
    header = ";".join(f"k{i}" for i in range(columns))
    return (header + "\n" + (";".join("1" * columns) + "\n") * n).encode()


def test_a_table_may_be_as_large_as_we_say() -> None:
    table = read_table(lines(sheets.MOST_ROWS, sheets.MOST_COLUMNS), "a.csv")

    assert len(table.rows) == sheets.MOST_ROWS
    assert len(table.header) == sheets.MOST_COLUMNS


@pytest.mark.parametrize(
    ("data", "filename", "says"),
    [
        (b"", "a.csv", filetypes.EMPTY),
        (b"\n\n", "a.csv", sheets.EMPTY),
        (b";;\n1;2;3", "a.csv", sheets.EMPTY),
        (b"a" * (sheets.MOST_BYTES + 1), "a.csv", sheets.TOO_BIG),
        (lines(sheets.MOST_ROWS + 1), "a.csv", sheets.TOO_MANY_ROWS),
        (lines(1, sheets.MOST_COLUMNS + 1), "a.csv", sheets.TOO_MANY_COLUMNS),
        (b"a;;c\n1;2;3", "a.csv", "Kolumna 2 nie ma nazwy. Uzupełnij ją w pierwszym wierszu."),
        (b"a; a\n1;2", "a.csv", "Dwie kolumny mają nazwę „a”. Zostaw jedną z nich."),
        (b"a;b\n1;2\n\n1;2;3", "a.csv", "W wierszu 4 jest więcej komórek niż nazw kolumn."),
        (b"a\x00;b\n", "a.csv", filetypes.OTHER_INSIDE),
        (b"a;b\n" + b'"' + b"x" * 200_000, "a.csv", sheets.UNREADABLE),
        (b"%PDF-1.7", "a.pdf", sheets.UNREADABLE),
        (b"%PDF-1.7", "a.xlsx", filetypes.OTHER_INSIDE),
        (b"x", "a.xls", filetypes.NOT_ALLOWED),
    ],
)
def test_a_table_we_cannot_take_and_why(data: bytes, filename: str, says: str) -> None:
    with pytest.raises(BadTable) as refused:
        read_table(data, filename)

    assert str(refused.value) == says
    message = refused.value.message
    assert (message % refused.value.values if refused.value.values else message) == says


def rebuilt(change: dict[str, bytes]) -> bytes:
    """Return a good workbook with some of its parts replaced."""
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(xlsx_bytes("A", ["a"], [["b"]])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in good.namelist():
            archive.writestr(part, change.get(part, good.read(part)))
    return out.getvalue()


def sheet_xml(rows: str, before: str = "") -> bytes:
    """Return the XML of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>'
        "</worksheet>"
    ).encode()


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "data",
    [
        rebuilt({SHEET: sheet_xml('<row r="1"><c t="str"><v>&b;</v></c></row>', ENTITIES)}),
        rebuilt({SHEET: sheet_xml('<row r="1"><c t="str"><v>&a;</v></c></row>', OUTSIDE)}),
        rebuilt({SHEET: b"<worksheet"}),
        rebuilt({SHEET: sheet_xml('<row r="x"><c r="??"><v>1</v></c></row>')}),
        rebuilt({"xl/workbook.xml": b"<workbook/>"}),
        rebuilt({"xl/workbook.xml": b""}),
        rebuilt({"[Content_Types].xml": b"<Types/>"}),
    ],
)
def test_a_forged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(BadTable):
        read_table(data, "a.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml"])
def test_xml_that_grows_is_refused_in_every_part(part: str) -> None:
    xml = f'<?xml version="1.0"?>{ENTITIES}<worksheet>&b;</worksheet>'.encode()

    with pytest.raises(BadTable):
        read_table(rebuilt({part: xml}), "a.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="999999999999"><c r="A1" t="str"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZ2" t="str"><v>1</v></c></row>',
    ],
)
def test_a_cell_beyond_every_sheet_costs_nothing(rows: str) -> None:
    header = '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'

    assert read_table(rebuilt({SHEET: sheet_xml(header + rows)}), "a.xlsx").rows == ()


@pytest.mark.filterwarnings("ignore:Workbook contains no stylesheet")
def test_a_workbook_without_styles_is_read_as_other_programs_write_it() -> None:
    empty = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'

    assert read_table(rebuilt({"xl/styles.xml": empty}), "a.xlsx").rows == (("b",),)


def test_a_workbook_that_grows_beyond_measure_is_refused_unopened() -> None:
    bomb = rebuilt({SHEET: b" " * (sheets.MOST_UNPACKED + 1)})

    with pytest.raises(BadTable) as refused:
        read_table(bomb, "a.xlsx")
    assert refused.value.message == filetypes.BOMB


def test_the_reader_of_workbooks_expands_no_entities() -> None:
    assert openpyxl.xml.DEFUSEDXML
