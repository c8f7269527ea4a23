"""Closed lists of the demo world at their vote: the county's panel, the senate of Wrzosowiany."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from deliberate.accounts.models import Person
from deliberate.algorithms.counting import BallotKind, Terms
from deliberate.algorithms.counting.method import Band
from deliberate.cli.demo import crowd, panel, processes, roads
from deliberate.cli.demo.assembly import Assembly, Lots, assembling
from deliberate.cli.demo.calendar import Days, Step
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.lookup import contact, unit_id
from deliberate.cli.demo.places import COUNTY
from deliberate.cli.demo.processes import Scene
from deliberate.consultations.models import Effect, Template
from deliberate.kernel import clock
from deliberate.kernel.db import transaction
from deliberate.voting.actions.preparing import OptionDraft, SectionDraft


def panel_steps(world: World, days: Days) -> list[Step]:
    """Play the panel that is closed: its result is out, and the board has promised an answer."""
    tenant, moment = world.tenants["powiat-wierzbogorski"], days.at(panel.ANNOUNCED - 2, 12)
    chance = random.Random(panel.SLUG)  # noqa: S311 - guards nothing
    with clock.at(moment), transaction():
        areas, weights = zip(*COUNTY.areas, strict=True)
        people = crowd.build_crowd(tenant, panel.PEOPLE, areas, weights, chance=chance, now=moment)
    scene = Scene.of(world, days, tenant, officer="urszula", approver="leszek")
    columns = {
        "title": panel.TITLE,
        "summary": panel.SUMMARY,
        "can_change": panel.CAN_CHANGE,
        "cannot_change": panel.CANNOT_CHANGE,
        "effect": Effect.ADVISES,
        "decided_by": tenant.executive,
        "answer_due": days.day(panel.ANSWER_DUE),
        "unit_id": unit_id(tenant, "Wydział Spraw Społecznych"),
        "contact": contact(tenant),
        "legal_basis": panel.BASIS,
        "appeal_person_id": world.people["irena"].id,
        "picture": "table",
    }
    numbers = range(1, len(panel.RECOMMENDATIONS) + 1)
    section = SectionDraft(
        title=panel.SECTION,
        kind=BallotKind.QUESTIONS,
        method="questions",
        least=len(numbers),
        most=len(numbers),
        options=[_option(no, title) for no, (title, _) in enumerate(panel.RECOMMENDATIONS, 1)],
        terms=Terms(
            denominator=panel.DENOMINATOR,
            entitled=panel.PEOPLE,
            bands=tuple(Band(key=key, least=Fraction(least, 100)) for key, least in panel.BANDS),
        ),
    )
    answers = [
        {
            no: "yes" if seat < wanted else "no"
            for no, (_, wanted) in enumerate(panel.RECOMMENDATIONS, start=1)
        }
        for seat in range(panel.PEOPLE)
    ]
    return [
        *processes.announcing(
            scene,
            on=panel.ANNOUNCED,
            slug=panel.SLUG,
            columns=columns,
            phases=panel.PHASES,
            topics=("nowe-formy-partycypacji",),
            translations={},
            template=Template.ASK,
        ),
        *assembling(
            scene,
            Assembly(section=section, people=people, written=answers),
            chance,
            first=panel.FIRST,
            last=panel.LAST,
        ),
    ]


def roads_steps(world: World, days: Days, people: Sequence[Person]) -> list[Step]:
    """Play the opinion of the senate: ranked, counted in rounds, out."""
    tenant = world.tenants["wrzosowiany"]
    scene = Scene.of(world, days, tenant, officer="jolanta", approver="ryszard")
    columns = {
        "title": roads.TITLE,
        "summary": roads.SUMMARY,
        "can_change": roads.CAN_CHANGE,
        "cannot_change": roads.CANNOT_CHANGE,
        "effect": Effect.ADVISES,
        "decided_by": tenant.executive,
        "answer_due": days.day(roads.ANSWER_DUE),
        "unit_id": unit_id(tenant, "Referat Inwestycji"),
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": world.people["irena"].id,
        "picture": "table",
    }
    section = SectionDraft(
        title=roads.SECTION,
        kind=BallotKind.RANKED,
        method="stv",
        least=1,
        most=len(roads.STRETCHES),
        options=[_option(no, *words) for no, words in enumerate(roads.STRETCHES, start=1)],
        terms=Terms(seats=roads.SEATS),
    )
    rankings = [
        {no: str(place) for place, no in enumerate(order, start=1)}
        for many, order in roads.RANKINGS
        for _ in range(many)
    ]
    lots = Lots(source=roads.DRAWN_WHERE, at=days.at(roads.LAST + 1, 7), value=roads.DRAWN)
    return [
        *processes.announcing(
            scene,
            on=roads.ANNOUNCED,
            slug=roads.SLUG,
            columns=columns,
            phases=roads.PHASES,
            topics=("senat-obywatelski",),
            translations={},
            template=Template.ASK,
        ),
        *assembling(
            scene,
            Assembly(section=section, people=people, written=rankings, lots=lots),
            random.Random(roads.SLUG),  # noqa: S311 - guards nothing
            first=roads.FIRST,
            last=roads.LAST,
        ),
    ]


def _option(no: int, title: str, text: str = "") -> OptionDraft:
    return OptionDraft(no=no, title=title, text=text, cost=None, subject_kind=None, subject_id=None)
