"""What the installation says of itself: health, how to report a hole, what browsers report."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import UTC, timedelta
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from deliberate.access.decorators import never_cached, public
from deliberate.config import Settings
from deliberate.kernel import clock, migrate, ratelimit
from deliberate.kernel.db import db, transaction
from deliberate.kernel.security import csrf
from deliberate.tenancy.current import find_tenant, for_any_host, for_installation

log = logging.getLogger(__name__)
bp = Blueprint("installation", __name__)

EXPIRES = "deliberate.security_txt_expires"
SECURITY_TXT_VALID = timedelta(days=360)  # the standard (RFC 9116) says less than a year
LEAST_FREE = 1024**3  # bytes
LEAST_FREE_SHARE = 0.1

LONGEST_REPORT = 10 * 1024
REPORTS = ratelimit.Limit(bucket="csp-report", most=60, per=timedelta(hours=1))
# Only these words of a report reach the log: the rest is whatever the sender wrote.
DIRECTIVES = frozenset(
    {
        "base-uri", "connect-src", "default-src", "font-src", "form-action", "frame-ancestors",
        "frame-src", "img-src", "manifest-src", "media-src", "object-src", "script-src",
        "script-src-attr", "script-src-elem", "style-src", "style-src-attr", "style-src-elem",
    }
)  # fmt: skip


def install(app: Flask) -> None:
    app.extensions[EXPIRES] = clock.now() + SECURITY_TXT_VALID
    csrf.exempt(csp_report)  # the browser sends it, no page of ours does


@bp.get("/healthz")
@for_any_host
@never_cached
@public
def health() -> ResponseReturnValue:
    """Say that the process answers. Asks nothing of the database."""
    return _plain("ok\n")


@bp.get("/health/ready")
@for_any_host
@never_cached
@public
def ready() -> ResponseReturnValue:
    """Say whether the installation can work, to whoever asks from the machine itself."""
    if not _is_local(request.remote_addr):
        abort(404)
    troubles = [name for name, holds in _checks().items() if not holds]
    if troubles:
        log.error("not ready: %s", ", ".join(troubles))
        return _plain("".join(f"{name}: nie\n" for name in troubles), 503)
    return _plain("ok\n")


@bp.get("/.well-known/security.txt")
@for_installation
@never_cached
@public
def security_txt() -> ResponseReturnValue:
    settings = _settings()
    expires = current_app.extensions[EXPIRES].astimezone(UTC)
    return _plain(
        f"Contact: {settings.reports_to}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        "Preferred-Languages: pl, en\n"
        f"Canonical: {_host(settings)}/.well-known/security.txt\n"
    )


@bp.get("/robots.txt")
@for_installation
@never_cached
@public
def robots() -> ResponseReturnValue:
    if _settings().is_demo:  # a made-up municipality is nobody's search result
        return _plain("User-agent: *\nDisallow: /\n")
    closed = ("/urzad", "/konto", "/moje", "/zaloguj", "/szukaj")
    lines = [f"Disallow: {prefix}{path}" for prefix in ("", "/g/*") for path in closed]
    return _plain("\n".join(["User-agent: *", *lines, ""]))


@bp.post("/csp-report")
@for_any_host
@public
def csp_report() -> ResponseReturnValue:
    """Count what browsers refused to load. Keeps nothing but the name of the directive."""
    request.max_content_length = LONGEST_REPORT
    body = request.get_data()
    ratelimit.check(REPORTS, ratelimit.address())
    with transaction():
        ratelimit.count(REPORTS, ratelimit.address())
    log.warning("browser refused: %s", _directive(body))
    return "", 204


def _directive(body: bytes) -> str:
    try:
        report = json.loads(body)["csp-report"]
        said = report.get("effective-directive") or report.get("violated-directive")
        name = str(said).partition(" ")[0]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "unreadable"
    return name if name in DIRECTIVES else "unknown"


def _checks() -> dict[str, bool]:
    settings = _settings()
    at, newest = migrate.state(settings.database_url)
    disk = shutil.disk_usage(settings.folder)
    return {
        "baza": db.session.scalar(text("SELECT 1")) == 1,
        "migracje": at == newest,
        "dysk": disk.free > LEAST_FREE and disk.free > disk.total * LEAST_FREE_SHARE,
    }


def _is_local(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _host(settings: Settings) -> str:
    """Return where this host's pages begin. Never what the request calls the host."""
    tenant = find_tenant()
    if tenant is None or settings.by_path:
        return settings.public_url
    return settings.origin(host=tenant.host, slug=tenant.slug)


def _plain(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/plain")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["deliberate.settings"]
    return settings
