"""Random profiles near ties: few voters, fewer opinions. The same ones in every run."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from deliberate.algorithms.counting import METHODS, Outcome, Terms

HOW_MANY = 2_000  # of each kind, for each method


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Options are the numbers from 1; ``lots`` are all of them in a drawn order."""

    options: int
    ballots: list[Any]
    lots: list[int]
    seats: int = 1
    highest: int = 0

    @property
    def keys(self) -> list[str]:
        return [str(option) for option in range(1, self.options + 1)]

    def count_rankings(self, method: str, **terms: Any) -> Outcome:
        ballots = [tuple(map(str, ballot)) for ballot in self.ballots]
        return METHODS[method].count(self.keys, ballots, Terms(**terms))

    def count_marks(self, method: str) -> Outcome:
        ballots = [frozenset(map(str, ballot)) for ballot in self.ballots]
        return METHODS[method].count(self.keys, ballots, Terms())

    def count_grades(self, method: str) -> Outcome:
        ballots = [
            frozenset((str(option), grade) for option, grade in ballot) for ballot in self.ballots
        ]
        return METHODS[method].count(self.keys, ballots, Terms(scale=(0, self.highest)))

    def drawn(self) -> tuple[str, ...]:
        return tuple(map(str, self.lots))


def numbers(keys: Iterable[str]) -> list[int]:
    """Return our options as an oracle names them."""
    return sorted(map(int, keys))


def whole_rankings() -> Iterator[Profile]:
    return _profiles("whole rankings", lambda chance, options: chance.sample(options, len(options)))


def short_rankings() -> Iterator[Profile]:
    return _profiles("short rankings", _some)


def single_marks() -> Iterator[Profile]:
    return _profiles("single marks", lambda chance, options: [chance.choice(options)])


def marks() -> Iterator[Profile]:
    return _profiles("marks", lambda chance, options: sorted(_some(chance, options)))


def grades() -> Iterator[Profile]:
    """Every voter grades every option: of those left out the oracles think otherwise than we."""
    for highest in (1, 2, 5):
        yield from _profiles(
            f"grades to {highest}",
            lambda chance, options, highest=highest: [
                [option, chance.randint(0, highest)] for option in options
            ],
            highest=highest,
        )


def _some(chance: random.Random, options: range) -> list[int]:
    return chance.sample(options, chance.randint(1, len(options)))


def _profiles(
    seed: str, opinion: Callable[[random.Random, range], list[Any]], *, highest: int = 0
) -> Iterator[Profile]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
    for _ in range(HOW_MANY):
        options = range(1, chance.randint(3, 6) + 1)
        voters = chance.randint(1, 15)
        opinions = [opinion(chance, options) for _ in range(chance.randint(1, voters))]
        yield Profile(
            options=len(options),
            ballots=[chance.choice(opinions) for _ in range(voters)],
            lots=chance.sample(options, len(options)),
            seats=chance.randint(1, len(options) - 1),
            highest=highest,
        )
