"""Work for later: rows of ``task``, enqueued by name in the transaction that causes them.

A job is a function that gets the payload and does one step; it opens its own transaction. Daily
work has no payload and is enqueued by the worker once a day (``daily`` jobs).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Task

log = logging.getLogger(__name__)
MOST_TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``run(payload)`` does the work or one step of it; after a failure it is called again."""

    name: str
    run: Callable[[Mapping[str, object]], None]
    daily: bool = False


def enqueue(
    name: str,
    payload: Mapping[str, object],
    *,
    tenant_id: int | None,
    run_at: datetime | None = None,
    dedupe: str | None = None,
) -> None:
    """Add work to the caller's transaction. A second row with the same ``dedupe`` is not added."""
    row = Task(
        tenant_id=tenant_id,
        kind=name,
        payload=json.dumps(payload, ensure_ascii=False, sort_keys=True),
        dedupe=dedupe,
        run_at=run_at or clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if dedupe is None:
            raise


def run_due(limit: int = 20) -> int:
    """Run what is due, oldest first. Returns how many tasks were tried."""
    now = clock.now()
    due = db.session.scalars(
        select(Task.id)
        .where(Task.finished_at.is_(None), Task.run_at <= now, Task.tries < MOST_TRIES)
        .order_by(Task.run_at, Task.id)
        .limit(limit)
    ).all()
    for task_id in due:
        _run(task_id)
    return len(due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a piece of work is. ``failed``: the last try did; ``given_up``: it was the last."""

    done: int
    of: int
    failed: bool
    given_up: bool


def find_progress(dedupe: str) -> Progress | None:
    """Return how far the work of this name is; None: there is none."""
    task = db.session.scalar(select(Task).where(Task.dedupe == dedupe))
    if task is None:
        return None
    return Progress(
        done=task.done,
        of=task.of,
        failed=task.error is not None,
        given_up=task.tries >= MOST_TRIES,
    )


def note_progress(dedupe: str, *, done: int, of: int) -> None:
    """Say in a transaction of its own how far the work of this name is."""
    with transaction():
        db.session.execute(
            update(Task).where(Task.dedupe == dedupe).values(done=done, of=of, error=None)
        )


def enqueue_daily(now: datetime) -> None:
    """Enqueue each daily job once per day (UTC)."""
    with transaction():
        for job in _jobs().values():
            if job.daily:
                dedupe = f"{job.name}:{now.date().isoformat()}"
                enqueue(job.name, {}, tenant_id=None, run_at=now, dedupe=dedupe)


def _run(task_id: int) -> None:
    task = db.session.get(Task, task_id)
    if task is None or task.finished_at is not None:
        return
    job = _jobs().get(task.kind)
    payload = json.loads(task.payload)
    error: str | None = None
    if job is None:
        error = "unknown job"
    else:
        try:
            job.run(payload)
        except Exception as trouble:
            log.exception("job %s (task %s) failed", task.kind, task_id)
            error = type(trouble).__name__
    now = clock.now()
    with transaction():
        db.session.execute(
            update(Task)
            .where(Task.id == task_id)
            .values(
                finished_at=None if error else now,
                done=Task.done if error else Task.of,
                tries=Task.tries + 1,
                error=error,
                run_at=now + timedelta(minutes=2**task.tries) if error else task.run_at,
            )
        )


def _jobs() -> Mapping[str, Job]:
    jobs: Mapping[str, Job] = current_app.extensions["deliberate.jobs"]
    return jobs
