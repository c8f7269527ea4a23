"""Voting without an account: who one says one is, a code, a vote, and what two persons decide."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock, jobs, mail, sms
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries as voting
from deliberate.voting import retention
from deliberate.voting.actions import counting, heading, stopping
from deliberate.voting.models import (
    Ballot,
    ContactCode,
    Eligibility,
    FinalBallot,
    FinalReceipt,
    LogHead,
    Participation,
    Poll,
    PollResult,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
)
from deliberate.voting.states import AgeRule, Electorate
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"
CHOICE = {"wybor-1": ["1", "3"]}
SAID = {
    "given_name": "Łucja",
    "surname": "Żuraw-Kos",
    "address": "ul. Rynek 5/3",
    "flat": "",
    "contact": "lucja@poczta.example",
    "lives_here": "y",
}

Sent = dict[str, object]


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)


@pytest.fixture
def visitor(app: Flask, poll: int) -> FlaskClient:
    return make.client(app)


def field(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert tag, name
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def letter_code(app: Flask) -> str:
    """Return the code of the latest letter."""
    with app.app_context():
        body = db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc()).limit(1)).one()
    found = re.search(r"\b(\d{3}) (\d{3})\b", body)
    assert found
    return found[1] + found[2]


def ask_for_code(app: Flask, visitor: FlaskClient, **said: str) -> Sent:
    """Go as far as the page of the code, and return what its form would send."""
    sent = {**CHOICE, **SAID, **said}
    page = visitor.post(f"{PAGE}/dane/kod", data=sent)
    assert page.status_code == 200, page.text[-3000:]
    return {
        **sent,
        "klucz": field(page.text, "klucz"),
        "token": field(page.text, "token"),
        "code": letter_code(app),
    }


def vote(app: Flask, visitor: FlaskClient, **said: str) -> str:
    answer = visitor.post(f"{PAGE}/dane/glos", data=ask_for_code(app, visitor, **said))
    assert answer.status_code == 303, answer.text
    return answer.location


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


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


# One person, one vote.


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


# What two persons decide, and the count.


OFFICE = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"
WHY = "Urząd zadzwonił: mieszka tam ojciec i syn."


def two_votes(app: Flask, visitor: FlaskClient, claim: str) -> None:
    """Cast one vote for 1 and 3, and another with the same words for 2 alone."""
    vote(app, visitor)
    again = {**ask_for_code(app, visitor), "wybor-1": ["2"], "wyjasnienie": claim}
    assert visitor.post(f"{PAGE}/dane/glos", data=again).status_code == 303


def case_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(VoteCase.id).order_by(VoteCase.id)))


def decide(app: Flask, tenant: int, case: int, verdict: str) -> None:
    first = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    second = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    said = {f"sprawa-{case}-verdict": verdict, f"sprawa-{case}-reason": WHY}
    assert first.post(f"{OFFICE}/sprawy/{case}/decyzja", data=said).status_code == 303
    seen = {"verdict": verdict, "reason": WHY}
    answer = second.post(f"{OFFICE}/sprawy/{case}/potwierdzenie", data=seen)
    assert answer.status_code == 303, answer.text


def count(app: Flask, tenant: int, poll: int) -> PollResult:
    """End the vote and count it."""
    execute(app, "UPDATE poll SET state = 'working_up'")
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        return counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)


def test_votes_are_not_counted_while_a_case_is_open(
    app: Flask, tenant: int, poll: int, visitor: FlaskClient
) -> None:
    two_votes(app, visitor, "household")

    with pytest.raises(Refused) as refused:
        count(app, tenant, poll)

    assert refused.value.refusal.code == "count.cases"
    with app.app_context(), transaction(), pytest.raises(IntegrityError, match="cases:"):
        db.session.execute(text("UPDATE poll SET state = 'working_up'"))
        db.session.execute(text("UPDATE poll SET state = 'counted'"))


def test_a_kept_vote_is_counted(app: Flask, tenant: int, poll: int, visitor: FlaskClient) -> None:
    two_votes(app, visitor, "household")
    decide(app, tenant, case_ids(app)[0], "keep")
    result = count(app, tenant, poll)

    assert result.participations == 2
    assert rows(app, FinalBallot) == 2
    assert rows(app, VoteSignal) == rows(app, ContactCode) == 0


def test_a_vote_that_two_persons_took_out_is_not_counted(
    app: Flask, tenant: int, poll: int, visitor: FlaskClient
) -> None:
    two_votes(app, visitor, "not_mine")
    second, first = case_ids(app)
    decide(app, tenant, second, "keep")
    decide(app, tenant, first, "take_out")
    result = count(app, tenant, poll)

    assert result.participations == 1
    with app.app_context():
        assert list(db.session.scalars(select(FinalBallot.choices))) == ["[2]"]
        assert len(list(db.session.scalars(select(FinalReceipt.leaf)))) == 1
        head = db.session.scalars(select(LogHead.body)).one()
        assert json.loads(head)["taken_out"] == 1


def test_a_leaf_that_a_head_covers_stays_in_the_log(
    app: Flask, tenant: int, poll: int, visitor: FlaskClient
) -> None:
    vote(app, visitor)
    execute(app, "UPDATE receipt SET batch = 1")
    again = {**ask_for_code(app, visitor), "wybor-1": ["2"], "wyjasnienie": "not_mine"}
    visitor.post(f"{PAGE}/dane/glos", data=again)
    second, first = case_ids(app)
    decide(app, tenant, second, "keep")
    decide(app, tenant, first, "take_out")
    count(app, tenant, poll)

    assert rows(app, FinalReceipt) == 2
    assert rows(app, FinalBallot) == 1
    with app.app_context():
        assert db.session.scalars(select(func.count()).where(FinalReceipt.taken_out)).one() == 1


def test_a_vote_that_is_looked_at_waits_for_the_last_head(
    app: Flask, poll: int, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heading, "LEAST_NEW", 1)
    monkeypatch.setattr(heading, "TENS", 1)
    two_votes(app, visitor, "household")
    with app.app_context(), transaction():
        head = heading.add_daily(db.session.get_one(Poll, poll), now=clock.now())
        assert head is not None
        assert head.leaves == 1


@pytest.mark.parametrize("act", ["decyzja", "potwierdzenie"])
def test_one_person_decides_nothing(
    app: Flask, tenant: int, visitor: FlaskClient, act: str
) -> None:
    two_votes(app, visitor, "household")
    case = case_ids(app)[0]
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    said = {f"sprawa-{case}-verdict": "take_out", f"sprawa-{case}-reason": WHY}
    seen = {"verdict": "take_out", "reason": WHY}
    officer.post(f"{OFFICE}/sprawy/{case}/decyzja", data=said)
    answer = officer.post(f"{OFFICE}/sprawy/{case}/{act}", data={**said, **seen})
    page = officer.get(f"{OFFICE}/sprawy")

    assert answer.status_code == (303 if act == "decyzja" else 409)
    assert "Potwierdza druga osoba" in page.text
    assert "Łucja Żuraw-Kos" in page.text
    assert "Potwierdzam tę decyzję" not in page.text


def test_who_confirms_confirms_what_they_saw(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    two_votes(app, visitor, "household")
    case = case_ids(app)[0]
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    for verdict in ("take_out", "keep"):
        said = {f"sprawa-{case}-verdict": verdict, f"sprawa-{case}-reason": WHY}
        officer.post(f"{OFFICE}/sprawy/{case}/decyzja", data=said)
    answer = approver.post(
        f"{OFFICE}/sprawy/{case}/potwierdzenie", data={"verdict": "take_out", "reason": WHY}
    )

    assert answer.status_code == 409
    assert "Ktoś przed chwilą zmienił decyzję" in answer.text


def test_deciding_needs_a_second_factor(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    two_votes(app, visitor, "household")
    case = case_ids(app)[0]
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER), second_factor=False)
    said = {f"sprawa-{case}-verdict": "keep", f"sprawa-{case}-reason": WHY}

    assert officer.post(f"{OFFICE}/sprawy/{case}/decyzja", data=said).status_code == 409
    assert rows(app, VoteVerdict) == 0


@pytest.mark.parametrize(
    "forbidden",
    [
        "DELETE FROM participation",
        "DELETE FROM receipt",
        "DELETE FROM ballot",
        "DELETE FROM voter",
        "DELETE FROM vote_case",
        "UPDATE voter SET surname = 'Inna'",
        "UPDATE receipt SET taken_out = TRUE",
        "UPDATE vote_verdict SET verdict = 'keep', confirmed_by = NULL, confirmed_at = NULL",
        "DELETE FROM vote_verdict",
    ],
)
def test_the_database_takes_out_no_vote_without_two_persons(
    app: Flask, tenant: int, visitor: FlaskClient, forbidden: str
) -> None:
    two_votes(app, visitor, "not_mine")
    decide(app, tenant, case_ids(app)[0], "keep")
    execute(app, "UPDATE poll SET state = 'working_up'")

    with pytest.raises(IntegrityError):
        execute(app, forbidden)


def test_the_database_wants_another_person_to_confirm(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    two_votes(app, visitor, "household")
    person = make.staff(app, tenant, Role.OFFICER)
    with app.app_context():
        case = db.session.scalars(select(VoteCase)).one()
        said = {
            "tenant_id": tenant,
            "case_id": case.id,
            "verdict": "keep",
            "reason": WHY,
            "said_by": person,
            "said_at": clock.now(),
        }
    another = make.staff(app, tenant, Role.APPROVER)

    with app.app_context(), pytest.raises(IntegrityError), transaction():
        row = VoteVerdict(**said, confirmed_by=another, confirmed_at=clock.now())
        db.session.add(row)
    with app.app_context(), transaction():
        db.session.add(VoteVerdict(**said))
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        row = db.session.get_one(VoteVerdict, said["case_id"])
        row.confirmed_by, row.confirmed_at = person, clock.now()


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


def test_the_list_of_cases_asks_as_much_for_many_as_for_one(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    officer.get(f"{OFFICE}/sprawy")
    numbers = []
    for name in ("Ala", "Ola"):
        vote(app, visitor, given_name=name)
        again = ask_for_code(app, visitor, given_name=name)
        visitor.post(f"{PAGE}/dane/glos", data={**again, "wyjasnienie": "not_mine"})
        with sql.counted(app) as statements:
            officer.get(f"{OFFICE}/sprawy")
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] <= 12


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
