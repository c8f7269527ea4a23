"""Tables for spreadsheets: out as CSV and XLSX, in from what an office sends.

A cell that somebody wrote never becomes a formula in somebody else's spreadsheet.

Libraries for XLSX are loaded where they are used: a process reads one table and ends (incoming).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from deliberate.kernel.clock import local
from deliberate.kernel.filetypes import BadFile, FileType, decode, read_parts, sniff
from deliberate.kernel.texts import N_

Cell = str | int | Decimal | date | datetime | None

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # 20,000 rows of 60 short cells are about 50 MB of XML
MOST_SETTINGS = 1024 * 1024  # of one part that is read whole, before the first row
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 32_767  # characters, the limit of XLSX

TOO_BIG = N_("Ten plik jest za duży. Tabela może mieć najwyżej 5 MB.")
TOO_MANY_ROWS = N_("W tej tabeli jest za dużo wierszy. Może ich być najwyżej 20 000.")
TOO_MANY_COLUMNS = N_("W tej tabeli jest za dużo kolumn. Może ich być najwyżej 60.")
EMPTY = N_("W tym pliku nie ma tabeli. W pierwszym wierszu powinny być nazwy kolumn.")
UNREADABLE = N_("Tego pliku nie da się odczytać. Zapisz go jako XLSX albo CSV i dodaj ponownie.")
NAMELESS_COLUMN = N_("Kolumna %(column)d nie ma nazwy. Uzupełnij ją w pierwszym wierszu.")
SAME_NAME = N_("Dwie kolumny mają nazwę „%(name)s”. Zostaw jedną z nich.")
ROW_TOO_LONG = N_("W wierszu %(row)d jest więcej komórek niż nazw kolumn.")


class BadTable(Exception):
    """A table we cannot read; ``message`` is a source text, ``values`` its ``%(name)s`` places."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What stands in a sheet, as texts without outer spaces; each row is as long as the header.

    Empty rows are left out, so ``numbers`` says which row of the sheet each one was, from 1.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return CSV that Excel with Polish settings opens by a double click.

    UTF-8 with a mark, semicolons, decimal commas, CRLF. A text that a spreadsheet could take for a
    formula gets an apostrophe before it; data for machines are published as JSON, without it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv_cell(name) for name in header])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheet_name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: texts as texts, numbers as numbers, moments of Warsaw.

    Raises ValueError for a text longer than a cell may be: cutting it would lose it in silence.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415

    out = io.BytesIO()
    # Each cell is written by its type: plain write() would look into a text and make a formula,
    # a link or a number of it.
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(sheet_name))
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, _short_enough(name), bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                match cell:
                    case str():
                        sheet.write_string(number, column, _short_enough(cell))
                    case datetime():
                        sheet.write_datetime(
                            number, column, local(cell).replace(tzinfo=None), moment
                        )
                    case date():
                        sheet.write_datetime(number, column, cell, day)
                    case int() | Decimal():
                        sheet.write_number(number, column, cell)
        sheet.autofit()
    return out.getvalue()


def read_table(data: bytes, filename: str) -> Table:
    """Return the first sheet of an XLSX file, or a CSV, or raise BadTable.

    CSV may be in UTF-8 or Windows-1250, parted by semicolons, commas or tabs: what gives the most
    columns in the first row. Of formulas we take the value that was saved with them. Pages ask
    kernel.incoming, which does it in another process.
    """
    if len(data) > MOST_BYTES:
        raise BadTable(TOO_BIG)
    try:
        kind = sniff(data, filename)
        if kind is FileType.XLSX:
            read_parts(data, MOST_UNPACKED)
            _check_settings(data)
            return table_of(_xlsx_rows(data))
        if kind in {FileType.CSV, FileType.TXT}:
            return table_of(_csv_rows(decode(data)))
    except BadFile as error:
        raise BadTable(error.message) from error
    raise BadTable(UNREADABLE)


# What a spreadsheet takes for the beginning of a formula, in full width too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return "'" + cell if cell.lstrip(" ").startswith(_FORMULA) else cell
        case datetime():
            return f"{local(cell):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}".replace(".", ",")
    return str(cell)


def _short_enough(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise ValueError(f"A cell holds {LONGEST_CELL} characters, this text has {len(text)}")
    return text


def _sheet_name(name: str) -> str:
    """Return the name as XLSX allows it: 31 characters, without its signs of references."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Arkusz"


def _csv_rows(text: str) -> Iterator[list[str]]:
    def rows(delimiter: str) -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    try:
        delimiter = max(";,\t", key=lambda sign: len(next(rows(sign), [])))
        yield from rows(delimiter)
    except csv.Error as error:
        raise BadTable(UNREADABLE) from error


def _check_settings(data: bytes) -> None:
    """Refuse what would be read whole, an object for each element, before the first row."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sizes = [part.file_size for part in archive.infolist() if part.filename in _SETTINGS]
    if any(size > MOST_SETTINGS for size in sizes):
        raise BadTable(UNREADABLE)


_SETTINGS = frozenset(("xl/styles.xml", "xl/workbook.xml"))


def _xlsx_rows(data: bytes) -> Iterator[list[str]]:
    # It parses with defusedxml, which a test looks at.
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheet = workbook.worksheets[0]
        # The limits are those of the format, which a forged file need not keep, and one column
        # more than ours, so that we see it.
        for row in sheet.iter_rows(max_row=1_048_576, max_col=MOST_COLUMNS + 1, values_only=True):
            # A forged sheet has a million empty rows; looking at their cells would take seconds.
            is_empty = row.count(None) == len(row)
            yield [] if is_empty else [_as_text(cell) for cell in row]
    # openpyxl trusts files, so a broken one fails wherever it is first made use of.
    except (
        AttributeError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
        zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise BadTable(UNREADABLE) from error


def _as_text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            is_day = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            return f"{cell:%Y-%m-%d}" if is_day else f"{cell:%Y-%m-%d %H:%M}"
    return str(cell)


def table_of(lines: Iterator[list[str]]) -> Table:
    """Return rows of cells as a table, the first of them its header, or raise BadTable."""
    header = _trimmed(next(lines, []))
    if not header:
        raise BadTable(EMPTY)
    if len(header) > MOST_COLUMNS:
        raise BadTable(TOO_MANY_COLUMNS)
    for column, name in enumerate(header, start=1):
        if not name:
            raise BadTable(NAMELESS_COLUMN, column=column)
        if name in header[: column - 1]:
            raise BadTable(SAME_NAME, name=name)

    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=2):
        row = _trimmed(line)
        if not row:
            continue
        if len(rows) == MOST_ROWS:
            raise BadTable(TOO_MANY_ROWS)
        if len(row) > len(header):
            raise BadTable(ROW_TOO_LONG, row=number)
        rows.append((*row, *[""] * (len(header) - len(row))))
        numbers.append(number)
    return Table(header=tuple(header), rows=tuple(rows), numbers=tuple(numbers))


def _trimmed(line: list[str]) -> list[str]:
    """Return the cells without outer spaces, up to the last one that holds something."""
    cells = [cell.strip() for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    return cells
