"""What happens in the registers of Wrzosowiany: entered, blacked out, published, supported."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deliberate.accounts.models import Person
from deliberate.cli.demo.calendar import Days, Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.registers import (
    INITIATIVE,
    PETITIONS,
    REQUEST,
    TERMS,
    TERMS_SOURCE,
)
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Actor
from deliberate.petitions import queries
from deliberate.petitions.actions import asking, office, supporting
from deliberate.petitions.content import Letter, Wish
from deliberate.petitions.kinds import Register
from deliberate.petitions.models import Entry
from deliberate.tenancy.models import Municipality

TERMS_ON = -80


@dataclass(kw_only=True)
class Registers:
    """The registers of one municipality and who keeps them. Filled while steps happen."""

    days: Days
    tenant: Municipality
    officer: Person
    entries: dict[str, Entry] = field(default_factory=dict)  # by title

    @property
    def actor(self) -> Actor:
        return acting(self.officer, self.tenant)


def steps(
    world: World, days: Days, villagers: Sequence[Person], chance: random.Random
) -> list[Step]:
    """Play a request that looks for supporters, an initiative and two petitions."""
    here = Registers(
        days=days, tenant=world.tenants["wrzosowiany"], officer=world.people["jolanta"]
    )
    supporters = chance.sample(list(villagers), REQUEST["supports"])
    moments = days.spread(REQUEST["on"] + 1, -1, len(supporters))
    return [
        Step(days.at(TERMS_ON, 9), partial(_set_terms, here)),
        Step(days.at(REQUEST["on"], 18), partial(_ask, here, world.people[REQUEST["author"]])),
        *(
            Step(moment, partial(_support, here, person))
            for moment, person in zip(moments, supporters, strict=True)
        ),
        Step(days.at(INITIATIVE["on"], 10), partial(_enter, here, Register.INITIATIVE, INITIATIVE)),
        Step(days.at(INITIATIVE["on"], 11), partial(_publish, here, INITIATIVE)),
        *(
            Step(days.at(on, 13), partial(_count, here, signatures, note))
            for on, signatures, note in INITIATIVE["counts"]
        ),
        *(step for petition in PETITIONS for step in _petitioning(here, petition)),
    ]


def _petitioning(here: Registers, petition: Mapping[str, Any]) -> list[Step]:
    days = here.days
    found = [
        Step(days.at(petition["on"], 10), partial(_enter, here, Register.PETITION, petition)),
        Step(days.at(petition["published_on"], 10), partial(_publish, here, petition)),
    ]
    if petition["answered_on"] is not None:
        found.append(Step(days.at(petition["answered_on"], 12), partial(_answer, here, petition)))
    return found


def _set_terms(here: Registers) -> None:
    office.set_terms(here.tenant, TERMS, source=TERMS_SOURCE, actor=here.actor, now=clock.now())


def _ask(here: Registers, person: Person) -> None:
    wish = Wish(
        title=REQUEST["title"],
        text=REQUEST["text"],
        form=REQUEST["form"],
        reason=REQUEST["reason"],
        area_id=None,
        language="pl",
    )
    now = clock.now()
    entry = asking.draft(here.tenant, person, wish, form_key=ids.new_token(), now=now)
    asking.publish(here.tenant, entry, person, now=now)
    here.entries[entry.title] = entry


def _support(here: Registers, person: Person) -> None:
    supporting.give(here.tenant, here.entries[REQUEST["title"]], person, now=clock.now())


def _enter(here: Registers, register: Register, text: Mapping[str, Any]) -> None:
    now = clock.now()
    letter = Letter(
        title=text["title"],
        text=text["text"],
        name=text.get("name", ""),
        contact=text.get("contact", ""),
        name_is_public=text.get("name_is_public", False),
        received_on=clock.local(now).date(),
    )
    here.entries[letter.title] = office.enter(
        here.tenant, register, letter, scan=None, actor=here.actor, now=now
    )


def _publish(here: Registers, text: Mapping[str, Any]) -> None:
    """Black out, look at what is left, publish that."""
    entry, now = here.entries[text["title"]], clock.now()
    office.black_out(
        entry,
        title=entry.title,
        passages=text["passages"],
        needed=entry.needed,
        actor=here.actor,
        now=now,
    )
    original = queries.find_original(entry)
    if original is None:
        raise LookupError(f"{entry.title} has no original.")
    seen = queries.seen(*queries.redacted(entry, original))
    office.publish(here.tenant, entry, seen=seen, scan=None, actor=here.actor, now=now)


def _count(here: Registers, signatures: int, note: str) -> None:
    office.count_paper(
        here.entries[INITIATIVE["title"]],
        signatures=signatures,
        note=note,
        actor=here.actor,
        now=clock.now(),
    )


def _answer(here: Registers, petition: Mapping[str, Any]) -> None:
    reply = office.Reply(
        outcome=petition["outcome"],
        answer=petition["answer"],
        forwarded_to="",
        consultation_id=None,
    )
    entry = here.entries[petition["title"]]
    office.answer(here.tenant, entry, reply, actor=here.actor, now=clock.now())
