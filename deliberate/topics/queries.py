"""Reading topics and what lies under them, through the cards of whatever kinds there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask import abort
from sqlalchemy import select

from deliberate.kernel.db import db
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.subjects.states import is_shown
from deliberate.tenancy.models import Municipality
from deliberate.topics.models import SubjectTopic, Topic

MOST_OF_A_KIND = 30  # the newest things of one kind on a topic's page


def list_topics() -> Sequence[Topic]:
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.key)).all()


def get_topic(key: str) -> Topic:
    return db.session.get(Topic, key) or abort(404)


def list_of(tenant: Municipality, kind: str, subject_id: int) -> Sequence[Topic]:
    """Return the topics of one thing, in their order."""
    return db.session.scalars(
        select(Topic)
        .join(SubjectTopic, SubjectTopic.topic_key == Topic.key)
        .where(
            SubjectTopic.tenant_id == tenant.id,
            SubjectTopic.kind == kind,
            SubjectTopic.subject_id == subject_id,
        )
        .order_by(Topic.position, Topic.key)
    ).all()


def list_cards(tenant: Municipality, topic: Topic) -> list[tuple[str, list[Card]]]:
    """Return the shown things under a topic: (key of the kind, cards), consultations first.

    One query a kind, however many things.
    """
    ids: dict[str, list[int]] = defaultdict(list)
    filed = select(SubjectTopic.kind, SubjectTopic.subject_id).where(
        SubjectTopic.tenant_id == tenant.id, SubjectTopic.topic_key == topic.key
    )
    for kind, subject_id in db.session.execute(filed.order_by(SubjectTopic.subject_id.desc())):
        ids[kind].append(subject_id)
    groups = []
    for kind in sorted(ids.keys() & registry.kinds().keys(), key=_place):
        cards = registry.get_kind(kind).load_many(tenant.id, ids[kind][:MOST_OF_A_KIND])
        shown = [card for card in cards if is_shown(card.state)]
        if shown:
            groups.append((kind, sorted(shown, key=lambda card: (card.at, card.id), reverse=True)))
    return groups


def _place(kind: str) -> tuple[bool, str]:
    return (kind != "consultation", kind)
