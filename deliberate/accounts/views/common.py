"""The blueprint that the pages share, the way back after signing in, and the page of too many."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.accounts import browsers, sessions
from deliberate.accounts.current import current_session
from deliberate.kernel import clock
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.urls import safe_next

bp = Blueprint("accounts", __name__)

# A page of the installation, outside of /g/<slug>/, where url_for cannot lead from inside.
DEMO_MAIL = "/poczta"


@bp.context_processor
def _demo() -> dict[str, object]:
    return {"demo_mail_url": DEMO_MAIL}


def way_back() -> str | None:
    """Return ``wroc`` of this request if it is a path of ours, to be handed on between pages."""
    return safe_next(request.args.get("wroc"))


def return_url() -> str:
    """Return where to go once signed in: never out of this municipality."""
    target = way_back()
    if target is None:
        return url_for("pages.home")
    root = request.script_root
    return target if target.startswith(f"{root}/") else root + target


def browser_name() -> str:
    return browsers.name_of(request.headers.get("User-Agent", ""))


def is_fresh() -> bool:
    return sessions.is_fresh(current_session(), clock.now())


def too_many(template: str, trouble: TooMany, **context: object) -> ResponseReturnValue:
    """Show the same page with what was typed and when to try again."""
    seconds = max(1, int((trouble.retry_at - clock.now()).total_seconds()))
    page = render_template(template, retry_at=clock.local(trouble.retry_at), **context)
    return page, 429, {"Retry-After": str(seconds)}
