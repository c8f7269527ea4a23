"""Ballots that give numbers to options, checked and added up: for points, scores and grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter

from deliberate.algorithms.counting.method import Points
from deliberate.algorithms.counting.places import check_known, check_options


def tally_points(
    options: Sequence[str], ballots: Sequence[Points], *, least: int, most: int | None
) -> Mapping[str, Counter[int]]:
    """Return, for each option, how many ballots give it each number.

    Ballots that leave an option out are in none of its numbers. Raises ValueError, naming what is
    wrong: no options or one twice, something that is no option, an option twice on a ballot, and
    anything but a whole number from ``least`` to ``most`` (None: no upper end).
    """
    check_options(options)
    _check_whole(ballots)
    if twice := {option for ballot in ballots for option in _repeated(ballot)}:
        raise ValueError(f"Options with points twice on a ballot: {sorted(twice, key=repr)}")
    together = Counter(chain.from_iterable(ballots))
    check_known((option for option, _ in together), options)
    numbers = {number for _, number in together}
    if outside := sorted(n for n in numbers if n < least or (most is not None and n > most)):
        scale = f"{least} or more" if most is None else f"{least} to {most}"
        raise ValueError(f"Points outside the scale ({scale}): {outside}")

    tally = {option: Counter[int]() for option in options}
    for (option, number), times in together.items():
        tally[option][number] = times
    return tally


def spread_of(
    options: Sequence[str], ballots: Sequence[Points], scale: tuple[int, int]
) -> Mapping[str, Counter[int]]:
    """Return how many gave each score to each option; one that is left out got the lowest.

    Raises ValueError as ``tally_points`` and ``check_scale`` do.
    """
    check_scale(scale)
    lowest, highest = scale
    tally = tally_points(options, ballots, least=lowest, most=highest)
    for grades in tally.values():
        grades[lowest] += len(ballots) - grades.total()
    return tally


def check_scale(scale: tuple[int, int]) -> None:
    """Raise ValueError where a scale has not a lowest and a higher highest whole number."""
    lowest, highest = scale
    if type(lowest) is not int or type(highest) is not int or lowest >= highest:
        raise ValueError(f"No scale from a lowest to a highest whole number: {scale}")


def _check_whole(ballots: Sequence[Points]) -> None:
    # Looked at one by one: to a dictionary True and 1.0 are the same as 1.
    numbers = map(itemgetter(1), chain.from_iterable(ballots))
    if set(map(type, numbers)) - {int}:
        numbers = map(itemgetter(1), chain.from_iterable(ballots))
        odd = sorted({repr(number) for number in numbers if type(number) is not int})
        raise ValueError(f"Points that are no whole numbers: {', '.join(odd)}")


def _repeated(ballot: Points) -> list[str]:
    if len(dict(ballot)) == len(ballot):
        return []
    times = Counter(option for option, _ in ballot)
    return [option for option, number in times.items() if number > 1]
