"""The first page of a municipality, or the list of municipalities where there is none."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.config import Settings
from deliberate.consultations import queries as consultations
from deliberate.consultations.tiles import DRAWN, overview, tiles
from deliberate.kernel import clock
from deliberate.pages import front, sign_ins
from deliberate.pages.blueprint import bp
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import find_tenant, for_installation
from deliberate.tenancy.models import Municipality


@bp.get("/")
@for_installation
@public
def home() -> ResponseReturnValue:
    tenant = find_tenant()
    return _installation() if tenant is None else _municipality(tenant)


def _municipality(tenant: Municipality) -> str:
    now = clock.now()
    listed = tiles(consultations.list_public(tenant), now)
    view = overview(listed, now)
    # The one in which people can do something now, and which ends first, stands above the others.
    running = sorted(view.running, key=lambda each: front.doings(each, now) == "")
    lead = running[0] if running else None
    return render_template(
        "pages/home.html",
        view=view,
        lead=lead,
        doings=front.doings(lead, now) if lead else "",
        also=running[1:],
        next_one=view.announced[0] if view.announced else None,
        outcomes=front.list_outcomes(tenant),
        dates=front.list_dates(listed, now),
        topics=front.count_by_topic(tenant),
        drawn=DRAWN,
    )


def _installation() -> str:
    settings: Settings = current_app.extensions["deliberate.settings"]
    return render_template(
        "pages/installation.html",
        municipalities=[
            (each, settings.origin(host=each.host, slug=each.slug) + "/")
            for each in tenancy.list_municipalities()
        ],
        sign_ins=sign_ins.list_sign_ins() if settings.is_demo else [],
    )
