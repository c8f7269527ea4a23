"""Texts of consultations in other languages: what is there, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from deliberate.authorship.models import Translation
from deliberate.consultations import queries
from deliberate.consultations.models import Consultation
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality

TRANSLATED = ("title", "summary", "can_change", "cannot_change")


def texts_in(
    tenant_id: int, consultation_ids: Iterable[int], lang: str
) -> Mapping[int, Mapping[str, str]]:
    """Return the texts in another language: id → field → text. None is asked for Polish."""
    if lang == "pl":
        return {}
    rows = db.session.scalars(
        select(Translation)
        .where(
            Translation.tenant_id == tenant_id,
            Translation.kind == queries.KIND,
            Translation.subject_id.in_(list(consultation_ids)),
            Translation.lang == lang,
        )
        .order_by(Translation.subject_id, Translation.field)
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.field] = row.text
    return found


def find_translation(consultation: Consultation, field: str, lang: str) -> Translation | None:
    return db.session.get(Translation, (queries.KIND, consultation.id, field, lang))


def list_translations(consultation: Consultation) -> Sequence[Translation]:
    """Return every text in every other language."""
    return db.session.scalars(
        select(Translation)
        .where(
            Translation.tenant_id == consultation.tenant_id,
            Translation.kind == queries.KIND,
            Translation.subject_id == consultation.id,
        )
        .order_by(Translation.lang, Translation.field)
    ).all()


def missing_languages(tenant: Municipality, consultation: Consultation) -> tuple[str, ...]:
    """Return the municipality's languages in which some public text is still missing."""
    there = {(row.lang, row.field) for row in list_translations(consultation)}
    return tuple(
        lang
        for lang in tenant.language_list
        if lang != "pl"
        and any(getattr(consultation, field) and (lang, field) not in there for field in TRANSLATED)
    )
