"""One person, one vote: families, namesakes and the same person written otherwise."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting.models import Ballot, Participation, VoteCase, Voter, VoteSignal
from deliberate.voting.states import Electorate
from tests import make
from tests.integration.by_word import CHOICE, PAGE, ask_for_code, field, rows, vote


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)


@pytest.fixture
def visitor(app: Flask, poll: int) -> FlaskClient:
    return make.client(app)


@pytest.mark.parametrize(
    "written",
    [
        {"given_name": "lucja", "surname": "ZURAW KOS", "address": "Rynek 5 m. 3"},
        {"given_name": "Żuraw-Kos", "surname": "Łucja"},
        {"address": "Rynek 5", "flat": "3"},
    ],
)
def test_the_same_person_is_known_however_it_is_written(
    app: Flask, visitor: FlaskClient, written: dict[str, str]
) -> None:
    vote(app, visitor)
    again = ask_for_code(app, visitor, contact="inny@poczta.example", **written)
    page = visitor.post(f"{PAGE}/dane/glos", data=again)

    assert page.status_code == 409
    assert "Jedna osoba głosuje raz." in page.text
    assert rows(app, Participation) == rows(app, Ballot) == 1


def test_a_family_votes_with_one_contact(app: Flask, visitor: FlaskClient) -> None:
    for name in ("Ala", "Ola", "Ela", "Iza"):
        vote(app, visitor, given_name=name)

    assert rows(app, Participation) == 4
    with app.app_context():
        contacts = select(func.count()).where(VoteSignal.kind == "contact")
        assert db.session.scalars(contacts).one() == 4
        assert len(set(db.session.scalars(select(Voter.contact_hash)))) == 1


def test_a_namesake_of_the_home_votes_as_a_case(app: Flask, visitor: FlaskClient) -> None:
    vote(app, visitor)
    again = ask_for_code(app, visitor)
    page = visitor.post(f"{PAGE}/dane/glos", data=again)
    answer = visitor.post(f"{PAGE}/dane/glos", data={**again, "wyjasnienie": "household"})
    received = visitor.get(answer.location)

    assert "Mieszka tu ktoś o tym samym imieniu i nazwisku" in page.text
    assert field(page.text, "klucz") == again["klucz"]
    assert answer.status_code == 303
    assert re.search(r"Numer sprawy: GL-\d{4}-\d{6}\.", received.text)
    assert rows(app, Participation) == rows(app, Voter) == 2
    assert kinds(app) == ["household"]


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(VoteCase.kind).order_by(VoteCase.id)))


def test_who_says_that_the_first_vote_is_not_theirs_has_both_looked_at(
    app: Flask, visitor: FlaskClient
) -> None:
    vote(app, visitor)
    for _ in range(2):
        again = ask_for_code(app, visitor)
        visitor.post(f"{PAGE}/dane/glos", data={**again, "wyjasnienie": "not_mine"})

    assert kinds(app) == ["not_mine", "disputed", "not_mine"]


def test_the_fifth_of_one_name_in_one_home_is_sent_to_people(
    app: Flask, visitor: FlaskClient
) -> None:
    vote(app, visitor)
    for _ in range(3):
        again = ask_for_code(app, visitor)
        visitor.post(f"{PAGE}/dane/glos", data={**again, "wyjasnienie": "household"})
    last = ask_for_code(app, visitor)
    page = visitor.post(f"{PAGE}/dane/glos", data={**last, "wyjasnienie": "household"})

    assert page.status_code == 409
    assert "Zadzwoń do urzędu" in page.text
    assert rows(app, Participation) == 4


def test_an_account_is_no_second_way_in(app: Flask, tenant: int, poll: int) -> None:
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    answer = resident.post(f"{PAGE}/glos", data={**CHOICE, "klucz": "jakis-klucz-formularza-123"})

    assert answer.status_code == 409
    assert rows(app, Participation) == 0
