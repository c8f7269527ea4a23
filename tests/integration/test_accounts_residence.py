"""Where people live: declared, confirmed by a letter or at the desk, refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from deliberate.accounts import queries
from deliberate.accounts.actions import residence as actions
from deliberate.accounts.models import Person, Residence
from deliberate.accounts.standing import Needs
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.tenancy.models import Municipality
from tests import make
from tests.sql import counted

PAGE, DESK = "/konto/zamieszkanie", "/urzad/zamieszkanie"
LETTER = {"name": "Halina Kowal", "address": "Rzeczna 4/2\n00-001 Lubowierz"}
REASON = "Pod tym adresem nikt taki nie mieszka."


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email="halina@poczta.example", resident_of=tenant)


@pytest.fixture
def resident(app: Flask, halina: int) -> FlaskClient:
    return make.client(app, signed_in=halina)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def the_residence(app: Flask) -> Residence:
    with app.app_context():
        return db.session.scalars(select(Residence)).one()


def audited(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def print_letter(app: Flask, officer: FlaskClient, **data: str) -> str:
    answer = officer.post(f"{DESK}/{the_residence(app).id}/list", data=data)
    found = re.search(r'class="code-big">([0-9A-Z]{4} [0-9A-Z]{4})<', answer.text)
    assert found is not None, answer.text
    return found[1]


def age_letter(app: Flask, **time: float) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Residence).values(letter_sent_at=clock.now() - timedelta(**time)))


def test_a_person_declares_and_changes_the_area(app: Flask, tenant: int) -> None:
    area = make.area(app, tenant)
    browser = make.client(app, signed_in=make.person(app))
    browser.post(PAGE, data={"lives_here": "y"})
    without = the_residence(app).area_id
    answer = browser.post(PAGE, data={"lives_here": "y", "area": str(area)})

    assert answer.status_code == 303
    assert without is None
    assert (the_residence(app).area_id, the_residence(app).state) == (area, "declared")
    assert audited(app) == []


def test_a_declaration_leads_back_to_where_it_was_needed(app: Flask, tenant: int) -> None:
    browser = make.client(app, signed_in=make.person(app))
    page = browser.get(f"{PAGE}?wroc=/konto")
    answer = browser.post(f"{PAGE}?wroc=/konto", data={"lives_here": "y"})
    elsewhere = browser.post(f"{PAGE}?wroc=//example.com", data={"lives_here": "y"})

    assert 'href="/konto">Wróć' in page.text
    assert answer.location == "/konto"
    assert elsewhere.location == PAGE


@pytest.mark.first_on_both
@pytest.mark.parametrize("data", [{}, {"area": ""}, {"lives_here": "y", "area": "999"}])
def test_a_declaration_without_the_tick_comes_back(
    app: Flask, tenant: int, data: dict[str, str]
) -> None:
    browser = make.client(app, signed_in=make.person(app))

    assert browser.post(PAGE, data=data).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Residence)).all() == []


def test_another_municipalitys_area_is_no_choice(app: Flask, resident: FlaskClient) -> None:
    elsewhere = make.area(app, make.municipality(app, slug="inna", name="Inna"))

    answer = resident.post(PAGE, data={"lives_here": "y", "area": str(elsewhere)})
    assert answer.status_code == 422


def test_two_tabs_leave_one_declaration(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.person(app)
    browser = make.client(app, signed_in=person)
    browser.post(PAGE, data={"lives_here": "y"})
    real, seen = queries.find_residence, iter([None, None])
    # Both looks before the insert, the page's and the action's, as the other tab saw it.
    monkeypatch.setattr(queries, "find_residence", lambda *a: next(seen, real(*a)))
    answer = browser.post(PAGE, data={"lives_here": "y"})

    assert answer.status_code == 303
    assert the_residence(app).person_id == person


def test_nobody_lives_at_an_organisers(app: Flask, tenant: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).kind = "organiser"
    browser = make.client(app, signed_in=make.person(app))

    assert "nikt nie jest tu mieszkańcem" in browser.get(PAGE).text
    assert browser.post(PAGE, data={"lives_here": "y"}).status_code == 409


def test_a_declaration_can_be_taken_back_but_not_a_refusal(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    officer.post(f"{DESK}/{the_residence(app).id}/odmowa", data={"reason": REASON})
    refused = resident.post(f"{PAGE}/wycofanie")
    with app.app_context(), transaction():
        db.session.execute(update(Residence).values(state="declared"))
    resident.post(f"{PAGE}/wycofanie")

    assert refused.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Residence)).all() == []


def test_a_letter_confirms_and_is_forgotten(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    waiting = officer.get(DESK)
    code = print_letter(app, officer)
    page = resident.get(PAGE)
    answer = resident.post(f"{PAGE}/kod", data={"code": code.lower().replace(" ", "-")})

    assert "Halina Kowal" in waiting.text
    assert "Kod działa do" in page.text
    assert answer.status_code == 303
    residence = the_residence(app)
    assert (residence.state, residence.method) == ("confirmed", "letter")
    assert (residence.letter_name, residence.letter_address) == (None, None)
    assert residence.letter_code_hash is None
    assert audited(app) == ["residence.letter_printed", "residence.confirmed"]


def test_the_code_is_shown_once_and_kept_as_a_hash(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    code = print_letter(app, officer)
    residence = the_residence(app)
    again = officer.post(f"{DESK}/{residence.id}/list")
    pages = [officer.get(DESK), officer.get(f"{DESK}/{residence.id}"), resident.get(PAGE)]

    assert again.status_code == 409
    assert code not in "".join(page.text for page in [again, *pages])
    assert len(residence.letter_code_hash or "") == 64


def test_a_letter_printed_anew_voids_the_former(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    former = print_letter(app, officer)
    code = print_letter(app, officer, again="1")

    assert resident.post(f"{PAGE}/kod", data={"code": former}).status_code == 422
    assert resident.post(f"{PAGE}/kod", data={"code": code}).status_code == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize("data", [{}, {"name": "Ha", "address": "x" * 301}, {"name": "Halina"}])
def test_a_letter_needs_a_name_and_an_address(
    app: Flask, resident: FlaskClient, data: dict[str, str]
) -> None:
    assert resident.post(f"{PAGE}/list", data=data).status_code == 422
    assert the_residence(app).letter_asked_at is None


def test_a_letter_on_its_way_is_waited_for(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    print_letter(app, officer)
    early = resident.post(f"{PAGE}/list", data=LETTER)
    age_letter(app, days=7)
    later = resident.post(f"{PAGE}/list", data=LETTER)

    assert early.status_code == 409
    assert later.status_code == 303
    assert the_residence(app).letter_code_hash is None


def test_the_eleventh_try_of_a_letters_code_is_refused(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    code = print_letter(app, officer)
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    statuses = [resident.post(f"{PAGE}/kod", data={"code": wrong}).status_code for _ in range(10)]
    answer = resident.post(f"{PAGE}/kod", data={"code": code})

    assert statuses == [422] * 9 + [409]
    assert answer.status_code == 409
    assert the_residence(app).state == "declared"
    assert "Poproś o list z kodem" in resident.get(PAGE).text


def test_a_new_letter_has_its_own_ten_tries(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    code = print_letter(app, officer)
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    for _ in range(10):
        resident.post(f"{PAGE}/kod", data={"code": wrong})
    code = print_letter(app, officer, again="1")

    assert resident.post(f"{PAGE}/kod", data={"code": code}).status_code == 303


def test_an_expired_code_of_a_letter_is_refused(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    code = print_letter(app, officer)
    age_letter(app, days=30)
    answer = resident.post(f"{PAGE}/kod", data={"code": code})

    assert answer.status_code == 409
    assert "był ważny 30 dni" in answer.text


def test_a_letter_is_for_one_person(
    app: Flask, tenant: int, resident: FlaskClient, officer: FlaskClient
) -> None:
    resident.post(f"{PAGE}/list", data=LETTER)
    code = print_letter(app, officer)
    neighbour = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert neighbour.post(f"{PAGE}/kod", data={"code": code}).status_code == 409


def test_an_officer_confirms_at_the_desk(
    app: Flask, tenant: int, halina: int, officer: FlaskClient
) -> None:
    area = make.area(app, tenant)
    found = officer.get(f"{DESK}?szukaj=HALINA@poczta.example")
    residence = the_residence(app)
    page = officer.get(f"{DESK}/{residence.id}")
    answer = officer.post(f"{DESK}/{residence.id}/potwierdzenie", data={"area": str(area)})

    assert f"{DESK}/{residence.id}" in found.text
    assert "halina@poczta.example" in page.text
    assert answer.status_code == 303
    residence = the_residence(app)
    assert (residence.state, residence.method, residence.area_id) == ("confirmed", "desk", area)
    assert residence.decided_by is not None
    assert audited(app) == ["residence.confirmed"]
    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
        assert letter.subject == "Zamieszkanie potwierdzone – Lubowierz"


def test_an_officer_refuses_with_a_reason_that_the_person_reads(
    app: Flask, resident: FlaskClient, officer: FlaskClient
) -> None:
    one = f"{DESK}/{the_residence(app).id}/odmowa"
    short = officer.post(one, data={"reason": "za krótko"})
    answer = officer.post(one, data={"reason": REASON})
    page = resident.get(PAGE)

    assert short.status_code == 422
    assert "za krótko" in short.text
    assert answer.status_code == 303
    assert REASON in page.text
    assert audited(app) == ["residence.refused"]
    with app.app_context():
        assert REASON in db.session.scalars(select(Outbox.body)).one()


def test_a_refused_person_may_be_confirmed_at_the_desk_after_all(
    app: Flask, halina: int, officer: FlaskClient
) -> None:
    one = f"{DESK}/{the_residence(app).id}"
    officer.post(f"{one}/odmowa", data={"reason": REASON})
    officer.post(f"{one}/potwierdzenie")

    assert the_residence(app).state == "confirmed"
    assert the_residence(app).reason is None


def test_nobody_decides_about_themselves(app: Flask, tenant: int) -> None:
    person = make.person(app, resident_of=tenant)
    make.membership(app, tenant, person, Role.OFFICER)
    browser = make.client(app, signed_in=person)
    browser.post(f"{PAGE}/list", data=LETTER)
    one = f"{DESK}/{the_residence(app).id}"
    answers = [
        browser.post(f"{one}/list"),
        browser.post(f"{one}/potwierdzenie"),
        browser.post(f"{one}/odmowa", data={"reason": REASON}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert "wydrukuje go inna osoba" in browser.get(DESK).text
    assert the_residence(app).state == "declared"
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Residence).values(decided_by=person))


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ["", "/list", "/potwierdzenie", "/odmowa"])
def test_the_desk_is_for_officers_and_names_the_role(
    app: Flask, tenant: int, halina: int, resident: FlaskClient, act: str
) -> None:
    one = f"{DESK}/{the_residence(app).id}{act}"
    ask = "get" if act == "" else "post"
    facilitator = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))

    assert getattr(make.client(app), ask)(one).status_code == 401
    for browser in (resident, facilitator):
        assert getattr(browser, ask)(one).status_code == 403


@pytest.mark.parametrize("act", ["", "/list", "/potwierdzenie", "/odmowa"])
def test_another_municipalitys_residence_is_not_there(
    app: Flask, officer: FlaskClient, act: str
) -> None:
    inna = make.municipality(app, slug="inna", name="Inna")
    make.person(app, resident_of=inna)
    foreign = the_residence(app).id
    ask = officer.get if act == "" else officer.post

    assert ask(f"{DESK}/{foreign}{act}").status_code == 404
    assert ask(f"{DESK}/{foreign + 1000}{act}").status_code == 404
    assert ask(f"{DESK}/{10**30}{act}").status_code == 404
    assert the_residence(app).state == "declared"


def test_the_desk_finds_by_part_of_a_name_whatever_the_letters(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    make.person(app, name="Łucja Ż.", email="lucja@poczta.example", resident_of=tenant)

    assert "lucja@poczta.example" in officer.get(f"{DESK}?szukaj=łUCJA").text
    assert "lucja@poczta.example" in officer.get(f"{DESK}?szukaj=lucja z").text
    assert "lucja@poczta.example" not in officer.get(f"{DESK}?szukaj=%25").text


def test_the_desk_learns_of_nobody_who_declared_nothing_here(
    app: Flask, officer: FlaskClient
) -> None:
    inna = make.municipality(app, slug="inna", name="Inna")
    make.person(app, name="Obca O.", email="obca@poczta.example", resident_of=inna)
    make.person(app, name="Obcy O.", email="obcy@poczta.example")
    by_email = officer.get(f"{DESK}?szukaj=obca@poczta.example").text
    by_name = officer.get(f"{DESK}?szukaj=obc").text

    assert "Nikogo takiego nie ma" in by_email
    assert "Nikogo takiego nie ma" in by_name


@pytest.mark.parametrize("searched", ["x" * 5000, "\x00", "\u202e", "%", "'; --"])
def test_the_desk_bears_any_search(app: Flask, officer: FlaskClient, searched: str) -> None:
    assert officer.get(DESK, query_string={"szukaj": searched}).status_code == 200


def test_the_desk_asks_the_same_for_twenty_and_a_hundred(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    def wait_for_letters(number: int) -> int:
        now = clock.now()
        with app.app_context(), transaction():
            for _ in range(number):
                person = Person(display_name="Ktoś K.", email=None, closed_at=now, created_at=now)
                db.session.add(person)
                db.session.flush()
                db.session.add(
                    Residence(
                        tenant_id=tenant,
                        person_id=person.id,
                        state="declared",
                        method="declaration",
                        declared_at=now,
                        letter_name="Ktoś",
                        letter_address="Gdzieś",
                        letter_asked_at=now,
                    )
                )
        with counted(app) as statements:
            assert officer.get(f"{DESK}?szukaj=ktos").status_code == 200
        return len(statements)

    assert wait_for_letters(20) == wait_for_letters(80) <= 12


def test_standing_follows_the_residence_here(app: Flask, tenant: int) -> None:
    declared = make.person(app, resident_of=tenant)
    confirmed = make.person(app, resident_of=tenant, confirmed=True)
    inna = make.municipality(app, slug="inna", name="Inna")
    elsewhere = make.person(app, resident_of=inna, confirmed=True)
    with app.app_context():
        here = db.session.get_one(Municipality, tenant)

        def standing(person_id: int) -> Needs:
            return queries.standing(here, db.session.get_one(Person, person_id))

        assert queries.standing(here, None) is Needs.ANYONE
        assert standing(elsewhere) is Needs.EMAIL
        assert standing(declared) is Needs.DECLARED
        assert standing(confirmed) is Needs.CONFIRMED


def test_a_refused_person_stands_as_one_with_an_address_only(
    app: Flask, tenant: int, halina: int, officer: FlaskClient
) -> None:
    officer.post(f"{DESK}/{the_residence(app).id}/odmowa", data={"reason": REASON})
    with app.app_context():
        here = db.session.get_one(Municipality, tenant)
        assert queries.standing(here, db.session.get_one(Person, halina)) is Needs.EMAIL


def test_actions_never_commit(app: Flask, tenant: int) -> None:
    person_id = make.person(app)
    with app.app_context():
        here = db.session.get_one(Municipality, tenant)
        person = db.session.get_one(Person, person_id)
        with pytest.raises(RuntimeError, match="undone"), transaction():
            actions.declare(person, tenant=here, area=None)
            raise RuntimeError("undone")
        assert db.session.scalars(select(Residence)).all() == []
