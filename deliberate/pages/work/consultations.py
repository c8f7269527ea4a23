"""Drafts to finish, votes to count and to publish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import select

from deliberate.access.decorators import may
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work
from deliberate.tenancy.models import Municipality
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState


def list_polls(tenant: Municipality, tiles: Sequence[Tile], now: datetime) -> list[Work]:
    """Return the votes that are over and not counted, or counted and not published."""
    if not may("voting:prepare"):
        return []
    by_id = {tile.consultation.id: tile.consultation for tile in tiles}
    polls = db.session.scalars(
        select(Poll)
        .where(
            Poll.tenant_id == tenant.id,
            Poll.ends_at <= now,
            Poll.state.in_(
                [PollState.SEALED, PollState.RECEIVING, PollState.WORKING_UP, PollState.COUNTED]
            ),
        )
        .order_by(Poll.ends_at, Poll.id)
    )
    return [
        Work(
            kind=say(N_("Głosowanie")),
            icon="vote",
            title=say(N_("Ogłoś wynik"))
            if poll.state == PollState.COUNTED
            else say(N_("Policz głosy")),
            sub=by_id[poll.consultation_id].title,
            verb=say(N_("Otwórz")),
            url=url_for("proposals.admission_desk", slug=by_id[poll.consultation_id].slug),
            due=clock.local(poll.ends_at).date(),
        )
        for poll in polls
        if poll.consultation_id in by_id and may("voting:prepare", by_id[poll.consultation_id])
    ]


def list_drafts(tiles: Sequence[Tile]) -> list[Work]:
    return [
        Work(
            kind=say(N_("Szkic")),
            icon="pencil",
            title=tile.consultation.title,
            sub=say(N_("konsultacje jeszcze nieogłoszone")),
            verb=say(N_("Dokończ")),
            url=url_for("consultations.desk_edit", slug=tile.consultation.slug),
            later=True,
        )
        for tile in tiles
        if tile.consultation.state == State.DRAFT and may("consultations:edit", tile.consultation)
    ]


def may_see(consultation: Consultation) -> bool:
    """Tell whether a consultation belongs on the desk of this person."""
    return any(
        may(permission, consultation)
        for permission in ("consultations:edit", "consultations:see_drafts", "moderation:decide")
    )
