"""Which free texts may stand among the results: a person decides about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock, touch
from deliberate.surveys.actions.building import subject_of
from deliberate.surveys.kinds import TextState
from deliberate.surveys.models import Survey, SurveyReply

Place = tuple[str, int]  # sheet and question


def decide(
    survey: Survey,
    texts: Collection[Place],
    hidden: Collection[Place],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Show the texts that were read, but hide those named. Texts of other surveys stay."""
    lock(Survey, survey.id)
    shown = 0
    for sheet_id, question_no in sorted(texts):
        is_hidden = (sheet_id, question_no) in hidden
        changed = db.session.execute(
            update(SurveyReply)
            .where(
                SurveyReply.tenant_id == survey.tenant_id,
                SurveyReply.survey_id == survey.id,
                SurveyReply.sheet_id == sheet_id,
                SurveyReply.question_no == question_no,
                SurveyReply.text_state.is_not(None),
            )
            .values(text_state=TextState.HIDDEN if is_hidden else TextState.SHOWN)
        )
        shown += 0 if is_hidden else changed.rowcount  # type: ignore[attr-defined]
    touch(survey.tenant_id)
    entries.record(
        "survey.texts_decided",
        subject_of(survey),
        actor=actor,
        at=now,
        shown=shown,
        hidden=len(texts) - shown,
    )
