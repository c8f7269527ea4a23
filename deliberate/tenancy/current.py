"""Which municipality the request came to: by exact host or, where allowed, by /g/<slug>/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, abort, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from deliberate.config import Settings
from deliberate.kernel.db import db
from deliberate.tenancy import kept
from deliberate.tenancy.models import Municipality

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = Callable[..., ResponseReturnValue]
PREFIX = "/g/"
SLUG = "deliberate.slug"  # in the WSGI environment


class ByPath:
    """Moves ``/g/<slug>`` from the path to SCRIPT_NAME, so that url_for follows by itself."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            slug, slash, rest = path.removeprefix(PREFIX).partition("/")
            environ[SLUG] = slug
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX + slug
            environ["PATH_INFO"] = slash + rest or "/"
        return self.app(environ, start)


def current_tenant() -> Municipality:
    """Return the municipality of the request; 404 on pages of the installation itself."""
    return find_tenant() or abort(404)


def find_tenant() -> Municipality | None:
    tenant: Municipality | None = g.get("tenant")
    return tenant


def for_installation(view: View) -> View:
    """Mark a view that also answers where there is no municipality."""
    view.for_installation = True  # type: ignore[attr-defined]
    return view


def for_any_host(view: View) -> View:
    """Mark a view of the installation that needs no municipality and asks the database nothing."""
    view.any_host = True  # type: ignore[attr-defined]
    return for_installation(view)


def takes_kept(view: View) -> View:
    """Mark a POST that changes nothing a public page shows: like a GET it takes what is kept.

    What a rule asks about the municipality or the consultation it must read itself.
    """
    view.takes_kept = True  # type: ignore[attr-defined]
    return view


def install(app: Flask, settings: Settings) -> None:
    if settings.by_path:
        app.wsgi_app = ByPath(app.wsgi_app)  # type: ignore[assignment]

    @app.before_request
    def resolve_tenant() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if request.endpoint == "static" or hasattr(view, "any_host"):
            return
        slug: str | None = request.environ.get(SLUG)
        host = request.host.partition(":")[0].lower()
        column, value = (Municipality.slug, slug) if slug is not None else (Municipality.host, host)
        if request.method in ("GET", "HEAD") or hasattr(view, "takes_kept"):
            g.tenant = kept.read(column, value)
        else:
            g.tenant = db.session.scalar(_select_by(column), {"value": value})
        if g.tenant is None and not _answers_without_tenant(app, settings, slug):
            abort(404 if settings.by_path else 400)


@cache
def _select_by(column: InstrumentedAttribute[str]) -> Select[Municipality]:
    return select(Municipality).where(column == bindparam("value"))


def _answers_without_tenant(app: Flask, settings: Settings, slug: str | None) -> bool:
    if slug is not None:
        return False
    view = app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "for_installation"):
        return False
    return settings.by_path
