"""An answer as others meet it: a card, so that anybody may report it like anything else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from deliberate.answers.models import Answer
from deliberate.answers.outcomes import address
from deliberate.answers.positions import label
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects.registry import Card, SubjectKind, get_card
from deliberate.subjects.states import ContentState
from deliberate.subjects.visibility import lies_open


def load(tenant_id: int, answer_id: int) -> Card | None:
    return next(iter(load_many(tenant_id, [answer_id])), None)


def load_many(tenant_id: int, ids: Sequence[int]) -> Sequence[Card]:
    """Return published answers only: a draft is nobody's business yet."""
    found = db.session.execute(
        select(Answer, lies_open(Answer.subject_kind, Answer.subject_id)).where(
            Answer.tenant_id == tenant_id, Answer.id.in_(ids), Answer.published_at.is_not(None)
        )
    )
    return [_card(answer, is_open=is_open) for answer, is_open in found]


def _card(answer: Answer, *, is_open: bool) -> Card:
    consultation = get_card(answer.tenant_id, "consultation", answer.consultation_id)
    assert answer.published_at is not None  # noqa: S101 - chosen so
    position = say(label(answer.subject_kind, answer.position))
    return Card(
        kind="answer",
        id=answer.id,
        tenant_id=answer.tenant_id,
        consultation_id=answer.consultation_id,
        title=say(N_("Odpowiedź urzędu: %(position)s"), position=position),
        text=answer.justification,
        url=address(consultation.name, answer.subject_kind, answer.subject_id),
        state=ContentState.VISIBLE if is_open else ContentState.HIDDEN,
        author_id=None,
        author_label=answer.signed_as,
        language="pl",
        at=answer.published_at,
        official=True,
        beneath=None if is_open else ContentState.VISIBLE,
    )


SUBJECT = SubjectKind(key="answer", label=N_("odpowiedź urzędu"), load=load, load_many=load_many)
