"""Drawing lots: a public seed, so that anyone can draw again."""

import random
from collections.abc import Iterable


def draw_order(numbers: Iterable[int], seed: str) -> list[int]:
    """Return the numbers in a drawn order.

    numbers: distinct; in which order they come in decides nothing, they are sorted first.
    seed: any text; Python's ``random.Random(seed).shuffle`` gives the same order everywhere, on
    every version since 3.2. Raises ValueError if a number stands twice.
    """
    listed = sorted(numbers)
    if len(set(listed)) < len(listed):
        raise ValueError("A number stands twice among the lots")
    random.Random(seed).shuffle(listed)  # noqa: S311 - a lot that can be drawn again, no secret
    return listed
