"""Who sent what came to the office: apart from the remark, for the office alone, for a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from deliberate.consultations.models import Consultation
from deliberate.documents.models import Remark, RemarkSender
from deliberate.kernel import clock, files
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile

SCAN = "remark_scan"  # of files: no kind of things, so that no public address opens one
# An answer must still reach them, and they may come back with a question.
KEPT = timedelta(days=365)  # after the letter came, or after the promised day of the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sent it; only what is needed to answer, and what the law asks of this procedure."""

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    case_number: str = ""
    owns_land: bool | None = None

    @property
    def is_known(self) -> bool:
        said = (self.name, self.address, self.email, self.phone, self.case_number)
        return any(said) or self.owns_land is not None


def sender_of(remark: Remark) -> Sender:
    """Return who sent it, as far as it is known and still kept."""
    return _sender_of(find_sender(remark))


def find_sender(remark: Remark) -> RemarkSender | None:
    return db.session.scalar(
        select(RemarkSender).where(
            RemarkSender.tenant_id == remark.tenant_id, RemarkSender.remark_id == remark.id
        )
    )


def addresses(tenant_id: int, ids: Sequence[int]) -> Mapping[int, str]:
    """Return the addresses of those who sent remarks without an account, by the remark's id."""
    rows = db.session.execute(
        select(RemarkSender.remark_id, RemarkSender.email).where(
            RemarkSender.tenant_id == tenant_id,
            RemarkSender.remark_id.in_(ids),
            RemarkSender.email != "",
        )
    )
    return {row[0]: row[1] for row in rows}


def list_scans(remark: Remark) -> Sequence[StoredFile]:
    return files.list_files(remark.tenant_id, SCAN, remark.id)


def keep(
    consultation: Consultation, remark: Remark, sender: Sender, *, has_scan: bool = False
) -> bool:
    """Keep who sent it, or forget it. Returns whether it is as it was.

    A scan shows its sender, so it has a day too.
    """
    row = find_sender(remark)
    if row is None and not sender.is_known and not has_scan:
        return True
    before = _sender_of(row)
    if row is None:
        row = RemarkSender(tenant_id=remark.tenant_id, remark_id=remark.id)
        db.session.add(row)
    row.name, row.address = sender.name, sender.address
    row.email, row.phone = sender.email, sender.phone
    row.case_number, row.owns_land = sender.case_number, sender.owns_land
    row.kept_until = max(remark.received_on, consultation.answer_due or remark.received_on) + KEPT
    return before == sender


def _sender_of(row: RemarkSender | None) -> Sender:
    if row is None:
        return Sender()
    return Sender(
        name=row.name,
        address=row.address,
        email=row.email,
        phone=row.phone,
        case_number=row.case_number,
        owns_land=row.owns_land,
    )


def count_old(now: datetime) -> int:
    counted = select(func.count()).select_from(RemarkSender).where(_old(now))
    return db.session.scalars(counted).one()


def forget_old(now: datetime) -> int:
    """Remove the data, and the scans that show them; the remarks stay. Returns how many."""
    old = db.session.scalars(select(RemarkSender).where(_old(now))).all()
    for row in old:
        for scan in files.list_files(row.tenant_id, SCAN, row.remark_id):
            files.detach(scan)
        db.session.delete(row)
    return len(old)


def _old(now: datetime) -> ColumnElement[bool]:
    return RemarkSender.kept_until < clock.local(now).date()
