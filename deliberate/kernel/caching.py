"""Anonymous pages are answered 304 from one query: the municipality's version.

They carry no token and set no cookie, so that nothing but these decides what they show: the
build, the municipality and its version, language, theme, size of text, and the hour – phases
begin and end on whole hours, "zostało 6 dni" changes at midnight.
"""

from __future__ import annotations

import gzip
import hashlib

from flask import Flask, Response, current_app, g, make_response, request
from flask import session as cookie

from deliberate.kernel import assets, clock, i18n

Unchanged = Response | None


def init_app(app: Flask) -> None:
    app.before_request(_answer_unchanged)
    app.after_request(_mark)


def cached_for_visitors(view: object) -> bool:
    return getattr(view, "access", "") == "public" and not getattr(view, "never_cached", False)


def _eligible() -> bool:
    return (
        request.method in ("GET", "HEAD")
        and g.get("tenant") is not None
        and request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) is None
        and cached_for_visitors(current_app.view_functions.get(request.endpoint or ""))
    )


def _answer_unchanged() -> Unchanged:
    if not _eligible():
        return None
    g.etag = _etag()
    if request.if_none_match.contains_weak(g.etag):
        response = make_response("", 304)
        response.set_etag(g.etag, weak=True)
        return response
    return None


def _etag() -> str:
    tenant = g.tenant
    parts = (
        assets.build_version(),
        tenant.id,
        tenant.version,
        i18n.choose_locale(),
        i18n.theme(),
        i18n.text_size(),
        clock.local(clock.now()).strftime("%Y-%m-%d %H"),
        request.headers.get("HX-Request", ""),
        request.full_path,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _mark(response: Response) -> Response:
    etag = g.get("etag")
    if etag is None or cookie.modified or response.status_code not in (200, 304):
        return response
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    _compress(response)
    return response


def _compress(response: Response) -> None:
    """Send a page small. Only such a page: it holds no secret that its length could give away."""
    if response.mimetype != "text/html" or not response.is_sequence:
        return
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
