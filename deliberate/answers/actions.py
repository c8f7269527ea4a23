"""Writing answers and making them public together. Its caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.answers import notices, queries
from deliberate.answers.models import Answer
from deliberate.answers.positions import Position
from deliberate.answers.rules import answers
from deliberate.answers.rules.tables import Line
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.subjects.registry import Card
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Municipality


def save(
    tenant: Municipality,
    cards: Sequence[Card],
    *,
    position: Position,
    reason: str,
    unit_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep one answer to one thing, or the same to many. Nobody outside the office sees it yet."""
    batch = secrets.token_hex(8) if len(cards) > 1 else None
    signed_as = _signature(tenant, unit_id)
    for card in cards:
        answer = queries.find_answer(tenant.id, card.kind, card.id)
        if answer is not None and answer.published_at is not None:
            raise Refused(answers.PUBLISHED)
        if answer is None:
            answer = _new(tenant, card)
        answer.position, answer.justification = position, reason
        answer.unit_id, answer.signed_as, answer.batch = unit_id, signed_as, batch
        answer.answered_by, answer.saved_at = actor.person_id, now
        try:
            with db.session.begin_nested():
                db.session.add(answer)
        except IntegrityError as error:  # another tab, a moment ago
            raise Refused(answers.AT_ONCE) from error
    entries.record(
        "answers.saved",
        f"consultation:{cards[0].consultation_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        position=position,
        things=[f"{card.kind}:{card.id}" for card in cards],
    )


def save_lines(
    tenant: Municipality,
    items: Mapping[int, queries.Item],
    lines: Sequence[Line],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a whole table of answers, by number, or nothing of it."""
    for line in lines:
        item = items.get(line.number)
        if item is None or item.published is not None:
            raise Refused(answers.CHANGED)
        save(
            tenant,
            [item.card],
            position=line.position,
            reason=line.reason,
            unit_id=line.unit_id,
            actor=actor,
            now=now,
        )


def publish_all(tenant: Municipality, consultation_id: int, *, actor: Actor, now: datetime) -> int:
    """Make all answers public at once, and write to the authors. Returns how many came out.

    Refused while a single thing has no answer.
    """
    items = queries.list_items(tenant.id, consultation_id)
    if lacking := sum(1 for item in items if item.answer is None):
        raise Refused(answers.MISSING.with_values(count=lacking))
    ready = [item for item in items if item.answer and item.answer.published_at is None]
    for item in ready:
        assert item.answer is not None  # noqa: S101 - chosen so
        item.answer.published_at = now
    db.session.flush()
    authors = _authors(ready)
    for item in ready:
        author = authors.get(item.card.author_id or 0)
        if author is not None:
            notices.tell_answered(tenant, item, author)
    entries.record(
        "answers.published",
        f"consultation:{consultation_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        count=len(ready),
    )
    return len(ready)


def _new(tenant: Municipality, card: Card) -> Answer:
    return Answer(
        tenant_id=tenant.id,
        consultation_id=card.consultation_id,
        subject_kind=card.kind,
        subject_id=card.id,
    )


def _signature(tenant: Municipality, unit_id: int | None) -> str:
    unit = tenancy.find_unit(tenant, unit_id)
    return f"{tenant.office_name}, {unit.name}" if unit else tenant.office_name


def _authors(items: Sequence[queries.Item]) -> dict[int, Person]:
    ids = {item.card.author_id for item in items if item.card.author_id is not None}
    found = db.session.scalars(select(Person).where(Person.id.in_(ids), Person.closed_at.is_(None)))
    return {person.id: person for person in found}
