"""Whoever was asked to explain a vote is told what two persons decided about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.subjects.gate import Activity
from deliberate.voting import keys, quarantine
from deliberate.voting.models import DecisionLetter, Poll, VoteCase
from deliberate.voting.suspicions import Kind
from tests import make
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import code_of

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/podejrzenia"
CASES = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/sprawy"
REASON = "Dom ma dwa mieszkania, a osoba odpisała i wszystko się zgadza"


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    return ended_poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def held(app: Flask, poll_id: int, officer: FlaskClient, **voting: str) -> list[int]:
    """Have six people of one house vote and be held, and each explain; return the cases."""
    for no, name in enumerate(SIX):
        contact = f"60010020{no}" if voting.get("by") == "sms" else ""
        vote(app, poll_id, name, contact=contact, locale=voting.get("locale", "pl"))
    if voting.get("by") == "paper":
        with app.app_context():
            (keys.folder() / f"poll-{poll_id}-contact.key").unlink()
    with app.app_context():
        found = quarantine.find_groups(db.session.get_one(Poll, poll_id))
        group = next(each.id for each in found if each.kind is Kind.HOME)
    reason = {f"{group}-reason": "Sześć osób w domu o dwóch mieszkaniach."}
    assert officer.post(f"{DESK}/{group}/wstrzymanie", data=reason).status_code == 303
    with app.app_context():
        return list(db.session.scalars(select(VoteCase.id).order_by(VoteCase.id)))


def explain(app: Flask) -> None:
    with app.app_context():
        found = db.session.scalars(select(Outbox).where(Outbox.kind == "voting.held")).all()
    for letter in found:
        sent = {"kod": code_of(letter), "text": "Mieszkamy tu we dwoje."}
        assert make.client(app).post(f"{PAGE}/wyjasnienie", data=sent).status_code in {200, 303}


def decide(
    case: int, verdict: str, officer: FlaskClient, approver: FlaskClient, reason: str = REASON
) -> None:
    said = {f"sprawa-{case}-verdict": verdict, f"sprawa-{case}-reason": reason}
    assert officer.post(f"{CASES}/{case}/decyzja", data=said).status_code == 303
    seen = {"verdict": verdict, "reason": reason}
    assert approver.post(f"{CASES}/{case}/potwierdzenie", data=seen).status_code == 303


def decisions(app: Flask) -> list[Outbox]:
    with app.app_context():
        found = select(Outbox).where(Outbox.kind == "voting.decided").order_by(Outbox.id)
        return list(db.session.scalars(found))


def address_of_first(app: Flask) -> str:
    """Return to whom the letter about the first case went."""
    with app.app_context():
        first = select(Outbox.address).where(Outbox.kind == "voting.held").order_by(Outbox.id)
        return db.session.scalars(first.limit(1)).one()


@pytest.mark.parametrize("verdict", ["keep", "take_out"])
def test_the_decision_goes_by_the_way_of_the_first_letter(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient, verdict: str
) -> None:
    said = {"keep": "się liczy.", "take_out": "nie będzie policzony."}[verdict]
    case = held(app, poll, officer)[0]
    explain(app)
    before = decisions(app)
    decide(case, verdict, officer, approver)
    (letter,) = decisions(app)

    assert before == []
    assert letter.address == address_of_first(app)
    assert said in letter.body
    assert REASON in letter.body
    assert ("złożyć protest" in letter.body) == (verdict == "take_out")
    assert "O decyzji napisaliśmy" in officer.get(CASES).text


def test_one_person_alone_tells_nobody(app: Flask, poll: int, officer: FlaskClient) -> None:
    case = held(app, poll, officer)[0]
    explain(app)
    said = {f"sprawa-{case}-verdict": "keep", f"sprawa-{case}-reason": REASON}
    officer.post(f"{CASES}/{case}/decyzja", data=said)

    assert decisions(app) == []


def test_a_telephone_gets_one_message_without_a_link(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    case = held(app, poll, officer, by="sms")[0]
    explain(app)
    decide(case, "take_out", officer, approver)
    (letter,) = decisions(app)

    assert letter.address == address_of_first(app)
    assert letter.address.startswith("tel:+48600100")
    assert f"Powód: {REASON}." in letter.body
    assert "http" not in letter.body


def test_a_letter_on_paper_is_printed_before_the_count_and_again(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    case = held(app, poll, officer, by="paper")[0]
    assert officer.post(f"{DESK}/listy").status_code == 200
    with app.app_context(), transaction():
        late(app)
    decide(case, "keep", officer, approver)
    waits = officer.get(DESK).text
    printed = [officer.post(f"{DESK}/decyzje") for _ in range(2)]

    assert "Decyzje, o których trzeba napisać pocztą: 1." in waits
    assert all(answer.data.startswith(b"%PDF") for answer in printed)
    assert "Listy o decyzjach są wydrukowane." in officer.get(DESK).text
    assert decisions(app) == []


def late(app: Flask) -> None:
    """Have the five days of all letters be over; guards are in the way of it, rightly."""
    connection = db.session.connection()
    sqlite = connection.dialect.name == "sqlite"
    for guard in (
        "case_letter_is_written_anew_before_an_answer",
        "case_letter_written_anew_gives_five_days",
    ):
        connection.exec_driver_sql(f"DROP TRIGGER {guard}{'' if sqlite else ' ON case_letter'}")
    now = clock.now() - timedelta(seconds=2)
    db.session.execute(
        text("UPDATE case_letter SET answer_until = :now"),
        {"now": now.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else now},
    )


def test_nothing_to_print_is_said(app: Flask, poll: int, officer: FlaskClient) -> None:
    answer = officer.post(f"{DESK}/decyzje")

    assert answer.status_code == 409
    assert "Nie ma listów" in answer.text


def test_the_database_takes_no_letter_without_a_decision(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    case = held(app, poll, officer)[0]

    with pytest.raises(IntegrityError), app.app_context(), transaction():
        db.session.add(DecisionLetter(tenant_id=tenant, case_id=case, way="paper"))
