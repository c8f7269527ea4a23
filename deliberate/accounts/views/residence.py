"""Where I live: declaring it, asking for a letter, typing its code."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import signed_in
from deliberate.accounts import queries, rules
from deliberate.accounts.actions import residence as actions
from deliberate.accounts.current import get_person
from deliberate.accounts.forms import DeclarationForm, LetterCodeForm, LetterForm
from deliberate.accounts.views.common import bp, return_url, way_back
from deliberate.kernel import clock, htmx, i18n
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as places
from deliberate.tenancy.current import current_tenant

PAGE = "accounts/residence.html"


@bp.get("/konto/zamieszkanie")
@signed_in
def residence() -> ResponseReturnValue:
    return render_template(PAGE, **_context())


@bp.post("/konto/zamieszkanie")
@signed_in
def declare_residence() -> ResponseReturnValue:
    tenant, form = current_tenant(), DeclarationForm()
    context = _context(declaration=form)
    if not form.validate_on_submit():
        return render_template(PAGE, **context), 422
    area = places.find_area(tenant, form.area_id)
    with transaction():
        actions.declare(get_person(), tenant=tenant, area=area)
    to = return_url() if way_back() else url_for("accounts.residence")
    return htmx.done(N_("Oświadczenie jest zapisane."), to=to)


@bp.post("/konto/zamieszkanie/wycofanie")
@signed_in
def withdraw_residence() -> ResponseReturnValue:
    with transaction():
        actions.withdraw(get_person(), tenant=current_tenant())
    return htmx.done(N_("Oświadczenie jest wycofane."), to=url_for("accounts.residence"))


@bp.post("/konto/zamieszkanie/list")
@signed_in
def ask_for_letter() -> ResponseReturnValue:
    form = LetterForm()
    if not form.validate_on_submit():
        return render_template(PAGE, **_context(letter=form)), 422
    with transaction():
        actions.ask_for_letter(
            get_person(),
            tenant=current_tenant(),
            name=form.name.data,
            address=form.address.data,
        )
    return htmx.done(
        N_("Prośba o list jest w urzędzie. List przyjdzie pocztą."),
        to=url_for("accounts.residence"),
    )


@bp.post("/konto/zamieszkanie/kod")
@signed_in
def use_letter_code() -> ResponseReturnValue:
    form = LetterCodeForm()
    if not form.validate_on_submit():
        return render_template(PAGE, **_context(code=form)), 422
    with transaction():
        refusal = actions.try_letter_code(get_person(), form.code.data, tenant=current_tenant())
    if refusal is not None:
        form.code.errors = [refusal.message]
        status = 422 if refusal is rules.LETTER_CODE_WRONG else 409
        return render_template(PAGE, **_context(code=form)), status
    return htmx.done(N_("Zamieszkanie jest potwierdzone."), to=url_for("accounts.residence"))


def _context(
    *,
    declaration: DeclarationForm | None = None,
    letter: LetterForm | None = None,
    code: LetterCodeForm | None = None,
) -> dict[str, object]:
    """Give the page what it shows; a form that was just sent comes back as it was typed."""
    tenant = current_tenant()
    found = queries.find_residence(tenant, get_person())
    facts = queries.residence_facts(tenant, found, now=clock.now())
    areas = places.list_areas(tenant)
    if declaration is None:
        declaration = DeclarationForm(
            formdata=None,
            lives_here=found is not None,
            area=str(found.area_id or "") if found else "",
        )
    declaration.ask_about(tenant, areas, i18n.locale())
    sent_at = found.letter_sent_at if found else None
    return {
        "return_url": return_url() if way_back() else None,
        "residence": found,
        "areas": areas,
        "declaration": declaration,
        "declaration_refusal": rules.declaration_refusal(facts),
        "letter": letter or LetterForm(formdata=None),
        "letter_refusal": rules.letter_refusal(facts),
        "code": code or LetterCodeForm(formdata=None),
        "code_refusal": rules.letter_code_refusal(facts),
        "code_until": sent_at + rules.LETTER_VALID if sent_at else None,
    }
