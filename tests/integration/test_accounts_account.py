"""My account: name, address, password, browsers, my data, closing."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import EmailToken, Person, Residence, SignInSession
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make
from tests.sql import counted

HALINA = "halina@poczta.example"
NEW = "halina.k@poczta.example"
PASSWORD = "kasztany pod ratuszem"
PROFILE = {"display_name": "Halina Kowal", "form": "f", "locale": "uk"}


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def browser(app: Flask, halina: int) -> FlaskClient:
    return make.client(app, signed_in=halina)


def letters(app: Flask, address: str) -> list[Outbox]:
    with app.app_context():
        wanted = select(Outbox).where(Outbox.address == address).order_by(Outbox.id)
        return list(db.session.scalars(wanted))


def code_for(app: Flask, address: str) -> str:
    found = re.search(r"(\d{3}) (\d{3})", letters(app, address)[-1].subject)
    assert found is not None
    return found[1] + found[2]


def person(app: Flask, person_id: int) -> Person:
    with app.app_context():
        return db.session.get_one(Person, person_id)


def make_stale(app: Flask) -> None:
    """Let the five minutes after signing in pass."""
    with app.app_context(), transaction():
        past = clock.now() - timedelta(seconds=1)
        db.session.execute(update(SignInSession).values(fresh_until=past))


def test_what_pages_call_me_can_be_changed(app: Flask, browser: FlaskClient, halina: int) -> None:
    browser.set_cookie("jezyk", "pl")
    answer = browser.post("/konto", data=PROFILE)
    page = browser.get("/konto")

    assert answer.status_code == 303
    assert 'lang="uk"' in page.text
    assert 'value="Halina Kowal"' in page.text
    changed = person(app, halina)
    assert (changed.form, changed.locale, changed.name_folded) == ("f", "uk", "halina kowal")


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""},
        {"display_name": "x" * 61},
        {"display_name": "administrator"},
        {"form": "female"},
        {"locale": "de"},
    ],
)
def test_a_profile_of_the_wrong_shape_comes_back(
    app: Flask, browser: FlaskClient, halina: int, change: dict[str, str]
) -> None:
    answer = browser.post("/konto", data=PROFILE | change)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert person(app, halina).display_name == "Halina K."


def test_fields_that_nobody_asked_for_change_nothing(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    browser.post("/konto", data=PROFILE | {"email": NEW, "id": "7", "closed_at": "2020-01-01"})

    assert person(app, halina).email == HALINA


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "page",
    [
        "/konto",
        "/konto/e-mail",
        "/konto/e-mail/kod",
        "/konto/haslo",
        "/konto/zamkniecie",
        "/konto/dane.json",
        "/konto/zamieszkanie",
    ],
)
def test_pages_of_an_account_ask_to_sign_in(app: Flask, tenant: int, page: str) -> None:
    assert make.client(app).get(page).status_code == 401


def test_a_new_address_is_proven_and_the_old_one_told(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    telephone = make.client(app, signed_in=halina)
    sent = browser.post("/konto/e-mail", data={"email": NEW})
    page = browser.get(sent.location)
    answer = browser.post(sent.location, data={"code": code_for(app, NEW)})

    assert NEW in page.text
    assert answer.location == "/konto"
    assert (person(app, halina).email, person(app, halina).email_folded) == (NEW, NEW)
    assert "ma teraz inny adres" in letters(app, HALINA)[-1].body
    assert NEW not in letters(app, HALINA)[-1].body
    assert browser.get("/konto").status_code == 200
    assert telephone.get("/konto").status_code == 401


def test_codes_to_the_old_address_die_with_it(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    elsewhere = make.client(app)
    elsewhere.post("/zaloguj", data={"email": HALINA.upper()})
    with app.app_context():
        code_to_old = code_for(app, HALINA.upper().replace("POCZTA.EXAMPLE", "poczta.example"))
    browser.post("/konto/e-mail", data={"email": NEW})
    browser.post("/konto/e-mail/kod", data={"code": code_for(app, NEW)})
    answer = elsewhere.post("/zaloguj/kod", data={"code": code_to_old})

    assert answer.status_code == 409
    assert elsewhere.get("/konto").status_code == 401


def test_an_address_that_is_taken_looks_the_same_and_gets_no_code(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    make.person(app, name="Inna I.", email=NEW)
    answer = browser.post("/konto/e-mail", data={"email": NEW})
    free = browser.post("/konto/e-mail", data={"email": "wolny@poczta.example"})

    assert (answer.status_code, answer.location) == (free.status_code, free.location)
    (letter,) = letters(app, NEW)
    assert not re.search(r"\d{3} \d{3}", letter.subject + letter.body.replace("123 45", ""))
    assert person(app, halina).email == HALINA


def test_an_address_taken_in_those_ten_minutes_is_refused(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    browser.post("/konto/e-mail", data={"email": NEW})
    make.person(app, name="Inna I.", email=NEW)
    answer = browser.post("/konto/e-mail/kod", data={"code": code_for(app, NEW)})

    assert answer.status_code == 409
    assert "Tego adresu nie można użyć." in answer.text
    assert person(app, halina).email == HALINA


def test_a_code_for_a_new_address_is_of_one_person(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    browser.post("/konto/e-mail", data={"email": NEW})
    with browser.session_transaction() as cookie:
        token = cookie["e"]
    other = make.client(app, signed_in=make.person(app, name="Inna I."))
    with other.session_transaction() as cookie:
        cookie["e"] = token
    answer = other.post("/konto/e-mail/kod", data={"code": code_for(app, NEW)})

    assert answer.location == "/konto/e-mail"
    with app.app_context():
        assert db.session.scalars(select(EmailToken.used_at)).all() == [None]


def test_a_code_for_signing_in_does_not_change_an_address(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    browser.post("/zaloguj", data={"email": NEW})
    with browser.session_transaction() as cookie:
        cookie["e"] = cookie["k"]
    answer = browser.post("/konto/e-mail/kod", data={"code": code_for(app, NEW)})

    assert answer.location == "/konto/e-mail"
    assert person(app, halina).email == HALINA


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/konto/e-mail", {"email": NEW}),
        ("/konto/haslo", {"password": PASSWORD}),
        ("/konto/haslo/usuniecie", {}),
        ("/konto/zamkniecie", {"understood": "y"}),
    ],
)
def test_what_could_take_an_account_over_needs_a_fresh_session(
    app: Flask, browser: FlaskClient, halina: int, page: str, data: dict[str, str]
) -> None:
    make_stale(app)
    before = person(app, halina)
    answer = browser.post(page, data=data)

    assert answer.status_code == 409
    assert "Zaloguj się jeszcze raz" in answer.text
    after = person(app, halina)
    assert (after.email, after.password_hash, after.closed_at) == (
        before.email,
        before.password_hash,
        before.closed_at,
    )


def test_the_page_says_so_and_leads_there_and_back(app: Flask, browser: FlaskClient) -> None:
    make_stale(app)
    page = browser.get("/konto/haslo")
    link = re.search(r'href="(/zaloguj\?wroc=[^"]+)"', page.text)

    assert link is not None
    assert 'name="password"' not in page.text
    again = browser.get(link[1])
    assert f'value="{HALINA}"' in again.text
    browser.post(link[1], data={"email": HALINA})
    back = browser.post(
        link[1].replace("zaloguj?", "zaloguj/kod?"), data={"code": code_for(app, HALINA)}
    )
    assert back.location == "/konto/haslo"
    assert 'name="password"' in browser.get(back.location).text


def test_a_password_is_set_changed_and_removed(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    telephone = make.client(app, signed_in=halina)
    browser.post("/konto/haslo", data={"password": PASSWORD})

    assert telephone.get("/konto").status_code == 401
    assert browser.get("/konto").status_code == 200
    stored = person(app, halina).password_hash
    assert stored is not None
    assert stored.startswith("$argon2id$")
    browser.post("/konto/haslo/usuniecie")
    assert person(app, halina).password_hash is None


def test_the_present_password_stands_for_a_fresh_session(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    make.password(app, halina, PASSWORD)
    make_stale(app)
    wrong = browser.post("/konto/haslo", data={"current": "nie to", "password": "nowe " + PASSWORD})
    unchanged = person(app, halina).password_hash
    right = browser.post("/konto/haslo", data={"current": PASSWORD, "password": "nowe " + PASSWORD})

    assert wrong.status_code == 422
    assert "Obecne hasło się nie zgadza." in wrong.text
    assert PASSWORD not in wrong.text
    assert right.status_code == 303
    assert person(app, halina).password_hash != unchanged


def test_a_borrowed_session_cannot_guess_the_password(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    make.password(app, halina, PASSWORD)
    make_stale(app)
    guess = {"current": "nie to", "password": "nowe " + PASSWORD}
    statuses = [browser.post("/konto/haslo", data=guess).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


@pytest.mark.first_on_both
@pytest.mark.parametrize("text", ["", "x" * 11, "x" * 201])
def test_a_password_of_the_wrong_length_comes_back(
    app: Flask, browser: FlaskClient, halina: int, text: str
) -> None:
    assert browser.post("/konto/haslo", data={"password": text}).status_code == 422
    assert person(app, halina).password_hash is None


def test_another_browser_can_be_signed_out(app: Flask, browser: FlaskClient, halina: int) -> None:
    telephone = make.client(app, signed_in=halina)
    page = browser.get("/konto").text
    references = re.findall(r'action="(/konto/sesje/[0-9a-f]{16}/koniec)"', page)

    assert len(references) == 2
    browser.post(references[0])  # the newest is the telephone's
    assert telephone.get("/konto").status_code == 401
    assert browser.get("/konto").status_code == 200


def test_nobody_signs_out_another_person(app: Flask, browser: FlaskClient) -> None:
    other = make.person(app, name="Inna I.")
    theirs = make.client(app, signed_in=other)
    reference = re.findall(
        r'action="(/konto/sesje/[0-9a-f]{16}/koniec)"', theirs.get("/konto").text
    )

    assert browser.post(reference[0]).status_code == 404
    assert browser.post("/konto/sesje/nie-ma/koniec").status_code == 404
    assert theirs.get("/konto").status_code == 200


def test_signing_out_everywhere_ends_this_browser_too(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    telephone = make.client(app, signed_in=halina)
    browser.post("/konto/sesje/koniec")

    assert browser.get("/konto").status_code == 401
    assert telephone.get("/konto").status_code == 401


def test_my_data_hold_every_part_and_nothing_of_others(
    app: Flask, browser: FlaskClient, tenant: int, halina: int
) -> None:
    make.person(app, name="Inna I.", email="inna@poczta.example", resident_of=tenant)
    answer = browser.get("/konto/dane.json")
    data = json.loads(answer.text)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert data["account"][0]["email"] == HALINA
    assert data["residences"][0]["municipality"] == "Lubowierz"
    assert data["memberships"] == []
    assert len(data["browsers"]) == 1
    assert "inna@poczta.example" not in answer.text


def test_two_parts_of_one_name_are_a_mistake(app: Flask) -> None:
    with pytest.raises(ValueError, match="account"):
        mydata.register(app, "account", lambda _person: [])


def test_a_closed_account_keeps_nothing_that_names_the_person(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    make.password(app, halina, PASSWORD)
    make.client(app).post("/zaloguj", data={"email": HALINA})
    answer = browser.post("/konto/zamkniecie", data={"understood": "y"})
    page = browser.get(answer.location)

    assert "Konto jest zamknięte" in page.text
    assert browser.get("/konto").status_code == 401
    closed = person(app, halina)
    assert (closed.email, closed.email_folded, closed.password_hash) == (None, None, None)
    assert (closed.display_name, closed.name_folded) == ("konto usunięte", "konto usuniete")
    with app.app_context():
        assert db.session.scalars(select(Residence)).all() == []
        assert db.session.scalars(select(EmailToken)).all() == []
        assert db.session.scalars(select(AuditEntry.action)).all() == ["account.closed"]
    assert [letter.kind for letter in letters(app, HALINA)] == ["account.notice"]


def test_features_empty_their_own_when_an_account_closes(
    app: Flask, browser: FlaskClient, halina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str | None]] = []
    monkeypatch.setitem(app.extensions, "deliberate.closing", [])
    closing.register(
        app, lambda person_id: seen.append((person_id, db.session.get_one(Person, person_id).email))
    )
    browser.post("/konto/zamkniecie", data={"understood": "y"})

    assert seen == [(halina, HALINA)]


def test_an_account_with_a_role_is_not_closed(
    app: Flask, browser: FlaskClient, tenant: int, halina: int
) -> None:
    make.membership(app, tenant, halina, Role.OFFICER)
    page = browser.get("/konto/zamkniecie")
    answer = browser.post("/konto/zamkniecie", data={"understood": "y"})

    assert "ma rolę w urzędzie" in page.text
    assert 'name="understood"' not in page.text
    assert answer.status_code == 409
    assert person(app, halina).closed_at is None


def test_closing_is_not_done_by_accident(app: Flask, browser: FlaskClient, halina: int) -> None:
    assert browser.post("/konto/zamkniecie").status_code == 422
    assert person(app, halina).closed_at is None


def test_the_address_of_a_closed_account_is_free_again(
    app: Flask, browser: FlaskClient, halina: int
) -> None:
    browser.post("/konto/zamkniecie", data={"understood": "y"})
    visitor = make.client(app)
    visitor.post("/zaloguj", data={"email": HALINA})
    answer = visitor.post("/zaloguj/kod", data={"code": code_for(app, HALINA)})

    assert answer.location == "/zaloguj/poznajmy-sie"


def test_the_account_page_asks_little(app: Flask, browser: FlaskClient, halina: int) -> None:
    with counted(app) as statements:
        assert browser.get("/konto").status_code == 200
    few = len(statements)
    for _ in range(20):
        make.client(app, signed_in=halina)
    with counted(app) as statements:
        browser.get("/konto")

    assert len(statements) == few <= 12
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 21
