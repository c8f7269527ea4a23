"""The end: what lacks before a consultation is answered, and the answers that come out with it."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, requires
from deliberate.answers import queries as answers
from deliberate.answers.permissions import Permission as Answers
from deliberate.consultations import queries
from deliberate.consultations.actions.steps import finish
from deliberate.consultations.forms import Press
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.rules.steps import finish_refusal
from deliberate.consultations.tiles import tile
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load_published
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant


@bp.get("/urzad/konsultacje/<slug>/zakonczenie")
@requires(Permission.SEE_DRAFTS, on=load_published)
def desk_ending(consultation: Consultation) -> ResponseReturnValue:
    """Say what lacks before the end; whoever publishes answers ends it here."""
    now = clock.now()
    unanswered = answers.list_unanswered(consultation.tenant_id, consultation.id)
    stage = queries.standing(consultation, now).stage
    return render_template(
        "consultations/desk/ending.html",
        consultation=consultation,
        tile=tile(consultation, now),
        unanswered=unanswered,
        refusal=finish_refusal(consultation.state, stage, len(unanswered)),
        may_finish=may(Answers.PUBLISH, consultation),
    )


@bp.post("/urzad/konsultacje/<slug>/zakonczenie")
@requires(Answers.PUBLISH, on=load_published)
def desk_finish(consultation: Consultation) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        finish(current_tenant(), consultation, actor=current_actor(), now=clock.now())
    return htmx.done(
        N_("Odpowiedzi są ogłoszone, konsultacje zakończone."),
        to=url_for("answers.outcome", slug=consultation.slug),
    )
