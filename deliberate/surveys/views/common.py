"""What the pages of surveys share: their blueprint, and how an address becomes a survey."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, url_for

from deliberate.consultations import queries as consultations
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.surveys import queries
from deliberate.surveys.definition import Question
from deliberate.surveys.models import Survey
from deliberate.tenancy.current import current_tenant

bp = Blueprint("surveys", __name__)

# No number is larger: an address with one is an address of nothing, not an error of a database.
NUMBER = "int(max=2147483647)"
ALL = "/konsultacje/<slug>/ankiety"
ONE = f"{ALL}/<{NUMBER}:number>"
DESK = "/urzad/konsultacje/<slug>/ankiety"
DESK_ONE = f"{DESK}/<{NUMBER}:number>"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """A survey at the desk, and the question of it that the address names."""

    consultation: Consultation
    survey: Survey
    no: int = 0

    @property
    def consultation_scope(self) -> int:
        return self.consultation.id

    @property
    def question(self) -> Question:
        return self.survey.definition.questions[self.no - 1]


def open_survey(slug: str, number: int) -> tuple[Consultation, Survey]:
    """Return a survey that people see, and its consultation; else 404."""
    consultation = open_published(slug)
    return consultation, queries.get_offered(consultation, number)


def load_consultation(slug: str) -> Consultation:
    """Load for @requires: any state, through the municipality."""
    return consultations.get_any(current_tenant(), slug)


def load_survey(slug: str, number: int) -> OnDesk:
    consultation = load_consultation(slug)
    return OnDesk(consultation=consultation, survey=queries.get_survey(consultation, number))


def load_question(slug: str, number: int, no: int) -> OnDesk:
    there = load_survey(slug, number)
    if not 1 <= no <= len(there.survey.definition.questions):
        abort(404)
    return OnDesk(consultation=there.consultation, survey=there.survey, no=no)


def desk_of(there: OnDesk) -> str:
    """Return the address of a survey at the desk."""
    return url_for("surveys.build", slug=there.consultation.slug, number=there.survey.number)
