"""Whether a remark fits into the one official position of its organisation."""

from __future__ import annotations

from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.authorship.capacities import Voice
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import DEFINITIONS, Procedure
from deliberate.consultations.rules.positions import PositionFacts, position_refusal
from deliberate.documents.content import Place
from deliberate.documents.kinds import RemarkState
from deliberate.documents.models import Remark
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refusal


def find_refusal(
    consultation: Consultation, person: Person, voice: Voice, place: Place
) -> Refusal | None:
    """Return why not; asks nothing where organisations have no position of their own.

    To be called with the consultation locked: two representatives at once meet there.
    """
    procedure = Procedure(consultation.procedure)
    if voice.organisation_id is None or not DEFINITIONS[procedure].position_per_organisation:
        return None
    standing = db.session.execute(
        select(Remark.number, Remark.author_id, Remark.document_id, Remark.on_unit_id)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.organisation_id == voice.organisation_id,
            Remark.state == RemarkState.GIVEN,
        )
        .order_by(Remark.number)
    ).all()
    here = (place.document_id, place.unit_id)
    return position_refusal(
        PositionFacts(
            procedure=procedure,
            speaks_for_organisation=True,
            by_another=next((row[0] for row in standing if row[1] != person.id), None),
            here=next((row[0] for row in standing if (row[2], row[3]) == here), None),
        )
    )
