"""Voting at a counter: a card handed out, or a vote cast on the office's screen with help.

Whoever stands there is the same person as on the web: the same key, so the second vote is refused
whichever way it comes. What they say of themselves is typed, made into that key, and not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from deliberate.accounts import closing
from deliberate.accounts import queries as accounts
from deliberate.accounts.rules import fold_email
from deliberate.audit import entries
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes, desk_rules, electorate_rules, electorates, keys, queries, rules
from deliberate.voting.actions import casting, declaring, pausing
from deliberate.voting.actions.casting import Choices, Form, Line, Taken
from deliberate.voting.clock import db_now
from deliberate.voting.identity import Identity
from deliberate.voting.models import Poll, RollLine, VotingCode
from deliberate.voting.proof import factored
from deliberate.voting.states import CaseKind, Channel, CodeState, Electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who stands at the counter, as the poll's electorate asks: one of the four is said.

    claim: the clerk has looked, and this is another person than the one who has voted with these
    words (HOUSEHOLD), or the person whose name somebody else has used (NOT_MINE).
    """

    identity: Identity | None = None
    area_id: int | None = None
    claim: CaseKind | None = None
    code: str = ""
    line: int = 0
    email: str = ""


def hand_card(
    tenant: Municipality,
    poll: Poll,
    visitor: Visitor,
    *,
    idem: str,
    actor: Actor,
    received_on: date | None = None,
) -> None:
    """Mark that somebody votes on paper, or refuse who has voted.

    received_on: the day on which a posted card came; only such cards are marked after the end. The
    same form sent twice is the same card.
    """
    factored(actor)
    pausing.note_lapsed(poll)
    queries.lock(poll)
    now = db_now()
    state = queries.present_state(poll, now=now)
    facts = desk_rules.CardFacts(
        has_paper=electorates.read(poll.electorate_terms).has_paper,
        state=state,
        window=rules.window_refusal(queries.cast_facts(poll, None, now=now)),
        received_on=received_on,
        today=clock.local(now).date(),
        opened_on=clock.local(poll.opens_at).date(),
        ends_on=clock.last_day(poll.ends_at),
    )
    if refusal := desk_rules.card_refusal(facts):
        raise Refused(refusal)
    poll.state = state
    db.session.flush()
    who = _recognise(tenant, poll, visitor, Channel.PAPER)
    if casting.mark(poll, who.line, idem, day=received_on or facts.today, refusal=who.refusal):
        _settle(poll, visitor, who, now=now)
        entries.record("desk.card", f"poll:{poll.id}", actor=actor, at=now, tenant_id=tenant.id)


def cast_assisted(
    tenant: Municipality,
    poll: Poll,
    visitor: Visitor,
    choices: Choices,
    form: Form,
    *,
    actor: Actor,
) -> Taken:
    """Take the vote of somebody at the counter, whose choices were made on the office's screen."""
    factored(actor)
    pausing.note_lapsed(poll)
    queries.lock(poll, shared=True)
    now = db_now()
    if not electorates.read(poll.electorate_terms).has_paper:
        raise Refused(desk_rules.NO_DESK)
    if refusal := rules.window_refusal(queries.cast_facts(poll, None, now=now)):
        raise Refused(refusal)
    who = _recognise(tenant, poll, visitor, Channel.ASSISTED)
    taken = casting.take(poll, who.line, choices, form, refusal=who.refusal, now=now)
    _settle(poll, visitor, who, now=now)
    entries.record("desk.assisted", f"poll:{poll.id}", actor=actor, at=now, tenant_id=tenant.id)
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Whose line this is. first: the line of the one who has voted with the same words before."""

    line: Line
    refusal: Refusal | None = None
    first: str | None = None


def _recognise(tenant: Municipality, poll: Poll, visitor: Visitor, channel: Channel) -> Recognised:
    match Electorate(poll.electorate):
        case Electorate.DECLARED:
            return _declared(poll, visitor, channel)
        case Electorate.CODES:
            return _with_code(poll, visitor, channel)
        case Electorate.LISTED:
            return _listed(poll, visitor, channel)
        case Electorate.RESIDENTS:
            return _resident(tenant, poll, visitor, channel)


def _declared(poll: Poll, visitor: Visitor, channel: Channel) -> Recognised:
    """The first of this name in this home; with a claim the first whose place is free."""
    assert visitor.identity is not None  # noqa: S101 - the form of this electorate asks for it
    person_keys = keys.household_keys(poll.tenant_id, poll.id, visitor.identity.parts)
    free, first = person_keys[0], None
    if visitor.claim is not None and queries.find_participation_of(poll, free):
        first = free
        places = (k for k in person_keys[1:] if queries.find_participation_of(poll, k) is None)
        free = next(places, "")
        if not free:
            raise Refused(electorate_rules.HOUSEHOLD_FULL)
    line = Line(
        person_key=free, area_id=visitor.area_id, source=declaring.DECLARED, channel=channel
    )
    return Recognised(line=line, first=first)


def _with_code(poll: Poll, visitor: Visitor, channel: Channel) -> Recognised:
    code = codes.read_code(visitor.code)
    row = codes.find_code(poll, code) if code is not None else None
    if row is None:
        raise Refused(electorate_rules.NO_CODE)
    lock(VotingCode, row.hash)
    if row.state == CodeState.VOID:
        raise Refused(electorate_rules.CODE_VOID)
    key = codes.person_key(poll, row.hash)
    line = Line(person_key=key, area_id=visitor.area_id, source="code", channel=channel)
    return Recognised(line=line)


def _listed(poll: Poll, visitor: Visitor, channel: Channel) -> Recognised:
    """A line of the closed list: who votes at the counter needs no account, and ties the line."""
    lock(RollLine, poll.id, visitor.line)
    row = db.session.get(RollLine, (poll.id, visitor.line))
    if row is None or (row.added_by is not None and row.confirmed_by is None):
        raise Refused(desk_rules.NO_LINE)
    key = row.account_key or keys.hashed(poll.tenant_id, poll.id, "line", str(row.no))
    row.account_key = key
    return Recognised(line=Line(person_key=key, area_id=None, source="roll", channel=channel))


def _resident(tenant: Municipality, poll: Poll, visitor: Visitor, channel: Channel) -> Recognised:
    person = accounts.find_person_by_email(fold_email(visitor.email))
    if person is None:
        raise Refused(desk_rules.NO_ACCOUNT)
    closing.keep_open(person)
    residence = accounts.find_residence(tenant, person)
    line = Line(
        person_key=keys.person_key(tenant.id, poll.id, person.id),
        area_id=residence.area_id if residence else None,
        source="account",
        channel=channel,
    )
    facts = queries.cast_facts(poll, person, now=db_now())
    return Recognised(line=line, refusal=rules.electorate_refusal(facts))


def _settle(poll: Poll, visitor: Visitor, who: Recognised, *, now: datetime) -> None:
    """Note what follows from who it was: a code is used, and a doubt about a first vote is open."""
    if poll.electorate == Electorate.CODES:
        code = codes.read_code(visitor.code)
        row = codes.find_code(poll, code) if code is not None else None
        if row is not None and row.state == CodeState.UNUSED:
            row.state, row.person_key = CodeState.USED, who.line.person_key
            db.session.flush()
    if who.first is not None and visitor.claim is CaseKind.NOT_MINE:
        declaring.dispute(poll, who.first, now=now)
