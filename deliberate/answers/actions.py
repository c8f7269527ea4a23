"""Writing answers and making them public together. Its caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.answers import notices, queries
from deliberate.answers.models import Answer, Assignment
from deliberate.answers.positions import Position
from deliberate.answers.rules import answers
from deliberate.answers.rules.answers import Stand
from deliberate.answers.rules.tables import Line
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.subjects.registry import Card
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What an officer says of several things at once; what is not set stays as it is."""

    unit_id: int | None = None
    theme: str = ""
    sets_unit: bool = True
    sets_theme: bool = True


def save(
    tenant: Municipality,
    cards: Sequence[Card],
    *,
    position: Position,
    reason: str,
    unit_id: int | None,
    actor: Actor,
    now: datetime,
    seen: Mapping[queries.Key, str] | None = None,
) -> None:
    """Keep one answer to one thing, or the same to many. Nobody outside the office sees it yet.

    ``seen``: the marks (Stand.mark) of the answers that the person had before their eyes.
    """
    batch = secrets.token_hex(8) if len(cards) > 1 else None
    stand = Stand(position=position, reason=reason, unit_id=unit_id)
    signed_as = signature(tenant, unit_id)
    written = []
    for card in cards:
        answer = queries.find_answer(tenant.id, card.kind, card.id)
        if answer is not None and answer.published_at is not None:
            raise Refused(answers.PUBLISHED)
        if seen is not None and seen.get((card.kind, card.id), "") != mark_of(answer):
            raise Refused(answers.MEANWHILE)
        answer = answer or _new(tenant, card)
        answer.batch = batch
        _write(answer, stand, signed_as, actor=actor, now=now)
        written.append(answer)
    _keep(written)
    _record_saved(tenant, cards, actor=actor, now=now, position=position)


def save_lines(
    tenant: Municipality,
    items: Mapping[queries.Key, queries.Item],
    lines: Sequence[Line],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a whole table of answers, or nothing of it. ``items`` were read in this transaction."""
    units = {line.stand.unit_id for line in lines}
    signatures = {unit_id: signature(tenant, unit_id) for unit_id in units}
    cards, written = [], []
    for line in lines:
        item = items.get(line.thing.key)
        if item is None or item.published is not None:
            raise Refused(answers.CHANGED)
        answer = item.answer or _new(tenant, item.card)
        answer.batch = None
        _write(answer, line.stand, signatures[line.stand.unit_id], actor=actor, now=now)
        cards.append(item.card)
        written.append(answer)
    if cards:
        _keep(written)
        _record_saved(tenant, cards, actor=actor, now=now)


def _write(answer: Answer, stand: Stand, signed_as: str, *, actor: Actor, now: datetime) -> None:
    answer.position, answer.justification = stand.position, stand.reason
    answer.unit_id, answer.signed_as = stand.unit_id, signed_as
    answer.answered_by, answer.saved_at = actor.person_id, now


def _keep(written: Sequence[Answer]) -> None:
    try:
        with db.session.begin_nested():
            db.session.add_all(written)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(answers.AT_ONCE) from error


def _record_saved(
    tenant: Municipality, cards: Sequence[Card], *, actor: Actor, now: datetime, **detail: str
) -> None:
    entries.record(
        "answers.saved",
        f"consultation:{cards[0].consultation_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        things=[f"{card.kind}:{card.id}" for card in cards],
        **detail,
    )


def assign(
    tenant: Municipality,
    cards: Sequence[Card],
    work: Work,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Say who prepares the answers to things and what they are about."""
    for card in cards:
        row = queries.find_assignment(tenant.id, card.kind, card.id)
        unit_id = work.unit_id if work.sets_unit else row.unit_id if row else None
        theme = work.theme if work.sets_theme else row.theme if row else ""
        if unit_id is None and not theme:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = Assignment(
                tenant_id=tenant.id,
                consultation_id=card.consultation_id,
                subject_kind=card.kind,
                subject_id=card.id,
            )
            db.session.add(row)
        row.unit_id, row.theme = unit_id, theme
        row.assigned_by, row.assigned_at = actor.person_id, now
    entries.record(
        "answers.assigned",
        f"consultation:{cards[0].consultation_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        unit=work.unit_id if work.sets_unit else None,
        things=[f"{card.kind}:{card.id}" for card in cards],
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
    _tell(tenant, ready)
    entries.record(
        "answers.published",
        f"consultation:{consultation_id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        count=len(ready),
    )
    return len(ready)


def mark_of(answer: Answer | None) -> str:
    """Return what a form remembers of the answer it was opened with."""
    stand = queries.stand_of(answer)
    return stand.mark if stand is not None else ""


def signature(tenant: Municipality, unit_id: int | None) -> str:
    """Return in whose name an answer is given, as it is stored with it."""
    unit = tenancy.find_unit(tenant, unit_id)
    return f"{tenant.office_name}, {unit.name}" if unit else tenant.office_name


def _new(tenant: Municipality, card: Card) -> Answer:
    return Answer(
        tenant_id=tenant.id,
        consultation_id=card.consultation_id,
        subject_kind=card.kind,
        subject_id=card.id,
    )


def _tell(tenant: Municipality, ready: Sequence[queries.Item]) -> None:
    """Write to whoever sent the things: one letter each, however many things they sent."""
    authors, senders = _authors(ready), queries.list_senders(tenant.id, ready)
    of_author: dict[int | None, list[queries.Item]] = {}
    of_sender: dict[str, list[queries.Item]] = {}
    for item in ready:
        if item.card.author_id in authors:
            of_author.setdefault(item.card.author_id, []).append(item)
        elif item.key in senders:
            of_sender.setdefault(senders[item.key].casefold(), []).append(item)
    for person_id, items in of_author.items():
        notices.tell_answered(tenant, items, authors[person_id])
    for items in of_sender.values():
        notices.tell_sender(tenant, items, senders[items[0].key])


def _authors(items: Sequence[queries.Item]) -> dict[int | None, Person]:
    ids = {item.card.author_id for item in items if item.card.author_id is not None}
    found = db.session.scalars(select(Person).where(Person.id.in_(ids), Person.closed_at.is_(None)))
    return {person.id: person for person in found}
