"""Voting on paper and with help: one person once, in every electorate."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting.models import (
    Ballot,
    CardBatch,
    Participation,
    Poll,
    Receipt,
    VoteCase,
    Voter,
    VotingCode,
)
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import AgeRule, Electorate
from tests import make
from tests.integration import by_word
from tests.integration import test_voting_codes as by_code
from tests.integration.cards import ANNA, DESK, KEY, PAGE, PLACES, hand, number_cards, rows


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


# One person, one vote, whichever way.


def test_who_is_given_a_card_has_taken_part(app: Flask, clerk: FlaskClient) -> None:
    page = clerk.get(f"{DESK}/osoba").text
    status, said = hand(clerk)

    assert re.search(r'name="klucz"[^>]*value="[^"]{20,}"', page)
    assert status == 200
    assert "Podaj kartę" in said
    assert "Wilk" not in said  # the next one does not see who came before
    assert (rows(app, Participation), rows(app, Ballot), rows(app, Receipt)) == (1, 0, 0)
    assert rows(app, Voter) == 0  # what was typed is not kept
    with app.app_context():
        there = db.session.scalars(select(Participation)).one()
        assert there.channel == "paper"


def test_before_the_opening_the_counter_says_when_instead_of_a_button(
    app: Flask, tenant: int, clerks: list[int]
) -> None:
    other = make.consultation(app, tenant, slug="park", opens=[Activity.VOTE])
    ahead = make.poll(
        app,
        tenant,
        other,
        began=-timedelta(days=2),
        electorate=Electorate.DECLARED,
        electorate_terms=PLACES,
    )
    with app.app_context():
        opens_at = clock.local(db.session.get_one(Poll, ahead).opens_at)
    moment = f"{opens_at.hour}:{opens_at:%M}"
    client = make.client(app, signed_in=clerks[0])
    desk = DESK.replace("rynek", "park")
    overview = client.get(desk).text

    assert f"{desk}/osoba" not in overview
    assert f"{desk}/z-pomoca" not in overview
    for page in (overview, client.get(f"{desk}/osoba").text, client.get(f"{desk}/z-pomoca").text):
        assert moment in page
        assert "klucz" not in page


def test_the_same_form_twice_is_one_card(app: Flask, clerk: FlaskClient) -> None:
    assert [hand(clerk)[0], hand(clerk)[0]] == [200, 200]
    assert rows(app, Participation) == 1


def test_whoever_votes_on_paper_does_not_vote_on_the_web(app: Flask, clerk: FlaskClient) -> None:
    hand(clerk)
    visitor = make.client(app)
    said = {"given_name": "anna", "surname": "WILK", "address": "ul. Rynek 7", "flat": "2"}
    answer = visitor.post(f"{PAGE}/dane/glos", data=by_word.ask_for_code(app, visitor, **said))

    assert answer.status_code == 409
    assert "Głos z tymi danymi" in answer.text
    assert rows(app, Participation) == 1


def test_whoever_voted_on_the_web_is_given_no_card(app: Flask, clerk: FlaskClient) -> None:
    visitor = make.client(app)
    said = {"given_name": "Anna", "surname": "Wilk", "address": "Rynek 7/2"}
    by_word.vote(app, visitor, **said)
    status, page = hand(clerk)

    assert status == 409
    assert "Głos jest już zapisany" in page or "już" in page
    assert 'value="Wilk"' in page  # what was typed stays
    assert rows(app, Participation) == 1


def test_a_namesake_at_the_counter_votes_and_nothing_waits(app: Flask, clerk: FlaskClient) -> None:
    hand(clerk)

    assert hand(clerk, 2)[0] == 409
    assert hand(clerk, 3, claim="household")[0] == 200
    assert (rows(app, Participation), rows(app, VoteCase)) == (2, 0)


def test_whose_name_was_used_votes_and_the_first_vote_is_looked_at(
    app: Flask, clerk: FlaskClient
) -> None:
    visitor = make.client(app)
    by_word.vote(app, visitor, given_name="Anna", surname="Wilk", address="Rynek 7/2")

    assert hand(clerk, claim="not_mine")[0] == 200
    with app.app_context():
        assert db.session.scalars(select(VoteCase.kind)).all() == ["disputed"]


def test_after_four_of_a_name_in_a_home_people_decide(app: Flask, clerk: FlaskClient) -> None:
    hand(clerk)
    given = [hand(clerk, n, claim="household")[0] for n in range(2, 6)]

    assert given == [200, 200, 200, 409]
    assert rows(app, Participation) == 4


def test_a_vote_with_help_has_a_code_and_a_receipt(app: Flask, clerk: FlaskClient) -> None:
    page = clerk.get(f"{DESK}/z-pomoca").text
    sent = {**ANNA, "klucz": KEY + "1", "wybor-1": ["1", "3"]}
    answer = clerk.post(f"{DESK}/z-pomoca", data=sent)
    again = clerk.post(f"{DESK}/z-pomoca", data=sent)

    assert "Oddaję głos" in page
    assert answer.status_code == again.status_code == 200
    codes = [re.search(r'class="code-big">([^<]+)<', each.text) for each in (answer, again)]
    assert codes[0]
    assert codes[1]
    assert codes[0][1] == codes[1][1]
    assert (rows(app, Participation), rows(app, Ballot), rows(app, Receipt)) == (1, 1, 1)
    with app.app_context():
        assert db.session.scalars(select(Participation.channel)).one() == "assisted"
        assert db.session.scalars(select(Ballot.choices)).one() == "[1,3]"


def test_a_broken_limit_with_help_keeps_what_was_chosen(app: Flask, clerk: FlaskClient) -> None:
    sent = {**ANNA, "klucz": KEY + "1", "wybor-1": ["1", "2", "3"]}
    answer = clerk.post(f"{DESK}/z-pomoca", data=sent)

    assert answer.status_code == 422
    assert "najwyżej 2" in answer.text
    assert len(re.findall(r'name="wybor-1"[^>]*checked', answer.text)) == 3
    assert 'value="Wilk"' in answer.text
    assert rows(app, Participation) == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize("missing", ["given_name", "surname", "address", "says_so"])
def test_nobody_is_marked_by_half_a_form(app: Flask, clerk: FlaskClient, missing: str) -> None:
    status, page = hand(clerk, **{missing: ""})

    assert status == 422
    assert 'aria-invalid="true"' in page
    assert rows(app, Participation) == 0


# Other electorates at the counter.


def test_a_code_is_used_up_by_a_card(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(
        app, tenant, consultation, electorate=Electorate.CODES, electorate_terms=PLACES
    )
    by_code.issued(app, tenant, poll)
    clerk = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    code = by_code.MADE[0]

    assert hand(clerk, code=code)[0] == 200
    assert hand(clerk, 2, code=code)[0] == 409
    assert hand(clerk, 3, code="7KQ4-M2XD-9TRB")[0] == 409
    visitor = make.client(app)
    assert by_code.vote(visitor, code) == 409
    with app.app_context():
        used = select(func.count()).where(VotingCode.state == "used")
        assert db.session.scalars(used).one() == 1


def test_a_line_of_a_list_votes_once_at_the_counter_or_from_an_account(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.LISTED,
        electorate_terms=PLACES,
        roll=[Line("Ewa Lis", "ewa@lis.example"), Line("Jan Ryś", "jan@rys.example")],
    )
    clerk = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    ewa = make.person(app, email="ewa@lis.example", resident_of=tenant)
    jan = make.client(app, signed_in=make.person(app, email="jan@rys.example"))

    assert "Ewa Lis" in clerk.get(f"{DESK}/osoba").text
    assert hand(clerk, roll_line="1")[0] == 200
    sent = {"wybor-1": ["1"], "klucz": "z-konta-" + "k" * 20}
    from_account = make.client(app, signed_in=ewa).post(f"{PAGE}/glos", data=sent)
    assert from_account.status_code == 409
    assert jan.post(f"{PAGE}/glos", data=sent).status_code == 303
    assert hand(clerk, 2, roll_line="2")[0] == 409
    assert hand(clerk, 3, roll_line="9")[0] == 422
    assert rows(app, Participation) == 2


def test_a_resident_with_an_account_is_the_same_at_the_counter(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, electorate_terms=PLACES)
    clerk = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    ewa = make.person(app, email="ewa@lis.example", resident_of=tenant)
    make.person(app, email="obcy@lis.example")
    sent = {"wybor-1": ["1"], "klucz": "z-konta-" + "k" * 20}

    assert hand(clerk, email="EWA@lis.example")[0] == 200
    assert make.client(app, signed_in=ewa).post(f"{PAGE}/glos", data=sent).status_code == 409
    assert hand(clerk, 2, email="nikt@lis.example")[0] == 409
    assert hand(clerk, 3, email="obcy@lis.example")[0] == 409  # has not said where they live
    assert rows(app, Participation) == 1


def test_a_guardian_stands_by_the_young(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        electorate_terms=PLACES,
        age_rule=AgeRule.GUARDIAN,
        age=13,
    )
    clerk = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    ballot = make.client(app).get(PAGE).text

    assert "Osoby, które nie mają ukończonych lat: 13, głosują tam z opiekunką" in ballot
    assert hand(clerk)[0] == 422  # nobody said how old
    assert hand(clerk, age="z-opieka")[0] == 200
    assert hand(clerk, 2, given_name="Ola", age="sama")[0] == 200


def test_where_the_rules_know_no_paper_nobody_is_marked(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    clerk = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert hand(clerk)[0] == 409
    assert number_cards(clerk, 10) == 409
    assert "tylko głos przez internet" in clerk.get(DESK).text
    assert rows(app, Participation) == rows(app, CardBatch) == 0


def test_without_a_second_factor_nobody_works_at_the_counter(
    app: Flask, tenant: int, poll: int
) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    clerk = make.client(app, signed_in=officer, second_factor=False)

    assert hand(clerk)[0] == 409
    assert number_cards(clerk, 10) == 409
    assert rows(app, Participation) == rows(app, CardBatch) == 0
