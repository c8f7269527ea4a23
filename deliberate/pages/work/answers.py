"""Consultations that lack answers, or only their publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import url_for
from sqlalchemy import Select, func, literal, select, union_all

from deliberate.access.decorators import may
from deliberate.answers.models import Answer
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.tiles import Tile
from deliberate.documents.kinds import KIND as REMARK
from deliberate.documents.kinds import RemarkState
from deliberate.documents.models import Remark
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work, counted
from deliberate.proposals.models import Proposal
from deliberate.proposals.models import State as ProposalState
from deliberate.proposals.queries import KIND as PROPOSAL
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality

ANSWERS_AHEAD = timedelta(days=21)  # lacking answers are shown so long before the promised day

WORDS = {
    PROPOSAL: (
        N_("propozycja bez stanowiska"),
        N_("propozycje bez stanowiska"),
        N_("propozycji bez stanowiska"),
    ),
    REMARK: (
        N_("uwaga bez stanowiska"),
        N_("uwagi bez stanowiska"),
        N_("uwag bez stanowiska"),
    ),
}


def list_answers(tenant: Municipality, tiles: Sequence[Tile], today: date) -> list[Work]:
    """Return the consultations that lack answers, and those that lack only their publication."""
    near = [tile for tile in tiles if _wants_answers(tile, today)]
    if not near:
        return []
    lacking = _count_lacking(tenant, [tile.consultation.id for tile in near])
    found = []
    for tile in near:
        row = tile.consultation
        counts = {kind: lacking.get((kind, row.id), 0) for kind in WORDS}
        if any(counts.values()) and may("answers:edit", row):
            found += [
                _answer_work(tile, counted(n, *WORDS[kind]), say(N_("Uzupełnij")))
                for kind, n in counts.items()
                if n
            ]
        elif (
            not any(counts.values()) and tile.stage is Stage.WAITING and may("answers:publish", row)
        ):
            title = say(N_("Stanowiska gotowe do ogłoszenia"))
            found.append(_answer_work(tile, title, say(N_("Zobacz"))))
    return found


def _wants_answers(tile: Tile, today: date) -> bool:
    due = tile.consultation.answer_due
    is_near = due is not None and due - today <= ANSWERS_AHEAD
    return tile.stage is Stage.WAITING or (tile.stage is Stage.RUNNING and is_near)


def _answer_work(tile: Tile, title: str, verb: str) -> Work:
    return Work(
        kind=say(N_("Odpowiedzi")),
        icon="landmark",
        title=title,
        sub=tile.consultation.title,
        verb=verb,
        url=url_for("answers.desk", slug=tile.consultation.slug),
        due=tile.consultation.answer_due,
        later=True,
    )


def _count_lacking(tenant: Municipality, ids: Sequence[int]) -> Mapping[tuple[str, int], int]:
    """Return how many shown proposals and remarks of each have no answer, not even a draft."""
    rows = db.session.execute(
        union_all(
            _lacking(tenant, ids, PROPOSAL, Proposal, ProposalState.WITHDRAWN),
            _lacking(tenant, ids, REMARK, Remark, RemarkState.WITHDRAWN),
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _lacking(
    tenant: Municipality,
    ids: Sequence[int],
    kind: str,
    model: type[Proposal | Remark],
    withdrawn: str,
) -> Select[str, int, int]:
    answered = (Answer.subject_kind == kind) & (Answer.subject_id == model.id)
    return (
        select(literal(kind), model.consultation_id, func.count())
        .outerjoin(Answer, answered & (Answer.tenant_id == model.tenant_id))
        .where(
            model.tenant_id == tenant.id,
            model.consultation_id.in_(ids),
            model.state != withdrawn,
            shown(model),
            Answer.id.is_(None),
        )
        .group_by(model.consultation_id)
    )
