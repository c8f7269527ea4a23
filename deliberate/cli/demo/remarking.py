"""A document put up for remarks in the demo world: sent, brought to the counter, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby

from deliberate.algorithms import units
from deliberate.answers import actions as answers
from deliberate.answers.positions import Position
from deliberate.authorship.capacities import list_voices
from deliberate.authorship.models import Capacity
from deliberate.cli.demo.calendar import Step
from deliberate.cli.demo.groups import speaker_of
from deliberate.cli.demo.processes import Scene
from deliberate.cli.demo.programme import Letters, Row
from deliberate.documents import actions, counter, preparing, reading, texts
from deliberate.documents.content import Content, Place
from deliberate.documents.counter import Letter
from deliberate.documents.kinds import KIND, Channel, RemarkKind
from deliberate.documents.models import Remark
from deliberate.kernel import clock, ids
from deliberate.subjects import registry
from deliberate.subjects.registry import Card

MINUTES = 41  # between two remarks of a day


def put_up(scene: Scene, title: str, text: str) -> None:
    """Read a text in and keep it as the consultation's document."""
    consultation, actor, now = scene.consultation, scene.actor, clock.now()
    document = preparing.start(consultation, title=title, language="pl", actor=actor, now=now)
    pieces = units.parse(reading.read_pasted(text).paragraphs)
    preparing.read_in(consultation, document, pieces, None, based_on=document.revision)
    preparing.keep(
        consultation,
        document,
        title=title,
        note="",
        based_on=document.revision,
        actor=actor,
        now=now,
    )


def remarking(scene: Scene, rows: Sequence[Row]) -> list[Step]:
    """Have every remark sent or entered; a day later it is withdrawn where the table says so."""
    steps = []
    for day, of_day in groupby(enumerate(rows), key=lambda each: each[1].day):
        for turn, (line, row) in enumerate(of_day):
            moment = scene.days.at(day, 9) + timedelta(minutes=MINUTES * turn)
            come = _send if row.channel == Channel.WEB else _enter
            steps.append(Step(moment, partial(come, scene, line, row)))
            if row.withdrawn:
                later = moment + timedelta(hours=26)
                steps.append(Step(later, partial(_withdraw, scene, line, row)))
    return steps


def signing_letters(scene: Scene, letters: Letters) -> list[Step]:
    """Have identical letters entered: each in the list, with a number of its own."""
    return [
        Step(scene.days.at(day, 15), partial(_enter_letters, scene, letters, day, channel, signed))
        for day, channel, signed in letters.signed
    ]


def drafting(
    scene: Scene, rows: Sequence[Row], letters: Letters, *, first: int, last: int
) -> list[Step]:
    """Say what each remark is about, then draft positions; outside the office nobody sees them."""
    ready = [(line, row) for line, row in enumerate(rows) if row.position and not row.withdrawn]
    moments = scene.days.spread(first, last, len(ready))
    return [
        Step(scene.days.at(first, 7), partial(_sort, scene, rows, letters)),
        *(
            Step(moment, partial(_answer, scene, line, row))
            for moment, (line, row) in zip(moments, ready, strict=True)
        ),
    ]


def _send(scene: Scene, line: int, row: Row) -> None:
    group = scene.groups.get((scene.tenant.slug, row.who))
    person = scene.people[speaker_of(row.who) if group is not None else row.who]
    voices = list_voices(scene.tenant, person, consultation_id=scene.consultation.id)
    wanted = group.id if group is not None else None
    scene.remarks[line] = actions.give_remark(
        scene.tenant,
        scene.consultation,
        person,
        next(voice for voice in voices if voice.organisation_id == wanted),
        _content(scene, row),
        form_key=ids.new_token(),
    )


def _enter(scene: Scene, line: int, row: Row) -> None:
    letter = Letter(
        channel=Channel(row.channel),
        received_on=scene.days.day(row.day),
        label=row.who,
        capacity=Capacity(row.capacity),
    )
    (scene.remarks[line],) = counter.enter(
        scene.consultation,
        scene.officer,
        letter,
        [_content(scene, row)],
        form_key=ids.new_token(),
        scan=None,
        actor=scene.actor,
        now=clock.now(),
    )


def _enter_letters(scene: Scene, letters: Letters, day: int, channel: str, signed: str) -> None:
    content = Content(
        place=_place(scene, letters.place),
        kind=RemarkKind.CHANGE,
        wording=letters.wording,
        body=letters.body,
    )
    came = [
        Letter(
            channel=Channel(channel),
            received_on=scene.days.day(day),
            label=label,
            capacity=Capacity.RESIDENT,
        )
        for label in signed.split()
    ]
    scene.letters += counter.enter_table(
        scene.consultation,
        scene.officer,
        [(letter, content) for letter in came],
        actor=scene.actor,
        now=clock.now(),
    )


def _withdraw(scene: Scene, line: int, row: Row) -> None:
    remark = scene.remarks[line]
    if row.channel == Channel.WEB:
        person = scene.people[row.who]
        actions.withdraw(scene.consultation, remark, person, reason=row.withdrawn)
        return
    counter.withdraw(
        remark,
        based_on=remark.version_no,
        reason=row.withdrawn,
        actor=scene.actor,
        now=clock.now(),
    )


def _sort(scene: Scene, rows: Sequence[Row], letters: Letters) -> None:
    by_theme: dict[str, list[Remark]] = {letters.theme: list(scene.letters)}
    for line, row in enumerate(rows):
        if row.theme and not row.withdrawn:
            by_theme.setdefault(row.theme, []).append(scene.remarks[line])
    for theme, remarks in by_theme.items():
        answers.assign(
            scene.tenant,
            [_card(scene, remark) for remark in remarks],
            answers.Work(unit_id=scene.consultation.unit_id, theme=theme),
            actor=scene.actor,
            now=clock.now(),
        )


def _answer(scene: Scene, line: int, row: Row) -> None:
    answers.save(
        scene.tenant,
        [_card(scene, scene.remarks[line])],
        position=Position(row.position),
        reason=row.answer,
        unit_id=scene.consultation.unit_id,
        actor=scene.actor,
        now=clock.now(),
    )


def _card(scene: Scene, remark: Remark) -> Card:
    return registry.get_card(scene.tenant.id, KIND, remark.id)


def _content(scene: Scene, row: Row) -> Content:
    return Content(
        place=_place(scene, row.place),
        kind=RemarkKind(row.kind),
        wording=row.wording,
        body=row.body,
        language=row.language,
    )


def _place(scene: Scene, path: str) -> Place:
    """Return the place that the table calls "§ 6 ust. 2"; "" is the whole."""
    document = texts.list_standing(scene.consultation)[0].document
    number = None
    if path:
        rows = texts.list_places(document, document.version_no)
        number = next((row.number for row in rows if row.path == path), 0)
    place = texts.place_in(document, document.version_no, number)
    if place is None:
        raise LookupError(f"No {path!r} in {document.title}.")
    return place
