"""Sheets to print, and the short address that stands on them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.consultations import queries as consultations
from deliberate.consultations.current import open_published
from deliberate.consultations.states import PUBLIC
from deliberate.kernel import clock
from deliberate.kernel.paper import NotTypeset
from deliberate.meetings import queries as meetings
from deliberate.reports import posters
from deliberate.reports.posters import Paper
from deliberate.reports.views import posters_bp as bp
from deliberate.tenancy.current import current_tenant

log = logging.getLogger(__name__)
MEETING = "/spotkania/<int(max=2147483647):meeting_id>"


@bp.get("/k/<int(max=2147483647):number>")
@public
def short(number: int) -> ResponseReturnValue:
    """Lead from paper to the page; the address holds however often the page moves."""
    found = consultations.find_by_id(current_tenant().id, number)
    if found is None or found.state not in PUBLIC:
        abort(404)
    return redirect(url_for("consultations.show", slug=found.slug), code=302)


@bp.get("/konsultacje/<slug>/plakat.pdf")
@public
def poster(slug: str) -> ResponseReturnValue:
    return _of_consultation(slug, _poster_size(), "plakat")


@bp.get("/konsultacje/<slug>/ulotka.pdf")
@public
def leaflet(slug: str) -> ResponseReturnValue:
    return _of_consultation(slug, Paper.A5, "ulotka")


@bp.get(MEETING + "/plakat.pdf")
@public
def meeting_poster(meeting_id: int) -> ResponseReturnValue:
    return _of_meeting(meeting_id, _poster_size(), "plakat")


@bp.get(MEETING + "/ulotka.pdf")
@public
def meeting_leaflet(meeting_id: int) -> ResponseReturnValue:
    return _of_meeting(meeting_id, Paper.A5, "ulotka")


def _of_consultation(slug: str, size: Paper, name: str) -> Response:
    consultation = open_published(slug)
    tenant, now = current_tenant(), clock.now()
    return _pdf(
        lambda: posters.of_consultation(tenant, consultation, size, now=now),
        f"{name}-{consultation.slug}",
    )


def _of_meeting(meeting_id: int, size: Paper, name: str) -> Response:
    meeting = meetings.get_meeting(current_tenant(), meeting_id).meeting
    tenant, now = current_tenant(), clock.now()
    return _pdf(
        lambda: posters.of_meeting(tenant, meeting, size, now=now),
        f"{name}-spotkanie-{meeting.id}",
    )


def _poster_size() -> Paper:
    return Paper.A3 if request.args.get("format") == "a3" else Paper.A4


def _pdf(make: Callable[[], bytes], name: str) -> Response:
    try:
        content = make()
    except NotTypeset as trouble:
        log.warning("a sheet was not typeset: %s", trouble)
        abort(503)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
