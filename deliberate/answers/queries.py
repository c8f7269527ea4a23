"""Reading answers and what waits for one. All begin with the municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from deliberate.answers.models import Answer
from deliberate.answers.positions import Position
from deliberate.kernel.db import db
from deliberate.subjects import registry
from deliberate.subjects.registry import Card

Key = tuple[str, int]  # kind and id of a thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that the office answers, and its answer, if there is one."""

    card: Card
    answer: Answer | None

    @property
    def number(self) -> int:
        """What people quote it by; its id where it has no number of its own."""
        return self.card.number if self.card.number is not None else self.card.id

    @property
    def published(self) -> Answer | None:
        return self.answer if self.answer and self.answer.published_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of what people put forward in one consultation; published answers only."""

    items: Sequence[Item]
    positions: Mapping[str, int]
    due: date | None

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def answered(self) -> int:
        return sum(self.positions.values())

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.answered == self.total


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


def outcome(tenant_id: int, consultation_id: int) -> Outcome:
    """Return what became of it: published answers only, each beside its thing."""
    items = [
        Item(card=item.card, answer=item.published)
        for item in list_items(tenant_id, consultation_id)
    ]
    counted = Counter(str(item.answer.position) for item in items if item.answer is not None)
    card = registry.find_card(tenant_id, "consultation", consultation_id)
    return Outcome(
        items=items,
        positions={position: counted[position] for position in Position},
        due=card.answer_due if card is not None else None,
    )
