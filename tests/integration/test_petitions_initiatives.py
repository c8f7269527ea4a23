"""Council initiatives: signatures on paper, counted until the day that the council named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.petitions import jobs
from deliberate.petitions.kinds import State
from tests import make
from tests.integration.registers import NOW, acts, entry, publish


@pytest.fixture(autouse=True)
def november() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def test_an_initiative_counts_paper_only_and_says_so(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    data = {
        "register": "council_initiative",
        "title": "Uchwała o drzewach",
        "text": "§ 1. Miasto sadzi sto drzew rocznie. Komitet: Ewa Lis.",
        "name": "Ewa Lis",
        "received_on": "2026-11-20",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    assert entry(app).needed == 300, "118,400 residents; the officer confirms"
    chosen = {"title": "Uchwała o drzewach", "passages": "Ewa Lis"}
    officer.post("/urzad/rejestry/1/zakrycie", data=chosen)
    refused = publish(officer, 1)
    assert refused == 409, "how many are needed was left out"
    officer.post("/urzad/rejestry/1/zakrycie", data={**chosen, "needed": "300"})
    assert publish(officer, 1) == 303

    fan = make.client(app, signed_in=make.person(app))
    assert fan.post("/inicjatywy/1/poparcie").status_code == 303, "an account is enough"
    page = visitor.get("/inicjatywy/1").text
    assert "To nie jest podpis pod projektem uchwały." in page
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 409
    for number in ("299", "300"):
        count = {"signatures": number, "note": "dwie osoby, osobno"}
        assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 303
    assert entry(app).due_on == date(2027, 2, 21)
    assert "299" in visitor.get("/inicjatywy/1").text, "each count stays"


def initiative_in_register(officer: FlaskClient) -> None:
    data = {
        "register": "council_initiative",
        "title": "Uchwała o drzewach",
        "text": "§ 1. Miasto sadzi sto drzew rocznie. Komitet: Ewa Lis.",
        "received_on": "2026-11-20",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    chosen = {"title": "Uchwała o drzewach", "passages": "Ewa Lis", "needed": "300"}
    assert officer.post("/urzad/rejestry/1/zakrycie", data=chosen).status_code == 303
    assert publish(officer, 1) == 303


def initiative_days(officer: FlaskClient, days: str, source: str = "uchwała nr V/31") -> int:
    data = {"initiative_days": days, "initiative_source": source}
    return officer.post("/urzad/rejestry/zasady/inicjatywy", data=data).status_code


def signed(officer: FlaskClient, signatures: int, on: str) -> int:
    count = {"signatures": str(signatures), "note": "dwie osoby, osobno"}
    assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    return officer.post("/urzad/rejestry/1/zlozenie", data={"on": on}).status_code


def test_signatures_are_gathered_until_the_day_that_the_council_named(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert initiative_days(officer, "90") == 303
    initiative_in_register(officer)
    assert entry(app).gathering_until == date(2027, 2, 19)
    assert "uchwała nr V/31" in visitor.get("/inicjatywy").text
    page = visitor.get("/inicjatywy/1").text.replace("\u00a0", " ")
    assert "Podpisy zbiera się do piątku 19 lutego 2027" in page
    early = {"outcome": "lapsed", "answer": "Podpisów złożono 120.", "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=early).status_code == 409

    with clock.at(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        office = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        fan = make.client(app, signed_in=make.person(app))
        assert fan.post("/inicjatywy/1/poparcie").status_code == 409
        for page in ("/inicjatywy", "/inicjatywy/1"):
            assert "Czas na podpisy minął" in visitor.get(page).text
        assert "Zbieranie poparcia już się skończyło." in fan.get("/inicjatywy/1").text
        assert "po terminie" in office.get("/urzad/rejestry").text
        assert "Lista jest zamknięta." in office.get("/urzad/rejestry/1").text
        assert "sprawa w rejestrach czeka na odpowiedź" in office.get("/urzad").text
        with app.app_context():
            jobs.lapse({})
        assert entry(app).state == State.GATHERING, "what was handed in in time is counted first"
        assert signed(office, 300, "2027-02-20") == 409
        assert signed(office, 300, "2027-02-19") == 303
    assert entry(app).due_on == date(2027, 5, 19)


def test_too_few_signatures_in_time_close_an_initiative_with_words(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert initiative_days(officer, "90") == 303
    initiative_in_register(officer)

    with clock.at(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        office = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        said = {"outcome": "lapsed", "answer": "W terminie złożono 120 podpisów."}
        said["consultation"] = ""
        assert office.post("/urzad/rejestry/1/odpowiedz", data=said).status_code == 303
        page = visitor.get("/inicjatywy/1").text

    assert entry(app).state == State.LAPSED
    assert "Za mało podpisów w terminie" in page
    assert "W terminie złożono 120 podpisów." in page
    assert acts(app)[-1] == "register.lapsed"


def test_without_a_rule_signatures_have_no_last_day_and_the_page_says_so(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    initiative_in_register(officer)

    words = "Ostatni dzień zbierania podpisów nie jest wyznaczony."
    assert entry(app).gathering_until is None
    assert words in visitor.get("/inicjatywy").text
    assert words in visitor.get("/inicjatywy/1").text
    assert "lapsed" not in officer.get("/urzad/rejestry/1").text


def test_the_time_for_signatures_is_set_with_its_source_and_taken_back(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    for days, source in (("90", ""), ("0", "uchwała"), ("731", "uchwała"), ("x", "uchwała")):
        assert initiative_days(officer, days, source) == 422, days
    assert initiative_days(officer, "90") == 303
    assert 'value="90"' in officer.get("/urzad/rejestry/zasady").text

    assert initiative_days(officer, "", "") == 303
    initiative_in_register(officer)

    assert entry(app).gathering_until is None
    assert acts(app)[:2] == ["register.terms", "register.terms"]
    assert "nie jest wyznaczony" in visitor.get("/inicjatywy").text


def test_unverified_numbers_of_the_law_are_never_shown_as_certain(
    officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert "potwierdza urząd" in visitor.get("/inicjatywy").text
    assert "sprawdź w ustawie" in officer.get("/urzad/rejestry/zasady").text
