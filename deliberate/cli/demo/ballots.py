"""A vote in the demo world: sealed by two, cast one by one, counted and published by two."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial

from deliberate.accounts.models import Person
from deliberate.cli.demo.calendar import Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.processes import Scene, Texts, approve
from deliberate.kernel import clock, ids
from deliberate.proposals import admission
from deliberate.voting import queries
from deliberate.voting.actions import casting
from deliberate.voting.ballot_rules import Written
from deliberate.voting.models import Poll

LEAST, MOST = 1, 3  # options that one may mark
SECTION = 1
STAKES = (
    "Czy ustawa albo statut nakazuje tajne wybory? Nie.\n"
    "Czy wynik sam rozstrzyga o wysoką stawkę? Nie."
)


def voting(
    scene: Scene,
    texts: Texts,
    voters: Sequence[Person],
    chance: random.Random,
    *,
    first: int,
    last: int,
) -> list[Step]:
    """Play a vote on all proposals, so that each gets the ``votes`` of its text."""
    marks = _share_out([text["votes"] for text in texts], len(voters))
    order = chance.sample(range(len(voters)), len(voters))
    moments = scene.days.spread(first, last, len(voters))
    office = [
        Step(scene.days.at(first - 3, 10), partial(_draft, scene, len(texts), result_on=last + 2)),
        Step(scene.days.at(first - 3, 10, 30), partial(ask_to_seal, scene)),
        Step(scene.days.at(first - 2, 9), partial(approve, scene)),
        Step(scene.days.at(last + 1, 9), partial(ask_to_count, scene)),
        Step(scene.days.at(last + 1, 12), partial(approve, scene)),
        Step(scene.days.at(last + 2, 9), partial(ask_to_publish, scene)),
        Step(scene.days.at(last + 2, 10), partial(approve, scene)),
    ]
    people = [
        Step(moment, partial(_cast, scene, voters[number], marks[number]))
        for moment, number in zip(moments, order, strict=True)
    ]
    return [*office, *people]


def _share_out(votes: Sequence[int], voters: int) -> list[frozenset[int]]:
    """Return which numbers each voter marks: dealt round the table, so that nobody gets two alike.

    With 64 voters and 164 votes everybody marks two or three.
    """
    dealt = [number for number, count in enumerate(votes, start=1) for _ in range(count)]
    return [frozenset(dealt[seat::voters]) for seat in range(voters)]


def _draft(scene: Scene, count: int, *, result_on: int) -> None:
    admission.save(
        scene.tenant,
        scene.consultation,
        range(1, count + 1),
        least=LEAST,
        most=MOST,
        result_due=scene.days.day(result_on),
    )


def ask_to_seal(scene: Scene) -> None:
    actor = acting(scene.officer, scene.tenant)
    scene.approval = admission.ask_to_seal(
        scene.consultation, poll_of(scene), answers=STAKES, actor=actor, now=clock.now()
    )


def ask_to_count(scene: Scene) -> None:
    actor = acting(scene.officer, scene.tenant)
    scene.approval = admission.ask_to_count(poll_of(scene), actor=actor, now=clock.now())


def _cast(scene: Scene, voter: Person, numbers: frozenset[int]) -> None:
    """Vote for proposals by their numbers; the ballot has drawn numbers of its own."""
    poll = poll_of(scene)
    drawn = {option.subject_id: option.no for option in queries.list_options(poll)}
    chosen = frozenset(drawn[scene.proposals[number].id] for number in numbers)
    form = casting.Form(idem=ids.new_token())
    casting.cast(poll.id, voter, {SECTION: Written(marked=chosen)}, form)


def ask_to_publish(scene: Scene) -> None:
    actor = acting(scene.officer, scene.tenant)
    scene.approval = admission.ask_to_publish(poll_of(scene), actor=actor, now=clock.now())


def poll_of(scene: Scene) -> Poll:
    poll = queries.find_poll(scene.tenant.id, scene.consultation.id)
    if poll is None:
        raise LookupError(f"No vote in {scene.consultation.slug}.")
    return poll
