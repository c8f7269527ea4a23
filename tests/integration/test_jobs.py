"""Tasks: enqueued in the transaction that causes them, run once, tried again after a failure."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.kernel import clock, jobs
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Task

done: list[Mapping[str, object]] = []


def work(payload: Mapping[str, object]) -> None:
    if payload.get("fails"):
        raise ValueError("as asked")
    done.append(payload)


@pytest.fixture(autouse=True)
def known_jobs(app: Flask) -> Iterator[None]:
    known = app.extensions["deliberate.jobs"]
    app.extensions["deliberate.jobs"] = {
        "test.work": jobs.Job(name="test.work", run=work),
        "test.daily": jobs.Job(name="test.daily", run=work, daily=True),
    }
    done.clear()
    yield
    app.extensions["deliberate.jobs"] = known


def enqueue(app: Flask, **more: object) -> None:
    with app.app_context(), transaction():
        jobs.enqueue("test.work", {"n": 1} | more, tenant_id=None)


def run(app: Flask) -> None:
    with app.app_context():
        jobs.run_due()


def test_a_task_runs_once(app: Flask) -> None:
    enqueue(app)
    run(app)
    run(app)

    assert done == [{"n": 1}]


def test_nothing_runs_for_what_was_rolled_back(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue("test.work", {}, tenant_id=None)
        _ = 1 / 0
    run(app)

    assert done == []


def test_a_failure_is_kept_and_tried_again_later(app: Flask) -> None:
    enqueue(app, fails=True)
    run(app)

    with app.app_context():
        task = db.session.scalars(select(Task)).one()
        assert (task.tries, task.error, task.finished_at) == (1, "ValueError", None)
        assert task.run_at > clock.now()


def test_an_unknown_job_is_no_silent_success(app: Flask) -> None:
    with app.app_context(), transaction():
        jobs.enqueue("test.nobody", {}, tenant_id=None)
    run(app)

    with app.app_context():
        assert db.session.scalars(select(Task.error)).all() == ["unknown job"]


def test_daily_work_is_enqueued_once_a_day(app: Flask) -> None:
    now = clock.now()
    with app.app_context():
        jobs.enqueue_daily(now)
        jobs.enqueue_daily(now)
        jobs.enqueue_daily(now + timedelta(days=1))
        assert len(db.session.scalars(select(Task.id)).all()) == 2
