"""One letter to each who asked for it, a batch a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import Job, enqueue
from deliberate.notifications import actions, queries
from deliberate.tenancy.models import Municipality


def write_one_letters(payload: Mapping[str, Any]) -> None:
    """Write to the first batch of those who wait, forget them, and come again for the rest."""
    with transaction():
        tenant = db.session.get_one(Municipality, payload["tenant_id"])
        # Tasks written by an earlier version have no days.
        days = payload.get("days", {}).items()
        said = {**payload["values"], **{name: date.fromisoformat(day) for name, day in days}}
        waiting = queries.list_waiting(tenant, payload["about"], actions.BATCH)
        for row in waiting:
            actions.must_tell(
                row.email,
                tenant=tenant,
                locale=row.locale,
                kind="one_letter",
                subject=payload["subject"],
                template=payload["template"],
                values=said,
                dedupe=f"one-letter:{row.id}",
            )
            db.session.delete(row)
        if len(waiting) == actions.BATCH:
            step = payload["step"] + 1
            enqueue(
                actions.ONE_LETTERS,
                {**payload, "step": step},
                tenant_id=tenant.id,
                dedupe=f"{payload['dedupe']}:one-letters:{step}",
            )


JOBS = (Job(name=actions.ONE_LETTERS, run=write_one_letters),)
