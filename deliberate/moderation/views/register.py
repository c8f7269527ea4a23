"""For everybody: what was decided, in numbers."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.kernel import ids
from deliberate.moderation import queries
from deliberate.moderation.reasons import LABELS
from deliberate.moderation.views import bp
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant


@bp.get("/moderacja")
@public
def register() -> ResponseReturnValue:
    tenant = current_tenant()
    consultation_id = ids.row_id(request.args.get("konsultacje"))
    card = None
    if consultation_id is not None:
        card = registry.get_card(tenant.id, "consultation", consultation_id)
        if not is_shown(card.state):
            abort(404)
    return render_template(
        "moderation/register.html",
        tally=queries.tally(tenant, consultation_id),
        labels=LABELS,
        card=card,
    )
