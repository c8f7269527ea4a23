"""What publication looks at, what exactly is approved, and who relied on what is published."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import func, select

from deliberate.consultations import queries, requirements, translations
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import FORM_NAMES, PLANNED, Procedure
from deliberate.consultations.rules.dates import CorrectionFacts
from deliberate.consultations.rules.publication import PublicationFacts
from deliberate.discussion.models import Contribution
from deliberate.kernel import clock, files
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.tenancy.models import Municipality
from deliberate.topics import queries as topics
from deliberate.voting.models import Participation, Poll


def publication_facts(
    tenant: Municipality, consultation: Consultation, now: datetime
) -> PublicationFacts:
    """Gather what the lists before publication look at."""
    phases = queries.phase_times(consultation)
    taking_part = [phase for phase in phases if phase.takes_part]
    today = clock.local(now).date()
    entered = requirements.real_forms(consultation)
    return PublicationFacts(
        today=today,
        title=consultation.title,
        summary=consultation.summary,
        can_change=consultation.can_change,
        cannot_change=consultation.cannot_change,
        contact=consultation.contact,
        answer_due=consultation.answer_due,
        has_appeal_person=consultation.appeal_person_id is not None,
        easy_text=consultation.easy_text,
        sign_video_url=consultation.sign_video_url,
        has_topics=bool(topics.list_of(tenant, queries.KIND, consultation.id)),
        missing_languages=translations.missing_languages(tenant, consultation),
        requirements=requirements.by_procedure(tenant, today)[Procedure(consultation.procedure)],
        plan=requirements.plan_of(consultation, entered, now),
        not_entered=tuple(
            form for form in PLANNED if form in requirements.planned_forms(consultation) - entered
        ),
        form_names={form: say(name) for form, name in FORM_NAMES.items()},
        last_day=max((phase.last_day for phase in taking_part), default=None),
        first_day=min((phase.first_day for phase in taking_part), default=None),
        phases=phases,
        lacking=tuple(gap for each in components() for gap in each.lacking(consultation)),
    )


def correction_facts(consultation: Consultation, now: datetime) -> CorrectionFacts:
    """Gather whether anybody relied on the dates already."""
    voices = db.session.scalar(
        select(func.count()).where(
            Contribution.tenant_id == consultation.tenant_id,
            Contribution.consultation_id == consultation.id,
        )
    )
    votes = db.session.scalar(
        select(func.count())
        .select_from(Participation)
        .join(Poll, Poll.id == Participation.poll_id)
        .where(Poll.tenant_id == consultation.tenant_id, Poll.consultation_id == consultation.id)
    )
    return CorrectionFacts(
        now=now,
        state=consultation.state,
        published_at=consultation.published_at,
        contributions=consultation.last_number + (voices or 0) + (votes or 0),
    )


def payload(tenant: Municipality, consultation: Consultation) -> str:
    """Return SHA-256 of all that is approved: texts, settings, dates, files, enclosures."""
    columns = {
        column.key: getattr(consultation, column.key)
        for column in Consultation.__table__.columns
        if column.key not in NOT_APPROVED
    }
    kept = files.list_files(consultation.tenant_id, queries.KIND, consultation.id)
    whole = {
        "columns": columns,
        "phases": [
            (phase.title, phase.starts_at, phase.ends_at, phase.activities)
            for phase in consultation.phases
        ],
        "topics": [topic.key for topic in topics.list_of(tenant, queries.KIND, consultation.id)],
        "files": [(file.sha256, file.name, file.alt) for file in kept],
        "translations": [
            (row.lang, row.field, row.text) for row in translations.list_translations(consultation)
        ],
        "enclosures": {
            each.key: [enclosure.content for enclosure in each.encloses(consultation)]
            for each in components()
        },
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


# Columns that say where the consultation stands, not what it is.
NOT_APPROVED = frozenset(
    {
        "id",
        "state",
        "revision",
        "published_at",
        "answered_at",
        "closing_reason",
        "last_number",
        "created_at",
    }
)
