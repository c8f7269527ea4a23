"""One vote of one person: one short transaction, acknowledged only after its commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.accounts import closing
from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, keys, queries, rules
from deliberate.voting.clock import db_now
from deliberate.voting.models import Ballot, Eligibility, Participation, Poll
from deliberate.voting.states import Channel, PollState

Choices = Mapping[int, frozenset[int]]  # section → option numbers
SOURCE = "account"


def cast(
    tenant: Municipality, poll: Poll, person: Person, choices: Choices, *, idem: str
) -> Participation:
    """Take a vote. ``idem`` is the form's key: the same form sent twice is the same vote.

    Whether the person has voted is not looked up before: the key of the table says it, to one of
    any number of tabs.
    """
    queries.lock(poll, shared=True)
    closing.keep_open(person)
    now = db_now()
    key, idem_hash = keys.person_key(tenant.id, poll.id, person.id), ids.token_hash(idem)
    facts = queries.cast_facts(tenant, poll, person, now=now)
    if refusal := rules.cast_refusal(facts):
        if sent := _sent_before(poll, key, idem_hash):
            return sent
        raise Refused(refusal)
    participation = Participation(
        tenant_id=tenant.id,
        poll_id=poll.id,
        person_key=key,
        channel=Channel.WEB,
        day=clock.local(now).date(),
        idem_hash=idem_hash,
    )
    residence = accounts.find_residence(tenant, person)
    line = Eligibility(
        tenant_id=tenant.id,
        poll_id=poll.id,
        person_key=key,
        area_id=residence.area_id if residence else None,
        source=SOURCE,
    )
    try:
        with db.session.begin_nested():
            db.session.add(line)
            db.session.flush()
            db.session.add(participation)
    except IntegrityError:
        there = queries.find_participation_of(poll, key)
        if there is None:
            raise  # not this key: something else is wrong
        if there.idem_hash == idem_hash:
            return there
        raise Refused(rules.ALREADY.with_values(day=there.day)) from None
    _fill_ballots(tenant, poll, choices, link_tag=keys.link_tag(poll.id, key))
    return participation


def refuse_closing(person_id: int) -> None:
    """Keep an account until the votes it took part in are counted.

    A person key is made of the account: whoever closed theirs and came back with the same address
    would be somebody else to the poll, and vote again.
    """
    open_polls = db.session.scalars(
        select(Poll).where(
            Poll.state.in_((PollState.SEALED, PollState.RECEIVING, PollState.WORKING_UP))
        )
    ).all()
    for poll in open_polls:
        key = keys.person_key(poll.tenant_id, poll.id, person_id)
        if queries.find_participation_of(poll, key) is not None:
            raise Refused(rules.CLOSE_AFTER_COUNT)


def _sent_before(poll: Poll, key: str, idem_hash: str) -> Participation | None:
    there = queries.find_participation_of(poll, key)
    return there if there is not None and there.idem_hash == idem_hash else None


def _fill_ballots(tenant: Municipality, poll: Poll, choices: Choices, *, link_tag: str) -> None:
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    for section in queries.section_rules(sections, options):
        chosen = choices.get(section.no, frozenset())
        if refusal := rules.section_refusal(section, chosen):
            raise Refused(refusal)
        ballot = Ballot(
            id=secrets.token_hex(16),
            tenant_id=tenant.id,
            poll_id=poll.id,
            section_no=section.no,
            choices=canonical.choices(chosen),
            link_tag=link_tag,
        )
        db.session.add(ballot)
    db.session.flush()
