"""What runs every day: requests whose time for supporters is over lapse, and are told so."""

from __future__ import annotations

from collections.abc import Mapping

from deliberate.audit import entries
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, lock, transaction
from deliberate.kernel.jobs import Job
from deliberate.petitions import notices, queries
from deliberate.petitions.actions import registering
from deliberate.petitions.kinds import State
from deliberate.petitions.models import Entry, subject_of
from deliberate.tenancy.models import Municipality


def lapse(_payload: Mapping[str, object]) -> None:
    now = clock.now()
    with transaction():
        for entry in queries.list_due_to_lapse(clock.local(now).date()):
            lock(Entry, entry.id)
            if entry.state != State.GATHERING:
                continue  # submitted a moment ago
            registering.close(entry, State.LAPSED, now=now)
            entries.record(
                "register.lapsed",
                subject_of(entry),
                actor=SYSTEM,
                at=now,
                tenant_id=entry.tenant_id,
            )
            tenant = db.session.get_one(Municipality, entry.tenant_id)
            notices.tell_author(tenant, entry, "state")


JOBS = (Job(name="petitions.lapse", run=lapse, daily=True),)
