"""The office builds a survey, offers it, corrects its typing, publishes what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update

from deliberate.audit import entries
from deliberate.authorship.models import Translation
from deliberate.consultations.models import Consultation
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.surveys import definition as definitions
from deliberate.surveys import queries
from deliberate.surveys.definition import Definition
from deliberate.surveys.kinds import KIND, State
from deliberate.surveys.models import (
    Survey,
    SurveyCorrection,
    SurveyParticipation,
    SurveySheet,
)
from deliberate.surveys.rules import building
from deliberate.surveys.words import words_key


def create(
    consultation: Consultation,
    definition: Definition,
    *,
    is_anonymous: bool,
    actor: Actor,
    now: datetime,
) -> Survey:
    """Begin a survey under the next number of its consultation; nobody sees it yet."""
    lock(Consultation, consultation.id)
    last = db.session.scalar(
        select(func.max(Survey.number)).where(
            Survey.tenant_id == consultation.tenant_id, Survey.consultation_id == consultation.id
        )
    )
    survey = Survey(
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        number=(last or 0) + 1,
        content=definitions.write(definition),
        is_anonymous=is_anonymous,
        created_by=actor.person_id,
        created_at=now,
    )
    db.session.add(survey)
    db.session.flush()
    entries.record("survey.created", subject_of(survey), actor=actor, at=now)
    return survey


def copy(former: Survey, consultation: Consultation, *, actor: Actor, now: datetime) -> Survey:
    """Begin a survey that asks the same, in the same languages; nobody has answered it."""
    survey = create(
        consultation,
        former.definition,
        is_anonymous=former.is_anonymous,
        actor=actor,
        now=now,
    )
    for row in queries.list_translations(former):
        db.session.add(
            Translation(
                tenant_id=survey.tenant_id,
                kind=KIND,
                subject_id=survey.id,
                field=row.field,
                lang=row.lang,
                text=row.text,
                translated_by=row.translated_by,
                at=row.at,
            )
        )
    return survey


def change(
    survey: Survey,
    definition: Definition,
    *,
    is_anonymous: bool,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep other questions or settings, while nobody has answered.

    ``stamp``: the revision that the officer had before their eyes.
    """
    lock(Survey, survey.id)
    if refusal := building.change_refusal(queries.build_facts(survey)):
        raise Refused(refusal)
    if survey.revision != stamp:
        raise Refused(building.CHANGED_MEANWHILE)
    if refusal := building.branching_refusal(definition):
        raise Refused(refusal)
    if len(definition.questions) > building.MOST_QUESTIONS:
        raise Refused(building.TOO_MANY)
    if survey.state == State.OFFERED and (refusal := building.offer_refusal(definition)):
        raise Refused(refusal)
    survey.content, survey.is_anonymous = definitions.write(definition), is_anonymous
    survey.revision += 1
    entries.record("survey.changed", subject_of(survey), actor=actor, at=now)


def offer(survey: Survey, *, actor: Actor, now: datetime) -> None:
    """Let people see it; whether they may answer follows from the consultation's dates."""
    lock(Survey, survey.id)
    if survey.state != State.DRAFT:
        raise Refused(building.CHANGED_MEANWHILE)
    if refusal := building.offer_refusal(survey.definition):
        raise Refused(refusal)
    survey.state = State.OFFERED
    entries.record("survey.offered", subject_of(survey), actor=actor, at=now)


def take_back(survey: Survey, *, actor: Actor, now: datetime) -> None:
    """Make a draft of it again, while nobody has answered."""
    lock(Survey, survey.id)
    if survey.state != State.OFFERED:
        raise Refused(building.CHANGED_MEANWHILE)
    if refusal := building.change_refusal(queries.build_facts(survey)):
        raise Refused(refusal)
    survey.state = State.DRAFT
    entries.record("survey.taken_back", subject_of(survey), actor=actor, at=now)


def remove(survey: Survey, *, actor: Actor, now: datetime) -> None:
    """Remove a draft with its translations."""
    lock(Survey, survey.id)
    if survey.state != State.DRAFT:
        raise Refused(building.NOT_DRAFT)
    db.session.execute(
        delete(Translation)
        .where(
            Translation.tenant_id == survey.tenant_id,
            Translation.kind == KIND,
            Translation.subject_id == survey.id,
        )
        .execution_options(touches=survey.tenant_id)
    )
    entries.record("survey.removed", subject_of(survey), actor=actor, at=now, title=survey.title)
    db.session.delete(survey)


def correct(
    survey: Survey, texts: Mapping[str, str], *, reason: str, actor: Actor, now: datetime
) -> None:
    """Correct typing after the first sheet, in public; ``texts`` by place (Definition.texts).

    What is asked stays: only words that are there may become other words.
    """
    lock(Survey, survey.id)
    if refusal := building.correction_refusal(queries.build_facts(survey)):
        raise Refused(refusal)
    before = survey.definition
    kept = {place: text for place, text in texts.items() if text}
    corrected = before.with_texts(kept)
    content = definitions.write(corrected)
    if content == survey.content:
        raise Refused(building.NOTHING_CORRECTED)
    db.session.add(
        SurveyCorrection(
            tenant_id=survey.tenant_id,
            survey_id=survey.id,
            former=survey.content,
            present=content,
            reason=reason,
            corrected_by=actor.person_id,
            at=now,
        )
    )
    db.session.flush()  # the guard wants the correction first
    survey.content = content
    _keep_translations(survey, before, corrected)
    entries.record("survey.corrected", subject_of(survey), actor=actor, at=now, reason=reason)


def _keep_translations(survey: Survey, before: Definition, after: Definition) -> None:
    """Let translations follow words whose typing was corrected."""
    there = after.texts()
    moved = {
        words_key(text): words_key(there[place])
        for place, text in before.texts().items()
        if there[place] != text
    }
    rows = db.session.scalars(
        select(Translation).where(
            Translation.tenant_id == survey.tenant_id,
            Translation.kind == KIND,
            Translation.subject_id == survey.id,
            Translation.field.in_(moved),
        )
    ).all()
    for row in rows:
        db.session.merge(
            Translation(
                tenant_id=row.tenant_id,
                kind=KIND,
                subject_id=survey.id,
                field=moved[row.field],
                lang=row.lang,
                text=row.text,
                translated_by=row.translated_by,
                at=row.at,
            )
        )


def translate(
    survey: Survey, lang: str, texts: Mapping[str, str], *, actor: Actor, now: datetime
) -> None:
    """Keep translations by the Polish words; those of words no longer there go."""
    db.session.execute(
        delete(Translation)
        .where(*queries.translated(survey, lang))
        .execution_options(touches=survey.tenant_id)
    )
    kept = {words_key(words): texts[place] for place, words in survey.definition.texts().items()}
    for field, text in kept.items():
        if text:
            db.session.add(
                Translation(
                    tenant_id=survey.tenant_id,
                    kind=KIND,
                    subject_id=survey.id,
                    field=field,
                    lang=lang,
                    text=text,
                    translated_by=actor.person_id,
                    at=now,
                )
            )
    entries.record("survey.translated", subject_of(survey), actor=actor, at=now, language=lang)


def publish(survey: Survey, *, actor: Actor, now: datetime) -> None:
    """Make the results public. Who took part is forgotten in the same transaction.

    Names beside sheets served to change them; from now on nobody can.
    """
    lock(Survey, survey.id)
    if refusal := building.publish_refusal(queries.publish_facts(survey, now=now)):
        raise Refused(refusal)
    forget_people(survey)
    survey.state, survey.published_at = State.PUBLISHED, now
    entries.record("survey.published", subject_of(survey), actor=actor, at=now)


def forget_people(survey: Survey) -> int:
    """Take away who answered: the participations, and the names and moments on sheets."""
    db.session.execute(
        update(SurveySheet)
        .where(SurveySheet.survey_id == survey.id)
        .values(person_id=None, given_at=None)
    )
    gone = db.session.execute(
        delete(SurveyParticipation).where(SurveyParticipation.survey_id == survey.id)
    )
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def subject_of(survey: Survey) -> str:
    return f"{KIND}:{survey.id}"
