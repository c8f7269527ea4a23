"""A vote that was called off or declared void: why, what of it stays, and which one repeats it."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.subjects.registry import Card
from deliberate.voting import queries
from deliberate.voting.course_rules import REPEATABLE
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState
from deliberate.voting.views.common import bp, get_card


@bp.get("/poprzednie/<int(max=999):no>")
@public
def former(slug: str, no: int) -> ResponseReturnValue:
    card = get_card(slug)
    poll = queries.get_numbered(card.tenant_id, card.id, no)
    if poll.state not in REPEATABLE:
        return redirect(url_for(".ballot", slug=slug))
    return stopped_page(card, poll)


def stopped_page(card: Card, poll: Poll) -> str:
    """Say why a vote stopped for good; its result too, where there was one."""
    latest = queries.find_poll(card.tenant_id, card.id) or abort(404)
    return render_template(
        "voting/stopped.html",
        card=card,
        poll=poll,
        former_no=former_number(card, poll),
        repeated_by=latest if latest.id != poll.id and latest.state != PollState.DRAFT else None,
    )


def former_number(card: Card, poll: Poll) -> int | None:
    """Return the number by which a repeated vote is asked for; None for the latest one."""
    latest = queries.find_poll(card.tenant_id, card.id)
    return poll.repeat_no if latest is not None and latest.id != poll.id else None
