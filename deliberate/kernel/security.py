"""Headers on every answer, and the check that an unsafe request comes from our own page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, Request, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-src 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "report-uri /csp-report"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Anonymous, harmless, limited: the browser's own report and a mail program's "no more of these"
# carry no token of a form.
WITHOUT_TOKEN = frozenset({"installation.csp_report", "notifications.stop_now"})

csrf = CSRFProtect()


class WithoutNul(ImmutableMultiDict[str, Any]):
    """Parameters without the character that PostgreSQL cannot store and no keyboard types."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = [] if mapping is None else iter_multi_items(mapping)
        super().__init__([(_without_nul(name), _without_nul(value)) for name, value in pairs])


class CleanRequest(Request):
    """A request whose query and form hold no NUL; what else is wrong is for forms to say."""

    parameter_storage_class = WithoutNul


def init_app(app: Flask, *, https: bool) -> None:
    app.request_class = CleanRequest
    csrf.init_app(app)
    app.before_request(_number_the_request)
    app.before_request(_refuse_other_sites)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request", "Accept-Language"))
        return response


def _number_the_request() -> None:
    g.request_id = uuid.uuid4().hex[:12]
    if "\0" in request.path:
        abort(404)


def _refuse_other_sites() -> None:
    """Refuse unsafe requests that the browser says began elsewhere; the token is a second lock."""
    if request.method in SAFE_METHODS or request.endpoint in WITHOUT_TOKEN:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)


def _without_nul(value: Any) -> Any:
    """Any: a text of the form, or an uploaded file, which is left as it is."""
    return value.replace("\0", "") if isinstance(value, str) else value
