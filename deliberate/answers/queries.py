"""Reading answers and what waits for one. All begin with the municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from deliberate.answers.models import Answer, Assignment
from deliberate.answers.positions import Position
from deliberate.answers.rules.answers import Stand
from deliberate.answers.rules.tables import Thing
from deliberate.kernel.db import db
from deliberate.subjects import registry
from deliberate.subjects.registry import Card

Key = tuple[str, int]  # kind and id of a thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that the office answers, and its answer, if there is one.

    ``assignment`` is read for the desk alone (``list_work``).
    """

    card: Card
    answer: Answer | None
    assignment: Assignment | None = None

    @property
    def number(self) -> int:
        """What people quote it by; its id where it has no number of its own."""
        return self.card.number if self.card.number is not None else self.card.id

    @property
    def published(self) -> Answer | None:
        return self.answer if self.answer and self.answer.published_at else None

    @property
    def key(self) -> Key:
        return self.card.kind, self.card.id

    @property
    def stand(self) -> Stand | None:
        return stand_of(self.answer)

    @property
    def unit_id(self) -> int | None:
        """Return whose the answer is: of who signs it, else of who was asked for it."""
        if self.answer is not None:
            return self.answer.unit_id
        return self.assignment.unit_id if self.assignment is not None else None

    @property
    def theme(self) -> str:
        return self.assignment.theme if self.assignment is not None else ""

    @property
    def thing(self) -> Thing:
        """Return it as the rules of tables take it."""
        return Thing(
            kind=self.card.kind,
            id=self.card.id,
            number=self.number,
            stand=self.stand,
            is_published=self.published is not None,
            unit_id=self.unit_id,
            theme=self.theme,
        )


def list_items(tenant_id: int, consultation_id: int) -> list[Item]:
    """Return everything people may see that is to be answered, in public order, drafts with it."""
    cards = [
        card
        for kind in registry.kinds().values()
        if kind.list_in is not None
        for card in kind.list_in(tenant_id, consultation_id)
    ]
    found = db.session.scalars(
        select(Answer).where(
            Answer.tenant_id == tenant_id, Answer.consultation_id == consultation_id
        )
    )
    answers = {(answer.subject_kind, answer.subject_id): answer for answer in found}
    return [Item(card=card, answer=answers.get((card.kind, card.id))) for card in cards]


def list_work(tenant_id: int, consultation_id: int) -> list[Item]:
    """Return the same for the desk: with departments and themes."""
    assigned = list_assignments(tenant_id, consultation_id)
    return [
        replace(item, assignment=assigned.get(item.key))
        for item in list_items(tenant_id, consultation_id)
    ]


def list_assignments(tenant_id: int, consultation_id: int) -> dict[Key, Assignment]:
    """Return which department prepares which answer, and the theme of the thing."""
    found = db.session.scalars(
        select(Assignment).where(
            Assignment.tenant_id == tenant_id, Assignment.consultation_id == consultation_id
        )
    )
    return {(row.subject_kind, row.subject_id): row for row in found}


def find_assignment(tenant_id: int, kind: str, subject_id: int) -> Assignment | None:
    return db.session.get(Assignment, (tenant_id, kind, subject_id))


def list_gone(tenant_id: int, consultation_id: int, keys: Iterable[Key]) -> dict[Key, int]:
    """Return, with its number, what of these the office no longer answers: withdrawn, hidden."""
    wanted: dict[str, list[int]] = {}
    for kind, subject_id in keys:
        wanted.setdefault(kind, []).append(subject_id)
    kinds = registry.kinds()
    return {
        (card.kind, card.id): card.number if card.number is not None else card.id
        for kind, ids in wanted.items()
        if kind in kinds and kinds[kind].list_in is not None
        for card in kinds[kind].load_many(tenant_id, ids)
        if card.consultation_id == consultation_id
    }


def list_senders(tenant_id: int, items: Sequence[Item]) -> dict[Key, str]:
    """Return the addresses of those who sent things without an account, where one is known."""
    wanted: dict[str, list[int]] = {}
    for item in items:
        if item.card.author_id is None:
            wanted.setdefault(item.card.kind, []).append(item.card.id)
    found: dict[Key, str] = {}
    for kind, ids in wanted.items():
        senders = registry.get_kind(kind).senders
        if senders is not None:
            found |= {(kind, key): address for key, address in senders(tenant_id, ids).items()}
    return found


def stand_of(answer: Answer | None) -> Stand | None:
    if answer is None:
        return None
    return Stand(
        position=Position(answer.position), reason=answer.justification, unit_id=answer.unit_id
    )


def list_unanswered(tenant_id: int, consultation_id: int) -> list[Card]:
    """Return what has no position yet, not even a draft."""
    return [item.card for item in list_items(tenant_id, consultation_id) if item.answer is None]


def find_answer(tenant_id: int, kind: str, subject_id: int) -> Answer | None:
    """Return the answer to a thing, a draft too."""
    return db.session.scalar(
        select(Answer).where(
            Answer.tenant_id == tenant_id,
            Answer.subject_kind == kind,
            Answer.subject_id == subject_id,
        )
    )


def find_published(tenant_id: int, kind: str, subject_id: int) -> Answer | None:
    """Return the answer that people may see."""
    answer = find_answer(tenant_id, kind, subject_id)
    return answer if answer is not None and answer.published_at is not None else None


def published_for(tenant_id: int, kind: str, ids: Sequence[int]) -> dict[int, Answer]:
    """Return the published answers to several things in one query, by the thing's id."""
    found = db.session.scalars(
        select(Answer).where(
            Answer.tenant_id == tenant_id,
            Answer.subject_kind == kind,
            Answer.subject_id.in_(ids),
            Answer.published_at.is_not(None),
        )
    )
    return {answer.subject_id: answer for answer in found}
