"""Second factors: an app on the phone, and what it shows."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from deliberate.accounts import seals, totp
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.models import SecondFactor
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every app that tests hold


def second_factor(app: Flask, person: int) -> None:
    """Give a person an app with SECRET, if they have none."""
    with app.app_context(), transaction():
        keep_second_factor(person)


def keep_second_factor(person: int) -> None:
    if db.session.get(SecondFactor, person) is None:
        sealed = seals.seal(SECRET, owner=owner_of(person))
        before = clock.now() - timedelta(seconds=1)
        row = SecondFactor(person_id=person, secret=sealed, confirmed_at=before, last_step=0)
        db.session.add(row)
        db.session.flush()


def app_code(app: Flask, person: int) -> str:
    """Return what a person's app shows: this half-minute's code or, if it was used, the next."""
    with app.app_context():
        used = db.session.get_one(SecondFactor, person).last_step
    return totp.code_at(SECRET, max(totp.step_of(clock.now()), used + 1))
