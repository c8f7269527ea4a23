"""Surveys, and the questions of one about a park."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from deliberate.algorithms.branching import Condition
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.surveys import definition as surveys
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind
from deliberate.surveys.kinds import State as SurveyState
from deliberate.surveys.models import Survey
from tests.make.base import add

PARK = (
    Question(
        kind=QuestionKind.SINGLE,
        text="Czy bywasz w parku?",
        is_required=True,
        options=("Tak", "Nie", "Czasem"),
    ),
    Question(
        kind=QuestionKind.MULTIPLE,
        text="Co tam robisz?",
        options=("Spaceruję", "Biegam", "Czytam"),
        most=2,
        shown_if=Condition(1, frozenset({1, 3})),
    ),
    Question(
        kind=QuestionKind.SCALE,
        text="Jak oceniasz park?",
        least=1,
        most=5,
        least_label="źle",
        most_label="dobrze",
    ),
    Question(kind=QuestionKind.TEXT, text="Co zmienić?", longest=200),
)


def survey(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    questions: Iterable[Question] = PARK,
    anonymous: bool = True,
    state: SurveyState = SurveyState.OFFERED,
    number: int = 1,
    title: str = "Ankieta o parku",
) -> int:
    """Make a survey; whether it can be filled in follows from the consultation's phase."""
    definition = Definition(title=title, questions=tuple(questions))
    survey_id = add(
        app,
        Survey(
            tenant_id=tenant,
            consultation_id=consultation,
            number=number,
            content=surveys.write(definition),
            is_anonymous=anonymous,
            created_at=clock.now(),
        ),
    )
    if state is not SurveyState.DRAFT:
        with app.app_context(), transaction():
            db.session.get_one(Survey, survey_id).state = SurveyState.OFFERED
    if state is SurveyState.PUBLISHED:
        with app.app_context(), transaction():
            row = db.session.get_one(Survey, survey_id)
            row.state, row.published_at = state, clock.now()
    return survey_id
