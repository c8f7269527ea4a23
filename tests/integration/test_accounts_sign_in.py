"""Signing in by a code, the first visit, the password, signing out."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from deliberate.accounts import limits, passwords, sessions
from deliberate.accounts.models import EmailToken, Person, Residence, SignInSession
from deliberate.kernel import clock, ratelimit
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make
from tests.sql import counted

HALINA = "halina@poczta.example"
STRANGER = "nowa@poczta.example"
PASSWORD = "kasztany pod ratuszem"
INTRODUCTION = {"display_name": "Nowa N.", "form": "f", "is_13": "y"}


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def letters_to(app: Flask, address: str) -> list[Outbox]:
    with app.app_context():
        wanted = select(Outbox).where(Outbox.address == address).order_by(Outbox.id)
        return list(db.session.scalars(wanted))


def code_for(app: Flask, address: str) -> str:
    found = re.search(r"(\d{3}) (\d{3})", letters_to(app, address)[-1].subject)
    assert found is not None
    return found[1] + found[2]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(table)).one()


def wait(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    moment = datetime.now(clock.WARSAW) + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/konto").status_code == 200


def sign_in(app: Flask, client: FlaskClient, address: str = HALINA) -> None:
    client.post("/zaloguj", data={"email": address})
    answer = client.post("/zaloguj/kod", data={"code": code_for(app, address)})
    assert answer.status_code == 303


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


def test_get_never_signs_in(app: Flask, visitor: FlaskClient, halina: int) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    for _ in range(10):  # as a mail scanner opens what it finds
        visitor.get(f"/zaloguj/kod?code={code_for(app, HALINA)}")

    assert not is_signed_in(visitor)
    visitor.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})
    assert is_signed_in(visitor)


def test_the_session_after_is_not_the_one_before(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    visitor.post("/zaloguj", data={"email": HALINA})
    with visitor.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = dict(cookie)
    visitor.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})
    with visitor.session_transaction() as cookie:
        after = dict(cookie)

    assert not before.keys() & (after.keys() - {"_permanent"})


def test_signing_in_again_ends_the_session_it_replaces(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    sign_in(app, visitor)
    with visitor.session_transaction() as cookie:
        old = dict(cookie)
    sign_in(app, visitor)
    thief = make.client(app)
    with thief.session_transaction() as cookie:
        cookie.update(old)

    assert is_signed_in(visitor)
    assert not is_signed_in(thief)


def test_a_session_of_one_municipality_is_none_in_another(
    app: Flask, visitor: FlaskClient, halina: int
) -> None:
    make.municipality(app, slug="inna", name="Inna")
    sign_in(app, visitor)
    elsewhere = {"deliberate.slug": "inna"}

    assert visitor.get("/konto", environ_overrides=elsewhere).status_code == 401


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


def test_a_role_given_later_shortens_the_session(
    app: Flask, visitor: FlaskClient, tenant: int, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(app, visitor)
    make.membership(app, tenant, halina, Role.OFFICER)
    assert is_signed_in(visitor)
    with app.app_context(), transaction():
        db.session.execute(
            update(SignInSession).values(created_at=clock.now() - timedelta(hours=12, seconds=1))
        )

    assert not is_signed_in(visitor)


@pytest.mark.parametrize(("hours", "still"), [(11.9, True), (12.1, False)])
def test_an_idle_browser_of_a_resident_is_signed_out(
    app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, hours: float, still: bool
) -> None:
    make.person(app, email=HALINA)
    sign_in(app, visitor)
    wait(monkeypatch, hours=hours)

    assert is_signed_in(visitor) is still


def test_an_idle_browser_of_an_officer_is_signed_out_sooner(
    app: Flask, visitor: FlaskClient, tenant: int, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.membership(app, tenant, halina, Role.OFFICER)
    sign_in(app, visitor)
    wait(monkeypatch, minutes=31)

    assert not is_signed_in(visitor)


def test_a_session_in_use_ends_after_thirty_days(
    app: Flask, visitor: FlaskClient, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(app, visitor)
    wait(monkeypatch, days=30)
    with visitor.session_transaction() as cookie:
        cookie[sessions.SEEN] = int(clock.now().timestamp())

    assert not is_signed_in(visitor)


def test_pages_of_signing_in_are_never_kept(app: Flask, visitor: FlaskClient) -> None:
    for page in ("/zaloguj", "/zaloguj/haslo"):
        answer = visitor.get(page)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


def test_the_pages_of_the_installation_sign_nobody_out(app: Flask) -> None:
    tenant = make.municipality(app)
    browser = make.client(app, signed_in=make.person(app, resident_of=tenant))
    slug = browser.environ_base.pop("deliberate.slug")
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/", base_url="http://localhost").status_code == 200

    browser.environ_base["deliberate.slug"] = slug
    assert browser.get("/konto").status_code == 200
