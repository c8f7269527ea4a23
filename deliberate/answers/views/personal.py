"""For whoever sent a thing: the thing and its answer, at an address of their own."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public
from deliberate.answers import links, queries
from deliberate.answers.outcomes import address
from deliberate.answers.views import bp
from deliberate.answers.views.common import KIND
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant


@bp.get("/moje/odpowiedz/<token>")
@never_cached
@public
def own(token: str) -> ResponseReturnValue:
    """Show one's own thing and its answer; a hidden text stays hidden here too."""
    tenant = current_tenant()
    read = links.read_own(tenant, token) or abort(404)
    thing = registry.get_card(tenant.id, read.kind, read.subject_id)
    card = registry.get_card(tenant.id, KIND, thing.consultation_id or 0)
    rendered = render_template(
        "answers/own.html",
        card=card,
        thing=thing,
        is_shown=is_shown(thing.state),
        is_over=read.is_over,
        until=read.until,
        answer=queries.find_published(tenant.id, thing.kind, thing.id),
        outcome_url=address(card.name, thing.kind, thing.id),
    )
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return rendered, 410 if read.is_over else 200, headers
