"""The protocol of a vote, for everybody once its result is published."""

from __future__ import annotations

import logging

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.kernel.db import db
from deliberate.kernel.i18n import speaking
from deliberate.kernel.paper import NotTypeset
from deliberate.tenancy.current import current_tenant
from deliberate.voting import protocol as protocols
from deliberate.voting import queries
from deliberate.voting.models import Poll
from deliberate.voting.protocol_blocks import Part
from deliberate.voting.views.common import bp, find_asked_poll, get_card
from deliberate.voting.views.former import former_number

log = logging.getLogger(__name__)


@bp.get("/protokol")
@public
def protocol(slug: str) -> ResponseReturnValue:
    card = get_card(slug)
    poll, parts = _parts(slug)
    return render_template(
        "voting/protocol.html",
        card=card,
        poll=poll,
        parts=parts,
        former_no=former_number(card, poll),
    )


@bp.get("/protokol.pdf")
@public
def protocol_pdf(slug: str) -> ResponseReturnValue:
    poll, parts = _parts(slug)
    data, published_at = protocols.as_pdf(current_tenant(), poll, parts), poll.published_at
    if published_at is None:
        abort(404)
    db.session.rollback()  # what follows is slow, and needs no database
    try:
        content = protocols.typeset(data, at=published_at)
    except NotTypeset as trouble:
        log.warning("a protocol was not typeset: %s", trouble)
        abort(503)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="protokol-{slug}.pdf"'
    return response


def _parts(slug: str) -> tuple[Poll, list[Part]]:
    poll = find_asked_poll(get_card(slug))
    if poll is None or not queries.has_public_result(poll):
        abort(404)
    with speaking("pl"):  # an official document, whoever reads it
        return poll, protocols.gather(current_tenant(), poll)
