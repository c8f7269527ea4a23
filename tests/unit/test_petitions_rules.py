"""Redaction, dates and numbers of the registers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from deliberate.petitions import figures, redaction, rules, summary, terms
from deliberate.petitions.figures import Figure
from deliberate.petitions.kinds import CLOSED, STEPS, Register, State


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 11, 21), 3, date(2027, 2, 21)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    day: date, months: int, last: date
) -> None:
    assert terms.after_months(day, months) == last


def test_passages_go_everywhere_whatever_their_case_and_lines() -> None:
    text = "ANNA  Nowak pisze. Anna\nNowak mieszka tu. Anna zna Nowaka."

    hidden = redaction.blacken(text, ("Anna", "Anna Nowak"))

    assert "nna" not in hidden.casefold()
    assert "Nowak m" not in hidden
    assert hidden.count(redaction.BLACK) == 3


def test_signs_of_patterns_are_only_signs() -> None:
    assert redaction.blacken("a.c abc (x)", ("a.c", "(x)")) == "█████ abc █████"


def test_what_looks_personal_is_proposed_once_and_in_order() -> None:
    text = (
        "Jan Kot, ul. Krótka 3/5, 00-001 Lubowierz, PESEL 44051401458, tel. 600 700 800 "
        "albo +48 600700801, jan@poczta.example. Jan Kot. Uchwała nr 123/2026 z 1000 zł."
    )

    proposed = redaction.propose(text, name="Jan Kot")

    assert {"Jan Kot", "44051401458", "600 700 800", "jan@poczta.example"} <= set(proposed)
    assert "00-001 Lubowierz" in proposed
    assert any("Krótka 3" in each for each in proposed)
    assert len(proposed) == len(set(proposed))
    assert not any("1000" in each or "123" in each for each in proposed)


def test_a_single_letter_is_no_passage_and_a_mistyped_one_is_named() -> None:
    assert redaction.read_passages("a\n\n Jan   Kot \nJan Kot") == ("Jan Kot",)
    assert redaction.missing("Jan Kot", ("Jan Kot", "Jan Kos")) == ["Jan Kos"]


def figure(value: int) -> Figure:
    return Figure(value=str(value), source="ustawa", verified=False)


BANDS = {
    "initiative.gmina.5000": figure(100),
    "initiative.gmina.20000": figure(200),
    "initiative.gmina.above": figure(300),
    "initiative.county.100000": figure(300),
    "initiative.county.above": figure(500),
}


@pytest.mark.parametrize(
    ("kind", "population", "needed"),
    [
        ("gmina", 5_000, 100),
        ("gmina", 5_001, 200),
        ("gmina", 20_000, 200),
        ("city_with_county_rights", 20_001, 300),
        ("county", 100_000, 300),
        ("county", 100_001, 500),
        ("gmina", 0, None),
        ("organiser", 10_000, None),
    ],
)
def test_signatures_follow_the_number_of_residents(
    kind: str, population: int, needed: int | None
) -> None:
    found = figures.signatures(BANDS, kind, population)

    assert (found.number if found else None) == needed


SUPPORT = rules.SupportFacts(
    register=Register.REQUEST,
    state=State.GATHERING,
    is_shown=True,
    until=date(2026, 12, 1),
    today=date(2026, 12, 1),
    lacks=None,
    is_author=False,
    has_supported=False,
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"today": date(2026, 12, 2)}, "registers.gathering_over"),
        ({"until": None}, None),
        ({"state": State.SUBMITTED}, "registers.gathering_over"),
        ({"state": State.DRAFT}, "registers.not_public"),
        ({"register": Register.PETITION}, "registers.no_support"),
        ({"is_shown": False, "is_author": True}, "registers.not_shown"),
        ({"is_author": True}, "registers.own"),
        ({"has_supported": True}, "registers.already_given"),
        ({"area": "Nadrzecze", "lives_there": True}, None),
        ({"area": "Nadrzecze", "lives_there": False}, "registers.other_area"),
        ({"area": "Nadrzecze", "lives_there": None}, "registers.no_area"),
        ({"area": "Nadrzecze", "is_author": True}, "registers.no_area"),
        ({"area": "Nadrzecze", "today": date(2026, 12, 2)}, "registers.gathering_over"),
    ],
)
def test_support_is_refused_with_a_reason(changes: dict[str, object], code: str | None) -> None:
    refusal = rules.support_refusal(replace(SUPPORT, **changes))  # type: ignore[arg-type]

    assert (refusal.code if refusal else None) == code


PARENTS = {1: None, 2: 1, 3: 2, 4: None}


@pytest.mark.parametrize(
    ("home", "lives"), [(1, True), (2, True), (3, True), (4, False), (9, False), (None, None)]
)
def test_who_lives_in_a_part_lives_in_what_it_is_part_of(
    home: int | None, lives: bool | None
) -> None:
    assert rules.lives_in(1, home, PARENTS) is lives


def test_who_lives_in_the_whole_need_not_live_in_a_part() -> None:
    assert rules.lives_in(3, 1, PARENTS) is False


@pytest.mark.parametrize(
    ("state", "until", "code"),
    [
        (State.GATHERING, date(2026, 11, 30), None),
        (State.GATHERING, date(2026, 12, 1), "registers.time_left"),
        (State.GATHERING, None, "registers.time_left"),
        (State.SUBMITTED, date(2026, 11, 30), "registers.not_gathering"),
    ],
)
def test_a_matter_lapses_only_after_its_last_day(
    state: State, until: date | None, code: str | None
) -> None:
    refusal = rules.lapse_refusal(state=state, until=until, today=date(2026, 12, 1))

    assert (refusal.code if refusal else None) == code


def test_interest_is_no_signature() -> None:
    assert rules.supporters(Register.INITIATIVE, supports=900, paper=10) == 10
    assert rules.supporters(Register.REQUEST, supports=900, paper=10) == 910


def test_nothing_follows_what_is_closed() -> None:
    assert not CLOSED & set(STEPS)
    assert set(State) == set(STEPS) | CLOSED


def test_a_year_counts_what_came_and_what_was_closed_in_it() -> None:
    line = summary.Line(
        came_in=2026,
        state=State.SUBMITTED,
        closed_on=None,
        due_on=date(2026, 6, 1),
        is_extended=False,
        is_joined=False,
    )
    lines = [
        line,
        replace(line, state=State.AGREED, closed_on=date(2026, 6, 2)),
        replace(line, came_in=2025, state=State.REFUSED, closed_on=date(2026, 1, 5)),
        replace(line, state=State.AGREED, closed_on=date(2027, 1, 5)),
    ]

    found = summary.summarise(2026, lines)

    assert (found.came_in, found.closed, found.open, found.late) == (3, 2, 2, 1)
    assert found.by_outcome == [("agreed", 1), ("refused", 1)]
