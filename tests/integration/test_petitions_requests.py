"""Requests for a consultation gather support and are answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import Residence
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.petitions import figures, jobs
from deliberate.petitions.kinds import State
from deliberate.petitions.models import Entry
from deliberate.tenancy.models import Area, LegalRule
from tests import make
from tests.integration.registers import ANSWER, NOW, WISH, acts, entry, request_in_register, terms


@pytest.fixture(autouse=True)
def november() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def resident(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=tenant))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return [row.subject for row in db.session.scalars(select(Outbox).order_by(Outbox.id))]


def test_without_the_municipalitys_numbers_nobody_can_ask(
    app: Flask, resident: FlaskClient
) -> None:
    assert "Nie ma tu jeszcze zasad" in resident.get("/wnioski").text
    assert "Nie ma tu jeszcze zasad" in resident.get("/wnioski/nowy").text
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 409


def test_a_request_goes_from_draft_to_answer(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 303
    assert visitor.get("/wnioski/1").status_code == 404
    assert officer.get("/urzad/rejestry/1").status_code == 404, "a draft is its writer's alone"
    resident.post("/moje/rejestry/1/ogloszenie")
    assert "Ulica Szkolna" in visitor.get("/wnioski").text

    too_few = resident.post("/moje/rejestry/1/zlozenie")
    assert too_few.status_code == 409
    assert "0 z wymaganych 2" in too_few.text

    for _ in range(2):
        other = make.client(app, signed_in=make.person(app, resident_of=tenant))
        assert other.post("/wnioski/1/poparcie").status_code == 303
    assert resident.post("/moje/rejestry/1/zlozenie").status_code == 303
    assert entry(app).due_on == date(2026, 12, 21)
    assert "Termin odpowiedzi" in visitor.get("/wnioski/1").text

    consultation = make.consultation(app, tenant)
    reply = {"outcome": "agreed", "answer": ANSWER, "consultation": str(consultation)}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 303

    page = visitor.get("/wnioski/1").text
    assert "Będą konsultacje" in page
    assert "/konsultacje/rynek" in page
    assert any("Będą konsultacje" in subject for subject in letters(app))


def test_agreeing_without_a_consultation_or_refusing_without_reasons_is_refused(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer, needed=1)
    request_in_register(resident)
    count = {"signatures": "1", "note": "Policzyła Anna P."}
    assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 303

    agreed = {"outcome": "agreed", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=agreed).status_code == 409
    short = {"outcome": "refused", "answer": "Nie, bo jednak nie.", "consultation": ""}
    answer = officer.post("/urzad/rejestry/1/odpowiedz", data=short)
    assert answer.status_code == 409
    assert "Nie, bo jednak nie." in answer.text, "what was typed stays"
    partly = {"outcome": "partly", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=partly).status_code == 422


def test_support_counts_once_is_taken_back_and_ends_with_the_day(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert resident.post("/wnioski/1/poparcie").status_code == 409, "one's own"
    assert other.post("/wnioski/1/poparcie").status_code == 303
    assert other.post("/wnioski/1/poparcie").status_code == 409
    assert entry(app).supports == 1
    assert other.post("/wnioski/1/poparcie/wycofanie").status_code == 303
    assert entry(app).supports == 0
    part = other.post("/wnioski/1/poparcie", headers={"HX-Request": "true"})
    assert 'id="support"' in part.text
    guest = make.client(app, signed_in=make.person(app))
    assert guest.post("/wnioski/1/poparcie").status_code == 409, "does not live here"
    assert visitor.post("/wnioski/1/poparcie").status_code == 401

    with clock.at(NOW + timedelta(days=62)):
        late = make.client(app, signed_in=make.person(app, resident_of=tenant))
        assert late.post("/wnioski/1/poparcie").status_code == 409
        with app.app_context():
            jobs.lapse({})
        assert entry(app).state == State.LAPSED
        assert "Za mało poparcia" in visitor.get("/wnioski/1").text
    assert "register.lapsed" in acts(app)


def living_in(app: Flask, tenant: int, area: int | None) -> FlaskClient:
    person = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        residence = db.session.scalars(select(Residence).where(Residence.person_id == person)).one()
        residence.area_id = area
    return make.client(app, signed_in=person)


def test_a_request_about_a_part_is_supported_by_those_who_live_in_it(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    district = make.area(app, tenant, name="Nadrzecze")
    elsewhere = make.area(app, tenant, name="Stare Miasto")
    inside = make.area(app, tenant, name="Nadrzecze Dolne")
    with app.app_context(), transaction():
        db.session.get_one(Area, inside).parent_id = district
    terms(officer)
    assert resident.post("/wnioski/nowy", data={**WISH, "area": district}).status_code == 303
    assert resident.post("/moje/rejestry/1/ogloszenie").status_code == 303

    said = "Popierają osoby, które mieszkają w części gminy „Nadrzecze”."
    for number, (area, why) in enumerate(
        (
            (district, ""),
            (inside, ""),
            (elsewhere, "mówi o innej"),
            (None, "nie mówi, w której części mieszkasz"),
        )
    ):
        client = living_in(app, tenant, area)
        page = client.get("/wnioski/1").text
        assert said in page, number
        if why:
            assert why in page
            assert '/poparcie"' not in page, "no button"
            assert client.post("/wnioski/1/poparcie").status_code == 409
        else:
            assert client.post("/wnioski/1/poparcie").status_code == 303
    assert said in visitor.get("/wnioski/1").text
    assert entry(app).supports == 2


def test_who_moved_away_may_still_take_support_back(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    district = make.area(app, tenant, name="Nadrzecze")
    terms(officer)
    resident.post("/wnioski/nowy", data={**WISH, "area": district})
    resident.post("/moje/rejestry/1/ogloszenie")
    client = living_in(app, tenant, district)
    assert client.post("/wnioski/1/poparcie").status_code == 303
    with app.app_context(), transaction():
        for residence in db.session.scalars(select(Residence)):
            residence.area_id = None

    assert client.post("/wnioski/1/poparcie/wycofanie").status_code == 303


def test_new_numbers_hold_from_today_and_old_requests_keep_theirs(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer, needed=5)
    request_in_register(resident)

    with clock.at(NOW + timedelta(days=3)):
        again = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        terms(again, needed=50)
        other = make.client(app, signed_in=make.person(app, resident_of=tenant))
        other.post("/wnioski/nowy", data={**WISH, "form_key": "z" * 24})
        other.post("/moje/rejestry/2/ogloszenie")

    assert (entry(app, 1).needed, entry(app, 2).needed) == (5, 50)
    with app.app_context():
        key = figures.PREFIX + figures.NEEDED
        rows = db.session.scalars(
            select(LegalRule).where(LegalRule.key == key).order_by(LegalRule.valid_from)
        ).all()
        assert [(row.value, row.valid_to) for row in rows] == [
            ("5", date(2026, 11, 24)),
            ("50", None),
        ]


def test_the_same_form_sent_twice_is_one_request_and_a_draft_can_go(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer)
    resident.post("/wnioski/nowy", data=WISH)
    resident.post("/wnioski/nowy", data=WISH)
    changed = {**WISH, "title": "Szkolna dla pieszych"}
    assert resident.post("/moje/rejestry/1/edycja", data=changed).status_code == 303
    assert "Szkolna dla pieszych" in resident.get("/moje").text
    assert resident.post("/moje/rejestry/1/usuniecie").status_code == 303

    with app.app_context():
        assert db.session.scalars(select(Entry)).all() == []
    assert resident.post("/moje/rejestry/1/usuniecie").status_code == 404


def test_what_is_published_is_never_changed_only_withdrawn(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)

    assert resident.post("/moje/rejestry/1/edycja", data=WISH).status_code == 409
    assert resident.get("/moje/rejestry/1/edycja").status_code == 303
    stranger = make.client(app, signed_in=make.person(app, resident_of=tenant))
    assert stranger.get("/moje/rejestry/1").status_code == 404
    assert resident.post("/moje/rejestry/1/wycofanie", data={}).status_code == 422
    reason = {"reason": "Ulicę już zamknięto."}
    assert resident.post("/moje/rejestry/1/wycofanie", data=reason).status_code == 303
    assert "Ulicę już zamknięto." in visitor.get("/wnioski/1").text
    assert resident.post("/moje/rejestry/1/wycofanie", data=reason).status_code == 409
