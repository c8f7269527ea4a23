"""What pages call the states of a proposal: a word, a tone and an icon for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from deliberate.answers.positions import LABELS, TONES, Position
from deliberate.consultations.tiles import Step
from deliberate.kernel import clock, i18n, texts
from deliberate.kernel.texts import N_
from deliberate.proposals.models import Proposal, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Pill:
    """``label`` is a source text; ``tone`` is one of ui.pill's."""

    label: str
    tone: str
    icon: str | None = None


STATES = {
    State.OPEN: Pill(label=N_("Zgłoszona"), tone="", icon="circle-dot"),
    State.WITHDRAWN: Pill(label=N_("Wycofana"), tone="no"),
    State.ADMITTED: Pill(label=N_("Dopuszczona do głosowania"), tone="go"),
    State.NOT_ADMITTED: Pill(label=N_("Niedopuszczona do głosowania"), tone="no"),
}
POSITIONS = {
    position: Pill(label=label, tone=TONES[position]) for position, label in LABELS.items()
}
COLLECTING = Pill(label=N_("Zbiera poparcie"), tone="go", icon="users")


def pill(state: str, position: str | None, *, collecting: bool = False) -> Pill:
    """Return what to say of a proposal in a list: the office's word, once there is one."""
    if position is not None and state != State.WITHDRAWN:
        return POSITIONS[Position(position)]
    if state == State.OPEN and collecting:
        return COLLECTING
    return STATES[State(state)]


def pills(
    states: Iterable[tuple[str, str | None]], draw: Callable[..., Markup], *, collecting: bool
) -> dict[tuple[str, str | None], Markup]:
    """Return what to say of each state and position of a list, drawn once by ``draw`` (ui.pill)."""
    drawn = {}
    for state, position in set(states):
        each = pill(state, position, collecting=collecting)
        label = i18n.say(each.label)
        drawn[state, position] = draw(label[:1].upper() + label[1:], each.tone, each.icon)
    return drawn


def route(proposal: Proposal, steps: Sequence[Step]) -> list[Step]:
    """Return the proposal's way: put forward, then the consultation's phases, or withdrawn."""
    first = Step(title=i18n.say(N_("Zgłoszona")), state="done", when=_day(proposal.created_at))
    if proposal.state == State.WITHDRAWN and proposal.withdrawn_at is not None:
        last = Step(title=i18n.say(N_("Wycofana")), state="now", when=_day(proposal.withdrawn_at))
        return [first, last]
    return [first, *steps]


def _day(moment: datetime) -> str:
    return texts.day_text(
        clock.local(moment).date(), i18n.locale(), today=clock.local(clock.now()).date()
    )
