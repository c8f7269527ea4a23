"""The public random value: typed by two persons, shown to neither before they agree."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from deliberate.approvals.rules import NOT_FRESH
from deliberate.audit.models import AuditDetail
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, randomness, rules
from deliberate.voting.actions import counting, drawing
from deliberate.voting.models import Poll, SeedTyping
from tests import make

DESK = "/urzad/konsultacje/rynek/glosowanie/przebieg"
NUMBERS = "4, 8, 15, 16, 23, 42"
CANONICAL = "4,8,15,16,23,42"
OTHER = "4, 8, 15, 16, 23, 43"


def lots_poll(app: Flask, tenant: int, *, drawn: timedelta, left: timedelta) -> int:
    """Make a sealed vote whose rules name a draw."""
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    return make.poll(
        app,
        tenant,
        consultation,
        left=left,
        randomness_source="Lotto, losowanie 16 czerwca, 22:00",
        randomness_shape=randomness.Shape.LOTTO,
        randomness_at=clock.now() + drawn,
    )


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    return lots_poll(app, tenant, drawn=timedelta(minutes=-30), left=timedelta(hours=-1))


@pytest.fixture
def people(app: Flask, tenant: int) -> list[int]:
    return [make.staff(app, tenant, role) for role in (Role.OFFICER, Role.APPROVER)]


def write(
    app: Flask, tenant: int, poll: int, person: int, typed: str, *, fresh: bool = True
) -> bool:
    who = Actor(person_id=person, tenant_id=tenant, is_fresh=fresh, has_second_factor=True)
    with app.app_context(), transaction():
        return drawing.type_value(db.session.get_one(Municipality, tenant), poll, typed, actor=who)


def seed(app: Flask, poll: int) -> str | None:
    with app.app_context():
        return db.session.get_one(Poll, poll).seed


def test_two_persons_who_type_the_same_settle_the_lots(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    assert write(app, tenant, poll, people[0], NUMBERS) is False
    assert seed(app, poll) is None
    assert write(app, tenant, poll, people[1], "42 23 16 15 8 4") is True
    assert seed(app, poll) == CANONICAL
    with pytest.raises(Refused) as late:
        write(app, tenant, poll, people[0], OTHER)
    assert late.value.refusal == course_rules.LOTS_SETTLED


def test_one_person_twice_settles_nothing(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    assert write(app, tenant, poll, people[0], NUMBERS) is False
    assert write(app, tenant, poll, people[0], NUMBERS) is False
    assert seed(app, poll) is None


def test_what_differs_settles_nothing_and_either_may_type_again(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    write(app, tenant, poll, people[0], OTHER)
    assert write(app, tenant, poll, people[1], NUMBERS) is False
    assert seed(app, poll) is None
    assert write(app, tenant, poll, people[0], NUMBERS) is True
    assert seed(app, poll) == CANONICAL


def test_the_typing_wants_a_fresh_sign_in(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    with pytest.raises(Refused) as stale:
        write(app, tenant, poll, people[0], NUMBERS, fresh=False)
    assert stale.value.refusal == NOT_FRESH


@pytest.mark.parametrize(
    ("drawn", "left"),
    [
        (timedelta(hours=2), timedelta(hours=-1)),  # over, not drawn yet
        (timedelta(hours=-1), timedelta(hours=1)),  # the vote still runs
    ],
)
def test_not_before_the_end_and_the_draw(
    app: Flask, tenant: int, people: list[int], drawn: timedelta, left: timedelta
) -> None:
    poll = lots_poll(app, tenant, drawn=drawn, left=left)
    with pytest.raises(Refused) as early:
        write(app, tenant, poll, people[0], NUMBERS)
    assert early.value.refusal.code == course_rules.LOTS_TOO_EARLY.code


def test_the_count_waits_for_the_value(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    def count() -> None:
        with app.app_context(), transaction():
            counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)

    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with pytest.raises(Refused) as waits:
        count()
    assert waits.value.refusal == rules.NO_SEED
    for person in people:
        write(app, tenant, poll, person, NUMBERS)
    count()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE poll SET seed = '1,2,3,4,5,6'",  # which nobody typed
        "UPDATE seed_typing SET person_id = person_id + 1000",
        "DELETE FROM seed_typing",
    ],
)
def test_the_database_holds_what_was_typed(
    app: Flask, tenant: int, poll: int, people: list[int], change: str
) -> None:
    write(app, tenant, poll, people[0], NUMBERS)
    with pytest.raises(DatabaseError), app.app_context(), transaction():
        db.session.execute(text(change))


def test_once_settled_the_typings_stay(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    for person in people:
        write(app, tenant, poll, person, NUMBERS)
    with pytest.raises(DatabaseError), app.app_context(), transaction():
        db.session.execute(text("UPDATE seed_typing SET value = '1,2,3,4,5,6'"))


def test_the_audit_tells_no_value_before_they_agree(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    write(app, tenant, poll, people[0], NUMBERS)
    with app.app_context():
        assert CANONICAL not in repr(db.session.scalars(select(AuditDetail.body)).all())
    write(app, tenant, poll, people[1], NUMBERS)
    with app.app_context():
        assert CANONICAL in repr(db.session.scalars(select(AuditDetail.body)).all())


def test_many_at_once_settle_it_once(app: Flask, tenant: int, poll: int) -> None:
    officers = [make.staff(app, tenant, Role.OFFICER) for _ in range(5)]
    barrier, said = threading.Barrier(len(officers)), []

    def one(person: int) -> None:
        barrier.wait()
        try:
            said.append(write(app, tenant, poll, person, NUMBERS))
        except Refused as refused:
            said.append(refused.refusal.code)

    threads = [threading.Thread(target=one, args=(person,)) for person in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, said)) == sorted(
        ["False", "True", *[course_rules.LOTS_SETTLED.code] * 3]
    )


# The page.


def test_the_desk_takes_the_value_and_shows_the_others_to_nobody(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    first, second = (make.client(app, signed_in=person) for person in people)
    wrong = first.post(f"{DESK}/losowanie", data={"value": "4, 8, 15"})
    assert wrong.status_code == 422
    assert "sześć różnych liczb" in wrong.text
    assert 'value="4, 8, 15"' in wrong.text
    assert first.post(f"{DESK}/losowanie", data={"value": OTHER}).status_code == 303
    assert "Czeka na drugą osobę" in first.get(DESK).text
    assert second.post(f"{DESK}/losowanie", data={"value": NUMBERS}).status_code == 303
    for client in (first, second):
        page = client.get(DESK).text
        assert "Wpisane wartości się różnią" in page
        assert "4,8,15" not in page
        assert "4, 8, 15, 16, 23, 43" not in page
    first.post(f"{DESK}/losowanie", data={"value": NUMBERS})
    assert CANONICAL in second.get(DESK).text
    with app.app_context():
        typed = db.session.scalars(select(SeedTyping.typed_at)).all()
    assert all(isinstance(moment, datetime) for moment in typed)


def test_the_desk_of_both_says_that_the_value_lacks(
    app: Flask, tenant: int, poll: int, people: list[int]
) -> None:
    for person in people:
        assert "Wpisz wylosowaną wartość" in make.client(app, signed_in=person).get("/urzad").text
    for person in people:
        write(app, tenant, poll, person, NUMBERS)
    officer, approver = (make.client(app, signed_in=p).get("/urzad").text for p in people)
    assert "Wpisz wylosowaną wartość" not in officer + approver
    assert "Policz głosy" in officer


def test_a_vote_that_waits_long_says_for_how_long(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    make.poll(app, tenant, consultation, began=timedelta(days=9), left=timedelta(days=-5))
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    page = officer.get("/urzad").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "głosowanie skończyło się przed 5 dni" in page
