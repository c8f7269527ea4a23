"""Letters about a vote, and what follows its count and cannot be rolled back.

Each step after the count leaves a row and may be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import Job
from deliberate.notifications import mailings
from deliberate.voting import keys, notices
from deliberate.voting.actions.counting import FINISH
from deliberate.voting.models import PollStep

log = logging.getLogger(__name__)


def finish(payload: Mapping[str, Any]) -> None:
    """Do the steps that are not done yet, in order; killed anywhere, it goes on from there."""
    tenant_id, poll_id = int(payload["tenant_id"]), int(payload["poll_id"])
    for step, work in STEPS.items():
        if db.session.get(PollStep, (poll_id, step)) is not None:
            continue
        work(poll_id)
        with transaction():
            row = PollStep(tenant_id=tenant_id, poll_id=poll_id, step=step, done_at=clock.now())
            db.session.add(row)
        log.info("poll %s: %s done", poll_id, step)


def _destroy_key(poll_id: int) -> None:
    keys.destroy(poll_id)


def _reclaim_space(_poll_id: int) -> None:
    """Have removed ballots leave the files too: until then a dump of the disk still holds them."""
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            # Removed rows are zeroed already (secure_delete); the log still has their pages.
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            _vacuum(connection.driver_connection)
    finally:
        connection.close()


def _vacuum(driver: Any) -> None:
    # Any: psycopg's connection, which the pool hands out without a type.
    driver.rollback()
    driver.autocommit = True
    try:
        driver.execute("SET lock_timeout = '3s'")
        driver.execute("VACUUM FULL ballot")
        driver.execute("SET lock_timeout = '5s'")  # as every connection of the pool has it
    finally:
        driver.autocommit = False


STEPS: Mapping[str, Callable[[int], None]] = {
    "destroy_key": _destroy_key,
    "reclaim_space": _reclaim_space,
}
JOBS = (
    Job(name=FINISH, run=finish),
    mailings.job(notices.BEGINS),
    mailings.job(notices.ENDS),
    mailings.job(notices.RESULT),
)
