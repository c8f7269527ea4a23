"""What a table of answers may say: row by row, and nothing half."""

from datetime import date

import pytest

from deliberate.answers.positions import LABELS, Position, read_position
from deliberate.answers.rules import answers, tables
from deliberate.answers.rules.tables import Known

REASON = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
HEADER = ("Numer", "Stanowisko", "Uzasadnienie", "Komórka urzędu")
KNOWN = Known(
    open_numbers=frozenset({1, 2, 3}),
    published_numbers=frozenset({9}),
    units={"Wydział Inwestycji": 4},
)


def check(*rows: tuple[str, ...]) -> tables.Report:
    return tables.check_table(HEADER, rows, range(2, len(rows) + 2), KNOWN)


def test_a_filled_row_is_read() -> None:
    report = check(("2", "Przyjęta częściowo", REASON, "wydział inwestycji"))

    assert report.remarks == ()
    assert report.lines == (
        tables.Line(row=2, number=2, position=Position.PARTLY, reason=REASON, unit_id=4),
    )


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (("", "przyjęta", REASON, ""), tables.NO_NUMBER),
        (("dwa", "przyjęta", REASON, ""), tables.NO_NUMBER),
        (("-1", "przyjęta", REASON, ""), tables.NO_NUMBER),
        (("٢", "przyjęta", REASON, ""), tables.NO_NUMBER),
        (("999999999999", "przyjęta", REASON, ""), tables.NO_NUMBER),
        (("7", "przyjęta", REASON, ""), tables.UNKNOWN_NUMBER),
        (("9", "przyjęta", REASON, ""), tables.ALREADY_OUT),
        (("1", "", REASON, ""), tables.NO_POSITION),
        (("1", "może", REASON, ""), tables.UNKNOWN_POSITION),
        (("1", "przyjęta", "", ""), tables.TOO_SHORT),
        (("1", "przyjęta", "x" * 39, ""), tables.TOO_SHORT),
        (("1", "przyjęta", "x" * 10_001, ""), tables.TOO_LONG),
        (("1", "przyjęta", REASON, "Wydział Żartów"), tables.UNKNOWN_UNIT),
    ],
)
def test_what_is_wrong_is_said_with_its_row(row: tuple[str, ...], text: str) -> None:
    report = check(("2", "nieprzyjęta", REASON, ""), row)

    assert [remark.text for remark in report.remarks] == [text]
    assert report.remarks[0].values["row"] == 3
    assert report.remarks[0].text % report.remarks[0].values


def test_a_number_that_stands_twice_names_the_first_row() -> None:
    report = check(("1", "przyjęta", REASON, ""), ("1", "przyjęta", REASON, ""))

    assert report.remarks[0] == tables.Remark(
        text=tables.TWICE, values={"row": 3, "number": 1, "first": 2}
    )


def test_rows_that_nobody_filled_in_are_passed_over() -> None:
    assert [line.number for line in check(("1", "", "", ""), ("2", "tak", REASON, "")).lines] == [2]


def test_a_table_of_empty_rows_is_said_to_be_empty() -> None:
    assert [remark.text for remark in check(("1", "", "", "")).remarks] == [tables.EMPTY]


def test_missing_columns_are_named() -> None:
    report = tables.check_table(("Numer", "Uwagi"), [("1", "x")], [2], KNOWN)

    assert [remark.values["name"] for remark in report.remarks] == ["Stanowisko", "Uzasadnienie"]


@pytest.mark.parametrize(
    ("header", "position"),
    [
        (("Number", "Position", "Justification", "Department"), "Partly accepted"),
        (("number", "POSITION", " Justification ", "department"), "partly accepted"),
        (("Номер", "Позиція", "Обґрунтування", "Підрозділ адміністрації"), "прийнято частково"),
        (("№", "Позиція", "Обґрунтування", "Підрозділ"), "Прийнято  частково"),
        (("Numer", "Position", "Uzasadnienie", "Department"), "przyjęta częściowo"),
    ],
)
def test_headings_and_positions_are_read_in_each_of_our_languages(
    header: tuple[str, ...], position: str
) -> None:
    row = ("2", position, REASON, "Wydział Inwestycji")

    report = tables.check_table(header, [row], [2], KNOWN)

    assert report.remarks == ()
    assert report.lines == (
        tables.Line(row=2, number=2, position=Position.PARTLY, reason=REASON, unit_id=4),
    )


def test_of_two_headings_for_one_column_the_polish_one_counts() -> None:
    header = ("Number", "Numer", "Position", "Stanowisko", "Uzasadnienie")

    report = tables.check_table(header, [("1", "2", "no", "tak", REASON)], [2], KNOWN)

    assert [(line.number, line.position) for line in report.lines] == [(2, Position.ACCEPTED)]


@pytest.mark.parametrize("position", list(Position))
def test_what_goes_out_comes_back(position: Position) -> None:
    assert read_position(LABELS[position].upper()) is position
    assert read_position(f"  {LABELS[position]} ") is position


@pytest.mark.parametrize("text", ["", "chyba", "przyjęta?", "=1+1"])
def test_unknown_words_are_no_position(text: str) -> None:
    assert read_position(text) is None


@pytest.mark.parametrize(
    ("due", "is_complete", "late"),
    [
        (None, False, 0),
        (date(2027, 5, 4), False, 0),
        (date(2027, 5, 3), False, 1),
        (date(2027, 4, 4), False, 30),
        (date(2027, 4, 4), True, 0),
    ],
)
def test_lateness_is_counted_in_days_until_all_is_out(
    due: date | None, is_complete: bool, late: int
) -> None:
    assert answers.days_late(due, date(2027, 5, 4), is_complete=is_complete) == late
