"""Codes that are sent: a list, two persons, letters – and nobody who could say who got which."""

from __future__ import annotations

import io
import json
import re
import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.approvals.models import Approval
from deliberate.kernel import clock, mail
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import addressees, code_letters, codes, retention
from deliberate.voting.actions import addressing
from deliberate.voting.models import CodeAddressee, CodeBatch, CodeHolder, Poll, VotingCode
from deliberate.voting.states import Electorate
from tests import make, sql
from tests.mailbox import Mailbox, text_of

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/kody"
COUNTER = "/urzad/konsultacje/rynek/glosowanie/papier/kod"
HEADER = "imię i nazwisko;ulica i numer;kod pocztowy;miejscowość;e-mail;telefon;język"
ALA = "Ala Kos;Rynek 5/3;00-001;Lubowierz;;;"
JAN = "Jan Wróbel;;;;jan@poczta.example;;uk"
EWA = "Ewa Żuk;;;;;600 100 200;en"
LIST = (ALA, JAN, EWA)
ONE_MORE = (
    "INSERT INTO code_addressee (id, tenant_id, batch_id, sealed) "
    "SELECT 'x', tenant_id, id, 'y' FROM code_batch"
)
INSTEAD_OF_NONE = (
    "INSERT INTO code_batch (tenant_id, poll_id, no, codes, ordered_by, ordered_at, instead_of) "
    "SELECT tenant_id, poll_id, 2, 1, ordered_by, ordered_at, 1 FROM code_batch"
)


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    return make.poll(app, tenant, consultation, electorate=Electorate.CODES)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def send_list(
    officer: FlaskClient, *lines: str, instead: str = "nie", encoding: str = "utf-8", name: str = ""
):
    table = "\r\n".join([HEADER, *(lines or LIST)]).encode(encoding)
    sent = {"table": (io.BytesIO(table), name or "lista.csv"), "instead_of": instead}
    return officer.post(f"{DESK}/lista", data=sent, content_type="multipart/form-data")


def agreed(app: Flask, officer: FlaskClient, approver: FlaskClient, no: int = 1) -> str:
    """Have a second person agree to a list, and return the page on which they do."""
    assert officer.post(f"{DESK}/{no}/zgoda").status_code == 303
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    page = approver.get(f"/zatwierdzanie/{token}").text
    assert approver.post(f"/zatwierdzanie/{token}/zgoda").status_code == 303
    return page


def sent(app: Flask, officer: FlaskClient, approver: FlaskClient, *lines: str):
    """Send a list through, and return the answer to whoever makes the letters."""
    assert send_list(officer, *lines).status_code == 303
    agreed(app, officer, approver)
    return officer.post(f"{DESK}/1/druk")


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def letters(app: Flask) -> dict[str, Outbox]:
    with app.app_context():
        found = db.session.scalars(select(Outbox).where(Outbox.kind == addressees.SENT))
        return {letter.address: letter for letter in found}


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


def everything(app: Flask, *but: str) -> str:
    """Return all that the database holds, as one text."""
    with app.app_context():
        names = [name for name in db.metadata.tables if name not in but]
        return "\n".join(
            str(tuple(row))
            for name in names
            for row in db.session.execute(text(f"SELECT * FROM {name}"))  # noqa: S608 - our tables
        )


# The list.


def test_a_list_is_read_looked_at_agreed_to_and_sent(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    came = send_list(officer)
    preview = officer.get(came.location)
    early = officer.post(f"{DESK}/1/druk")
    seen = agreed(app, officer, approver)
    pdf = officer.post(f"{DESK}/1/druk")
    again = officer.post(f"{DESK}/1/druk")

    assert came.status_code == 303
    for page in (preview.text, seen):
        assert all(name in page for name in ("Ala Kos", "jan@poczta.example", "+48600100200"))
    assert early.status_code == 409
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Cache-Control"] == "no-store"
    assert again.status_code == 409
    assert rows(app, VotingCode) == 3
    assert rows(app, CodeAddressee) == 0
    assert "Adresów już nie ma" in officer.get(f"{DESK}/1").text


def test_letters_by_wire_speak_the_language_of_the_list(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver)
    out = letters(app)

    assert set(out) == {"jan@poczta.example", "tel:+48600100200"}
    assert out["jan@poczta.example"].locale == "uk"
    assert out["tel:+48600100200"].locale == "en"
    assert all(letter.is_secret for letter in out.values())


def test_whoever_gets_a_code_by_mail_votes_with_it(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver)
    code = code_in(letters(app)["jan@poczta.example"].body)
    visitor = make.client(app)
    page = visitor.post(f"{PAGE}/kod-z-listu", data={"wybor-1": ["1"]})
    key = re.search(r'name="klucz" value="([^"]+)"', page.text)
    assert key
    data = {"wybor-1": ["1"], "klucz": key[1], "code": code, "lives_here": "y"}

    assert visitor.post(f"{PAGE}/kod-z-listu/glos", data=data).status_code == 303


def code_in(body: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", body)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((ALA, "KOS  Ala;ul. Rynek 5 m. 3;00-001;lubowierz;;;"), "jest w wierszu 2"),
        ((JAN, "Ktoś Inny;;;;JAN@poczta.example;;"), "jest już w wierszu 2"),
        ((EWA, "Ktoś Inny;;;;;+48 600-100-200;"), "jest już w wierszu 2"),
        ((";Rynek 5;00-001;Lubowierz;;;",), "Wiersz 2: brakuje imienia"),
        (("Ala Kos;;;;;;",), "Wiersz 2: brakuje adresu, e-maila albo telefonu"),
        (("Ala Kos;Rynek;00-001;Lubowierz;;;",), "Wiersz 2: adres potrzebuje ulicy"),
        (("Ala Kos;Rynek 5;00001;Lubowierz;;;",), "Wiersz 2: adres potrzebuje ulicy"),
        (("Ala Kos;;;;ala.poczta;;",), "Wiersz 2: to nie jest adres e-mail"),
        (("Ala Kos;;;;;12;",), "Wiersz 2: to nie jest numer telefonu"),
        (("Ala Kos;;;;ala@poczta.example;;de",), "Wiersz 2: język to pl, en albo uk"),
        ((JAN, f"{'x' * 121};;;;;601 100 200;"), "Wiersz 3: skróć"),
    ],
)
def test_a_list_with_one_bad_row_is_not_kept_at_all(
    app: Flask, poll: int, officer: FlaskClient, lines: tuple[str, ...], said: str
) -> None:
    answer = send_list(officer, *lines)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Niczego nie zapisano" in answer.text
    assert (rows(app, CodeBatch), rows(app, CodeAddressee), rows(app, CodeHolder)) == (0, 0, 0)


def test_windows_letters_are_read_and_empty_rows_named(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    came = send_list(officer, ALA, ";;;;;;", EWA, encoding="cp1250")
    page = officer.get(came.location).text

    assert "Ewa Żuk" in page
    assert "Puste wiersze, których nie wczytano: 3." in page


@pytest.mark.parametrize("name", ["lista.xlsx", "lista.pdf"])
def test_what_is_no_table_is_refused(poll: int, officer: FlaskClient, name: str) -> None:
    assert send_list(officer, name=name).status_code == 422


def test_a_list_without_its_columns_is_refused(poll: int, officer: FlaskClient) -> None:
    table = (io.BytesIO(b"a;b\r\n1;2\r\n"), "lista.csv")
    answer = officer.post(
        f"{DESK}/lista",
        data={"table": table, "instead_of": "nie"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert "Tabela ma mieć kolumnę" in answer.text


# One person, one code.


def test_nobody_is_sent_two_codes_in_one_vote(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver)
    again = send_list(officer, "KOS Ala;ul. Rynek 5 m. 3;00-001;lubowierz;;;", "Nowa;;;;n@p.pl;;")
    by_contact = send_list(officer, "Inny Ktoś;;;;jan@poczta.example;;")

    assert again.status_code == by_contact.status_code == 422
    assert "Wiersz 2: ta osoba dostała już kod" in again.text
    assert "Wiersz 3" not in again.text


def test_a_list_that_is_withdrawn_lets_its_people_go(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    send_list(officer)
    withdrawn = officer.post(f"{DESK}/1/wycofanie")

    assert withdrawn.status_code == 303
    assert (rows(app, CodeAddressee), rows(app, CodeHolder)) == (0, 0)
    assert officer.post(f"{DESK}/1/zgoda").status_code == 409
    assert officer.post(f"{DESK}/1/druk").status_code == 409
    assert send_list(officer).status_code == 303


def test_a_code_is_handed_out_once_against_a_declaration(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    officer.post(DESK, data={"codes": "2", "instead_of": "nie"})
    approve_last(app, approver)
    officer.post(f"{DESK}/1/druk")
    first = officer.post(COUNTER, data=declared("Ala", "Kos"))
    second = officer.post(COUNTER, data=declared("Kos", "ALA"))
    by_post = send_list(officer, ALA)
    other = officer.post(COUNTER, data=declared("Jan", "Kos"))
    none_left = officer.post(COUNTER, data=declared("Ewa", "Kos"))
    wordless = officer.post(COUNTER, data={**declared("Iza", "Kos"), "says_so": ""})

    assert "Podaj list z kodem" in first.text
    assert (second.status_code, by_post.status_code) == (409, 422)
    assert "Jedna osoba dostaje jeden kod" in second.text
    assert other.status_code == 200
    assert none_left.status_code == 409
    assert wordless.status_code == 422
    assert "Ala" not in everything(app)


def declared(given_name: str, surname: str) -> dict[str, str]:
    return {
        "given_name": given_name,
        "surname": surname,
        "address": "Rynek 5",
        "flat": "3",
        "town": "Lubowierz",
        "says_so": "y",
    }


def approve_last(app: Flask, approver: FlaskClient) -> None:
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    assert approver.post(f"/zatwierdzanie/{token}/zgoda").status_code == 303


def at_once(app: Flask, tenant: int, poll_id: int) -> Counter[str]:
    """Have ten clerks hand one person a code in the same moment."""
    came, lock, barrier = Counter[str](), threading.Lock(), threading.Barrier(10)
    person = make.person(app)

    def hand() -> None:
        actor = Actor(person_id=person, tenant_id=tenant, has_second_factor=True)
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    addressing.hand(db.session.get_one(Poll, poll_id), "ala|rynek 5", actor=actor)
                said = "given"
            except Refused as refused:
                said = refused.refusal.code
            with lock:
                came[said] += 1

    threads = [threading.Thread(target=hand) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


@pytest.fixture
def to_hand(app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient) -> None:
    """Have five codes on paper, without addresses."""
    officer.post(DESK, data={"codes": "5", "instead_of": "nie"})
    approve_last(app, approver)
    officer.post(f"{DESK}/1/druk")


@pytest.mark.usefixtures("to_hand")
def test_one_person_at_ten_counters_gets_one_code(app: Flask, tenant: int, poll: int) -> None:
    assert at_once(app, tenant, poll)["given"] == 1
    assert rows(app, CodeHolder) == 1


@pytest.mark.usefixtures("to_hand")
def test_control_without_looking_first_the_key_still_holds(
    app: Flask, tenant: int, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addressees, "list_known", lambda *_: frozenset())

    assert at_once(app, tenant, poll) == {"given": 1, "addressees.at_once": 9}


# Nobody can say who got which.


def test_once_sent_nothing_is_left_of_the_addressees(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient, mailbox: Mailbox
) -> None:
    sent(app, officer, approver, ALA, JAN)
    code = code_in(letters(app)["jan@poczta.example"].body)
    with app.app_context():
        mail.send_due(mailbox.url, "urzad@lubowierz.example", html=lambda _: "<p>list</p>")
    kept = everything(app)

    assert any(code in text_of(letter) for letter in mailbox.letters)
    assert letters(app) == {}
    assert not any(word in kept for word in ("jan@poczta", "Wróbel", "Ala Kos", code))
    assert code.replace("-", "") not in kept


def test_before_it_is_sent_a_list_is_locked(app: Flask, poll: int, officer: FlaskClient) -> None:
    send_list(officer)

    assert not any(word in everything(app) for word in ("jan@poczta", "Wróbel", "Kos", "600100200"))


def test_numbers_of_letters_do_not_follow_the_list(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    lines = [f"Osoba {no};Rynek {no};00-001;Lubowierz;;;" for no in range(1, 61)]
    send_list(officer, *lines)
    with app.app_context():
        here = db.session.get_one(Poll, poll)
        made = addressing.letters(here, codes.get_batch(here, 1))

    assert [each.serial for each in made] == list(range(1, 61))
    assert sorted(each.to.row for each in made) == list(range(2, 62))
    assert [each.to.row for each in made] != list(range(2, 62))


def test_letters_are_made_before_the_transaction_and_given_away_at_once(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    lines = [f"Osoba {no};;;;o{no}@poczta.example;;" for no in range(1, 41)]
    assert send_list(officer, *lines).status_code == 303
    agreed(app, officer, approver)
    with sql.counted(app) as statements:
        assert officer.post(f"{DESK}/1/druk").status_code == 303

    assert len(letters(app)) == 40
    assert len([one for one in statements if one.startswith("INSERT INTO outbox")]) == 1
    assert len(statements) <= 28  # whatever the number of letters


def test_holders_do_not_tell_of_which_batch_they_are(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver)

    with app.app_context():
        assert set(db.session.scalars(select(CodeHolder.batch_id))) == {None}


def test_a_list_that_is_not_the_one_agreed_to_makes_no_codes(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    send_list(officer)
    agreed(app, officer, approver)
    with app.app_context(), transaction():
        row = db.session.scalars(select(CodeAddressee).limit(1)).one()
        here = db.session.get_one(Poll, poll)
        forged = addressees.seal(here, addressees.list_of(here, batch_of(row))[0], row_id="inny")
        batch_id = row.batch_id
        db.session.execute(delete(CodeAddressee).where(CodeAddressee.id == row.id))
        db.session.add(
            CodeAddressee(id="inny", tenant_id=row.tenant_id, batch_id=batch_id, sealed=forged)
        )
    answer = officer.post(f"{DESK}/1/druk")

    assert answer.status_code == 409
    assert "To nie jest lista, na którą zgodziły się dwie osoby" in answer.text
    assert (rows(app, VotingCode), letters(app)) == (0, {})


def batch_of(row: CodeAddressee) -> CodeBatch:
    return db.session.get_one(CodeBatch, row.batch_id)


# What does not arrive.


def test_a_void_letter_is_replaced_by_two_persons_and_the_numbers_agree(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver)
    early = send_list(officer, ALA, instead="1")
    void = {"serial": "1", "last": "2", "reason": "Listy wróciły z poczty."}
    assert officer.post(f"{DESK}/1/uniewaznienie", data=void).status_code == 303
    too_many = send_list(officer, *LIST, instead="1")
    instead = send_list(officer, "Ala Kos;Polna 1;00-001;Lubowierz;;;", JAN, instead="1")
    agreed(app, officer, approver, 2)
    made = officer.post(f"{DESK}/2/druk")
    with app.app_context():
        here = db.session.get_one(Poll, poll)
        issues = {issue.batch.no: issue for issue in codes.list_issues(here)}

    assert early.status_code == 422
    assert too_many.status_code == 409
    assert (instead.status_code, made.status_code) == (303, 200)
    assert dict(issues[1].states) == {"unused": 1, "void": 2}
    assert (issues[1].issued, issues[1].replaced, issues[1].to_replace) == (3, 2, 0)
    assert issues[2].issued == 2
    assert "Zamiast unieważnionych kodów z partii 1." in officer.get(DESK).text


def test_a_letter_whose_code_is_void_does_not_leave(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver, JAN)
    assert len(letters(app)) == 1
    officer.post(f"{DESK}/1/uniewaznienie", data={"serial": "1", "reason": "Pomyłka na liście."})

    assert letters(app) == {}


def test_letters_that_nobody_takes_are_named_by_number_and_go_after_a_week(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    sent(app, officer, approver, JAN)
    with app.app_context():
        mail.note_tried(letters(app)["jan@poczta.example"].id, "Refused", later=timedelta())
    page = officer.get(DESK).text
    with app.app_context(), transaction():
        early = mail.forget(clock.now() + timedelta(days=6))
        late = mail.forget(clock.now() + timedelta(days=8))

    assert "listów nr 1/1" in page
    assert (early, late) == (0, 1)
    assert letters(app) == {}


# How long it is kept.


@pytest.mark.parametrize(("days", "left"), [(6, 3), (8, 0)])
def test_addressees_whose_letters_are_not_made_go_after_a_week(
    app: Flask, poll: int, officer: FlaskClient, days: int, left: int
) -> None:
    send_list(officer)
    rule = next(each for each in retention.RULES if each.key == "voting.addressees")
    now = clock.now() + timedelta(days=days)
    with app.app_context(), transaction():
        assert rule.count(now) == 3 - left
        assert rule.remove(now) == 3 - left

    assert rows(app, CodeAddressee) == left
    assert (rows(app, CodeHolder) == 0) == (left == 0)
    assert "Adresów tej partii już nie ma" in officer.get(f"{DESK}/1").text or left


# What the database holds.


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE code_holder SET hash = 'x'",
        "UPDATE code_holder SET kind = 'counter'",
        "UPDATE code_holder SET batch_id = 1",
        "DELETE FROM code_holder",
        "UPDATE code_batch SET withdrawn_at = ordered_at",
        "UPDATE code_batch SET list_hash = NULL",
        "UPDATE code_batch SET instead_of = 1",
        ONE_MORE,
        INSTEAD_OF_NONE,
        "DELETE FROM voting_code",
    ],
)
def test_the_database_keeps_what_was_sent(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient, forbidden: str
) -> None:
    sent(app, officer, approver)

    with pytest.raises(IntegrityError):
        execute(app, forbidden)


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE code_addressee SET sealed = 'x'",
        ONE_MORE,
        "UPDATE code_batch SET printed_at = ordered_at",
    ],
)
def test_the_database_keeps_a_list_as_it_was_looked_at(
    app: Flask, poll: int, officer: FlaskClient, forbidden: str
) -> None:
    send_list(officer)

    with pytest.raises(IntegrityError):
        execute(app, forbidden)


# What a letter looks like.


def test_a_letter_has_its_address_in_the_window_and_three_languages(
    app: Flask, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, object] = {}
    monkeypatch.setattr(
        code_letters.paper, "typeset", lambda _, data, **__: said.update(data) or b"%PDF"
    )
    with app.test_request_context():
        here = db.session.get_one(Poll, poll)
        tenant = db.session.get_one(Municipality, here.tenant_id)
        sheet = code_letters.Sheet(serial=7, code="7KQ4M2XD9TRA", to=["Ala Kos", "Rynek 5"])
        code_letters.letters(tenant, here, 2, [sheet])

    letter = json.loads(json.dumps(said["letters"]))[0]
    assert letter == {
        "to": ["Ala Kos", "Rynek 5"],
        "code": "7KQ4-M2XD-9TRA",
        "number": "Numer listu: 2/7",
    }
    assert [other["lang"] for other in said["others"]] == ["en", "uk"]
