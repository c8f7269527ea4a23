"""Writing letters and switches. An action here adds to the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.kernel import jobs, mail
from deliberate.kernel.db import db
from deliberate.notifications import links, queries
from deliberate.notifications.letters import compose
from deliberate.notifications.models import OneLetter, SwitchedOff
from deliberate.notifications.notices import LABELS
from deliberate.tenancy.models import Municipality

BATCH = 200
ONE_LETTERS = "notifications.one_letters"
NO_DAYS: Mapping[str, date] = MappingProxyType({})
NEXT_CONSULTATION = "next_consultation"  # OneLetter.about: the next one that is published


def tell(
    person: Person,
    kind: str,
    *,
    tenant: Municipality,
    subject: str,
    template: str,
    values: Mapping[str, object],
    not_before: datetime | None = None,
    dedupe: str | None = None,
) -> None:
    """Write a letter that the person may have switched off; then nothing is written.

    ``subject`` is marked with N_; ``template`` is under templates/emails/, without ".txt".
    """
    if queries.wants(person, kind):
        write(
            person,
            kind,
            tenant=tenant,
            subject=subject,
            template=template,
            values=values,
            not_before=not_before,
            dedupe=dedupe,
        )


def must_tell(
    address: str,
    *,
    tenant: Municipality,
    locale: str,
    kind: str,
    subject: str,
    template: str,
    values: Mapping[str, object],
    person_id: int | None = None,
    not_before: datetime | None = None,
    dedupe: str | None = None,
    is_secret: bool = False,
) -> None:
    """Write a letter that has no switch: a code, a request for approval, an invitation."""
    letter = compose(tenant, locale, subject=subject, template=template, values=values)
    mail.write(
        kind=kind,
        address=address,
        subject=letter.subject,
        body=letter.body,
        locale=locale,
        tenant_id=tenant.id,
        person_id=person_id,
        not_before=not_before,
        dedupe=dedupe,
        is_secret=is_secret,
    )


def write(
    person: Person,
    kind: str,
    *,
    tenant: Municipality,
    subject: str,
    template: str,
    values: Mapping[str, object],
    not_before: datetime | None = None,
    dedupe: str | None = None,
) -> None:
    """Write a letter with the two ways out at its foot. Whether it is wanted was asked before."""
    if kind not in LABELS or person.email is None:
        raise ValueError(f"No letter of the kind {kind!r} can be written to person {person.id}.")
    ways_out = {
        "preferences_url": links.absolute(tenant, "notifications.preferences"),
        "stop_url": links.stop_link(tenant, person.id, kind),
    }
    letter = compose(
        tenant, person.locale, subject=subject, template=template, values={**values, **ways_out}
    )
    mail.write(
        kind=kind,
        address=person.email,
        subject=letter.subject,
        body=letter.body,
        locale=person.locale,
        tenant_id=tenant.id,
        person_id=person.id,
        not_before=not_before,
        dedupe=dedupe,
    )


def switch(person_id: int, wanted: Iterable[str], *, now: datetime) -> None:
    """Have exactly the ``wanted`` kinds reach the person."""
    off, wanted = queries.list_switched_off(person_id), set(wanted)
    for kind in LABELS:
        if kind in wanted and kind in off:
            db.session.delete(db.session.get_one(SwitchedOff, (person_id, kind)))
        elif kind not in wanted and kind not in off:
            db.session.add(SwitchedOff(person_id=person_id, kind=kind, since=now))


def switch_off(person_id: int, kind: str, *, now: datetime) -> None:
    """Stop one kind; stopping it again changes nothing."""
    try:
        with db.session.begin_nested():
            db.session.add(SwitchedOff(person_id=person_id, kind=kind, since=now))
    except IntegrityError:
        pass  # it is off already


def ask_for_one_letter(
    tenant: Municipality, email: str, about: str, *, locale: str, now: datetime
) -> None:
    """Remember an address for one letter; asking again changes nothing, and does not show it."""
    row = OneLetter(
        tenant_id=tenant.id, email=email.casefold(), about=about, locale=locale, asked_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # this address waits already


def send_one_letters(
    tenant: Municipality,
    about: str,
    *,
    subject: str,
    template: str,
    values: Mapping[str, object],
    days: Mapping[str, date] = NO_DAYS,
    dedupe: str,
) -> None:
    """Have the promised letter written to all who asked for it; their addresses are then removed.

    ``values`` are stored as JSON: texts and numbers. ``days`` are values too, said in each
    reader's language.
    """
    payload = {
        "tenant_id": tenant.id,
        "about": about,
        "subject": subject,
        "template": template,
        "values": dict(values),
        "days": {name: day.isoformat() for name, day in days.items()},
        "step": 1,
        "dedupe": dedupe,
    }
    jobs.enqueue(ONE_LETTERS, payload, tenant_id=tenant.id, dedupe=f"{dedupe}:one-letters:1")
