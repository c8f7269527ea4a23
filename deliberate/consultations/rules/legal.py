"""What the law demands of a consultation: said at once, dated, and compared with what is planned.

Numbers come as legal rules with their source. One that nobody compared with its source advises the
office and stops nothing; people are never told of it as certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from deliberate.algorithms.workdays import end_of_term
from deliberate.consultations.procedures import (
    FORM_NAMES,
    Channel,
    Content,
    Demand,
    Form,
    Procedure,
)
from deliberate.kernel.texts import N_

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A legal rule as rules see it."""

    value: str
    source: str
    verified: bool

    @property
    def number(self) -> int:
        """Return the number, 0 where the value is none: such a row demands nothing."""
        return int(self.value) if self.value.isdigit() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What one procedure demands on one day."""

    procedure: Procedure
    rules: Mapping[Demand, Rule]

    def number(self, demand: Demand) -> int:
        rule = self.rules.get(demand)
        return rule.number if rule else 0

    @property
    def groups(self) -> tuple[frozenset[Form], ...]:
        """Return the groups of forms; of each at least one is used."""
        rule = self.rules.get(Demand.FORMS)
        if rule is None:
            return ()
        known = {form.value for form in Form}
        return tuple(
            frozenset(Form(name) for name in group.split("|") if name in known)
            for group in rule.value.split("+")
        )

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Return where it must be announced."""
        rule = self.rules.get(Demand.CHANNELS)
        named = set(rule.value.split("+")) if rule else set()
        return tuple(channel for channel in Channel if channel in named)

    @property
    def channels_rule(self) -> Rule | None:
        return self.rules.get(Demand.CHANNELS)

    @property
    def is_for_anyone(self) -> bool:
        rule = self.rules.get(Demand.WHO)
        return rule is not None and rule.value == "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence about the law with its source, for the officer."""

    text: str
    values: tuple[tuple[str, object], ...] = ()
    source: str = ""
    verified: bool = True


SENTENCES: tuple[tuple[Demand, str], ...] = (
    (Demand.REMARK_DAYS, N_("Uwagi co najmniej %(n)s dni")),
    (Demand.NOTICE_DAYS, N_("Ogłoszenie co najmniej %(n)s dni wcześniej")),
    (Demand.CHANNELS, N_("Ogłoszenie w %(n)s miejscach")),
    (Demand.FORMS, N_("Formy obok uwag, z różnych grup: %(n)s")),
    (Demand.OTHER_FORMS, N_("Inne formy obok uwag, co najmniej: %(n)s")),
    (Demand.WHO, N_("Uwagi może złożyć każda osoba, także spoza gminy, i osoba prawna")),
    (Demand.CONTENTS, N_("Obowiązkowe części dokumentu: %(n)s")),
    (Demand.ADOPTED_BY, N_("Uchwalenie do dnia: %(n)s")),
    (Demand.REPORTED_BY, N_("Sprawozdanie z programu co roku do dnia: %(n)s")),
    (Demand.REPORT_DAYS, N_("Sprawozdanie z konsultacji w ciągu %(n)s dni")),
    (Demand.RESOLUTION, N_("Jak długo i w jakiej formie, mówi uchwała rady. Sprawdź ją.")),
)


def sentences(requirements: Requirements) -> list[Said]:
    """Say what a procedure takes, the longest wait first."""
    counts = {
        Demand.CHANNELS: len(requirements.channels),
        Demand.FORMS: max(0, len(requirements.groups) - 1),
    }
    said = []
    for demand, text in SENTENCES:
        rule = requirements.rules.get(demand)
        if rule is None or (demand is Demand.NOTICE_DAYS and not rule.number):
            continue
        n = counts.get(demand, rule.value)
        if demand in (Demand.ADOPTED_BY, Demand.REPORTED_BY):
            n = ".".join(reversed(rule.value.split("-")))
        said.append(Said(text=text, values=(("n", n),), source=rule.source, verified=rule.verified))
    return said


# The earliest days.


@dataclass(frozen=True, slots=True, kw_only=True)
class Earliest:
    """The first lawful days when it is announced on a day; ``ends``: the last of the remarks."""

    starts: date
    ends: date


def earliest(requirements: Requirements, *, announced: date) -> Earliest:
    """Return the earliest days, counted with care.

    The day of an event is left out and the end never falls on a free day, as art. 57 kpa counts.
    Whether that article holds here is not checked, so it makes a proposal and forbids nothing.
    """
    starts = earliest_start(requirements, announced=announced)
    days = requirements.number(Demand.REMARK_DAYS)
    return Earliest(starts=starts, ends=end_of_term(starts, days) if days else starts)


def earliest_start(requirements: Requirements, *, announced: date) -> date:
    """Return the first day on which people may be asked; the days of notice lie between."""
    notice = requirements.number(Demand.NOTICE_DAYS)
    return announced + (notice + 1) * DAY if notice else announced


def next_day(month_day: str, *, after: date) -> date | None:
    """Return the next "11-30" after a day; None for what is no day of a year."""
    month, _, day = month_day.partition("-")
    for year in (after.year, after.year + 1):
        try:
            found = date(year, int(month), int(day))
        except ValueError:
            return None
        if found > after:
            return found
    return None


# What is planned, compared with it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an officer plans. ``forms``: those of the phases, the planned and the real ones."""

    announced: date
    first_day: date | None  # of taking part
    first_remark: date | None
    remark_days: int  # of the calendar, the first included
    forms: frozenset[Form]
    is_open_to_anyone: bool
    contents: frozenset[Content]
    decision_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What a plan lacks. ``field`` is where to mend it."""

    field: str
    text: str
    rule: Rule
    values: tuple[tuple[str, object], ...] = ()


TOO_SHORT = N_(
    "Zbieranie uwag trwa za krótko. Dni: %(has)s, wymagane co najmniej: %(needs)s. "
    "Najwcześniejszy koniec: %(day)s."
)
TOO_SOON = N_(
    "Ogłoszenie musi wyprzedzać konsultacje. Dni wcześniej: %(needs)s. "
    "Najwcześniejszy początek: %(day)s."
)
NO_FORM = N_("Brakuje formy z grupy: %(forms)s.")
FEW_FORMS = N_("Obok uwag potrzebne są inne formy. Są: %(has)s, potrzeba: %(needs)s.")
NOT_FOR_ANYONE = N_("Uwagi ma móc złożyć każda osoba, także spoza gminy. Zmień, kto może zgłaszać.")
NO_CONTENT = N_("Zaznacz obowiązkowe części dokumentu. Brakuje: %(n)s.")
LATE_DECISION = N_("Uchwałę podejmuje się do %(day)s. Sprawdź dzień decyzji.")


def breaches(
    requirements: Requirements, plan: Plan, *, say_form: Mapping[Form, str] = FORM_NAMES
) -> list[Breach]:
    """Return what a plan lacks. ``say_form``: names of forms in the reader's language."""
    found = [*_short_days(requirements, plan), *_missing_forms(requirements, plan, say_form)]
    rules = requirements.rules
    if requirements.is_for_anyone and plan.remark_days and not plan.is_open_to_anyone:
        found.append(Breach(field="propose_needs", text=NOT_FOR_ANYONE, rule=rules[Demand.WHO]))
    lacking = requirements.number(Demand.CONTENTS) - len(plan.contents)
    if lacking > 0:
        rule = rules[Demand.CONTENTS]
        found.append(Breach(field="contents", text=NO_CONTENT, rule=rule, values=(("n", lacking),)))
    return found


def advice(requirements: Requirements, plan: Plan) -> list[Breach]:
    """Return what is wise to look at and never stops anything."""
    found = []
    rule = requirements.rules.get(Demand.ADOPTED_BY)
    if rule is not None and plan.first_day is not None and plan.decision_due is not None:
        by = next_day(rule.value, after=plan.first_day)
        if by is not None and plan.decision_due > by:
            values = (("day", as_text(by)),)
            found.append(Breach(field="decision_due", text=LATE_DECISION, rule=rule, values=values))
    return found


def _short_days(requirements: Requirements, plan: Plan) -> list[Breach]:
    found = []
    needs, first = requirements.number(Demand.REMARK_DAYS), plan.first_remark
    if first is not None and plan.remark_days < needs:
        day = end_of_term(first, needs)
        found.append(
            Breach(
                field="phases",
                text=TOO_SHORT,
                rule=requirements.rules[Demand.REMARK_DAYS],
                values=(("has", plan.remark_days), ("needs", needs), ("day", as_text(day))),
            )
        )
    starts = earliest_start(requirements, announced=plan.announced)
    if plan.first_day is not None and plan.first_day < starts and starts != plan.announced:
        notice = requirements.rules[Demand.NOTICE_DAYS]
        values = (("needs", notice.number), ("day", as_text(starts)))
        found.append(Breach(field="phases", text=TOO_SOON, rule=notice, values=values))
    return found


def _missing_forms(
    requirements: Requirements, plan: Plan, names: Mapping[Form, str]
) -> list[Breach]:
    found = [
        Breach(
            field="phases" if Form.REMARKS in group else "forms",
            text=NO_FORM,
            rule=requirements.rules[Demand.FORMS],
            values=(("forms", ", ".join(names[form] for form in Form if form in group)),),
        )
        for group in requirements.groups
        if not group & plan.forms
    ]
    needs = requirements.number(Demand.OTHER_FORMS)
    has = len(plan.forms - {Form.REMARKS})
    if has < needs:
        found.append(
            Breach(
                field="forms",
                text=FEW_FORMS,
                rule=requirements.rules[Demand.OTHER_FORMS],
                values=(("has", has), ("needs", needs)),
            )
        )
    return found


def as_text(day: date) -> str:
    """Return a day as tables and notices write it, the same in each language."""
    return f"{day:%d.%m.%Y}"


def of_rows(procedure: Procedure, rows: Sequence[tuple[str, Rule]], prefix: str) -> Requirements:
    """Return the requirements from rows of (key, rule), the first of a key being the one meant."""
    known = {demand.value: demand for demand in Demand}
    rules: dict[Demand, Rule] = {}
    for key, rule in rows:
        demand = known.get(key.removeprefix(prefix))
        if demand is not None and key.startswith(prefix):
            rules.setdefault(demand, rule)
    return Requirements(procedure=procedure, rules=rules)
