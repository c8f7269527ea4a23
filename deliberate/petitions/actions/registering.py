"""What happens to every entry alike: its number, its dates, its end."""

from __future__ import annotations

from datetime import date, datetime

from deliberate.algorithms.folding import fold
from deliberate.kernel.db import lock
from deliberate.petitions import figures, queries, terms
from deliberate.petitions.figures import Figure, Figures
from deliberate.petitions.kinds import Register, State
from deliberate.petitions.models import Entry
from deliberate.tenancy.models import Municipality


def give_number(tenant: Municipality, entry: Entry, day: date) -> None:
    """Number an entry in its register and year. Held to the end: numbers follow each other."""
    lock(Municipality, tenant.id)
    entry.number = queries.next_number(tenant, entry.register, day.year)
    entry.year = day.year


def publish(entry: Entry, *, title: str, text: str, now: datetime) -> None:
    entry.title, entry.text = title, text
    entry.folded = fold(f"{title} {text} {entry.form} {entry.reason}")
    entry.published_at = now


def start_gathering(entry: Entry, known: Figures, today: date) -> None:
    """Let an entry look for supporters, until its last day where a rule names one."""
    is_request = entry.register == Register.REQUEST
    days = known.get(figures.GATHERING_DAYS if is_request else figures.INITIATIVE_GATHERING_DAYS)
    entry.state = State.GATHERING
    if days is not None and days.number:
        entry.gathering_until = terms.after_days(today, days.number)


def start_clock(entry: Entry, known: Figures, day: date) -> None:
    """Begin the time in which somebody must answer; without a rule there is no date."""
    entry.received_on = day
    entry.due_on, figure = _due(entry.register, known, day)
    entry.due_verified = figure is not None and figure.verified


def _due(register: str, known: Figures, day: date) -> tuple[date | None, Figure | None]:
    if register == Register.REQUEST:
        figure = known.get(figures.ANSWER_DAYS)
        return (terms.after_days(day, figure.number), figure) if figure else (None, None)
    key = figures.INITIATIVE_MONTHS if register == Register.INITIATIVE else figures.PETITION_MONTHS
    figure = known.get(key)
    return (terms.after_months(day, figure.number), figure) if figure else (None, None)


def close(entry: Entry, state: State, *, now: datetime) -> None:
    entry.state, entry.closed_at = state, now
