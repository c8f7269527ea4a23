"""Voting on paper and with help: one person once, cards keyed by two, every number compared."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, electorates, jobs, queries, rules, wholeness
from deliberate.voting.actions import carding, casting, counting, stopping
from deliberate.voting.actions.carding import Figures
from deliberate.voting.electorates import ElectorateTerms
from deliberate.voting.models import (
    Ballot,
    Card,
    CardBatch,
    CardKeying,
    FinalBallot,
    Participation,
    Poll,
    PollResult,
    Receipt,
    VoteCase,
    Voter,
    VotingCode,
)
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import AgeRule, Electorate, Publication
from deliberate.voting.workings import Workings
from tests import make
from tests.integration import test_voting_codes as by_code
from tests.integration import test_voting_declared as by_word

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/papier"
PLACES = electorates.write(ElectorateTerms(places="Punkt obsługi, plac Ratuszowy 1, pon.–pt. 8–16"))
ANNA = {
    "given_name": "Anna",
    "surname": "Wilk",
    "address": "Rynek 7/2",
    "flat": "",
    "claim": "nie",
    "says_so": "y",
}
KEY = "klucz-formularza-przy-okienku-"
DAYS = timedelta(days=10)  # when it has ended


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


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def hand(client: FlaskClient, number: int = 1, **said: str) -> tuple[int, str]:
    """Mark somebody at the counter; number: of the form."""
    answer = client.post(f"{DESK}/osoba", data={**ANNA, "klucz": f"{KEY}{number}", **said})
    return answer.status_code, answer.text


def number_cards(client: FlaskClient, cards: int, place: str = "Punkt obsługi") -> int:
    return client.post(f"{DESK}/partie", data={"place": place, "number": str(cards)}).status_code


@contextmanager
def after_the_end(app: Flask, clerks: list[int]) -> Iterator[list[FlaskClient]]:
    """Work ten days later, everybody newly signed in."""
    with clock.at(clock.now() + DAYS):
        yield [make.client(app, signed_in=person) for person in clerks]


def box(client: FlaskClient, no: int, *figures: int) -> int:
    names = ("in_box", "spoiled", "missing", "unused")
    said = {f"partia-{no}-{name}": str(figure) for name, figure in zip(names, figures, strict=True)}
    return client.post(f"{DESK}/partie/{no}/urna", data=said).status_code


def confirm(client: FlaskClient, no: int, *figures: int) -> int:
    names = ("in_box", "spoiled", "missing", "unused")
    said = dict(zip(names, map(str, figures), strict=True))
    return client.post(f"{DESK}/partie/{no}/potwierdzenie", data=said).status_code


def settle(clerks: list[FlaskClient], no: int, *figures: int) -> None:
    assert box(clerks[0], no, *figures) == 303
    assert confirm(clerks[1], no, *figures) == 303


def key(client: FlaskClient, serial: int, typed: str = "", **more: str) -> tuple[int, str]:
    sent = {"serial": str(serial), "czesc-1": typed, **more}
    answer = client.post(f"{DESK}/karty", data=sent, follow_redirects=False)
    return answer.status_code, answer.text


def count(app: Flask, tenant: int, poll: int, *, rehearsed: Workings | None = None) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        town = db.session.get_one(Municipality, tenant)
        counting.count(town, poll, actor=SYSTEM, rehearsed=rehearsed)


def refused_count(app: Flask, tenant: int, poll: int) -> str:
    with pytest.raises(Refused) as refused:
        count(app, tenant, poll)
    return refused.value.refusal.code


def result(app: Flask, poll: int) -> PollResult:
    with app.app_context():
        return db.session.get_one(PollResult, poll)


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


# Keying.


def keyed(app: Flask, clerk: FlaskClient, people: int, cards: int = 10) -> None:
    """Have so many people take a card."""
    number_cards(clerk, cards)
    for number in range(people):
        assert hand(clerk, number, given_name=f"Anna {'abcdefghij'[number]}")[0] == 200


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


# The count.


def test_paper_help_and_web_are_counted_together_and_compared(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    by_word.vote(app, make.client(app))  # 1 and 3
    clerk.post(
        f"{DESK}/z-pomoca",
        data={**ANNA, "given_name": "Ola", "klucz": KEY + "h", "wybor-1": ["1"]},
    )
    keyed(app, clerk, 3)
    with after_the_end(app, clerks) as (first, other, _):
        assert refused_count(app, tenant, poll) == "count.unsettled_boxes"
        settle([first, other], 1, 2, 1, 1, 6)  # three took one, one did not leave it in the box
        assert refused_count(app, tenant, poll) == "count.unkeyed_cards"
        for serial, typed in ((1, "1 2"), (4, "")):
            void = {"niewazna-1": "y"} if not typed else {}
            assert key(first, serial, typed, **void)[0] == 303
            assert key(other, serial, typed, **void)[0] == 303
        count(app, tenant, poll)

    counted = result(app, poll)
    outcome = json.loads(counted.outcome)["1"]
    assert outcome["ballots"] == 3
    assert outcome["score"] == {"1": "3", "2": "1", "3": "1"}
    assert counted.participations == 5
    assert json.loads(counted.channels) == {"assisted": 1, "paper": 3, "web": 1}
    assert json.loads(counted.paper) == {"cards": 2, "missing": 1, "invalid": {"1": 1}}
    assert (rows(app, Card), rows(app, CardKeying), rows(app, Ballot)) == (0, 0, 0)
    assert rows(app, FinalBallot) == 3
    assert rows(app, CardBatch) == 1


def test_a_copy_of_a_vote_with_cards_is_whole_at_every_stage(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    def faults() -> list[str]:
        with app.app_context():
            return list(wholeness.list_faults(db.session.get_one(Poll, poll)))

    by_word.vote(app, make.client(app))
    keyed(app, clerk, 2)
    found = [faults()]
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial in (1, 2):
            key(first, serial, "1")
            key(other, serial, "1")
            found.append(faults())
        count(app, tenant, poll)
    found.append(faults())

    assert found == [[], [], [], []]


def test_as_many_people_as_cards_or_no_count(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial in (1, 2):
            key(first, serial, "1")
            key(other, serial, "1")
        assert refused_count(app, tenant, poll) == "count.unequal_paper"
        # One of the two was not handed out after all: counted anew, and confirmed anew.
        assert box(first, 1, 1, 0, 0, 9) == 409  # fewer than are keyed
    assert rows(app, PollResult) == 0


def test_a_card_keyed_while_votes_are_read_is_counted(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        key(first, 1, "1")
        key(other, 1, "1")
        with app.app_context():
            before = counting.rehearse(db.session.get_one(Poll, poll), lambda _done, _of: None)
        key(first, 2, "2")
        key(other, 2, "2")
        count(app, tenant, poll, rehearsed=before)

    assert before.outcome["1"]["score"] == {"1": "1", "2": "0", "3": "0"}
    assert json.loads(result(app, poll).outcome)["1"]["score"] == {"1": "1", "2": "1", "3": "0"}


def test_a_vote_on_the_web_is_taken_out_beside_cards(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    by_word.vote(app, make.client(app), given_name="Anna", surname="Wilk", address="Rynek 7/2")
    hand(clerk, claim="not_mine")
    number_cards(clerk, 5)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 1, 0, 0, 4)
        key(first, 1, "2")
        key(other, 1, "2")
        desk = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/sprawy/1"
        said = {"sprawa-1-verdict": "take_out", "sprawa-1-reason": "Osoba była u nas z dowodem."}
        assert first.post(f"{desk}/decyzja", data=said).status_code == 303
        seen = {"verdict": "take_out", "reason": "Osoba była u nas z dowodem."}
        assert other.post(f"{desk}/potwierdzenie", data=seen).status_code == 303
        count(app, tenant, poll)

    assert json.loads(result(app, poll).outcome)["1"]["score"] == {"1": "0", "2": "1", "3": "0"}
    assert json.loads(result(app, poll).channels) == {"paper": 1}


def test_codes_with_ballots_and_paper_do_not_go_together(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        electorate_terms=PLACES,
        publication=Publication.LINKED,
        began=-timedelta(hours=1),
        sealed=False,
    )
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        assert rules.seal_refusal(queries.seal_facts(row, now=clock.now())) == rules.LINKED_PAPER


def test_a_stranger_checks_a_vote_with_cards(
    app: Flask,
    tenant: int,
    clerk: FlaskClient,
    clerks: list[int],
    tmp_path: Path,
) -> None:
    """And a card that was put aside afterwards is found."""
    by_word.vote(app, make.client(app))
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial, typed in ((1, "1 2"), (4, "")):
            void = {"niewazna-1": "y"} if not typed else {}
            key(first, serial, typed, **void)
            key(other, serial, typed, **void)
        with app.app_context():
            poll = db.session.scalars(select(Poll.id)).one()
        count(app, tenant, poll)
        make.publish_poll(app, tenant, poll)
        answer = make.client(app).get(f"{PAGE}/pliki.zip")
        protocol = make.client(app).get(f"{PAGE}/protokol").text
    with ZipFile(BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path)
    folder = next(tmp_path.iterdir())

    def check() -> int:
        program = [sys.executable, str(folder / "verify.py"), str(folder)]
        return subprocess.run(program, check=False, capture_output=True).returncode

    assert check() == 0
    said = json.loads((folder / "result.json").read_text())
    assert said["paper"] == {"cards": 2, "invalid": {"1": 1}, "missing": 0}
    assert "Karty na papierze" in protocol
    changed = {**said, "paper": {"cards": 2, "invalid": {}, "missing": 0}}
    (folder / "result.json").write_text(json.dumps(changed))
    assert check() == 1


def test_a_vote_called_off_keeps_no_card(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        key(first, 1, "1")
        key(other, 1, "1")
        key(first, 2, "2")
        with app.app_context():
            rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
        make.approval(app, tenant, "poll.cancel", poll, rules_hash)
        with app.app_context(), transaction():
            here = db.session.get_one(Municipality, tenant)
            stopping.cancel(here, poll, "Karty z jednej urny zamokły.", actor=SYSTEM)
        with app.app_context():
            jobs.finish({"tenant_id": tenant, "poll_id": poll})

    gone = [rows(app, model) for model in (Card, CardKeying, Ballot, Participation)]
    assert gone == [0, 0, 0, 0]
    assert rows(app, CardBatch) == 1


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
