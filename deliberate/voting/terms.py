"""What a section says of its counting, between its row and the counting method. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from deliberate.algorithms.counting import Terms
from deliberate.algorithms.counting.method import Band, Denominator
from deliberate.algorithms.lots import draw_order
from deliberate.voting.canonical import canonical

if TYPE_CHECKING:
    from deliberate.voting.models import Section


def write(terms: Terms) -> str:
    """Return the terms that are no column of a section, as its ``terms`` keeps them."""
    said: dict[str, object] = {}
    if terms.seats != 1:
        said["seats"] = terms.seats
    if terms.weights:
        said["weights"] = [str(weight) for weight in terms.weights]
    if terms.denominator is not Denominator.YES_AND_NO:
        said["denominator"] = terms.denominator
    if terms.quorum:
        said["quorum"] = terms.quorum
    if terms.bands:
        said["bands"] = [[band.key, str(band.least)] for band in terms.bands]
    if terms.entitled is not None:
        said["entitled"] = terms.entitled
    return canonical(said)


def read(section: Section, *, seed: str | None, options: Sequence[int]) -> Terms:
    """Return the terms of a section's count; lots are drawn over its options from the seed."""
    said = json.loads(section.terms)
    return Terms(
        seats=said.get("seats", 1),
        lots=tuple(str(no) for no in draw_order(options, lots_seed(seed, section.no)))
        if seed is not None
        else (),
        scale=(section.lowest, section.highest)
        if section.lowest is not None and section.highest is not None
        else (0, 5),
        weights=tuple(Fraction(weight) for weight in said.get("weights", ())),
        denominator=Denominator(said.get("denominator", Denominator.YES_AND_NO)),
        quorum=said.get("quorum", 0),
        bands=tuple(Band(key=key, least=Fraction(least)) for key, least in said.get("bands", ())),
        entitled=said.get("entitled"),
    )


def lots_seed(seed: str, section_no: int) -> str:
    """Return the seed of one section's lots: the public value and the section, each its own."""
    return f"{seed}/{section_no}"
