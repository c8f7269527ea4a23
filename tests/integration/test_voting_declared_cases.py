"""Votes without an account that somebody disputes: two persons decide, then they are counted."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.voting.actions import heading
from deliberate.voting.models import (
    ContactCode,
    FinalBallot,
    FinalReceipt,
    LogHead,
    Poll,
    VoteCase,
    VoteSignal,
    VoteVerdict,
)
from deliberate.voting.states import Electorate
from tests import make, sql
from tests.integration.by_word import OFFICE, PAGE, ask_for_code, count, execute, rows, vote


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)


@pytest.fixture
def visitor(app: Flask, poll: int) -> FlaskClient:
    return make.client(app)


# What two persons decide, and the count.


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


# Speed.


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
