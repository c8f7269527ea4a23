"""Trials of the seats: everybody at once, beside controls that must go wrong.

Threads meet at a barrier, each with its own connection to the database under test.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from deliberate.accounts.models import Person
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction, writer
from deliberate.meetings.actions import signing
from deliberate.meetings.actions.signing import Wish
from deliberate.meetings.kinds import SignUpState
from deliberate.meetings.models import Meeting, SignUp
from deliberate.tenancy.models import Municipality
from tests import make

AT_ONCE = 8
SEATS = 5

Act = Callable[[int], None]


def at_once(app: Flask, act: Act, number: int = AT_ONCE) -> list[BaseException]:
    """Have all act in the same moment; returns what broke."""
    broken: list[BaseException] = []
    barrier, lock = threading.Barrier(number), threading.Lock()

    def run(n: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                act(n)
            except BaseException as error:  # noqa: BLE001 - looked at by the test
                with lock:
                    broken.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken


def sign_up(app: Flask, meeting_id: int, person_id: int) -> None:
    with app.app_context(), transaction():
        meeting = db.session.get_one(Meeting, meeting_id)
        tenant = db.session.get_one(Municipality, meeting.tenant_id)
        person = db.session.get_one(Person, person_id)
        wish = Wish(name="Ewa", email=person.email or "", persons=1, needs="")
        signing.sign_up(tenant, meeting, wish, person=person, locale="pl", now=clock.now())


def seated(app: Flask) -> int:
    with app.app_context():
        wanted = select(func.coalesce(func.sum(SignUp.persons), 0))
        return db.session.scalars(wanted.where(SignUp.state == SignUpState.SIGNED)).one()


def taken(app: Flask, meeting: int) -> int:
    with app.app_context():
        return db.session.get_one(Meeting, meeting).taken


def naive(app: Flask, meeting_id: int, met: threading.Barrier) -> Act:
    """Sign up as one should not: look for a seat first, take it afterwards."""

    def act(n: int) -> None:
        meeting = db.session.get_one(Meeting, meeting_id)
        has_room, tenant_id = meeting.taken < SEATS, meeting.tenant_id
        db.session.rollback()
        met.wait()  # all have looked, nobody has taken
        if not has_room:
            return
        with transaction():
            now = clock.now()
            db.session.add(
                SignUp(
                    tenant_id=tenant_id,
                    meeting_id=meeting_id,
                    name=f"Osoba {n}",
                    state=SignUpState.SIGNED,
                    asked_at=now,
                    confirmed_at=now,
                )
            )
            db.session.get_one(Meeting, meeting_id).taken = Meeting.taken + 1  # type: ignore[assignment]

    return act


def without_the_check(app: Flask) -> None:
    """Take from the table what makes more persons than seats impossible."""
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        with writer().connect() as writing:
            if is_sqlite:
                writing.exec_driver_sql("PRAGMA writable_schema=ON")
                writing.exec_driver_sql(
                    "UPDATE sqlite_master SET sql = replace(sql, 'OR taken <= seats', 'OR TRUE') "
                    "WHERE name = 'meeting'"
                )
                writing.exec_driver_sql("PRAGMA writable_schema=RESET")
            else:
                writing.exec_driver_sql("ALTER TABLE meeting DROP CONSTRAINT ck_meeting_taken")
            writing.commit()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def meeting(app: Flask, tenant: int) -> int:
    return make.meeting(app, tenant, seats=SEATS)


def test_of_many_at_once_as_many_have_a_seat_as_there_are(
    app: Flask, tenant: int, meeting: int
) -> None:
    people = [make.person(app) for _ in range(AT_ONCE)]

    broken = at_once(app, lambda n: sign_up(app, meeting, people[n]))

    assert broken == []
    assert seated(app) == taken(app, meeting) == SEATS
    with app.app_context():
        waiting = select(func.count()).where(SignUp.state == SignUpState.WAITING)
        assert db.session.scalars(waiting).one() == AT_ONCE - SEATS


def test_many_who_withdraw_at_once_leave_their_seats_to_exactly_those_who_wait(
    app: Flask, tenant: int, meeting: int
) -> None:
    people = [make.person(app) for _ in range(AT_ONCE)]
    for person in people:
        sign_up(app, meeting, person)

    def withdraw(n: int) -> None:
        with app.app_context(), transaction():
            row = db.session.scalars(select(SignUp).order_by(SignUp.id).offset(n).limit(1)).one()
            there = db.session.get_one(Meeting, meeting)
            signing.withdraw(db.session.get_one(Municipality, tenant), there, row, now=clock.now())

    broken = at_once(app, withdraw, AT_ONCE - SEATS)

    assert broken == []
    assert seated(app) == taken(app, meeting) == SEATS


def test_one_person_in_many_tabs_is_on_the_list_once(app: Flask, tenant: int, meeting: int) -> None:
    person = make.person(app)

    broken = at_once(app, lambda _n: sign_up(app, meeting, person))

    assert {str(error) for error in broken} == {"meetings.already"}
    assert seated(app) == taken(app, meeting) == 1


def test_the_database_refuses_what_looked_before_it_took(app: Flask, meeting: int) -> None:
    broken = at_once(app, naive(app, meeting, threading.Barrier(AT_ONCE)))

    assert len(broken) == AT_ONCE - SEATS
    assert all(isinstance(error, DBAPIError) for error in broken)
    assert seated(app) == taken(app, meeting) == SEATS


def test_control_without_the_check_looking_first_oversells(app: Flask, meeting: int) -> None:
    without_the_check(app)

    broken = at_once(app, naive(app, meeting, threading.Barrier(AT_ONCE)))

    assert broken == []
    assert seated(app) > SEATS
