"""Where consultations are announced: planned, made, and the files that show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, select

from deliberate.consultations.models import Announcement, Consultation
from deliberate.consultations.procedures import Channel
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.tenancy.models import Municipality

KIND = "announcement"  # whose evidence a file is


def list_announcements(consultation: Consultation) -> Sequence[Announcement]:
    """Return where it is or was announced, in the order of the channels."""
    rows = db.session.scalars(
        select(Announcement).where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
        )
    )
    return sorted(rows, key=lambda row: list(Channel).index(Channel(row.channel)))


def find_announcement(consultation: Consultation, channel: Channel) -> Announcement | None:
    return db.session.scalar(
        select(Announcement).where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
            Announcement.channel == channel,
        )
    )


def announcement_files(consultation: Consultation) -> Mapping[int, list[StoredFile]]:
    """Return the files that show announcements, by the announcement's id."""
    rows = db.session.execute(
        select(Announcement.id, StoredFile)
        .join(
            StoredFile,
            and_(
                StoredFile.tenant_id == Announcement.tenant_id,
                StoredFile.subject_kind == KIND,
                StoredFile.subject_id == Announcement.id,
            ),
        )
        .where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
        )
        .order_by(StoredFile.id)
    )
    found: dict[int, list[StoredFile]] = {}
    for announcement_id, file in rows:
        found.setdefault(announcement_id, []).append(file)
    return found


def announced_channels(
    tenant: Municipality, consultation_ids: Collection[int]
) -> Mapping[int, frozenset[Channel]]:
    """Return where each of these was announced, with evidence."""
    rows = db.session.execute(
        select(Announcement.consultation_id, Announcement.channel).where(
            Announcement.tenant_id == tenant.id,
            Announcement.consultation_id.in_(sorted(consultation_ids)),
            Announcement.done_on.is_not(None),
        )
    )
    found: dict[int, frozenset[Channel]] = {}
    for consultation_id, channel in rows:
        found[consultation_id] = found.get(consultation_id, frozenset()) | {Channel(channel)}
    return found
