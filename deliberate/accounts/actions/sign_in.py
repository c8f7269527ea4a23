"""Signing in: a new session, and the end of the one it replaces."""

from __future__ import annotations

from deliberate.accounts import failures, limits, queries, rules, sessions
from deliberate.accounts.current import list_memberships
from deliberate.accounts.models import Person, SignInSession
from deliberate.tenancy.models import Municipality


def sign_in(
    person: Person, *, tenant: Municipality, browser: str, replaces: SignInSession | None
) -> str:
    """Return the token of a new session, for ``sessions.remember`` once it is committed."""
    if replaces is not None:
        sessions.end(replaces.token_hash)
    staff = bool(list_memberships(person.id, tenant.id))
    return sessions.begin(person, tenant.id, staff=staff, browser=browser)


def sign_in_by_password(
    address: str,
    checked: str | None,
    *,
    tenant: Municipality,
    browser: str,
    replaces: SignInSession | None,
) -> str | None:
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
