"""What waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import url_for

from deliberate.access.decorators import may
from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.approvals.registry import get_act
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work
from deliberate.subjects.registry import kinds
from deliberate.tenancy.models import Municipality


def list_approvals(
    tenant: Municipality, actor: Actor, now: datetime
) -> tuple[list[Work], list[Work]]:
    """Return what the person may decide, and what they asked of others."""
    if not (may("approvals:open") or may("consultations:ask_approval")):
        return [], []
    listed = approvals.list_open(tenant.id, now)
    titles = _titles(tenant, listed)
    rows = [(each, _approval(each, titles)) for each in listed]
    mine = [work for each, work in rows if each.asked_by == actor.person_id]
    others = [
        work
        for each, work in rows
        if each.asked_by != actor.person_id and may(get_act(each.act).permission, each)
    ]
    return others, mine


def _approval(row: Approval, titles: Mapping[tuple[str, int], str]) -> Work:
    return Work(
        kind=say(N_("Zatwierdzenie")),
        icon="stamp",
        title=titles.get((row.subject_kind, row.subject_id), say(get_act(row.act).label)),
        sub=say(get_act(row.act).label),
        verb=say(N_("Sprawdź")),
        url=url_for("approvals.show", token=row.token),
    )


def _titles(tenant: Municipality, rows: Sequence[Approval]) -> dict[tuple[str, int], str]:
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        if row.subject_kind in kinds():
            by_kind.setdefault(row.subject_kind, []).append(row.subject_id)
    return {
        (kind, card.id): card.title
        for kind, ids in sorted(by_kind.items())
        for card in kinds()[kind].load_many(tenant.id, ids)
    }
