"""From figures or places to an outcome: the same for every method that needs no further rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from deliberate.algorithms.counting.method import Outcome, Round, Step, Terms
from deliberate.algorithms.counting.places import check_lots, choose, places_of


def by_figures(figures: Mapping[str, Fraction], terms: Terms) -> Outcome:
    """Return the outcome in which more is better, and nothing but the figure counts."""
    score = MappingProxyType(dict(figures))
    return by_places(places_of(score), score, [Round(step=Step.TALLY, figures=score)], terms)


def by_places(
    places: Sequence[frozenset[str]],
    score: Mapping[str, Fraction],
    rounds: Sequence[Round],
    terms: Terms,
) -> Outcome:
    """Fill the seats in the order of the places; two rounds at the end tell of lots and of seats.

    Raises ValueError for lots that are no order of these options and for fewer than one seat.
    """
    check_lots(terms.lots, score)
    elected, drawn = choose(places, seats=terms.seats, lots=terms.lots)
    told = list(rounds)
    if drawn:
        among = tuple(option for option in terms.lots if option in drawn)
        lucky = tuple(option for option in elected if option in drawn)
        told.append(Round(step=Step.DRAWN, options=lucky, among=among))
    if elected:
        told.append(Round(step=Step.ELECTED, options=elected))
    return Outcome(
        score=score, places=tuple(places), elected=elected, drawn=drawn, rounds=tuple(told)
    )
