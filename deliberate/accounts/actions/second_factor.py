"""The second factor: set, proved, switched off; codes for when the app is lost."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import delete, select

from deliberate.accounts import codes, factor_offer, failures, letters, limits, seals, totp
from deliberate.accounts import factor_rules as rules
from deliberate.accounts.actions.people import end_everything_else
from deliberate.accounts.factor_offer import Offer
from deliberate.accounts.letters import FactorChange
from deliberate.accounts.models import Person, RecoveryCode, SecondFactor, SignInSession
from deliberate.accounts.rules import fold_email
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.models import Municipality

log = logging.getLogger(__name__)


def confirm(
    person: Person, offer: Offer, code: str, *, tenant: Municipality, keep: SignInSession
) -> list[str] | Refusal:
    """Set what was offered and return the recovery codes, or return why not.

    Commit in both cases: a wrong code has been counted. Other browsers are signed out: they have
    not proved this factor.
    """
    account = fold_email(person.email or "")
    limits.check_second_failures(account)
    lock(Person, person.id)
    factor, now = db.session.get(SecondFactor, person.id, populate_existing=True), clock.now()
    if factor_offer.mark_of(factor) != offer.replaces:
        raise Refused(rules.OVERTAKEN)
    step = totp.matching_step(offer.secret, code, now=now)
    if step is None:
        _count_failure(account, tenant)
        return rules.CODE_WRONG
    change = FactorChange.SET if factor is None else FactorChange.REPLACED
    if factor is None:
        factor = SecondFactor(person_id=person.id)
        db.session.add(factor)
    factor.secret = seals.seal(offer.secret, owner=owner_of(person.id))
    factor.confirmed_at, factor.last_step = now, step
    end_everything_else(person, keep=keep, address=person.email)
    keep.second_factor_at = now
    letters.write_factor(person, change, tenant=tenant)
    return _make_recovery_codes(person)


def prove(person: Person, typed: str, *, tenant: Municipality) -> Refusal | None:
    """Use up a code of the app or of paper, or return why not.

    Commit in both cases: a wrong code has been counted.
    """
    account = fold_email(person.email or "")
    limits.check_second_failures(account)
    lock(SecondFactor, person.id)
    factor = db.session.get(SecondFactor, person.id)
    if factor is None:
        return rules.NONE
    if len(typed) == rules.RECOVERY_DIGITS:
        refusal = _use_recovery_code(person, typed, tenant)
    else:
        refusal = _use_app_code(factor, typed, now=clock.now())
    if refusal is rules.CODE_WRONG:
        _count_failure(account, tenant)
    return refusal


def renew_recovery_codes(person: Person, *, tenant: Municipality) -> list[str]:
    """Return ten new codes; those before no longer work. The second factor was just proved."""
    letters.write_factor(person, FactorChange.NEW_CODES, tenant=tenant)
    return _make_recovery_codes(person)


def switch_off(person: Person, *, tenant: Municipality, keep: SignInSession) -> None:
    """Go on without a second factor, which was just proved."""
    forget(person.id)
    end_everything_else(person, keep=keep, address=person.email)
    keep.second_factor_at = None
    letters.write_factor(person, FactorChange.OFF, tenant=tenant)


def forget(person_id: int) -> None:
    """Remove the factor and its recovery codes."""
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(delete(table).where(table.person_id == person_id))


def owner_of(person_id: int) -> str:
    """Return for whom a secret is sealed."""
    return f"person:{person_id}"


def _use_app_code(factor: SecondFactor, typed: str, *, now: datetime) -> Refusal | None:
    owner = owner_of(factor.person_id)
    try:
        secret = seals.unseal(factor.secret, owner=owner)
    except seals.Unreadable:
        log.warning("second factor of %s does not open: was the secret key changed?", owner)
        return rules.UNREADABLE
    step = totp.matching_step(secret, typed, now=now)
    code = rules.AppCode(step=step, last_step=factor.last_step)
    if (refusal := rules.app_code_refusal(code)) or step is None:
        return refusal
    factor.last_step = step
    factor.secret = seals.seal(secret, owner=owner)  # so it moves to a new secret key by itself
    return None


def _use_recovery_code(person: Person, typed: str, tenant: Municipality) -> Refusal | None:
    hashes = codes.every_hash(_recovery_owner(person), typed)
    row = db.session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.person_id == person.id, RecoveryCode.hash.in_(hashes)
        )
    )
    if row is None:
        return rules.CODE_WRONG
    if row.used_at is not None:
        return rules.RECOVERY_USED
    row.used_at = clock.now()
    letters.write_factor(person, FactorChange.CODE_USED, tenant=tenant)
    return None


def _make_recovery_codes(person: Person) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = [ids.new_code(rules.RECOVERY_DIGITS) for _ in range(rules.RECOVERY_CODES)]
    owner = _recovery_owner(person)
    db.session.add_all(
        RecoveryCode(hash=codes.hashed(owner, code), person_id=person.id) for code in made
    )
    return made


def _recovery_owner(person: Person) -> str:
    return f"recovery:{person.id}"


def _count_failure(account: str, tenant: Municipality) -> None:
    limits.count_second_failure(account)
    failures.count(account, tenant=tenant)
