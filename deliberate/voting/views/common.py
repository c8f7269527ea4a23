"""What all pages of a vote stand on: the address, and a sealed ballot with all that is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.kernel import clock
from deliberate.subjects import gate, registry
from deliberate.subjects.activities import Activity
from deliberate.subjects.registry import Card
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant
from deliberate.voting import ballot_rules, queries
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import Electorate, PollState

NUMBER = "nr"  # of a vote that was repeated, in addresses
bp = Blueprint("voting", __name__, url_prefix="/konsultacje/<slug>/glosowanie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sealed ballot with all that stands on it."""

    card: Card
    poll: Poll
    sections: Sequence[Section]
    options: Sequence[Option]

    @property
    def rules(self) -> list[ballot_rules.SectionRules]:
        return queries.section_rules(self.sections, self.options)


def get_card(slug: str) -> Card:
    card = registry.get_named(current_tenant().id, queries.CONSULTATION, slug)
    return card if is_shown(card.state) else abort(404)


def get_paper(card: Card, poll: Poll) -> Paper:
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    return Paper(card=card, poll=poll, sections=sections, options=options)


def get_sealed_paper(slug: str, *, electorate: Electorate | None = None) -> Paper:
    """Return a sealed ballot; 404 also where another electorate votes than the page is for."""
    card = get_card(slug)
    poll = queries.get_sealed(card.tenant_id, card.id)
    if electorate is not None and poll.electorate != electorate:
        abort(404)
    return get_paper(card, poll)


def find_asked_poll(card: Card) -> Poll | None:
    """Return the vote whose result or protocol is asked for: the latest, or ?nr= of a former."""
    asked = request.args.get(NUMBER, "")
    if asked.isascii() and asked.isdigit() and len(asked) < 4:
        return queries.get_numbered(card.tenant_id, card.id, int(asked))
    return queries.find_poll(card.tenant_id, card.id)


def get_asked(slug: str) -> tuple[Card, Poll]:
    """Return a consultation and its vote that is asked for; 404 while its ballot is a draft."""
    card = get_card(slug)
    poll = find_asked_poll(card)
    return (card, poll) if poll is not None and poll.state != PollState.DRAFT else abort(404)


def not_ready_page(card: Card) -> ResponseReturnValue:
    """Say when voting begins where a ballot is still being prepared; 404 where there is none."""
    opening = gate.gate(card.tenant_id, card.id, Activity.VOTE, now=clock.now())
    if opening.opens_at is None and opening.ends_at is None:
        abort(404)
    poll = queries.find_poll(card.tenant_id, card.id)
    return render_template("voting/not_ready.html", card=card, gate=opening, poll=poll)
