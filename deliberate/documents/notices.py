"""Letters about remarks: one receipt for all that somebody wrote in one sitting; who takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from deliberate.accounts import queries as people
from deliberate.consultations.models import Consultation
from deliberate.documents.kinds import RemarkState
from deliberate.documents.models import Remark
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import Job, enqueue
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import tell
from deliberate.subjects.states import is_shown
from deliberate.tenancy.models import Municipality

QUIET = timedelta(minutes=5)  # without a new remark: the sitting is over
RECEIPT = "documents.receipt"


def plan_receipt(consultation: Consultation, remark: Remark, *, now: datetime) -> None:
    """Have a receipt written once the sitting is over; the first remark of a sitting asks."""
    before = db.session.scalar(
        select(Remark.id)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.author_id == remark.author_id,
            Remark.created_at > now - QUIET,
            Remark.id != remark.id,
        )
        .limit(1)
    )
    if before is None:
        _enqueue(consultation.tenant_id, remark.id, now + QUIET)


def _enqueue(tenant_id: int, first_id: int, run_at: datetime) -> None:
    enqueue(
        RECEIPT,
        {"tenant_id": tenant_id, "first_id": first_id},
        tenant_id=tenant_id,
        run_at=run_at,
        dedupe=f"{RECEIPT}:{first_id}:{run_at.isoformat()}",
    )


def _write_receipt(payload: Mapping[str, Any]) -> None:
    """Write it, or wait on while the person is still writing."""
    now = clock.now()
    with transaction():
        first = db.session.get_one(Remark, payload["first_id"])
        sitting = _sitting(first)
        if now < sitting[-1].created_at + QUIET:
            _enqueue(first.tenant_id, first.id, sitting[-1].created_at + QUIET)
            return
        _tell(first, [each for each in sitting if _stands(each)])


def _sitting(first: Remark) -> list[Remark]:
    """Return the remarks that followed one another without a pause, by number."""
    rows = db.session.scalars(
        select(Remark)
        .where(
            Remark.tenant_id == first.tenant_id,
            Remark.consultation_id == first.consultation_id,
            Remark.author_id == first.author_id,
            Remark.number >= first.number,
        )
        .order_by(Remark.number)
    ).all()
    sitting = [first]
    for row in rows:
        if row.created_at > sitting[-1].created_at + QUIET:
            break
        if row is not first:
            sitting.append(row)
    return sitting


def _stands(remark: Remark) -> bool:
    return remark.state != RemarkState.WITHDRAWN and is_shown(remark.content_state)


def _tell(first: Remark, remarks: Sequence[Remark]) -> None:
    person = people.find_person(first.author_id)
    if person is None or not person.is_active or not remarks:
        return
    tenant = db.session.get_one(Municipality, first.tenant_id)
    consultation = db.session.get_one(Consultation, first.consultation_id)
    tell(
        person,
        "received",
        tenant=tenant,
        subject=N_("Twoje uwagi są na stronie: %(numbers)s"),
        template="documents/received",
        values={
            "numbers": ", ".join(str(remark.number) for remark in remarks),
            "consultation": consultation.title,
            "remarks": [
                (
                    remark.number,
                    remark.place,
                    links.absolute(
                        tenant,
                        "documents.remark",
                        slug=consultation.slug,
                        number=remark.number,
                    ),
                )
                for remark in remarks
            ],
            "url": links.absolute(tenant, "documents.remarks", slug=consultation.slug),
        },
        dedupe=f"{RECEIPT}:{first.id}",
    )


RECEIPT_JOB = Job(name=RECEIPT, run=_write_receipt)


# Who takes part, for letters about the dates of a consultation.


def select_authors(tenant_id: int, consultation_id: int) -> Select[int | None]:
    return select(Remark.author_id).where(
        Remark.tenant_id == tenant_id,
        Remark.consultation_id == consultation_id,
        Remark.author_id.is_not(None),
    )
