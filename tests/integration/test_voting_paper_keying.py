"""Cards are keyed by two, and by a third where they disagree."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.voting import canonical
from deliberate.voting.actions import carding, casting
from deliberate.voting.actions.carding import Figures
from deliberate.voting.models import Ballot, Card, CardKeying, Poll
from deliberate.voting.states import Electorate
from tests import make
from tests.integration.cards import (
    DAYS,
    DESK,
    PLACES,
    after_the_end,
    count,
    key,
    keyed,
    number_cards,
    result,
    rows,
    settle,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(
        app, tenant, consultation, electorate=Electorate.DECLARED, electorate_terms=PLACES
    )


@pytest.fixture
def clerks(app: Flask, tenant: int) -> list[int]:
    """Three persons who may key cards: two of the office, one who approves."""
    roles = (Role.OFFICER, Role.OFFICER, Role.APPROVER)
    return [make.staff(app, tenant, role) for role in roles]


@pytest.fixture
def clerk(app: Flask, poll: int, clerks: list[int]) -> FlaskClient:
    return make.client(app, signed_in=clerks[0])


def test_one_keys_and_another_compares_where_cards_are_few(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        assert key(first, 3, "1 3")[0] == 303
        seen = other.get(f"{DESK}/karty").text
        choices = re.search(r'name="choices" value="([^"]+)"', seen)
        assert choices
        assert "<strong>1 3</strong>" in seen
        text = choices[1].replace("&#34;", '"')
        assert other.post(f"{DESK}/karty/3/zgoda", data={"choices": "{}"}).status_code == 409
        assert other.post(f"{DESK}/karty/3/zgoda", data={"choices": text}).status_code == 303
        assert other.post(f"{DESK}/karty/3/zgoda", data={"choices": text}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Card.state)).one() == "agreed"
        assert db.session.scalars(select(Ballot.choices)).one() == "[1,3]"
        tags = {row.link_tag for row in db.session.scalars(select(Ballot))}
        assert len(tags) == 1


def test_who_keyed_a_card_does_not_key_it_again(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        key(first, 3, "1")
        status, page = key(first, 3, "1")
        assert status == 409
        assert "Drugi raz wpisuje ją ktoś inny" in page
        mine = re.search(r"czesc-1", page)
        assert mine
        text = '{"1":"[1]"}'
        assert first.post(f"{DESK}/karty/3/zgoda", data={"choices": text}).status_code == 409
    assert rows(app, CardKeying) == 1
    assert rows(app, Ballot) == 0


def test_two_who_disagree_leave_it_to_a_third(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, third):
        settle([first, other], 1, 1, 0, 0, 9)
        key(first, 3, "1")
        key(other, 3, "2")
        assert rows(app, Ballot) == 0
        assert "rozstrzyga ktoś trzeci" in first.get(f"{DESK}/karty").text
        assert "Do rozstrzygnięcia" in third.get(f"{DESK}/karty").text
        assert key(first, 3, "2")[0] == key(other, 3, "1")[0] == 409
        assert key(third, 3, "2")[0] == 303
        assert key(third, 3, "2")[0] == 409
    with app.app_context():
        card = db.session.scalars(select(Card)).one()
        assert (card.state, card.decided_by) == ("decided", clerks[2])
        assert db.session.scalars(select(Ballot.choices)).one() == "[2]"


def test_from_two_hundred_cards_on_nobody_sees_what_the_other_keyed(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    number_cards(clerk, 200)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 200, 0, 0, 0)
        key(first, 3, "1 3")
        page = other.get(f"{DESK}/karty").text
        assert "Karta nr 3" in page
        assert "1 3" not in page.partition("Czekają na drugą osobę")[2]
        agreed = other.post(f"{DESK}/karty/3/zgoda", data={"choices": '{"1":"[1,3]"}'})
        assert agreed.status_code == 409
        assert key(other, 3, "3 1")[0] == 303
    assert rows(app, Ballot) == 1


def test_of_planted_slips_every_one_is_caught(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    """Sixty cards, every third keyed wrongly by one of the two clerks (trust.md 3.5)."""
    cards = 60
    number_cards(clerk, cards)
    with app.app_context(), transaction():
        make_people(db.session.get_one(Poll, poll), cards)
    actors = [
        Actor(person_id=person, tenant_id=tenant, is_fresh=True, has_second_factor=True)
        for person in clerks
    ]
    meant = {serial: str(serial % 3 + 1) for serial in range(1, cards + 1)}
    with clock.at(clock.now() + DAYS), app.app_context():
        row = db.session.get_one(Poll, poll)
        figures = Figures(in_box=cards, spoiled=0, missing=0, unused=0)
        with transaction():
            carding.settle(row, 1, figures, actor=actors[0])
        with transaction():
            carding.confirm(row, 1, figures, actor=actors[1])
        caught = 0
        for serial, option in meant.items():
            slip = str(int(option) % 3 + 1) if serial % 3 == 0 else option
            with transaction():
                carding.key(row, serial, card_text(option), actor=actors[serial % 2])
            with transaction():
                state = carding.key(row, serial, card_text(slip), actor=actors[1 - serial % 2])
            if state == "disputed":
                caught += 1
                with transaction():
                    carding.key(row, serial, card_text(option), actor=actors[2])
        assert caught == cards // 3
    with clock.at(clock.now() + DAYS):
        count(app, tenant, poll)
    outcome = json.loads(result(app, poll).outcome)["1"]
    assert outcome["score"] == {"1": "20", "2": "20", "3": "20"}


def card_text(option: str) -> str:
    return canonical.canonical({"1": f"[{option}]"})


def make_people(poll: Poll, number: int) -> None:
    """Have so many people take part on paper, in the box itself."""
    for each in range(number):
        line = casting.Line(
            person_key=f"paper {each}",
            area_id=None,
            source="declared",
            channel=casting.Channel.PAPER,
        )
        casting.mark(poll, line, f"form {each}", day=clock.local(clock.now()).date(), refusal=None)


def test_a_wrong_number_is_taken_back(app: Flask, clerk: FlaskClient, clerks: list[int]) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 1, 0, 0, 9)
        assert key(first, 99, "1")[0] == 409  # of no batch
        key(first, 7, "1")
        assert key(other, 8, "1")[0] == 409  # one card is in the box, and one is keyed
        assert other.post(f"{DESK}/karty/7/cofniecie").status_code == 409
        assert first.post(f"{DESK}/karty/7/cofniecie").status_code == 303
        assert first.post(f"{DESK}/karty/7/cofniecie").status_code == 409
        assert key(first, 8, "1")[0] == key(other, 8, "1")[0] == 303
        assert first.post(f"{DESK}/karty/8/cofniecie").status_code == 409
    assert (rows(app, Card), rows(app, CardKeying), rows(app, Ballot)) == (1, 2, 1)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9", "nie ma pozycji"),
        ("trzy", "Nie rozumiem"),
        ("1 1", "wpisany dwa razy"),
        ("1 2 3", "najwyżej 2"),
        ("", "Wybierz co najmniej"),
    ],
)
def test_what_is_no_ballot_is_said_beside_the_field(
    app: Flask, clerk: FlaskClient, clerks: list[int], typed: str, sentence: str
) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 1, 0, 0, 9)
        status, page = key(first, 3, typed)
    assert status == 422
    assert sentence in page
    assert 'value="3"' in page
    assert rows(app, Card) == 0
