"""The task that counts the votes of a poll, after two persons agreed: slow first, then locked."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import Job, note_progress
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries, underway
from deliberate.voting.actions import counting
from deliberate.voting.models import CountStop
from deliberate.voting.states import UNCOUNTED
from deliberate.voting.workings import Tell

log = logging.getLogger(__name__)
SAY_EVERY = 1.0  # seconds


def count(payload: Mapping[str, Any]) -> None:
    """Count, or keep the reason why not; called again after a failure, it goes on or has done."""
    tenant = db.session.get_one(Municipality, int(payload["tenant_id"]))
    poll_id, approval_id = int(payload["poll_id"]), int(payload["approval_id"])
    actor = Actor(person_id=payload["person_id"], tenant_id=tenant.id)
    poll = queries.get_poll(tenant.id, poll_id)
    stop = db.session.get(CountStop, (poll_id, approval_id))
    if poll.state not in UNCOUNTED or stop is not None:
        return
    begun = time.monotonic()
    rehearsed = counting.rehearse(poll, _teller(underway.task_key(approval_id)))
    locked = time.monotonic()
    try:
        with transaction():
            counting.count(tenant, poll_id, actor=actor, rehearsed=rehearsed)
    except Refused as refused:
        with transaction():
            counting.note_stop(tenant, poll_id, approval_id, refused.refusal, actor=actor)
        log.warning("poll %s: the count stopped, %s", poll_id, refused.refusal.code)
        return
    log.info(
        "poll %s: counted in %.1f s, locked for %.1f s",
        poll_id,
        time.monotonic() - begun,
        time.monotonic() - locked,
    )


def _teller(key: str) -> Tell:
    """Return what writes down how far the count is, once a second.

    In hundredths: how many ballots there are comes out with the result, at the office too.
    """
    said = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal said
        if time.monotonic() - said >= SAY_EVERY or done == of:
            said = time.monotonic()
            note_progress(key, done=100 * done // of if of else 100, of=100)

    return tell


JOB = Job(name=counting.COUNT, run=count)
