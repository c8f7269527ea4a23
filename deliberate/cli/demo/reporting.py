"""A report in the demo world: the office's texts, a version made by its job, published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from deliberate.cli.demo.calendar import Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.processes import Scene
from deliberate.kernel import clock
from deliberate.reports import actions, queries


def reporting(scene: Scene, texts: Mapping[str, str], *, on: int) -> list[Step]:
    """Write the texts, ask for a version two days later, publish it on the day itself."""
    days = scene.days
    return [
        Step(days.at(on - 3, 12), partial(_write, scene, texts)),
        Step(days.at(on - 1, 9), partial(_ask, scene)),
        Step(days.at(on, 10), partial(_publish, scene)),
    ]


def _write(scene: Scene, texts: Mapping[str, str]) -> None:
    actions.save_draft(scene.consultation, texts, revision=0, actor=scene.actor, now=clock.now())


def _ask(scene: Scene) -> None:
    actions.ask_version(scene.consultation, reason="", actor=scene.actor, now=clock.now())


def _publish(scene: Scene) -> None:
    actions.publish(
        scene.consultation,
        queries.get_version(scene.consultation, 1),
        actor=acting(scene.approver, scene.tenant),
        now=clock.now(),
    )
