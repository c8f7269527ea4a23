"""Answering a survey: the form, the review, once per person, changes of mind, refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.accounts import mydata
from deliberate.accounts.actions import people
from deliberate.accounts.models import Person
from deliberate.consultations.models import Consultation
from deliberate.consultations.models import State as ConsultationState
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.surveys.kinds import State
from deliberate.surveys.models import Survey, SurveyParticipation, SurveyReply, SurveySheet
from deliberate.tenancy.models import Municipality
from tests import make, sql

PAGE = "/konsultacje/rynek/ankiety/1"
KEY = "k" * 43
ANSWERS: Mapping[str, object] = {"p1": "1", "p2": ["1", "2"], "p3": "4", "p4": "Więcej cienia."}


@dataclass(frozen=True)
class Place:
    tenant: int
    consultation: int
    survey: int


@pytest.fixture
def place(app: Flask) -> Place:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY])
    return Place(tenant, consultation, make.survey(app, tenant, consultation))


@pytest.fixture
def resident(app: Flask, place: Place) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=place.tenant))


def send(
    client: FlaskClient, answers: Mapping[str, object] = ANSWERS, **more: object
) -> TestResponse:
    data = {"wersja": "1", "klucz": KEY, **answers, **more}
    return client.post(f"{PAGE}/wyslanie", data=data)


def kept(app: Flask) -> list[dict[int, str]]:
    """Return what each sheet says, by question."""
    with app.app_context():
        sheets: dict[str, dict[int, str]] = {}
        for row in db.session.scalars(select(SurveyReply)):
            sheets.setdefault(row.sheet_id, {})[row.question_no] = row.body or row.chosen
        assert len(sheets) == db.session.scalars(select(func.count(SurveySheet.id))).one()
        return list(sheets.values())


def participations(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(SurveyParticipation)).one()


def test_a_visitor_reads_the_questions_and_is_asked_to_sign_in(app: Flask, place: Place) -> None:
    page = make.client(app).get(PAGE)

    assert page.status_code == 200
    assert "Czy bywasz w parku?" in page.text
    assert "Zaloguj się, żeby odpowiedzieć" in page.text
    assert "<form" not in page.text.partition("<h1")[2].partition("<footer")[0]
    assert "Set-Cookie" not in page.headers


def test_a_resident_answers_without_javascript(app: Flask, resident: FlaskClient) -> None:
    form = resident.get(PAGE).text
    assert "Jeśli w pytaniu 1 odpowiedź to „Tak” albo „Czasem”, odpowiedz:" in form
    review = resident.post(f"{PAGE}/sprawdzenie", data={"wersja": "1", **ANSWERS})
    assert "Odpowiedzi nie są jeszcze wysłane" in review.text
    assert kept(app) == []

    hidden = re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', review.text)
    data: dict[str, list[str]] = {}
    for name, value in hidden:
        data.setdefault(name, []).append(value)
    received = resident.post(f"{PAGE}/wyslanie", data=data, follow_redirects=True)

    assert received.request.path.endswith("/przyjete")
    assert "Odpowiedzi zapisane" in received.text
    assert kept(app) == [{1: "[1]", 2: "[1,2]", 3: "[4]", 4: "Więcej cienia."}]


def test_errors_stand_at_their_questions_and_nothing_typed_is_lost(
    app: Flask, resident: FlaskClient
) -> None:
    answer = resident.post(
        f"{PAGE}/sprawdzenie", data={"wersja": "1", "p3": "9", "p4": "Mniej aut <b>"}
    )

    assert answer.status_code == 422
    assert 'id="p1-error"' in answer.text
    assert "To pytanie wymaga odpowiedzi." in answer.text
    assert "Wybierz jedną z odpowiedzi z listy." in answer.text
    assert "Mniej aut &lt;b&gt;</textarea>" in answer.text
    assert kept(app) == []


def test_too_many_ticks_are_told_with_the_number(resident: FlaskClient) -> None:
    answer = resident.post(
        f"{PAGE}/sprawdzenie", data={"wersja": "1", "p1": "1", "p2": ["1", "2", "3"]}
    )

    assert answer.status_code == 422
    assert "Wybierz najwyżej: 2." in answer.text


def test_an_answer_on_a_road_that_was_left_is_not_kept(app: Flask, resident: FlaskClient) -> None:
    send(resident, {"p1": "2", "p2": ["1", "2"], "p3": "4"})

    assert kept(app) == [{1: "[2]", 3: "[4]"}]


def test_an_anonymous_sheet_has_no_name_and_no_moment(app: Flask, resident: FlaskClient) -> None:
    send(resident)

    with app.app_context():
        sheet = db.session.scalars(select(SurveySheet)).one()
        assert (sheet.person_id, sheet.given_at, sheet.entered_by) == (None, None, None)
        participation = db.session.scalars(select(SurveyParticipation)).one()
        assert sheet.id not in vars(participation).values()


def test_the_second_try_says_the_day(app: Flask, resident: FlaskClient) -> None:
    send(resident)
    page = resident.get(PAGE)
    again = send(resident, klucz="j" * 43)

    assert "Odpowiedzi już są" in page.text
    assert again.status_code == 409
    assert "Jedna osoba odpowiada raz" in again.text
    with app.app_context():
        day = db.session.scalars(select(SurveyParticipation.day)).one()
    assert f"{day.day}\N{NO-BREAK SPACE}" in again.text
    assert len(kept(app)) == participations(app) == 1


def test_the_same_form_sent_twice_is_one_sheet(app: Flask, resident: FlaskClient) -> None:
    first, second = send(resident), send(resident)

    assert first.status_code == second.status_code == 303
    assert len(kept(app)) == 1


def test_answers_at_an_account_can_be_changed_until_the_end(app: Flask, place: Place) -> None:
    make.survey(app, place.tenant, place.consultation, anonymous=False, number=2)
    person = make.person(app, resident_of=place.tenant)
    client = make.client(app, signed_in=person)
    page = PAGE.replace("/1", "/2")
    client.post(f"{page}/wyslanie", data={"wersja": "1", "klucz": KEY, "p1": "1", "p3": "2"})
    form = client.get(page).text
    client.post(f"{page}/wyslanie", data={"wersja": "1", "klucz": "j" * 43, "p1": "2", "p4": "Nic"})

    assert "Twoje odpowiedzi są zapisane" in form
    assert re.search(r'value="2"\s+checked', form)
    assert kept(app) == [{1: "[2]", 4: "Nic"}]
    with app.app_context():
        data = mydata.collect(db.session.get_one(Person, person))["surveys"]
    assert data[0]["answers"][1] == {"question": "Co zmienić?", "answer": "Nic"}


def test_a_guest_is_asked_to_declare_where_they_live(app: Flask, place: Place) -> None:
    guest = make.client(app, signed_in=make.person(app))

    assert "złóż oświadczenie" in guest.get(PAGE).text
    assert send(guest).status_code == 409
    assert kept(app) == []


def test_a_form_of_other_questions_is_refused_and_kept(app: Flask, resident: FlaskClient) -> None:
    answer = send(resident, wersja="7")

    assert answer.status_code == 409
    assert "Urząd zmienił w międzyczasie pytania" in answer.text
    assert "Więcej cienia." in answer.text


def test_a_sheet_without_an_answer_is_refused(app: Flask, place: Place) -> None:
    optional = [make.PARK[2], make.PARK[3]]
    make.survey(app, place.tenant, place.consultation, questions=optional, number=2)
    client = make.client(app, signed_in=make.person(app, resident_of=place.tenant))
    answer = client.post(f"{PAGE.replace('/1', '/2')}/wyslanie", data={"wersja": "1", "klucz": KEY})

    assert answer.status_code == 422
    assert "nie ma żadnej odpowiedzi" in answer.text


@pytest.mark.parametrize("days_left", [-1])
def test_after_the_end_answers_are_refused(app: Flask, days_left: float) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY], days_left=days_left)
    make.survey(app, tenant, consultation)
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "Ankieta już się skończyła" in client.get(PAGE).text
    answer = send(client)
    assert answer.status_code == 409
    assert kept(app) == []


def test_before_the_beginning_the_questions_can_be_read(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY], began=-2)
    make.survey(app, tenant, consultation)
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    page = client.get(PAGE)
    assert "Ankieta zacznie się" in page.text
    assert "Czy bywasz w parku?" in page.text
    assert send(client).status_code == 409


def test_suspended_consultations_take_no_answers(app: Flask, place: Place) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(Consultation, place.consultation)
        row.state = ConsultationState.SUSPENDED
    client = make.client(app, signed_in=make.person(app, resident_of=place.tenant))

    assert "zatrzymane albo zakończone" in client.get(PAGE).text
    assert send(client).status_code == 409


def test_a_draft_is_nobodys_page(app: Flask, place: Place) -> None:
    make.survey(app, place.tenant, place.consultation, number=2, state=State.DRAFT)

    assert make.client(app).get(PAGE.replace("/1", "/2")).status_code == 404
    assert make.client(app).get(PAGE.replace("/1", "/9")).status_code == 404


@pytest.mark.parametrize("anonymous", [True, False])
def test_who_comes_back_with_the_same_address_has_answered(app: Flask, anonymous: bool) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY])
    place = Place(tenant, consultation, make.survey(app, tenant, consultation, anonymous=anonymous))
    person = make.person(app, resident_of=place.tenant, email="jan@poczta.example")
    send(make.client(app, signed_in=person))
    with app.app_context(), transaction():
        people.close(
            db.session.get_one(Person, person),
            tenant=db.session.get_one(Municipality, place.tenant),
            actor=Actor(person_id=person, tenant_id=place.tenant),
        )
    back = make.person(app, resident_of=place.tenant, email="jan@poczta.example")

    client = make.client(app, signed_in=back)
    answer = send(client, klucz="j" * 43)

    assert answer.status_code == 409
    assert "Odpowiedzi już są" in client.get(PAGE).text
    assert "Jedna osoba odpowiada raz" in answer.text
    assert len(kept(app)) == 1


def test_participation_goes_a_year_after_the_end(
    app: Flask, place: Place, resident: FlaskClient
) -> None:
    send(resident)
    now = clock.now()
    with app.app_context(), transaction():
        rule = next(r for r in retention.list_rules() if r.key == "surveys.participation")
        assert rule.count(now) == rule.remove(now) == 0
        later = now.replace(year=now.year + 2)
        assert rule.count(later) == 1
        assert rule.remove(later) == 1
    assert participations(app) == 0
    assert len(kept(app)) == 1


def test_the_consultation_leads_to_its_survey(app: Flask, place: Place) -> None:
    page = make.client(app).get("/konsultacje/rynek").text

    assert "Wypełnij ankietę" in page
    assert f"{PAGE}" in page
    assert "Można ją wypełnić do" in page


def test_pages_take_few_statements(app: Flask, place: Place, resident: FlaskClient) -> None:
    anonymous = make.client(app)
    for client in (anonymous, resident):
        client.get(PAGE)  # what is read once a municipality

    with sql.counted(app) as statements:
        anonymous.get(PAGE)
    assert len(statements) <= 8, statements
    with sql.counted(app) as statements:
        resident.get(PAGE)
    assert len(statements) <= 12, statements
    anonymous.get("/konsultacje/rynek")  # what it does not have is looked for once
    with sql.counted(app) as statements:
        anonymous.get("/konsultacje/rynek")
    assert len(statements) <= 8, statements


def test_the_page_speaks_another_language_once_all_is_translated(app: Flask, place: Place) -> None:
    client = make.client(app)
    client.set_cookie("jezyk", "en")
    page = client.get(PAGE).text

    assert '<h1 lang="pl">Ankieta o parku' in page


def test_two_tabs_give_one_sheet(app: Flask, place: Place) -> None:
    person = make.person(app, resident_of=place.tenant)
    first, second = make.client(app, signed_in=person), make.client(app, signed_in=person)

    codes = [send(first).status_code, send(second, klucz="j" * 43).status_code]

    assert codes == [303, 409]
    with app.app_context():
        assert db.session.get_one(Survey, place.survey).state == State.OFFERED
    assert len(kept(app)) == 1
