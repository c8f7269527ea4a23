"""Voting without an account: who one says one is, a code, a vote; and where an office says so."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock, jobs, mail, sms
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries as voting
from deliberate.voting import retention
from deliberate.voting.actions import stopping
from deliberate.voting.models import (
    Ballot,
    ContactCode,
    Eligibility,
    Participation,
    Poll,
    Voter,
    VoteSignal,
)
from deliberate.voting.states import AgeRule, Electorate
from tests import make, sql
from tests.integration.by_word import (
    CHOICE,
    OFFICE,
    PAGE,
    SAID,
    Sent,
    ask_for_code,
    count,
    execute,
    field,
    letter_code,
    rows,
    vote,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)


@pytest.fixture
def visitor(app: Flask, poll: int) -> FlaskClient:
    return make.client(app)


def test_somebody_without_an_account_votes_in_four_screens(
    app: Flask, visitor: FlaskClient
) -> None:
    ballot = visitor.get(PAGE)
    you = visitor.post(f"{PAGE}/dane", data=CHOICE)
    sent = ask_for_code(app, visitor)
    answer = visitor.post(f"{PAGE}/dane/glos", data=sent)
    received = visitor.get(answer.location)

    assert 'type="checkbox"' in ballot.text
    assert "swojego adresu i e-maila" in ballot.text
    assert "telefonu albo e-maila" not in ballot.text
    assert "Projekt 1" in you.text
    assert "PESEL" not in you.text
    assert "Głos nie jest jeszcze oddany." in you.text
    assert answer.status_code == 303
    assert "Głos przyjęty" in received.text
    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).one() == "[1,3]"
        voter = db.session.scalars(select(Voter)).one()
        assert (voter.given_name, voter.street, voter.house_no, voter.flat) == (
            "Łucja",
            "ul. Rynek",
            "5",
            "3",
        )
        assert db.session.scalars(select(Eligibility.source)).one() == "declared"
        assert db.session.scalars(select(Participation.person_key)).one() == voter.person_key


def test_the_first_page_gives_no_cookie_and_needs_no_token(visitor: FlaskClient) -> None:
    page = visitor.get(PAGE)

    assert "Set-Cookie" not in page.headers
    assert "csrf_token" not in page.text


def test_only_the_row_of_the_code_is_kept_before_the_vote(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)

    assert rows(app, ContactCode) == 1
    assert all(rows(app, model) == 0 for model in (Voter, Participation, Ballot, VoteSignal))
    with app.app_context():
        kept = db.session.scalars(select(ContactCode)).one()
        assert str(sent["code"]) not in (kept.code_hash, kept.contact_hash)
        assert "@" not in kept.contact_hash

    visitor.post(f"{PAGE}/dane/glos", data=sent)

    assert rows(app, ContactCode) == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"given_name": ""}, "Uzupełnij to pole."),
        ({"address": "Rynek"}, "numer domu, na przykład"),
        ({"contact": "lucja"}, "potrzebny jest adres e-mail"),
        ({"contact": "600 100 200"}, "potrzebny jest adres e-mail"),
        ({"lives_here": ""}, "Głosować może osoba, która tu mieszka."),
    ],
)
def test_what_lacks_is_said_and_what_was_typed_stays(
    app: Flask, visitor: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    sent = {**CHOICE, **SAID, **wrong}
    page = visitor.post(
        f"{PAGE}/dane/kod", data={k: v for k, v in sent.items() if v or k != "lives_here"}
    )

    assert page.status_code == 422
    assert says in page.text
    assert 'name="wybor-1" value="3"' in page.text
    assert "Żuraw-Kos" in page.text
    assert rows(app, ContactCode) == 0


def test_choices_out_of_limits_are_refused_on_the_ballot_with_everything_kept(
    visitor: FlaskClient,
) -> None:
    page = visitor.post(f"{PAGE}/dane/kod", data={**SAID, "wybor-1": ["1", "2", "3"]})

    assert page.status_code == 422
    assert "Możesz wybrać najwyżej 2" in page.text
    assert re.findall(r'value="(\d)" checked', page.text) == ["1", "2", "3"]
    assert field(page.text, "surname") == "Żuraw-Kos"


def test_back_to_the_ballot_and_back_again_keeps_all(visitor: FlaskClient) -> None:
    ballot = visitor.post(f"{PAGE}/dane/wybor", data={**CHOICE, **SAID})
    you = visitor.post(f"{PAGE}/dane", data={**CHOICE, **SAID})

    assert ballot.status_code == you.status_code == 200
    assert re.findall(r'value="(\d)" checked', ballot.text) == ["1", "3"]
    assert field(ballot.text, "contact") == field(you.text, "contact") == SAID["contact"]


# The code.


def test_a_wrong_code_counts_nothing_and_keeps_everything(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    page = visitor.post(f"{PAGE}/dane/glos", data={**sent, "code": wrong(sent)})

    assert page.status_code == 422
    assert "To nie jest ten kod." in page.text
    assert field(page.text, "klucz") == sent["klucz"]
    assert rows(app, Participation) == 0
    assert visitor.post(f"{PAGE}/dane/glos", data=sent).status_code == 303


def wrong(sent: Sent) -> str:
    return f"{(int(str(sent['code'])) + 1) % 10**6:06}"


def test_five_wrong_tries_end_a_code(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    pages = [
        visitor.post(f"{PAGE}/dane/glos", data={**sent, "code": wrong(sent)}) for _ in range(5)
    ]

    assert "pięć razy" in pages[-1].text
    assert visitor.post(f"{PAGE}/dane/glos", data=sent).status_code == 422
    assert rows(app, Participation) == 0


def test_a_late_code_is_said_and_a_new_one_works(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    execute(app, "UPDATE contact_code SET expires_at = '2020-01-01 00:00:00'")
    late = visitor.post(f"{PAGE}/dane/glos", data=sent)
    again = visitor.post(f"{PAGE}/dane/kod", data=sent)
    new = {**sent, "token": field(again.text, "token"), "code": letter_code(app)}

    assert "Ten kod wygasł po 10 minutach. Twój wybór jest zachowany." in late.text
    assert field(again.text, "klucz") == sent["klucz"]
    assert visitor.post(f"{PAGE}/dane/glos", data=new).status_code == 303


def test_a_code_proves_only_the_contact_it_was_sent_to(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    page = visitor.post(f"{PAGE}/dane/glos", data={**sent, "contact": "ktos@poczta.example"})

    assert page.status_code == 422
    assert rows(app, Participation) == 0


def test_a_code_works_once(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    visitor.post(f"{PAGE}/dane/glos", data=sent)
    other = {**sent, "given_name": "Jan", "klucz": "inny-formularz-innej-osoby"}

    assert visitor.post(f"{PAGE}/dane/glos", data=other).status_code == 422
    assert rows(app, Participation) == 1


def test_the_same_form_sent_again_is_the_same_vote(app: Flask, visitor: FlaskClient) -> None:
    sent = ask_for_code(app, visitor)
    first = visitor.post(f"{PAGE}/dane/glos", data=sent)
    second = visitor.post(f"{PAGE}/dane/glos", data=sent)

    assert first.location == second.location
    assert rows(app, Participation) == 1


def test_codes_for_one_contact_are_limited(app: Flask, visitor: FlaskClient) -> None:
    for _ in range(12):
        ask_for_code(app, visitor)
    page = visitor.post(f"{PAGE}/dane/kod", data={**CHOICE, **SAID})

    assert page.status_code == 429
    assert "Z tego miejsca było za dużo prób." in page.text
    assert field(page.text, "surname") == "Żuraw-Kos"


# For whom these pages are.


def test_these_pages_are_only_for_such_a_vote(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation)

    assert make.client(app).post(f"{PAGE}/dane", data=CHOICE).status_code == 404


def test_an_age_is_declared_where_the_rules_have_one(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        age_rule=AgeRule.ALONE,
        age=13,
    )
    visitor = make.client(app)
    page = visitor.post(f"{PAGE}/dane/kod", data={**CHOICE, **SAID})

    assert page.status_code == 422
    assert "Mam ukończone lata: 13." in page.text
    vote(app, visitor, is_of_age="y")


def test_after_the_end_nobody_gets_a_code(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED, left=timedelta(seconds=-1))
    visitor = make.client(app)

    assert 'type="checkbox"' not in visitor.get(PAGE).text
    assert visitor.post(f"{PAGE}/dane/kod", data={**CHOICE, **SAID}).status_code == 409
    assert rows(app, ContactCode) == 0


# Telephones.


def test_a_telephone_gets_its_code_in_a_message(
    app: Flask, visitor: FlaskClient, tmp_path: Path
) -> None:
    file = tmp_path / "sms.jsonl"
    offer_sms(app, file)
    ballot = visitor.get(PAGE)
    sent = ask_for_code(app, visitor, contact="600 100 200")
    with app.app_context():
        through = sms.sender(f"file:{file}")
        assert through is not None
        assert sms.send_due(through) == 1
        assert sms.send_due(through) == 0
        assert mail.send_due("smtp://127.0.0.1:1", "x@y.pl", html=lambda _: "") == 0

    said = json.loads(file.read_text())
    assert said["number"] == "+48600100200"
    assert re.match(
        r"\d{3} \d{3} – kod do głosowania w Lubowierzu\. Ważny 10 minut\.", said["text"]
    )
    assert "http" not in said["text"]
    assert file.stat().st_mode & 0o077 == 0
    assert "telefonu albo e-maila" in ballot.text
    assert visitor.post(f"{PAGE}/dane/glos", data=sent).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Voter.contact_kind)).one() == "sms"


def offer_sms(app: Flask, file: Path) -> None:
    settings = app.extensions["deliberate.settings"]
    app.extensions["deliberate.settings"] = replace(settings, sms=f"file:{file}")


def test_a_message_that_cannot_leave_is_tried_again(
    app: Flask, visitor: FlaskClient, tmp_path: Path
) -> None:
    offer_sms(app, tmp_path / "sms.jsonl")
    ask_for_code(app, visitor, contact="600 100 200")
    nowhere = sms.sender(f"file:{tmp_path}/there/is/none")
    with app.app_context():
        assert nowhere is not None
        assert sms.send_due(nowhere) == 0
        row = db.session.scalars(select(Outbox)).one()
        assert (row.sent_at, row.tries, row.error) == (None, 1, "FileNotFoundError")


# How long it is kept.


def test_who_voted_is_forgotten_sixty_days_after_the_result(
    app: Flask, tenant: int, poll: int, visitor: FlaskClient
) -> None:
    vote(app, visitor)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    rule = next(each for each in retention.RULES if each.key == "voting.voters")

    for days, left in ((59, 1), (61, 0)):
        with app.app_context(), transaction():
            rule.remove(clock.now() + timedelta(days=days))
        assert rows(app, Voter) == left


# The desk.


def test_the_officer_says_who_may_vote(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation, sealed=False)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    said = {
        "electorate": "declared",
        "persons_a_contact": "3",
        "age_rule": "alone",
        "age": "16",
    }
    page = officer.get(OFFICE)
    with_account = officer.post(OFFICE, data={**said, "electorate": "residents"})
    without_age = officer.post(OFFICE, data={**said, "age": ""})
    answer = officer.post(OFFICE, data=said)

    assert page.status_code == 200
    assert with_account.status_code == 422
    assert "O wiek pytamy tylko tam, gdzie głosuje się bez konta." in with_account.text
    assert without_age.status_code == 422
    assert "Wpisz też, od ilu lat." in without_age.text
    assert answer.status_code == 303
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        assert (row.electorate, row.age_rule, row.age) == ("declared", "alone", 16)
        assert json.loads(voting.rules_text(row))["electorate_terms"] == {"persons_a_contact": 3}


def test_a_sealed_ballot_keeps_its_electorate(app: Flask, tenant: int, poll: int) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    said = {"electorate": "residents", "persons_a_contact": "4", "age_rule": "none"}

    assert officer.post(OFFICE, data=said).status_code == 409
    with pytest.raises(IntegrityError, match="frozen"):
        execute(app, "UPDATE poll SET electorate_terms = '{\"persons_a_contact\": 9}'")


# Speed.


def test_the_pages_need_few_statements_whoever_votes(app: Flask, visitor: FlaskClient) -> None:
    sent = {**CHOICE, **SAID}
    for path, most in (("", 12), ("/dane", 12), ("/dane/kod", 17)):
        with sql.counted(app) as statements:
            answer = visitor.post(f"{PAGE}{path}", data=sent) if path else visitor.get(PAGE)
        assert answer.status_code == 200
        assert len(statements) <= most, "\n".join(statements)


def test_a_closed_ballot_of_a_cancelled_vote_keeps_no_names(
    app: Flask, tenant: int, poll: int, visitor: FlaskClient
) -> None:
    vote(app, visitor)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.cancel", poll, rules_hash)
    with app.app_context(), transaction():
        here = db.session.get_one(Municipality, tenant)
        stopping.cancel(here, poll, "Na kartach pomylono numery.", actor=SYSTEM)
    with app.app_context():
        jobs.run_due()

    assert rows(app, Voter) == rows(app, VoteSignal) == rows(app, Participation) == 0
