"""How long what people said of themselves is kept, and what goes with a closed account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.meetings import rules, sign_ups
from deliberate.meetings.kinds import SignUpState
from deliberate.meetings.models import Meeting, SignUp

Condition = Callable[[datetime], ColumnElement[bool]]


def _long_over(now: datetime) -> ColumnElement[bool]:
    return SignUp.meeting_id.in_(select(Meeting.id).where(Meeting.ends_at < now - rules.KEPT))


def _never_confirmed(now: datetime) -> ColumnElement[bool]:
    return (SignUp.state == SignUpState.ASKED) & (SignUp.asked_at < now - rules.LINK_VALID)


def _rule(key: str, label: str, keeps: str, condition: Condition) -> RetentionRule:
    def count(now: datetime) -> int:
        wanted = select(func.count()).select_from(SignUp).where(condition(now))
        return db.session.scalars(wanted).one()

    def remove(now: datetime) -> int:
        gone = db.session.execute(delete(SignUp).where(condition(now)))
        return gone.rowcount  # type: ignore[attr-defined, no-any-return]

    return RetentionRule(key=key, label=label, keeps=keeps, count=count, remove=remove)


RULES = (
    _rule(
        "meetings.sign_ups",
        N_("Zapisy na spotkania: imię, e-mail, telefon, potrzeby"),
        N_("30 dni po spotkaniu"),
        _long_over,
    ),
    _rule(
        "meetings.unconfirmed",
        N_("Niepotwierdzone zapisy na spotkania"),
        N_("dobę"),
        _never_confirmed,
    ),
)


def my_sign_ups(person: Person) -> list[dict[str, object]]:
    return [
        {
            "meeting": row.meeting_id,
            "name": row.name,
            "email": row.email,
            "phone": row.phone,
            "persons": row.persons,
            "needs": row.needs,
            "state": row.state,
            "asked_at": row.asked_at,
        }
        for row in sign_ups.list_of_person(person)
    ]
