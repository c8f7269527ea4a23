"""Letters on paper to those whose vote is held and whom nothing else reaches."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.voting import keys
from deliberate.voting.actions import casting, coding, holding
from deliberate.voting.models import CaseLetter, CodeBatch, Poll, VotingCode
from deliberate.voting.states import Electorate
from deliberate.voting.suspicions import Kind
from tests import make
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import (
    CASES,
    DESK,
    EXPLAIN,
    MINE,
    PAGE,
    case_ids,
    code_of,
    groups,
    hold,
    letters,
    rows,
    say,
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


@pytest.fixture
def unreachable(app: Flask, poll: int) -> None:
    """Have the six vote where no contact was kept: a vote sealed by a former version."""
    with app.app_context():
        (keys.folder() / f"poll-{poll}-contact.key").unlink()
    for name in SIX:
        vote(app, poll, name)


def printed(app: Flask) -> list[CaseLetter]:
    with app.app_context():
        return list(db.session.scalars(select(CaseLetter).order_by(CaseLetter.case_id)))


@pytest.mark.usefixtures("unreachable")
def test_who_cannot_be_reached_gets_a_letter_by_post(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    before, page = printed(app), officer.get(DESK).text
    waiting = officer.get(f"{CASES}/sprawy").text
    early = say(officer, case_ids(app)[0], "keep")
    answer = officer.post(f"{DESK}/listy")
    again = officer.post(f"{DESK}/listy")

    assert letters(app) == []
    assert {(row.way, row.code_hash, row.answer_until) for row in before} == {("paper", None, None)}
    assert "Listów, które trzeba wysłać pocztą: 6." in page
    assert "Najpierw wydrukuj i wyślij list do tej osoby." in waiting
    assert early == 409
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len({row.code_hash for row in printed(app)}) == 6
    assert all(row.answer_until for row in printed(app))
    assert again.status_code == 409


@pytest.mark.usefixtures("unreachable")
def test_of_two_who_print_at_once_one_has_the_letters(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    printer = Actor(
        person_id=make.person(app), tenant_id=tenant, is_fresh=True, has_second_factor=True
    )
    refused = []
    for made in (coding.draw(6), coding.draw(6)):
        by_case = dict(zip(case_ids(app), made, strict=True))
        try:
            with app.app_context(), transaction():
                row = db.session.get_one(Poll, poll)
                holding.note_printed(
                    row, by_case, anew=False, written_at=clock.now(), actor=printer
                )
        except Refused as trouble:
            refused.append(trouble.refusal.code)

    assert refused == ["letter.none"]


@pytest.mark.usefixtures("held")
def test_a_letter_that_did_not_come_is_written_anew(
    app: Flask, held: list[str], officer: FlaskClient, approver: FlaskClient
) -> None:
    case = case_ids(app)[0]
    before = printed(app)[0]
    assert approver.post(f"{DESK}/listy/{case}").status_code == 403
    assert officer.post(f"{DESK}/listy/{case}").status_code == 200
    after = printed(app)[0]
    visitor = make.client(app)
    former = visitor.post(EXPLAIN, data={"kod": held[0], "text": MINE})
    visitor.post(EXPLAIN, data={"kod": held[1], "text": MINE})

    assert after.way == "paper"
    assert after.code_hash != before.code_hash
    assert after.answer_until is not None
    assert before.answer_until is not None
    assert after.answer_until >= before.answer_until
    assert former.status_code == 422
    assert officer.post(f"{DESK}/listy/{case_ids(app)[1]}").status_code == 409  # has answered
    assert officer.post(f"{DESK}/listy/999").status_code == 409


def test_holders_of_codes_get_letters_by_the_number_of_theirs(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    poll = ended_poll(app, tenant, consultation, electorate=Electorate.CODES)
    codes = vote_with_codes(app, tenant, poll, 12)
    found = groups(app, poll)
    assert list(found) == [Kind.RHYTHM]
    page = officer.get(DESK).text
    assert "list z kodem nr 1/1" in page
    assert hold(officer, found[Kind.RHYTHM]) == 303
    assert officer.post(f"{DESK}/listy").status_code == 200

    assert rows(app, CaseLetter) == len(codes) == 12
    assert "Głos oddano kodem z listu nr 1/1." in officer.get(f"{CASES}/sprawy").text
    received = make.client(app).get(f"{PAGE}/przyjety?klucz=formularz {codes[0]}")
    assert re.search(r"Numer sprawy: GL-\d{4}-\d{6}\.", received.text)


def vote_with_codes(app: Flask, tenant: int, poll_id: int, number: int) -> list[str]:
    """Have codes voted with from one network, two in each hour."""
    with app.app_context():
        row = db.session.get_one(Poll, poll_id)
        opens_at, ends_at = row.opens_at, row.ends_at
    person = make.person(app)
    batch = make.add(
        app,
        CodeBatch(
            tenant_id=tenant, poll_id=poll_id, no=1, codes=number, ordered_by=person,
            ordered_at=opens_at,
        ),
    )  # fmt: skip
    with app.app_context():
        row = db.session.get_one(Poll, poll_id)
        payload = coding.codes.payload(row, db.session.get_one(CodeBatch, batch))
    make.approval(app, tenant, "poll.codes", batch, payload, kind="code_batch")
    made = coding.draw(number)
    with app.app_context(), transaction():
        issued = db.session.get_one(CodeBatch, batch)
        issued.printed_by, issued.printed_at = person, opens_at
        db.session.flush()
        row = db.session.get_one(Poll, poll_id)
        db.session.add_all(
            VotingCode(
                hash=coding.codes.hash_of(row, code),
                tenant_id=tenant,
                poll_id=poll_id,
                batch_id=batch,
                serial=serial,
            )
            for serial, code in enumerate(made, start=1)
        )
    for no, code in enumerate(made):
        hours = timedelta(days=5, hours=-(no // 2))
        with clock.at(ends_at - hours), app.app_context(), transaction():
            coding.cast(
                db.session.get_one(Poll, poll_id),
                code,
                make.marks(1),
                form=casting.Form(idem=f"formularz {code}"),
                network="192.0.2.7",
                area_id=None,
            )
    return made
