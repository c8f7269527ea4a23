"""My second factor: set, replaced, switched off; recovery codes, shown once.

Each change begins with a fresh sign-in and, where there is a factor, with a code of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import signed_in
from deliberate.accounts import factor_offer, factor_rules, queries, rules, totp
from deliberate.accounts.actions import second_factor as actions
from deliberate.accounts.current import current_session, get_person
from deliberate.accounts.factor_offer import Offer
from deliberate.accounts.forms import AppCodeForm, FactorForm
from deliberate.accounts.models import SignInSession
from deliberate.accounts.views.common import bp, is_fresh, return_url, too_many, way_back
from deliberate.kernel import clock, htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

OFFER = "o"  # key in the cookie: a secret that is shown and not yet confirmed, sealed
REPLACE, CODES, OFF = "zmiana", "kody", "wylaczenie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the page of one change says."""

    title: str
    lead: str
    button: str
    style: str = "primary"


CHANGES = {
    REPLACE: Change(
        title=N_("Inny telefon albo inna aplikacja"),
        lead=N_(
            "Najpierw kod z dotychczasowej aplikacji albo zapasowy. Potem pokażemy obraz dla "
            "nowej. Dotychczasowa działa, póki nowa nie jest gotowa."
        ),
        button=N_("Dalej"),
    ),
    CODES: Change(
        title=N_("Nowe kody zapasowe"),
        lead=N_("Dostaniesz dziesięć nowych kodów. Dotychczasowe przestaną działać."),
        button=N_("Pokaż nowe kody"),
    ),
    OFF: Change(
        title=N_("Wyłączenie drugiego składnika"),
        lead=N_(
            "Do zalogowania znowu wystarczy e-mail albo hasło. Pieczętować i liczyć głosowań wtedy "
            "nie można."
        ),
        button=N_("Wyłączam"),
        style="bad",
    ),
}
ANY_CHANGE = f"<any({', '.join(CHANGES)}):change>"


@bp.get("/konto/drugi-skladnik")
@signed_in
def second_factor() -> ResponseReturnValue:
    person = get_person()
    factor = queries.find_second_factor(person)
    return render_template(
        "accounts/second_factor.html",
        factor=factor,
        codes_left=queries.count_recovery_codes(person) if factor else 0,
        most_codes=factor_rules.RECOVERY_CODES,
        changes=CHANGES,
        fresh=is_fresh(),
        wroc=way_back(),
        back=_back(),
    )


@bp.post("/konto/drugi-skladnik")
@signed_in
def begin_second_factor() -> ResponseReturnValue:
    """Offer a first factor's secret; where there is one already, replacing it asks for its code."""
    if not is_fresh():
        raise Refused(rules.NOT_FRESH)
    if queries.has_second_factor(get_person()):
        raise Refused(factor_rules.ALREADY)
    return _offer()


@bp.get("/konto/drugi-skladnik/nowy")
@signed_in
def new_second_factor() -> ResponseReturnValue:
    offer = _offered()
    if offer is None:
        return redirect(url_for("accounts.second_factor", wroc=way_back()), code=303)
    return render_template("accounts/new_second_factor.html", **_shown(offer, AppCodeForm()))


@bp.post("/konto/drugi-skladnik/nowy")
@signed_in
def confirm_second_factor() -> ResponseReturnValue:
    offer, form, page = _offered(), AppCodeForm(), "accounts/new_second_factor.html"
    if offer is None:
        return redirect(url_for("accounts.second_factor", wroc=way_back()), code=303)
    if not form.validate_on_submit():
        return render_template(page, **_shown(offer, form)), 422
    try:
        with transaction():
            made = actions.confirm(
                get_person(), offer, form.code.data, tenant=current_tenant(), keep=_session()
            )
    except TooMany as trouble:
        return too_many(page, trouble, **_shown(offer, form))
    if isinstance(made, Refusal):
        form.code.errors = [made.message]
        return render_template(page, **_shown(offer, form)), 422
    cookie.pop(OFFER, None)
    return _recovery_codes(made, is_new=True)


@bp.get(f"/konto/drugi-skladnik/{ANY_CHANGE}")
@signed_in
def change_of_factor(change: str) -> ResponseReturnValue:
    if not queries.has_second_factor(get_person()):
        return redirect(url_for("accounts.second_factor"), code=303)
    return render_template("accounts/change_of_factor.html", **_asked(change, FactorForm()))


@bp.post(f"/konto/drugi-skladnik/{ANY_CHANGE}")
@signed_in
def change_factor(change: str) -> ResponseReturnValue:
    form, person, tenant = FactorForm(), get_person(), current_tenant()
    page = "accounts/change_of_factor.html"
    if not is_fresh():
        raise Refused(rules.NOT_FRESH)
    if not form.validate_on_submit():
        return render_template(page, **_asked(change, form)), 422
    made: list[str] = []
    try:
        with transaction():
            refusal = actions.prove(person, form.code.data, tenant=tenant)
            if refusal is None and change == CODES:
                made = actions.renew_recovery_codes(person, tenant=tenant)
            if refusal is None and change == OFF:
                actions.switch_off(person, tenant=tenant, keep=_session())
    except TooMany as trouble:
        return too_many(page, trouble, **_asked(change, form))
    if refusal is factor_rules.NONE:
        raise Refused(refusal)
    if refusal:
        form.code.errors = [refusal.message]
        return render_template(page, **_asked(change, form)), 422
    if change == CODES:
        return _recovery_codes(made, is_new=False)
    if change == REPLACE:
        return _offer()
    status = N_("Drugi składnik jest wyłączony. Inne przeglądarki zostały wylogowane.")
    return htmx.done(status, to=url_for("accounts.account"))


def _offer() -> ResponseReturnValue:
    person = get_person()
    factor = queries.find_second_factor(person)
    cookie[OFFER] = factor_offer.new(person, factor, now=clock.now())
    return redirect(url_for("accounts.new_second_factor", wroc=way_back()), code=303)


def _offered() -> Offer | None:
    return factor_offer.read(cookie.get(OFFER), get_person(), now=clock.now())


def _shown(offer: Offer, form: AppCodeForm) -> dict[str, object]:
    address = totp.address(
        offer.secret,
        account=get_person().email or "",
        issuer=current_tenant().official_name,
    )
    return {
        "form": form,
        "address": address,
        "picture": totp.picture(address),
        "secret": totp.in_groups(offer.secret),
        "wroc": way_back(),
    }


def _asked(change: str, form: FactorForm) -> dict[str, object]:
    return {"change": CHANGES[change], "form": form, "fresh": is_fresh()}


def _recovery_codes(made: list[str], *, is_new: bool) -> str:
    """Show them this once: they are in no table, so there is nothing to come back to."""
    return render_template(
        "accounts/recovery_codes.html",
        codes=[totp.in_groups(code) for code in made],
        is_new=is_new,
        back=_back(),
    )


def _back() -> str | None:
    """Return the page that sent the person here, if one did."""
    return return_url() if way_back() is not None else None


def _session() -> SignInSession:
    return current_session() or abort(401)
