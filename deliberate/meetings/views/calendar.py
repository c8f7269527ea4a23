"""The calendar of a municipality, month by month, and its feed."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.consultations import calendar as writer
from deliberate.kernel import clock, ids
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.meetings import dates, queries, words
from deliberate.meetings.dates import Filters
from deliberate.meetings.kinds import Kind
from deliberate.meetings.views import bp
from deliberate.meetings.views.public import ics
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

FIRST_YEAR, LAST_YEAR = 2000, 2200
PARTS = {
    dates.MEETINGS: N_("wszystkie spotkania"),
    dates.PHASES: N_("terminy konsultacji"),
    dates.ANSWERS: N_("odpowiedzi urzędu"),
}


@bp.get("/kalendarz")
@public
def calendar() -> ResponseReturnValue:
    tenant, now, filters = current_tenant(), clock.now(), _filters()
    this_month = clock.local(now).date().replace(day=1)
    first = _month(request.args.get("miesiac", "")) or this_month
    days = dates.list_month(tenant, first, filters, now)
    return render_template(
        "meetings/calendar.html",
        first=first,
        this_month=this_month,
        before=dates.month_before(first),
        after=dates.next_month(first),
        days=days,
        # An empty month leads on, and knows where to.
        next_one=None if days else queries.find_next(tenant, now),
        filters=filters,
        kept=_kept(filters),
        kinds=[*((key, say(label)) for key, label in PARTS.items()), *_kinds()],
        areas=tenancy.list_areas(tenant),
        words=words,
    )


@bp.get("/kalendarz.ics")
@public
def feed() -> ResponseReturnValue:
    tenant, now, filters = current_tenant(), clock.now(), _filters()
    name = say(N_("Kalendarz"))
    text = writer.calendar(
        f"{tenant.portal_name} – {name}", dates.feed(tenant, filters, now), stamp=now
    )
    return ics(text, f"kalendarz-{tenant.slug}")


def _filters() -> Filters:
    kind = request.args.get("rodzaj", "")
    return Filters(
        area_id=ids.row_id(request.args.get("miejsce")),
        kind=kind if kind in PARTS or kind in set(Kind) else "",
    )


def _kept(filters: Filters) -> dict[str, str]:
    """Return what other months and the feed keep of the address."""
    kept = {"rodzaj": filters.kind, "miejsce": str(filters.area_id or "")}
    return {name: value for name, value in kept.items() if value}


def _kinds() -> list[tuple[str, str]]:
    return [(str(kind), words.kind_name(kind)) for kind in Kind]


def _month(text: str) -> date | None:
    """Read "2026-11"; None for what is no month of ours."""
    year, _, month = text.partition("-")
    digits = year + month
    if not (len(year) == 4 and len(month) == 2 and digits.isascii() and digits.isdigit()):
        return None
    in_range = FIRST_YEAR <= int(year) < LAST_YEAR and 1 <= int(month) <= 12
    return date(int(year), int(month), 1) if in_range else None
