"""Areas without circles, rules that can be read, sums; colours that can be read."""

import re

import pytest

from deliberate import paths
from deliberate.algorithms.contrast import TEXT, contrast
from deliberate.tenancy import colours, rules

TOKENS = (paths.STATIC / "css" / "20-tokens.css").read_text()


@pytest.mark.parametrize(
    ("area", "parent", "expected"),
    [
        (1, None, None),
        (None, 3, None),
        (3, 2, None),
        (1, 1, rules.CIRCLE),
        (1, 2, rules.CIRCLE),
        (1, 3, rules.CIRCLE),
    ],
)
def test_an_area_does_not_lie_in_itself(
    area: int | None, parent: int | None, expected: object
) -> None:
    parents = {1: None, 2: 1, 3: 2}

    assert rules.circle_refusal(area, parent, parents) is expected


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ([], 0),
        ([(1, None, 10), (2, None, 5)], 15),
        ([(1, None, 10), (2, 1, 6), (3, 1, 4)], 10),  # what holds others is not counted twice
        ([(1, None, None), (2, 1, 6)], 6),
        ([(1, None, 10), (2, None, None)], None),
    ],
)
def test_the_sum_counts_each_person_once(
    areas: list[tuple[int, int | None, int | None]], expected: int | None
) -> None:
    assert rules.sum_of_leaves(areas) == expected


def test_rules_are_lines_without_numbers() -> None:
    typed = "1. Mówimy o sprawie.\r\n\r\n 2) Bez gróźb. \n– Podajemy źródło.\n"

    assert rules.split_rules(typed) == ["Mówimy o sprawie.", "Bez gróźb.", "Podajemy źródło."]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a", "b", "c"], None),
        (["a", "b"], rules.TOO_FEW_RULES),
        (["a"] * 13, rules.TOO_MANY_RULES),
        (["a", "b", "c" * 201], rules.TOO_LONG_RULE),
        (["a", "b", "c" * 200], None),
    ],
)
def test_rules_that_can_be_read(lines: list[str], expected: str | None) -> None:
    assert rules.rules_problem(lines) == expected


def test_the_grounds_are_those_of_the_styles() -> None:
    found = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", TOKENS))
    grounds = [found[name].split(", ") for name in ("surface", "paper", "sunk")]

    assert {day for day, _ in grounds} == set(colours.LIGHT_GROUNDS)
    assert {night for _, night in grounds} == set(colours.DARK_GROUNDS)
    assert found["brand-ink"].split(", ")[1] == colours.DARK_INK


@pytest.mark.parametrize(
    ("colour", "enough"),
    [
        ("#0f5257", True),
        ("#b4451f", True),
        ("#000000", True),
        ("#7d756a", False),
        ("#ffcc00", False),
        ("#ffffff", False),
    ],
)
def test_a_colour_is_measured_on_the_worst_ground(colour: str, enough: bool) -> None:
    reading = colours.measure(colour)

    assert reading.is_enough is enough
    assert reading.ratio == min(contrast(colour, ground) for ground in colours.LIGHT_GROUNDS)


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#0f5257;}", "#0f52577"])
def test_what_is_no_colour_is_not_measured(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        colours.measure(colour)


@pytest.mark.parametrize("colour", ["#0f5257", "#b4451f", "#000000", "#00007f", "#7f0000"])
def test_at_night_every_colour_reads_on_the_dark(colour: str) -> None:
    lighter = colours.at_night(colour)

    assert all(contrast(lighter, ground) >= TEXT for ground in colours.DARK_GROUNDS)
    assert contrast(lighter, colours.DARK_INK) >= TEXT


def test_the_sheet_sets_what_was_chosen_and_nothing_else() -> None:
    assert colours.sheet(None, None) == ""
    sheet = colours.sheet("#0f5257", None)
    assert sheet.startswith("@layer tokens { :root { --brand: light-dark(#0f5257, #")
    assert "--accent" not in sheet
