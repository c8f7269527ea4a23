"""Cards in batches, their boxes, and what the database and the second person see of them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting.models import Card, CardBatch, Participation
from deliberate.voting.states import Electorate
from tests import make
from tests.integration import by_word
from tests.integration import test_voting_codes as by_code
from tests.integration.cards import (
    DESK,
    PLACES,
    after_the_end,
    box,
    confirm,
    hand,
    key,
    keyed,
    number_cards,
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


# Cards.


def test_cards_run_on_in_batches_and_come_as_a_document(app: Flask, clerk: FlaskClient) -> None:
    assert [number_cards(clerk, 30), number_cards(clerk, 20, "Świetlica")] == [303, 303]
    pdf = clerk.get(f"{DESK}/partie/2/karty.pdf")

    with app.app_context():
        found = db.session.scalars(select(CardBatch).order_by(CardBatch.no)).all()
        assert [(row.no, row.first, row.last) for row in found] == [(1, 1, 30), (2, 31, 50)]
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.count(b"/Type /Page\n") == 20 or b"/Count 20" in pdf.data


@pytest.mark.first_on_both
@pytest.mark.parametrize("number", ["0", "-1", "1001", "pięć", ""])
def test_no_batch_of_a_strange_size(app: Flask, clerk: FlaskClient, number: str) -> None:
    answer = clerk.post(f"{DESK}/partie", data={"place": "Punkt", "number": number})

    assert answer.status_code == 422
    assert rows(app, CardBatch) == 0


def test_nothing_is_read_from_a_card_before_the_end(
    app: Flask, poll: int, clerk: FlaskClient
) -> None:
    number_cards(clerk, 10)

    assert box(clerk, 1, 1, 0, 0, 9) == 409
    assert key(clerk, 1, "1")[0] == 409
    assert rows(app, Card) == 0


def test_the_desk_says_nothing_of_those_who_voted_before_the_end(
    app: Flask, clerk: FlaskClient
) -> None:
    number_cards(clerk, 10)
    clerk.get(DESK)
    before = make.without_tokens(clerk.get(DESK).data)
    hand(clerk)

    assert make.without_tokens(clerk.get(DESK).data) == before


def test_after_the_end_only_a_card_that_came_by_post_in_time(
    app: Flask, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    today = clock.local(clock.now()).date()
    with after_the_end(app, clerks) as (first, *_):
        assert hand(first)[0] == 409
        assert hand(first, received_on=(today + timedelta(days=10)).isoformat())[0] == 409
        assert hand(first, received_on=today.isoformat())[0] == 200
    with app.app_context():
        assert db.session.scalars(select(Participation.day)).one() == today


@pytest.mark.parametrize("figures", [(1, 0, 0, 8), (1, 0, 0, 10), (0, 0, 0, 0)])
def test_the_cards_of_a_batch_add_up(
    app: Flask, clerk: FlaskClient, clerks: list[int], figures: tuple[int, ...]
) -> None:
    number_cards(clerk, 10)
    with after_the_end(app, clerks) as (first, *_):
        assert box(first, 1, *figures) == 409
    with app.app_context():
        assert db.session.scalars(select(CardBatch.said_by)).one() is None


def test_two_persons_settle_a_box(app: Flask, clerk: FlaskClient, clerks: list[int]) -> None:
    number_cards(clerk, 10)
    with after_the_end(app, clerks) as (first, other, _):
        assert confirm(other, 1, 1, 0, 0, 9) == 409  # nothing said yet
        assert box(first, 1, 1, 0, 0, 9) == 303
        assert confirm(first, 1, 1, 0, 0, 9) == 409  # one's own
        assert confirm(other, 1, 2, 0, 0, 8) == 409  # what was seen has moved
        assert key(first, 1, "1")[0] == 409  # not settled
        assert confirm(other, 1, 1, 0, 0, 9) == 303
        assert confirm(other, 1, 1, 0, 0, 9) == 409
        assert key(first, 1, "1")[0] == 303


# The database by itself.


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE card_batch SET in_box = 9, unused = 0",
        "UPDATE card_batch SET confirmed_by = said_by",
        "UPDATE card_batch SET last = 90",
        "DELETE FROM card_batch",
        "UPDATE card SET state = 'agreed', entry2_by = entry1_by",
        "UPDATE card SET state = 'agreed', entry2_by = (SELECT max(id) FROM person)",
        "UPDATE card SET serial = 5",
        "UPDATE card_keying SET choices = '{}'",
        "DELETE FROM card_keying WHERE clerk_id = (SELECT entry2_by FROM card)",
        "UPDATE poll SET state = 'counted'",
        (
            "INSERT INTO card (poll_id, serial, tenant_id, batch_id, state, entry1_by, invalid) "
            "SELECT poll_id, 5, tenant_id, batch_id, 'once', entry1_by, '[]' FROM card"
        ),
        (
            "INSERT INTO ballot (id, tenant_id, poll_id, section_no, choices, link_tag) "
            "SELECT 'x', tenant_id, poll_id, 1, '[1]', 'x' FROM card"
        ),
    ],
)
def test_the_database_keeps_cards_by_itself(
    app: Flask, clerk: FlaskClient, clerks: list[int], forbidden: str
) -> None:
    """One card is in the box, keyed by two who disagree."""
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 1, 0, 0, 9)
        key(first, 3, "1")
        key(other, 3, "2")

    with pytest.raises(IntegrityError):
        by_code.execute(app, forbidden)


# The second person's way there.


def test_the_second_person_finds_the_cards_and_nothing_that_is_the_officers(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, approver):
        desk = approver.get("/urzad").text
        page = approver.get(DESK).text
        assert f'href="{DESK}"' in desk
        assert "Policz karty tej partii" in page
        assert "Policz karty tej partii" in first.get(DESK).text
        for officers in ("Zapisz osobę", "Karta do głosowania", "Karty do druku", "Nowa partia"):
            assert officers not in page
        settle([first, other], 1, 1, 0, 0, 9)
        assert f'href="{DESK}"' in approver.get("/urzad").text
        key(first, 3, "1")
        key(other, 3, "1")
        assert f'href="{DESK}"' not in approver.get("/urzad").text


def test_the_second_person_finds_votes_to_decide_about(
    app: Flask, clerk: FlaskClient, clerks: list[int]
) -> None:
    visitor = make.client(app)
    by_word.vote(app, visitor, given_name="Anna", surname="Wilk", address="Rynek 7/2")
    hand(clerk, claim="not_mine")
    cases = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/sprawy"
    with after_the_end(app, clerks) as (_, _, approver):
        assert cases in approver.get("/urzad").text
        assert cases in approver.get("/urzad/konsultacje/rynek/glosowanie/przebieg").text
