"""Sheets that came on paper: entered by an officer one after another, in numbered batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from deliberate.audit import entries
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.surveys import queries
from deliberate.surveys.actions.answering import fill, new_sheet_id
from deliberate.surveys.actions.building import subject_of
from deliberate.surveys.kinds import Channel, State
from deliberate.surveys.models import Survey, SurveyReply, SurveySheet
from deliberate.surveys.rules import answering
from deliberate.surveys.rules.answering import Reply


def enter(
    survey: Survey,
    batch: int,
    replies: Mapping[int, Reply],
    *,
    idem: str,
    actor: Actor,
    now: datetime,
) -> SurveySheet:
    """Keep a sheet of paper under the next number of its batch; the same form twice is one."""
    lock(Survey, survey.id)
    if refusal := answering.entry_refusal(State(survey.state)):
        raise Refused(refusal)
    idem_hash = ids.token_hash(idem)
    sent = db.session.scalar(
        select(SurveySheet).where(
            SurveySheet.tenant_id == survey.tenant_id,
            SurveySheet.survey_id == survey.id,
            SurveySheet.idem_hash == idem_hash,
        )
    )
    if sent is not None:
        return sent
    if not replies:
        raise Refused(answering.EMPTY)
    last = db.session.scalar(
        select(func.max(SurveySheet.paper_no)).where(
            SurveySheet.tenant_id == survey.tenant_id,
            SurveySheet.survey_id == survey.id,
            SurveySheet.batch == batch,
        )
    )
    sheet = SurveySheet(
        id=new_sheet_id(),
        tenant_id=survey.tenant_id,
        survey_id=survey.id,
        channel=Channel.PAPER,
        batch=batch,
        paper_no=(last or 0) + 1,
        entered_by=actor.person_id,
        entered_on=clock.local(now).date(),
        idem_hash=idem_hash,
    )
    db.session.add(sheet)
    db.session.flush()
    fill(sheet, replies)
    return sheet


def remove(survey: Survey, batch: int, paper_no: int, *, actor: Actor, now: datetime) -> None:
    """Take a sheet away that was entered wrongly; that it was there stays in the journal."""
    lock(Survey, survey.id)
    if refusal := answering.entry_refusal(State(survey.state)):
        raise Refused(refusal)
    sheet = queries.get_paper(survey, batch, paper_no)
    db.session.execute(
        delete(SurveyReply).where(
            SurveyReply.tenant_id == survey.tenant_id, SurveyReply.sheet_id == sheet.id
        )
    )
    db.session.delete(sheet)
    entries.record(
        "survey.paper_removed",
        subject_of(survey),
        actor=actor,
        at=now,
        batch=batch,
        number=paper_no,
    )
