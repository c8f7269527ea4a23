"""Reading surveys. All begin with a consultation loaded through the municipality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import ColumnElement, Row, func, or_, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.authorship.models import Translation
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db, fetch_rows
from deliberate.subjects.gate import Activity, Gate, gate
from deliberate.surveys import addresses
from deliberate.surveys.kinds import KIND, Channel, QuestionKind, State, TextState
from deliberate.surveys.models import (
    Survey,
    SurveyCorrection,
    SurveyParticipation,
    SurveyReply,
    SurveySheet,
)
from deliberate.surveys.results import Results, tally
from deliberate.surveys.rules.answering import AnswerFacts, Reply, read_chosen
from deliberate.surveys.rules.building import BuildFacts, PublishFacts, is_over
from deliberate.surveys.words import Said, differences, said, words_key
from deliberate.tenancy.models import Municipality


def list_surveys(consultation: Consultation) -> Sequence[Survey]:
    """Return all surveys of a consultation, drafts too, by number."""
    return db.session.scalars(
        select(Survey)
        .where(
            Survey.tenant_id == consultation.tenant_id, Survey.consultation_id == consultation.id
        )
        .order_by(Survey.number)
    ).all()


def list_offered(consultation: Consultation) -> list[Survey]:
    """Return the surveys that people see, by number."""
    return [survey for survey in list_surveys(consultation) if survey.state != State.DRAFT]


def get_survey(consultation: Consultation, number: int) -> Survey:
    """Return a survey in any state; 404 for none."""
    return db.session.scalar(
        select(Survey).where(
            Survey.tenant_id == consultation.tenant_id,
            Survey.consultation_id == consultation.id,
            Survey.number == number,
        )
    ) or abort(404)


def get_offered(consultation: Consultation, number: int) -> Survey:
    """Return a survey that people see; 404 for a draft and for none."""
    survey = get_survey(consultation, number)
    return survey if survey.state != State.DRAFT else abort(404)


def survey_gate(survey: Survey, *, now: datetime) -> Gate:
    return gate(survey.tenant_id, survey.consultation_id, Activity.SURVEY, now=now)


def find_participation(survey: Survey, person: Person) -> SurveyParticipation | None:
    """Return that a person answered, also from a former account with the same address."""
    return db.session.scalar(
        select(SurveyParticipation)
        .where(
            SurveyParticipation.tenant_id == survey.tenant_id,
            SurveyParticipation.survey_id == survey.id,
            or_(
                SurveyParticipation.person_id == person.id,
                SurveyParticipation.former_address.in_(addresses.hashes(person)),
            ),
        )
        .order_by(SurveyParticipation.day)
        .limit(1)
    )


def answer_facts(
    tenant: Municipality, survey: Survey, person: Person | None, *, now: datetime
) -> AnswerFacts:
    opening = survey_gate(survey, now=now)
    participation = find_participation(survey, person) if person is not None else None
    residence = accounts.find_residence(tenant, person) if person is not None else None
    refused = residence is not None and residence.state == ResidenceState.REFUSED
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    # A sheet is a person's: even where anyone may take part, an account tells one from another.
    needs = Needs.EMAIL if opening.needs == Needs.ANYONE else Needs(opening.needs)
    return AnswerFacts(
        state=State(survey.state),
        gate=opening,
        lacks=standing_refusal(standing, needs, refused=refused),
        answered_on=participation.day if participation is not None else None,
        is_final=survey.is_anonymous
        or (participation is not None and participation.former_address is not None),
    )


def find_own_sheet(survey: Survey, person: Person) -> SurveySheet | None:
    """Return the sheet that a person may still change; an anonymous one is nobody's."""
    return db.session.scalar(
        select(SurveySheet).where(
            SurveySheet.tenant_id == survey.tenant_id,
            SurveySheet.survey_id == survey.id,
            SurveySheet.person_id == person.id,
        )
    )


def replies_of(sheet: SurveySheet) -> dict[int, Reply]:
    """Return what a sheet says, by number of the question."""
    rows = db.session.scalars(
        select(SurveyReply).where(
            SurveyReply.tenant_id == sheet.tenant_id, SurveyReply.sheet_id == sheet.id
        )
    )
    return {
        row.question_no: Reply(body=row.body) if row.body else Reply(chosen=read_chosen(row.chosen))
        for row in rows
    }


# For the office.


def is_answered(survey: Survey) -> bool:
    wanted = select(SurveySheet.id).where(*_of(survey)).limit(1)
    return db.session.scalar(wanted) is not None


def build_facts(survey: Survey) -> BuildFacts:
    return BuildFacts(state=State(survey.state), is_answered=is_answered(survey))


def publish_facts(survey: Survey, *, now: datetime) -> PublishFacts:
    return PublishFacts(
        state=State(survey.state),
        is_over=is_over(survey_gate(survey, now=now), now=now),
        texts_waiting=count_texts(survey)[TextState.WAITING],
    )


def count_sheets(survey: Survey) -> dict[Channel, int]:
    rows = db.session.execute(
        select(SurveySheet.channel, func.count()).where(*_of(survey)).group_by(SurveySheet.channel)
    )
    found = {Channel(channel): count for channel, count in rows}
    return {channel: found.get(channel, 0) for channel in Channel}


def count_sheets_in(consultation: Consultation) -> dict[int, int]:
    """Return how many sheets each survey of a consultation has, by id; none are left out."""
    rows = db.session.execute(
        select(SurveySheet.survey_id, func.count())
        .join(Survey, Survey.id == SurveySheet.survey_id)
        .where(
            SurveySheet.tenant_id == consultation.tenant_id,
            Survey.consultation_id == consultation.id,
        )
        .group_by(SurveySheet.survey_id)
    )
    return {row[0]: row[1] for row in rows}


def count_texts(survey: Survey) -> dict[TextState, int]:
    rows = db.session.execute(
        select(SurveyReply.text_state, func.count())
        .where(*_texts(survey))
        .group_by(SurveyReply.text_state)
    )
    found = {TextState(state or ""): count for state, count in rows}
    return {state: found.get(state, 0) for state in TextState}


def list_texts(survey: Survey, state: TextState, *, most: int) -> Sequence[SurveyReply]:
    """Return free texts in one state, question by question, else in random order."""
    return db.session.scalars(
        select(SurveyReply)
        .where(*_texts(survey), SurveyReply.text_state == state)
        .order_by(SurveyReply.question_no, SurveyReply.sheet_id)
        .limit(most)
    ).all()


def list_paper(survey: Survey, batch: int, *, most: int) -> Sequence[Row[SurveySheet, str]]:
    """Return the sheets of a batch with the name of who entered each, the latest first."""
    return db.session.execute(
        select(SurveySheet, Person.display_name)
        .join(Person, Person.id == SurveySheet.entered_by)
        .where(*_of(survey), SurveySheet.batch == batch)
        .order_by(SurveySheet.paper_no.desc())
        .limit(most)
    ).all()


def get_paper(survey: Survey, batch: int, paper_no: int) -> SurveySheet:
    return db.session.scalar(
        select(SurveySheet).where(
            *_of(survey), SurveySheet.batch == batch, SurveySheet.paper_no == paper_no
        )
    ) or abort(404)


def count_batches(survey: Survey) -> list[tuple[int, int]]:
    """Return batch and number of sheets in it, by batch."""
    rows = db.session.execute(
        select(SurveySheet.batch, func.count())
        .where(*_of(survey), SurveySheet.batch.is_not(None))
        .group_by(SurveySheet.batch)
        .order_by(SurveySheet.batch)
    )
    return [(row[0] or 0, row[1]) for row in rows]


def list_corrections(survey: Survey) -> list[tuple[SurveyCorrection, list[tuple[str, str]]]]:
    """Return what was corrected after the first sheet, with the texts, the latest first."""
    rows = db.session.scalars(
        select(SurveyCorrection)
        .where(
            SurveyCorrection.tenant_id == survey.tenant_id,
            SurveyCorrection.survey_id == survey.id,
        )
        .order_by(SurveyCorrection.id.desc())
    )
    return [(row, differences(row.former, row.present)) for row in rows]


def translations(survey: Survey, lang: str) -> Mapping[str, str]:
    """Return the translations of a survey's texts, by the key of their Polish words."""
    rows = db.session.execute(
        select(Translation.field, Translation.text).where(*translated(survey, lang))
    )
    return {row[0]: row[1] for row in rows}


def list_translations(survey: Survey) -> Sequence[Translation]:
    """Return the translations of the words that stand there now, in every language."""
    words = sorted({words_key(text) for text in survey.definition.texts().values()})
    return db.session.scalars(
        select(Translation)
        .where(
            Translation.tenant_id == survey.tenant_id,
            Translation.kind == KIND,
            Translation.subject_id == survey.id,
            Translation.field.in_(words),
        )
        .order_by(Translation.lang, Translation.field)
    ).all()


def translated(survey: Survey, lang: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Translation.tenant_id == survey.tenant_id,
        Translation.kind == KIND,
        Translation.subject_id == survey.id,
        Translation.lang == lang,
    )


def say(survey: Survey, lang: str) -> Said:
    """Return a survey in a language, or in Polish while some of its words lack it."""
    if lang == "pl":
        return Said(definition=survey.definition, language="pl")
    return said(survey.definition, translations(survey, lang), lang)


def is_translated(survey: Survey, lang: str) -> bool:
    return say(survey, lang).language == lang


# What came of it.


def results(survey: Survey) -> Results:
    """Return what may be read of a survey: counted, small numbers hidden, in Polish."""
    counted = fetch_rows(
        select(SurveyReply.question_no, SurveyReply.chosen, func.count())
        .where(
            SurveyReply.tenant_id == survey.tenant_id,
            SurveyReply.survey_id == survey.id,
            SurveyReply.text_state.is_(None),
        )
        .group_by(SurveyReply.question_no, SurveyReply.chosen)
    )
    return tally(
        survey.definition,
        count_sheets(survey),
        [(row[0], row[1], row[2]) for row in counted],
        _shown_texts(survey),
    )


def _shown_texts(survey: Survey) -> dict[int, list[str]]:
    asked = survey.definition.questions
    if not any(question.kind is QuestionKind.TEXT for question in asked):
        return {}
    rows = fetch_rows(
        select(SurveyReply.question_no, SurveyReply.body)
        .where(*_texts(survey), SurveyReply.text_state == TextState.SHOWN)
        .order_by(SurveyReply.question_no, SurveyReply.sheet_id)
    )
    found: dict[int, list[str]] = {}
    for number, body in rows:
        found.setdefault(number, []).append(body)
    return found


def _of(survey: Survey) -> tuple[ColumnElement[bool], ...]:
    return SurveySheet.tenant_id == survey.tenant_id, SurveySheet.survey_id == survey.id


def _texts(survey: Survey) -> tuple[ColumnElement[bool], ...]:
    return (
        SurveyReply.tenant_id == survey.tenant_id,
        SurveyReply.survey_id == survey.id,
        SurveyReply.text_state.is_not(None),
    )
