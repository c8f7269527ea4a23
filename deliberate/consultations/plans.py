"""What each template proposes, so that the officer corrects and does not invent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deliberate.algorithms.workdays import end_of_term
from deliberate.consultations.procedures import Demand
from deliberate.consultations.rules.legal import Requirements, earliest
from deliberate.consultations.states import Template
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

# Our habit, not the law: what the law demands is a legal_rule row (rules.legal).
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


def schedule(
    template: Template, *, today: date, requirements: Requirements | None = None
) -> Schedule:
    """Propose dates from tomorrow, the first day on which the second person may announce it.

    Remarks begin and end no sooner than the rules in force allow, counted with care.
    """
    phases: list[DatedPhase] = []
    first = tomorrow = today + timedelta(days=1)
    if requirements is not None:
        first = earliest(requirements, announced=tomorrow).starts
    for planned in PLANS[template]:
        last = first + timedelta(days=planned.days - 1)
        if Activity.REMARK in planned.opens and requirements is not None:
            days = requirements.number(Demand.REMARK_DAYS)
            last = max(last, end_of_term(first, days)) if days else last
        phases.append(DatedPhase(title=planned.title, first=first, last=last, opens=planned.opens))
        first = last + timedelta(days=1)
    return Schedule(phases=tuple(phases), answer_due=phases[-1].last + ANSWER_AFTER)
