"""Codes for a vote: ordered by two persons, made and seen once, voided, and voted with."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.ids import token_hash
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import code_mail, codes, electorate_rules, keys, limits, queries, rules
from deliberate.voting.actions import casting, pausing, signalling
from deliberate.voting.actions.casting import Choices, Form, Line, Taken
from deliberate.voting.clock import db_now
from deliberate.voting.codes import KIND, ORDER
from deliberate.voting.models import CodeBatch, Poll, VotingCode
from deliberate.voting.proof import proven
from deliberate.voting.receipts import ALPHABET, CHARACTERS
from deliberate.voting.states import (
    UNCOUNTED,
    Channel,
    CodeState,
    Electorate,
    PollState,
    SignalKind,
)

CODE = "code"  # the source of a line of the electorate


def order(
    poll: Poll, number: int, *, instead_of: int | None = None, actor: Actor, now: datetime
) -> Approval:
    """Ask a second person to agree to so many codes. instead_of: a batch with void ones."""
    batch = new_batch(poll, number, instead_of=instead_of, actor=actor, now=now)
    return ask(poll, batch, actor=actor, now=now)


def new_batch(
    poll: Poll,
    number: int,
    *,
    instead_of: int | None,
    list_hash: str | None = None,
    actor: Actor,
    now: datetime,
) -> CodeBatch:
    queries.lock(poll, shared=True)
    if refusal := electorate_rules.order_refusal(
        has_codes=poll.electorate == Electorate.CODES,
        is_sealed=poll.state in UNCOUNTED - {PollState.WORKING_UP},
    ):
        raise Refused(refusal)
    if instead_of is not None and number > (most := codes.count_to_replace(poll, instead_of)):
        raise Refused(electorate_rules.TOO_MANY_INSTEAD.with_values(most=most))
    assert actor.person_id is not None  # noqa: S101 - nobody else reaches the desk
    last = db.session.scalar(select(func.max(CodeBatch.no)).where(CodeBatch.poll_id == poll.id))
    batch = CodeBatch(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        no=(last or 0) + 1,
        codes=number,
        ordered_by=actor.person_id,
        ordered_at=now,
        list_hash=list_hash,
        instead_of=instead_of,
    )
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(electorate_rules.AT_ONCE) from error
    return batch


def ask(poll: Poll, batch: CodeBatch, *, actor: Actor, now: datetime) -> Approval:
    return approvals.ask(
        ORDER,
        KIND,
        batch.id,
        payload_sha256=codes.payload(poll, batch),
        actor=actor,
        asked_of=None,
        note="",
        now=now,
    )


def agree(tenant: Municipality, batch_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a second person agreed; the codes are made when they are printed."""
    batch = codes.get_batch_of(tenant.id, batch_id)
    _record("codes.agreed", batch, actor=actor, now=now)


def draw(number: int) -> list[str]:
    """Return new codes of 60 random bits, all different."""
    drawn: set[str] = set()
    while len(drawn) < number:
        drawn.add("".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS)))
    return sorted(drawn, key=lambda _: secrets.randbits(64))


def issue(poll: Poll, no: int, made: Sequence[str], *, actor: Actor) -> None:
    """Keep the hashes of codes that have just been put on paper. A trigger looks for the two.

    Whoever prints holds every code, so they prove who they are, as those did who agreed.
    """
    person_id = proven(actor)
    queries.lock(poll, shared=True)
    batch = codes.get_batch(poll, no)
    lock(CodeBatch, batch.id)
    if batch.printed_at is not None:
        raise Refused(electorate_rules.PRINTED)
    if batch.withdrawn_at is not None:
        raise Refused(electorate_rules.WITHDRAWN)
    if batch.id not in codes.list_agreed(poll):
        raise Refused(electorate_rules.NOT_AGREED)
    batch.printed_by, batch.printed_at = person_id, db_now()
    db.session.flush()
    db.session.add_all(
        VotingCode(
            hash=codes.hash_of(poll, code),
            tenant_id=poll.tenant_id,
            poll_id=poll.id,
            batch_id=batch.id,
            serial=serial,
        )
        for serial, code in enumerate(made, start=1)
    )
    db.session.flush()
    _record("codes.printed", batch, actor=actor, now=batch.printed_at)


def void(
    poll: Poll, no: int, serial: int, reason: str, *, last: int | None = None, actor: Actor
) -> None:
    """Make a code void, or those up to a last number: letters were spoiled, lost or came back.

    It takes votes away. A letter that is still on its way stays here.
    """
    proven(actor)
    queries.lock(poll, shared=True)
    batch = codes.get_batch(poll, no)
    wanted = range(serial, (last or serial) + 1)
    found = select(VotingCode.hash).where(
        VotingCode.batch_id == batch.id,
        VotingCode.serial >= wanted.start,
        VotingCode.serial < wanted.stop,
    )
    hashes = db.session.scalars(found.order_by(VotingCode.serial)).all()
    if not wanted or len(hashes) != len(wanted):
        raise Refused(electorate_rules.NO_SERIAL)
    for code_hash in hashes:
        lock(VotingCode, code_hash)
        row = db.session.get_one(VotingCode, code_hash)
        if row.state != CodeState.UNUSED or poll.state not in UNCOUNTED:
            raise Refused(electorate_rules.NOT_TO_VOID)
        row.state, row.void_reason = CodeState.VOID, reason
        db.session.flush()
        code_mail.take_back(poll, batch.no, row.serial)
    entries.record(
        "codes.void",
        f"poll:{poll.id}",
        actor=actor,
        at=db_now(),
        tenant_id=poll.tenant_id,
        batch=batch.no,
        serial=serial,
        last=wanted[-1],
        reason=reason,
    )


def cast(
    poll: Poll,
    typed: str,
    choices: Choices,
    *,
    form: Form,
    network: str,
    area_id: int | None,
) -> Taken | Refusal:
    """Take the vote of whoever holds a code, or return what is wrong with it.

    Commit in both cases: a guess has been counted. Codes that never were, of another vote, or
    that were cut short all answer alike.
    """
    pausing.note_lapsed(poll)
    queries.lock(poll, shared=True)
    if poll.electorate != Electorate.CODES:
        raise Refused(electorate_rules.OTHER_WAY)
    limits.check_guesses(network)
    code = codes.read_code(typed)
    row = codes.find_code(poll, code) if code is not None else None
    if row is None:
        limits.count_guess(network)
        return electorate_rules.NO_CODE
    lock(VotingCode, row.hash)
    key = codes.person_key(poll, row.hash)
    if before := casting.sent_before(poll, key, token_hash(form.idem)):
        return before
    now = db_now()
    if refusal := rules.window_refusal(queries.cast_facts(poll, None, now=now)):
        raise Refused(refusal)
    if row.state == CodeState.VOID:
        limits.count_guess(network)
        return electorate_rules.CODE_VOID
    line = Line(person_key=key, area_id=area_id, source=CODE, channel=Channel.CODE)
    taken = casting.take(poll, line, choices, form, refusal=None, now=now, may_change=poll.revote)
    if row.person_key == key:  # a vote that was changed: what it is like is known already
        return taken
    row.state, row.person_key = CodeState.USED, key
    db.session.flush()
    # Nothing else is known of whoever holds a code.
    hashed = keys.hashed(poll.tenant_id, poll.id, "network", network)
    signalling.note(poll, key, {SignalKind.NETWORK: hashed}, now=now)
    return taken


def _record(act: str, batch: CodeBatch, *, actor: Actor, now: datetime) -> None:
    entries.record(
        act,
        f"poll:{batch.poll_id}",
        actor=actor,
        at=now,
        tenant_id=batch.tenant_id,
        batch=batch.no,
        codes=batch.codes,
    )
