"""What people do: ask for a consultation, hand in a petition, take either back."""

from __future__ import annotations

from datetime import datetime, timedelta

from deliberate.accounts.models import Person
from deliberate.audit import entries
from deliberate.kernel import clock, ratelimit
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.ratelimit import Limit
from deliberate.kernel.refusals import Refused
from deliberate.petitions import figures, notices, queries, rules
from deliberate.petitions.actions import registering
from deliberate.petitions.content import Letter, Wish
from deliberate.petitions.kinds import Register, State
from deliberate.petitions.models import Entry, Original, subject_of
from deliberate.tenancy.models import Municipality

WRITE_LIMIT = Limit(bucket="register", most=10, per=timedelta(hours=1))


def draft(
    tenant: Municipality, person: Person, wish: Wish, *, form_key: str, now: datetime
) -> Entry:
    """Keep a request that only its writer sees; the same form sent twice gives the same one."""
    lock(Person, person.id)
    if sent := queries.find_sent(tenant, person, form_key):
        return sent
    known = queries.list_figures(tenant, clock.local(now).date())
    if refusal := queries.asking_refusal(tenant, person, known):
        raise Refused(refusal)
    _limit(person)
    entry = Entry(
        tenant_id=tenant.id,
        register=Register.REQUEST,
        author_id=person.id,
        author_name=person.display_name,
        form_key=form_key,
        created_at=now,
    )
    _write(entry, wish)
    db.session.add(entry)
    db.session.flush()
    db.session.add(
        Original(tenant_id=tenant.id, entry_id=entry.id, title=wish.title, text=wish.text)
    )
    return entry


def change(entry: Entry, person: Person, wish: Wish) -> None:
    lock(Entry, entry.id)
    if refusal := rules.draft_refusal(state=entry.state, is_author=entry.author_id == person.id):
        raise Refused(refusal)
    _write(entry, wish)
    original = queries.find_original(entry)
    if original is not None:
        original.title, original.text = wish.title, wish.text


def publish(tenant: Municipality, entry: Entry, person: Person, *, now: datetime) -> None:
    """Put a request into the register, where it looks for supporters until its last day."""
    lock(Entry, entry.id)
    today = clock.local(now).date()
    known = queries.list_figures(tenant, today)
    refusal = rules.draft_refusal(
        state=entry.state, is_author=entry.author_id == person.id
    ) or queries.asking_refusal(tenant, person, known)
    original = queries.find_original(entry)
    if refusal or original is None:
        raise Refused(refusal or rules.ORIGINAL_GONE)
    registering.give_number(tenant, entry, today)
    registering.publish(entry, title=original.title, text=original.text, now=now)
    entry.author_name = person.display_name
    entry.needed = figures.request_needs(known, in_area=entry.area_id is not None) or None
    registering.start_gathering(entry, known, today)
    db.session.delete(original)  # the same as what is published: nothing is kept twice
    notices.tell_author(tenant, entry, "published")


def remove_draft(entry: Entry, person: Person) -> None:
    lock(Entry, entry.id)
    if refusal := rules.draft_refusal(state=entry.state, is_author=entry.author_id == person.id):
        raise Refused(refusal)
    if original := queries.find_original(entry):
        db.session.delete(original)
        db.session.flush()
    db.session.delete(entry)


def submit(tenant: Municipality, entry: Entry, actor: Actor, *, now: datetime) -> None:
    """Hand a request with enough supporters to the office; from today the clock runs."""
    lock(Entry, entry.id)
    have = rules.supporters(entry.register, supports=entry.supports, paper=entry.paper)
    if entry.author_id != actor.person_id:
        raise Refused(rules.NOT_AUTHOR)
    if refusal := rules.submission_refusal(state=entry.state, have=have, needed=entry.needed):
        raise Refused(refusal)
    today = clock.local(now).date()
    entry.state = State.SUBMITTED
    registering.start_clock(entry, queries.list_figures(tenant, today), today)
    entries.record("register.submitted", subject_of(entry), actor=actor, at=now)
    notices.tell_author(tenant, entry, "state")


def file_petition(
    tenant: Municipality, person: Person, letter: Letter, *, form_key: str, now: datetime
) -> Entry:
    """Take in a petition. It waits for redaction; the clock runs from today all the same."""
    lock(Person, person.id)
    if sent := queries.find_sent(tenant, person, form_key):
        return sent
    _limit(person)
    today = clock.local(now).date()
    entry = Entry(
        tenant_id=tenant.id,
        register=Register.PETITION,
        title=letter.title,
        language=letter.language,
        author_id=person.id,
        state=State.SUBMITTED,
        form_key=form_key,
        created_at=now,
    )
    registering.give_number(tenant, entry, today)
    registering.start_clock(entry, queries.list_figures(tenant, today), today)
    db.session.add(entry)
    db.session.flush()
    db.session.add(_original(entry, letter))
    notices.tell_author(tenant, entry, "received")
    return entry


def withdraw(
    tenant: Municipality, entry: Entry, person: Person, *, reason: str, now: datetime
) -> None:
    """Take one's own request or petition back; what is published stays, marked."""
    lock(Entry, entry.id)
    if refusal := rules.withdrawal_refusal(
        state=entry.state, is_author=entry.author_id == person.id
    ):
        raise Refused(refusal)
    entry.closing_reason = reason
    registering.close(entry, State.WITHDRAWN, now=now)
    notices.tell_author(tenant, entry, "state")


def _write(entry: Entry, wish: Wish) -> None:
    entry.title, entry.form, entry.reason = wish.title, wish.form, wish.reason
    entry.area_id, entry.language = wish.area_id, wish.language


def _original(entry: Entry, letter: Letter) -> Original:
    return Original(
        tenant_id=entry.tenant_id,
        entry_id=entry.id,
        title=letter.title,
        text=letter.text,
        name=letter.name,
        contact=letter.contact,
        name_is_public=letter.name_is_public,
    )


def _limit(person: Person) -> None:
    key = f"person:{person.id}"
    ratelimit.check(WRITE_LIMIT, key)
    ratelimit.count(WRITE_LIMIT, key)
