"""From figures to places, and from places to who is chosen: the same for every method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction


def check_options(options: Sequence[str]) -> None:
    """Raise ValueError where there are no options, or one stands twice."""
    if not options:
        raise ValueError("A vote without options has no outcome")
    if twice := sorted(option for option, n in Counter(options).items() if n > 1):
        raise ValueError(f"Options named twice: {twice}")


def check_known(named: Iterable[str], options: Collection[str]) -> None:
    """Raise ValueError where a ballot names something that is no option."""
    if strangers := sorted(set(named) - set(options), key=repr):
        raise ValueError(f"Not options of this vote: {strangers}")


def check_lots(lots: Sequence[str], options: Collection[str]) -> None:
    """Raise ValueError where lots are given that are not a drawn order of these options."""
    if lots and Counter(lots) != Counter(list(options)):  # a mapping would be taken for counts
        raise ValueError("The lots are no order of the options of this vote")


def places_of(score: Mapping[str, Fraction]) -> tuple[frozenset[str], ...]:
    """Return the options by score, the greatest first; equal ones share a place."""
    values = sorted(set(score.values()), reverse=True)
    return tuple(
        frozenset(option for option, own in score.items() if own == value) for value in values
    )


def choose(
    places: Sequence[frozenset[str]], *, seats: int, lots: Sequence[str]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return who is chosen, the best first, and for or against whom a lot decided.

    Equals stand in the order of the lots; a lot *decides* only where not all of them get a seat.
    Without lots equals who all get a seat stand in alphabetical order, and where not all do, none
    of them is chosen: the tie stays open. Raises ValueError for fewer than one seat.
    """
    if seats < 1:
        raise ValueError(f"Seats: {seats}")
    order = {option: number for number, option in enumerate(lots)}
    chosen: list[str] = []
    for group in places:
        free = seats - len(chosen)
        if free == 0:
            break
        by_lot = sorted(group, key=lambda option: (order.get(option, 0), option))
        if len(group) <= free:
            chosen += by_lot
            continue
        return (*chosen, *(by_lot[:free] if lots else ())), group if lots else frozenset()
    return tuple(chosen), frozenset()
