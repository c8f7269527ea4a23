"""Counting, by cases worked out by hand."""

from fractions import Fraction

import pytest

from deliberate.algorithms.counting import METHODS
from deliberate.algorithms.counting.approval import count_approval


def ballots(*marked: str) -> list[frozenset[str]]:
    """Write ballots as words of one-letter options."""
    return [frozenset(ballot) for ballot in marked]


@pytest.mark.parametrize(
    ("cast", "score", "winners"),
    [
        (ballots("a", "ab", "c"), {"a": 2, "b": 1, "c": 1}, "a"),
        (ballots("ab", "bc", "ca", ""), {"a": 2, "b": 2, "c": 2}, "abc"),
        (ballots("ab", "ab", "c"), {"a": 2, "b": 2, "c": 1}, "ab"),
        (ballots("", ""), {"a": 0, "b": 0, "c": 0}, "abc"),
        (ballots(), {"a": 0, "b": 0, "c": 0}, "abc"),
    ],
)
def test_approval(cast: list[frozenset[str]], score: dict[str, int], winners: str) -> None:
    outcome = count_approval(["a", "b", "c"], cast)

    assert outcome.score == score
    assert outcome.winners == frozenset(winners)


def test_the_best_score_of_an_exact_count_is_exact() -> None:
    outcome = count_approval(["a"], ballots("a"))

    assert outcome.score["a"] == Fraction(1)
    assert isinstance(outcome.score["a"], Fraction)


def test_an_outcome_cannot_be_changed_afterwards() -> None:
    outcome = count_approval(["a"], ballots("a"))

    with pytest.raises(TypeError):
        outcome.score["a"] = Fraction(2)  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "cast", "says"),
    [
        (["a", "b"], ballots("az", "y"), r"\['y', 'z'\]"),
        (["a", "b", "a"], ballots("a"), r"\['a'\]"),
        ([], ballots(""), "without options"),
    ],
)
def test_what_cannot_be_counted_is_named(
    options: list[str], cast: list[frozenset[str]], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        count_approval(options, cast)


def test_the_registry_knows_each_method_by_its_own_key() -> None:
    assert all(METHODS[method.key] is method for method in METHODS.values())
    assert all(method.source and method.version >= 1 for method in METHODS.values())
