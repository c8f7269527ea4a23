"""What the law says of a procedure, in the reader's words: for pages of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deliberate.consultations.procedures import (
    CHANNEL_NAMES,
    DEFINITIONS,
    FORM_NAMES,
    Definition,
    Demand,
    Form,
    Procedure,
)
from deliberate.consultations.rules import legal
from deliberate.consultations.rules.legal import Requirements
from deliberate.kernel.i18n import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One demand with where it is written; ``verified``: compared with its source."""

    text: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What a procedure takes. ``starts`` and ``ends``: the earliest days if announced tomorrow.

    ``groups`` are the groups of forms besides remarks, and ``channels`` where it is announced, in
    words. ``ends`` is None where no rule says for how long.
    """

    procedure: Procedure
    definition: Definition
    lines: list[Line]
    groups: list[str]
    channels: list[str]
    starts: date
    ends: date | None
    dates_verified: bool


def law(procedure: Procedure, demanded: Requirements, *, today: date) -> Law:
    days = legal.earliest(demanded, announced=today + timedelta(days=1))
    dated = [demanded.rules.get(each) for each in (Demand.REMARK_DAYS, Demand.NOTICE_DAYS)]
    return Law(
        procedure=procedure,
        definition=DEFINITIONS[procedure],
        lines=[
            Line(
                text=say(each.text, **dict(each.values)), source=each.source, verified=each.verified
            )
            for each in legal.sentences(demanded)
        ],
        groups=[
            ", ".join(say(FORM_NAMES[form]) for form in Form if form in group)
            for group in demanded.groups
            if Form.REMARKS not in group
        ],
        channels=[say(CHANNEL_NAMES[channel]) for channel in demanded.channels],
        starts=days.starts,
        ends=days.ends if demanded.number(Demand.REMARK_DAYS) else None,
        dates_verified=all(rule.verified for rule in dated if rule is not None),
    )


def adoption_day(demanded: Requirements, *, after: date) -> date | None:
    """Return by when the law wants the decision, where it names a day of the year."""
    rule = demanded.rules.get(Demand.ADOPTED_BY)
    return legal.next_day(rule.value, after=after) if rule is not None else None
