"""Reading the cards of a vote: batches, what became of them, and how far their keying is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import ColumnElement, func, literal_column, select

from deliberate.kernel.db import db
from deliberate.voting import card_rules
from deliberate.voting.card_rules import BoxFacts, CardFacts
from deliberate.voting.models import Card, CardBatch, CardKeying, Participation, Poll
from deliberate.voting.states import DONE, CardState

# Written out: the index of those on paper is found by these very words, not by a parameter.
ON_PAPER: ColumnElement[str] = literal_column("'paper'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one clerk read from a card."""

    clerk_id: int
    choices: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A card that another person has to look at, with what was read from it so far."""

    card: Card
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the boxes of a vote are: cards in them, begun, finished."""

    in_box: int
    begun: int
    done: int

    @property
    def is_blind(self) -> bool:
        """Tell whether two clerks key without seeing each other: the more cards, the more slips."""
        return self.in_box >= card_rules.BLIND_FROM


def list_batches(poll: Poll) -> Sequence[CardBatch]:
    """Return the batches of a vote in their order."""
    return db.session.scalars(
        select(CardBatch)
        .where(CardBatch.tenant_id == poll.tenant_id, CardBatch.poll_id == poll.id)
        .order_by(CardBatch.no)
    ).all()


def get_batch(poll: Poll, no: int) -> CardBatch:
    found = select(CardBatch).where(
        CardBatch.tenant_id == poll.tenant_id, CardBatch.poll_id == poll.id, CardBatch.no == no
    )
    return db.session.scalar(found) or abort(404)


def find_batch_of(poll: Poll, serial: int) -> CardBatch | None:
    """Return in which batch a card was issued."""
    return db.session.scalar(
        select(CardBatch).where(
            CardBatch.poll_id == poll.id, CardBatch.first <= serial, CardBatch.last >= serial
        )
    )


def find_card(poll: Poll, serial: int) -> Card | None:
    return db.session.get(Card, (poll.id, serial))


def count_begun(batch: CardBatch) -> int:
    counted = select(func.count()).select_from(Card).where(Card.batch_id == batch.id)
    return db.session.scalars(counted).one()


def card_facts(poll: Poll, serial: int, clerk_id: int) -> CardFacts:
    """Gather what the rule asks of a card before somebody keys it."""
    batch, card = find_batch_of(poll, serial), find_card(poll, serial)
    return CardFacts(
        serial=serial,
        batch_no=batch.no if batch else None,
        in_box=(batch.in_box or 0) if batch else 0,
        keyed=count_begun(batch) if batch else 0,
        all_settled=count_unsettled(poll) == 0,
        state=CardState(card.state) if card else None,
        by_this_clerk=db.session.get(CardKeying, (poll.id, serial, clerk_id)) is not None,
    )


def list_open(poll: Poll, state: CardState) -> list[Open]:
    """Return the cards in a state with what was read from each, by serial."""
    rows = db.session.execute(
        select(Card, CardKeying)
        .join(
            CardKeying,
            (CardKeying.poll_id == Card.poll_id) & (CardKeying.serial == Card.serial),
        )
        .where(Card.poll_id == poll.id, Card.state == state)
        .order_by(Card.serial, CardKeying.clerk_id)
    ).all()
    cards = {card.serial: card for card, _ in rows}
    return [
        Open(
            card=card,
            readings=[
                Reading(clerk_id=row.clerk_id, choices=row.choices)
                for _, row in rows
                if row.serial == serial
            ],
        )
        for serial, card in cards.items()
    ]


def progress(poll: Poll) -> Progress:
    """Count the cards of a vote, all batches together."""
    states = dict(
        db.session.execute(
            select(Card.state, func.count()).where(Card.poll_id == poll.id).group_by(Card.state)
        ).all()
    )
    return Progress(
        in_box=_sum(poll, "in_box"),
        begun=sum(states.values()),
        done=sum(states.get(state, 0) for state in DONE),
    )


def count_unsettled(poll: Poll) -> int:
    """Return of how many batches two persons have not said what became of them."""
    waiting = select(func.count()).where(
        CardBatch.poll_id == poll.id, CardBatch.confirmed_by.is_(None)
    )
    return db.session.scalars(waiting).one()


def box_facts(poll: Poll) -> BoxFacts:
    """Gather what the count asks of the cards."""
    far = progress(poll)
    people = select(func.count()).where(
        Participation.tenant_id == poll.tenant_id,
        Participation.poll_id == poll.id,
        Participation.channel == ON_PAPER,
    )
    return BoxFacts(
        unsettled=count_unsettled(poll),
        in_box=far.in_box,
        missing=_sum(poll, "missing"),
        keyed=far.done,
        people=db.session.scalars(people).one(),
    )


def count_invalid(poll: Poll) -> dict[int, int]:
    """Return section → finished cards without a valid ballot in it; others are not there."""
    found: dict[int, int] = {}
    for text in db.session.scalars(
        select(Card.invalid).where(Card.poll_id == poll.id, Card.invalid != "[]")
    ):
        for no in card_rules.sections_in(text):
            found[no] = found.get(no, 0) + 1
    return dict(sorted(found.items()))


def _sum(poll: Poll, column: str) -> int:
    total = select(func.coalesce(func.sum(getattr(CardBatch, column)), 0))
    return int(db.session.scalars(total.where(CardBatch.poll_id == poll.id)).one())
