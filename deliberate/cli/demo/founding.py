"""Who and what there is in the demo world before anything happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deliberate.accounts.models import Person
from deliberate.cli.demo import (
    common_room,
    crowd,
    groups,
    integration,
    market_square,
    programme,
    towns,
)
from deliberate.cli.demo.calendar import Days
from deliberate.cli.demo.people import FOUNDERS, PEOPLE
from deliberate.kernel import clock
from deliberate.kernel.db import transaction
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics

FOUNDED = -130  # the day on which the municipalities came
HEARD = {
    "wrzosowiany": common_room.VOICES,
    "lubowierz": (*market_square.VOICES, *integration.VOICES, *FOUNDERS),
    "powiat-wierzbogorski": programme.VOICES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Municipalities by slug, people by key, organisations by both."""

    tenants: Mapping[str, Municipality]
    people: Mapping[str, Person]
    groups: groups.Groups


def found(days: Days, password_hash: str) -> World:
    """Make everybody and everything; ``password_hash`` is that of everybody with a role."""
    moment = days.at(FOUNDED, 12)
    with clock.at(moment), transaction():
        topics.install_topics()
        tenants = towns.build(moment)
        people = crowd.build_staff(tenants, moment)
        for somebody in PEOPLE:
            if somebody.roles:
                people[somebody.key].password_hash = password_hash
        for slug, voices in HEARD.items():
            people |= crowd.build_heard(tenants[slug], voices, moment)
        entered = groups.enter(tenants, people, moment)
        crowd.give_roles(tenants, people, entered, moment)
        crowd.give_second_factors(people, moment)
    with clock.at(days.at(FOUNDED + 1, 12)), transaction():
        groups.verify(tenants, people, entered, clock.now())
        crowd.confirm(tenants, people)
    return World(tenants=tenants, people=people, groups=entered)
