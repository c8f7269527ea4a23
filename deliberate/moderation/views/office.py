"""The desk where the office answers notices about its own texts."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.htmx import done
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.moderation import actions, cases, offices, queries
from deliberate.moderation.forms import OfficeForm
from deliberate.moderation.permissions import Permission
from deliberate.moderation.reasons import LABELS
from deliberate.moderation.views import bp
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant


@bp.get("/urzad/zgloszenia")
@requires(Permission.ANSWER_FOR_OFFICE, anywhere=True)
def office_queue() -> ResponseReturnValue:
    tenant = current_tenant()
    listed = cases.load_for_office(tenant.id, current_actor())
    return render_template(
        "moderation/office_queue.html",
        cases=listed,
        places=cases.load_places(tenant.id, [case.card for case in listed]),
        labels=LABELS,
    )


def _load(kind: str, id: int) -> cases.Case:  # noqa: A002 - the name in the address
    if not offices.answers_for(kind):
        abort(404)
    card = registry.get_card(current_tenant().id, kind, id)
    return cases.Case(card=card, notices=0, since=card.at, reason="", is_urgent=False)


@bp.get("/urzad/zgloszenia/<kind>/<int(max=2147483647):id>")
@requires(Permission.ANSWER_FOR_OFFICE, on=_load)
def office_case(found: cases.Case) -> ResponseReturnValue:
    return _page(found, OfficeForm(formdata=None))


@bp.post("/urzad/zgloszenia/<kind>/<int(max=2147483647):id>")
@requires(Permission.ANSWER_FOR_OFFICE, on=_load)
def office_answer(found: cases.Case) -> ResponseReturnValue:
    form = OfficeForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        with transaction():
            actions.answer_for_office(
                current_tenant(), found.card, current_actor(), words=form.words.data or ""
            )
    except Refused as refused:
        return _page(found, form, refusal=refused.refusal, status=409)
    return done(
        N_("Odpowiedź wysłana do osób, które zostawiły adres."),
        to=url_for("moderation.office_queue"),
    )


def _page(
    found: cases.Case, form: OfficeForm, *, refusal: Refusal | None = None, status: int = 200
) -> ResponseReturnValue:
    tenant, card = current_tenant(), found.card
    page = render_template(
        "moderation/office_case.html",
        case=found,
        card=card,
        place=cases.load_places(tenant.id, [card]).get(card.consultation_id or 0),
        notices=queries.list_open_notices(tenant.id, card.kind, card.id),
        form=form,
        refusal=refusal,
        labels=LABELS,
    )
    return page, status
