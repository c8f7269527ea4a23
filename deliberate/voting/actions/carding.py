"""Cards on paper: numbered before the end; counted and keyed by two persons after it.

Nothing is read from a card before the end: a running sum would be one.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.voting import card_rules, cards, electorate_rules, electorates, queries
from deliberate.voting.actions import pausing
from deliberate.voting.clock import db_now
from deliberate.voting.models import Ballot, Card, CardBatch, CardKeying, Poll
from deliberate.voting.proof import factored, proven
from deliberate.voting.states import CardState


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the cards of a batch, as somebody counted them at the table."""

    in_box: int
    spoiled: int
    missing: int
    unused: int

    @property
    def total(self) -> int:
        return self.in_box + self.spoiled + self.missing + self.unused


def order(poll: Poll, place: str, number: int, *, actor: Actor) -> CardBatch:
    """Number a batch of cards for one place; serials run on from the last batch."""
    person_id = proven(actor)
    pausing.note_lapsed(poll)
    queries.lock(poll)
    if refusal := card_rules.order_refusal(
        queries.present_state(poll),
        has_paper=electorates.read(poll.electorate_terms).has_paper,
    ):
        raise Refused(refusal)
    no, last = db.session.execute(
        select(
            func.coalesce(func.max(CardBatch.no), 0), func.coalesce(func.max(CardBatch.last), 0)
        ).where(CardBatch.poll_id == poll.id)
    ).one()
    batch = CardBatch(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        no=no + 1,
        place=place,
        first=last + 1,
        last=last + number,
        made_by=person_id,
        made_at=db_now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(electorate_rules.AT_ONCE) from error
    _record("cards.numbered", poll, actor, batch=batch.no)
    return batch


def settle(poll: Poll, no: int, figures: Figures, *, actor: Actor) -> None:
    """Say what became of a batch, in place of what was said before; nothing holds yet."""
    person_id = proven(actor)
    batch = _at_work(poll, no)
    if figures.total != batch.issued:
        raise Refused(card_rules.NOT_ADDING_UP.with_values(issued=batch.issued, said=figures.total))
    keyed = cards.count_begun(batch)
    if figures.in_box < keyed:
        raise Refused(card_rules.FEWER_THAN_KEYED.with_values(keyed=keyed))
    batch.in_box, batch.spoiled = figures.in_box, figures.spoiled
    batch.missing, batch.unused = figures.missing, figures.unused
    batch.said_by, batch.confirmed_by = person_id, None
    db.session.flush()
    _record("cards.said", poll, actor, batch=no, figures=figures)


def confirm(poll: Poll, no: int, seen: Figures, *, actor: Actor) -> None:
    """Say the same of a batch as another person did. seen: what the page showed."""
    person_id = proven(actor)
    batch = _at_work(poll, no)
    if batch.said_by is None:
        raise Refused(card_rules.NOTHING_SAID)
    if batch.confirmed_by is not None:
        raise Refused(card_rules.CONFIRMED)
    if seen != figures_of(batch):
        raise Refused(card_rules.SAID_OTHERWISE)
    if batch.said_by == person_id:
        raise Refused(card_rules.OWN_NUMBERS)
    batch.confirmed_by = person_id
    db.session.flush()
    _record("cards.settled", poll, actor, batch=no, figures=seen)


def figures_of(batch: CardBatch) -> Figures | None:
    """Return what is said of a batch; None while nobody has said anything."""
    if batch.said_by is None:
        return None
    return Figures(
        in_box=batch.in_box or 0,
        spoiled=batch.spoiled or 0,
        missing=batch.missing or 0,
        unused=batch.unused or 0,
    )


def key(poll: Poll, serial: int, choices: str, *, actor: Actor) -> CardState:
    """Keep what a clerk read from a card, and return how far it is now.

    choices: the card's canonical text (card_rules.judge). The second who reads the same finishes
    it; after two who disagree a third decides. A finished card is a ballot in each of its
    sections, and nothing leads from the ballot to the card.
    """
    person_id = factored(actor)
    _work_up(poll)
    facts = cards.card_facts(poll, serial, person_id)
    if refusal := card_rules.keying_refusal(facts):
        raise Refused(refusal)
    card = cards.find_card(poll, serial)
    if card is None:
        card = _begin(poll, serial, person_id)
    _write(card, person_id, choices)
    if card.entry1_by != person_id:
        _finish(card, person_id, choices)
    return CardState(card.state)


def agree(poll: Poll, serial: int, seen: str, *, actor: Actor) -> CardState:
    """Say that a card reads as another clerk keyed it, where the cards are few enough for that."""
    if cards.progress(poll).is_blind:
        raise Refused(card_rules.NOT_ALONE)
    card = cards.find_card(poll, serial)
    first = (
        db.session.get(CardKeying, (poll.id, serial, card.entry1_by))
        if card is not None and card.state == CardState.ONCE
        else None
    )
    if first is None or first.choices != seen:
        raise Refused(card_rules.NOT_WAITING)
    return key(poll, serial, seen, actor=actor)


def withdraw(poll: Poll, serial: int, *, actor: Actor) -> None:
    """Take back one's own keying before anyone else keyed the card: a wrong number was typed."""
    person_id = factored(actor)
    _work_up(poll)
    card = cards.find_card(poll, serial)
    if card is None or card.state != CardState.ONCE or card.entry1_by != person_id:
        raise Refused(card_rules.NOT_TO_WITHDRAW)
    db.session.delete(db.session.get_one(CardKeying, (poll.id, serial, person_id)))
    db.session.flush()
    db.session.delete(card)
    db.session.flush()
    _record("cards.withdrawn", poll, actor)


def _begin(poll: Poll, serial: int, person_id: int) -> Card:
    batch = cards.find_batch_of(poll, serial)
    assert batch is not None  # noqa: S101 - the rule has looked
    card = Card(
        poll_id=poll.id,
        serial=serial,
        tenant_id=poll.tenant_id,
        batch_id=batch.id,
        entry1_by=person_id,
    )
    db.session.add(card)
    db.session.flush()
    return card


def _write(card: Card, person_id: int, choices: str) -> None:
    db.session.add(
        CardKeying(
            poll_id=card.poll_id,
            serial=card.serial,
            clerk_id=person_id,
            tenant_id=card.tenant_id,
            choices=choices,
        )
    )
    db.session.flush()


def _finish(card: Card, person_id: int, choices: str) -> None:
    if card.state == CardState.DISPUTED:
        card.decided_by, card.state = person_id, CardState.DECIDED
    else:
        first = db.session.get_one(CardKeying, (card.poll_id, card.serial, card.entry1_by))
        card.entry2_by = person_id
        card.state = CardState.AGREED if first.choices == choices else CardState.DISPUTED
    if card.state == CardState.DISPUTED:
        db.session.flush()
        return
    card.invalid = card_rules.invalid_in(choices)
    db.session.flush()
    for no, text in card_rules.choices_of(choices).items():
        db.session.add(
            Ballot(
                id=secrets.token_hex(16),
                tenant_id=card.tenant_id,
                poll_id=card.poll_id,
                section_no=no,
                choices=text,
                # No person's tag: it says nothing, and a row looks like any other.
                link_tag=secrets.token_hex(32),
            )
        )
    db.session.flush()


def _at_work(poll: Poll, no: int) -> CardBatch:
    """Hold a batch of a vote that is being worked up."""
    _work_up(poll)
    batch = cards.get_batch(poll, no)
    lock(CardBatch, batch.id)
    return batch


def _work_up(poll: Poll) -> None:
    """Hold the poll after its end, and note that it is being worked up."""
    pausing.note_lapsed(poll)
    queries.lock(poll)
    state = queries.present_state(poll)
    if refusal := card_rules.work_refusal(state):
        raise Refused(refusal)
    poll.state = state
    db.session.flush()


def _record(
    act: str, poll: Poll, actor: Actor, *, batch: int = 0, figures: Figures | None = None
) -> None:
    """Note an act. Never a card's number: the order of keying is nobody's business."""
    entries.record(
        act,
        f"poll:{poll.id}",
        actor=actor,
        at=db_now(),
        tenant_id=poll.tenant_id,
        batch=batch,
        figures=asdict(figures) if figures is not None else None,
    )
