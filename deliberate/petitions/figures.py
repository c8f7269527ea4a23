"""The numbers of the law and of the municipality: dated, with a source. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "petitions."
NEEDED = "request.needed"
NEEDED_IN_AREA = "request.needed_in_area"
ANSWER_DAYS = "request.answer_days"
GATHERING_DAYS = "request.gathering_days"
# Art. 41a names no time for gathering signatures; a council's resolution may.
INITIATIVE_GATHERING_DAYS = "initiative.gathering_days"
INITIATIVE_MONTHS = "initiative.months"
PETITION_MONTHS = "petition.months"
EXTENSION_MONTHS = "petition.extension_months"
SUMMARY_BY = "petition.summary_by"
OWN = (NEEDED, NEEDED_IN_AREA, ANSWER_DAYS, GATHERING_DAYS)  # of requests, set all together
OF_MUNICIPALITY = (*OWN, INITIATIVE_GATHERING_DAYS)  # set by the municipality itself
# How many signatures an initiative needs: up to so many residents, so many.
BANDS: Mapping[str, tuple[tuple[int | None, str], ...]] = {
    "gmina": (
        (5_000, "initiative.gmina.5000"),
        (20_000, "initiative.gmina.20000"),
        (None, "initiative.gmina.above"),
    ),
    "county": (
        (100_000, "initiative.county.100000"),
        (None, "initiative.county.above"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in force; ``verified``: it was compared with its source."""

    value: str
    source: str
    verified: bool

    @property
    def number(self) -> int:
        return int(self.value) if self.value.isdigit() else 0


Figures = Mapping[str, Figure]


def signatures(figures: Figures, kind: str, population: int) -> Figure | None:
    """Return how many an initiative needs here; None where nobody can tell.

    A city with county rights is a gmina; an organiser of congresses has no council.
    """
    bands = BANDS.get("county" if kind == "county" else "gmina", ())
    if kind == "organiser" or population <= 0:
        return None
    for most, key in bands:
        if most is None or population <= most:
            return figures.get(key)
    return None


def request_needs(figures: Figures, *, in_area: bool) -> int:
    """Return how many must support a request; 0 where the municipality has set nothing."""
    figure = figures.get(NEEDED_IN_AREA if in_area else NEEDED)
    return figure.number if figure else 0
