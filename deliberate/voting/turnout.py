"""How many took part in each area, told so that nobody is singled out.

Small areas, and areas of which few took part, are told together. So are others, where those alone
would be too few: what is left of a total is told by its other parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from deliberate.kernel.db import db
from deliberate.tenancy.models import Area
from deliberate.voting.models import Eligibility, Participation, Poll
from deliberate.voting.states import Electorate

MOST_SMALL = 1_000  # residents; an area of no more is not told by itself
FEWEST = 10  # people who took part, in whatever is told

Part = tuple[str, int]  # the name of an area, as it was at the count, and people; "": the rest


def told(
    people: Mapping[int | None, int], residents: Mapping[int, int | None]
) -> list[tuple[int | None, int]]:
    """Return (area, people) of the areas that may be told, in their order, the rest (None) last.

    Nothing where no area may be told. people: area → who took part, None where it is not known;
    residents: all areas in their order, None where it is not known how many live there.
    """
    named = [
        area
        for area, living in residents.items()
        if (living or 0) > MOST_SMALL and people.get(area, 0) >= FEWEST
    ]
    while named and not _is_rest_fit(people, residents, named):
        named.remove(min(named, key=lambda area: people[area]))
    if not named:
        return []
    rest = sum(people.values()) - sum(people[area] for area in named)
    return [*((area, people[area]) for area in named), *([(None, rest)] if rest else [])]


def _is_rest_fit(
    people: Mapping[int | None, int], residents: Mapping[int, int | None], named: Sequence[int]
) -> bool:
    """Tell whether those who are not in a named area are many enough to hide in, or nobody."""
    areas = [area for area in residents if area not in named]
    number = sum(people.values()) - sum(people[area] for area in named)
    if not areas:
        return number == 0 or number >= FEWEST
    return number >= FEWEST and sum(residents[area] or 0 for area in areas) > MOST_SMALL


def read(poll: Poll) -> list[Part]:
    """Return what is told of a poll that is about to be counted.

    Of a closed list nothing: how many live in an area says nothing of how many are on the list.
    """
    if poll.electorate == Electorate.LISTED:
        return []
    areas = db.session.execute(
        select(Area.id, Area.name, Area.residents)
        .where(Area.tenant_id == poll.tenant_id)
        .order_by(Area.position, Area.name, Area.id)
    ).all()
    residents = {area_id: living for area_id, _, living in areas}
    if not any((living or 0) > MOST_SMALL for living in residents.values()):
        return []
    names = {area_id: name for area_id, name, _ in areas}
    return [
        (names[area] if area is not None else "", number)
        for area, number in told(_people(poll, residents), residents)
    ]


def _people(poll: Poll, residents: Mapping[int, int | None]) -> dict[int | None, int]:
    rows = db.session.execute(
        select(Eligibility.area_id, func.count())
        .join(
            Participation,
            (Participation.tenant_id == Eligibility.tenant_id)
            & (Participation.poll_id == Eligibility.poll_id)
            & (Participation.person_key == Eligibility.person_key),
        )
        .where(Eligibility.tenant_id == poll.tenant_id, Eligibility.poll_id == poll.id)
        .group_by(Eligibility.area_id)
    )
    people: dict[int | None, int] = {}
    for area, number in rows:
        known = area if area in residents else None  # an area may be gone by then
        people[known] = people.get(known, 0) + number
    return people
