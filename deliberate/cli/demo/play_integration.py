"""What happens in consultation 2.3: proposed, talked about, one voice hidden, summed up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from deliberate.accounts.models import Person
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.cli.demo import integration, processes
from deliberate.cli.demo.calendar import Days, Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.lookup import contact, unit_id
from deliberate.cli.demo.processes import Scene
from deliberate.consultations.models import Effect
from deliberate.discussion import actions as discussion
from deliberate.discussion.queries import find_numbered
from deliberate.moderation import actions as moderation
from deliberate.moderation import rules
from deliberate.moderation.reasons import Reason
from deliberate.proposals import actions as proposals
from deliberate.proposals.content import content_of
from deliberate.subjects import registry

RULE = 4  # of the discussion: no data of other people


def steps(
    world: World, days: Days, townspeople: Sequence[Person], chance: random.Random
) -> list[Step]:
    tenant = world.tenants["lubowierz"]
    scene = Scene.of(world, days, tenant, officer="bozena", approver="marek")
    columns = {
        "title": integration.TITLE,
        "summary": integration.SUMMARY,
        "can_change": integration.CAN_CHANGE,
        "cannot_change": integration.CANNOT_CHANGE,
        "effect": Effect.ADVISES,
        "decided_by": tenant.council,
        "answer_due": days.day(integration.ANSWER_DUE),
        "unit_id": unit_id(tenant, "Biuro Partycypacji"),
        "organisation_id": world.groups[tenant.slug, "rozmowa-i-miejsce"].id,
        "contact": contact(tenant),
        "legal_basis": tenant.legal_basis,
        "appeal_person_id": world.people["irena"].id,
        "picture": "tram_stop",
    }
    texts = integration.PROPOSALS
    return [
        *processes.announcing(
            scene,
            on=integration.ANNOUNCED,
            slug=integration.SLUG,
            columns=columns,
            phases=integration.PHASES,
            topics=("migracja-i-integracja", "edukacja-obywatelska", "wspolpraca-z-organizacjami"),
            translations=integration.TRANSLATIONS,
        ),
        *processes.proposing(scene, texts, first=-35, last=-33),
        *processes.supporting(scene, texts, townspeople, chance, first=-32, last=-1),
        *processes.talking(scene, integration.TALK, first=-14, last=-7),
        Step(days.at(-9, 17), partial(_retitle, scene)),
        Step(days.at(-6, 9), partial(_hide, scene)),
        Step(days.at(-5, 12), partial(_sum_up, scene)),
        *processes.talking(scene, integration.OBJECTION, first=-4, last=-3),
    ]


def _retitle(scene: Scene) -> None:
    number, title, note = integration.RETITLED
    proposal = scene.proposals[number]
    proposals.change(
        scene.tenant,
        proposal,
        scene.people[integration.PROPOSALS[number - 1]["author"]],
        replace(content_of(proposal), title=title),
        based_on=proposal.version_no,
        note=note,
    )


def _hide(scene: Scene) -> None:
    key, number = integration.HIDDEN
    found = find_numbered(processes.thread_of(scene, key), number)
    if found is None:
        raise LookupError(f"No voice {number} at proposal {key}.")
    card = registry.get_card(scene.tenant.id, "contribution", found.id)
    zuzanna = scene.people["zuzanna"]
    moderation.hide(
        scene.tenant,
        card,
        acting(zuzanna, scene.tenant),
        _facilitating(scene),
        reason=Reason.PERSONAL_DATA,
        rule=RULE,
        rules_version=processes.RULES_VERSION,
        passage="",
        words=integration.HIDDEN_BECAUSE,
        seen=rules.fingerprint(card.own_state, card.text),
    )


def _sum_up(scene: Scene) -> None:
    zuzanna = scene.people["zuzanna"]
    discussion.summarise(
        processes.thread_of(scene, "consultation"),
        zuzanna,
        _facilitating(scene),
        acting(zuzanna, scene.tenant),
        agreed=integration.AGREED,
        disputed=integration.DISPUTED,
        language="pl",
    )


def _facilitating(scene: Scene) -> Voice:
    voices = list_voices(
        scene.tenant, scene.people["zuzanna"], consultation_id=scene.consultation.id
    )
    return processes.in_role(voices, Capacity.FACILITATOR)[0]
