"""What surveys keep of a person: for themselves to read, when they leave, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from deliberate.accounts.models import Person
from deliberate.consultations.models import Consultation, Phase
from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.surveys import addresses, queries
from deliberate.surveys.actions.building import forget_people
from deliberate.surveys.models import Survey, SurveyParticipation, SurveySheet
from deliberate.surveys.rules.answering import Reply

KEPT = timedelta(days=365)  # after the end, where nobody publishes the results


def my_surveys(person: Person) -> list[dict[str, object]]:
    """Return which surveys a person answered, with the answers where they bear their name."""
    rows = db.session.execute(
        select(SurveyParticipation, Survey, SurveySheet)
        .join(Survey, Survey.id == SurveyParticipation.survey_id)
        .outerjoin(
            SurveySheet,
            (SurveySheet.survey_id == Survey.id) & (SurveySheet.person_id == person.id),
        )
        .where(SurveyParticipation.person_id == person.id)
        .order_by(SurveyParticipation.survey_id)
    )
    return [
        {
            "survey": survey.title,
            "answered_on": participation.day.isoformat(),
            "anonymous": survey.is_anonymous,
            "answers": _answers(survey, sheet),
        }
        for participation, survey, sheet in rows.all()
    ]


def _answers(survey: Survey, sheet: SurveySheet | None) -> list[dict[str, object]]:
    if sheet is None:
        return []
    questions = survey.definition.questions
    return [
        {"question": questions[number - 1].text, "answer": _plain(reply)}
        for number, reply in sorted(queries.replies_of(sheet).items())
    ]


def _plain(reply: Reply) -> object:
    return reply.body or reply.chosen


def forget_author(person_id: int) -> None:
    """Take the name from the sheets of somebody who closes their account; what they said counts.

    That they answered stays until the results, tied to the hash of their address, so that nobody
    answers again by making an account anew.
    """
    person = db.session.get_one(Person, person_id)
    db.session.execute(
        update(SurveySheet)
        .where(SurveySheet.person_id == person_id)
        .values(person_id=None, given_at=None)
    )
    kept = addresses.hashes(person)
    db.session.execute(
        update(SurveyParticipation)
        .where(SurveyParticipation.person_id == person_id)
        .values(former_address=kept[0] if kept else None)
    )


def _forgotten(now: datetime) -> ColumnElement[bool]:
    """Say that a survey ended a year ago and its results were never published."""
    ends = (
        select(func.max(Phase.ends_at))
        .where(
            Phase.consultation_id == Survey.consultation_id,
            Phase.activities.contains(Activity.SURVEY.value),
        )
        .correlate(Survey)
        .scalar_subquery()
    )
    began = (
        select(Consultation.created_at)
        .where(Consultation.id == Survey.consultation_id)
        .correlate(Survey)
        .scalar_subquery()
    )
    return func.coalesce(ends, began) < now - KEPT


def _count(now: datetime) -> int:
    counted = (
        select(func.count())
        .select_from(SurveyParticipation)
        .join(Survey, Survey.id == SurveyParticipation.survey_id)
        .where(_forgotten(now))
    )
    return db.session.scalar(counted) or 0


def _remove(now: datetime) -> int:
    left = select(SurveyParticipation.survey_id)
    surveys = db.session.scalars(select(Survey).where(_forgotten(now), Survey.id.in_(left))).all()
    return sum(forget_people(survey) for survey in surveys)


RETENTION = RetentionRule(
    key="surveys.participation",
    label=N_("Kto wypełnił ankietę (bez odpowiedzi)"),
    keeps=N_("do ogłoszenia wyników, najdłużej rok po końcu ankiety"),
    count=_count,
    remove=_remove,
)
