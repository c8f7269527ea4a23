"""Limits: too many codes, failures, accounts; and enough of them for a library."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.accounts import limits
from deliberate.accounts.models import Person, SignInSession
from deliberate.kernel import clock, ratelimit
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make
from tests.integration.signing_in import (
    HALINA,
    INTRODUCTION,
    STRANGER,
    code_for,
    count,
    is_signed_in,
    sign_in,
)


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def test_the_seventh_code_of_an_hour_is_refused_and_the_address_kept(
    app: Flask, visitor: FlaskClient
) -> None:
    statuses = [
        visitor.post("/zaloguj", data={"email": spelled}).status_code
        for spelled in (HALINA, HALINA.upper()) * 3
    ]
    answer = visitor.post("/zaloguj", data={"email": HALINA})
    resent = visitor.post("/zaloguj/kod/nowy")

    assert statuses == [303] * 6
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert f'value="{HALINA}"' in answer.text
    assert re.search(r"Spróbuj o \d\d:\d\d\. To, co wpisane, zostaje\.", answer.text)
    assert resent.status_code == 429
    assert count(app, Outbox) == 6
    assert make.client(app).post("/zaloguj", data={"email": STRANGER}).status_code == 303


def test_the_eleventh_failure_of_an_account_waits_and_other_accounts_do_not(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    data = {"email": HALINA, "password": "nie to hasło"}
    statuses = [visitor.post("/zaloguj/haslo", data=data).status_code for _ in range(11)]
    other = visitor.post("/zaloguj/haslo", data=data | {"email": STRANGER})

    assert statuses == [422] * 10 + [429]
    assert other.status_code == 422


def test_failures_by_code_and_by_password_are_one_count(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    for _ in range(10):
        visitor.post("/zaloguj/haslo", data={"email": HALINA, "password": "nie to"})
    visitor.post("/zaloguj", data={"email": HALINA})
    answer = visitor.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})

    assert answer.status_code == 429
    assert not is_signed_in(visitor)


def test_the_hundred_and_first_failure_of_a_network_waits(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "10.1.1.1"}), transaction():
        for _ in range(100):
            ratelimit.count(limits.FAILURES_OF_NETWORK, ratelimit.address())
    data = {"email": STRANGER, "password": "nie to hasło"}
    here = {"REMOTE_ADDR": "10.1.1.1"}
    refused = visitor.post("/zaloguj/haslo", data=data, environ_overrides=here)
    elsewhere = visitor.post("/zaloguj/haslo", data=data)

    assert refused.status_code == 429
    assert "nie to hasło" not in refused.text
    assert STRANGER in refused.text
    assert elsewhere.status_code == 422


def test_two_hundred_people_sign_in_in_one_library(app: Flask, tenant: int) -> None:
    addresses = [f"czytelnia{number}@poczta.example" for number in range(200)]
    now = clock.now()
    with app.app_context(), transaction():
        db.session.add_all(
            Person(email=a, email_folded=a, display_name="Ktoś", created_at=now) for a in addresses
        )
    for address in addresses:
        sign_in(app, make.client(app), address)

    assert count(app, SignInSession) == 200


def test_the_sixty_first_account_of_an_hour_waits(app: Flask, visitor: FlaskClient) -> None:
    visitor.post("/zaloguj", data={"email": STRANGER})
    visitor.post("/zaloguj/kod", data={"code": code_for(app, STRANGER)})
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}), transaction():
        for _ in range(60):
            ratelimit.count(limits.REGISTRATIONS, ratelimit.address())
    answer = visitor.post("/zaloguj/poznajmy-sie", data=INTRODUCTION)

    assert answer.status_code == 429
    assert 'value="Nowa N."' in answer.text
    assert count(app, Person) == 0
