"""What the law requires of a consultation, and what is planned or entered there to meet it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from deliberate.accounts.standing import Needs
from deliberate.consultations import queries
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import Content, Demand, Form, Procedure, rule_prefix, split
from deliberate.consultations.rules.legal import Plan, Requirements, Rule, of_rows
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.kernel import clock
from deliberate.subjects.activities import Activity
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Municipality

REMARK_DAYS = "consultation.remarks.days"  # key of a legal_rule: days for remarks to a document


def by_procedure(tenant: Municipality, on: date) -> Mapping[Procedure, Requirements]:
    """Return what each procedure demands on a day, in one or two queries."""
    rows = [
        (row.key, Rule(value=row.value, source=row.source, verified=row.verified))
        for row in tenancy.list_legal_rules(tenant, "procedure.", on)
    ]
    found = {each: of_rows(each, rows, rule_prefix(each)) for each in Procedure}
    general = found[Procedure.GENERAL]
    if Demand.REMARK_DAYS not in general.rules:
        # The older key of the same: the municipality's own resolution on consultations.
        own = tenancy.find_legal_rule(tenant, REMARK_DAYS, on)
        if own is not None:
            rule = Rule(value=own.value, source=own.source, verified=own.verified)
            rules = {**general.rules, Demand.REMARK_DAYS: rule}
            found[Procedure.GENERAL] = Requirements(procedure=Procedure.GENERAL, rules=rules)
    return found


def plan_of(consultation: Consultation, entered: frozenset[Form], now: datetime) -> Plan:
    """Return what is planned, as the law looks at it; an announced one by the day it was.

    ``entered``: the forms that components know of already (real_forms).
    """
    phases = queries.phase_times(consultation)
    taking_part = [phase for phase in phases if phase.takes_part]
    remarks = [phase for phase in phases if Activity.REMARK in phase.opens]
    announced = clock.local(consultation.published_at or now).date()
    return Plan(
        announced=announced,
        first_day=min((phase.first_day for phase in taking_part), default=None),
        first_remark=min((phase.first_day for phase in remarks), default=None),
        remark_days=sum(phase.days for phase in remarks),
        forms=planned_forms(consultation) | phase_forms(phases) | entered,
        is_open_to_anyone=consultation.propose_needs in (Needs.ANYONE, Needs.EMAIL),
        contents=frozenset(Content(name) for name in split(consultation.contents)),
        decision_due=consultation.decision_due,
    )


def planned_forms(consultation: Consultation) -> frozenset[Form]:
    return frozenset(Form(name) for name in split(consultation.planned_forms))


def phase_forms(phases: Iterable[PhaseTimes]) -> frozenset[Form]:
    """Return the forms that phases are by themselves."""
    opens = {activity for phase in phases for activity in phase.opens}
    found = {Activity.REMARK: Form.REMARKS, Activity.DISCUSS: Form.DISCUSSION}
    return frozenset(form for activity, form in found.items() if activity in opens)


def real_forms(consultation: Consultation) -> frozenset[Form]:
    """Return the forms of what components have entered already: meetings, surveys."""
    return frozenset(form for each in components() for form in each.forms(consultation))
