"""The page from which a phase of voting is asked for, so that a void vote can be done again."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.approvals import queries as approvals
from deliberate.approvals import rules as approval_rules
from deliberate.consultations import queries
from deliberate.consultations.actions import extra_phase
from deliberate.consultations.forms import ExtraPhaseForm
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.rules.extra_phase import adding_refusal
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load_published
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_


@bp.get("/urzad/konsultacje/<slug>/dodatkowy-etap")
@requires(Permission.EDIT, on=load_published)
def desk_extra_phase(consultation: Consultation) -> ResponseReturnValue:
    return _page(consultation, ExtraPhaseForm(formdata=None))


@bp.post("/urzad/konsultacje/<slug>/dodatkowy-etap")
@requires(Permission.EDIT, on=load_published)
def desk_ask_extra_phase(consultation: Consultation) -> ResponseReturnValue:
    form = ExtraPhaseForm()
    first, last = form.first.data, form.last.data
    if not form.validate_on_submit() or first is None or last is None:
        return _page(consultation, form, code=422)
    try:
        with transaction():
            extra_phase.ask_for(
                consultation,
                first,
                last,
                form.reason.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, form, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Prośba o dodatkowy etap wysłana."),
        to=url_for("consultations.desk_extra_phase", slug=consultation.slug),
    )


def _page(
    consultation: Consultation,
    form: ExtraPhaseForm,
    *,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    actor = current_actor()
    rendered = render_template(
        "consultations/desk/extra_phase.html",
        consultation=consultation,
        form=form,
        refusal=refusal,
        closed=adding_refusal(extra_phase.facts_of(consultation, clock.now())),
        asked=approvals.find_open(
            consultation.tenant_id, extra_phase.ADD, queries.KIND, consultation.id
        ),
        wanted=extra_phase.find_wanted(consultation.tenant_id, consultation.id),
        proof=approval_rules.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=url_for("consultations.desk_extra_phase", slug=consultation.slug),
    )
    return rendered, code
