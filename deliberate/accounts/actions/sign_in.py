"""Signing in: one proof or two, then a new session and the end of the one it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deliberate.accounts import factor_rules, failures, limits, queries, rules, sessions
from deliberate.accounts.actions import codes, second_factor
from deliberate.accounts.current import list_memberships
from deliberate.accounts.models import EmailToken, Person, Purpose, SignInSession
from deliberate.kernel import clock
from deliberate.kernel.db import lock
from deliberate.kernel.refusals import Refusal
from deliberate.tenancy.models import Municipality


class Step(StrEnum):
    """Where somebody stands after a proof."""

    SIGNED_IN = "signed_in"
    SECOND = "second"  # the second factor is still to be proved: nobody is signed in
    INTRODUCTION = "introduction"  # the address has no account yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """``token`` is for the cookie, once this is committed: of a session, or to go on with."""

    step: Step
    token: str


def admit(
    proven: EmailToken, *, tenant: Municipality, browser: str, replaces: SignInSession | None
) -> Admission:
    """Let in the owner of a proven address, or let them go on to what is still missing."""
    person = queries.find_person_by_email(proven.email)
    if person is None:
        return Admission(step=Step.INTRODUCTION, token=codes.remember_proven(proven, tenant=tenant))
    return sign_in(person, tenant=tenant, browser=browser, replaces=replaces)


def sign_in(
    person: Person, *, tenant: Municipality, browser: str, replaces: SignInSession | None
) -> Admission:
    """Begin a session of whoever proved the first factor, or ask for the second."""
    if queries.has_second_factor(person):
        return Admission(step=Step.SECOND, token=codes.remember_first(person, tenant=tenant))
    return _begin(person, tenant=tenant, browser=browser, replaces=replaces, second_factor=False)


def sign_in_by_password(
    address: str,
    checked: str | None,
    *,
    tenant: Municipality,
    browser: str,
    replaces: SignInSession | None,
) -> Admission | None:
    """Do the same after a password was checked, or return None. Commit in both cases.

    ``checked`` is the stored hash that the password matched, None if it matched none: checking is
    slow and was done before the transaction, so the hash must still be the same.
    """
    account = rules.fold_email(address)
    limits.check_failures(account)
    person = queries.find_person_by_email(address)
    if checked is None or person is None or person.password_hash != checked:
        failures.count(account, tenant=tenant)
        return None
    return sign_in(person, tenant=tenant, browser=browser, replaces=replaces)


def take_second_step(
    token_id: str,
    typed: str,
    *,
    tenant: Municipality,
    browser: str,
    replaces: SignInSession | None,
) -> Admission | Refusal:
    """Begin a session with a code of the second factor, or return why not. Commit in both cases."""
    lock(EmailToken, token_id)
    token = queries.find_token(token_id, tenant, Purpose.SECOND_STEP)
    person = queries.find_person(token.person_id) if token is not None else None
    if token is None or person is None:
        return factor_rules.STEP_EXPIRED
    now = clock.now()
    facts = rules.CodeFacts(
        now=now, expires_at=token.expires_at, used=token.used_at is not None, tries=token.tries
    )
    if refusal := factor_rules.step_refusal(facts):
        return refusal
    refusal = second_factor.prove(person, typed, tenant=tenant)
    if refusal is factor_rules.CODE_WRONG:
        token.tries += 1
        return refusal if token.tries < factor_rules.MOST_TRIES else factor_rules.STEP_SPENT
    if refusal:
        return refusal
    token.used_at = now
    return _begin(person, tenant=tenant, browser=browser, replaces=replaces, second_factor=True)


def _begin(
    person: Person,
    *,
    tenant: Municipality,
    browser: str,
    replaces: SignInSession | None,
    second_factor: bool,
) -> Admission:
    if replaces is not None:
        sessions.end(replaces.token_hash)
    staff = bool(list_memberships(person.id, tenant.id))
    token = sessions.begin(
        person, tenant.id, staff=staff, browser=browser, second_factor=second_factor
    )
    return Admission(step=Step.SIGNED_IN, token=token)
