"""The office's answers in the demo world: saved one by one, then made public together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from deliberate.answers import actions
from deliberate.answers.positions import Position
from deliberate.cli.demo.calendar import Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.processes import Scene, Texts
from deliberate.consultations.actions.steps import finish
from deliberate.kernel import clock
from deliberate.proposals.queries import KIND
from deliberate.subjects import registry


def answering(scene: Scene, texts: Texts, *, first: int, last: int, public_on: int) -> list[Step]:
    """Answer every proposal as its text says, publish, and mark the consultation as answered."""
    moments = scene.days.spread(first, last, len(texts))
    saving = [
        Step(moment, partial(_save, scene, number, text))
        for number, (moment, text) in enumerate(zip(moments, texts, strict=True), start=1)
    ]
    return [*saving, Step(scene.days.at(public_on, 9), partial(_publish, scene))]


def _save(scene: Scene, number: int, text: Mapping[str, Any]) -> None:
    card = registry.get_card(scene.tenant.id, KIND, scene.proposals[number].id)
    actions.save(
        scene.tenant,
        [card],
        position=Position(text["position"]),
        reason=text["answer"],
        unit_id=scene.consultation.unit_id,
        actor=acting(scene.officer, scene.tenant),
        now=clock.now(),
    )


def _publish(scene: Scene) -> None:
    actor = acting(scene.approver, scene.tenant)
    finish(scene.tenant, scene.consultation, actor=actor, now=clock.now())
