"""One vote of one person: one short transaction, acknowledged only after its commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from deliberate.accounts import closing
from deliberate.accounts.models import Person
from deliberate.accounts.rules import fold_email
from deliberate.algorithms.counting.ballots import write
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db, id_of, insert_rows, insert_unless_taken
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.voting import (
    ballot_rules,
    electorate_rules,
    keys,
    queries,
    receipts,
    rules,
    sealed,
)
from deliberate.voting.actions import changing, enrolling, pausing
from deliberate.voting.ballot_rules import SectionRules, Written
from deliberate.voting.clock import db_now
from deliberate.voting.models import Ballot, Eligibility, Participation, Poll, Receipt
from deliberate.voting.states import UNCOUNTED, WITHOUT_ACCOUNT, Channel, Electorate, Publication

Choices = Mapping[int, Written]  # section → what is written on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody who may take part, as the box knows them: a key, and no name."""

    person_key: str
    area_id: int | None
    source: str  # account, declared, code, list
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What comes with choices: the form's own key, and random bits of the voter's browser."""

    idem: str
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """That a vote is in: the day, and the leaf that its code names."""

    day: date
    leaf: str


def cast(poll_id: int, person: Person, choices: Choices, form: Form) -> Taken:
    """Take the vote of somebody with an account. The same form sent twice is the same vote.

    Whether the person has voted is not looked up before: the key of the table says it, to one of
    any number of tabs.
    """
    pausing.note_lapsed_of(poll_id)
    poll = queries.hold(poll_id, shared=True)
    closing.keep_open(person)
    now = db_now()
    if poll.electorate in WITHOUT_ACCOUNT:
        raise Refused(electorate_rules.OTHER_WAY)
    facts = queries.cast_facts(poll, person, now=now)
    line = Line(
        person_key=keys.person_key(poll.tenant_id, poll.id, id_of(person)),
        area_id=facts.area_id,
        source="roll" if poll.electorate == Electorate.LISTED else "account",
        channel=Channel.WEB,
    )
    refusal = rules.cast_refusal(facts)
    if refusal is None and poll.electorate == Electorate.LISTED:
        enrolling.tie(poll, fold_email(person.email or ""), line.person_key)
    return take(poll, line, choices, form, refusal=refusal, now=now, may_change=poll.revote)


def take(
    poll: Poll,
    line: Line,
    choices: Choices,
    form: Form,
    *,
    refusal: Refusal | None,
    now: datetime,
    may_change: bool = False,
) -> Taken:
    """Take a vote under the poll's lock, or raise why not.

    refusal: what the electorate's own rule says. A form that was taken already is answered as
    before even then: its answer may have been lost on the way. may_change: it takes the place of
    one that is there, if the rules of changing allow it.
    """
    day = clock.local(now).date()
    if not mark(poll, line, form.idem, day=day, refusal=refusal, may_change=may_change):
        before = sent_before(poll, line.person_key, ids.token_hash(form.idem))
        assert before is not None  # noqa: S101 - this very form has marked it
        return before
    return Taken(day=day, leaf=_fill_ballots(poll, line, choices, form))


def mark(
    poll: Poll,
    line: Line,
    idem: str,
    *,
    day: date,
    refusal: Refusal | None,
    may_change: bool = False,
) -> bool:
    """Write down that somebody takes part; False where this very form has done so before.

    Not looked up, but inserted and caught: the key of the table is the rule "one person, one vote".
    """
    idem_hash = ids.token_hash(idem)
    if refusal is not None:
        if _is_marked_by(poll, line.person_key, idem_hash):
            return False
        raise Refused(refusal)
    changing.refuse_spent(poll, idem_hash)
    whose = {"tenant_id": poll.tenant_id, "poll_id": poll.id, "person_key": line.person_key}
    # A line that is there stays as it is: lines only grow.
    insert_unless_taken(Eligibility, **whose, area_id=line.area_id, source=line.source)
    if insert_unless_taken(
        Participation, **whose, channel=line.channel, day=day, idem_hash=idem_hash
    ):
        return True
    if _is_marked_by(poll, line.person_key, idem_hash):
        return False
    there = queries.find_participation_of(poll, line.person_key)
    if there is not None and may_change:
        return changing.make_way(
            poll, line.person_key, line.channel, idem_hash, area_id=line.area_id, day=day
        )
    if there is not None:
        raise Refused(rules.ALREADY.with_values(day=there.day))
    raise Refused(rules.FOREIGN_FORM)  # the other key: this form has brought another's vote


def refuse_closing(person_id: int) -> None:
    """Keep an account until the votes it took part in are counted.

    A person key is made of the account: whoever closed theirs and came back with the same address
    would be somebody else to the poll, and vote again.
    """
    open_polls = db.session.scalars(select(Poll).where(Poll.state.in_(UNCOUNTED))).all()
    for poll in open_polls:
        key = keys.person_key(poll.tenant_id, poll.id, person_id)
        if queries.find_participation_of(poll, key) is not None:
            raise Refused(rules.CLOSE_AFTER_COUNT)


def sent_before(poll: Poll, key: str, idem_hash: str) -> Taken | None:
    """Return what this very form has brought already."""
    there = queries.find_participation_of(poll, key)
    if there is None or there.idem_hash != idem_hash:
        return None
    return Taken(day=there.day, leaf=queries.get_leaf(poll, key))


def _is_marked_by(poll: Poll, key: str, idem_hash: str) -> bool:
    there = queries.find_participation_of(poll, key)
    return there is not None and there.idem_hash == idem_hash


def _fill_ballots(poll: Poll, line: Line, choices: Choices, form: Form) -> str:
    """Put a ballot into each section that the voter votes in, and one receipt for all of them."""
    ballot = sealed.read(poll)
    own = ballot_rules.own_sections(
        ballot.sections, ballot.areas, area_id=line.area_id, choices=choices
    )
    if isinstance(own, Refusal):
        raise Refused(own)
    texts = _texts(own, choices)
    tag = keys.link_tag(poll.id, line.person_key)
    common = {"tenant_id": poll.tenant_id, "poll_id": poll.id, "link_tag": tag}
    cards = [
        {**common, "id": secrets.token_hex(16), "section_no": no, "choices": text}
        for no, text in texts.items()
    ]
    insert_rows(Ballot, cards)
    nonce = receipts.mix(keys.nonce(poll.id, form.idem), form.browser)
    leaf = receipts.leaf(poll.id, nonce, texts)
    shown = nonce.hex() if poll.publication == Publication.LINKED else None
    insert_rows(Receipt, [{**common, "leaf": leaf, "nonce": shown}])
    return leaf


def _texts(sections: Sequence[SectionRules], choices: Choices) -> dict[int, str]:
    """Return the canonical text of each section's ballot, or raise the first refusal."""
    texts: dict[int, str] = {}
    for section in sections:
        ballot = ballot_rules.judge(section, choices.get(section.no, Written()))
        if isinstance(ballot, Refusal):
            raise Refused(ballot)
        texts[section.no] = write(section.kind, ballot)
    return texts
