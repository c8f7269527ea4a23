"""One person's answers: one short transaction, acknowledged only after its commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from deliberate.accounts import closing
from deliberate.accounts.models import Person
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.surveys import queries
from deliberate.surveys.kinds import Channel, TextState
from deliberate.surveys.models import Survey, SurveyParticipation, SurveyReply, SurveySheet
from deliberate.surveys.rules import answering
from deliberate.surveys.rules.answering import Reply
from deliberate.tenancy.models import Municipality


def send(
    tenant: Municipality,
    survey: Survey,
    person: Person,
    replies: Mapping[int, Reply],
    *,
    idem: str,
    stamp: int,
) -> date:
    """Take a sheet, or another version of the person's own. Returns the day that the receipt says.

    ``idem`` is the form's key: the same form sent twice is one sheet. ``stamp`` is the revision
    of the questions that it answers.
    """
    lock(Survey, survey.id)
    closing.keep_open(person)
    now = clock.now()
    facts = queries.answer_facts(tenant, survey, person, now=now)
    if refusal := answering.answer_refusal(facts):
        if sent := _sent_before(survey, person, idem):
            return sent
        raise Refused(refusal)
    if survey.revision != stamp:
        raise Refused(answering.CHANGED)
    if not replies:
        raise Refused(answering.EMPTY)
    today = clock.local(now).date()
    if sheet := queries.find_own_sheet(survey, person):
        _replace(sheet, replies, now=now)
        return today
    participation = SurveyParticipation(
        tenant_id=tenant.id,
        survey_id=survey.id,
        person_id=person.id,
        day=today,
        idem_hash=ids.token_hash(idem),
    )
    try:
        with db.session.begin_nested():
            db.session.add(participation)
    except IntegrityError:  # two tabs at once, where a lock was lost
        if sent := _sent_before(survey, person, idem):
            return sent
        raise Refused(answering.ALREADY.with_values(day=today)) from None
    sheet = SurveySheet(
        id=new_sheet_id(),
        tenant_id=tenant.id,
        survey_id=survey.id,
        channel=Channel.WEB,
        person_id=None if survey.is_anonymous else person.id,
        given_at=None if survey.is_anonymous else now,
    )
    db.session.add(sheet)
    db.session.flush()
    fill(sheet, replies)
    return today


def _replace(sheet: SurveySheet, replies: Mapping[int, Reply], *, now: datetime) -> None:
    db.session.execute(
        delete(SurveyReply).where(
            SurveyReply.tenant_id == sheet.tenant_id, SurveyReply.sheet_id == sheet.id
        )
    )
    sheet.given_at = now
    fill(sheet, replies)


def fill(sheet: SurveySheet, replies: Mapping[int, Reply]) -> None:
    """Write the answers of a sheet; free texts wait until somebody has read them."""
    for number, reply in sorted(replies.items()):
        db.session.add(
            SurveyReply(
                sheet_id=sheet.id,
                question_no=number,
                tenant_id=sheet.tenant_id,
                survey_id=sheet.survey_id,
                chosen="" if reply.body else answering.write_chosen(reply.chosen),
                body=reply.body,
                text_state=TextState.WAITING if reply.body else None,
            )
        )
    db.session.flush()


def new_sheet_id() -> str:
    return secrets.token_hex(16)


def _sent_before(survey: Survey, person: Person, idem: str) -> date | None:
    there = queries.find_participation(survey, person)
    if there is None or there.idem_hash != ids.token_hash(idem):
        return None
    return there.day
