"""The first visit: a new address introduces itself, once."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import Person, Residence
from deliberate.kernel.db import db
from tests import make
from tests.integration.signing_in import INTRODUCTION, STRANGER, code_for, count, is_signed_in


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def test_a_new_address_introduces_itself_and_may_declare_residence(
    app: Flask, visitor: FlaskClient, tenant: int
) -> None:
    area = make.area(app, tenant)
    visitor.post("/zaloguj?wroc=/konto", data={"email": STRANGER})
    proven = visitor.post("/zaloguj/kod?wroc=/konto", data={"code": code_for(app, STRANGER)})
    page = visitor.get(proven.location)
    answer = visitor.post(
        proven.location, data=INTRODUCTION | {"lives_here": "y", "area": str(area)}
    )

    assert "Halina K." in page.text
    assert "Mieszkam w Lubowierzu i tu jest moje codzienne życie." in page.text
    assert answer.location == "/konto"
    assert "Nowa N." in visitor.get("/konto").text
    with app.app_context():
        residence = db.session.scalars(select(Residence)).one()
        assert (residence.area_id, residence.state) == (area, "declared")


def test_residence_is_a_choice(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    visitor.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert is_signed_in(visitor)
    assert count(app, Residence) == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""},
        {"display_name": "H"},
        {"display_name": "x" * 61},
        {"display_name": "\u202e\x00 "},
        {"display_name": "Urząd Miasta"},
        {"form": "x"},
        {"is_13": ""},
        {"area": "999"},
        {"area": "abc"},
    ],
)
def test_an_introduction_of_the_wrong_shape_comes_back(
    app: Flask, visitor: FlaskClient, change: dict[str, str]
) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    visitor.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    answer = visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION | change)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert count(app, Person) == 0


def test_another_municipalitys_area_is_no_choice(app: Flask, visitor: FlaskClient) -> None:
    elsewhere = make.area(app, make.municipality(app, slug="inna", name="Inna"))
    visitor.post("/zaloguj", data={"email": STRANGER})
    visitor.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    answer = visitor.post(
        "/zaloguj/poznajmy-sie", data=INTRODUCTION | {"lives_here": "y", "area": str(elsewhere)}
    )

    assert answer.status_code == 422


def test_nobody_introduces_themselves_without_a_proven_address(
    app: Flask, visitor: FlaskClient
) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    answer = visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert answer.location == "/zaloguj"
    assert count(app, Person) == 0


def test_a_token_whose_code_was_never_typed_introduces_nobody(
    app: Flask, visitor: FlaskClient
) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    with visitor.session_transaction() as cookie:
        cookie["i"] = cookie["k"]
    answer = visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert answer.location == "/zaloguj"
    assert count(app, Person) == 0


def test_an_introduction_sent_twice_makes_one_account(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    visitor.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)
    second = make.client(app)
    with second.session_transaction() as cookie:
        cookie.update(held)
    answer = second.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert answer.location == "/zaloguj"
    assert count(app, Person) == 1
    assert not is_signed_in(second)


def test_two_browsers_that_proved_one_new_address_get_one_account(
    app: Flask, visitor: FlaskClient
) -> None:
    telephone = make.client(app)
    for browser in (visitor, telephone):
        browser.post("/zaloguj", data={"email": STRANGER})
        browser.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    for browser in (visitor, telephone):
        browser.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert is_signed_in(visitor)
    assert is_signed_in(telephone)
    assert count(app, Person) == 1
