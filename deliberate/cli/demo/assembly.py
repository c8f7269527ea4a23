"""A vote of a closed list in the demo world: an assembly, a senate, each person once."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from deliberate.accounts.models import Person
from deliberate.cli.demo.ballots import (
    SECTION,
    ask_to_count,
    ask_to_publish,
    ask_to_seal,
    poll_of,
)
from deliberate.cli.demo.calendar import Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.processes import Scene, approve
from deliberate.kernel import ids
from deliberate.proposals import sections
from deliberate.voting.actions import casting, drawing, enrolling, preparing
from deliberate.voting.actions.preparing import ElectorateDraft, SectionDraft
from deliberate.voting.ballot_rules import Written
from deliberate.voting.randomness import Shape
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import AgeRule, AreaLock, Electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """Where the value that settles a tie comes from, and what was drawn there."""

    source: str
    at: datetime
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What a closed list votes on: one section, and what each of its people writes on it."""

    section: SectionDraft
    people: Sequence[Person]
    written: Sequence[Mapping[int, str]]  # as many as people: option → what is said of it
    lots: Lots | None = None


def assembling(
    scene: Scene, assembly: Assembly, chance: random.Random, *, first: int, last: int
) -> list[Step]:
    """Play the vote from its draft to its result, published two days after the end."""
    days, drawn = scene.days, []
    if assembly.lots is not None:
        drawn = [
            Step(days.at(last + 1, 8, minute), partial(_type, scene, person, assembly.lots.value))
            for minute, person in enumerate((scene.officer, scene.approver))
        ]
    order = chance.sample(range(len(assembly.people)), len(assembly.people))
    moments = days.spread(first, last, len(order))
    return [
        Step(days.at(first - 3, 10), partial(_draft, scene, assembly, result_on=last + 2)),
        Step(days.at(first - 3, 10, 30), partial(ask_to_seal, scene)),
        Step(days.at(first - 2, 9), partial(approve, scene)),
        *(
            Step(moment, partial(_cast, scene, assembly.people[n], assembly.written[n]))
            for moment, n in zip(moments, order, strict=True)
        ),
        *drawn,
        Step(days.at(last + 1, 9), partial(ask_to_count, scene)),
        Step(days.at(last + 1, 12), partial(approve, scene)),
        Step(days.at(last + 2, 9), partial(ask_to_publish, scene)),
        Step(days.at(last + 2, 10), partial(approve, scene)),
    ]


def _draft(scene: Scene, assembly: Assembly, *, result_on: int) -> None:
    tenant = scene.tenant
    poll = sections.put(tenant, scene.consultation, SECTION, assembly.section, None)
    electorate = ElectorateDraft(
        electorate=Electorate.LISTED, persons_a_contact=1, age_rule=AgeRule.NONE, age=None
    )
    preparing.let_vote(tenant, poll.id, electorate)
    lines = [Line(person.display_name, person.email_folded or "") for person in assembly.people]
    enrolling.put(tenant, poll.id, lines)
    lots = assembly.lots
    sections.say_rules(
        tenant,
        scene.consultation,
        result_due=scene.days.day(result_on),
        area_lock=AreaLock.HOME,
        areas_most=1,
        randomness_source=lots.source if lots is not None else "",
        randomness_shape=Shape.LOTTO if lots is not None else "",
        randomness_at=lots.at if lots is not None else None,
    )


def _cast(scene: Scene, voter: Person, written: Mapping[int, str]) -> None:
    choices = {SECTION: Written(said=dict(written))}
    casting.cast(poll_of(scene).id, voter, choices, casting.Form(idem=ids.new_token()))


def _type(scene: Scene, person: Person, value: str) -> None:
    actor = acting(person, scene.tenant)
    drawing.type_value(scene.tenant, poll_of(scene).id, value, actor=actor)
