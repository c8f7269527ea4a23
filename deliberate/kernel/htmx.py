"""Answering the same request for a browser with HTMX and for one without."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext


def is_htmx() -> bool:
    """Tell whether HTMX asks for a part of the page.

    A boosted link and a restored history entry ask for all of it.
    """
    return (
        "HX-Request" in request.headers
        and "HX-Boosted" not in request.headers
        and "HX-History-Restore-Request" not in request.headers
    )


def changed(template: str, status: str, *, to: str, **context: object) -> ResponseReturnValue:
    """Answer a change that succeeded.

    HTMX gets ``template``, with ``status`` for the page's live region; anyone else is sent to
    ``to`` (303, so that reloading repeats nothing) and reads ``status`` there. ``status`` is a
    text marked with N_.
    """
    if is_htmx():
        return render_template(template, status=gettext(status), **context)
    return done(status, to=to)


def done(status: str, *, to: str, **values: object) -> ResponseReturnValue:
    """Answer a change that leads to another page: say ``status`` there."""
    flash(gettext(status, **values))
    if is_htmx():
        return "", 204, {"HX-Redirect": to}
    return redirect(to, code=303)
