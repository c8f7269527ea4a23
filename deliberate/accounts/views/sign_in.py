"""Signing in by a code or a password, then by a second factor if there is one; signing out.

Nothing here tells whether an address has an account: until the code is typed, a known and an
unknown address are treated by the same lines. GET never signs in.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public, signed_in
from deliberate.accounts import factor_rules, limits, passwords, queries, rules, sessions
from deliberate.accounts.actions import codes as code_actions
from deliberate.accounts.actions import people, residence
from deliberate.accounts.actions import sign_in as sign_in_actions
from deliberate.accounts.actions.people import Introduction
from deliberate.accounts.actions.sign_in import Admission, Step
from deliberate.accounts.current import current_person, current_session
from deliberate.accounts.forms import (
    CodeForm,
    EmailForm,
    FactorForm,
    IntroductionForm,
    PasswordSignInForm,
)
from deliberate.accounts.models import EmailToken, Purpose
from deliberate.accounts.views.common import (
    bp,
    browser_name,
    return_url,
    too_many,
    way_back,
)
from deliberate.kernel import htmx, i18n
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as places
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import MunicipalityKind

# Keys in the cookie: which token this browser holds.
CODE, INTRODUCTION, SECOND = "k", "i", "d"
SECOND_PAGE = "accounts/second_step.html"
# What another code may mend; after any other refusal signing in begins anew.
TRY_AGAIN = (
    factor_rules.CODE_WRONG,
    factor_rules.CODE_REPLAYED,
    factor_rules.RECOVERY_USED,
    factor_rules.UNREADABLE,
)


@bp.get("/zaloguj")
@never_cached
@public
def sign_in() -> ResponseReturnValue:
    current_tenant()
    person = current_person()
    if person is not None and way_back() is None:
        return redirect(url_for("accounts.account"), code=303)
    address = person.email if person else None
    return render_template("accounts/sign_in.html", **_form(EmailForm(email=address)))


@bp.post("/zaloguj")
@never_cached
@public
def send_code() -> ResponseReturnValue:
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", **_form(form)), 422
    return _send(form.email.data, page="accounts/sign_in.html", form=form)


@bp.get("/zaloguj/kod")
@never_cached
@public
def code() -> ResponseReturnValue:
    token = _pending()
    if token is None:
        return _start_again()
    return render_template("accounts/code.html", **_form(CodeForm()), address=token.email)


@bp.post("/zaloguj/kod")
@never_cached
@public
def check_code() -> ResponseReturnValue:
    tenant, token, form = current_tenant(), _pending(), CodeForm()
    if token is None:
        return _start_again()
    address, page = token.email, "accounts/code.html"
    if not form.validate_on_submit():
        return render_template(page, **_form(form), address=address), 422
    try:
        with transaction():
            spent = code_actions.spend(
                token.id, form.code.data, purpose=Purpose.SIGN_IN, tenant=tenant
            )
            admitted = (
                sign_in_actions.admit(
                    spent, tenant=tenant, browser=browser_name(), replaces=current_session()
                )
                if isinstance(spent, EmailToken)
                else None
            )
    except TooMany as trouble:
        return too_many(page, trouble, **_form(form), address=address)
    if isinstance(spent, Refusal):
        form.code.errors = [spent.message]
        status = 422 if spent is rules.CODE_WRONG else 409
        return render_template(page, **_form(form), address=address), status
    return _start_again() if admitted is None else _welcome(admitted)


@bp.post("/zaloguj/kod/nowy")
@never_cached
@public
def resend_code() -> ResponseReturnValue:
    token = _pending()
    if token is None:
        return _start_again()
    return _send(token.email, page="accounts/code.html", form=CodeForm(formdata=None))


@bp.get("/zaloguj/poznajmy-sie")
@never_cached
@public
def introduction() -> ResponseReturnValue:
    if _proven() is None:
        return _start_again()
    return render_template("accounts/introduction.html", **_introduction(IntroductionForm()))


@bp.post("/zaloguj/poznajmy-sie")
@never_cached
@public
def introduce() -> ResponseReturnValue:
    tenant, token = current_tenant(), _proven()
    if token is None:
        return _start_again()
    form, page = IntroductionForm(), "accounts/introduction.html"
    context = _introduction(form)
    if not form.validate_on_submit():
        return render_template(page, **context), 422
    who = Introduction(
        display_name=form.display_name.data, form=form.form.data, locale=i18n.locale()
    )
    area = places.find_area(tenant, form.area_id)
    try:
        with transaction():
            person = people.register(token.id, who, tenant=tenant)
            if person is not None and form.lives_here.data:
                residence.declare_first(person, tenant=tenant, area=area)
            admitted = (
                sign_in_actions.sign_in(
                    person, tenant=tenant, browser=browser_name(), replaces=current_session()
                )
                if person is not None
                else None
            )
    except TooMany as trouble:
        return too_many(page, trouble, **context)
    if admitted is None:
        return _start_again()
    if admitted.step is not Step.SIGNED_IN:
        return _welcome(admitted)
    sessions.remember(admitted.token)
    return htmx.done(N_("Konto jest gotowe."), to=return_url())


@bp.get("/zaloguj/haslo")
@never_cached
@public
def password() -> ResponseReturnValue:
    current_tenant()
    return render_template("accounts/password_sign_in.html", **_form(PasswordSignInForm()))


@bp.post("/zaloguj/haslo")
@never_cached
@public
def check_password() -> ResponseReturnValue:
    tenant, form, page = current_tenant(), PasswordSignInForm(), "accounts/password_sign_in.html"
    if not form.validate_on_submit():
        return render_template(page, **_form(form)), 422
    address = form.email.data
    try:
        limits.check_failures(rules.fold_email(address))  # before work that costs something
        person = queries.find_person_by_email(address)
        stored = person.password_hash if person else None
        checked = stored if passwords.matches(stored, form.password.data) else None
        with transaction():
            admitted = sign_in_actions.sign_in_by_password(
                address,
                checked,
                tenant=tenant,
                browser=browser_name(),
                replaces=current_session(),
            )
    except TooMany as trouble:
        return too_many(page, trouble, **_form(form))
    if admitted is None:
        form.password.errors = [N_("Adres albo hasło się nie zgadza.")]
        return render_template(page, **_form(form)), 422
    return _welcome(admitted)


@bp.get("/zaloguj/drugi-skladnik")
@never_cached
@public
def second_step() -> ResponseReturnValue:
    if _halfway() is None:
        return _start_again()
    return render_template("accounts/second_step.html", **_form(FactorForm()))


@bp.post("/zaloguj/drugi-skladnik")
@never_cached
@public
def check_second_step() -> ResponseReturnValue:
    tenant, token, form, page = current_tenant(), _halfway(), FactorForm(), SECOND_PAGE
    if token is None:
        return _start_again()
    if not form.validate_on_submit():
        return render_template(page, **_form(form)), 422
    try:
        with transaction():
            admitted = sign_in_actions.take_second_step(
                token.id,
                form.code.data,
                tenant=tenant,
                browser=browser_name(),
                replaces=current_session(),
            )
    except TooMany as trouble:
        return too_many(page, trouble, **_form(form))
    if isinstance(admitted, Refusal):
        if admitted not in TRY_AGAIN:
            return render_template(page, **_form(form), refusal=admitted), 409
        form.code.errors = [admitted.message]
        return render_template(page, **_form(form)), 422
    return _welcome(admitted)


@bp.post("/wyloguj")
@signed_in
def sign_out() -> ResponseReturnValue:
    session = current_session()
    if session is not None:
        with transaction():
            sessions.end(session.token_hash)
    cookie.clear()
    answer = redirect(url_for("pages.home"), code=303)
    # On a shared computer: drafts in the browser and pages in its memory go too.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _form(form: EmailForm | CodeForm | FactorForm) -> dict[str, object]:
    return {"form": form, "wroc": way_back()}


def _introduction(form: IntroductionForm) -> dict[str, object]:
    tenant = current_tenant()
    areas = places.list_areas(tenant)
    form.ask_about(tenant, areas, i18n.locale())
    return {
        "form": form,
        "wroc": way_back(),
        "areas": areas,
        "has_residents": tenant.kind != MunicipalityKind.ORGANISER,
    }


def _send(address: str, *, page: str, form: EmailForm | CodeForm) -> ResponseReturnValue:
    former: str | None = cookie.get(CODE)
    try:
        with transaction():
            token = code_actions.send_sign_in(
                address, tenant=current_tenant(), locale=i18n.locale(), instead_of=former
            )
    except TooMany as trouble:
        return too_many(page, trouble, **_form(form), address=address)
    cookie[CODE] = token
    return redirect(url_for("accounts.code", wroc=way_back()), code=303)


def _pending() -> EmailToken | None:
    """Return the token that this browser waits with, however old or used."""
    return queries.find_token(cookie.get(CODE), current_tenant(), Purpose.SIGN_IN)


def _proven() -> EmailToken | None:
    return queries.find_token(cookie.get(INTRODUCTION), current_tenant(), Purpose.INTRODUCE)


def _halfway() -> EmailToken | None:
    """Return the token of whoever proved the first factor here, however old or used."""
    return queries.find_token(cookie.get(SECOND), current_tenant(), Purpose.SECOND_STEP)


def _start_again() -> ResponseReturnValue:
    if current_person() is not None:
        return redirect(return_url(), code=303)
    return redirect(url_for("accounts.sign_in", wroc=way_back()), code=303)


def _welcome(admitted: Admission) -> ResponseReturnValue:
    if admitted.step is Step.SIGNED_IN:
        sessions.remember(admitted.token)
        return redirect(return_url(), code=303)
    # A new cookie here too: what was known of it before the address was proven opens nothing. Only
    # who is signed in, and proves it once more, stays so meanwhile.
    if admitted.step is Step.INTRODUCTION or current_session() is None:
        cookie.clear()
    if admitted.step is Step.SECOND:
        cookie[SECOND] = admitted.token
        return redirect(url_for("accounts.second_step", wroc=way_back()), code=303)
    cookie[INTRODUCTION] = admitted.token
    return redirect(url_for("accounts.introduction", wroc=way_back()), code=303)
