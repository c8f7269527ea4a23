"""Where people live: declared by them, confirmed by a letter or at the desk, or refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from deliberate.accounts import codes, letters, queries, rules
from deliberate.accounts.models import Person, Residence, ResidenceMethod, ResidenceState
from deliberate.audit import entries as audit
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Area, Municipality


def declare(person: Person, *, tenant: Municipality, area: Area | None) -> None:
    """Note that a person says they live here, or in which part of it they say they live."""
    now = clock.now()
    residence = queries.find_residence(tenant, person)
    facts = queries.residence_facts(tenant, residence, now=now)
    if refusal := rules.declaration_refusal(facts):
        raise Refused(refusal)
    if residence is None and not _add(person, tenant=tenant, area=area):
        residence = queries.find_residence(tenant, person)  # the other tab was faster
    if residence is not None:
        residence.area_id = area.id if area else None
        residence.declared_at = now


def declare_first(person: Person, *, tenant: Municipality, area: Area | None) -> None:
    """Declare with a new account; where the office refused this address before, that holds."""
    if queries.find_residence(tenant, person) is None:
        declare(person, tenant=tenant, area=area)


def withdraw(person: Person, *, tenant: Municipality) -> None:
    """Take the declaration back, with all that came of it."""
    residence = queries.find_residence(tenant, person)
    facts = queries.residence_facts(tenant, residence, now=clock.now())
    if refusal := rules.withdrawal_refusal(facts):
        raise Refused(refusal)
    db.session.delete(residence)


def ask_for_letter(person: Person, *, tenant: Municipality, name: str, address: str) -> None:
    """Ask the office for a letter; a code of a former letter no longer works."""
    now = clock.now()
    residence = queries.find_residence(tenant, person)
    facts = queries.residence_facts(tenant, residence, now=now)
    if (refusal := rules.letter_refusal(facts)) or residence is None:
        raise Refused(refusal or rules.NOT_DECLARED)
    _forget_letter(residence)
    residence.letter_name, residence.letter_address = name, address
    residence.letter_asked_at = now


def try_letter_code(person: Person, code: str, *, tenant: Municipality) -> Refusal | None:
    """Confirm by the code of a letter, or return why not.

    Commit in both cases: a wrong code has been counted.
    """
    now = clock.now()
    residence = queries.find_residence(tenant, person)
    if residence is None:
        return rules.NOT_DECLARED
    lock(Residence, residence.id)
    facts = queries.residence_facts(tenant, residence, now=now)
    if refusal := rules.letter_code_refusal(facts):
        return refusal
    if not codes.matches(residence.letter_code_hash or "", _reference(residence), code):
        residence.letter_tries += 1
        spent = residence.letter_tries >= rules.MOST_LETTER_TRIES
        return rules.LETTER_SPENT if spent else rules.LETTER_CODE_WRONG
    residence.state, residence.method = ResidenceState.CONFIRMED, ResidenceMethod.LETTER
    residence.decided_at = now
    _forget_letter(residence)
    audit.record(
        "residence.confirmed",
        _reference(residence),
        actor=Actor(person_id=person.id, tenant_id=tenant.id),
        at=now,
        method=ResidenceMethod.LETTER,
    )
    return None


def print_letter(
    residence: Residence, *, tenant: Municipality, actor: Actor, again: bool = False
) -> str:
    """Make the code of a letter and return it: this once it can be printed, then only its hash is.

    ``again`` voids the letter printed before: paper jams, and letters get lost.
    """
    facts = _locked_facts(residence, tenant)
    now, own = facts.now, actor.person_id == residence.person_id
    if refusal := rules.printing_refusal(facts, own=own, again=again):
        raise Refused(refusal)
    code = codes.new_letter_code()
    residence.letter_code_hash = codes.hashed(_reference(residence), code)
    residence.letter_sent_at = now
    residence.letter_tries = 0
    audit.record(
        "residence.letter_printed", _reference(residence), actor=actor, at=now, again=again
    )
    return code


def confirm_at_desk(
    residence: Residence, *, tenant: Municipality, actor: Actor, area: Area | None
) -> None:
    """Confirm what an officer has seen at the desk."""
    facts = _locked_facts(residence, tenant)
    own = actor.person_id == residence.person_id
    if refusal := rules.confirmation_refusal(facts, own=own):
        raise Refused(refusal)
    residence.state, residence.method = ResidenceState.CONFIRMED, ResidenceMethod.DESK
    residence.area_id = area.id if area else None
    _decide(residence, tenant=tenant, actor=actor, reason=None, now=facts.now)
    audit.record(
        "residence.confirmed",
        _reference(residence),
        actor=actor,
        at=facts.now,
        method=ResidenceMethod.DESK,
    )


def reject(residence: Residence, *, tenant: Municipality, actor: Actor, reason: str) -> None:
    """Refuse to confirm, with the reason that the person reads."""
    facts = _locked_facts(residence, tenant)
    own = actor.person_id == residence.person_id
    if refusal := rules.rejection_refusal(facts, own=own):
        raise Refused(refusal)
    residence.state = ResidenceState.REFUSED
    _decide(residence, tenant=tenant, actor=actor, reason=reason, now=facts.now)
    audit.record(
        "residence.refused", _reference(residence), actor=actor, at=facts.now, reason=reason
    )


def _add(person: Person, *, tenant: Municipality, area: Area | None) -> bool:
    row = Residence(
        tenant_id=tenant.id,
        person_id=person.id,
        area_id=area.id if area else None,
        state=ResidenceState.DECLARED,
        method=ResidenceMethod.DECLARATION,
        declared_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def _locked_facts(residence: Residence, tenant: Municipality) -> rules.ResidenceFacts:
    lock(Residence, residence.id)
    return queries.residence_facts(tenant, residence, now=clock.now())


def _decide(
    residence: Residence,
    *,
    tenant: Municipality,
    actor: Actor,
    reason: str | None,
    now: datetime,
) -> None:
    residence.decided_by, residence.decided_at = actor.person_id, now
    residence.reason = reason
    _forget_letter(residence)
    person = queries.find_person(residence.person_id)
    if person is not None:
        letters.write_residence_decided(person, residence, tenant=tenant)


def _forget_letter(residence: Residence) -> None:
    residence.letter_name = residence.letter_address = residence.letter_code_hash = None
    residence.letter_asked_at = residence.letter_sent_at = None
    residence.letter_tries = 0


def _reference(residence: Residence) -> str:
    return f"residence:{residence.id}"
