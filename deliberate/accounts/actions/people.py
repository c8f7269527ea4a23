"""Accounts: made, changed, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from deliberate.accounts import (
    closing,
    former_refusals,
    letters,
    limits,
    queries,
    rules,
    sessions,
)
from deliberate.accounts.models import (
    EmailToken,
    Form,
    Person,
    Purpose,
    RecoveryCode,
    Residence,
    RulesAcceptance,
    SecondFactor,
    SignInSession,
)
from deliberate.audit import entries as audit
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What people say of themselves; all of it can be changed later."""

    display_name: str
    form: str
    locale: str


def register(token_id: str, who: Introduction, *, tenant: Municipality) -> Person | None:
    """Make the account of a proven address; None when the token no longer holds.

    If another tab made it a moment ago, that account is returned: the address is the same and
    proven here too.
    """
    now = clock.now()
    lock(EmailToken, token_id)
    token = queries.find_token(token_id, tenant, Purpose.INTRODUCE)
    if token is None or token.used_at is not None or now >= token.expires_at:
        return None
    limits.use_registration()
    token.used_at = now
    return _find_or_make(token.email, who, now)


def _find_or_make(address: str, who: Introduction, now: datetime) -> Person | None:
    person = Person(
        email=address,
        email_folded=rules.fold_email(address),
        display_name=who.display_name,
        form=who.form,
        locale=who.locale,
        aged_13_at=now,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        return queries.find_person_by_email(address)
    former_refusals.give_back(person, now=now)
    return person


def introduce(person: Person, who: Introduction) -> None:
    """Change what pages call the person; what was written before keeps the name it had."""
    person.display_name = who.display_name
    person.form = who.form
    person.locale = who.locale


def change_email(
    person: Person, token: EmailToken, *, tenant: Municipality, keep: SignInSession
) -> None:
    """Move the account to a proven address; other browsers and other codes end with the old one."""
    if token.person_id != person.id:
        raise Refused(rules.CODE_EXPIRED)
    old = person.email
    try:
        with db.session.begin_nested():
            person.email = token.email
            person.email_folded = rules.fold_email(token.email)
    except IntegrityError as error:  # somebody registered it in those ten minutes
        raise Refused(rules.EMAIL_TAKEN) from error
    end_everything_else(person, keep=keep, address=old)
    if old is not None:
        letters.write_email_changed(old, tenant=tenant, locale=person.locale)


def set_password(person: Person, password_hash: str | None, *, keep: SignInSession) -> None:
    """Set or (None) remove the password; whoever knew the old one is out."""
    person.password_hash = password_hash
    end_everything_else(person, keep=keep, address=person.email)


def close(person: Person, *, tenant: Municipality, actor: Actor) -> None:
    """Empty the account for good. Texts stay, under rules.CLOSED_NAME; features empty their own."""
    now = clock.now()
    lock(Person, person.id)
    if queries.has_role_anywhere(person, now=now):
        raise Refused(rules.HAS_ROLE)
    address, locale = person.email, person.locale
    closing.run(person.id)
    former_refusals.keep(person, now=now)
    for table in (Residence, RulesAcceptance, RecoveryCode, SecondFactor):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.execute(
        delete(EmailToken).where(
            (EmailToken.person_id == person.id) | _is(EmailToken.email, address)
        )
    )
    db.session.execute(
        delete(Outbox).where((Outbox.person_id == person.id) | _is(Outbox.address, address))
    )
    sessions.end_all(person.id)
    person.email = person.email_folded = person.password_hash = person.aged_13_at = None
    person.display_name = rules.CLOSED_NAME
    person.form = Form.NEUTRAL
    person.closed_at = now
    audit.record("account.closed", f"person:{person.id}", actor=actor, at=now)
    if address is not None:
        letters.write_closed(address, tenant=tenant, locale=locale)


def end_everything_else(person: Person, *, keep: SignInSession | None, address: str | None) -> None:
    """Sign the person out of other browsers; what was begun elsewhere to get in ends too."""
    sessions.end_all(person.id, but=keep.token_hash if keep is not None else None)
    db.session.execute(
        update(EmailToken)
        .where(
            (EmailToken.person_id == person.id) | _is(EmailToken.email, address),
            EmailToken.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


def _is(column: InstrumentedAttribute[str], address: str | None) -> ColumnElement[bool]:
    return func.lower(column) == rules.fold_email(address or "")
