"""Letters about a consultation: a new one to those who live here, a change to those taking part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select

from deliberate.consultations import queries
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules.dates import SLIP_WITHIN
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.states import ChangeKind, State
from deliberate.consultations.tiles import public_change, tile
from deliberate.kernel import clock
from deliberate.kernel.texts import N_
from deliberate.notifications import actions as notifications
from deliberate.notifications import links, mailings
from deliberate.notifications.mailings import Mailing, Wording
from deliberate.notifications.readers import select_participants, select_residents
from deliberate.tenancy.models import Municipality
from deliberate.voting import notices as voting

MOVABLE = frozenset({State.PUBLISHED, State.SUSPENDED})  # in these dates are of use
NEW_DATES = N_("Nowe terminy: %(title)s")
SUBJECTS = {
    State.SUSPENDED: N_("Konsultacje wstrzymane: %(title)s"),
    State.PUBLISHED: N_("Konsultacje wznowione: %(title)s"),
    State.CANCELLED: N_("Konsultacje odwołane: %(title)s"),
}


def tell_published(consultation: Consultation, *, now: datetime) -> None:
    """Tell those who live here, once no date can be corrected any more as a slip."""
    at = now + SLIP_WITHIN
    mailings.plan(PUBLISHED, consultation.tenant_id, consultation.id, at=at)


def tell_who_asked(tenant: Municipality, consultation: Consultation, *, now: datetime) -> None:
    """Tell those who left an address for this: that it has begun, or on which day it will."""
    standing = queries.standing(consultation, now)
    begins = standing.began_at if standing.stage is Stage.ANNOUNCED else None
    notifications.send_one_letters(
        tenant,
        notifications.NEXT_CONSULTATION,
        subject=N_("Są nowe konsultacje"),
        template="notifications/next_consultation",
        values={
            "title": consultation.title,
            "url": links.absolute(tenant, "consultations.show", slug=consultation.slug),
        },
        days={} if begins is None else {"first_day": clock.local(begins).date()},
        dedupe=f"consultation:{consultation.id}:next",
    )


def tell_changed(consultation: Consultation, *, now: datetime) -> None:
    """Tell those who take part what the public lines of this moment say."""
    edition = now.isoformat()
    mailings.plan(CHANGED, consultation.tenant_id, consultation.id, edition=edition, at=now)


def tell_new_state(consultation: Consultation, *, now: datetime) -> None:
    """Tell those who take part, and hold or release what else waits to be said."""
    tenant_id, state = consultation.tenant_id, consultation.state
    if state == State.ARCHIVED:
        return  # nothing ends by it
    tell_changed(consultation, now=now)
    if state == State.PUBLISHED:
        since = (consultation.published_at or now) + SLIP_WITHIN
        mailings.resume(PUBLISHED, tenant_id, consultation.id, at=since, now=now)
        voting.resume_letters(tenant_id, consultation.id, now=now)
    else:
        mailings.take_back(PUBLISHED, consultation.id, now=now)
        voting.stop_letters(tenant_id, consultation.id, now=now)


# What they say, while it is true.


def _published(tenant: Municipality, consultation_id: int, _edition: str) -> Wording | None:
    consultation = queries.get_by_id(tenant, consultation_id)
    shown = tile(consultation, clock.now())
    if shown.stage not in (Stage.ANNOUNCED, Stage.RUNNING):
        return None
    began, ended = shown.standing.began_at, shown.standing.ended_at
    return Wording(
        subject=N_("Nowe konsultacje: %(title)s"),
        template="consultations/published",
        values={
            "title": shown.words.title,
            "summary": shown.words.summary,
            "first_day": began and clock.local(began).date(),
            "last_day": ended and clock.last_day(ended),
            "url": links.absolute(tenant, "consultations.show", slug=consultation.slug),
        },
    )


def _changed(tenant: Municipality, consultation_id: int, edition: str) -> Wording | None:
    consultation = queries.get_by_id(tenant, consultation_id)
    at = datetime.fromisoformat(edition)
    lines = [line for line in queries.list_changes(consultation) if line.at == at]
    new_state = next((line.new for line in lines if line.kind == ChangeKind.STATE), None)
    if new_state != consultation.state and (new_state or consultation.state not in MOVABLE):
        return None  # it was changed again
    return Wording(
        subject=SUBJECTS[State(new_state)] if new_state else NEW_DATES,
        template="consultations/changed",
        values={
            "title": tile(consultation, clock.now()).words.title,
            "changes": [public_change(line) for line in reversed(lines)],
            "url": links.absolute(tenant, "consultations.changes", slug=consultation.slug),
        },
    )


def _residents(tenant_id: int, _consultation_id: int) -> Select[int]:
    return select_residents(tenant_id)


PUBLISHED = Mailing(
    name="consultations.published", kind="published", wording=_published, readers=_residents
)
CHANGED = Mailing(
    name="consultations.changed", kind="published", wording=_changed, readers=select_participants
)
