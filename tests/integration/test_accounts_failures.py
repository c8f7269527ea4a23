"""The owner of an account learns of many failed tries to sign in; whoever tries learns nothing."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from deliberate.accounts import failures, limits
from deliberate.accounts.models import SignInSession
from deliberate.kernel import clock, jobs
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, Task
from tests import make
from tests.sql import counted

HALINA = "halina@poczta.example"
STRANGER = "nikt@poczta.example"
PASSWORD = "kasztany pod ratuszem"
SUBJECT = "Nieudane próby zalogowania"
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
MOST = limits.FAILURES_TOLD.most


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    person = make.person(app, email=HALINA)
    make.password(app, person, PASSWORD)
    return person


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Give the clock: what it shows is the only element."""
    shown = [clock.now().replace(hour=9, minute=0)]
    monkeypatch.setattr(clock, "now", lambda: shown[0])
    return shown


def guess(app: Flask, address: str = HALINA, times: int = 1) -> tuple[FlaskClient, list[str]]:
    client = make.client(app)
    data = {"email": address, "password": "nie to hasło, ale długie"}
    return client, [client.post("/zaloguj/haslo", data=data).text for _ in range(times)]


def letters(app: Flask) -> list[Outbox]:
    """Run the worker's tasks, and return what it wrote."""
    with app.app_context():
        jobs.run_due()
        wanted = select(Outbox).where(Outbox.subject.startswith(SUBJECT)).order_by(Outbox.id)
        return list(db.session.scalars(wanted))


@pytest.mark.usefixtures("halina")
def test_the_owner_is_told_after_ten_wrong_passwords(app: Flask) -> None:
    guess(app, times=MOST - 1)
    assert letters(app) == []

    guess(app, HALINA.upper().replace("POCZTA.EXAMPLE", "poczta.example"))

    (letter,) = letters(app)
    assert letter.address == HALINA
    assert f"{MOST} razy" in letter.body
    assert "http" not in letter.body


def test_wrong_codes_count_too(app: Flask, halina: int) -> None:
    for _ in range(2):
        client = make.client(app)
        client.post("/zaloguj", data={"email": HALINA})
        for _ in range(5):
            client.post("/zaloguj/kod", data={"code": "abc 00"})
            client.post("/zaloguj/kod", data={"code": "000000"})

    assert len(letters(app)) == 1


def test_guesses_from_a_borrowed_session_count_too(app: Flask, halina: int) -> None:
    client = make.client(app, signed_in=halina)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(fresh_until=clock.now()))
    for _ in range(MOST):
        client.post("/konto/haslo", data={"current": "nie to", "password": "x" * 20})

    assert len(letters(app)) == 1


@pytest.mark.usefixtures("halina")
def test_slow_guessing_below_the_limit_is_told_as_well(app: Flask, moment: list[datetime]) -> None:
    for _ in range(MOST):
        guess(app)
        moment[0] += timedelta(minutes=30)

    assert len(letters(app)) == 1


@pytest.mark.usefixtures("halina")
def test_there_is_at_most_one_letter_a_day(app: Flask, moment: list[datetime]) -> None:
    for _ in range(3):
        guess(app, times=MOST)
        moment[0] += timedelta(minutes=6)
    assert len(letters(app)) == 1
    with app.app_context():
        assert len(db.session.scalars(select(Task)).all()) == 1

    moment[0] += timedelta(days=1)
    guess(app, times=MOST)
    assert len(letters(app)) == 2


@pytest.mark.usefixtures("halina")
def test_the_letter_speaks_the_owners_language(app: Flask, tenant: int) -> None:
    make.password(app, make.person(app, email="olena@poczta.example", locale="uk"), PASSWORD)
    guess(app, "olena@poczta.example", times=MOST)

    with app.app_context():
        jobs.run_due()
        letter = db.session.scalars(select(Outbox)).one()
    assert letter.locale == "uk"


@pytest.mark.usefixtures("halina", "moment")
def test_whoever_tries_sees_and_causes_the_same_with_and_without_an_account(app: Flask) -> None:
    """The same pages, the same statements, the same work for later; and no address in it."""
    guess(app, "pierwszy@poczta.example")  # the process reads some things once
    seen = {}
    for address in (HALINA, STRANGER):
        with counted(app) as statements:
            _, pages = guess(app, address, times=MOST + 1)
        seen[address] = ([TOKEN.sub("", page.replace(address, "")) for page in pages], statements)

    assert seen[HALINA] == seen[STRANGER]
    with app.app_context():
        tasks = db.session.scalars(select(Task).order_by(Task.id)).all()
    assert [task.kind for task in tasks] == [failures.JOB.name] * 2
    assert [sorted(json.loads(task.payload)) for task in tasks] == [["at", "person", "tenant"]] * 2
    assert STRANGER not in "".join(task.payload for task in tasks)
    assert [letter.address for letter in letters(app)] == [HALINA]


def test_an_account_closed_in_between_gets_no_letter(app: Flask, halina: int) -> None:
    guess(app, times=MOST)
    client = make.client(app, signed_in=halina)
    assert client.post("/konto/zamkniecie", data={"understood": "y"}).status_code == 303

    assert letters(app) == []


@pytest.mark.usefixtures("halina")
def test_the_account_is_never_locked_for_good(app: Flask, moment: list[datetime]) -> None:
    client, _ = guess(app, times=MOST + 3)
    moment[0] += limits.FAILURES_OF_ACCOUNT.per

    answer = client.post("/zaloguj/haslo", data={"email": HALINA, "password": PASSWORD})

    assert answer.status_code == 303
