"""The legal rules by which consultations are judged: the country's, and the municipality's own."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations import requirements
from deliberate.consultations.actions import laws
from deliberate.consultations.forms import LawForm
from deliberate.consultations.laws import law
from deliberate.consultations.procedures import Demand, Procedure
from deliberate.consultations.views import bp
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.permissions import Permission

ALL = "/urzad/gmina/przepisy"


@bp.get(ALL)
@requires(Permission.EDIT)
def desk_laws() -> ResponseReturnValue:
    today = clock.local(clock.now()).date()
    return _page(LawForm(formdata=None, data={"valid_from": today}))


@bp.post(ALL)
@requires(Permission.EDIT)
def desk_set_law() -> ResponseReturnValue:
    form = LawForm()
    if not form.validate_on_submit():
        return _page(form, code=422)
    assert form.valid_from.data is not None  # noqa: S101 - the form required it
    rule = laws.OwnRule(
        procedure=Procedure(form.procedure.data),
        demand=Demand(form.demand.data),
        number=form.number.data,
        source=form.source.data,
        verified=form.verified.data,
        valid_from=form.valid_from.data,
    )
    with transaction():
        laws.set_rule(current_tenant(), rule, actor=current_actor(), now=clock.now())
    return htmx.done(N_("Zapisane."), to=url_for("consultations.desk_laws"))


def _page(form: LawForm, *, code: int = 200) -> ResponseReturnValue:
    tenant, today = current_tenant(), clock.local(clock.now()).date()
    demanded = requirements.by_procedure(tenant, today)
    rendered = render_template(
        "consultations/desk/laws.html",
        laws=[law(key, each, today=today) for key, each in demanded.items()],
        form=form,
    )
    return rendered, code
