"""Values of public randomness as people type them."""

import pytest

from deliberate.kernel.refusals import Refusal
from deliberate.voting.randomness import KINDS, NOT_DIGITS, NOT_HEX, NOT_LOTTO, Shape, parse

ROUND = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("shape", "typed", "canonical"),
    [
        (Shape.LOTTO, "4,8,15,16,23,42", "4,8,15,16,23,42"),
        (Shape.LOTTO, " 42, 23, 16, 15, 8, 4 ", "4,8,15,16,23,42"),
        (Shape.LOTTO, "42 23 16\t15 08 04", "4,8,15,16,23,42"),
        (Shape.LOTTO, "1–2-3;47.48,49", "1,2,3,47,48,49"),
        (Shape.DIGITS, "049 381 7", "0493817"),
        (Shape.DIGITS, "000000", "000000"),
        (Shape.HEX, ROUND.upper(), ROUND),
        (Shape.HEX, f" {ROUND[:32]} {ROUND[32:]} ", ROUND),
    ],
)
def test_what_means_the_same_is_the_same(shape: Shape, typed: str, canonical: str) -> None:
    assert parse(shape, typed) == canonical


@pytest.mark.parametrize(
    ("shape", "typed", "refusal"),
    [
        (Shape.LOTTO, "", NOT_LOTTO),
        (Shape.LOTTO, "4,8,15,16,23", NOT_LOTTO),
        (Shape.LOTTO, "4,8,15,16,23,42,43", NOT_LOTTO),
        (Shape.LOTTO, "4,8,15,16,23,50", NOT_LOTTO),
        (Shape.LOTTO, "0,8,15,16,23,42", NOT_LOTTO),
        (Shape.LOTTO, "4,4,15,16,23,42", NOT_LOTTO),
        (Shape.LOTTO, "4,8,15,16,23,x", NOT_LOTTO),
        (Shape.LOTTO, "4815162342", NOT_LOTTO),
        (Shape.LOTTO, "٤,8,15,16,23,42", NOT_LOTTO),
        (Shape.DIGITS, "12345", NOT_DIGITS),
        (Shape.DIGITS, "12345a", NOT_DIGITS),
        (Shape.DIGITS, "٤" * 8, NOT_DIGITS),
        (Shape.DIGITS, "1" * 201, NOT_DIGITS),
        (Shape.HEX, ROUND[:-1], NOT_HEX),
        (Shape.HEX, ROUND + "0", NOT_HEX),
        (Shape.HEX, ROUND[:-1] + "g", NOT_HEX),
    ],
)
def test_what_is_no_value_is_refused_in_plain_words(
    shape: Shape, typed: str, refusal: Refusal
) -> None:
    assert parse(shape, typed) == refusal


def test_every_shape_reads_its_own_example_or_shows_only_its_beginning() -> None:
    for shape in (Shape.LOTTO, Shape.DIGITS):
        assert isinstance(parse(shape, KINDS[shape].example), str)
    assert set(KINDS) == set(Shape)
