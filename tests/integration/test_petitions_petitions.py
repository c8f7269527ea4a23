"""Petitions are redacted first, and answered in their time."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.petitions.kinds import State
from deliberate.petitions.models import Entry
from deliberate.subjects.states import ContentState
from tests import make
from tests.integration.registers import (
    ANSWER,
    NOW,
    PETITION,
    entry,
    petition_in_register,
    publish,
    redact,
)


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


def test_a_petition_is_sealed_until_an_officer_has_read_what_will_be_shown(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    assert resident.post("/petycje/nowa", data=PETITION).status_code == 303
    assert visitor.get("/petycje/1").status_code == 404
    assert "Toaleta" not in visitor.get("/petycje").text
    page = officer.get("/urzad/rejestry/1").text
    assert "600 700 800" in page
    assert "Anna Nowak" in page, "proposed"
    assert publish(officer, 1) == 422, "nothing was chosen yet"

    data = {"title": "Toaleta dla Anna Nowak", "passages": "anna nowak\n600 700 800\nJan Kot"}
    officer.post("/urzad/rejestry/1/zakrycie", data=data)
    page = officer.get("/urzad/rejestry/1").text
    assert "Tego nie ma w tekście" in page
    assert officer.post("/urzad/rejestry/1/publikacja", data={"seen": "x" * 32}).status_code == 409
    assert publish(officer, 1) == 303

    public = visitor.get("/petycje/1").text
    assert "Nowak" not in public
    assert "600 700 800" not in public
    assert "Nazywam się █████" in public
    assert "dane niejawne" in public
    assert publish(officer, 1) in (409, 422), "once"
    found = visitor.get("/szukaj?szukaj=nowak").text
    assert "Toaleta" not in found
    assert "Toaleta" in visitor.get("/szukaj?szukaj=toalete").text


def test_a_name_is_shown_only_with_consent(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident, name_is_public="y")

    assert "Anna Nowak" in visitor.get("/petycje/1").text


def test_the_clock_of_a_petition_is_extended_once_and_not_too_far(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    assert entry(app).due_on == date(2027, 2, 21)
    assert "jak liczy program" in visitor.get("/petycje/1").text, "nobody verified the rule"

    def extend(until: str) -> int:
        data = {"until": until, "reason": "Czekamy na opinię konserwatora."}
        return officer.post("/urzad/rejestry/1/przedluzenie", data=data).status_code

    assert extend("2027-02-21") == 409
    assert extend("2027-05-22") == 409
    assert extend("2027-05-21") == 303
    assert extend("2027-05-21") == 409
    page = visitor.get("/petycje/1").text
    assert "Czekamy na opinię konserwatora." in page


def test_the_same_petitions_are_answered_together(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    petition_in_register(officer, resident, entry=2, form_key="q" * 24)

    assert officer.post("/urzad/rejestry/2/polaczenie", data={"other": "1"}).status_code == 303
    reply = {"outcome": "partly", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/2/odpowiedz", data=reply).status_code == 409
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 303

    assert {entry(app, 1).state, entry(app, 2).state} == {State.PARTLY}
    assert "Toaleta stanie" in visitor.get("/petycje/2").text
    assert "/petycje/1" in visitor.get("/petycje/2").text


def test_forwarding_needs_an_addressee_and_the_year_adds_up(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    reply = {"outcome": "forwarded", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 409
    to = {"forwarded_to": "Zarząd Powiatu"}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data={**reply, **to}).status_code == 303

    year = visitor.get("/petycje/zestawienie?rok=2026").text
    assert "Przekazane dalej" in year
    table = visitor.get("/petycje/zestawienie.csv?rok=2026").data.decode("utf-8-sig")
    assert "Zarząd Powiatu" in table
    assert "Nowak" not in table
    for odd in ("2014", "99999", "²", "x", ""):
        assert visitor.get("/petycje/zestawienie", query_string={"rok": odd}).status_code == 200


def test_paper_is_entered_with_its_day_and_its_scan_stays_sealed(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    data = {
        "register": "petition",
        "title": "Ławki przy przystanku",
        "text": "Proszę o ławki. Jan Kot, ul. Krótka 3.",
        "name": "Jan Kot",
        "received_on": "2026-11-30",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 409, "in the future"
    data["received_on"] = "2026-10-31"
    data["scan"] = (io.BytesIO(b"Jan Kot prosi"), "pismo.txt")  # type: ignore[assignment]
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    assert entry(app).due_on == date(2027, 1, 31)
    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
    assert officer.get("/urzad/rejestry/1/oryginal").data == b"Jan Kot prosi"

    redact(officer, 1, "Jan Kot\nul. Krótka 3")

    for client in (visitor, officer):
        assert client.get(f"/pliki/{file.token}/pismo.txt").status_code == 404
    assert visitor.get("/urzad/rejestry/1/oryginal").status_code == 401


def test_a_public_scan_is_seen_with_its_petition_and_hidden_with_it(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    resident.post("/petycje/nowa", data=PETITION)
    chosen = {"title": "Toaleta", "passages": "Anna Nowak"}
    officer.post("/urzad/rejestry/1/zakrycie", data=chosen)
    scan = (io.BytesIO(b"czysty skan"), "skan.txt")
    assert publish(officer, 1, scan=scan) == 303
    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
    address = f"/pliki/{file.token}/skan.txt"
    assert visitor.get(address).status_code == 200

    with app.app_context(), transaction():
        db.session.get_one(Entry, 1).content_state = ContentState.HIDDEN

    assert visitor.get(address).status_code == 404
    assert "Proszę o toaletę" not in visitor.get("/petycje/1").text
    assert "Ten wpis jest ukryty" in visitor.get("/petycje/1").text
    assert "Toaleta" not in visitor.get("/petycje").text
    assert "Toaleta" not in visitor.get("/szukaj?szukaj=toalete").text
    assert "Toaleta" not in visitor.get("/petycje/zestawienie").text
