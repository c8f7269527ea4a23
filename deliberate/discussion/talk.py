"""What a page needs to show the conversation under its thing.

    render_template("proposals/show.html", **talk.context(tenant, "proposal", 7, person))
    {% include "discussion/_thread.html" %}

Three statements, and a fourth where something is hidden; the office of asking whether it is open
is the gatekeeper's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from deliberate.access.decorators import may
from deliberate.accounts import queries as people
from deliberate.accounts.models import Person
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.discussion import actions, queries, rules
from deliberate.discussion.kinds import KIND_LABELS, ORDER_LABELS, Order, order_named
from deliberate.discussion.models import Summary, Thread
from deliberate.discussion.queries import Spoken
from deliberate.kernel import clock, ids
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.kernel.refusals import Refusal
from deliberate.tenancy import silence
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation as one request sees it. ``refusal``: why this person may not speak now."""

    thread: Thread
    voices: int
    summaries: Sequence[Summary]
    page: PageOf[Spoken]
    order: Order
    opened: int | None
    refusal: Refusal | None
    can_write: bool  # or, for somebody who has not signed in: could, once they have


def context(
    tenant: Municipality, subject_kind: str, subject_id: int, person: Person | None
) -> dict[str, object]:
    """Return ``talk`` for the template; None where the thing has no conversation."""
    opening = queries.find_opening(tenant.id, subject_kind, subject_id)
    if opening is None:
        return {"talk": None}
    order = order_named(request.args.get("kolejnosc"))
    opened = ids.row_id(request.args.get("watek"))
    page = queries.list_page(
        opening.thread, order=order, page=page_number(request.args.get("strona")), opened=opened
    )
    why_not = refusal(tenant, opening.thread, person)
    return {
        "talk": Talk(
            thread=opening.thread,
            voices=opening.voices,
            summaries=opening.summaries,
            page=page,
            order=order,
            opened=opened,
            refusal=why_not,
            can_write=_can_write(opening.thread, why_not),
        ),
        "kind_labels": KIND_LABELS,
        "order_labels": ORDER_LABELS,
    }


def refusal(tenant: Municipality, thread: Thread, person: Person | None) -> Refusal | None:
    """Say why nobody, or this person, may speak here now; the rest is asked when they write.

    Somebody who has not signed in gets a link in the button's place, not a refusal.
    """
    now = clock.now()
    gate = actions.talk_gate(thread, now)
    if gate.stopped:
        return rules.STOPPED
    silent = silence.speaking_refusal(silence.find_silence(tenant, now))
    if silent is not None:
        return silent
    if not gate.is_open:
        return rules.closed_refusal(opens_at=gate.opens_at, ends_at=gate.ends_at, now=now)
    needs = Needs(gate.needs)
    if person is None or needs in (Needs.ANYONE, Needs.EMAIL):
        return None
    return standing_refusal(people.standing(tenant, person), needs)


def can_write(tenant: Municipality, thread: Thread, person: Person | None) -> bool:
    return _can_write(thread, refusal(tenant, thread, person))


def _can_write(thread: Thread, why_not: Refusal | None) -> bool:
    """The office answers and facilitators note also outside of the dates."""
    if why_not is None:
        return True
    stopped = why_not is rules.STOPPED or why_not.code == silence.READ_ONLY.code
    return not stopped and any(
        may(permission, thread) for _, permission in actions.ROLE_OF.values()
    )
