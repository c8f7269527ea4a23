"""The public texts in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deliberate.audit import entries
from deliberate.authorship.models import Translation
from deliberate.consultations import queries, translations
from deliberate.consultations.actions.changes import subject_of
from deliberate.consultations.models import Consultation
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db


def translate(
    consultation: Consultation,
    lang: str,
    texts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the texts in another language; an emptied one is shown as missing again."""
    for field, text in texts.items():
        row = translations.find_translation(consultation, field, lang)
        if not text:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = Translation(
                tenant_id=consultation.tenant_id,
                kind=queries.KIND,
                subject_id=consultation.id,
                field=field,
                lang=lang,
            )
            db.session.add(row)
        row.text, row.translated_by, row.at = text, actor.person_id, now
    entries.record(
        "consultation.translated", subject_of(consultation), actor=actor, at=now, language=lang
    )
