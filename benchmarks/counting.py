"""How long a count of 100,000 ballots takes, and how much memory.

``PYTHONPATH=. python benchmarks/counting.py``: 200 options (30 for rankings), each ballot different
as far as chance has it. Time is that of the count alone. Memory is the most that the process held
of ballots and count together, as the kernel saw it, less what it held before the ballots.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from deliberate.algorithms.counting import METHODS, Terms

VOTERS = 100_000
MANY, FEW = [str(number) for number in range(1, 201)], [str(number) for number in range(1, 31)]
TERMS = Terms(scale=(0, 5), weights=(Fraction(3), Fraction(2), Fraction(1)))
GOALS = {"approval, 10 marks": (1.0, 300)}  # seconds, megabytes

Ballots = Callable[[random.Random], Iterator[Any]]


def marked(marks: int) -> Ballots:
    return lambda chance: (frozenset(chance.sample(MANY, marks)) for _ in range(VOTERS))


def ranked(length: int) -> Ballots:
    return lambda chance: (tuple(chance.sample(FEW, length)) for _ in range(VOTERS))


def pointed(options: int) -> Ballots:
    return lambda chance: (
        frozenset((option, chance.randint(0, 5)) for option in chance.sample(MANY, options))
        for _ in range(VOTERS)
    )


CASES: dict[str, tuple[str, list[str], Ballots]] = {
    "approval, 10 marks": ("approval", MANY, marked(10)),
    "approval, 18 marks": ("approval", MANY, marked(18)),
    "approval, 100 marks, one after another": ("approval", MANY, marked(100)),
    "plurality": ("plurality", MANY, marked(1)),
    "points for 5 options": ("points", MANY, pointed(5)),
    "score of 10 options": ("score", MANY, pointed(10)),
    "majority judgement of 10 options": ("majority_judgement", MANY, pointed(10)),
    "Borda, 10 of 30 ranked": ("borda", FEW, ranked(10)),
    "positional, 3 of 30 ranked": ("positional", FEW, ranked(3)),
}


def measure(name: str) -> tuple[float, float]:
    """Return (seconds, megabytes); runs in a process of its own, so that peaks do not add up."""
    key, options, make = CASES[name]
    chance, before = random.Random(1), peak()  # noqa: S311 - guards nothing
    if name.endswith("one after another"):
        spent = measure_stream(key, options, make(chance))
        return spent, peak() - before
    ballots = list(make(chance))
    began = time.perf_counter()
    METHODS[key].count(options, ballots, TERMS)
    return time.perf_counter() - began, peak() - before


def measure_stream(key: str, options: list[str], ballots: Iterator[Any]) -> float:
    """Time the count without the making of its ballots, which are never all there."""
    making = 0.0

    def one_by_one() -> Iterator[Any]:
        nonlocal making
        while True:
            began = time.perf_counter()
            ballot = next(ballots, None)
            making += time.perf_counter() - began
            if ballot is None:
                return
            yield ballot

    began = time.perf_counter()
    METHODS[key].count(options, one_by_one(), TERMS)  # type: ignore[arg-type]
    return time.perf_counter() - began - making


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    missed = []
    for name in CASES:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, megabytes = pool.apply(measure, (name,))
        most = GOALS.get(name)
        print(f"{name:42} {seconds:6.2f} s {megabytes:6.0f} MB")
        if most and (seconds > most[0] or megabytes > most[1]):
            missed.append(f"{name}: at most {most[0]} s and {most[1]} MB")
    sys.exit("\n".join(missed))


if __name__ == "__main__":
    main()
