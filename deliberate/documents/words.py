"""What pages call the states, kinds and channels of remarks."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from deliberate.answers.positions import REMARK_LABELS, TONES, Position
from deliberate.documents.kinds import CHANNEL_LABELS, KIND_LABELS, RemarkState
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_

GIVEN, WITHDRAWN = N_("zgłoszona"), N_("wycofana")

kinds, channels = KIND_LABELS, CHANNEL_LABELS


def pill(state: str, position: str | None, draw: Callable[..., Markup]) -> Markup:
    """Return what to say of a remark in a list, drawn by ``draw`` (ui.pill).

    The office's word once there is one, and that of its author above all.
    """
    if state == RemarkState.WITHDRAWN:
        return draw(_capital(WITHDRAWN), "no")
    if position:
        known = Position(position)
        return draw(_capital(REMARK_LABELS[known]), TONES[known])
    return draw(_capital(GIVEN), "", "circle-dot")


def _capital(text: str) -> str:
    said = say(text)
    return said[:1].upper() + said[1:]
