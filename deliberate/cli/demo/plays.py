"""What happens in the demo world: each consultation from its draft to where it stands today."""

from __future__ import annotations

import random

from deliberate.cli.demo import (
    answering,
    ballots,
    common_room,
    common_room_rules,
    crowd,
    market_square,
    play_assemblies,
    play_integration,
    play_plan,
    play_registers,
    processes,
    reporting,
    roads,
    senate,
)
from deliberate.cli.demo.calendar import Days, Step, happen
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.lookup import area_id, contact, unit_id
from deliberate.cli.demo.places import LUBOWIERZ
from deliberate.cli.demo.processes import Scene
from deliberate.consultations.models import Effect
from deliberate.kernel import clock
from deliberate.kernel.db import transaction

SUPPORTERS = 260


def play_wrzosowiany(world: World, days: Days, chance: random.Random) -> None:
    """Play 2.4 – proposed, discussed, voted on, answered, reported – and what goes on beside it."""
    tenant, moment = world.tenants["wrzosowiany"], days.at(-110, 12)
    with clock.at(moment), transaction():
        villagers = crowd.build_crowd(
            tenant,
            common_room.PEOPLE - len(common_room.VOICES),
            ("Stary Młyn", "Zagroble"),
            (9, 1),
            chance=chance,
            now=moment,
        )
    scene = Scene.of(world, days, tenant, officer="jolanta", approver="ryszard")
    voters = [*villagers, *(world.people[key] for key, *_ in common_room.VOICES)]
    columns = {
        "title": common_room.TITLE,
        "summary": common_room.SUMMARY,
        "can_change": common_room.CAN_CHANGE,
        "cannot_change": common_room.CANNOT_CHANGE,
        "area_id": area_id(tenant, "Stary Młyn"),
        "effect": Effect.ADVISES,
        "decided_by": tenant.executive,
        "answer_due": days.day(-34),
        "unit_id": unit_id(tenant, "Sekretariat"),
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": world.people["irena"].id,
        "picture": "common_room",
        "case_number": f"SE.0540.2.{days.day(-100).year}",
        "responsible_person": f"{world.people['jolanta'].display_name}, podinspektorka",
    }
    texts = common_room.PROPOSALS
    happen(
        [
            *processes.announcing(
                scene,
                on=-100,
                slug=common_room.SLUG,
                columns=columns,
                phases=common_room.PHASES,
                topics=("budowanie-wspolnoty", "wolontariat"),
                translations={},
            ),
            *processes.proposing(scene, texts, first=-95, last=-91),
            *processes.talking(scene, common_room.TALK, first=-90, last=-76),
            *processes.supporting(scene, texts, villagers, chance, first=-90, last=-77),
            *ballots.voting(scene, texts, voters, chance, first=-74, last=-60),
            *answering.answering(scene, texts, first=-50, last=-36, public_on=-34),
            *reporting.reporting(scene, common_room.REPORT, on=common_room.REPORT_ON),
            *_common_room_rules_steps(scene),
            *play_plan.steps(world, days),
            *play_registers.steps(world, days, villagers, chance),
            *play_assemblies.roads_steps(world, days, villagers[: roads.PEOPLE]),
        ]
    )


def _common_room_rules_steps(former: Scene) -> list[Step]:
    tenant, days = former.tenant, former.days
    scene = Scene(
        days=days,
        tenant=tenant,
        officer=former.officer,
        approver=former.approver,
        people=former.people,
        groups=former.groups,
    )
    columns = {
        "title": common_room_rules.TITLE,
        "summary": common_room_rules.SUMMARY,
        "can_change": common_room_rules.CAN_CHANGE,
        "cannot_change": common_room_rules.CANNOT_CHANGE,
        "area_id": area_id(tenant, "Stary Młyn"),
        "effect": Effect.ADVISES,
        "decided_by": tenant.executive,
        "answer_due": days.day(49),
        "unit_id": unit_id(tenant, "Sekretariat"),
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": former.people["irena"].id,
        "picture": "door",
    }
    return [
        *processes.announcing(
            scene,
            on=-3,
            slug=common_room_rules.SLUG,
            columns=columns,
            phases=common_room_rules.PHASES,
            topics=("budowanie-wspolnoty",),
            translations={},
        ),
        *processes.continuing(scene, former, on=-3, reason=common_room_rules.BECAUSE),
    ]


def play_lubowierz(world: World, days: Days, chance: random.Random) -> None:
    """Play 2.1, where proposals are collected, 2.3, where people talk, and 2.6, announced."""
    tenant, moment = world.tenants["lubowierz"], days.at(-39, 12)
    with clock.at(moment), transaction():
        areas = [name for name, _ in LUBOWIERZ.areas]
        weights = [residents for _, residents in LUBOWIERZ.areas]
        townspeople = crowd.build_crowd(
            tenant, SUPPORTERS, areas, weights, chance=chance, now=moment
        )
    scene = Scene.of(world, days, tenant, officer="bozena", approver="marek")
    texts = market_square.PROPOSALS
    happen(
        [
            *processes.announcing(
                scene,
                on=-12,
                slug=market_square.SLUG,
                columns=_square_columns(world, days),
                phases=market_square.PHASES,
                topics=("planowanie-przestrzeni", "nowe-formy-partycypacji"),
                translations=market_square.TRANSLATIONS,
            ),
            *processes.proposing(scene, texts, first=-9, last=-7),
            *processes.talking(scene, market_square.TALK, first=-6, last=-1),
            *processes.supporting(
                scene,
                texts,
                townspeople,
                chance,
                first=-6,
                last=-1,
            ),
            *play_integration.steps(world, days, townspeople, chance),
            *_senate_steps(world, days),
        ]
    )


def _square_columns(world: World, days: Days) -> dict[str, object]:
    tenant = world.tenants["lubowierz"]
    return {
        "title": market_square.TITLE,
        "summary": market_square.SUMMARY,
        "can_change": market_square.CAN_CHANGE,
        "cannot_change": market_square.CANNOT_CHANGE,
        "area_id": area_id(tenant, "Śródmieście"),
        "effect": Effect.ADVISES,
        "decided_by": tenant.executive,
        "answer_due": days.day(84),
        "unit_id": unit_id(tenant, "Biuro Partycypacji"),
        "organisation_id": world.groups[tenant.slug, "rozmowa-i-miejsce"].id,
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": world.people["irena"].id,
        "picture": "square",
    }


def _senate_steps(world: World, days: Days) -> list[Step]:
    tenant = world.tenants["lubowierz"]
    scene = Scene.of(world, days, tenant, officer="bozena", approver="marek")
    columns = {
        "title": senate.TITLE,
        "summary": senate.summary(),
        "can_change": senate.CAN_CHANGE,
        "cannot_change": senate.CANNOT_CHANGE,
        "effect": Effect.ADVISES,
        "decided_by": tenant.council,
        "answer_due": days.day(90),
        "unit_id": unit_id(tenant, "Biuro Partycypacji"),
        "organisation_id": world.groups[tenant.slug, "rozmowa-i-miejsce"].id,
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": world.people["irena"].id,
        "picture": "table",
    }
    return processes.announcing(
        scene,
        on=-2,
        slug=senate.SLUG,
        columns=columns,
        phases=senate.PHASES,
        topics=("senat-obywatelski", "nowe-formy-partycypacji"),
        translations={},
    )
