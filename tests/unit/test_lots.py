"""Drawing lots with a public seed."""

import pytest

from deliberate.algorithms.lots import draw_order


def test_the_same_seed_draws_the_same_order_whatever_the_order_before() -> None:
    assert draw_order([3, 1, 2, 5, 4], "ziarno") == draw_order([1, 2, 3, 4, 5], "ziarno")


def test_the_order_is_what_anyone_can_draw_again() -> None:
    # Written down once: another answer means that published draws can no longer be checked.
    assert draw_order(range(1, 7), "1f0c") == [1, 6, 3, 4, 2, 5]


def test_nothing_is_lost_or_added() -> None:
    assert sorted(draw_order(range(1, 40), "a")) == list(range(1, 40))
    assert draw_order([], "a") == []


def test_seeds_differ() -> None:
    assert len({tuple(draw_order(range(8), str(seed))) for seed in range(50)}) > 45


def test_a_number_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw_order([1, 1], "a")
