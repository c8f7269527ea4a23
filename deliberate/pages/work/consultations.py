"""Drafts to finish."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from deliberate.access.decorators import may
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.consultations.tiles import Tile
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work


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
