"""Codes that are sent: a list of people, two persons, and letters that nobody can trace back.

Who gets which code is known in one place only: in the request that makes the letters. What is kept
afterwards is that a person has a code, and which codes there are.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.kernel import ids, mail
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.mail import SecretLetter
from deliberate.kernel.refusals import Refused
from deliberate.voting import (
    addressee_rules,
    addressees,
    codes,
    electorate_rules,
    queries,
)
from deliberate.voting.actions import coding
from deliberate.voting.addressee_rules import Addressee
from deliberate.voting.clock import db_now
from deliberate.voting.code_mail import Letter
from deliberate.voting.models import CodeAddressee, CodeBatch, CodeHolder, Poll
from deliberate.voting.proof import factored
from deliberate.voting.states import UNCOUNTED, Electorate, HolderKind, PollState


def propose(
    poll: Poll,
    people: Sequence[Addressee],
    *,
    instead_of: int | None,
    actor: Actor,
    now: datetime,
) -> CodeBatch:
    """Keep a list to be looked at; nobody else of it gets a code meanwhile.

    Codes in the place of void ones may go to somebody who has had one.
    """
    sealed = {(row_id := ids.new_token()): addressees.seal(poll, p, row_id=row_id) for p in people}
    batch = coding.new_batch(
        poll,
        len(people),
        list_hash=addressees.list_hash(sealed.values()),
        instead_of=instead_of,
        actor=actor,
        now=now,
    )
    db.session.add_all(
        CodeAddressee(id=row_id, tenant_id=poll.tenant_id, batch_id=batch.id, sealed=said)
        for row_id, said in sealed.items()
    )
    hashes = {h: kind for each in people for kind, h in addressees.hashes_of(poll, each)}
    if instead_of is not None:
        for known in addressees.list_known(poll, hashes):
            del hashes[known]
    _remember(poll, hashes, batch_id=batch.id)
    return batch


def ask(poll: Poll, no: int, *, actor: Actor, now: datetime) -> Approval:
    """Ask a second person to agree to the list as it was looked at."""
    queries.lock(poll, shared=True)
    batch = _waiting(poll, no)
    return coding.ask(poll, batch, actor=actor, now=now)


def withdraw(poll: Poll, no: int, *, actor: Actor, now: datetime) -> None:
    """Give a batch up before its codes are made; whoever waited for one may get another."""
    factored(actor)
    queries.lock(poll, shared=True)
    batch = _waiting(poll, no)
    approvals.withdraw(codes.ORDER, codes.KIND, batch.id, actor, now)
    batch.withdrawn_at = db_now()
    db.session.flush()
    forget(batch, has_codes=False)
    entries.record(
        "codes.withdrawn",
        f"poll:{poll.id}",
        actor=actor,
        at=batch.withdrawn_at,
        tenant_id=poll.tenant_id,
        batch=batch.no,
        codes=batch.codes,
    )


def letters(poll: Poll, batch: CodeBatch) -> list[Letter]:
    """Draw codes for the addressees of a batch, numbered in an order that says nothing.

    Not kept anywhere: the letters are made of them, then ``send`` keeps their hashes.
    """
    people = addressees.list_of(poll, batch)
    if len(people) != batch.codes:
        raise Refused(addressee_rules.GONE)
    secrets.SystemRandom().shuffle(people)
    made = coding.draw(batch.codes)
    return [
        Letter(serial=serial, code=code, to=person)
        for serial, (code, person) in enumerate(zip(made, people, strict=True), start=1)
    ]


def send(
    poll: Poll,
    no: int,
    letters: Sequence[Letter],
    by_wire: Sequence[SecretLetter],
    *,
    actor: Actor,
) -> None:
    """Keep the hashes, give what goes by wire to the outbox, and forget who the addressees were.

    by_wire: those of the letters that ``code_mail.prepare`` made ready.
    """
    batch = codes.get_batch(poll, no)
    if addressees.present_hash(batch) != batch.list_hash:
        raise Refused(addressee_rules.CHANGED)
    coding.issue(poll, no, [letter.code for letter in letters], actor=actor)
    mail.write_secrets(by_wire)
    forget(batch, has_codes=True)


def hand(poll: Poll, mark: str, *, actor: Actor) -> None:
    """Note at the counter that somebody gets a code; which one they take is not noted."""
    factored(actor)
    queries.lock(poll, shared=True)
    if refusal := electorate_rules.order_refusal(
        has_codes=poll.electorate == Electorate.CODES,
        is_sealed=queries.present_state(poll) in UNCOUNTED - {PollState.WORKING_UP},
    ):
        raise Refused(refusal)
    hashed = addressees.holder_hash(poll, mark)
    if addressees.list_known(poll, [hashed]):
        raise Refused(addressee_rules.HAS_ONE)
    if addressees.count_handed(poll) >= addressees.count_to_hand(poll):
        raise Refused(addressee_rules.NO_MORE)
    _remember(poll, {hashed: HolderKind.COUNTER}, batch_id=None)
    entries.record(
        "codes.handed", f"poll:{poll.id}", actor=actor, at=db_now(), tenant_id=poll.tenant_id
    )


def forget(batch: CodeBatch, *, has_codes: bool) -> None:
    """Remove the addressees of a batch, and what says that somebody was of this very batch."""
    of_batch = CodeHolder.batch_id == batch.id
    kept = update(CodeHolder).where(of_batch).values(batch_id=None)
    for statement in (
        delete(CodeAddressee).where(CodeAddressee.batch_id == batch.id),
        kept if has_codes else delete(CodeHolder).where(of_batch),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _waiting(poll: Poll, no: int) -> CodeBatch:
    """Hold a batch whose codes are not made."""
    batch = codes.get_batch(poll, no)
    lock(CodeBatch, batch.id)
    if batch.printed_at is not None or batch.withdrawn_at is not None:
        raise Refused(addressee_rules.NOT_TO_WITHDRAW)
    return batch


def _remember(poll: Poll, hashes: Mapping[str, HolderKind], *, batch_id: int | None) -> None:
    rows = [
        CodeHolder(
            tenant_id=poll.tenant_id, poll_id=poll.id, hash=each, kind=kind, batch_id=batch_id
        )
        for each, kind in sorted(hashes.items())
    ]
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError as error:
        raise Refused(addressee_rules.AT_ONCE) from error
