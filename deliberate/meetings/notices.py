"""Letters about meetings. None has a switch: each answers a sign-up, and each says the way out.

Letters to all who signed up are written a batch at a time, as notifications.mailings does it for
people with accounts: the letters and the next batch's task in one transaction, each letter once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.i18n import speaking
from deliberate.kernel.jobs import enqueue
from deliberate.kernel.texts import N_
from deliberate.meetings import links, queries, rules, sign_ups, words
from deliberate.meetings.kinds import SignUpState, State
from deliberate.meetings.models import Meeting, SignUp
from deliberate.notifications.actions import BATCH, must_tell
from deliberate.notifications.mailings import PACE
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

KIND = "meeting"
LETTERS = "meetings.letters"  # name of the job; stored


class What(StrEnum):
    """A letter to all who signed up; stored in tasks."""

    CHANGE = "change"
    REMINDER = "reminder"
    MESSAGE = "message"


# Letters to one.


def ask_to_confirm(tenant: Municipality, meeting: Meeting, sign_up: SignUp) -> None:
    _write(tenant, meeting, sign_up, N_("Potwierdź zapis: %(title)s"), "confirm")


def tell_standing(tenant: Municipality, meeting: Meeting, sign_up: SignUp) -> None:
    """Tell that somebody has a seat, or waits for one."""
    if sign_up.state == SignUpState.SIGNED:
        _write(tenant, meeting, sign_up, N_("Zapis przyjęty: %(title)s"), "signed")
    else:
        _write(tenant, meeting, sign_up, N_("Lista rezerwowa: %(title)s"), "waiting")


def tell_promoted(tenant: Municipality, meeting: Meeting, sign_up: SignUp) -> None:
    _write(tenant, meeting, sign_up, N_("Jest dla Ciebie miejsce: %(title)s"), "promoted")


def tell_already(tenant: Municipality, meeting: Meeting, sign_up: SignUp) -> None:
    """Answer a second sign-up of an address: only its owner learns that there is a first."""
    _write(tenant, meeting, sign_up, N_("Ten zapis już jest: %(title)s"), "already")


# Letters to all.


def plan_change(meeting: Meeting, at: datetime) -> None:
    """Tell everybody on the list what the public lines of this moment say."""
    _plan(meeting, What.CHANGE, at.isoformat(), at)


def plan_reminder(meeting: Meeting, now: datetime) -> None:
    """Remind on the day before, unless that has passed: who signs up later has just been told."""
    at = rules.reminded_at(meeting.starts_at)
    if at > now:
        _plan(meeting, What.REMINDER, meeting.starts_at.isoformat(), at)


def plan_message(meeting: Meeting, message_id: int, at: datetime) -> None:
    _plan(meeting, What.MESSAGE, str(message_id), at)


def write_batch(payload: Mapping[str, Any]) -> None:
    """Write the next letters of one mailing; the job."""
    with transaction():
        _write_batch(payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    subject: str
    template: str
    values: Mapping[str, object]


def _write_batch(payload: Mapping[str, Any]) -> None:
    tenant = db.session.get_one(Municipality, payload["tenant_id"])
    meeting = queries.find_meeting(tenant.id, payload["meeting_id"])
    if meeting is None:
        return
    what, edition = What(payload["what"]), payload["edition"]
    readers = sign_ups.list_readers(
        meeting, after=payload["after"], most=BATCH, only_signed=what is What.REMINDER
    )
    for sign_up in readers:
        with speaking(sign_up.locale):
            wording = _wording(meeting, what, edition)
        if wording is None:
            return  # not true any more: nobody else gets it
        _write(
            tenant,
            meeting,
            sign_up,
            wording.subject,
            wording.template,
            dedupe=f"{LETTERS}:{meeting.id}:{what}:{edition}:{sign_up.id}",
            **wording.values,
        )
    if len(readers) == BATCH:
        _enqueue({**payload, "after": readers[-1].id}, clock.now() + PACE)


def _wording(meeting: Meeting, what: What, edition: str) -> Wording | None:
    match what:
        case What.REMINDER:
            return _reminder(meeting, edition)
        case What.CHANGE:
            return _change(meeting, edition)
        case What.MESSAGE:
            return _message(meeting, edition)


def _reminder(meeting: Meeting, edition: str) -> Wording | None:
    if meeting.state == State.CANCELLED or meeting.starts_at != datetime.fromisoformat(edition):
        return None
    return Wording(subject=N_("Przypomnienie: %(title)s"), template="reminder", values={})


def _change(meeting: Meeting, edition: str) -> Wording | None:
    at = datetime.fromisoformat(edition)
    rows = [row for row in queries.list_changes(meeting) if row.at == at]
    called_off = any(row.new == State.CANCELLED for row in rows)
    if not rows or (meeting.state == State.CANCELLED and not called_off):
        return None
    if called_off:
        return Wording(
            subject=N_("Spotkanie odwołane: %(title)s"),
            template="cancelled",
            values={"reason": meeting.state_reason},
        )
    return Wording(
        subject=N_("Zmiana spotkania: %(title)s"),
        template="changed",
        values={"changes": [words.change(row) for row in rows], "reason": rows[0].reason},
    )


def _message(meeting: Meeting, edition: str) -> Wording | None:
    message = queries.find_message(meeting, int(edition))
    if message is None:
        return None
    values = {"message_subject": message.subject, "message": message.body}
    return Wording(subject="%(message_subject)s", template="message", values=values)


def _write(
    tenant: Municipality,
    meeting: Meeting,
    sign_up: SignUp,
    subject: str,
    template: str,
    *,
    dedupe: str | None = None,
    **more: object,
) -> None:
    if not sign_up.email:
        return  # entered by telephone, without an address
    with speaking(sign_up.locale):
        slot = sign_ups.slot_start(meeting, sign_up.slot)
        values: dict[str, object] = {
            "title": meeting.title,
            "when": words.when(meeting),
            "slot": words.hour(slot) if slot else "",
            "hours": meeting.hours,
            "where": words.place(meeting),
            "directions": meeting.directions,
            "online_url": meeting.online_url,
            "bring": meeting.bring,
            "persons": sign_up.persons,
            "is_reminded": rules.reminded_at(meeting.starts_at) > clock.now(),
            "page_url": absolute(tenant, "meetings.show", meeting_id=meeting.id),
            "url": links.address_of(tenant, sign_up),
            **more,
        }
    must_tell(
        sign_up.email,
        tenant=tenant,
        locale=sign_up.locale,
        kind=KIND,
        subject=subject,
        template=f"meetings/{template}",
        values=values,
        person_id=sign_up.person_id,
        dedupe=dedupe,
    )


def _plan(meeting: Meeting, what: What, edition: str, at: datetime) -> None:
    payload = {
        "tenant_id": meeting.tenant_id,
        "meeting_id": meeting.id,
        "what": what,
        "edition": edition,
        "after": 0,
    }
    _enqueue(payload, at)


def _enqueue(payload: Mapping[str, Any], run_at: datetime) -> None:
    parts = (payload[part] for part in ("meeting_id", "what", "edition", "after"))
    enqueue(
        LETTERS,
        payload,
        tenant_id=payload["tenant_id"],
        run_at=run_at,
        dedupe=":".join((LETTERS, *map(str, parts))),
    )
