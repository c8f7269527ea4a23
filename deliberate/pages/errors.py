"""Error pages: what happened, what was kept, what to do next. Never a bare code."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from deliberate.access.roles import NAMES
from deliberate.kernel import clock, htmx
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refused
from deliberate.kernel.urls import safe_next
from deliberate.tenancy.current import find_tenant

log = logging.getLogger(__name__)

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})


def install(app: Flask) -> None:
    app.register_error_handler(Refused, show_refusal)
    app.register_error_handler(TooMany, show_too_many)
    app.register_error_handler(CSRFError, show_forged)
    app.register_error_handler(OperationalError, show_database_trouble)
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(Exception, show_breakdown)


def show_refusal(refused: Refused) -> ResponseReturnValue:
    template = "errors/_refused.html" if htmx.is_htmx() else "errors/refused.html"
    headers = {"HX-Retarget": "#status", "HX-Reswap": "innerHTML"}
    return render_template(template, refusal=refused.refusal), 409, headers


def show_too_many(too_many: TooMany) -> ResponseReturnValue:
    seconds = max(1, int((too_many.retry_at - clock.now()).total_seconds()))
    headers = {
        "Retry-After": str(seconds),
        "HX-Retarget": "#status",
        "HX-Reswap": "innerHTML",
    }
    template = "errors/_too_many.html" if htmx.is_htmx() else "errors/429.html"
    return render_template(template, retry_at=too_many.retry_at), 429, headers


def show_forged(_error: CSRFError) -> ResponseReturnValue:
    """The form is older than the session, or comes from elsewhere."""
    return render_template("errors/400.html", stale_form=True), 400


def show_database_trouble(error: OperationalError) -> ResponseReturnValue:
    log.error("database trouble in request %s: %s", g.get("request_id"), type(error.orig).__name__)
    return _page_after_trouble("errors/503.html"), 503, {"Retry-After": "5"}


def show_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    template = f"errors/{code if code in PAGES else 400}.html"
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    if code == 401 and htmx.is_htmx() and find_tenant() is not None:
        headers["HX-Redirect"] = _sign_in_and_return()
    roles = [say(NAMES[role]) for role in g.get("needed_roles", [])]
    page = render_template(template, error=error, needed_roles=roles, path=request.path)
    return page, code, headers


def show_breakdown(error: Exception) -> ResponseReturnValue:
    """A promise of ours is broken: log it with the number that the page shows."""
    log.error("request %s broke", g.get("request_id"), exc_info=error)
    page = _page_after_trouble("errors/500.html", request_id=g.get("request_id", ""))
    return page, 500


def _page_after_trouble(template: str, **context: object) -> str:
    """Render a page though the database may be gone: then without the municipality's words."""
    db.session.rollback()
    try:
        return render_template(template, **context)
    except DBAPIError:
        db.session.rollback()
        g.tenant = g.person = None
        g.memberships = []
        return render_template(template, **context)


def _sign_in_and_return() -> str:
    """Return where a page goes whose session ended while it was open."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    here = f"{shown.path}?{shown.query}" if shown.query else shown.path
    return url_for("accounts.sign_in", wroc=safe_next(here))
