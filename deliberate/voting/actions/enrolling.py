"""A closed list: put in place of the former before sealing, added to by two persons after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock, touch
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import electorates, queries, roll_rules, rules
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll, RollLine
from deliberate.voting.proof import proven
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import UNCOUNTED, Electorate, PollState


def put(tenant: Municipality, poll_id: int, lines: Sequence[Line]) -> None:
    """Put the whole list in place of what was there; its hash goes into the rules."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    if poll.electorate != Electorate.LISTED:
        raise Refused(roll_rules.NOT_A_LIST)
    if poll.state != PollState.DRAFT:
        raise Refused(roll_rules.FROZEN)
    db.session.execute(delete(RollLine).where(RollLine.poll_id == poll.id))
    _fill(poll, lines)


def copy(former: Poll, poll: Poll) -> None:
    """Give a repeated vote the list of the former one, with those who were added to it."""
    lines = [
        Line(row.name, row.email)
        for row in queries.list_roll(former)
        if row.added_by is None or row.confirmed_by is not None
    ]
    if lines:
        _fill(poll, lines)


def _fill(poll: Poll, lines: Sequence[Line]) -> None:
    db.session.add_all(
        RollLine(poll_id=poll.id, no=no, tenant_id=poll.tenant_id, name=line.name, email=line.email)
        for no, line in enumerate(lines, start=1)
    )
    terms = replace(
        electorates.read(poll.electorate_terms),
        roll_lines=len(lines),
        roll_hash=roll_rules.hash_of(lines),
    )
    poll.electorate_terms = electorates.write(terms)
    db.session.flush()


def add(tenant: Municipality, poll_id: int, line: Line, *, actor: Actor) -> None:
    """Write somebody down after sealing; they vote once another person has confirmed it."""
    person_id = proven(actor)
    poll = _open(tenant, poll_id)
    last = db.session.scalar(select(func.max(RollLine.no)).where(RollLine.poll_id == poll.id))
    row = RollLine(
        poll_id=poll.id,
        no=(last or 0) + 1,
        tenant_id=poll.tenant_id,
        name=line.name,
        email=line.email,
        added_by=person_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Refused(roll_rules.ON_IT) from error
    _record("roll.added", row, actor=actor)


def confirm(tenant: Municipality, poll_id: int, no: int, *, actor: Actor) -> None:
    """Confirm what another person wrote down; how many were added is public."""
    person_id = proven(actor)
    poll = _open(tenant, poll_id)
    lock(RollLine, poll.id, no)
    row = db.session.get(RollLine, (poll.id, no))
    if row is None or row.added_by is None or row.confirmed_by is not None:
        raise Refused(roll_rules.SETTLED)
    if row.added_by == person_id:
        raise Refused(roll_rules.OWN)
    row.confirmed_by = person_id
    db.session.flush()
    touch(tenant.id)
    _record("roll.confirmed", row, actor=actor)


def tie(poll: Poll, email: str, key: str) -> None:
    """Bind a line to the account that votes on it: one line, one account, either way."""
    no = db.session.scalar(select(RollLine.no).where(*queries.lines_of(poll, email)))
    if no is None:
        raise Refused(roll_rules.NOT_LISTED)
    lock(RollLine, poll.id, no)
    row = db.session.get_one(RollLine, (poll.id, no))
    if row.account_key == key:
        return
    if row.account_key is not None:
        raise Refused(roll_rules.LINE_TAKEN)
    try:
        with db.session.begin_nested():
            row.account_key = key
    except IntegrityError as error:
        raise Refused(roll_rules.ANOTHER_LINE) from error


def _open(tenant: Municipality, poll_id: int) -> Poll:
    """Hold a sealed vote of a closed list that still goes on."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    if poll.electorate != Electorate.LISTED:
        raise Refused(roll_rules.NOT_A_LIST)
    state = rules.present_state(PollState(poll.state), poll.opens_at, poll.ends_at, db_now())
    if state not in UNCOUNTED or state is PollState.WORKING_UP:
        raise Refused(roll_rules.NOT_OPEN)
    return poll


def _record(act: str, row: RollLine, *, actor: Actor) -> None:
    entries.record(
        act,
        f"poll:{row.poll_id}",
        actor=actor,
        at=db_now(),
        tenant_id=row.tenant_id,
        line=row.no,
    )
