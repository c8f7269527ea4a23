"""Signing up, confirming, withdrawing. The meeting's row is locked, so that seats are counted once.

Whoever frees a seat gives it to the first who waits and fits, in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from deliberate.accounts import closing
from deliberate.accounts.models import Person
from deliberate.accounts.rules import fold_email
from deliberate.audit import entries
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.meetings import notices, rules, sign_ups
from deliberate.meetings.kinds import LIVE, SignUpState, State
from deliberate.meetings.models import Meeting, SignUp, subject_of
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody who wants to come says. ``slot``: which time, where there are times."""

    name: str
    email: str
    persons: int
    needs: str
    slot: int | None = None
    phone: str = ""


def sign_up(
    tenant: Municipality,
    meeting: Meeting,
    wish: Wish,
    *,
    person: Person | None,
    locale: str,
    now: datetime,
) -> SignUp | None:
    """Put somebody on the list; without an account, ask the address to confirm first.

    None: the address is on the list already, which only a letter to it tells.
    """
    if person is not None:
        closing.keep_open(person)
    lock(Meeting, meeting.id)
    if refusal := rules.sign_up_refusal(sign_ups.sign_up_facts(meeting, now, persons=wish.persons)):
        raise Refused(refusal)
    there = sign_ups.find_live(meeting, wish.email)
    if there is not None and person is not None:
        raise Refused(rules.ALREADY)
    if there is not None:
        notices.tell_already(tenant, meeting, there)
        return None
    row = _new(meeting, wish, locale=locale, now=now)
    if person is None:
        notices.ask_to_confirm(tenant, meeting, row)
        return row
    row.person_id = person.id
    _take(tenant, meeting, row, row.slot, now)
    return row


def confirm(
    tenant: Municipality, meeting: Meeting, row: SignUp, *, slot: int | None, now: datetime
) -> None:
    """Confirm the address: only now is a seat taken. Confirming again changes nothing."""
    lock(Meeting, meeting.id)
    lock(SignUp, row.id)
    if row.state in LIVE:
        return
    if row.state == SignUpState.WITHDRAWN:
        raise Refused(rules.WITHDRAWN)
    if now >= row.asked_at + rules.LINK_VALID:
        raise Refused(rules.LINK_EXPIRED)
    facts = sign_ups.sign_up_facts(meeting, now, persons=row.persons)
    # Who asked in time may confirm a little later.
    if refusal := rules.sign_up_refusal(replace(facts, sign_up_until=None)):
        raise Refused(refusal)
    if sign_ups.find_live(meeting, row.email) is not None:
        raise Refused(rules.ALREADY)
    _take(tenant, meeting, row, slot if slot is not None else row.slot, now)


def enter(
    tenant: Municipality, meeting: Meeting, wish: Wish, *, actor: Actor, now: datetime
) -> SignUp:
    """Put somebody on the list who telephoned or came; an address is not needed."""
    lock(Meeting, meeting.id)
    facts = sign_ups.sign_up_facts(meeting, now, persons=wish.persons, by_office=True)
    if refusal := rules.sign_up_refusal(facts):
        raise Refused(refusal)
    if sign_ups.find_live(meeting, wish.email) is not None:
        raise Refused(rules.ALREADY)
    row = _new(meeting, wish, locale="pl", now=now)
    row.entered_by = actor.person_id
    _take(tenant, meeting, row, row.slot, now)
    entries.record(
        "meeting.person_entered", subject_of(meeting), actor=actor, at=now, sign_up=row.id
    )
    return row


def withdraw(tenant: Municipality, meeting: Meeting, row: SignUp, *, now: datetime) -> None:
    """Take a sign-up back, empty it, and give its seat to who waits. Again changes nothing."""
    lock(Meeting, meeting.id)
    lock(SignUp, row.id)
    if row.state == SignUpState.WITHDRAWN:
        return
    if row.state == SignUpState.SIGNED:
        meeting.taken -= row.persons
    row.state = SignUpState.WITHDRAWN
    row.name = row.email = row.phone = row.needs = ""
    row.email_folded = row.person_id = row.slot = None
    db.session.flush()  # the time is free before somebody else gets it
    promote(tenant, meeting, now=now)


def take_off(
    tenant: Municipality, meeting: Meeting, row: SignUp, *, actor: Actor, now: datetime
) -> None:
    """Take somebody off the list who asked the office to."""
    withdraw(tenant, meeting, row, now=now)
    entries.record(
        "meeting.person_removed", subject_of(meeting), actor=actor, at=now, sign_up=row.id
    )


def promote(tenant: Municipality, meeting: Meeting, *, now: datetime) -> None:
    """Give free seats to those who wait; the meeting's row is locked already."""
    if meeting.state == State.CANCELLED or now >= meeting.starts_at:
        return
    waiting = sign_ups.list_waiting(meeting)
    if not waiting:
        return
    if meeting.slot_minutes is not None:
        pairs = list(zip(waiting, sorted(sign_ups.free_slots(meeting)), strict=False))
        for row, slot in pairs:
            row.slot = slot
        chosen = [row for row, _ in pairs]
    else:
        line = [(row.id, row.persons) for row in waiting]
        ids = set(rules.next_in(line, meeting.seats, meeting.taken))
        chosen = [row for row in waiting if row.id in ids]
    for row in chosen:
        row.state = SignUpState.SIGNED
        meeting.taken += row.persons
        notices.tell_promoted(tenant, meeting, row)
    db.session.flush()


def forget_person(person_id: int) -> None:
    """Withdraw every sign-up of somebody who closes their account, and of their address."""
    person = db.session.get_one(Person, person_id)
    now = clock.now()
    # In one order for everybody, so that two who close at once do not wait for each other.
    rows = sorted(sign_ups.list_of_person(person), key=lambda row: (row.meeting_id, row.id))
    for row in rows:
        meeting = db.session.get_one(Meeting, row.meeting_id)
        tenant = db.session.get_one(Municipality, row.tenant_id)
        withdraw(tenant, meeting, row, now=now)


def _new(meeting: Meeting, wish: Wish, *, locale: str, now: datetime) -> SignUp:
    row = SignUp(
        tenant_id=meeting.tenant_id,
        meeting_id=meeting.id,
        name=wish.name,
        email=wish.email,
        email_folded=fold_email(wish.email) if wish.email else None,
        phone=wish.phone,
        persons=1 if meeting.slot_minutes is not None else wish.persons,
        needs=wish.needs,
        slot=wish.slot if meeting.slot_minutes is not None else None,
        locale=locale,
        state=SignUpState.ASKED,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _take(
    tenant: Municipality, meeting: Meeting, row: SignUp, slot: int | None, now: datetime
) -> None:
    """Give the sign-up a seat, or a place in the line, and tell which."""
    if meeting.slot_minutes is not None:
        free = sign_ups.free_slots(meeting)
        if free and slot not in free:
            raise Refused(rules.SLOT_TAKEN)
        row.slot = slot if free else None
        has_seat = bool(free)
    else:
        has_seat = rules.fits(meeting.seats, meeting.taken, row.persons)
    row.state = SignUpState.SIGNED if has_seat else SignUpState.WAITING
    row.confirmed_at = now
    if has_seat:
        meeting.taken += row.persons
    try:
        db.session.flush()
    except IntegrityError as error:  # what the lock has prevented so far, the keys refuse
        raise Refused(rules.ALREADY) from error
    notices.tell_standing(tenant, meeting, row)
