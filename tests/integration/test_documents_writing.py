"""Remarking on a document: from the request to the row, the receipt and the withdrawal."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from deliberate.accounts import mydata
from deliberate.accounts.models import Person
from deliberate.accounts.standing import Needs
from deliberate.authorship.capacities import list_voices
from deliberate.authorship.models import Draft, Version
from deliberate.consultations.models import Consultation, Phase
from deliberate.documents import actions
from deliberate.documents.content import Content, Place
from deliberate.documents.kinds import RemarkKind, RemarkState
from deliberate.documents.models import Remark, Unit
from deliberate.documents.notices import RECEIPT
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, StoredFile, Task
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from tests import make

LIST = "/konsultacje/rynek/uwagi"
NEW = f"{LIST}/nowa"
READ = "§ 2. Na zadania jest 500 000 zł."


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.REMARK])


@pytest.fixture
def document(app: Flask, tenant: int, consultation: int) -> int:
    return make.document(app, tenant, consultation)


@pytest.fixture
def author(app: Flask, tenant: int) -> int:
    return make.person(app, name="Anna K.", resident_of=tenant)


@pytest.fixture
def browser(app: Flask, document: int, author: int) -> FlaskClient:
    return make.client(app, signed_in=author)


def sent(document: int, **fields: object) -> dict[str, object]:
    return {
        "place": f"{document}:1:2",
        "kind": "change",
        "wording": "§ 2. Na zadania jest 800 000 zł.",
        "body": "Zadań przybyło, a kwota od lat jest ta sama.",
        "language": "pl",
        "voice": "resident",
        "form_key": "k" * 43,
    } | fields


def remark_of(app: Flask, number: int = 1) -> Remark:
    with app.app_context():
        return db.session.scalars(select(Remark).where(Remark.number == number)).one()


def text_of(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


# Giving.


def test_the_form_begins_with_the_place_and_its_words(browser: FlaskClient, document: int) -> None:
    page = browser.get(f"{NEW}?dokument={document}&jednostka=2")

    assert page.status_code == 200
    assert f'value="{document}:1:2" selected' in page.text
    assert READ in page.text
    assert "Całość: Projekt programu współpracy" in page.text


def test_a_remark_gets_the_next_number_and_its_place(
    app: Flask, browser: FlaskClient, document: int, author: int
) -> None:
    answer = browser.post(NEW, data=sent(document), follow_redirects=True)

    assert "Uwaga nr 1 przyjęta. Zgłoś następną" in text_of(answer)
    remark = remark_of(app)
    assert (remark.place, remark.kind, remark.channel) == ("§ 2", "change", "web")
    assert (remark.document_id, remark.document_version) == (document, 1)
    assert (remark.author_id, remark.author_name) == (author, "Anna K.")
    assert remark.received_on == clock.local(clock.now()).date()
    assert not remark.is_late
    with app.app_context():
        unit = db.session.get_one(Unit, remark.on_unit_id)
        assert (unit.number, unit.remarks) == (2, 1)
        assert db.session.scalars(select(Version.no)).all() == [1]


def test_words_that_stand_there_are_no_proposal(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document, wording=f"  {READ} ", kind="removal"))

    assert remark_of(app).wording == ""


@pytest.mark.parametrize("wording", ["", READ])
def test_a_remark_says_something(browser: FlaskClient, document: int, wording: str) -> None:
    answer = browser.post(NEW, data=sent(document, wording=wording, body=""))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_words_that_stand_there_are_put_into_the_field(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    page = browser.post(NEW, data=sent(document, wording="", place=f"{document}:1:1", fill="1"))

    assert "§ 1. Program trwa rok.</textarea>" in page.text
    assert "Zadań przybyło" in page.text
    anonymous = make.client(app).post(NEW, data=sent(document, wording="", fill="1"))
    assert f"{READ}</textarea>" in anonymous.text
    with app.app_context():
        assert db.session.scalar(select(Remark.id)) is None


def test_a_remark_may_be_on_the_whole(app: Flask, browser: FlaskClient, document: int) -> None:
    data = sent(document, place=f"{document}:1:0", kind="general", wording="")
    browser.post(NEW, data=data)

    remark = remark_of(app)
    assert (remark.document_id, remark.on_unit_id, remark.place) == (document, None, "")


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "place",
    ["", "x", "1:2", "9999:1:1", "{d}:1:9", "{d}:2:1", "{d}:0:1", "0:0:0", "{d}:1:99999999999999",
     "-1:1:1", "{d}:1:²"],
)  # fmt: skip
def test_a_place_that_is_not_there_keeps_the_text(
    app: Flask, browser: FlaskClient, document: int, place: str
) -> None:
    answer = browser.post(NEW, data=sent(document, place=place.format(d=document)))

    assert answer.status_code == 409
    assert "Tego miejsca nie ma już w dokumencie" in text_of(answer)
    assert "Zadań przybyło" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Remark.id)) is None


def test_the_place_is_what_its_author_read(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    """Another consultation's document is no place here."""
    other = make.consultation(app, tenant, slug="inne", opens=[Activity.REMARK])
    foreign = make.document(app, tenant, other)

    assert browser.post(NEW, data=sent(foreign)).status_code == 409


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "delete"), ("language", "xx"), ("voice", "office:1"), ("form_key", ""),
     ("wording", "x" * 8001), ("body", "x" * 4001), ("attachment_token", "t" * 65)],
)  # fmt: skip
def test_wrong_input_is_said_and_kept(
    app: Flask, browser: FlaskClient, document: int, field: str, value: str
) -> None:
    answer = browser.post(NEW, data=sent(document, **{field: value}))

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(Remark.id)) is None


def test_the_same_form_sent_twice_is_one_remark(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document))
    answer = browser.post(NEW, data=sent(document, mine="1"), follow_redirects=True)

    assert "Uwaga nr 1 przyjęta" in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Remark.number)).all() == [1]


def test_one_second_after_the_end_the_text_stays_and_the_office_is_named(
    app: Flask, tenant: int, document: int, author: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = make.client(app, signed_in=author)
    with app.app_context():
        ends = db.session.scalars(select(Phase.ends_at)).one()
    second = timedelta(seconds=1)

    monkeypatch.setattr(clock, "now", lambda: ends + second)
    make.sign_in(app, browser, author)
    answer = browser.post(NEW, data=sent(document))

    assert answer.status_code == 409
    assert "Zbieranie uwag zakończyło się" in text_of(answer)
    assert "Zadań przybyło" in answer.text
    assert "rozmowa@lubowierz.example" in answer.text
    monkeypatch.setattr(clock, "now", lambda: ends - second)
    assert browser.post(NEW, data=sent(document)).status_code == 303


def test_after_the_end_the_words_of_the_document_are_not_called_ones_own(
    app: Flask, tenant: int, author: int
) -> None:
    over = make.consultation(
        app, tenant, slug="minione", opens=[Activity.REMARK], began=9, days_left=-2
    )
    document = make.document(app, tenant, over)
    browser = make.client(app, signed_in=author)

    page = browser.get(f"/konsultacje/minione/uwagi/nowa?dokument={document}&jednostka=2")

    assert "Zbieranie uwag zakończyło się" in text_of(page)
    assert "Twój tekst" not in page.text
    answer = browser.post(
        "/konsultacje/minione/uwagi/nowa", data=sent(document, wording=READ, body="Za mało.")
    )
    assert "Za mało." in answer.text
    assert READ not in text_of(answer)


def test_before_the_beginning_the_day_is_said(app: Flask, tenant: int, author: int) -> None:
    later = make.consultation(app, tenant, slug="pozniej", opens=[Activity.REMARK], began=-3)
    make.document(app, tenant, later)
    page = make.client(app, signed_in=author).get("/konsultacje/pozniej/uwagi/nowa")

    assert "Zbieranie uwag jeszcze się nie zaczęło." in text_of(page)
    assert "Zacznie się" in page.text
    assert "<textarea" not in page.text


def test_an_anonymous_person_signs_in_first(app: Flask, document: int) -> None:
    answer = make.client(app).post(NEW, data=sent(document))

    assert answer.status_code == 303
    assert "/wejdz" in answer.location or "wroc=" in answer.location
    assert "jednostka" in answer.location


def test_who_has_not_declared_to_live_here_is_told_the_way(app: Flask, document: int) -> None:
    browser = make.client(app, signed_in=make.person(app))

    assert "złóż oświadczenie o zamieszkaniu" in text_of(browser.get(NEW))
    assert browser.post(NEW, data=sent(document, voice="guest")).status_code == 409


def test_where_anyone_may_remark_an_institution_is_named(app: Flask, tenant: int) -> None:
    open_one = make.consultation(
        app, tenant, slug="plan", opens=[Activity.REMARK], needs=Needs.ANYONE
    )
    document = make.document(app, tenant, open_one)
    browser = make.client(app, signed_in=make.person(app, name="Jan D."))
    data = sent(document, voice="guest", on_behalf="Spółdzielnia Zgoda")
    page = browser.post("/konsultacje/plan/uwagi/nowa", data=data, follow_redirects=True)

    remark = remark_of(app)
    assert (remark.author_name, remark.capacity_label) == (
        "Jan D.",
        "w imieniu: Spółdzielnia Zgoda",
    )
    assert 'value="Spółdzielnia Zgoda"' in page.text  # for the next one


def test_elsewhere_nobody_speaks_for_an_institution(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document, on_behalf="Spółdzielnia Zgoda"))

    assert "Zgoda" not in remark_of(app).capacity_label


def test_the_voice_of_the_last_remark_is_offered_first(
    app: Flask, tenant: int, document: int, consultation: int
) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    browser = make.client(app, signed_in=officer)
    voice = re.search(r'value="(office:\d+)"', browser.get(NEW).text)
    assert voice is not None
    page = browser.post(NEW, data=sent(document, voice=voice[1]), follow_redirects=True)

    assert f'value="{voice[1]}"' in page.text
    assert remark_of(app).capacity == "office"


def test_similar_remarks_are_shown_and_stop_nobody(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    make.remark(
        app, tenant, consultation, document=document, unit=2, body=str(sent(document)["body"])
    )
    shown = browser.post(NEW, data=sent(document, wording=""))
    given = browser.post(NEW, data=sent(document, wording="", mine="1"))

    assert "Podobne uwagi" in shown.text
    assert "Uwaga nr 1" in text_of(shown)
    assert given.status_code == 303


def test_similar_words_about_another_place_are_not_similar(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    make.remark(
        app, tenant, consultation, document=document, unit=1, body=str(sent(document)["body"])
    )

    assert browser.post(NEW, data=sent(document, wording="")).status_code == 303


def test_a_hidden_remark_is_not_similar(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    first = make.remark(
        app, tenant, consultation, document=document, unit=2, body=str(sent(document)["body"])
    )
    make.hidden(app, "remark", first)

    assert browser.post(NEW, data=sent(document, wording="")).status_code == 303


def test_an_attachment_comes_with_the_remark(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    upload = (io.BytesIO(b"Wyliczenie: 3 x 100 = 300"), "wyliczenie.txt")
    browser.post(NEW, data=sent(document, attachment=upload))
    page = browser.get(f"{LIST}/1")

    assert "wyliczenie.txt" in page.text
    address = re.search(r'href="(/pliki/[^"]+)"', page.text)
    assert address is not None
    assert make.client(app).get(address[1]).data == b"Wyliczenie: 3 x 100 = 300"


def test_an_attachment_is_kept_while_another_field_is_wrong(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    upload = (io.BytesIO(b"Wyliczenie"), "wyliczenie.txt")
    page = browser.post(NEW, data=sent(document, wording="", body="", attachment=upload))
    token = re.search(r'name="attachment_token"[^>]*value="([^"]+)"', page.text)
    assert page.status_code == 422
    assert token is not None
    browser.post(NEW, data=sent(document, attachment_token=token[1]))

    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
        assert (file.subject_kind, file.subject_id) == ("remark", remark_of(app).id)


def test_a_bad_attachment_is_said(browser: FlaskClient, document: int) -> None:
    upload = (io.BytesIO(b"MZ\x90"), "program.exe")
    answer = browser.post(NEW, data=sent(document, attachment=upload))

    assert answer.status_code == 422
    assert "Takiego pliku nie przyjmujemy" in text_of(answer)


# Drafts and the sitting.


def test_a_draft_waits_for_its_writer(app: Flask, browser: FlaskClient, document: int) -> None:
    browser.post(NEW, data=sent(document, draft="1"))
    again = browser.get(NEW)
    elsewhere = browser.get(f"{NEW}?dokument={document}&jednostka=1")

    assert "To Twój zapisany szkic" in text_of(again)
    assert "Zadań przybyło" in again.text
    assert f'value="{document}:1:2" selected' in again.text
    assert "Masz zapisany szkic" in text_of(elsewhere)
    browser.post(NEW, data=sent(document))
    with app.app_context():
        assert db.session.scalar(select(Draft.kind)) is None


def test_several_remarks_of_one_sitting_come_with_one_receipt(
    app: Flask, browser: FlaskClient, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    for minute, (unit, key) in enumerate([(1, "a"), (2, "b"), (0, "c")]):
        monkeypatch.setattr(clock, "now", lambda at=start + timedelta(minutes=2 * minute): at)
        place = f"{document}:1:{unit}"
        browser.post(NEW, data=sent(document, place=place, form_key=key * 43, mine="1"))
    with app.app_context():
        assert len(db.session.scalars(select(Task).where(Task.kind == RECEIPT)).all()) == 1
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=6))
    run_receipts(app)
    with app.app_context():
        assert db.session.scalars(select(Outbox.subject)).all() == []  # still writing
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=15))
    run_receipts(app)
    run_receipts(app)

    with app.app_context():
        letters = db.session.scalars(select(Outbox)).all()
    assert [letter.subject for letter in letters] == ["Twoje uwagi są na stronie: 1, 2, 3"]
    assert "nr 2: § 2" in letters[0].body
    assert "/konsultacje/rynek/uwagi/3\n" in letters[0].body


def run_receipts(app: Flask) -> None:
    with app.app_context():
        jobs.run_due()


def test_the_next_sitting_has_a_receipt_of_its_own(
    app: Flask, browser: FlaskClient, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    for minutes, key in ((0, "a"), (20, "b")):
        monkeypatch.setattr(clock, "now", lambda at=start + timedelta(minutes=minutes): at)
        browser.post(NEW, data=sent(document, form_key=key * 43, mine="1"))
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=40))
    run_receipts(app)

    with app.app_context():
        subjects = db.session.scalars(select(Outbox.subject).order_by(Outbox.id)).all()
    assert subjects == ["Twoje uwagi są na stronie: 1", "Twoje uwagi są na stronie: 2"]


def test_a_hidden_remark_is_in_no_receipt(
    app: Flask, browser: FlaskClient, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post(NEW, data=sent(document))
    make.hidden(app, "remark", remark_of(app).id)
    later = clock.now() + timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    run_receipts(app)

    with app.app_context():
        assert db.session.scalars(select(Outbox.subject)).all() == []


def test_remarks_at_once_get_numbers_without_a_gap(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(6)]

    def give(person_id: int) -> None:
        with app.test_request_context(base_url="http://lubowierz.example"), transaction():
            town = db.session.get_one(Municipality, tenant)
            person = db.session.get_one(Person, person_id)
            actions.give_remark(
                town,
                db.session.get_one(Consultation, consultation),
                person,
                list_voices(town, person)[0],
                Content(place=Place(document_id=document, version=1), kind=RemarkKind.GENERAL,
                        body=f"Uwaga osoby {person_id}"),
                form_key=f"{person_id:043}",
            )  # fmt: skip

    threads = [threading.Thread(target=give, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        numbers = db.session.scalars(select(Remark.number).order_by(Remark.number)).all()
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_remarks_and_proposals_share_their_numbers(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    make.proposal(app, tenant, consultation)
    browser.post(NEW, data=sent(document))

    assert remark_of(app, number=2).place == "§ 2"


# Withdrawal.


def test_a_withdrawn_remark_stays_in_the_list(
    app: Flask, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document))
    answer = browser.post(f"{LIST}/1/wycofanie", data={"reason": ""}, follow_redirects=True)

    assert "Uwaga wycofana" in text_of(answer)
    assert remark_of(app).state == RemarkState.WITHDRAWN
    assert "Wycofana" in text_of(make.client(app).get(LIST))
    assert browser.post(f"{LIST}/1/wycofanie", data={}).status_code == 409


def test_only_the_author_withdraws(
    app: Flask, tenant: int, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document))
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert other.post(f"{LIST}/1/wycofanie", data={}).status_code == 409
    assert "Wycofaj uwagę" not in other.get(f"{LIST}/1").text
    assert "Wycofaj uwagę" in browser.get(f"{LIST}/1").text


def test_an_answered_remark_is_not_withdrawn(
    app: Flask, tenant: int, consultation: int, browser: FlaskClient, document: int
) -> None:
    browser.post(NEW, data=sent(document))
    make.published_answer(app, tenant, consultation, "remark", remark_of(app).id)

    assert browser.post(f"{LIST}/1/wycofanie", data={}).status_code == 409


# What the database holds.


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE remark SET number = 7",
        "UPDATE remark SET channel = 'paper'",
        "UPDATE remark SET state = 'given' WHERE state = 'withdrawn'",
        "DELETE FROM remark",
        "DELETE FROM unit",
        "DELETE FROM unit_text",
        "UPDATE unit_text SET text = 'inny'",
        "UPDATE document_version SET note = 'inna'",
        "DELETE FROM document_version",
        "UPDATE unit SET number = 9",
    ],
)
def test_the_database_refuses(
    app: Flask, browser: FlaskClient, document: int, statement: str
) -> None:
    browser.post(NEW, data=sent(document))
    browser.post(f"{LIST}/1/wycofanie", data={})

    with (
        app.app_context(),
        pytest.raises(DatabaseError, match=r"frozen|append_only|transition"),
        transaction(),
    ):
        db.session.connection().exec_driver_sql(statement)


# A person's own.


def test_a_closed_account_leaves_the_text_without_the_name(
    app: Flask, tenant: int, browser: FlaskClient, document: int, author: int
) -> None:
    browser.post(NEW, data=sent(document))
    with app.app_context(), transaction():
        actions.forget_author(author)

    page = make.client(app).get(f"{LIST}/1")
    assert "Anna K." not in page.text
    assert "Zadań przybyło" in page.text


def test_what_a_person_remarked_is_theirs_to_see(
    app: Flask, browser: FlaskClient, document: int, author: int
) -> None:
    browser.post(NEW, data=sent(document))
    browser.post(NEW, data=sent(document, draft="1"))
    mine = text_of(browser.get("/moje"))
    with app.app_context():
        kept = mydata.collect(db.session.get_one(Person, author))["remarks"]

    assert "Uwaga nr 1: § 2" in mine
    assert "Szkic uwagi:" in mine
    assert [(row["number"], row["place"]) for row in kept] == [(1, "§ 2")]


def test_a_remark_may_be_reported(app: Flask, browser: FlaskClient, document: int) -> None:
    browser.post(NEW, data=sent(document))
    remark = remark_of(app)

    page = make.client(app).get(f"{LIST}/1")
    address = re.search(r'href="([^"]*zglos[^"]*)"', page.text)
    assert address is not None
    assert make.client(app).get(address[1]).status_code == 200
    assert str(remark.id) in address[1]


def test_the_search_page_finds_remarks(app: Flask, browser: FlaskClient, document: int) -> None:
    browser.post(NEW, data=sent(document))

    assert "Uwaga nr 1: § 2" in text_of(browser.get("/szukaj?szukaj=przybyło"))
