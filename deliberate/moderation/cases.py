"""Queues: what waits for a decision or for an answer, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deliberate.access.roles import permissions_of
from deliberate.kernel.actor import Actor
from deliberate.moderation import queries
from deliberate.moderation.conversation import conversation
from deliberate.moderation.offices import kinds_of_office, kinds_of_people
from deliberate.moderation.permissions import Permission
from deliberate.moderation.queries import Reported, Scope
from deliberate.subjects import registry
from deliberate.subjects.registry import Card

MOST_REPORTED = 100
MOST_NEW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that waits. ``reason`` is empty for one that nobody reported: it is only new."""

    card: Card
    notices: int
    since: datetime
    reason: str
    is_urgent: bool

    @property
    def key(self) -> str:
        return f"{self.card.kind}-{self.card.id}"

    @property
    def consultation_scope(self) -> int | None:
        return self.card.consultation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The cases that one person may decide, and how many of each sort there are."""

    cases: Sequence[Case]
    urgent: int
    reported: int
    new: int
    places: Mapping[int, str]  # titles of the consultations

    def after(self, key: str | None) -> Case | None:
        """Return the case that follows, or the first one when ``key`` waits no longer."""
        keys = [case.key for case in self.cases]
        place = keys.index(key) + 1 if key in keys else 0
        return self.cases[place] if place < len(self.cases) else None


def scope_of(actor: Actor, permission: Permission = Permission.DECIDE) -> Scope:
    """Return the consultations in which the actor may; None for the whole municipality."""
    granted = {
        grant.consultation_id for grant in actor.grants if permission in permissions_of(grant.role)
    }
    if None in granted:
        return None
    return frozenset(consultation_id for consultation_id in granted if consultation_id)


def load_queue(tenant_id: int, actor: Actor) -> Queue:
    """Return what waits for this person: reported things first, then what nobody has read."""
    scope, reader = scope_of(actor), actor.person_id or 0
    cases = _cases(tenant_id, list_reported(tenant_id, actor))
    unread = conversation().list_unread(tenant_id, scope, reader, MOST_NEW)
    cases += [
        Case(card=card, notices=0, since=card.at, reason="", is_urgent=False) for card in unread
    ]
    urgent = sum(case.is_urgent for case in cases)
    return Queue(
        cases=cases,
        urgent=urgent,
        reported=len(cases) - len(unread) - urgent,
        new=len(unread)
        if len(unread) < MOST_NEW
        else conversation().count_unread(tenant_id, scope, reader),
        places=load_places(tenant_id, [case.card for case in cases]),
    )


def list_reported(tenant_id: int, actor: Actor) -> Sequence[Reported]:
    """Return what people wrote and somebody reported where this person decides."""
    return queries.list_reported(tenant_id, scope_of(actor), kinds_of_people(), MOST_REPORTED)


def list_for_office(tenant_id: int, actor: Actor) -> Sequence[Reported]:
    """Return which texts of the office somebody reported where this person answers."""
    scope = scope_of(actor, Permission.ANSWER_FOR_OFFICE)
    return queries.list_reported(tenant_id, scope, kinds_of_office(), MOST_REPORTED)


def load_for_office(tenant_id: int, actor: Actor) -> Sequence[Case]:
    """Return the same as cases."""
    return _cases(tenant_id, list_for_office(tenant_id, actor))


def load_places(tenant_id: int, cards: Sequence[Card]) -> Mapping[int, str]:
    """Return the titles of the consultations in which things are, in one query."""
    return titles_of(tenant_id, {card.consultation_id for card in cards})


def titles_of(tenant_id: int, consultations: Collection[int | None]) -> Mapping[int, str]:
    ids = sorted(each for each in consultations if each is not None)
    kind = registry.kinds().get("consultation")
    if kind is None or not ids:
        return {}
    return {card.id: card.title for card in kind.load_many(tenant_id, ids)}


def _cases(tenant_id: int, reported: Sequence[Reported]) -> list[Case]:
    cards = _cards(tenant_id, reported)
    return [
        _case(cards[found.kind, found.subject_id], found)
        for found in reported
        if (found.kind, found.subject_id) in cards
    ]


def _cards(tenant_id: int, reported: Sequence[Reported]) -> Mapping[tuple[str, int], Card]:
    """Load the things of each kind in one query."""
    wanted: dict[str, list[int]] = {}
    for found in reported:
        wanted.setdefault(found.kind, []).append(found.subject_id)
    known = registry.kinds()
    return {
        (kind, card.id): card
        for kind, ids in wanted.items()
        if kind in known
        for card in known[kind].load_many(tenant_id, ids)
    }


def _case(card: Card, found: Reported) -> Case:
    return Case(
        card=card,
        notices=found.notices,
        since=found.since,
        reason=found.reason,
        is_urgent=found.is_urgent,
    )
