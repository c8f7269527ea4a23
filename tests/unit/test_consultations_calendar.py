"""A calendar file that any program reads, whatever people wrote into the title."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deliberate.consultations.calendar import Entry, calendar, escape, fold

STAMP = datetime(2026, 5, 1, 12, tzinfo=UTC)


def entry(title: str = "Rynek") -> Entry:
    return Entry(
        uid="phase-1@lubowierz.example",
        title=title,
        first=date(2026, 5, 1),
        last=date(2026, 5, 31),
        url="https://lubowierz.example/konsultacje/rynek",
    )


def test_the_end_is_the_first_day_outside() -> None:
    text = calendar("Rynek", [entry()], stamp=STAMP)

    assert "DTSTART;VALUE=DATE:20260501\r\n" in text
    assert "DTEND;VALUE=DATE:20260601\r\n" in text
    assert "DTSTAMP:20260501T120000Z\r\n" in text


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a, b; c", "a\\, b\\; c"),
        ("C:\\x", "C:\\\\x"),
        ("raz\r\nDTSTART:1", "raz\\nDTSTART:1"),
        ("raz\u2028dwa", "raz\\ndwa"),
    ],
)
def test_a_title_stays_one_value(written: str, stored: str) -> None:
    assert escape(written) == stored


def test_an_attack_in_a_title_adds_no_line() -> None:
    text = calendar("x", [entry("Rynek\r\nEND:VEVENT\r\nBEGIN:VALARM")], stamp=STAMP)

    assert text.count("\r\nEND:VEVENT\r\n") == 1
    assert "\r\nBEGIN:VALARM" not in text


@pytest.mark.parametrize("title", ["ą" * 200, "Rynek " * 40, "площа " * 40, "🌳" * 60])
def test_lines_are_folded_between_letters(title: str) -> None:
    pieces = fold("SUMMARY:" + title)

    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == "SUMMARY:" + title
