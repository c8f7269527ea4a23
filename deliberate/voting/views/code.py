"""A voter's code, and the question whether a vote is there in one's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public
from deliberate.accounts.current import current_person
from deliberate.kernel import ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import Limit
from deliberate.kernel.texts import N_
from deliberate.subjects.registry import Card
from deliberate.voting import cases, log, queries, receipts
from deliberate.voting.models import FinalReceipt, Poll
from deliberate.voting.states import Channel, Publication
from deliberate.voting.views import choosing
from deliberate.voting.views.common import bp, get_asked, get_paper
from deliberate.voting.views.former import former_number

CODES = Limit(bucket="vote-code", most=60, per=timedelta(hours=1))
FIELD = "kod"
LONGEST = 40
WAYS = {
    Channel.WEB: N_("przez internet"),
    Channel.CODE: N_("kodem z listu"),
    Channel.PAPER: N_("na papierze"),
    Channel.ASSISTED: N_("z pomocą urzędu"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said about a code: wrong in itself, not there, taken out, replaced, or counted."""

    is_written_wrong: bool = False
    receipt: FinalReceipt | None = None
    counted: int = 0
    parts: Sequence[choosing.Part] = ()
    proof: log.Proof | None = None


@bp.get("/kod")
@never_cached
@public
def code(slug: str) -> ResponseReturnValue:
    """Ask for a code; the address on a slip fills it in. Looking it up is a step of its own."""
    return _page(*get_asked(slug), written=request.args.get(FIELD, "")[:LONGEST])


@bp.post("/kod")
@never_cached
@public
def check_code(slug: str) -> ResponseReturnValue:
    card, poll = get_asked(slug)
    written = request.form.get(FIELD, "")[:LONGEST]
    if not queries.has_public_result(poll):
        return _page(card, poll, written=""), 409  # the same for every code: nothing is looked up
    beginning = receipts.beginning(written)
    if beginning is None:
        return _page(card, poll, written=written, answer=Answer(is_written_wrong=True)), 422
    ratelimit.check(CODES, ratelimit.address())
    with transaction():
        ratelimit.count(CODES, ratelimit.address())
    return _page(card, poll, written=written, answer=_look_up(card, poll, beginning))


def _look_up(card: Card, poll: Poll, beginning: str) -> Answer:
    receipt, counted = log.find_receipt(poll, beginning), queries.get_tally(poll).participations
    is_in = receipt is not None and not receipt.taken_out and not receipt.replaced
    if receipt is None or not is_in or poll.publication != Publication.LINKED:
        return Answer(receipt=receipt, counted=counted)
    choices = log.list_linked_choices(poll, receipt.leaf)
    return Answer(
        receipt=receipt,
        counted=counted,
        parts=choosing.as_cast(get_paper(card, poll), choices),
        proof=log.prove(poll, receipt),
    )


def _page(card: Card, poll: Poll, *, written: str, answer: Answer | None = None) -> str:
    person = current_person()
    took_part = log.find_took_part(poll, person) if person is not None else None
    return render_template(
        "voting/code.html",
        card=card,
        poll=poll,
        number=former_number(card, poll),
        is_out=queries.has_public_result(poll),
        is_linked=poll.publication == Publication.LINKED,
        field=FIELD,
        longest=LONGEST,
        written=written,
        answer=answer,
        took_part=took_part,
        is_forgotten=log.is_forgotten(poll),
        any_out=answer is not None and answer.receipt is None and cases.is_any_taken_out(poll),
        way=WAYS[Channel(took_part.channel)] if took_part is not None else "",
    )
