"""Parts of a consultation's life in the demo world, each through the action a page would call."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

from deliberate.accounts.models import Person
from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.cli.demo.calendar import Days, Step
from deliberate.cli.demo.crowd import acting
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.groups import Groups, speaker_of
from deliberate.consultations.actions import drafts, publication, related
from deliberate.consultations.actions import translations as translating
from deliberate.consultations.models import Consultation, Template
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.discussion import actions as discussion
from deliberate.discussion.kinds import ContributionKind
from deliberate.discussion.models import Thread
from deliberate.discussion.queries import find_thread
from deliberate.documents.models import Remark
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.meetings.models import Meeting
from deliberate.organisations.models import Organisation
from deliberate.proposals import actions as proposals
from deliberate.proposals.content import Content
from deliberate.proposals.models import Proposal
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality

Phases = Sequence[tuple[str, int, int, tuple[str, ...]]]  # title, first day, last day, activities
Texts = Sequence[Mapping[str, Any]]  # proposals, as the modules of texts have them
# Key of the thread, who, kind, words, number of the voice answered: see the texts.
Talk = Sequence[tuple[str | int, str, str, str, int | None]]

# In Talk: who says it says it in a role.
ROLES = {"official": Capacity.OFFICE, "note": Capacity.FACILITATOR}
RULES_VERSION = 1


@dataclass(kw_only=True)
class Scene:
    """One consultation and everybody in it. Filled while its steps happen."""

    days: Days
    tenant: Municipality
    officer: Person
    approver: Person
    people: Mapping[str, Person]
    groups: Groups
    consultation: Consultation = field(init=False)
    approval: Approval = field(init=False)
    proposals: dict[int, Proposal] = field(default_factory=dict)  # by number
    remarks: dict[int, Remark] = field(default_factory=dict)  # by line of the table
    letters: list[Remark] = field(default_factory=list)  # that say the same
    meetings: dict[datetime, Meeting] = field(default_factory=dict)  # by when they begin

    @classmethod
    def of(
        cls, world: World, days: Days, tenant: Municipality, *, officer: str, approver: str
    ) -> Self:
        """Return one that is about to begin in a municipality, with two persons of its office."""
        return cls(
            days=days,
            tenant=tenant,
            officer=world.people[officer],
            approver=world.people[approver],
            people=world.people,
            groups=world.groups,
        )

    def organisation(self, key: str) -> Organisation:
        return self.groups[self.tenant.slug, key]

    @property
    def actor(self) -> Actor:
        """Return the officer at work."""
        return acting(self.officer, self.tenant)


# The office: a draft, a request, an approval.


def announcing(
    scene: Scene,
    *,
    on: int,
    slug: str,
    columns: Mapping[str, object],
    phases: Phases,
    topics: Sequence[str],
    translations: Mapping[str, Mapping[str, str]],
    template: Template = Template.IDEAS,
    prepare: Callable[[], object] | None = None,
) -> list[Step]:
    """Draft on the day before; one person asks and another approves on the day itself.

    ``prepare``: what else is made ready before anybody is asked – documents, for example.
    """

    def draft() -> None:
        form = drafts.Draft(columns=columns, phases=_phases(scene.days, phases), topics=topics)
        actor, now = acting(scene.officer, scene.tenant), clock.now()
        scene.consultation = drafts.create(scene.tenant, template, form, actor=actor, now=now)
        scene.consultation.slug = slug  # shorter than what is made of the title
        for language, texts in translations.items():
            translating.translate(scene.consultation, language, texts, actor=actor, now=now)
        if prepare is not None:
            prepare()

    def ask() -> None:
        scene.approval = publication.ask_publication(
            scene.tenant,
            scene.consultation,
            asked_of=scene.approver.id,
            note="",
            actor=acting(scene.officer, scene.tenant),
            now=clock.now(),
        )

    return [
        Step(scene.days.at(on - 1, 10), draft),
        Step(scene.days.at(on, 9), ask),
        Step(scene.days.at(on, 11, 20), partial(approve, scene)),
    ]


def continuing(scene: Scene, former: Scene, *, on: int, reason: str) -> list[Step]:
    """Have the officer say that this consultation continues a former one."""

    def tie() -> None:
        related.continue_from(
            scene.consultation,
            former.consultation.id,
            reason=reason,
            actor=acting(scene.officer, scene.tenant),
            now=clock.now(),
        )

    return [Step(scene.days.at(on, 12), tie)]


def approve(scene: Scene) -> None:
    """Let the second person approve what was asked last; this does it."""
    approvals.approve(
        scene.tenant,
        scene.approval,
        acting(scene.approver, scene.tenant),
        stands_in_for=frozenset(),
        now=clock.now(),
    )


def _phases(days: Days, phases: Phases) -> list[PhaseTimes]:
    return [
        PhaseTimes.on_days(
            title=title,
            first=days.day(first),
            last=days.day(last),
            opens=(Activity(name) for name in opens),
        )
        for title, first, last, opens in phases
    ]


# The people: proposals, supports, voices.


def proposing(scene: Scene, texts: Texts, *, first: int, last: int) -> list[Step]:
    """Have every proposal sent in."""

    def propose(number: int, text: Mapping[str, Any]) -> None:
        person = scene.people[text["author"]]
        cost = text.get("cost")
        content = Content(
            title=text["title"],
            place=text["place"],
            reason=text["reason"],
            cost=cost * 100 if cost is not None else None,
        )
        scene.proposals[number] = proposals.publish(
            scene.tenant,
            scene.consultation,
            person,
            _voice_of_proposal(scene, person, text.get("organisation")),
            content,
            form_key=ids.new_token(),
        )

    moments = scene.days.spread(first, last, len(texts))
    return [
        Step(moment, partial(propose, number, text))
        for number, (moment, text) in enumerate(zip(moments, texts, strict=True), start=1)
    ]


def _voice_of_proposal(scene: Scene, person: Person, organisation: str | None) -> Voice:
    voices = list_voices(scene.tenant, person, consultation_id=scene.consultation.id)
    if organisation is not None:
        group = scene.organisation(organisation)
        return next(voice for voice in voices if voice.organisation_id == group.id)
    # Whoever does not live here and works in the office writes down what came on paper.
    personal = [voice for voice in voices if voice.capacity is Capacity.RESIDENT]
    return (personal or in_role(voices, Capacity.OFFICE))[0]


def supporting(
    scene: Scene,
    texts: Texts,
    crowd: Sequence[Person],
    chance: random.Random,
    *,
    first: int,
    last: int,
) -> list[Step]:
    """Have each proposal supported by that many of the crowd, a transaction a day."""
    steps = []
    for number, text in enumerate(texts, start=1):
        supporters = chance.sample(list(crowd), text["supports"])
        days = sorted(chance.choice(range(first, last + 1)) for _ in supporters)
        for day in sorted(set(days)):
            todays = [who for who, when in zip(supporters, days, strict=True) if when == day]
            steps.append(Step(scene.days.at(day, 19), partial(_support, scene, number, todays)))
    return steps


def _support(scene: Scene, number: int, supporters: Sequence[Person]) -> None:
    for minutes, person in enumerate(supporters):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            proposals.give_support(scene.tenant, scene.proposals[number], person)


def talking(scene: Scene, talk: Talk, *, first: int, last: int) -> list[Step]:
    """Have everybody say what they say, in the order of the text."""
    moments = scene.days.spread(first, last, len(talk))
    return [
        Step(moment, partial(_say, scene, *said))
        for moment, said in zip(moments, talk, strict=True)
    ]


def _say(  # noqa: PLR0917 - in the order of Talk
    scene: Scene, key: str | int, who: str, kind: str, words: str, answers: int | None
) -> None:
    group = scene.groups.get((scene.tenant.slug, who))
    person = scene.people[speaker_of(who) if group is not None else who]
    voices = list_voices(scene.tenant, person, consultation_id=scene.consultation.id)
    if group is not None:
        voice = next(each for each in voices if each.organisation_id == group.id)
    else:
        voice = in_role(voices, ROLES[kind])[0] if kind in ROLES else voices[0]
    discussion.say(
        scene.tenant,
        thread_of(scene, key),
        person,
        voice,
        acting(person, scene.tenant),
        body=words,
        kind=ContributionKind(kind),
        language=person.locale,
        answers=answers,
        rules_version=RULES_VERSION,
    )


def in_role(voices: Sequence[Voice], capacity: Capacity) -> list[Voice]:
    return [voice for voice in voices if voice.capacity is capacity]


def thread_of(scene: Scene, key: str | int) -> Thread:
    if isinstance(key, int):
        found = db.session.get(Thread, scene.proposals[key].thread_id)
    else:
        found = find_thread(scene.tenant.id, key, scene.consultation.id)
    if found is None:
        raise LookupError(f"No thread {key!r} in {scene.consultation.slug}.")
    return found
