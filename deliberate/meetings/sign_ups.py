"""Who signed up for a meeting: seats, times, those who wait, and whom letters go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from deliberate.accounts.models import Person
from deliberate.accounts.rules import fold_email
from deliberate.kernel.db import db
from deliberate.meetings import rules
from deliberate.meetings.kinds import LIVE, SignUpState
from deliberate.meetings.models import Meeting, SignUp
from deliberate.meetings.rules import SignUpFacts


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


def list_of_person(person: Person) -> Sequence[SignUp]:
    """Return all that is kept of a person's sign-ups anywhere, also those without an account."""
    own = SignUp.person_id == person.id
    if person.email_folded is not None:
        own = own | (SignUp.email_folded == person.email_folded)
    return db.session.scalars(select(SignUp).where(own).order_by(SignUp.id)).all()
