"""Reading meetings. All begins with the municipality or with something loaded through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import ColumnElement, Row, Select, or_, select

from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.kernel import files
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.meetings.kinds import ACCESS, SUBJECT, Known, State
from deliberate.meetings.models import Meeting, MeetingChange, MeetingMessage
from deliberate.tenancy.models import Area, Municipality

MOST_LISTED = 500  # of one calendar, of one feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A meeting in a list, with the title and the address of its consultation."""

    meeting: Meeting
    consultation_title: str | None
    consultation_slug: str | None


def is_public() -> ColumnElement[bool]:
    """Say as SQL over Meeting and (outer-joined) Consultation who may read it: everybody."""
    return Meeting.published_at.is_not(None) & (
        Meeting.consultation_id.is_(None) | Consultation.state.in_(sorted(PUBLIC))
    )


def select_listed(tenant_id: int) -> Select[Meeting, str, str]:
    return (
        select(Meeting, Consultation.title, Consultation.slug)
        .outerjoin(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.tenant_id == tenant_id)
    )


def get_meeting(tenant: Municipality, meeting_id: int) -> Listed:
    """Return one that everybody may read; 404 for a draft, another municipality's, and none."""
    row = db.session.execute(
        select_listed(tenant.id).where(Meeting.id == meeting_id, is_public())
    ).first()
    return _listed(row) if row is not None else abort(404)


def get_any(tenant: Municipality, meeting_id: int) -> Meeting:
    """Return one in any state, for the desk."""
    return db.session.scalar(
        select(Meeting).where(Meeting.tenant_id == tenant.id, Meeting.id == meeting_id)
    ) or abort(404)


def find_meeting(tenant_id: int, meeting_id: int) -> Meeting | None:
    found = db.session.get(Meeting, meeting_id)
    return found if found is not None and found.tenant_id == tenant_id else None


def list_public_of(consultation: Consultation) -> Sequence[Meeting]:
    """Return the announced meetings of a consultation in the order of their dates."""
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.tenant_id == consultation.tenant_id,
            Meeting.consultation_id == consultation.id,
            Meeting.published_at.is_not(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def list_to_come(consultation: Consultation, now: datetime) -> Sequence[Meeting]:
    """Return the announced meetings of a consultation that have yet to begin, by id."""
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.tenant_id == consultation.tenant_id,
            Meeting.consultation_id == consultation.id,
            Meeting.published_at.is_not(None),
            Meeting.state.in_((State.PLANNED, State.MOVED)),
            Meeting.starts_at > now,
        )
        .order_by(Meeting.id)
    ).all()


def kinds_in(consultation: Consultation) -> frozenset[str]:
    """Return the kinds of meetings that are planned in a consultation, drafts too."""
    return frozenset(
        db.session.scalars(
            select(Meeting.kind).where(
                Meeting.tenant_id == consultation.tenant_id,
                Meeting.consultation_id == consultation.id,
                Meeting.state != State.CANCELLED,
            )
        )
    )


def list_without_access(
    tenant_id: int, consultation_ids: Sequence[int], now: datetime
) -> Sequence[Meeting]:
    """Return announced meetings ahead of which nobody said whether one can get in."""
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.tenant_id == tenant_id,
            Meeting.consultation_id.in_(consultation_ids),
            Meeting.published_at.is_not(None),
            Meeting.state != State.CANCELLED,
            Meeting.ends_at > now,
            *(getattr(Meeting, column) == Known.UNKNOWN for column in ACCESS),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def list_public(
    tenant: Municipality,
    *,
    since: datetime,
    until: datetime | None = None,
    area_id: int | None = None,
    kind: str | None = None,
) -> list[Listed]:
    """Return what everybody may read and that lies, in part, in a stretch of time."""
    wanted = select_listed(tenant.id).where(is_public(), Meeting.ends_at > since)
    if until is not None:
        wanted = wanted.where(Meeting.starts_at < until)
    if area_id is not None:
        # What concerns the whole municipality concerns each part of it.
        wanted = wanted.where(or_(Meeting.area_id == area_id, Meeting.area_id.is_(None)))
    if kind is not None:
        wanted = wanted.where(Meeting.kind == kind)
    rows = db.session.execute(wanted.order_by(Meeting.starts_at, Meeting.id).limit(MOST_LISTED))
    return [_listed(row) for row in rows]


def find_next(tenant: Municipality, now: datetime) -> Listed | None:
    """Return the next meeting to begin that is not called off."""
    row = db.session.execute(
        select_listed(tenant.id)
        .where(is_public(), Meeting.starts_at > now, Meeting.state != State.CANCELLED)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    ).first()
    return _listed(row) if row is not None else None


def list_all(
    tenant: Municipality, *, consultation: Consultation | None = None, only: frozenset[int] | None
) -> list[Listed]:
    """Return everything for the desk, the latest first; ``only``: of these consultations."""
    wanted = select_listed(tenant.id)
    if consultation is not None:
        wanted = wanted.where(Meeting.consultation_id == consultation.id)
    if only is not None:
        wanted = wanted.where(Meeting.consultation_id.in_(sorted(only)))
    rows = db.session.execute(
        wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(MOST_LISTED)
    )
    return [_listed(row) for row in rows]


def _listed(row: Row[Meeting, str, str]) -> Listed:
    return Listed(meeting=row[0], consultation_title=row[1], consultation_slug=row[2])


def find_area_name(meeting: Meeting) -> str | None:
    if meeting.area_id is None:
        return None
    return db.session.scalar(select(Area.name).where(Area.id == meeting.area_id))


def list_changes(meeting: Meeting) -> Sequence[MeetingChange]:
    """Return every public change, the newest first."""
    return db.session.scalars(
        select(MeetingChange)
        .where(MeetingChange.tenant_id == meeting.tenant_id, MeetingChange.meeting_id == meeting.id)
        .order_by(MeetingChange.at.desc(), MeetingChange.id)
    ).all()


def list_files(meeting: Meeting) -> Sequence[StoredFile]:
    return files.list_files(meeting.tenant_id, SUBJECT, meeting.id)


def list_messages(meeting: Meeting) -> Sequence[MeetingMessage]:
    """Return what the office wrote to all, the newest first."""
    return db.session.scalars(
        select(MeetingMessage)
        .where(
            MeetingMessage.tenant_id == meeting.tenant_id, MeetingMessage.meeting_id == meeting.id
        )
        .order_by(MeetingMessage.sent_at.desc(), MeetingMessage.id.desc())
    ).all()


def find_message(meeting: Meeting, message_id: int) -> MeetingMessage | None:
    found = db.session.get(MeetingMessage, message_id)
    return found if found is not None and found.meeting_id == meeting.id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterFacts:
    """What a poster or a leaflet of a meeting says. ``access``: columns of what is there."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    hours: str
    place: str
    address: str
    directions: str
    online_url: str
    access: tuple[str, ...]
    access_contact: str
    bring: str
    leader: str
    has_sign_up: bool
    sign_up_until: datetime | None
    seats: int | None
    is_cancelled: bool
    consultation_title: str | None
    path: str  # after the municipality's origin: "/spotkania/12"


def poster_facts(meeting: Meeting) -> PosterFacts:
    consultation = (
        db.session.get(Consultation, meeting.consultation_id) if meeting.consultation_id else None
    )
    return PosterFacts(
        title=meeting.title,
        kind=meeting.kind,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        hours=meeting.hours,
        place=meeting.place,
        address=meeting.address,
        directions=meeting.directions,
        online_url=meeting.online_url,
        access=tuple(column for column in ACCESS if getattr(meeting, column) == Known.YES),
        access_contact=meeting.access_contact,
        bring=meeting.bring,
        leader=meeting.leader,
        has_sign_up=meeting.has_sign_up,
        sign_up_until=meeting.sign_up_until,
        seats=meeting.seats,
        is_cancelled=meeting.state == State.CANCELLED,
        consultation_title=consultation.title if consultation else None,
        path=f"/spotkania/{meeting.id}",
    )
