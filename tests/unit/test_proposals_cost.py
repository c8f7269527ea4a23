"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.proposals import cost


@pytest.mark.parametrize(
    ("text", "grosze"),
    [
        ("800", 80_000),
        ("12 500 zł", 1_250_000),
        ("12\N{NO-BREAK SPACE}500,5", 1_250_050),
        ("1.200,50", 120_050),
        ("1.200", 120_000),
        ("800.50", 80_050),
        ("0", 0),
        ("1 000 000 000", cost.MOST),
    ],
)
def test_amounts_are_read_as_written(text: str, grosze: int) -> None:
    assert cost.parse(text) == grosze


@pytest.mark.parametrize(
    "text",
    ["", "dużo", "-5", "1e9", "12,345", "1.20.0", "5 tys.", "1000000001", "٣٤", "9" * 400, "=1+1"],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert cost.parse(text) is None


@given(st.integers(0, cost.MOST))
def test_what_a_field_shows_is_read_back(grosze: int) -> None:
    assert cost.parse(cost.write(grosze)) == grosze


def test_no_amount_is_an_empty_field() -> None:
    assert cost.write(None) == ""
