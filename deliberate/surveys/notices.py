"""Whom letters about the dates of a consultation reach: who answered its surveys."""

from __future__ import annotations

from sqlalchemy import Select, select

from deliberate.surveys.models import Survey, SurveyParticipation


def select_respondents(tenant_id: int, consultation_id: int) -> Select[int]:
    return (
        select(SurveyParticipation.person_id)
        .join(Survey, Survey.id == SurveyParticipation.survey_id)
        .where(Survey.tenant_id == tenant_id, Survey.consultation_id == consultation_id)
    )
