"""A closed list as it was written, line by line."""

import pytest

from deliberate.kernel.sheets import read_table
from deliberate.voting import roll_rules
from deliberate.voting.roll_rules import Line

HEADER = ("Imię i nazwisko", "E-mail")


def read(*rows: tuple[str, str]) -> tuple[list[Line], list[str]]:
    lines, problems = roll_rules.read_lines(HEADER, rows, range(2, 2 + len(rows)))
    return lines, [p.message % {"row": p.row, "first": p.first} for p in problems]


def test_a_good_list_is_read_with_folded_addresses() -> None:
    lines, problems = read(("Łucja Żak", " Lucja@Poczta.PL "), ("Jan Nowak", "jan@poczta.pl"))

    assert problems == []
    assert lines == [Line("Łucja Żak", "lucja@poczta.pl"), Line("Jan Nowak", "jan@poczta.pl")]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("", "ala@poczta.pl"), "Wiersz 3: brakuje imienia i nazwiska."),
        (("x" * 121, "ala@poczta.pl"), "Wiersz 3: skróć imię i nazwisko do 120 znaków."),
        (("Ala", "ala"), "Wiersz 3: to nie jest adres e-mail."),
        (("Ala", ""), "Wiersz 3: to nie jest adres e-mail."),
        (("Ala", "600100200"), "Wiersz 3: to nie jest adres e-mail."),
        (("Ala", "JAN@poczta.pl"), "Wiersz 3: ten adres jest już w wierszu 2."),
    ],
)
def test_a_bad_row_is_named(row: tuple[str, str], says: str) -> None:
    _, problems = read(("Jan Nowak", "jan@poczta.pl"), row)

    assert problems == [says]


def test_every_bad_row_is_named_at_once() -> None:
    _, problems = read(("", "a@b.pl"), ("Jan", "jan"), ("Ola", "a@b.pl"))

    assert len(problems) == 3


@pytest.mark.parametrize("header", [("nazwisko",), ("e-mail",), ("a", "b")])
def test_a_table_without_the_columns_is_refused(header: tuple[str, ...]) -> None:
    _, problems = roll_rules.read_lines(header, [("x",) * len(header)], [2])

    assert [problem.message for problem in problems] == [roll_rules.NO_COLUMNS]


def test_an_empty_list_and_an_endless_one_are_refused() -> None:
    rows = [("Jan", f"jan{n}@poczta.pl") for n in range(roll_rules.MOST_LINES + 1)]

    assert read()[1] == [roll_rules.NO_LINES]
    assert read(*rows)[1] == [roll_rules.TOO_MANY_LINES]


def test_windows_1250_and_empty_lines_are_read() -> None:
    data = "imię i nazwisko;e-mail\r\nŁucja Żółć;lucja@poczta.pl\r\n;\r\nJan;jan@poczta.pl\r\n"
    sheet = read_table(data.encode("cp1250"), "lista.csv")
    lines, problems = roll_rules.read_lines(sheet.header, sheet.rows, sheet.numbers)

    assert problems == []
    assert [line.name for line in lines] == ["Łucja Żółć", "Jan"]


def test_the_hash_changes_with_each_line_and_not_with_their_order() -> None:
    lines = [Line("Ala", "ala@poczta.pl"), Line("Jan", "jan@poczta.pl")]

    assert roll_rules.hash_of(lines) == roll_rules.hash_of(lines[::-1])
    assert roll_rules.hash_of(lines) != roll_rules.hash_of(lines[:1])
    assert roll_rules.hash_of(lines) != roll_rules.hash_of([Line("Ola", lines[0].email), lines[1]])
