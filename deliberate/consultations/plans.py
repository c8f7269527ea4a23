"""What each template proposes, so that the officer corrects and does not invent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deliberate.consultations.states import Template
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

# Our habit, not the law: what the law demands is a legal_rule row (rules.publication.LegalMinimum).
ANSWER_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPhase:
    """``days`` of the calendar, its first and its last day included."""

    title: str
    days: int
    opens: tuple[Activity, ...]


PLANS: dict[Template, tuple[PlannedPhase, ...]] = {
    Template.ASK: (
        PlannedPhase(title=N_("Rozmawiamy"), days=21, opens=(Activity.INFORM, Activity.DISCUSS)),
    ),
    Template.DOCUMENT: (
        PlannedPhase(
            title=N_("Zbieramy uwagi"),
            days=28,
            opens=(Activity.INFORM, Activity.REMARK, Activity.DISCUSS),
        ),
    ),
    Template.IDEAS: (
        PlannedPhase(
            title=N_("Zbieramy propozycje"),
            days=28,
            opens=(Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS),
        ),
        PlannedPhase(
            title=N_("Rozmawiamy o propozycjach"),
            days=21,
            opens=(Activity.SUPPORT, Activity.DISCUSS),
        ),
        PlannedPhase(title=N_("Głosujemy"), days=14, opens=(Activity.VOTE,)),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPhase:
    """A planned phase on the calendar; ``last`` is its last day."""

    title: str
    first: date
    last: date
    opens: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Phases one after another without a gap, and the day of the answer."""

    phases: tuple[DatedPhase, ...]
    answer_due: date


def schedule(template: Template, *, today: date, shortest_remarks: int = 0) -> Schedule:
    """Propose dates from tomorrow; remarks last at least as long as the rule in force demands."""
    phases: list[DatedPhase] = []
    first = today + timedelta(days=1)
    for planned in PLANS[template]:
        days = planned.days
        if Activity.REMARK in planned.opens:
            days = max(days, shortest_remarks)
        last = first + timedelta(days=days - 1)
        phases.append(DatedPhase(title=planned.title, first=first, last=last, opens=planned.opens))
        first = last + timedelta(days=1)
    return Schedule(phases=tuple(phases), answer_due=phases[-1].last + ANSWER_AFTER)
