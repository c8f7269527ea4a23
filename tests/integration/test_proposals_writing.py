"""Putting a proposal forward, changing it, taking it back: from the request to the row."""

from __future__ import annotations

import io
import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from deliberate.accounts.models import Person
from deliberate.authorship.capacities import list_voices
from deliberate.authorship.models import Draft, Version
from deliberate.consultations.models import Consultation
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.proposals import actions
from deliberate.proposals.content import Content
from deliberate.proposals.models import Proposal, State
from deliberate.tenancy.models import Municipality
from tests import make

LIST = "/konsultacje/rynek/propozycje"
NEW = f"{LIST}/nowa"
FIRST = f"{LIST}/1"
TEXT = {
    "title": "Poidełko na rynku",
    "place": "Rynek, przy fontannie",
    "reason": "Latem nie ma gdzie napić się wody.",
    "language": "pl",
    "voice": "resident",
    "form_key": "k" * 43,
}


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant)


@pytest.fixture
def author(app: Flask, tenant: int) -> int:
    return make.person(app, name="Anna K.", resident_of=tenant)


@pytest.fixture
def browser(app: Flask, consultation: int, author: int) -> FlaskClient:
    return make.client(app, signed_in=author)


def proposals(app: Flask) -> list[Proposal]:
    with app.app_context():
        return list(db.session.scalars(select(Proposal).order_by(Proposal.number)))


def version_in(page: TestResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert found
    return found[1]


# A new one.


def test_three_answers_make_a_proposal_with_number_thread_version_and_letter(
    app: Flask, browser: FlaskClient
) -> None:
    answer = browser.post(NEW, data=TEXT, follow_redirects=True)

    assert "Ma numer 1" in answer.text
    assert "Poidełko na\N{NO-BREAK SPACE}rynku" in answer.text or "Poidełko na rynku" in answer.text
    [row] = proposals(app)
    assert (row.number, row.state, row.version_no) == (1, State.OPEN, 1)
    assert row.thread_id is not None
    assert row.folded.startswith("poidelko na rynku")
    assert (row.author_name, row.capacity) == ("Anna K.", "resident")
    with app.app_context():
        assert [v.no for v in db.session.scalars(select(Version))] == [1]
        letter = db.session.scalars(select(Outbox)).one()
    assert "nr 1" in letter.subject
    assert f"/g/lubowierz{FIRST}" in letter.body


def test_the_same_form_sent_twice_is_one_proposal(app: Flask, browser: FlaskClient) -> None:
    browser.post(NEW, data=TEXT)
    again = browser.post(NEW, data={**TEXT, "mine": "1"})

    assert again.status_code == 303
    assert f"{FIRST}?" in again.location
    assert len(proposals(app)) == 1


def test_the_same_form_with_other_words_says_that_it_is_published(
    app: Flask, browser: FlaskClient
) -> None:
    browser.post(NEW, data=TEXT)
    again = browser.post(
        NEW, data={**TEXT, "title": "Fontanna w parku", "mine": "1"}, follow_redirects=True
    )

    assert "jest już opublikowana" in again.text
    assert [row.title for row in proposals(app)] == ["Poidełko na rynku"]


def test_similar_ones_are_shown_and_stop_nobody(app: Flask, browser: FlaskClient) -> None:
    browser.post(NEW, data=TEXT)
    other = {**TEXT, "title": "Poidełka na rynku", "form_key": "o" * 43}
    asked = browser.post(NEW, data=other)

    assert asked.status_code == 200
    assert "Ktoś napisał coś podobnego" in asked.text
    assert "Poidełko na rynku" in asked.text
    assert 'value="Poidełka na rynku"' in asked.text  # what was typed goes on
    assert len(proposals(app)) == 1
    assert browser.post(NEW, data={**other, "mine": "1"}).status_code == 303
    assert [row.number for row in proposals(app)] == [1, 2]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Uzupełnij to pole."),
        ({"title": "x" * 121}, "najwyżej 120"),
        ({"title": "\x00\x1b \u202e"}, "Uzupełnij to pole."),
        ({"reason": "bo"}, "co najmniej 10"),
        ({"reason": "x" * 2001}, "najwyżej 2000"),
        ({"place": ""}, "Uzupełnij to pole."),
    ],
)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(
    app: Flask, browser: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = browser.post(NEW, data={**TEXT, **change})

    assert answer.status_code == 422
    assert words in answer.text
    kept = {**TEXT, **change}["place"] or TEXT["title"]
    assert kept in answer.text
    assert proposals(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"voice": "office:1"},
        {"voice": "organisation:999"},
        {"voice": "guest"},
        {"language": "xx"},
        {"form_key": ""},
        {"form_key": "x" * 65},
    ],
)
def test_a_forged_field_publishes_nothing(
    app: Flask, browser: FlaskClient, change: dict[str, str]
) -> None:
    assert browser.post(NEW, data={**TEXT, **change}).status_code == 422
    assert proposals(app) == []


def test_missing_and_extra_fields_change_nothing_they_should_not(
    app: Flask, browser: FlaskClient
) -> None:
    assert browser.post(NEW, data={}).status_code == 422
    extra = {**TEXT, "state": "admitted", "supports": "999", "number": "7", "author_id": "1"}
    browser.post(NEW, data=extra)

    [row] = proposals(app)
    assert (row.state, row.supports, row.number) == (State.OPEN, 0, 1)


def test_visitor_may_fill_in_the_form_and_is_led_to_sign_in(app: Flask, consultation: int) -> None:
    visitor = make.client(app)
    page = visitor.get(NEW)

    assert page.status_code == 200
    assert 'data-draft="proposal-' in page.text
    assert "<noscript>" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    sent = visitor.post(NEW, data=TEXT)
    assert sent.status_code == 303
    assert "/zaloguj" in sent.location
    assert "propozycje%2Fnowa" in sent.location or "propozycje/nowa" in sent.location
    assert proposals(app) == []


def test_a_draft_is_kept_for_its_writer_and_goes_with_publishing(
    app: Flask, tenant: int, browser: FlaskClient
) -> None:
    saved = browser.post(
        NEW, data={"title": "Poidełko", "reason": "", "draft": "1"}, follow_redirects=True
    )
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "Szkic jest zapisany" in saved.text
    assert 'value="Poidełko"' in browser.get(NEW).text
    assert 'value="Poidełko"' not in other.get(NEW).text
    browser.post(NEW, data=TEXT)
    with app.app_context():
        assert db.session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize("accepts_late", [False, True])
def test_after_the_deadline_the_page_keeps_the_text(app: Flask, *, accepts_late: bool) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant, days_left=-1)
    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).accepts_late_letters = accepts_late
    late = make.client(app, signed_in=make.person(app, resident_of=tenant))
    answer = late.post(NEW, data=TEXT)

    assert answer.status_code == 409
    assert "Zbieranie propozycji zakończyło się" in answer.text
    assert TEXT["reason"] in answer.text
    assert ("urząd na niego odpowie" in answer.text) == accepts_late
    assert proposals(app) == []


def test_before_the_beginning_there_is_a_date_and_no_form(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant, began=-2)
    early = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "jeszcze się nie zaczęło" in early.get(NEW).text
    assert early.post(NEW, data=TEXT).status_code == 409


def test_guest_may_not_propose_but_the_office_may_in_its_name(
    app: Flask, tenant: int, consultation: int
) -> None:
    guest = make.client(app, signed_in=make.person(app))
    officer = make.staff(app, tenant, Role.OFFICER, unit=make.unit(app, tenant))
    office = make.client(app, signed_in=officer)
    key = re.search(r'name="voice" value="(office:\d+)"', office.get(NEW).text)

    assert guest.post(NEW, data={**TEXT, "voice": "guest"}).status_code == 409
    assert key
    assert office.post(NEW, data={**TEXT, "voice": "guest"}).status_code == 422
    assert office.post(NEW, data={**TEXT, "voice": key[1]}).status_code == 303
    [row] = proposals(app)
    assert row.capacity_label == "Urząd Miasta Lubowierz, Wydział Inwestycji"


def test_ten_people_at_once_get_the_numbers_from_one_to_ten(
    app: Flask, tenant: int, consultation: int
) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(10)]
    start = threading.Barrier(len(people))
    troubles: list[BaseException] = []

    def run(person_id: int) -> None:
        path = "/g/lubowierz/"
        with app.test_request_context(path, environ_base={"deliberate.slug": "lubowierz"}):
            start.wait()
            try:
                with transaction():
                    here = db.session.get_one(Municipality, tenant)
                    person = db.session.get_one(Person, person_id)
                    actions.publish(
                        here,
                        db.session.get_one(Consultation, consultation),
                        person,
                        list_voices(here, person)[0],
                        Content(title="Ławka", place="Rynek", reason="Bo tak trzeba."),
                        form_key=f"form-of-{person_id}",
                    )
            except BaseException as trouble:  # noqa: BLE001 - said by the test below
                troubles.append(trouble)

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert [row.number for row in proposals(app)] == list(range(1, 11))


# Changes.


@pytest.fixture
def proposal(app: Flask, tenant: int, consultation: int, author: int) -> int:
    return make.proposal(app, tenant, consultation, author=author)


CHANGED = {
    "title": "Ławki i drzewa na rynku",
    "place": "Rynek",
    "reason": "Bo nie ma gdzie usiąść w cieniu.",
    "language": "pl",
    "note": "",
    "version": "1",
}


def test_a_change_is_a_version_that_shows_each_word(
    app: Flask, browser: FlaskClient, proposal: int
) -> None:
    browser.post(f"{FIRST}/szczegoly", data={"details": "Z oparciem.", "area": "", "version": "1"})
    answer = browser.post(f"{FIRST}/zmiana", data={**CHANGED, "version": "2"})
    history = make.client(app).get(f"{FIRST}/wersje")

    assert answer.status_code == 303
    assert "<ins>" in history.text
    assert "Ławki" in history.text
    [row] = proposals(app)
    assert (row.title, row.details, row.version_no) == (CHANGED["title"], "Z oparciem.", 3)
    assert "cieniu" in row.folded


def test_a_version_says_the_cost_as_people_read_it(
    app: Flask, browser: FlaskClient, proposal: int
) -> None:
    details = {"details": "", "area": "", "cost": "780000", "version": "1"}
    browser.post(f"{FIRST}/szczegoly", data=details)

    assert "780\u00a0000" in make.client(app).get(f"{FIRST}/wersje").text


def test_two_tabs_do_not_write_over_each_other(browser: FlaskClient, proposal: int) -> None:
    stale = version_in(browser.get(f"{FIRST}/zmiana"))
    browser.post(f"{FIRST}/zmiana", data=CHANGED)
    answer = browser.post(
        f"{FIRST}/zmiana", data={**CHANGED, "title": "Same drzewa na rynku", "version": stale}
    )

    assert answer.status_code == 409
    assert "w międzyczasie" in answer.text
    assert "Same drzewa na rynku" in answer.text
    assert version_in(answer) == "2"  # saved once more, it is a change of what stands there now


def test_nothing_changed_is_no_version(app: Flask, browser: FlaskClient, proposal: int) -> None:
    same = {**CHANGED, "title": "Ławki na rynku", "reason": "Bo nie ma gdzie usiąść."}
    answer = browser.post(f"{FIRST}/zmiana", data=same, follow_redirects=True)

    assert "Nic się nie zmieniło" in answer.text
    assert proposals(app)[0].version_no == 1


def test_after_the_deadline_a_change_needs_a_note_that_everyone_sees(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, days_left=-1)
    author = make.person(app, resident_of=tenant)
    make.proposal(app, tenant, consultation, author=author)
    browser = make.client(app, signed_in=author)
    without = browser.post(f"{FIRST}/zmiana", data=CHANGED)
    note = "Prosiły o to osoby w rozmowie."

    assert without.status_code == 409
    assert "Napisz, co i dlaczego zmieniasz" in without.text
    assert browser.post(f"{FIRST}/zmiana", data={**CHANGED, "note": note}).status_code == 303
    assert note in make.client(app).get(f"{FIRST}/wersje").text


@pytest.mark.parametrize("path", ["zmiana", "szczegoly", "wycofanie"])
def test_others_cannot_change_it(app: Flask, tenant: int, proposal: int, path: str) -> None:
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))
    data = {**CHANGED, "details": "Zmienione", "reason": "Bo mi się nie podoba."}

    assert make.client(app).post(f"{FIRST}/{path}", data=data).status_code == 401
    assert make.client(app).get(f"{FIRST}/{path}").status_code == 401
    assert other.post(f"{FIRST}/{path}", data=data).status_code == 409
    [row] = proposals(app)
    assert (row.title, row.state, row.version_no) == ("Ławki na rynku", State.OPEN, 1)


def test_details_cost_and_area_can_come_later(
    app: Flask, tenant: int, browser: FlaskClient, proposal: int
) -> None:
    area = make.area(app, tenant)
    data = {"details": "Z oparciem.", "cost": "12 500 zł", "area": str(area), "version": "1"}
    browser.post(f"{FIRST}/szczegoly", data=data)
    page = make.client(app).get(FIRST).text

    [row] = proposals(app)
    assert (row.cost, row.area_id) == (1_250_000, area)
    assert "12\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}zł" in page
    assert "Nadrzecze" in page


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [{"cost": "dużo"}, {"cost": "9" * 40}, {"area": "x"}, {"version": ""}, {"version": "-1"}],
)
def test_details_of_the_wrong_shape_come_back(
    app: Flask, browser: FlaskClient, proposal: int, change: dict[str, str]
) -> None:
    data = {"details": "Zachowaj mnie", "cost": "", "area": "", "version": "1", **change}
    answer = browser.post(f"{FIRST}/szczegoly", data=data)

    assert answer.status_code == 422
    assert "Zachowaj mnie" in answer.text
    assert proposals(app)[0].details == ""


def test_an_area_of_another_municipality_is_no_choice(
    app: Flask, browser: FlaskClient, proposal: int
) -> None:
    foreign = make.area(app, make.municipality(app, slug="wrzosowiany", name="Wrzosowiany"))
    data = {"area": str(foreign), "version": "1"}

    assert browser.post(f"{FIRST}/szczegoly", data=data).status_code == 422


def picture() -> io.BytesIO:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    out.seek(0)
    return out


def test_a_picture_needs_words_and_is_shown_with_them(
    app: Flask, browser: FlaskClient, proposal: int
) -> None:
    data = {"version": "1", "area": "", "picture": (picture(), "drzewo.png"), "alt": ""}
    wordless = browser.post(f"{FIRST}/szczegoly", data=data, content_type="multipart/form-data")
    token = re.search(r'name="picture_token"[^>]*value="([^"]+)"', wordless.text)

    assert wordless.status_code == 422
    assert "Napisz jednym zdaniem" in wordless.text
    assert token  # the picture itself was not lost
    again = {"version": "1", "area": "", "picture_token": token[1], "alt": "Zielony plac"}
    assert browser.post(f"{FIRST}/szczegoly", data=again).status_code == 303
    page = make.client(app).get(FIRST).text
    assert 'alt="Zielony plac"' in page
    reworded = {"version": "1", "area": "", "alt": "Plac z ławkami"}
    browser.post(f"{FIRST}/szczegoly", data=reworded)
    assert 'alt="Plac z ławkami"' in make.client(app).get(FIRST).text
    source = re.search(r'src="(/pliki/[^"]+)"', page)
    assert source
    assert make.client(app).get(source[1]).status_code == 200
    browser.post(f"{FIRST}/zdjecie/usuniecie")
    assert "<figure" not in make.client(app).get(FIRST).text


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(
    browser: FlaskClient, proposal: int
) -> None:
    data = {"version": "1", "picture": (io.BytesIO(b"<svg onload=alert(1)>"), "a.svg"), "alt": "x"}
    answer = browser.post(f"{FIRST}/szczegoly", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "pliku" in answer.text


# Withdrawal.


def test_a_withdrawn_proposal_stays_listed_with_its_reason(
    app: Flask, tenant: int, browser: FlaskClient, proposal: int
) -> None:
    make.support(app, tenant, proposal, make.person(app, resident_of=tenant))
    reason = "Urząd już to robi w innym miejscu."
    answer = browser.post(f"{FIRST}/wycofanie", data={"reason": reason})
    visitor = make.client(app)

    assert answer.status_code == 303
    assert reason in visitor.get(FIRST).text
    assert "Wycofana" in visitor.get(LIST).text
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))
    assert other.post(f"{FIRST}/poparcie").status_code == 409
    assert browser.post(f"{FIRST}/zmiana", data=CHANGED).status_code == 409


def test_withdrawal_needs_a_reason(app: Flask, browser: FlaskClient, proposal: int) -> None:
    assert browser.post(f"{FIRST}/wycofanie", data={"reason": "bo"}).status_code == 422
    assert proposals(app)[0].state == State.OPEN


# What the database holds.


@pytest.mark.parametrize(
    ("column", "value"), [("number", 9), ("consultation_id", 9), ("shuffle", 1)]
)
def test_what_identifies_a_proposal_never_changes(
    app: Flask, proposal: int, column: str, value: int
) -> None:
    with app.app_context(), pytest.raises(DatabaseError, match="frozen"), transaction():
        setattr(db.session.get_one(Proposal, proposal), column, value)


def test_a_withdrawn_proposal_does_not_come_back(
    app: Flask, browser: FlaskClient, proposal: int
) -> None:
    browser.post(f"{FIRST}/wycofanie", data={"reason": "Urząd już to robi."})

    with app.app_context(), pytest.raises(DatabaseError, match="transition"), transaction():
        db.session.get_one(Proposal, proposal).state = State.OPEN
