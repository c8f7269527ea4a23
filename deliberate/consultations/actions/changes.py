"""What every public change has: nobody overtaken, a notice, an entry of the audit."""

from __future__ import annotations

from datetime import datetime

from deliberate.audit import entries
from deliberate.consultations import queries
from deliberate.consultations.models import ChangeNotice, Consultation
from deliberate.consultations.rules import corrections
from deliberate.consultations.states import ChangeKind
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused


def begin_change(consultation: Consultation, stamp: int) -> None:
    lock(Consultation, consultation.id)
    if stamp != consultation.revision:
        raise Refused(corrections.EDITED_MEANWHILE)
    consultation.revision += 1


def note_change(
    consultation: Consultation,
    kind: ChangeKind,
    field: str,
    old: str,
    new: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add(
        ChangeNotice(
            tenant_id=consultation.tenant_id,
            consultation_id=consultation.id,
            kind=kind,
            field=field,
            old=old,
            new=new,
            reason=reason,
            changed_by=actor.person_id,
            at=now,
        )
    )
    entries.record(
        f"consultation.{kind}",
        subject_of(consultation),
        actor=actor,
        at=now,
        tenant_id=consultation.tenant_id,
        field=field,
        old=old,
        new=new,
        reason=reason,
    )


def subject_of(consultation: Consultation) -> str:
    return f"{queries.KIND}:{consultation.id}"
