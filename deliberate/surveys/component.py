"""What surveys put on the pages of a consultation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from deliberate.consultations.components import Component, Enclosure, Way
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import Form
from deliberate.consultations.rules.publication import Gap
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.surveys import queries
from deliberate.surveys.actions import building
from deliberate.surveys.kinds import State
from deliberate.surveys.models import Survey
from deliberate.surveys.rules.building import is_over

NONE_OFFERED = N_("Etap otwiera ankietę, ale żadna nie jest udostępniona.")
ANONYMOUS = N_("Pytań: %(count)s. Odpowiedzi są anonimowe.")
NAMED = N_("Pytań: %(count)s. Odpowiedzi są zapisane przy koncie, więc do końca można je zmienić.")
NO_PHASE = N_("Ankieta jest udostępniona, ale żaden etap jej nie otwiera.")


def ways(consultation: Consultation, opened: frozenset[Activity], _now: datetime) -> list[Way]:
    """Return a door to each survey that can be filled in now."""
    if Activity.SURVEY not in opened:
        return []
    offered = [s for s in queries.list_offered(consultation) if s.state == State.OFFERED]
    return [
        Way(
            icon="clipboard-list",
            url=page_of(consultation, survey),
            label=_door(survey, alone=len(offered) == 1),
            activity=Activity.SURVEY,
        )
        for survey in offered
    ]


def _door(survey: Survey, *, alone: bool) -> str:
    if alone:
        return say(N_("Wypełnij ankietę"))
    return say(N_("Wypełnij ankietę: %(title)s"), title=survey.title)


def context(consultation: Consultation, now: datetime) -> Mapping[str, object]:
    """Return the surveys that people see, each with where it stands."""
    if not _plans(consultation):
        return {}
    offered = queries.list_offered(consultation)
    if not offered:
        return {}
    gate = queries.survey_gate(offered[0], now=now)
    return {
        "consultation": consultation,
        "gate": gate,
        "is_over": is_over(gate, now=now),
        "surveys": [(survey, queries.say(survey, locale())) for survey in offered],
    }


def desk(consultation: Consultation) -> list[Way]:
    url = url_for("surveys.desk", slug=consultation.slug)
    return [Way(icon="clipboard-list", url=url, label=say(N_("Ankiety")))]


def lacking(consultation: Consultation) -> list[Gap]:
    """Return what stops publication: a phase without a survey, a survey without a phase."""
    offered = queries.list_offered(consultation)
    if _plans(consultation) and not offered:
        return [Gap("phases", NONE_OFFERED)]
    if offered and not _plans(consultation):
        return [Gap("phases", NO_PHASE)]
    return []


def forms(consultation: Consultation) -> frozenset[Form]:
    """Return in which form people are asked by what is entered already."""
    return frozenset({Form.SURVEY} if queries.list_surveys(consultation) else ())


def copy(former: Consultation, made: Consultation, actor: Actor, now: datetime) -> None:
    """Ask the same again: drafts, which the office may change before it offers them."""
    for survey in queries.list_surveys(former):
        building.copy(survey, made, actor=actor, now=now)


def encloses(consultation: Consultation) -> list[Enclosure]:
    """Return the surveys that people will see, drafts left out."""
    return [_enclosure(consultation, survey) for survey in queries.list_offered(consultation)]


def _enclosure(consultation: Consultation, survey: Survey) -> Enclosure:
    definition = survey.definition
    return Enclosure(
        icon="clipboard-list",
        url=url_for("surveys.preview", slug=consultation.slug, number=survey.number),
        label=say(N_("Ankieta: %(title)s"), title=definition.title),
        facts=say(ANONYMOUS if survey.is_anonymous else NAMED, count=len(definition.questions)),
        lines=[question.text for question in definition.questions],
        content=[
            survey.number,
            survey.content,
            survey.is_anonymous,
            [(row.lang, row.field, row.text) for row in queries.list_translations(survey)],
        ],
    )


def page_of(consultation: Consultation, survey: Survey) -> str:
    return url_for("surveys.show", slug=consultation.slug, number=survey.number)


def _plans(consultation: Consultation) -> bool:
    """Tell whether some phase opens a survey, so that others' pages need not ask."""
    return any(Activity.SURVEY in phase.opens for phase in consultation.phases)


COMPONENT = Component(
    key="surveys",
    ways=ways,
    section="surveys/_section.html",
    context=context,
    desk=desk,
    lacking=lacking,
    forms=forms,
    copy=copy,
    encloses=encloses,
)
