"""What a table of answers would do: row by row, and nothing half."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberate.answers.positions import Position
from deliberate.answers.rules import keys, tables
from deliberate.answers.rules.answers import Stand
from deliberate.answers.rules.keys import NO_ANSWER, RowKey, Scope
from deliberate.answers.rules.tables import Known, Report, Thing, Verdict

REASON = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
OTHER = "Druga ekspertyza mówi, że fundamenty trzeba jednak wzmocnić."
SEAL = "1:7"
HEADER = ("Numer", "Stanowisko", "Uzasadnienie", "Komórka urzędu", "Klucz")
STOOD = Stand(position=Position.ACCEPTED, reason=REASON, unit_id=4)
THINGS = (
    Thing(kind="remark", id=101, number=1, stand=None, unit_id=4),
    Thing(kind="remark", id=102, number=2, stand=None, unit_id=4, theme="zieleń"),
    Thing(kind="remark", id=103, number=3, stand=STOOD, unit_id=5),
    Thing(kind="remark", id=109, number=9, stand=STOOD, is_published=True, unit_id=4),
)
KNOWN = Known(
    things=THINGS,
    units={"Wydział Inwestycji": 4, "Wydział Środowiska": 5},
    seal=SEAL,
    gone={("remark", 108): 8},
)


def key(subject_id: int, mark: str = NO_ANSWER, scope: Scope | None = None) -> str:
    row = RowKey(kind="remark", id=subject_id, mark=mark, scope=scope or Scope())
    return keys.write(row, SEAL)


def check(*rows: tuple[str, ...], known: Known = KNOWN) -> Report:
    cells = tables.reduced(HEADER, rows)
    return tables.check_rows(cells, range(2, len(rows) + 2), known)


def verdicts(report: Report) -> list[Verdict]:
    return [row.verdict for row in report.rows]


def test_a_filled_row_is_read() -> None:
    report = check(("2", "Przyjęta częściowo", REASON, "wydział inwestycji", key(102)))

    assert report.remarks == ()
    assert verdicts(report) == [Verdict.NEW]
    assert [line.stand for line in report.lines({})] == [
        Stand(position=Position.PARTLY, reason=REASON, unit_id=4)
    ]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (("", "przyjęta", REASON, "", ""), tables.NO_NUMBER),
        (("dwa", "przyjęta", REASON, "", ""), tables.NO_NUMBER),
        (("-1", "przyjęta", REASON, "", ""), tables.NO_NUMBER),
        (("٢", "przyjęta", REASON, "", ""), tables.NO_NUMBER),
        (("999999999999", "przyjęta", REASON, "", ""), tables.NO_NUMBER),
        (("7", "przyjęta", REASON, "", ""), tables.UNKNOWN_NUMBER),
        (("7", "przyjęta", REASON, "", key(777)), tables.UNKNOWN_NUMBER),
        (("1", "", REASON, "", ""), tables.NO_POSITION),
        (("1", "może", REASON, "", ""), tables.UNKNOWN_POSITION),
        (("1", "przyjęta", "", "", ""), tables.TOO_SHORT),
        (("1", "przyjęta", "x" * 39, "", ""), tables.TOO_SHORT),
        (("1", "przyjęta", "x" * 10_001, "", ""), tables.TOO_LONG),
        (("1", "przyjęta", REASON, "Wydział Żartów", ""), tables.UNKNOWN_UNIT),
    ],
)
def test_what_is_wrong_is_said_with_its_row(row: tuple[str, ...], text: str) -> None:
    report = check(("2", "nieprzyjęta", REASON, "", ""), row)

    assert [remark.text for remark in report.remarks] == [text]
    assert report.remarks[0].values["row"] == 3
    assert report.remarks[0].text % report.remarks[0].values


def test_rows_that_nobody_filled_in_are_passed_over() -> None:
    report = check(("1", "", "", "", key(101)), ("2", "tak", REASON, "", key(102)))

    assert verdicts(report) == [Verdict.EMPTY, Verdict.NEW]
    assert [line.thing.number for line in report.lines({})] == [2]


def test_a_table_of_empty_rows_is_said_to_be_empty() -> None:
    report = check(("1", "", "", "", ""))

    assert [remark.text for remark in report.remarks] == [tables.EMPTY_TABLE]


def test_rows_moved_about_are_known_by_their_keys() -> None:
    rows = (
        ("2", "tak", REASON, "", key(102)),
        ("1", "nie", OTHER, "", key(101)),
    )

    assert [line.thing.number for line in check(*rows).lines({})] == [2, 1]


def test_a_number_that_is_not_the_keys_is_asked_about() -> None:
    report = check(("2", "tak", REASON, "", key(101)))

    assert verdicts(report) == [Verdict.RENUMBERED]
    assert report.lines({}) == ()
    assert [line.thing.number for line in report.lines({("remark", 101): 2})] == [1]


def test_a_key_that_somebody_changed_or_of_other_consultations_is_asked_about() -> None:
    foreign = keys.write(RowKey(kind="remark", id=101, mark="0", scope=Scope()), "1:8")

    for broken in (key(101)[:-1], key(101).replace("101", "102"), foreign, "=1+1"):
        report = check(("1", "tak", REASON, "", broken))
        assert verdicts(report) == [Verdict.RENUMBERED], broken
        assert report.lines({}) == ()


def test_the_same_row_twice_counts_once() -> None:
    row = ("1", "tak", REASON, "", key(101))
    report = check(row, row)

    assert verdicts(report) == [Verdict.NEW, Verdict.DOUBLED]
    assert [line.row for line in report.lines({})] == [2]
    assert report.questions == {}


def test_a_doubled_row_that_says_two_things_is_asked_about() -> None:
    report = check(("1", "tak", REASON, "", key(101)), ("1", "nie", OTHER, "", key(101)))

    assert verdicts(report) == [Verdict.DOUBLED, Verdict.DOUBLED]
    assert report.lines({}) == ()
    chosen = report.lines({("remark", 101): 3})
    assert [line.stand.position for line in chosen] == [Position.NOT_ACCEPTED]


def test_the_same_table_twice_changes_nothing() -> None:
    rows = (("1", "tak", REASON, "Wydział Inwestycji", key(101)),)
    saved = replace(THINGS[0], stand=check(*rows).lines({})[0].stand)
    known = replace(KNOWN, things=(saved, *THINGS[1:]))

    report = check(*rows, known=known)

    assert verdicts(report) == [Verdict.SAME]
    assert not report.saves


def test_an_answer_changed_here_is_shown_as_a_change() -> None:
    report = check(("3", "nie", OTHER, "", key(103, STOOD.mark)))

    assert verdicts(report) == [Verdict.CHANGED]


def test_an_answer_given_by_somebody_else_since_is_asked_about() -> None:
    report = check(("3", "nie", OTHER, "", key(103)))

    assert verdicts(report) == [Verdict.MEANWHILE]
    assert report.lines({}) == ()
    assert [line.stand.reason for line in report.lines({("remark", 103): 2})] == [OTHER]


def test_a_row_that_nobody_touched_does_not_undo_what_the_office_did_since() -> None:
    went_out = Stand(position=Position.PARTLY, reason=OTHER, unit_id=None)
    report = check(("3", "częściowo", OTHER, "", key(103, went_out.mark)))

    assert verdicts(report) == [Verdict.SAME]
    assert report.lines({}) == ()


def test_a_row_without_key_may_change_a_draft() -> None:
    assert verdicts(check(("3", "nie", OTHER, "", ""))) == [Verdict.CHANGED]


def test_published_and_withdrawn_are_passed_over_and_named() -> None:
    report = check(
        ("9", "nie", OTHER, "", key(109, STOOD.mark)),
        ("8", "nie", OTHER, "", key(108)),
        ("9", "tak", REASON, "Wydział Inwestycji", key(109)),
    )

    assert verdicts(report) == [Verdict.PUBLISHED, Verdict.GONE, Verdict.SAME]
    assert report.remarks == ()
    assert report.lines({("remark", 109): 2}) == ()


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        (Scope(), [1, 3]),
        (Scope(unit_id=4), [1]),
        (Scope(unit_id=5), [3]),
        (Scope(theme=keys.theme_mark("Zielen")), []),
    ],
)
def test_what_the_table_was_made_for_and_lacks_is_named(scope: Scope, missing: list[int]) -> None:
    report = check(("2", "tak", REASON, "", key(102, scope=scope)))

    assert [thing.number for thing in report.missing] == missing


def test_a_table_made_by_hand_lacks_nothing() -> None:
    assert check(("2", "tak", REASON, "", "")).missing == ()


def test_what_was_made_safe_for_a_spreadsheet_is_read_as_it_was() -> None:
    reason = "- dąb zostaje przy ulicy Ratuszowej, jesion także"
    report = check(("1", "tak", "'" + reason, "", key(101)))

    assert [line.stand.reason for line in report.lines({})] == [reason]


def test_missing_columns_are_named() -> None:
    report = tables.check_header(("Numer", "Uwagi"))

    assert [remark.values["name"] for remark in report.remarks] == ["Stanowisko", "Uzasadnienie"]
    assert tables.check_header(HEADER).remarks == ()
    assert tables.check_header(("Klucz", "Stanowisko", "Uzasadnienie")).remarks == ()


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
    cells = tables.reduced(header, [("2", position, REASON, "Wydział Inwestycji")])

    report = tables.check_rows(cells, [2], KNOWN)

    assert report.remarks == ()
    assert [line.stand for line in report.lines({})] == [
        Stand(position=Position.PARTLY, reason=REASON, unit_id=4)
    ]


def test_of_two_headings_for_one_column_the_polish_one_counts() -> None:
    header = ("Number", "Numer", "Position", "Stanowisko", "Uzasadnienie")
    cells = tables.reduced(header, [("1", "2", "no", "tak", REASON)])

    lines = tables.check_rows(cells, [2], KNOWN).lines({})

    assert [(line.thing.number, line.stand.position) for line in lines] == [(2, Position.ACCEPTED)]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(unit_id=31),
        Scope(theme=keys.theme_mark("zieleń")),
        Scope(unit_id=31, theme=keys.theme_mark("zieleń")),
    ],
)
def test_a_key_is_read_as_it_was_written(scope: Scope) -> None:
    row = RowKey(kind="remark", id=812, mark=STOOD.mark, scope=scope)

    assert keys.read(keys.write(row, SEAL), SEAL) == row
    assert keys.read(f" {keys.write(row, SEAL).upper()} ", SEAL) == row
    assert keys.read(keys.write(row, SEAL), "1:8") is None


@pytest.mark.parametrize(
    "text", ["", "remark", "remark-1-0-a-000000", "remark-٢-0-a-000000", "x" * 10_000]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert keys.read(text, SEAL) is None
