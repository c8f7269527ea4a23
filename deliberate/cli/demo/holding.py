"""Meetings of the demo world: announced, and afterwards what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from deliberate.cli.demo.processes import Scene
from deliberate.kernel import clock
from deliberate.meetings.actions import afterwards, planning
from deliberate.meetings.content import Content
from deliberate.meetings.kinds import ACCESS, Kind, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What is said of a meeting beforehand. ``access``: what is there; ``lacks``: what is not."""

    kind: Kind
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    leader: str
    about: str = ""
    directions: str = ""
    hours: str = ""
    bring: str = ""
    access: Sequence[str] = ()
    lacks: Sequence[str] = ()
    seats: int | None = None
    slot_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What came of a meeting: (who asked, what, what was answered)."""

    attendance: int
    topics: str
    note: str
    questions: Sequence[tuple[str, str, str]] = field(default=())


def announce(scene: Scene, gathering: Gathering) -> None:
    """Plan a meeting and make it public at once."""
    actor, now = scene.actor, clock.now()
    meeting = planning.draft(
        scene.tenant, scene.consultation, _content(scene, gathering), actor=actor, now=now
    )
    planning.publish(meeting, actor=actor, now=now)
    scene.meetings[gathering.starts_at] = meeting


def record(scene: Scene, gathering: Gathering, course: Course) -> None:
    """Publish the note, and the questions with their answers."""
    meeting, actor, now = scene.meetings[gathering.starts_at], scene.actor, clock.now()
    for asked_by, question, answer in course.questions:
        afterwards.ask(
            meeting,
            asked_by=asked_by,
            question=question,
            answer=answer,
            publish=True,
            actor=actor,
            now=now,
        )
    afterwards.save_note(
        meeting,
        attendance=course.attendance,
        topics=course.topics,
        note=course.note,
        publish=True,
        stamp=meeting.revision,
        actor=actor,
        now=now,
    )


def _content(scene: Scene, said: Gathering) -> Content:
    return Content(
        kind=said.kind,
        title=said.title,
        about=said.about,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        hours=said.hours,
        place=said.place,
        address=said.address,
        directions=said.directions,
        online_url="",
        access=_access(said),
        access_contact=f"tel. {scene.tenant.office_phone}",
        bring=said.bring,
        leader=said.leader,
        area_id=scene.consultation.area_id,
        has_sign_up=said.seats is not None,
        seats=said.seats,
        slot_minutes=said.slot_minutes,
        sign_up_until=None,
    )


def _access(said: Gathering) -> Mapping[str, str]:
    known = dict.fromkeys(said.access, Known.YES) | dict.fromkeys(said.lacks, Known.NO)
    return {name: known.get(name, Known.UNKNOWN) for name in ACCESS}
