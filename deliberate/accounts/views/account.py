"""My account: name, address, password, browsers, my data, closing."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from deliberate.access.decorators import public, signed_in
from deliberate.accounts import (
    failures,
    former_refusals,
    limits,
    mydata,
    passwords,
    queries,
    rules,
    sessions,
)
from deliberate.accounts.actions import codes as code_actions
from deliberate.accounts.actions import people
from deliberate.accounts.actions.people import Introduction
from deliberate.accounts.current import current_session, get_person
from deliberate.accounts.forms import (
    AccountForm,
    ClosingForm,
    CodeForm,
    EmailForm,
    NewPasswordForm,
)
from deliberate.accounts.models import EmailToken, Person, Purpose, SignInSession
from deliberate.accounts.views.common import bp, is_fresh, too_many
from deliberate.kernel import clock, htmx, i18n
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

NEW_EMAIL = "e"  # key in the cookie: which token a change of address waits with
REFERENCE_LENGTH = 16  # of a session in a URL: enough to tell one's own apart


@bp.get("/konto")
@signed_in
def account() -> ResponseReturnValue:
    person = get_person()
    form = AccountForm(display_name=person.display_name, form=person.form, locale=person.locale)
    return render_template("accounts/account.html", **_account(form))


@bp.post("/konto")
@signed_in
def save_account() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return render_template("accounts/account.html", **_account(form)), 422
    who = Introduction(
        display_name=form.display_name.data, form=form.form.data, locale=form.locale.data
    )
    with transaction():
        people.introduce(get_person(), who)
    answer = make_response(htmx.done(N_("Zapisane."), to=url_for("accounts.account")))
    # The switch in the header is a cookie and would go before what was chosen here.
    answer.delete_cookie(i18n.COOKIE)
    return answer


@bp.get("/konto/e-mail")
@signed_in
def new_email() -> ResponseReturnValue:
    return render_template("accounts/new_email.html", form=EmailForm(), fresh=is_fresh())


@bp.post("/konto/e-mail")
@signed_in
def send_email_code() -> ResponseReturnValue:
    form, page = EmailForm(), "accounts/new_email.html"
    if not is_fresh():
        raise Refused(rules.NOT_FRESH)
    if not form.validate_on_submit():
        return render_template(page, form=form, fresh=True), 422
    try:
        with transaction():
            token = code_actions.send_change_email(
                form.email.data, get_person(), tenant=current_tenant()
            )
    except TooMany as trouble:
        return too_many(page, trouble, form=form, fresh=True)
    cookie[NEW_EMAIL] = token
    return redirect(url_for("accounts.new_email_code"), code=303)


@bp.get("/konto/e-mail/kod")
@signed_in
def new_email_code() -> ResponseReturnValue:
    token = _pending_email()
    if token is None:
        return redirect(url_for("accounts.new_email"), code=303)
    return render_template("accounts/new_email_code.html", form=CodeForm(), address=token.email)


@bp.post("/konto/e-mail/kod")
@signed_in
def change_email() -> ResponseReturnValue:
    tenant, token, form = current_tenant(), _pending_email(), CodeForm()
    if token is None:
        return redirect(url_for("accounts.new_email"), code=303)
    page, address = "accounts/new_email_code.html", token.email
    if not form.validate_on_submit():
        return render_template(page, form=form, address=address), 422
    try:
        with transaction():
            spent = code_actions.spend(
                token.id, form.code.data, purpose=Purpose.CHANGE_EMAIL, tenant=tenant
            )
            if isinstance(spent, EmailToken):
                people.change_email(get_person(), spent, tenant=tenant, keep=_session())
    except TooMany as trouble:
        return too_many(page, trouble, form=form, address=address)
    if isinstance(spent, Refusal):
        form.code.errors = [spent.message]
        status = 422 if spent is rules.CODE_WRONG else 409
        return render_template(page, form=form, address=address), status
    cookie.pop(NEW_EMAIL, None)
    status_text = N_("Adres jest zmieniony. Inne przeglądarki zostały wylogowane.")
    return htmx.done(status_text, to=url_for("accounts.account"))


@bp.get("/konto/haslo")
@signed_in
def new_password() -> ResponseReturnValue:
    return render_template("accounts/new_password.html", **_password(NewPasswordForm()))


@bp.post("/konto/haslo")
@signed_in
def set_password() -> ResponseReturnValue:
    form, person = NewPasswordForm(), get_person()
    if not form.validate_on_submit():
        return render_template("accounts/new_password.html", **_password(form)), 422
    if not is_fresh():
        if person.password_hash is None:
            raise Refused(rules.NOT_FRESH)
        try:
            knows = _knows_password(person, form.current.data or "")
        except TooMany as trouble:
            return too_many("accounts/new_password.html", trouble, **_password(form))
        if not knows:
            form.current.errors = [rules.PASSWORD_WRONG.message]
            return render_template("accounts/new_password.html", **_password(form)), 422
    hashed = passwords.hash_password(form.password.data)
    with transaction():
        people.set_password(person, hashed, keep=_session())
    status = N_("Hasło jest ustawione. Inne przeglądarki zostały wylogowane.")
    return htmx.done(status, to=url_for("accounts.account"))


@bp.post("/konto/haslo/usuniecie")
@signed_in
def remove_password() -> ResponseReturnValue:
    if not is_fresh():
        raise Refused(rules.NOT_FRESH)
    with transaction():
        people.set_password(get_person(), None, keep=_session())
    return htmx.done(
        N_("Hasło jest usunięte. Zalogujesz się kodem."), to=url_for("accounts.account")
    )


@bp.post("/konto/sesje/koniec")
@signed_in
def end_all_sessions() -> ResponseReturnValue:
    with transaction():
        sessions.end_all(get_person().id)
    cookie.clear()
    return redirect(url_for("accounts.sign_in"), code=303)


@bp.post("/konto/sesje/<reference>/koniec")
@signed_in
def end_session(reference: str) -> ResponseReturnValue:
    found = _own_session(reference) or abort(404)
    with transaction():
        sessions.end(found.token_hash)
    if found.token_hash == _session().token_hash:
        cookie.clear()
        return redirect(url_for("accounts.sign_in"), code=303)
    return htmx.done(N_("Ta przeglądarka jest wylogowana."), to=url_for("accounts.account"))


@bp.get("/konto/dane.json")
@signed_in
def download() -> ResponseReturnValue:
    body = json.dumps(
        mydata.collect(get_person()), ensure_ascii=False, indent=2, default=_moment_text
    )
    return Response(
        body,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="moje-dane.json"'},
    )


@bp.get("/konto/zamkniecie")
@signed_in
def closing() -> ResponseReturnValue:
    return render_template("accounts/closing.html", **_closing(ClosingForm()))


@bp.post("/konto/zamkniecie")
@signed_in
def close() -> ResponseReturnValue:
    form = ClosingForm()
    if not is_fresh():
        raise Refused(rules.NOT_FRESH)
    if not form.validate_on_submit():
        return render_template("accounts/closing.html", **_closing(form)), 422
    with transaction():
        people.close(get_person(), tenant=current_tenant(), actor=current_actor())
    cookie.clear()
    answer: AnyResponse = redirect(url_for("accounts.closed"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/konto/zamkniete")
@public
def closed() -> ResponseReturnValue:
    current_tenant()
    return render_template("accounts/closed.html")


def _account(form: AccountForm) -> dict[str, object]:
    person, tenant = get_person(), current_tenant()
    return {
        "form": form,
        "residence": queries.find_residence(tenant, person),
        "has_second_factor": current_actor().has_second_factor,
        "browsers": [
            {
                "reference": row.token_hash[:REFERENCE_LENGTH],
                "name": row.browser,
                "place": place,
                "since": row.created_at,
                "current": row.token_hash == _session().token_hash,
            }
            for row, place in queries.list_sessions(person, now=clock.now())
        ],
    }


def _knows_password(person: Person, typed: str) -> bool:
    """Check the present password, limited like signing in: a borrowed session must not guess."""
    account = person.email_folded or ""
    limits.check_failures(account)
    right = passwords.matches(person.password_hash, typed)
    if not right:
        with transaction():
            failures.count(account, tenant=current_tenant())
    return right


def _password(form: NewPasswordForm) -> dict[str, object]:
    return {"form": form, "fresh": is_fresh(), "has_password": get_person().password_hash}


def _closing(form: ClosingForm) -> dict[str, object]:
    has_role = queries.has_role_anywhere(get_person(), now=clock.now())
    refusal = rules.HAS_ROLE if has_role else None
    return {
        "form": form,
        "fresh": is_fresh(),
        "refusal": refusal,
        "refused": former_refusals.is_refused_anywhere(get_person()),
    }


def _session() -> SignInSession:
    return current_session() or abort(401)


def _own_session(reference: str) -> SignInSession | None:
    mine = queries.list_sessions(get_person(), now=clock.now())
    return next((row for row, _ in mine if row.token_hash[:REFERENCE_LENGTH] == reference), None)


def _pending_email() -> EmailToken | None:
    token = queries.find_token(cookie.get(NEW_EMAIL), current_tenant(), Purpose.CHANGE_EMAIL)
    return token if token is not None and token.person_id == get_person().id else None


def _moment_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"Not a value of a person's data: {value!r}")
