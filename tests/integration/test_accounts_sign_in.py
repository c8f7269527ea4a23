"""Signing in by a code or a password, the way back, signing out."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts import passwords
from deliberate.accounts.models import EmailToken
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from tests import make
from tests.integration.signing_in import (
    HALINA,
    STRANGER,
    code_for,
    count,
    is_signed_in,
    letters_to,
    sign_in,
    wrong,
)
from tests.sql import counted

PASSWORD = "kasztany pod ratuszem"


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def test_a_code_signs_in_and_leads_back(app: Flask, visitor: FlaskClient, halina: int) -> None:
    asked = visitor.post("/zaloguj?wroc=/konto/zamieszkanie", data={"email": HALINA})
    page = visitor.get(asked.location)
    code = code_for(app, HALINA)
    answer = visitor.post(asked.location, data={"code": f"{code[:3]} {code[3:]}"})

    assert HALINA in page.text
    assert answer.location == "/konto/zamieszkanie"
    assert is_signed_in(visitor)


def test_the_letter_says_what_texts_38_says(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})

    (letter,) = letters_to(app, HALINA)
    assert re.fullmatch(r"Kod: \d{3} \d{3} – Lubowierz", letter.subject)
    assert "Wpisz go na stronie, którą masz otwartą. Ważny 10 minut." in letter.body


def test_a_known_and_an_unknown_address_get_the_same_answers(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    def ask(address: str) -> list[tuple[int, str, str]]:
        browser = make.client(app)
        answers = [
            browser.post("/zaloguj", data={"email": address}),
            browser.get("/zaloguj/kod"),
            browser.post("/zaloguj/kod", data={"code": wrong(code_for(app, address))}),
            browser.post("/zaloguj/haslo", data={"email": address, "password": "nie to hasło"}),
        ]
        return [
            (answer.status_code, answer.headers.get("Location", ""), plain(answer.text, address))
            for answer in answers
        ]

    def plain(page: str, address: str) -> str:
        page = re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", page)
        return re.sub(r'value="\d{6}"', "", page).replace(address, "…")

    known, unknown = ask(HALINA), ask("halika@poczta.example")

    assert known == unknown
    (one,), (other,) = letters_to(app, HALINA), letters_to(app, "halika@poczta.example")
    assert re.sub(r"\d", "0", one.body) == re.sub(r"\d", "0", other.body)


def test_asking_for_a_code_runs_the_same_statements_whoever_asks(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    with counted(app) as known:
        visitor.post("/zaloguj", data={"email": HALINA})
    with counted(app) as unknown:
        make.client(app).post("/zaloguj", data={"email": STRANGER})

    assert known == unknown


def test_a_password_that_nobody_has_takes_as_long_to_check(
    app: Flask, visitor: FlaskClient, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    hasher = passwords._HASHER

    class Watching:
        def verify(self, stored: str, typed: str) -> bool:
            checked.append(stored)
            return hasher.verify(stored, typed)

    monkeypatch.setattr(passwords, "_HASHER", Watching())
    for address in (HALINA, STRANGER):
        visitor.post("/zaloguj/haslo", data={"email": address, "password": PASSWORD})

    assert checked == [passwords.NOBODY, passwords.NOBODY]


def test_passwords_cost_what_rfc_9106_asks_for_and_unknown_addresses_the_same(
    real_passwords: tuple[PasswordHasher, str],
) -> None:
    hasher, nobody = real_passwords

    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 64 * 1024, 4)
    assert not hasher.check_needs_rehash(nobody)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "back",
    ["//example.com", "https://example.com", "/\\example.com", "/%2f/example.com", "javascript:1"],
)
def test_nobody_is_led_elsewhere(app: Flask, visitor: FlaskClient, halina: int, back: str) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    answer = visitor.post(
        "/zaloguj/kod", query_string={"wroc": back}, data={"code": code_for(app, HALINA)}
    )

    assert answer.location == "/"


def test_the_way_back_stays_in_the_municipality(app: Flask, tenant: int, halina: int) -> None:
    browser = app.test_client()
    root = "/g/lubowierz"
    for back in ("/konto?a=1", f"{root}/konto?a=1"):
        browser.post(f"{root}/zaloguj", data={"email": HALINA})
        answer = browser.post(
            f"{root}/zaloguj/kod",
            query_string={"wroc": back},
            data={"code": code_for(app, HALINA)},
        )
        assert answer.location == f"{root}/konto?a=1"


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "typed", ["", "halina", "halina@", "@poczta.example", "a b@poczta.example", "x" * 255 + "@a.pl"]
)
def test_what_is_no_address_comes_back(app: Flask, visitor: FlaskClient, typed: str) -> None:
    answer = visitor.post("/zaloguj", data={"email": typed})

    assert answer.status_code == 422
    assert count(app, Outbox) == 0


def test_an_address_cannot_bring_a_second_recipient(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": "a@poczta.example\r\nBcc: b@poczta.example"})

    with app.app_context():
        assert db.session.scalars(select(Outbox)).all() == []


def test_a_password_signs_in(app: Flask, visitor: FlaskClient, halina: int) -> None:
    make.password(app, halina, PASSWORD)
    page = visitor.get("/zaloguj/haslo")
    answer = visitor.post(
        "/zaloguj/haslo?wroc=/konto", data={"email": HALINA.upper(), "password": PASSWORD}
    )

    assert page.status_code == 200
    assert answer.location == "/konto"
    assert is_signed_in(visitor)


def test_a_password_changed_while_it_was_checked_is_wrong(
    app: Flask, visitor: FlaskClient, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.password(app, halina, PASSWORD)
    real = passwords.matches

    def changed_meanwhile(stored: str | None, typed: str) -> bool:
        make.password(app, halina, "zupełnie inne hasło")
        return real(stored, typed)

    monkeypatch.setattr(passwords, "matches", changed_meanwhile)
    answer = visitor.post("/zaloguj/haslo", data={"email": HALINA, "password": PASSWORD})

    assert answer.status_code == 422
    assert not is_signed_in(visitor)


def test_signing_out_ends_the_row_and_clears_the_browser(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    sign_in(app, visitor)
    with visitor.session_transaction() as cookie:
        held = dict(cookie)
    answer = visitor.post("/wyloguj")
    thief = make.client(app)
    with thief.session_transaction() as cookie:
        cookie.update(held)

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.get("/wyloguj").status_code == 405
    assert not is_signed_in(visitor)
    assert not is_signed_in(thief)


def test_a_token_against_forgery_is_asked_for(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        refused = visitor.post("/zaloguj", data={"email": HALINA})
        page = visitor.get("/zaloguj")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        sent = visitor.post("/zaloguj", data={"email": HALINA, "csrf_token": token[1]})
        other = make.client(app).post("/zaloguj", data={"email": HALINA, "csrf_token": token[1]})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert refused.status_code == 400
    assert sent.status_code == 303
    assert other.status_code == 400


def test_another_site_cannot_post(app: Flask, visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/zaloguj", data={"email": HALINA}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert count(app, EmailToken) == 0
