"""Codes: ordered by two persons, seen once, voted with once, and accounted for."""

import re
import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.approvals.models import Approval
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes
from deliberate.voting.actions import casting, coding, counting
from deliberate.voting.models import (
    Ballot,
    CodeBatch,
    Eligibility,
    Participation,
    Poll,
    VotingCode,
)
from deliberate.voting.states import Electorate
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/kody"
CHOICE = {"wybor-1": ["1", "3"]}
MORE_THAN_ORDERED = (
    "INSERT INTO voting_code (hash, tenant_id, poll_id, batch_id, serial, state, void_reason) "
    "SELECT 'x', tenant_id, poll_id, id, 4, 'unused', '' FROM code_batch"
)
MADE = ["7KQ4M2XD9TRA", "0123456789AB", "ZZZZYYYYXXXX"]


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.CODES)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def batch(app: Flask, tenant: int, poll_id: int, number: int = 3, *, is_agreed: bool = True) -> int:
    """Order a batch, and have a second person agree to it."""
    with app.app_context():
        ordered_at = db.session.get_one(Poll, poll_id).opens_at
    row = CodeBatch(
        tenant_id=tenant,
        poll_id=poll_id,
        no=1,
        codes=number,
        ordered_by=make.person(app),
        ordered_at=ordered_at,
    )
    made = make.add(app, row)
    with app.app_context():
        poll = db.session.get_one(Poll, poll_id)
        payload = codes.payload(poll, db.session.get_one(CodeBatch, made))
    if is_agreed:
        make.approval(app, tenant, "poll.codes", made, payload, kind="code_batch")
    return made


def issued(app: Flask, tenant: int, poll_id: int) -> None:
    """Issue the codes of MADE."""
    batch(app, tenant, poll_id)
    printer = Actor(
        person_id=make.person(app), tenant_id=tenant, is_fresh=True, has_second_factor=True
    )
    with app.app_context(), transaction():
        coding.issue(db.session.get_one(Poll, poll_id), 1, MADE, actor=printer)


def letter(visitor: FlaskClient, code: str) -> dict[str, object]:
    """Go as far as the page of the code, and return what its form would send."""
    page = visitor.post(f"{PAGE}/kod-z-listu", data=CHOICE)
    assert page.status_code == 200
    key = re.search(r'name="klucz" value="([^"]+)"', page.text)
    assert key
    return {**CHOICE, "klucz": key[1], "code": code, "lives_here": "y"}


def vote(visitor: FlaskClient, code: str) -> int:
    return visitor.post(f"{PAGE}/kod-z-listu/glos", data=letter(visitor, code)).status_code


def states(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(VotingCode.state, func.count()).group_by(VotingCode.state))
        return dict(rows.all())


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


# The office.


def test_two_persons_order_codes_and_one_prints_them_once(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    assert officer.post(DESK, data={"codes": "2"}).status_code == 303
    early = officer.post(f"{DESK}/1/druk")
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    preview = approver.get(f"/zatwierdzanie/{token}")
    assert approver.post(f"/zatwierdzanie/{token}/zgoda").status_code == 303
    letters = officer.post(f"{DESK}/1/druk")
    again = officer.post(f"{DESK}/1/druk")
    page = officer.get(DESK)

    assert "Czeka na zgodę drugiej osoby." not in page.text
    assert early.status_code == 409
    assert "Każdy kod to jeden głos." in preview.text
    assert letters.status_code == 200
    assert letters.data.startswith(b"%PDF")
    assert letters.headers["Cache-Control"] == "no-store"
    assert letters.data.count(b"/Type /Page\n") == 2 or b"/Count 2" in letters.data
    assert again.status_code == 409
    assert "drugi raz nie zobaczy ich nikt" in again.text
    assert states(app) == {"unused": 2}


@pytest.mark.first_on_both
@pytest.mark.parametrize("number", ["0", "1001", "-1", "dwa", ""])
def test_a_wrong_number_of_codes_is_refused(poll: int, officer: FlaskClient, number: str) -> None:
    assert officer.post(DESK, data={"codes": number}).status_code == 422


def test_no_codes_before_the_ballot_is_sealed_or_for_another_electorate(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.CODES, sealed=False)

    assert officer.post(DESK, data={"codes": "2"}).status_code == 409


def test_only_hashes_are_kept(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)

    with app.app_context():
        kept = " ".join(str(row) for row in db.session.execute(text("SELECT * FROM voting_code")))
    assert not any(code in kept for code in MADE)


def test_drawn_codes_are_long_and_different() -> None:
    drawn = coding.draw(500)

    assert len(set(drawn)) == 500
    assert all(codes.read_code(codes.in_groups(code)) == code for code in drawn)
    assert 32 ** len(drawn[0]) >= 2**60


def test_issued_codes_are_used_void_or_unused(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    issued(app, tenant, poll)
    vote(make.client(app), MADE[0])
    void = {"serial": "2", "reason": "List wrócił z poczty."}
    while_open = officer.post(f"{DESK}/1/uniewaznienie", data=void)
    page = officer.get(DESK)
    again = officer.post(f"{DESK}/1/uniewaznienie", data=void)
    used = officer.post(f"{DESK}/1/uniewaznienie", data={**void, "serial": "1"})
    missing = officer.post(f"{DESK}/1/uniewaznienie", data={**void, "serial": "9"})

    assert while_open.status_code == 303
    assert [again.status_code, used.status_code, missing.status_code] == [409, 409, 409]
    assert states(app) == {"used": 1, "void": 1, "unused": 1}
    assert "Niewykorzystane" not in page.text
    execute(app, "UPDATE poll SET state = 'working_up'")
    assert "Niewykorzystane" in officer.get(DESK).text


def test_the_desk_does_not_change_by_a_vote(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    issued(app, tenant, poll)
    before = without_tokens(officer.get(DESK).text)
    vote(make.client(app), MADE[0])

    assert without_tokens(officer.get(DESK).text) == before


def without_tokens(page: str) -> str:
    return re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", page)


# Voting.


@pytest.mark.parametrize("typed", ["7KQ4-M2XD-9TRA", "7kq4 m2xd 9tra", " 7KQ4M2XD9TRA"])
def test_the_holder_of_a_code_votes(app: Flask, tenant: int, poll: int, typed: str) -> None:
    issued(app, tenant, poll)
    visitor = make.client(app)
    ballot = visitor.get(PAGE)
    answer = visitor.post(f"{PAGE}/kod-z-listu/glos", data=letter(visitor, typed))

    assert "kodu z listu albo z urzędu" in ballot.text
    assert answer.status_code == 303
    assert "Głos przyjęty" in visitor.get(answer.location).text
    with app.app_context():
        assert db.session.scalars(select(Participation.channel)).one() == "code"
        assert db.session.scalars(select(Ballot.choices)).one() == "[1,3]"
        assert db.session.scalars(select(Eligibility.source)).one() == "code"


def test_a_misread_letter_is_put_right(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)

    assert vote(make.client(app), "oI23-4567-89ab") == 303


def test_a_used_code_says_the_day(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)
    visitor = make.client(app)
    vote(visitor, MADE[0])
    page = visitor.post(f"{PAGE}/kod-z-listu/glos", data=letter(visitor, MADE[0]))

    assert page.status_code == 409
    assert "Jedna osoba głosuje raz." in page.text
    assert rows(app, Participation) == 1


def test_the_same_form_sent_again_is_the_same_vote(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)
    visitor = make.client(app)
    sent = letter(visitor, MADE[0])
    answers = [visitor.post(f"{PAGE}/kod-z-listu/glos", data=sent) for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert rows(app, Participation) == 1


def test_a_void_code_is_refused(app: Flask, tenant: int, poll: int, officer: FlaskClient) -> None:
    issued(app, tenant, poll)
    void = {"serial": "1", "reason": "List wrócił z poczty."}
    officer.post(f"{DESK}/1/uniewaznienie", data=void)
    visitor = make.client(app)
    page = visitor.post(f"{PAGE}/kod-z-listu/glos", data=letter(visitor, MADE[0]))

    assert page.status_code == 422
    assert "Ten kod unieważniono." in page.text
    assert rows(app, Participation) == 0


def test_codes_that_never_were_and_of_another_vote_answer_alike(
    app: Flask, tenant: int, poll: int
) -> None:
    other = make.poll(
        app,
        tenant,
        make.consultation(app, tenant, slug="park", opens=[Activity.VOTE]),
        electorate=Electorate.CODES,
    )
    issued(app, tenant, other)
    visitor = make.client(app)
    sent = letter(visitor, "")
    pages = [
        visitor.post(f"{PAGE}/kod-z-listu/glos", data={**sent, "code": code})
        for code in (MADE[0], "ABCDEFGHJKMN", "krótki")
    ]

    assert [page.status_code for page in pages] == [422, 422, 422]
    said = [re.findall(r"Ten kod nie działa[^<]*", page.text) for page in pages]
    assert said[0] == said[1] == said[2] != []
    assert all('name="wybor-1" value="3"' in page.text for page in pages)


def test_guessing_is_limited_by_network(app: Flask, poll: int) -> None:
    visitor = make.client(app)
    sent = letter(visitor, "ABCDEFGHJKMN")
    codes_of = [visitor.post(f"{PAGE}/kod-z-listu/glos", data=sent).status_code for _ in range(61)]

    assert codes_of[59:] == [422, 429]


def test_one_code_at_once_is_one_vote(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)

    assert at_once(app, poll) == {"taken": 1, "cast.already": 9}
    assert states(app) == {"used": 1, "unused": 2}


def test_control_without_one_key_for_one_code_the_database_still_holds_the_code(
    app: Flask, tenant: int, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(range(100))
    monkeypatch.setattr(codes, "person_key", lambda *_: f"key {next(drawn)}")
    issued(app, tenant, poll)
    came = at_once(app, poll)

    assert came["taken"] == 1
    assert came["IntegrityError"] == 9


def at_once(app: Flask, poll_id: int) -> Counter[str]:
    came, lock, barrier = Counter[str](), threading.Lock(), threading.Barrier(10)

    def cast(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    poll = db.session.get_one(Poll, poll_id)
                    taken = coding.cast(
                        poll,
                        MADE[0],
                        make.marks(1),
                        form=casting.Form(idem=f"form {number}"),
                        network="192.0.2.1",
                        area_id=None,
                    )
                said = taken.code if isinstance(taken, Refusal) else "taken"
            except Refused as refused:
                said = refused.refusal.code
            except IntegrityError:
                said = "IntegrityError"
            with lock:
                came[said] += 1

    threads = [threading.Thread(target=cast, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_votes_with_codes_are_counted(app: Flask, tenant: int, poll: int) -> None:
    issued(app, tenant, poll)
    for code in MADE[:2]:
        vote(make.client(app), code)
    execute(app, "UPDATE poll SET state = 'working_up'")
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        result = counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)

    assert result.channels == '{"code":2}'


# What the database holds.


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE voting_code SET state = 'used', person_key = 'nobody'",
        "UPDATE voting_code SET serial = serial + 10",
        "DELETE FROM voting_code",
        "UPDATE code_batch SET printed_at = '2026-01-01 00:00:00+00:00'",
        "UPDATE code_batch SET codes = 900",
        "DELETE FROM code_batch",
        MORE_THAN_ORDERED,
    ],
)
def test_the_database_keeps_codes_as_they_were_issued(
    app: Flask, tenant: int, poll: int, forbidden: str
) -> None:
    issued(app, tenant, poll)

    with pytest.raises(IntegrityError):
        execute(app, forbidden)


def test_the_database_makes_no_codes_without_two_persons(
    app: Flask, tenant: int, poll: int
) -> None:
    batch(app, tenant, poll, is_agreed=False)

    with pytest.raises(IntegrityError):
        execute(app, "UPDATE code_batch SET printed_at = ordered_at")
