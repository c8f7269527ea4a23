"""Many failed tries to sign in to one account: the owner is told, whoever tries is not.

The letter is written by the worker. Until then a known and an unknown address cost the same
statements, so that neither the page nor the time it takes says which accounts there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deliberate.accounts import letters, limits, queries
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import Job, enqueue
from deliberate.tenancy.models import Municipality


def count(account: str, *, tenant: Municipality) -> None:
    """Count a wrong code or password, and plan a letter when the day's tries are many.

    Needs an open transaction, which must be committed.
    """
    if not limits.count_failure(account):
        return
    person = queries.find_person_by_email(account)
    enqueue(
        JOB.name,
        {
            "person": person.id if person else None,
            "tenant": tenant.id,
            "at": clock.now().isoformat(),
        },
        tenant_id=tenant.id,
    )


def tell(payload: Mapping[str, object]) -> None:
    """Write to the owner, once a day however often it is asked."""
    person_id, tenant_id, at = payload["person"], payload["tenant"], payload["at"]
    with transaction():
        person = queries.find_person(person_id if isinstance(person_id, int) else None)
        tenant = db.session.get(Municipality, tenant_id)
        if person is not None and tenant is not None:
            letters.write_failures(person, tenant=tenant, at=datetime.fromisoformat(str(at)))


JOB = Job(name="accounts.failures", run=tell)
