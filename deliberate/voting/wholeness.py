"""Whether what a database holds of a vote is whole, as far as it can be seen without any key.

For whoever tries a restored copy. No number is told: how many voted is nobody's knowledge before
the count.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from deliberate.algorithms import merkle
from deliberate.kernel.db import db
from deliberate.voting import canonical, changes, queries
from deliberate.voting.models import (
    FinalParticipation,
    FinalReceipt,
    LogHead,
    Poll,
    PollResult,
    PollTotals,
    Receipt,
)
from deliberate.voting.states import UNCOUNTED, Channel, PollState


def list_faults(poll: Poll) -> Iterator[str]:
    """Yield what does not agree, each as half a sentence for the operator."""
    if canonical.digest(poll.rules) != poll.rules_hash:
        yield "zasady mają inny skrót niż przy pieczętowaniu"
    yield from _head_faults(poll)
    if poll.state in UNCOUNTED:
        yield from _open_faults(poll)
    elif poll.state != PollState.CANCELLED:  # whose rows are gone, or on their way
        yield from _counted_faults(poll)


def _open_faults(poll: Poll) -> Iterator[str]:
    counts = queries.counts(poll)
    # Who votes on paper has no code, and their card is keyed after the end.
    with_code = counts.participations - counts.on_paper
    if counts.receipts != with_code:
        yield "osób i kodów nie jest tyle samo"
    for ballots in counts.everywhere:
        if not with_code <= ballots <= with_code + counts.cards:
            yield "osób i kart nie jest tyle samo"
    for ballots in counts.in_areas:
        if ballots > counts.participations:
            yield "kart w części gminy jest więcej niż osób"


def _counted_faults(poll: Poll) -> Iterator[str]:
    people = select(func.count()).where(
        FinalParticipation.tenant_id == poll.tenant_id,
        FinalParticipation.poll_id == poll.id,
        FinalParticipation.channel != Channel.PAPER,
    )
    receipts = select(func.count()).where(
        FinalReceipt.tenant_id == poll.tenant_id,
        FinalReceipt.poll_id == poll.id,
        ~FinalReceipt.taken_out,
        ~FinalReceipt.replaced,
    )
    result = db.session.get_one(PollResult, poll.id)
    if db.session.get(PollTotals, poll.id) is None:
        with_code = db.session.scalars(people).one()
    else:  # forgotten: what the result says of them is left
        channels = json.loads(result.channels)
        with_code = result.participations - channels.get(Channel.PAPER, 0)
    if with_code != db.session.scalars(receipts).one():
        yield "policzonych osób i kodów nie jest tyle samo"
    replaced = select(func.count()).where(
        FinalReceipt.tenant_id == poll.tenant_id,
        FinalReceipt.poll_id == poll.id,
        FinalReceipt.replaced,
    )
    if db.session.scalars(replaced).one() != result.replaced:
        yield "kodów głosów zmienionych jest inna liczba, niż mówi wynik"


def _head_faults(poll: Poll) -> Iterator[str]:
    """Look at the chain of heads, their signatures, and the trees over the codes they cover."""
    leaves = _list_leaves(poll)
    before = ""
    for number, head in enumerate(queries.list_heads(poll), start=1):
        name = f"wpis {number} listy kontrolnej"
        if canonical.digest(head.body) != head.hash or not _is_signed(poll, head):
            yield f"{name}: podpis albo skrót się nie zgadza"
        said = json.loads(head.body)
        if (head.no, said["no"], said["previous"]) != (number, number, before):
            yield f"{name}: nie wskazuje na poprzedni"
        covered = leaves[: said["leaves"]]
        is_there = poll.state != PollState.CANCELLED  # whose codes are removed
        if is_there and (
            len(covered) != said["leaves"] or merkle.root(covered).hex() != said["root"]
        ):
            yield f"{name}: obejmuje inne kody, niż są w bazie"
        before = head.hash


def _list_leaves(poll: Poll) -> list[bytes]:
    is_open = poll.state in UNCOUNTED
    model = Receipt if is_open else FinalReceipt
    rows = db.session.execute(
        select(model.batch, model.leaf)
        .where(model.tenant_id == poll.tenant_id, model.poll_id == poll.id)
        .where(model.batch.is_not(None))
        .order_by(model.batch, model.leaf)
    )
    covered = [(batch, leaf) for batch, leaf in rows]
    leaves = changes.leaves_in_order(poll, covered) if is_open else [leaf for _, leaf in covered]
    return [bytes.fromhex(leaf) for leaf in leaves]


def _is_signed(poll: Poll, head: LogHead) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(poll.signing_key))
        public.verify(base64.b64decode(head.signature), head.body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
