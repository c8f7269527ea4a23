"""An earlier consultation that this one continues: named in public, and taken back in public."""

from __future__ import annotations

from datetime import datetime

from deliberate.consultations import queries
from deliberate.consultations.actions.changes import note_change
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import ChangeKind
from deliberate.kernel.actor import Actor
from deliberate.subjects import actions as links
from deliberate.subjects.models import Link
from deliberate.subjects.registry import get_card
from deliberate.subjects.relations import Relation

FIELD = "related"


def continue_from(
    consultation: Consultation, former_id: int, *, reason: str, actor: Actor, now: datetime
) -> Link:
    """Say that this one continues a former one; both pages then lead to each other."""
    tenant_id = consultation.tenant_id
    this, former = (queries.KIND, consultation.id), (queries.KIND, former_id)
    link = links.tie(tenant_id, this, Relation.CONTINUES, former, actor, now=now)
    title = get_card(tenant_id, *former).title
    note_change(
        consultation, ChangeKind.CONTENT, FIELD, "", title, reason=reason, actor=actor, now=now
    )
    return link


def untie(
    consultation: Consultation, link: Link, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Take back what was said by mistake."""
    title = get_card(consultation.tenant_id, link.to_kind, link.to_id).title
    links.untie(link)
    note_change(
        consultation, ChangeKind.CONTENT, FIELD, title, "", reason=reason, actor=actor, now=now
    )
