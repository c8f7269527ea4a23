"""Whose vote is held explains it, without an account, within five days."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting.models import CaseExplanation
from deliberate.voting.states import Electorate
from deliberate.voting.suspicions import Kind
from tests import make
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import (
    CASES,
    EXPLAIN,
    MINE,
    code_of,
    groups,
    hold,
    hold_ago,
    letters,
    rows,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    """Make a vote that has ended, and is not counted."""
    return ended_poll(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


@pytest.fixture
def home(app: Flask, poll: int) -> None:
    """Have six people of one house vote, each with an e-mail of their own."""
    for name in SIX:
        vote(app, poll, name)


@pytest.fixture
def held(app: Flask, home: None, poll: int, officer: FlaskClient) -> list[str]:
    """Have the six held, and return the codes of their letters."""
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    return [code_of(letter) for letter in letters(app)]


def test_a_voter_explains_without_an_account(
    app: Flask, held: list[str], officer: FlaskClient, approver: FlaskClient
) -> None:
    visitor = make.client(app)
    page = visitor.get(f"{EXPLAIN}?kod={held[0]}")
    answer = visitor.post(EXPLAIN, data={"kod": held[0], "text": MINE})

    assert page.status_code == 200
    assert f'value="{held[0]}"' in page.text
    assert "Ala" not in page.text
    assert answer.status_code == 200
    assert re.search(r"Numer sprawy: GL-\d{4}-\d{6}\.", answer.text)
    for client in (officer, approver):
        assert MINE in client.get(f"{CASES}/sprawy").text


def test_a_code_is_read_however_it_is_written_and_works_once(app: Flask, held: list[str]) -> None:
    visitor = make.client(app)
    written = held[0].replace("-", " ").lower()
    first = visitor.post(EXPLAIN, data={"kod": written, "text": MINE})
    again = visitor.post(EXPLAIN, data={"kod": held[0], "text": "Coś innego."})
    link = visitor.get(f"{EXPLAIN}?kod={held[0]}")

    assert (first.status_code, again.status_code) == (200, 409)
    assert "Wyjaśnienie już do nas dotarło." in again.text
    assert "Coś innego." in again.text  # nothing typed is lost
    assert "Wyjaśnienie już do nas dotarło." in link.text
    assert "<textarea" not in link.text
    with app.app_context():
        assert db.session.scalars(select(CaseExplanation.text)).all() == [MINE]


@pytest.mark.usefixtures("home")
def test_after_five_days_a_link_says_so(app: Flask, tenant: int, poll: int) -> None:
    hold_ago(app, tenant, poll, 6)
    code = code_of(letters(app)[0])
    visitor = make.client(app)
    page = visitor.get(f"{EXPLAIN}?kod={code}")
    answer = visitor.post(EXPLAIN, data={"kod": code, "text": MINE})

    for said in (page, answer):
        assert "Czas na wyjaśnienie w internecie minął." in said.text
    assert answer.status_code == 409
    assert rows(app, CaseExplanation) == 0


@pytest.mark.usefixtures("home")
def test_on_the_fifth_day_there_is_still_time(app: Flask, tenant: int, poll: int) -> None:
    hold_ago(app, tenant, poll, 5)
    data = {"kod": code_of(letters(app)[0]), "text": MINE}

    assert make.client(app).post(EXPLAIN, data=data).status_code == 200


def test_a_code_of_another_vote_is_no_code(app: Flask, tenant: int, held: list[str]) -> None:
    park = make.consultation(app, tenant, slug="park", opens=[Activity.VOTE])
    ended_poll(app, tenant, park)
    elsewhere = EXPLAIN.replace("rynek", "park")
    data = {"kod": held[0], "text": MINE}

    assert make.client(app).post(elsewhere, data=data).status_code == 422
    assert rows(app, CaseExplanation) == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0000-0000-0000", MINE),
        ("7KQ4", MINE),
        ("", MINE),
        (None, ""),
        (None, "x" * 2001),
        ("'; DROP TABLE--", MINE),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    app: Flask, held: list[str], code: str | None, said: str
) -> None:
    data = {"kod": held[0] if code is None else code, "text": said}
    answer = make.client(app).post(EXPLAIN, data=data)

    assert answer.status_code == 422
    assert said[:40] in answer.text
    assert rows(app, CaseExplanation) == 0


def test_guessing_codes_of_letters_is_limited(app: Flask, held: list[str]) -> None:
    visitor = make.client(app)
    tries = [
        visitor.post(EXPLAIN, data={"kod": f"0000-0000-{no:04}", "text": MINE}).status_code
        for no in range(61)
    ]

    assert tries == [422] * 60 + [429]


def test_the_page_is_there_before_the_end_and_takes_nothing(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    visitor = make.client(app)

    assert visitor.get(EXPLAIN).status_code == 200
    data = {"kod": "7KQ4-M2XD-9TRA", "text": MINE}
    assert visitor.post(EXPLAIN, data=data).status_code == 422
