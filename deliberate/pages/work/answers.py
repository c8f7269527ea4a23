"""Consultations that lack answers, or only their publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import url_for
from sqlalchemy import func, select

from deliberate.access.decorators import may
from deliberate.answers.models import Answer
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.tiles import Tile
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


def list_answers(tenant: Municipality, tiles: Sequence[Tile], today: date) -> list[Work]:
    """Return the consultations that lack answers, and those that lack only their publication."""
    near = [tile for tile in tiles if _wants_answers(tile, today)]
    if not near:
        return []
    lacking = _count_lacking(tenant, [tile.consultation.id for tile in near])
    found = []
    for tile in near:
        row, n = tile.consultation, lacking.get(tile.consultation.id, 0)
        if n and may("answers:edit", row):
            words = (
                N_("propozycja bez stanowiska"),
                N_("propozycje bez stanowiska"),
                N_("propozycji bez stanowiska"),
            )
            found.append(_answer_work(tile, counted(n, *words), say(N_("Uzupełnij"))))
        elif not n and tile.stage is Stage.WAITING and may("answers:publish", row):
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


def _count_lacking(tenant: Municipality, ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many shown proposals of each consultation have no answer, not even a draft."""
    answered = (Answer.subject_kind == PROPOSAL) & (Answer.subject_id == Proposal.id)
    rows = db.session.execute(
        select(Proposal.consultation_id, func.count())
        .outerjoin(Answer, answered & (Answer.tenant_id == Proposal.tenant_id))
        .where(
            Proposal.tenant_id == tenant.id,
            Proposal.consultation_id.in_(ids),
            Proposal.state != ProposalState.WITHDRAWN,
            shown(Proposal),
            Answer.id.is_(None),
        )
        .group_by(Proposal.consultation_id)
    )
    return {row[0]: row[1] for row in rows}
