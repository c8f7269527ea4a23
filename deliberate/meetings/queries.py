"""Reading meetings. All begins with the municipality or with something loaded through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import abort
from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from deliberate.accounts.models import Person
from deliberate.accounts.rules import fold_email
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.kernel import files
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.meetings import rules
from deliberate.meetings.kinds import ACCESS, LIVE, SUBJECT, Known, SignUpState, State
from deliberate.meetings.models import (
    Meeting,
    MeetingChange,
    MeetingMessage,
    MeetingQuestion,
    SignUp,
)
from deliberate.meetings.rules import SignUpFacts
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


# Who signed up.


def sign_up_facts(
    meeting: Meeting, now: datetime, *, persons: int = 1, by_office: bool = False
) -> SignUpFacts:
    return SignUpFacts(
        now=now,
        is_published=meeting.published_at is not None,
        state=meeting.state,
        has_sign_up=meeting.has_sign_up,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        sign_up_until=meeting.sign_up_until,
        seats=meeting.seats,
        persons=persons,
        by_office=by_office,
    )


def find_sign_up(tenant_id: int, sign_up_id: int) -> SignUp | None:
    return db.session.scalar(
        select(SignUp).where(SignUp.tenant_id == tenant_id, SignUp.id == sign_up_id)
    )


def find_live(meeting: Meeting, email: str | None) -> SignUp | None:
    """Return the sign-up of an address that has a seat or waits for one."""
    if not email:
        return None
    return db.session.scalar(
        select(SignUp).where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.email_folded == fold_email(email),
            SignUp.state.in_(sorted(LIVE)),
        )
    )


def list_sign_ups(meeting: Meeting) -> Sequence[SignUp]:
    """Return who has a seat, then who waits, each in the order of asking; by times if there are."""
    return db.session.scalars(
        select(SignUp)
        .where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.state.in_(sorted(LIVE)),
        )
        .order_by(SignUp.state, SignUp.slot, SignUp.confirmed_at, SignUp.id)
    ).all()


def list_waiting(meeting: Meeting) -> Sequence[SignUp]:
    """Return who waits for a seat, the first to confirm first."""
    return db.session.scalars(
        select(SignUp)
        .where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.state == SignUpState.WAITING,
        )
        .order_by(SignUp.confirmed_at, SignUp.id)
    ).all()


def list_taken_slots(meeting: Meeting) -> set[int]:
    rows = db.session.scalars(
        select(SignUp.slot).where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.state == SignUpState.SIGNED,
            SignUp.slot.is_not(None),
        )
    )
    return {slot for slot in rows if slot is not None}


def free_slots(meeting: Meeting) -> dict[int, datetime]:
    """Return which times nobody has, and when they begin; none where there are no times."""
    if meeting.slot_minutes is None:
        return {}
    taken = list_taken_slots(meeting)
    starts = rules.slots(meeting.starts_at, meeting.ends_at, meeting.slot_minutes)
    return {index: start for index, start in enumerate(starts) if index not in taken}


def slot_start(meeting: Meeting, slot: int | None) -> datetime | None:
    if slot is None or meeting.slot_minutes is None:
        return None
    starts = rules.slots(meeting.starts_at, meeting.ends_at, meeting.slot_minutes)
    return starts[slot] if slot < len(starts) else None


def count_live(meeting: Meeting) -> Mapping[str, int]:
    """Return how many persons have a seat and how many wait."""
    rows = db.session.execute(
        select(SignUp.state, func.sum(SignUp.persons))
        .where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.state.in_(sorted(LIVE)),
        )
        .group_by(SignUp.state)
    )
    return {row[0]: int(row[1]) for row in rows}


def list_readers(
    meeting: Meeting, *, after: int, most: int, only_signed: bool = False
) -> Sequence[SignUp]:
    """Return those with an address, by id, from the next on: whom letters go to."""
    states = [SignUpState.SIGNED] if only_signed else sorted(LIVE)
    return db.session.scalars(
        select(SignUp)
        .where(
            SignUp.tenant_id == meeting.tenant_id,
            SignUp.meeting_id == meeting.id,
            SignUp.state.in_(states),
            SignUp.email != "",
            SignUp.id > after,
        )
        .order_by(SignUp.id)
        .limit(most)
    ).all()


def count_readers(meeting: Meeting) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                SignUp.tenant_id == meeting.tenant_id,
                SignUp.meeting_id == meeting.id,
                SignUp.state.in_(sorted(LIVE)),
                SignUp.email != "",
            )
        )
        or 0
    )


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


def list_of_person(person: Person) -> Sequence[SignUp]:
    """Return all that is kept of a person's sign-ups anywhere, also those without an account."""
    own = SignUp.person_id == person.id
    if person.email_folded is not None:
        own = own | (SignUp.email_folded == person.email_folded)
    return db.session.scalars(select(SignUp).where(own).order_by(SignUp.id)).all()


# What came of it.


def list_questions(meeting: Meeting, *, only_published: bool) -> Sequence[MeetingQuestion]:
    wanted = select(MeetingQuestion).where(
        MeetingQuestion.tenant_id == meeting.tenant_id, MeetingQuestion.meeting_id == meeting.id
    )
    if only_published:
        wanted = wanted.where(MeetingQuestion.published_at.is_not(None))
    return db.session.scalars(wanted.order_by(MeetingQuestion.position, MeetingQuestion.id)).all()


def find_question(meeting: Meeting, question_id: int) -> MeetingQuestion | None:
    found = db.session.get(MeetingQuestion, question_id)
    return found if found is not None and found.meeting_id == meeting.id else None


def list_files(meeting: Meeting) -> Sequence[StoredFile]:
    return files.list_files(meeting.tenant_id, SUBJECT, meeting.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting as the report tells of it. ``meeting.note`` is empty while it is a draft."""

    meeting: Meeting
    note: str
    topics: tuple[str, ...]
    attendance: int | None
    questions: tuple[MeetingQuestion, ...]
    files: tuple[StoredFile, ...]


def list_held(consultation: Consultation) -> list[Held]:
    """Return what was announced and took place or was called off, by date; three statements.

    Those called off are in it (``meeting.state``), so that a report can say so. What is not
    published – a note still written, a question without an answer – is left out.
    """
    meetings = list_public_of(consultation)
    over = [each for each in meetings if each.state in (State.HELD, State.CANCELLED)]
    ids = [each.id for each in over]
    if not ids:
        return []
    asked = db.session.scalars(
        select(MeetingQuestion)
        .where(
            MeetingQuestion.tenant_id == consultation.tenant_id,
            MeetingQuestion.meeting_id.in_(ids),
            MeetingQuestion.published_at.is_not(None),
        )
        .order_by(MeetingQuestion.meeting_id, MeetingQuestion.position, MeetingQuestion.id)
    ).all()
    kept = db.session.scalars(
        select(StoredFile)
        .where(
            StoredFile.tenant_id == consultation.tenant_id,
            StoredFile.subject_kind == SUBJECT,
            StoredFile.subject_id.in_(ids),
        )
        .order_by(StoredFile.subject_id, StoredFile.id)
    ).all()
    questions = {key: tuple(rows) for key, rows in groupby(asked, lambda row: row.meeting_id)}
    by_meeting = {key: tuple(rows) for key, rows in groupby(kept, lambda row: row.subject_id)}
    return [
        Held(
            meeting=each,
            note=each.note if each.note_published_at else "",
            topics=topics_of(each) if each.note_published_at else (),
            attendance=each.attendance if each.note_published_at else None,
            questions=questions.get(each.id, ()),
            files=by_meeting.get(each.id, ()),
        )
        for each in over
    ]


def topics_of(meeting: Meeting) -> tuple[str, ...]:
    return tuple(line.strip(" -–") for line in meeting.topics.splitlines() if line.strip(" -–"))


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
