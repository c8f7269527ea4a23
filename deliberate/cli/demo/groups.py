"""The organisations of the demo world: entered by their people, verified by the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deliberate.accounts.models import Person
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.people import GROUPS, PEOPLE, Group
from deliberate.kernel.actor import Role
from deliberate.organisations import actions
from deliberate.organisations.models import Organisation
from deliberate.organisations.profile import Profile
from deliberate.tenancy.models import Municipality

Groups = Mapping[tuple[str, str], Organisation]  # by slug of the municipality and key


def enter(
    tenants: Mapping[str, Municipality], people: Mapping[str, Person], now: datetime
) -> dict[tuple[str, str], Organisation]:
    """Have every organisation entered in each municipality where it works."""
    return {
        (place, group.key): _enter(group, tenants[place], people, now)
        for group in GROUPS
        for place in group.places
    }


def verify(
    tenants: Mapping[str, Municipality],
    people: Mapping[str, Person],
    groups: Groups,
    now: datetime,
) -> None:
    """Have the office verify all but those that wait."""
    officers = {each.place: people[each.key] for each in PEOPLE if Role.OFFICER in each.roles}
    for group in GROUPS:
        for place in group.places:
            if not group.waits:
                actor = acting(officers[place], tenants[place])
                actions.verify(groups[place, group.key], actor, now=now)


def speaker_of(key: str) -> str:
    """Return who may speak for an organisation: a key of people."""
    return next(group.speaker[0] for group in GROUPS if group.key == key)


def _enter(
    group: Group, tenant: Municipality, people: Mapping[str, Person], now: datetime
) -> Organisation:
    profile = Profile(
        name=group.name,
        kind=group.kind,
        register=group.register,
        number=group.number or "",
        seat=group.seat,
        about=group.about,
    )
    key, function = group.speaker
    return actions.sign_up(tenant, profile, people[key], function, now=now)
