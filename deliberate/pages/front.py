"""What the first page of a municipality gathers: answers, dates, topics, what can be done now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from deliberate.answers.models import Answer
from deliberate.answers.positions import LABELS, TONES, Position
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules.phases import open_activities
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.states import PUBLIC
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.proposals.models import Proposal
from deliberate.subjects.activities import Activity
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality
from deliberate.topics.models import SubjectTopic, Topic

MOST_ANSWERS = 3
MOST_DATES = 5

# What a person does in each; joined into one sentence.
DOINGS = {
    Activity.VOTE: N_("zagłosować"),
    Activity.PROPOSE: N_("zgłosić propozycję"),
    Activity.REMARK: N_("zgłosić uwagę"),
    Activity.SURVEY: N_("wypełnić ankietę"),
    Activity.SUPPORT: N_("poprzeć propozycje"),
    Activity.DISCUSS: N_("zabrać głos w rozmowie"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer of the office, and the proposal it is to."""

    title: str
    slug: str
    number: int
    supports: int
    language: str
    justification: str
    label: str
    tone: str
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The latest answers, and how many there are in all."""

    latest: tuple[Outcome, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day on which something begins, ends or is due."""

    on: date
    what: str
    tile: Tile


def list_outcomes(tenant: Municipality) -> Outcomes:
    """Return the latest published answers to proposals that people may read, in one query."""
    rows = db.session.execute(
        select(Answer, Proposal, Consultation.slug, func.count().over())
        .join(
            Proposal, (Proposal.id == Answer.subject_id) & (Proposal.tenant_id == Answer.tenant_id)
        )
        .join(Consultation, Consultation.id == Proposal.consultation_id)
        .where(
            Answer.tenant_id == tenant.id,
            Answer.subject_kind == "proposal",
            Answer.published_at.is_not(None),
            Consultation.state.in_(sorted(PUBLIC)),
            shown(Proposal),
        )
        .order_by(Answer.published_at.desc(), Answer.id.desc())
        .limit(MOST_ANSWERS)
    ).all()
    latest = tuple(_outcome(answer, proposal, slug) for answer, proposal, slug, _ in rows)
    return Outcomes(latest=latest, total=rows[0][3] if rows else 0)


def _outcome(answer: Answer, proposal: Proposal, slug: str) -> Outcome:
    position = Position(answer.position)
    return Outcome(
        title=proposal.title,
        slug=slug,
        number=proposal.number,
        supports=proposal.supports,
        language=proposal.language,
        justification=answer.justification,
        label=say(LABELS[position]),
        tone=TONES[position],
        answered_at=answer.published_at or answer.saved_at,
    )


def count_by_topic(tenant: Municipality) -> Sequence[tuple[Topic, int]]:
    """Return each topic under which there are consultations to read, and how many."""
    rows = db.session.execute(
        select(Topic, func.count())
        .join(SubjectTopic, SubjectTopic.topic_key == Topic.key)
        .join(Consultation, Consultation.id == SubjectTopic.subject_id)
        .where(
            SubjectTopic.tenant_id == tenant.id,
            SubjectTopic.kind == consultations.KIND,
            Consultation.tenant_id == tenant.id,
            Consultation.state.in_(sorted(PUBLIC)),
        )
        .group_by(Topic.key)
        .order_by(Topic.position, Topic.key)
    )
    return [(topic, count) for topic, count in rows]


def doings(tile: Tile, now: datetime) -> str:
    """Return what a person can do in a consultation now: "Zgłosić propozycję albo zabrać głos."."""
    opened = open_activities(consultations.phase_times(tile.consultation), now)
    words = [say(words) for activity, words in DOINGS.items() if activity in opened]
    if not words:
        return ""
    last = say(N_("%(these)s albo %(that)s"), these=", ".join(words[:-1]), that=words[-1])
    sentence = last if len(words) > 1 else words[0]
    return f"{sentence[:1].upper()}{sentence[1:]}."


def list_dates(tiles: Iterable[Tile], now: datetime) -> list[Day]:
    """Return the nearest days on which something ends, begins or is due, the first one first."""
    days = [day for tile in tiles for day in _days(tile, now)]
    return sorted(days, key=lambda day: (day.on, day.tile.consultation.id))[:MOST_DATES]


def _days(tile: Tile, now: datetime) -> list[Day]:
    standing, today = tile.standing, clock.local(now).date()
    found: list[Day] = []
    if tile.stage is Stage.RUNNING and standing.phase is not None:
        what = say(
            N_("kończy się: %(phase)s, %(hour)s"), phase=tile.now_title, hour=tile.until_hour
        )
        found.append(Day(on=clock.last_day(standing.phase.ends_at), what=what, tile=tile))
    if tile.stage in (Stage.RUNNING, Stage.ANNOUNCED) and standing.next is not None:
        what = say(N_("zaczyna się: %(phase)s"), phase=tile.next_title)
        found.append(Day(on=clock.local(standing.next.starts_at).date(), what=what, tile=tile))
    due = tile.consultation.answer_due
    if tile.stage in (Stage.RUNNING, Stage.WAITING) and due is not None and due >= today:
        found.append(Day(on=due, what=say(N_("do tego dnia odpowie urząd")), tile=tile))
    return found
