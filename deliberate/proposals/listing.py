"""Which list of proposals somebody wants: read from an address, strictly and without complaint.

What is not one of our words falls back to the default: an address from a poster never breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from deliberate.algorithms.folding import stems
from deliberate.authorship.models import Capacity
from deliberate.kernel.clock import local
from deliberate.kernel.texts import N_
from deliberate.proposals.models import State

E = TypeVar("E", bound=StrEnum)

LONGEST_SEARCH = 100
MOST_WORDS = 8
SEEDS = 2**31  # as many as there are values of Proposal.shuffle

SEARCH, AREA, STATE, WHO, ORDER, SEED = "szukaj", "miejsce", "stan", "kto", "kolejnosc", "los"


class Order(StrEnum):
    """How the list stands; the values are what the address says."""

    RANDOM = "losowo"
    NEWEST = "najnowsze"
    SUPPORTS = "poparcie"
    TALK = "rozmowy"
    NUMBER = "numer"


class Who(StrEnum):
    """In whose name proposals were made, in groups that people know."""

    RESIDENTS = "mieszkancy"
    ORGANISATIONS = "organizacje"
    COUNCILS = "rady"
    OFFICE = "urzad"


CAPACITIES: Mapping[Who, frozenset[Capacity]] = {
    Who.RESIDENTS: frozenset({Capacity.RESIDENT, Capacity.GUEST}),
    Who.ORGANISATIONS: frozenset({Capacity.ORGANISATION}),
    Who.COUNCILS: frozenset(
        {
            Capacity.COUNCILLOR,
            Capacity.VILLAGE_HEAD,
            Capacity.NEIGHBOURHOOD_COUNCIL,
            Capacity.YOUTH_COUNCIL,
        }
    ),
    Who.OFFICE: frozenset({Capacity.OFFICE, Capacity.FACILITATOR}),
}

STATES: Mapping[str, State] = {
    "zgloszone": State.OPEN,
    "dopuszczone": State.ADMITTED,
    "niedopuszczone": State.NOT_ADMITTED,
    "wycofane": State.WITHDRAWN,
}

ORDER_LABELS = {
    Order.RANDOM: N_("Losowo"),
    Order.NEWEST: N_("Najnowsze"),
    Order.SUPPORTS: N_("Najwięcej poparcia"),
    Order.TALK: N_("Najwięcej rozmów"),
    Order.NUMBER: N_("Numer"),
}
WHO_LABELS = {
    Who.RESIDENTS: N_("Mieszkanki i mieszkańcy"),
    Who.ORGANISATIONS: N_("Organizacje"),
    Who.COUNCILS: N_("Rady i sołectwa"),
    Who.OFFICE: N_("Urząd"),
}
STATE_LABELS = {
    State.OPEN: N_("Zgłoszone"),
    State.ADMITTED: N_("Dopuszczone do głosowania"),
    State.NOT_ADMITTED: N_("Niedopuszczone"),
    State.WITHDRAWN: N_("Wycofane"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``seed`` turns the random order, 0 … 2^31 - 1; the same seed gives the same list."""

    search: str = ""
    area_id: int | None = None
    state: State | None = None
    who: Who | None = None
    order: Order = Order.RANDOM
    seed: int = 0

    @property
    def words(self) -> list[str]:
        """Return what each proposal found has to contain."""
        return stems(self.search)[:MOST_WORDS]

    @property
    def is_filtered(self) -> bool:
        return bool(self.search or self.area_id or self.state or self.who)

    @property
    def search_only(self) -> Wish:
        """Return the same search among all proposals."""
        return replace(self, area_id=None, state=None, who=None)

    @property
    def place_only(self) -> Wish:
        """Return all proposals of the same place."""
        return replace(self, search="", state=None, who=None)

    @property
    def address(self) -> dict[str, str | None]:
        """Return the parameters of an address that ``read`` turns into this wish, but the area."""
        states = {state: word for word, state in STATES.items()}
        return {
            SEARCH: self.search or None,
            STATE: states[self.state] if self.state else None,
            WHO: self.who,
            ORDER: self.order if self.order is not Order.RANDOM else None,
        }


def read(args: Mapping[str, str], areas: Mapping[str, int], *, now: datetime) -> Wish:
    """Read the parameters of an address; ``areas``: ids by slug."""
    return Wish(
        search=" ".join(args.get(SEARCH, "").split())[:LONGEST_SEARCH],
        area_id=areas.get(args.get(AREA, "")),
        state=STATES.get(args.get(STATE, "")),
        who=_one_of(Who, args.get(WHO)),
        order=_one_of(Order, args.get(ORDER)) or Order.RANDOM,
        seed=_seed(args.get(SEED), now),
    )


def seed_of(now: datetime) -> int:
    """Return the seed of the hour: visitors' pages are told apart by the hour (kernel.caching).

    Knuth's multiplicative hashing (The Art of Computer Programming 3, 6.4) spreads hours that
    follow each other over the whole circle, so that in time every proposal comes first.
    """
    hours = int(local(now).timestamp()) // 3600
    return hours * 2_654_435_761 % SEEDS


def _seed(text: str | None, now: datetime) -> int:
    if text and text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < SEEDS:
        return int(text)
    return seed_of(now)


def _one_of(kind: type[E], text: str | None) -> E | None:
    return next((value for value in kind if value == text), None)
