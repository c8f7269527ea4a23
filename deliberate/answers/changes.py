"""Putting a published answer differently: one person writes, another makes it public.

The former text stays in the row of the change. Its caller commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.answers import notices, queries
from deliberate.answers.actions import signature
from deliberate.answers.models import Answer, AnswerChange
from deliberate.answers.positions import Position
from deliberate.answers.queries import Item
from deliberate.answers.rules import answers, changes
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality


def find_waiting(answer: Answer) -> AnswerChange | None:
    """Return the change that waits for the second person."""
    return db.session.scalar(
        select(AnswerChange).where(
            AnswerChange.tenant_id == answer.tenant_id,
            AnswerChange.answer_id == answer.id,
            AnswerChange.published_at.is_(None),
        )
    )


def list_waiting(tenant_id: int, consultation_id: int) -> frozenset[int]:
    """Return which answers of a consultation have a change that waits."""
    found = db.session.scalars(
        select(AnswerChange.answer_id)
        .join(Answer, Answer.id == AnswerChange.answer_id)
        .where(
            AnswerChange.tenant_id == tenant_id,
            Answer.tenant_id == tenant_id,
            Answer.consultation_id == consultation_id,
            AnswerChange.published_at.is_(None),
        )
    )
    return frozenset(found)


def list_published(answer: Answer) -> Sequence[AnswerChange]:
    """Return the changes that are public, the newest first."""
    return db.session.scalars(
        select(AnswerChange)
        .where(
            AnswerChange.tenant_id == answer.tenant_id,
            AnswerChange.answer_id == answer.id,
            AnswerChange.published_at.is_not(None),
        )
        .order_by(AnswerChange.id.desc())
    ).all()


def seal(change: AnswerChange) -> str:
    """Return what tells whether a change is still the one that somebody read."""
    read = (change.position, change.justification, change.signed_as, change.reason)
    return hashlib.sha256("\0".join(read).encode()).hexdigest()[:32]


def write(
    tenant: Municipality,
    answer: Answer,
    *,
    position: Position,
    justification: str,
    unit_id: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> AnswerChange:
    """Keep a change for the second person, in place of one that waits. Nobody else sees it."""
    lock(Answer, answer.id)
    signed_as = signature(tenant, unit_id)
    now_read = (answer.position, answer.justification, answer.signed_as)
    facts = changes.WritingFacts(
        is_published=answer.published_at is not None,
        is_same=now_read == (position, justification, signed_as),
    )
    if refusal := changes.writing_refusal(facts):
        raise Refused(refusal)
    change = find_waiting(answer) or AnswerChange(tenant_id=tenant.id, answer_id=answer.id)
    change.position, change.justification, change.reason = position, justification, reason
    change.unit_id, change.signed_as = unit_id, signed_as
    change.former_position, change.former_justification, change.former_signed_as = now_read
    change.written_by, change.written_at = _person(actor), now
    try:
        with db.session.begin_nested():
            db.session.add(change)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(answers.AT_ONCE) from error
    _record("answers.change_written", answer, actor, now, position=position, reason=reason)
    return change


def drop(answer: Answer, actor: Actor, *, now: datetime) -> None:
    """Throw a waiting change away."""
    change = find_waiting(answer)
    if change is None:
        raise Refused(changes.NONE_WAITS)
    db.session.delete(change)
    _record("answers.change_dropped", answer, actor, now)


def publish(
    tenant: Municipality, item: Item, *, read: str, actor: Actor, now: datetime
) -> AnswerChange:
    """Make the waiting change public, and write to the author of the thing, once a change.

    ``read`` is the seal of what the person has before their eyes.
    """
    answer = item.published
    if answer is None:
        raise Refused(changes.NOT_PUBLISHED)
    lock(Answer, answer.id)
    change = find_waiting(answer)
    facts = changes.PublishingFacts(
        waits=change is not None,
        is_writer=change is not None and change.written_by == actor.person_id,
        is_as_read=change is not None and seal(change) == read,
    )
    if refusal := changes.publishing_refusal(facts):
        raise Refused(refusal)
    assert change is not None  # noqa: S101 - the rule looked
    # First the row that keeps the former text: without it a guard holds the answer as it is.
    change.published_by, change.published_at = _person(actor), now
    db.session.flush()
    answer.position, answer.justification = change.position, change.justification
    answer.unit_id, answer.signed_as = change.unit_id, change.signed_as
    db.session.flush()
    author = db.session.get(Person, item.card.author_id) if item.card.author_id else None
    if author is not None and author.closed_at is None:
        notices.tell_changed(tenant, item, author, change)
    elif address := queries.list_senders(tenant.id, [item]).get(item.key):
        notices.tell_sender_of_change(tenant, item, address, change)
    _record("answers.changed", answer, actor, now, position=change.position, reason=change.reason)
    return change


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise ValueError("Only a person changes a published answer.")
    return actor.person_id


def _record(act: str, answer: Answer, actor: Actor, now: datetime, **detail: Any) -> None:
    entries.record(
        act, f"answer:{answer.id}", actor=actor, at=now, tenant_id=answer.tenant_id, **detail
    )
