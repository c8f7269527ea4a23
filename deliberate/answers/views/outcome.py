"""For everybody: what became of what people put forward."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.answers import queries
from deliberate.answers.notices import anchor
from deliberate.answers.rules.answers import days_late
from deliberate.answers.views import bp
from deliberate.answers.views.common import KIND
from deliberate.kernel import clock
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant


@bp.get("/konsultacje/<slug>/wynik")
@public
def outcome(slug: str) -> ResponseReturnValue:
    tenant = current_tenant()
    card = registry.get_named(tenant.id, KIND, slug)
    if not is_shown(card.state):
        abort(404)
    found = queries.outcome(tenant.id, card.id)
    today = clock.local(clock.now()).date()
    return render_template(
        "answers/outcome.html",
        card=card,
        outcome=found,
        anchor=anchor,
        late=days_late(found.due, today, is_complete=found.is_complete),
    )
