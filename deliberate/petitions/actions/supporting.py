"""Supporting a request, or an idea of an initiative, once."""

from __future__ import annotations

from datetime import datetime

from deliberate.accounts import closing
from deliberate.accounts.models import Person
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.petitions import queries, rules
from deliberate.petitions.models import Entry, EntrySupport
from deliberate.tenancy.models import Municipality


def give(tenant: Municipality, entry: Entry, person: Person, *, now: datetime) -> None:
    """Support once. The row is locked, so that the counter equals the supports."""
    closing.keep_open(person)
    lock(Entry, entry.id)
    facts = queries.support_facts(tenant, entry, person, now=now)
    if refusal := rules.support_refusal(facts):
        raise Refused(refusal)
    db.session.add(
        EntrySupport(tenant_id=tenant.id, entry_id=entry.id, person_id=person.id, given_at=now)
    )
    entry.supports += 1


def withdraw(tenant: Municipality, entry: Entry, person: Person, *, now: datetime) -> None:
    lock(Entry, entry.id)
    facts = queries.support_facts(tenant, entry, person, now=now)
    if refusal := rules.support_withdrawal_refusal(facts):
        raise Refused(refusal)
    db.session.delete(queries.find_support(entry, person))
    entry.supports -= 1
