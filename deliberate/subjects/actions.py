"""Tying two things and untying them.

The record of acts lies above this package: whoever ties or unties records it in the same
function (a test looks).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.subjects import queries, rules
from deliberate.subjects.models import Link
from deliberate.subjects.registry import Card, get_card, get_kind
from deliberate.subjects.relations import Relation

End = tuple[str, int]  # kind and id


def tie(
    tenant_id: int, from_end: End, relation: Relation, to_end: End, actor: Actor, *, now: datetime
) -> Link:
    """Tie two things of one municipality; 404 for a kind or a thing that is not there."""
    this, other = _end(tenant_id, *from_end), _end(tenant_id, *to_end)
    facts = rules.LinkFacts(
        relation=relation,
        is_itself=from_end == to_end,
        is_one_kind=this.kind == other.kind,
        ends_first=_began(other) < _began(this),
        is_there=queries.find_link(tenant_id, from_end, relation, to_end) is not None,
        is_there_backwards=queries.find_link(tenant_id, to_end, relation, from_end) is not None,
    )
    if refusal := rules.link_refusal(facts):
        raise Refused(refusal)
    link = Link(
        tenant_id=tenant_id,
        from_kind=this.kind,
        from_id=this.id,
        relation=relation,
        to_kind=other.kind,
        to_id=other.id,
        made_by=actor.person_id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError as error:  # the other tab was faster
        raise Refused(rules.THERE) from error
    return link


def untie(link: Link) -> None:
    """Remove a link; what it was stays in the record of acts."""
    db.session.delete(link)
    db.session.flush()


def _end(tenant_id: int, kind: str, subject_id: int) -> Card:
    if get_kind(kind).entries is None:
        raise ValueError(f"Things of the kind {kind!r} are not listed by links.")
    return get_card(tenant_id, kind, subject_id)


def _began(card: Card) -> tuple[datetime, int]:
    return card.at, card.id  # two things of one moment are still one after the other
