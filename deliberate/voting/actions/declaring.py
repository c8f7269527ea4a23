"""A vote without an account: who somebody says they are, and a code that proves a contact."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import ids
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    change_rules,
    electorate_rules,
    electorates,
    keys,
    limits,
    notices,
    queries,
    rules,
)
from deliberate.voting.actions import casting, changing, pausing, signalling
from deliberate.voting.actions.casting import Choices, Form, Line, Taken
from deliberate.voting.clock import db_now
from deliberate.voting.contacts import Contact
from deliberate.voting.identity import Identity
from deliberate.voting.models import ContactCode, Poll, VoteCase, Voter
from deliberate.voting.states import CaseKind, Channel, Electorate, SignalKind

DECLARED = "declared"  # the source of a line of the electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says of themselves.

    claim: why this is not a second vote of the same person, where one with these words is there.
    changes: it is the vote of the same person, who wants this one in its place.
    locale: in which language they read, for the letter to somebody whose vote is held.
    """

    identity: Identity
    contact: Contact
    area_id: int | None = None
    claim: CaseKind | None = None
    changes: bool = False
    locale: str = "pl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The token that the form keeps, the code that came to the contact, and where it is typed."""

    token: str
    code: str
    network: str


def send_code(
    tenant: Municipality, poll: Poll, contact: Contact, *, network: str, locale: str
) -> str:
    """Send a one-time code and return the token that the form keeps; TooMany after many."""
    limits.use_code(contact.address, network)
    token, code = ids.new_token(), ids.new_code()
    row = ContactCode(
        token_hash=ids.token_hash(token),
        tenant_id=tenant.id,
        poll_id=poll.id,
        contact_hash=_contact_hash(poll, contact),
        code_hash=code_hash(poll, token, code),
        expires_at=db_now() + electorate_rules.CODE_VALID,
    )
    db.session.add(row)
    notices.write_code(tenant, contact, code, locale=locale)
    return token


def cast(
    poll: Poll,
    saying: Saying,
    choices: Choices,
    *,
    form: Form,
    proof: Proof,
) -> Taken | Refusal:
    """Take a vote, or return what is wrong with its code.

    Commit in both cases: a wrong code has been counted. What else is refused is raised, so that
    nothing changes and the code can be used again.
    """
    pausing.note_lapsed(poll)
    queries.lock(poll, shared=True)
    person_keys = keys.household_keys(poll.tenant_id, poll.id, saying.identity.parts)
    idem_hash = ids.token_hash(form.idem)
    if poll.electorate != Electorate.DECLARED:
        raise Refused(electorate_rules.OTHER_WAY)
    for key in person_keys:
        if before := casting.sent_before(poll, key, idem_hash):
            return before
    changing.refuse_spent(poll, idem_hash)
    now = db_now()
    if refusal := rules.window_refusal(queries.cast_facts(poll, None, now=now)):
        raise Refused(refusal)
    if wrong := _prove(poll, saying.contact, proof, now=now):
        return wrong
    if saying.changes and poll.revote:
        key = _own_key(poll, person_keys, saying.contact)
        taken = _take(poll, key, saying, choices, form, now=now, may_change=True)
        db.session.delete(db.session.get_one(ContactCode, ids.token_hash(proof.token)))
        return taken
    if saying.claim is not None and queries.find_participation_of(poll, person_keys[0]):
        key, taken = _take_as_another(poll, person_keys, saying, choices, form, now=now)
        _open_cases(poll, saying.claim, first=person_keys[0], second=key, now=now)
    else:
        key = person_keys[0]
        taken = _take(poll, key, saying, choices, form, now=now)
    _hold_contact(poll, saying.contact)
    db.session.add(_voter(poll, key, saying))
    db.session.flush()
    db.session.delete(db.session.get_one(ContactCode, ids.token_hash(proof.token)))
    signalling.note(poll, key, _signals(poll, saying, proof), now=now)
    return taken


def _own_key(poll: Poll, person_keys: list[str], contact: Contact) -> str:
    """Return under which key somebody of this name and home voted with this very contact.

    Name and home alone prove nothing: whoever knows a neighbour's would change the vote. By the
    rules of such a vote a contact is one person's (change_rules.offer_refusal).
    """
    found = db.session.scalar(
        select(Voter.person_key).where(
            Voter.tenant_id == poll.tenant_id,
            Voter.poll_id == poll.id,
            Voter.person_key.in_(person_keys),
            Voter.contact_hash == _contact_hash(poll, contact),
        )
    )
    if found is None:
        raise Refused(change_rules.OTHER_CONTACT)
    return found


def _hold_contact(poll: Poll, contact: Contact) -> None:
    """Refuse a vote more than the sealed rules give to one contact.

    Asked last, so that whoever has voted already hears that. The codes that are on their way to
    the contact are held: of two votes at once the second sees the first.
    """
    contact_hash = _contact_hash(poll, contact)
    db.session.execute(
        select(ContactCode.token_hash)
        .where(ContactCode.poll_id == poll.id, ContactCode.contact_hash == contact_hash)
        .order_by(ContactCode.token_hash)
        .with_for_update()
    ).all()
    most = electorates.read(poll.electorate_terms).persons_a_contact
    voted = select(func.count()).where(Voter.poll_id == poll.id, Voter.contact_hash == contact_hash)
    if db.session.scalars(voted).one() >= most:
        raise Refused(electorate_rules.CONTACT_FULL.with_values(most=most))


def _prove(poll: Poll, contact: Contact, proof: Proof, *, now: datetime) -> Refusal | None:
    """Return what is wrong with a code; a wrong one is counted."""
    token_hash = ids.token_hash(proof.token)
    lock(ContactCode, token_hash)
    row = db.session.get(ContactCode, token_hash)
    if row is None or row.poll_id != poll.id or row.contact_hash != _contact_hash(poll, contact):
        return electorate_rules.CODE_EXPIRED
    limits.check_failures(contact.address, proof.network)
    facts = electorate_rules.CodeFacts(now=now, expires_at=row.expires_at, tries=row.tries)
    if refusal := electorate_rules.code_refusal(facts):
        return refusal
    if not secrets.compare_digest(row.code_hash, code_hash(poll, proof.token, proof.code)):
        row.tries += 1
        limits.count_failure(contact.address, proof.network)
        spent = row.tries >= electorate_rules.MOST_TRIES
        return electorate_rules.CODE_SPENT if spent else electorate_rules.CODE_WRONG
    return None


def _take(
    poll: Poll,
    key: str,
    saying: Saying,
    choices: Choices,
    form: Form,
    *,
    now: datetime,
    may_change: bool = False,
) -> Taken:
    line = Line(person_key=key, area_id=saying.area_id, source=DECLARED, channel=Channel.WEB)
    return casting.take(poll, line, choices, form, refusal=None, now=now, may_change=may_change)


def _take_as_another(
    poll: Poll,
    person_keys: list[str],
    saying: Saying,
    choices: Choices,
    form: Form,
    *,
    now: datetime,
) -> tuple[str, Taken]:
    """Take the vote of the next one of this name in this home: the first key that is free."""
    for key in person_keys[1:]:
        try:
            return key, _take(poll, key, saying, choices, form, now=now)
        except Refused as refused:
            if refused.refusal.code != rules.ALREADY.code:
                raise
    raise Refused(electorate_rules.HOUSEHOLD_FULL)


def _open_cases(poll: Poll, claim: CaseKind, *, first: str, second: str, now: datetime) -> None:
    """Have two persons look: at the second vote, and at the first where it is said to be false."""
    db.session.add(_case(poll, claim, second, now=now))
    if claim is CaseKind.NOT_MINE:
        dispute(poll, first, now=now)


def dispute(poll: Poll, key: str, *, now: datetime) -> None:
    """Have two persons look at a vote of which somebody says that it is not theirs."""
    try:
        with db.session.begin_nested():
            db.session.add(_case(poll, CaseKind.DISPUTED, key, now=now))
    except IntegrityError:  # somebody said so before: one case of it is enough
        return


def _case(poll: Poll, kind: CaseKind, key: str, *, now: datetime) -> VoteCase:
    return VoteCase(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        kind=kind,
        person_key=key,
        opened_at=signalling.hour_of(now),
    )


def _voter(poll: Poll, key: str, saying: Saying) -> Voter:
    return Voter(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        person_key=key,
        given_name=saying.identity.given_name,
        surname=saying.identity.surname,
        street=saying.identity.street,
        house_no=saying.identity.house_no,
        flat=saying.identity.flat,
        contact_kind=saying.contact.kind,
        contact_hash=_contact_hash(poll, saying.contact),
        contact_sealed=keys.seal_contact(poll.id, saying.contact.address, person=key),
        locale=saying.locale,
    )


def _signals(poll: Poll, saying: Saying, proof: Proof) -> dict[SignalKind, str]:
    home = "\n".join(saying.identity.parts[1:])
    return {
        SignalKind.CONTACT: _contact_hash(poll, saying.contact),
        SignalKind.NETWORK: keys.hashed(poll.tenant_id, poll.id, "network", proof.network),
        SignalKind.HOME: keys.hashed(poll.tenant_id, poll.id, "home", home),
    }


def _contact_hash(poll: Poll, contact: Contact) -> str:
    return keys.hashed(poll.tenant_id, poll.id, "contact", contact.address)


def code_hash(poll: Poll, token: str, code: str) -> str:
    """Return what is kept of a code; spaces in it decide nothing."""
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    return keys.hashed(poll.tenant_id, poll.id, "code", f"{token}\n{digits}")
