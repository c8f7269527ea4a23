"""Letters to many: written by the worker a batch at a time, as long as they are true.

A batch is a task that leaves its letters and the task of the next batch in one transaction. So a
fall anywhere loses nobody, each letter's ``dedupe`` doubles nobody, and what has been called off
meanwhile stops there. Batches keep a pace: a code to sign in with never waits in the outbox behind
a whole town.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from deliberate.kernel import clock, mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.i18n import speaking
from deliberate.kernel.jobs import Job, enqueue
from deliberate.kernel.models import Outbox
from deliberate.notifications import actions, queries
from deliberate.notifications.notices import TO_MANY
from deliberate.notifications.queries import People
from deliberate.tenancy.models import Municipality

log = logging.getLogger(__name__)

PACE = timedelta(seconds=10)  # between two batches; the worker sends one in about eight


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a letter says, in the language of the moment; see ``actions.tell``."""

    subject: str
    template: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A letter to many, as the feature that has it sent describes it.

    ``wording(tenant, subject_id, edition)`` is asked before each batch, once a language; None: the
    letter is not true any more, and nobody else gets it. ``edition`` tells apart two mailings about
    one thing: a date that was moved, a change. ``readers(tenant_id, subject_id)`` selects ids of
    people; who has switched ``kind`` off is left out here.
    """

    name: str  # "voting.begins": of the job; stored
    kind: str  # key of a NoticeKind that is in TO_MANY
    wording: Callable[[Municipality, int, str], Wording | None]
    readers: Callable[[int, int], People]

    def __post_init__(self) -> None:
        if self.kind not in TO_MANY:
            raise ValueError(f"{self.name!r} goes to many, but {self.kind!r} is a personal letter.")


def plan(
    mailing: Mailing, tenant_id: int, subject_id: int, *, edition: str = "", at: datetime
) -> None:
    """Have it written from a moment on, if it is true then. Nothing is planned twice."""
    payload = {
        "tenant_id": tenant_id,
        "subject_id": subject_id,
        "edition": edition,
        "plan": at.isoformat(),
        "after": 0,
    }
    _enqueue(mailing, payload, at)


def resume(
    mailing: Mailing, tenant_id: int, subject_id: int, *, at: datetime, now: datetime
) -> None:
    """Go on with what was called off after it was planned for ``at``.

    Who has got it is left out as long as the outbox remembers; after that nobody is written to.
    """
    if now < at + mail.KEPT_AFTER_SENDING:
        plan(mailing, tenant_id, subject_id, at=max(at, now))


def take_back(mailing: Mailing, subject_id: int, *, now: datetime) -> None:
    """Keep letters from leaving that wait in the outbox; planned again, they are written again."""
    db.session.execute(
        update(Outbox)
        .where(
            Outbox.kind == mailing.kind,
            Outbox.dedupe.startswith(f"{mailing.name}:{subject_id}:", autoescape=True),
            Outbox.sent_at.is_(None),
            Outbox.cancelled_at.is_(None),
        )
        .values(cancelled_at=now, dedupe=None)
    )


def job(mailing: Mailing) -> Job:
    """Return the job that writes it: each feature lists its own."""

    def write_batch(payload: Mapping[str, Any]) -> None:
        with transaction():
            _write_batch(mailing, payload)

    return Job(name=mailing.name, run=write_batch)


def _write_batch(mailing: Mailing, payload: Mapping[str, Any]) -> None:
    tenant = db.session.get_one(Municipality, payload["tenant_id"])
    subject_id, edition = payload["subject_id"], payload["edition"]
    readers = queries.list_readers(
        mailing.readers(tenant.id, subject_id),
        mailing.kind,
        after=payload["after"],
        most=actions.BATCH,
    )
    wordings: dict[str, Wording | None] = {}
    for locale in {person.locale for person in readers}:
        with speaking(locale):
            wordings[locale] = mailing.wording(tenant, subject_id, edition)
    for person in readers:
        wording = wordings[person.locale]
        if wording is None:
            log.info("%s %s: called off", mailing.name, subject_id)
            return
        actions.write(
            person,
            mailing.kind,
            tenant=tenant,
            subject=wording.subject,
            template=wording.template,
            values=wording.values,
            dedupe=f"{mailing.name}:{subject_id}:{edition}:{person.id}",
        )
    if len(readers) == actions.BATCH:
        _enqueue(mailing, {**payload, "after": readers[-1].id}, clock.now() + PACE)


def _enqueue(mailing: Mailing, payload: Mapping[str, Any], run_at: datetime) -> None:
    parts = (payload[part] for part in ("subject_id", "edition", "plan", "after"))
    enqueue(
        mailing.name,
        payload,
        tenant_id=payload["tenant_id"],
        run_at=run_at,
        dedupe=":".join([mailing.name, *map(str, parts)]),
    )
