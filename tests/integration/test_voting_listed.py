"""A closed list: sent, sealed, added to by two persons, and voted from, one account a line."""

import io
import json
import re
import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.voting import queries, roll_rules
from deliberate.voting.actions import casting, enrolling
from deliberate.voting.models import Participation, Poll, RollLine
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import Electorate
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
OFFICE = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"
TABLE = (
    "imię i nazwisko;e-mail\r\nŁucja Żak;lucja@poczta.example\r\nJan Nowak;jan@poczta.example\r\n"
)
LINES = [Line("Łucja Żak", "lucja@poczta.example"), Line("Jan Nowak", "jan@poczta.example")]
ONE_MORE = (
    "INSERT INTO roll_line (poll_id, no, tenant_id, name, email) "
    "SELECT id, 9, tenant_id, 'Ktoś', 'ktos@poczta.example' FROM poll"
)
KEY = re.compile(r'name="klucz" value="([^"]+)"')


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def draft(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.LISTED, sealed=False)


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, electorate=Electorate.LISTED, roll=LINES)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def account(app: Flask, email: str) -> int:
    """Make an account with a confirmed address; it says nothing of where the person lives."""
    person = make.person(app)
    with app.app_context(), transaction():
        db.session.get_one(Person, person).email = email
    return person


def vote(app: Flask, person: int) -> int:
    client = make.client(app, signed_in=person)
    page = client.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ["1"]})
    if page.status_code != 200:
        return page.status_code
    key = KEY.search(page.text)
    assert key
    return client.post(f"{PAGE}/glos", data={"wybor-1": ["1"], "klucz": key[1]}).status_code


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


def send(officer: FlaskClient, table: bytes) -> tuple[int, str]:
    answer = officer.post(f"{OFFICE}/lista", data={"table": (io.BytesIO(table), "lista.csv")})
    return answer.status_code, answer.text


# The list.


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1250"])
def test_a_list_is_kept_and_hashed_into_the_rules(
    app: Flask, draft: int, officer: FlaskClient, encoding: str
) -> None:
    code, _ = send(officer, TABLE.encode(encoding))
    page = officer.get(f"{OFFICE}/lista")

    assert code == 303
    assert "Łucja Żak" in page.text
    with app.app_context():
        said = json.loads(queries.rules_text(db.session.get_one(Poll, draft)))
    expected = {"lines": 2, "hash": roll_rules.hash_of(LINES)}
    assert said["electorate_terms"] == {"roll": expected}


def test_a_bad_row_keeps_the_whole_list_out_and_the_former_one_in(
    app: Flask, draft: int, officer: FlaskClient
) -> None:
    send(officer, TABLE.encode())
    code, page = send(officer, f"{TABLE}Ola;ola\r\nJan Inny;JAN@poczta.example\r\n".encode())

    assert code == 422
    assert "Wiersz 4: to nie jest adres e-mail." in page
    assert "Wiersz 5: ten adres jest już w wierszu 3." in page
    assert rows(app, RollLine) == 2


@pytest.mark.first_on_both
@pytest.mark.parametrize("table", [b"", b"\x00\xff\x00", b"a;b\r\n1;2\r\n"])
def test_what_is_no_list_is_said(draft: int, officer: FlaskClient, table: bytes) -> None:
    code, _ = send(officer, table)

    assert code == 422


def test_a_ballot_is_not_sealed_without_its_list(app: Flask, draft: int) -> None:
    with app.app_context():
        facts = queries.seal_facts(
            db.session.get_one(Poll, draft), now=db.session.get_one(Poll, draft).opens_at
        )
    assert facts.lacks_roll


def test_a_sealed_list_is_not_replaced(app: Flask, poll: int, officer: FlaskClient) -> None:
    code, _ = send(officer, TABLE.encode())

    assert code == 409
    for forbidden in (
        "DELETE FROM roll_line",
        "UPDATE roll_line SET email = 'inny@poczta.example' WHERE no = 1",
        ONE_MORE,
    ):
        with pytest.raises(IntegrityError):
            execute(app, forbidden)


def test_two_persons_add_somebody_and_the_ballot_says_how_many(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    late = account(app, "ola@poczta.example")
    person = {"name": "Ola Lis", "email": "Ola@poczta.example"}
    assert officer.post(f"{OFFICE}/lista/osoby", data=person).status_code == 303
    before, too_early = make.client(app).get(PAGE).text, vote(app, late)
    own = officer.post(f"{OFFICE}/lista/osoby/3/potwierdzenie").status_code
    other = approver.post(f"{OFFICE}/lista/osoby/3/potwierdzenie").status_code
    again = approver.post(f"{OFFICE}/lista/osoby/3/potwierdzenie").status_code

    assert [too_early, own, other, again] == [409, 409, 303, 409]
    assert "dopisano do listy osób" not in before
    assert "dopisano do listy osób: 1." in make.client(app).get(PAGE).text
    assert vote(app, late) == 303


def test_nobody_is_added_twice_or_with_a_wrong_address(poll: int, officer: FlaskClient) -> None:
    person = {"name": "Jan", "email": "JAN@poczta.example"}

    assert officer.post(f"{OFFICE}/lista/osoby", data=person).status_code == 409
    wrong = officer.post(f"{OFFICE}/lista/osoby", data={"name": "Jan", "email": "jan"})
    assert wrong.status_code == 422


# Voting.


def test_an_account_of_the_list_votes_once(app: Flask, poll: int) -> None:
    person = account(app, "lucja@poczta.example")

    assert vote(app, person) == 303
    assert vote(app, person) == 409
    assert rows(app, Participation) == 1


def test_others_read_why_they_do_not_vote(app: Flask, tenant: int, poll: int) -> None:
    resident = make.person(app, resident_of=tenant)
    page = make.client(app, signed_in=resident).get(PAGE)

    assert "Głosują osoby z zamkniętej listy" in page.text
    assert "osoby z zamkniętej listy, z konta" in make.client(app).get(PAGE).text
    assert "zaloguj się" in make.client(app).get(PAGE).text
    assert vote(app, resident) == 409


def test_who_is_not_on_the_list_hears_it_at_once_and_finds_no_button(
    app: Flask, tenant: int, poll: int
) -> None:
    listed, other = account(app, "lucja@poczta.example"), make.person(app, resident_of=tenant)
    page = make.client(app, signed_in=other).get(PAGE).text
    hers = make.client(app, signed_in=listed).get(PAGE).text

    assert "a tego konta na niej nie ma" in page
    assert "(00) 123 45 00" in page.partition('id="lacking"')[2].partition("</div>")[0]
    assert "Projekt 1" in page
    for sign in ('class="castbar"', 'type="checkbox"', "data-chosen"):
        assert sign in hers
        assert sign not in page


def test_a_line_belongs_to_the_account_that_voted_on_it(app: Flask, poll: int) -> None:
    first = account(app, "lucja@poczta.example")
    assert vote(app, first) == 303
    with app.app_context(), transaction():
        db.session.get_one(Person, first).email = "inny@poczta.example"
    second = account(app, "lucja@poczta.example")

    assert vote(app, second) == 409
    assert rows(app, Participation) == 1


def test_an_account_has_one_line(app: Flask, poll: int) -> None:
    person = account(app, "lucja@poczta.example")
    vote(app, person)
    with app.app_context(), transaction():
        db.session.get_one(Person, person).email = "jan@poczta.example"

    assert vote(app, person) == 409
    with app.app_context(), transaction(), pytest.raises(Refused) as refused:
        row = db.session.get_one(Poll, poll)
        key = db.session.scalars(
            select(RollLine.account_key).where(RollLine.account_key.is_not(None))
        ).one()
        assert key is not None
        enrolling.tie(row, "jan@poczta.example", key)
    assert refused.value.refusal.code == "cast.another_line"


def test_two_accounts_at_one_line_at_once_are_one_vote(
    app: Flask, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make.person(app) for _ in range(8)]
    monkeypatch.setattr(casting, "fold_email", lambda _: "jan@poczta.example")
    monkeypatch.setattr(queries, "fold_email", lambda _: "jan@poczta.example")

    assert at_once(app, poll, people) == {"taken": 1, "cast.line_taken": 7}
    assert rows(app, Participation) == 1


def test_control_without_the_tie_one_line_votes_eight_times(
    app: Flask, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make.person(app) for _ in range(8)]
    monkeypatch.setattr(queries, "fold_email", lambda _: "jan@poczta.example")
    monkeypatch.setattr(enrolling, "tie", lambda *_: None)

    assert at_once(app, poll, people) == {"taken": 8}


def at_once(app: Flask, poll_id: int, people: list[int]) -> Counter[str]:
    came, lock, barrier = Counter[str](), threading.Lock(), threading.Barrier(len(people))

    def cast(person: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    casting.cast(
                        poll_id,
                        db.session.get_one(Person, person),
                        make.marks(1),
                        casting.Form(idem=f"form of {person}"),
                    )
                said = "taken"
            except Refused as refused:
                said = refused.refusal.code
            with lock:
                came[said] += 1

    threads = [threading.Thread(target=cast, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came
