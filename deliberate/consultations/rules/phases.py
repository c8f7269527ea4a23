"""Phases: which activities they open at a moment, and which may stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations

from deliberate.kernel import clock
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

# In these people take part; the others tell them something.
TAKING_PART = frozenset(
    {
        Activity.PROPOSE,
        Activity.SUPPORT,
        Activity.DISCUSS,
        Activity.REMARK,
        Activity.SURVEY,
        Activity.VOTE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTimes:
    """A phase as rules see it; ``ends_at`` is the first moment outside.

    People write and read days, and days are those of Warsaw: only here do they become moments,
    so that no change of clocks in between moves an hour.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    opens: frozenset[Activity]

    @classmethod
    def on_days(
        cls, *, title: str, first: date, last: date, opens: Iterable[Activity]
    ) -> PhaseTimes:
        """Return a phase of whole days, the last one to 23:59:59."""
        return cls(
            title=title,
            starts_at=clock.start_of_day(first),
            ends_at=clock.end_of_day(last),
            opens=frozenset(opens),
        )

    @property
    def first_day(self) -> date:
        return clock.local(self.starts_at).date()

    @property
    def last_day(self) -> date:
        return clock.last_day(self.ends_at)

    @property
    def days(self) -> int:
        """How many days of the calendar it touches."""
        return (self.last_day - self.first_day).days + 1

    @property
    def by_the_clock(self) -> timedelta:
        """How long it lasts as a clock on the wall counts: a day has 24 hours, also in March."""
        # Two moments of one zone are subtracted as the clock shows them (datetime's own rule).
        return clock.local(self.ends_at) - clock.local(self.starts_at)

    def moved(self, first: date, last: date) -> PhaseTimes:
        """Return the phase on other days; a beginning or an end that stays keeps its hour."""
        whole = PhaseTimes.on_days(title=self.title, first=first, last=last, opens=self.opens)
        return replace(
            whole,
            starts_at=self.starts_at if first == self.first_day else whole.starts_at,
            ends_at=self.ends_at if last == self.last_day else whole.ends_at,
        )

    def holds(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    @property
    def takes_part(self) -> bool:
        return bool(self.opens & TAKING_PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One activity at one moment: see subjects.gate.Gate, which is made of it."""

    is_open: bool
    opens_at: datetime | None
    ends_at: datetime | None


def open_activities(phases: Sequence[PhaseTimes], now: datetime) -> frozenset[Activity]:
    """Return what the phases open at a moment."""
    return frozenset(activity for phase in phases if phase.holds(now) for activity in phase.opens)


def opening(phases: Sequence[PhaseTimes], activity: Activity, now: datetime) -> Opening:
    """Tell whether an activity is open, when it opens next and when it ends or ended.

    Phases that follow each other without a gap are one stretch.
    """
    stretches = _stretches([phase for phase in phases if activity in phase.opens])
    present = [(start, end) for start, end in stretches if start <= now < end]
    ahead = [start for start, _ in stretches if start > now]
    behind = [end for _, end in stretches if end <= now]
    ends_at = present[0][1] if present else behind[-1] if behind else None
    return Opening(is_open=bool(present), opens_at=ahead[0] if ahead else None, ends_at=ends_at)


def _stretches(phases: Sequence[PhaseTimes]) -> list[tuple[datetime, datetime]]:
    """Join phases that touch or overlap; in the order of time."""
    joined: list[tuple[datetime, datetime]] = []
    for phase in sorted(phases, key=lambda phase: phase.starts_at):
        if joined and phase.starts_at <= joined[-1][1]:
            start, end = joined.pop()
            joined.append((start, max(end, phase.ends_at)))
        else:
            joined.append((phase.starts_at, phase.ends_at))
    return joined


NO_PHASES = Refusal("phases.none", N_("Dodaj co najmniej jeden etap."))
PHASE_BACKWARDS = Refusal(
    "phases.backwards", N_("Etap „%(title)s” kończy się, zanim się zacznie. Popraw daty.")
)
PHASES_OVERLAP = Refusal(
    "phases.overlap",
    N_(
        "Etapy „%(first)s” i „%(second)s” nakładają się, a otwierają to samo. "
        "Jeden musi się skończyć, zanim zacznie się drugi."
    ),
)
PHASE_OPENS_NOTHING = Refusal(
    "phases.opens_nothing", N_("Zaznacz, co otwiera etap „%(title)s”, albo go usuń.")
)


def phases_refusal(phases: Sequence[PhaseTimes]) -> Refusal | None:
    """Return why these phases cannot stand together."""
    if not phases:
        return NO_PHASES
    for phase in phases:
        if phase.starts_at >= phase.ends_at:
            return PHASE_BACKWARDS.with_values(title=phase.title)
        if not phase.opens:
            return PHASE_OPENS_NOTHING.with_values(title=phase.title)
    in_order = sorted(phases, key=lambda phase: phase.starts_at)
    for first, second in combinations(in_order, 2):
        if first.opens & second.opens and second.starts_at < first.ends_at:
            return PHASES_OVERLAP.with_values(first=first.title, second=second.title)
    return None
