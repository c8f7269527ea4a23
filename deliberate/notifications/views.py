"""Which letters a person gets, the way out of each letter, and one letter without an account."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public, signed_in
from deliberate.accounts.current import get_person
from deliberate.accounts.models import Person
from deliberate.kernel import clock, htmx, i18n, ratelimit
from deliberate.kernel.db import db, transaction
from deliberate.kernel.security import csrf
from deliberate.kernel.texts import N_
from deliberate.notifications import actions, links, queries
from deliberate.notifications.forms import OneLetterForm, PreferencesForm
from deliberate.notifications.links import Stop
from deliberate.notifications.notices import LABELS
from deliberate.tenancy.current import current_tenant

bp = Blueprint("notifications", __name__)

# For one person's one kind: a mail provider asks for all its readers from a few addresses.
STOPS = ratelimit.Limit(bucket="stop-letters", most=20, per=timedelta(hours=1))
ONE_LETTERS = ratelimit.Limit(bucket="one-letter", most=20, per=timedelta(hours=1))


@bp.get("/konto/listy")
@signed_in
def preferences() -> ResponseReturnValue:
    off = queries.list_switched_off(get_person().id)
    form = PreferencesForm(formdata=None, kinds=[kind for kind in LABELS if kind not in off])
    return render_template("notifications/preferences.html", form=form)


@bp.post("/konto/listy")
@signed_in
def save_preferences() -> ResponseReturnValue:
    form = PreferencesForm()
    if not form.validate_on_submit():
        return render_template("notifications/preferences.html", form=form), 422
    with transaction():
        actions.switch(get_person().id, form.kinds.data or (), now=clock.now())
    return htmx.done(N_("Zapisane."), to=url_for("notifications.preferences"))


@bp.get("/listy/<token>/rezygnacja")
@never_cached
@public
def stop(token: str) -> ResponseReturnValue:
    wish = _wish(token)
    return render_template(
        "notifications/stop.html",
        token=token,
        label=LABELS[wish.kind],
        is_off=wish.kind in queries.list_switched_off(wish.person_id),
    )


@bp.post("/listy/<token>/rezygnacja")
@public
def stop_now(token: str) -> ResponseReturnValue:
    """Stop one kind: for the button of our page, and for that of a mail program (RFC 8058)."""
    wish = _wish(token)
    key = f"{wish.person_id}:{wish.kind}"
    ratelimit.check(STOPS, key)
    with transaction():
        ratelimit.count(STOPS, key)
        actions.switch_off(wish.person_id, wish.kind, now=clock.now())
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 204  # programs follow no redirect
    return htmx.done(
        N_("Takich listów już nie wyślemy."), to=url_for("notifications.stop", token=token)
    )


csrf.exempt(stop_now)  # the signed address is the permission, and a mail program has no form


@bp.get("/jeden-list")
@never_cached
@public
def one_letter() -> ResponseReturnValue:
    return render_template("notifications/one_letter.html", form=OneLetterForm(formdata=None))


@bp.post("/jeden-list")
@public
def ask_for_one_letter() -> ResponseReturnValue:
    form = OneLetterForm()
    if not form.validate_on_submit():
        return render_template("notifications/one_letter.html", form=form), 422
    ratelimit.check(ONE_LETTERS, ratelimit.address())
    with transaction():
        ratelimit.count(ONE_LETTERS, ratelimit.address())
        actions.ask_for_one_letter(
            current_tenant(),
            form.email.data,
            actions.NEXT_CONSULTATION,
            locale=i18n.locale(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Damy znać jednym listem, kiedy zaczną się następne konsultacje."),
        to=url_for("pages.home"),
    )


def _wish(token: str) -> Stop:
    wish = links.read_stop(current_tenant(), token) or abort(404)
    if wish.kind not in LABELS or db.session.get(Person, wish.person_id) is None:
        abort(404)
    return wish
