"""Codes by e-mail: sent, tried, used up."""

from __future__ import annotations

from datetime import timedelta

from deliberate.accounts import codes, factor_rules, failures, letters, limits, queries, rules
from deliberate.accounts.models import EmailToken, Person, Purpose
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal
from deliberate.tenancy.models import Municipality


def send_sign_in(
    address: str, *, tenant: Municipality, locale: str, instead_of: str | None = None
) -> str:
    """Send a code and return the token that its browser keeps; TooMany when there were many.

    Does not ask whether the address has an account: what is not asked cannot show in the answer,
    nor in how long it takes. ``instead_of`` is the browser's former token, void from now on.
    """
    limits.use_code_letter(rules.fold_email(address))
    if instead_of is not None:
        _void(instead_of, tenant)
    token, code = _new_token(Purpose.SIGN_IN, address, tenant=tenant)
    letters.write_code(address, code, tenant=tenant, locale=locale)
    return token


def send_change_email(address: str, person: Person, *, tenant: Municipality) -> str:
    """Send a code to a new address. An address that is taken gets a letter without a code."""
    limits.use_code_letter(rules.fold_email(address))
    taken = queries.find_person_by_email(address) is not None
    token, code = _new_token(Purpose.CHANGE_EMAIL, address, tenant=tenant, person=person)
    if taken:
        letters.write_taken(address, tenant=tenant, locale=person.locale)
    else:
        letters.write_code(address, code, tenant=tenant, locale=person.locale)
    return token


def spend(
    token_id: str | None, code: str, *, purpose: Purpose, tenant: Municipality
) -> EmailToken | Refusal:
    """Use up a code, or return why not. Commit in both cases: a wrong code has been counted."""
    if token_id is not None:
        lock(EmailToken, token_id)
    token = queries.find_token(token_id, tenant, purpose)
    if token is None:
        return rules.CODE_EXPIRED
    account = rules.fold_email(token.email)
    limits.check_failures(account)
    now = clock.now()
    facts = rules.CodeFacts(
        now=now, expires_at=token.expires_at, used=token.used_at is not None, tries=token.tries
    )
    if refusal := rules.code_refusal(facts):
        return refusal
    if not codes.matches(token.code_hash, token.id, code):
        token.tries += 1
        failures.count(account, tenant=tenant)
        return rules.CODE_WRONG if token.tries < rules.MOST_CODE_TRIES else rules.CODE_SPENT
    token.used_at = now
    return token


def remember_proven(proven: EmailToken, *, tenant: Municipality) -> str:
    """Return a new token with which the browser may introduce the owner of a proven address.

    It is not the token of the code: that one was in a cookie before anything was proven.
    """
    return _new_step(Purpose.INTRODUCE, proven.email, tenant=tenant, lasts=rules.INTRODUCTION_VALID)


def remember_first(person: Person, *, tenant: Municipality) -> str:
    """Return a token with which the browser may go on to the second factor, and to nothing else."""
    return _new_step(
        Purpose.SECOND_STEP,
        person.email or "",
        tenant=tenant,
        lasts=factor_rules.STEP_VALID,
        person=person,
    )


def _void(token_id: str, tenant: Municipality) -> None:
    former = queries.find_token(token_id, tenant, Purpose.SIGN_IN)
    if former is not None and former.used_at is None:
        former.used_at = clock.now()


def _new_step(
    purpose: Purpose,
    address: str,
    *,
    tenant: Municipality,
    lasts: timedelta,
    person: Person | None = None,
) -> str:
    now = clock.now()
    row = EmailToken(
        id=ids.new_token(),
        code_hash="",  # opened by holding it
        purpose=purpose,
        email=address,
        person_id=person.id if person else None,
        tenant_id=tenant.id,
        created_at=now,
        expires_at=now + lasts,
    )
    db.session.add(row)
    return row.id


def _new_token(
    purpose: Purpose, address: str, *, tenant: Municipality, person: Person | None = None
) -> tuple[str, str]:
    now, code = clock.now(), ids.new_code()
    row = EmailToken(
        id=ids.new_token(),
        purpose=purpose,
        email=address,
        person_id=person.id if person else None,
        tenant_id=tenant.id,
        created_at=now,
        expires_at=now + rules.CODE_VALID,
    )
    row.code_hash = codes.hashed(row.id, code)
    db.session.add(row)
    return row.id, code
