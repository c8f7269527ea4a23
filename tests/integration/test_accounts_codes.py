"""Codes in letters: typed again, late, used once, worth nothing elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import EmailToken, SignInSession
from deliberate.kernel.db import db
from tests import make
from tests.integration.signing_in import (
    HALINA,
    STRANGER,
    code_for,
    count,
    is_signed_in,
    wait,
    wrong,
)


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def test_a_wrong_code_may_be_typed_again_four_times(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    code = code_for(app, HALINA)
    statuses = [
        visitor.post("/zaloguj/kod", data={"code": wrong(code)}).status_code for _ in range(5)
    ]
    answer = visitor.post("/zaloguj/kod", data={"code": code})

    assert statuses == [422, 422, 422, 422, 409]
    assert answer.status_code == 409
    assert "Pięć prób się nie udało" in answer.text
    assert not is_signed_in(visitor)


@pytest.mark.first_on_both
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x"])
def test_what_is_no_code_is_not_counted_as_a_try(
    app: Flask, visitor: FlaskClient, typed: str
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    answer = visitor.post("/zaloguj/kod", data={"code": typed})

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(EmailToken.tries)).one() == 0


def test_an_expired_code_offers_a_new_one(
    app: Flask, visitor: FlaskClient, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    code = code_for(app, HALINA)
    wait(monkeypatch, minutes=10)
    answer = visitor.post("/zaloguj/kod", data={"code": code})

    assert answer.status_code == 409
    assert "Ten kod wygasł po 10 minutach." in answer.text
    assert "Wyślij nowy kod" in answer.text
    visitor.post("/zaloguj/kod/nowy")
    assert code_for(app, HALINA) != code
    visitor.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})
    assert is_signed_in(visitor)


def test_a_new_code_ends_the_former_one(app: Flask, visitor: FlaskClient, halina: int) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    former = code_for(app, HALINA)
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    visitor.post("/zaloguj/kod/nowy")
    with visitor.session_transaction() as cookie:
        cookie.clear()
        cookie.update(held)
    answer = visitor.post("/zaloguj/kod", data={"code": former})

    assert answer.status_code == 409
    assert not is_signed_in(visitor)


def test_a_code_works_once_even_in_two_tabs(app: Flask, visitor: FlaskClient, halina: int) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    code = code_for(app, HALINA)
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    other = make.client(app)
    with other.session_transaction() as cookie:
        cookie.update(held)
    visitor.post("/zaloguj/kod", data={"code": code})
    same_browser = visitor.post("/zaloguj/kod?wroc=/konto", data={"code": code})
    stolen_cookie = other.post("/zaloguj/kod", data={"code": code})

    assert same_browser.location == "/konto"
    assert stolen_cookie.status_code == 409
    assert "już użyty" in stolen_cookie.text
    assert not is_signed_in(other)
    assert count(app, SignInSession) == 1


def test_of_many_at_once_with_one_code_one_gets_in(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    code = code_for(app, HALINA)
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    browsers = [make.client(app) for _ in range(6)]
    for browser in browsers:
        with browser.session_transaction() as cookie:
            cookie.update(held)
    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(
            pool.map(
                lambda browser: browser.post("/zaloguj/kod", data={"code": code}).status_code,
                browsers,
            )
        )

    assert sorted(statuses) == [303, 409, 409, 409, 409, 409]
    assert count(app, SignInSession) == 1


def test_of_many_wrong_codes_at_once_each_is_counted(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    code = wrong(code_for(app, HALINA))
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    browsers = [make.client(app) for _ in range(8)]
    for browser in browsers:
        with browser.session_transaction() as cookie:
            cookie.update(held)
    with ThreadPoolExecutor(len(browsers)) as pool:
        list(pool.map(lambda browser: browser.post("/zaloguj/kod", data={"code": code}), browsers))

    with app.app_context():
        assert db.session.scalars(select(EmailToken.tries)).one() == 5


def test_a_code_is_worth_nothing_in_another_browser(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    other = make.client(app)
    other.post("/zaloguj", data={"email": STRANGER})
    answer = other.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})

    assert answer.status_code == 422
    assert not is_signed_in(other)


def test_only_keyed_hashes_of_codes_are_kept(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})

    with app.app_context():
        token = db.session.scalars(select(EmailToken)).one()
        assert code_for(app, HALINA) not in (token.code_hash, token.id)
        assert len(token.code_hash) == 64


def test_a_code_of_one_municipality_is_none_in_another(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    make.municipality(app, slug="inna", name="Inna")
    visitor.post("/zaloguj", data={"email": HALINA})
    elsewhere = {"deliberate.slug": "inna"}
    answer = visitor.post(
        "/zaloguj/kod", data={"code": code_for(app, HALINA)}, environ_overrides=elsewhere
    )

    assert answer.location == "/zaloguj"
    assert count(app, SignInSession) == 0
