"""The second factor: setting it up, changing it, and that nothing keeps its secret in plain."""

from __future__ import annotations

import html
import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from deliberate.accounts import mydata, seals, totp
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.models import (
    Membership,
    Person,
    RecoveryCode,
    SecondFactor,
    SignInSession,
)
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.tables import Base
from tests import make
from tests.sql import counted

BOZENA = "bozena@lubowierz.example"
MINE = "/konto/drugi-skladnik"
NEW = f"{MINE}/nowy"


@pytest.fixture
def bozena(app: Flask, tenant: int) -> int:
    person = make.person(app, name="Bożena W.", email=BOZENA)
    make.membership(app, tenant, person, Role.OFFICER)
    return person


@pytest.fixture
def browser(app: Flask, bozena: int) -> FlaskClient:
    """Give the browser of an officer who has no second factor yet."""
    return make.client(app, signed_in=bozena, second_factor=False)


@pytest.fixture
def proven(app: Flask, bozena: int) -> FlaskClient:
    """Give the browser of one who has a second factor, and proved it a moment ago."""
    return make.client(app, signed_in=bozena)


def offered(browser: FlaskClient) -> str:
    """Begin, and return the secret that the page shows for typing."""
    browser.post(MINE)
    return secret_on(browser.get(NEW))


def secret_on(page: TestResponse) -> str:
    found = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page.text)
    assert found is not None
    return found[1].replace(" ", "")


def code_of(secret: str, ahead: int = 0) -> str:
    return totp.code_at(secret, totp.step_of(clock.now()) + ahead)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def recovery_codes(page: TestResponse) -> list[str]:
    return re.findall(r"<code>(\d{4} \d{4} \d{4})</code>", page.text)


def set_up(browser: FlaskClient) -> tuple[str, list[str]]:
    secret = offered(browser)
    answer = browser.post(NEW, data={"code": code_of(secret)})
    assert answer.status_code == 200
    return secret, recovery_codes(answer)


def factor_of(app: Flask, person: int) -> SecondFactor | None:
    with app.app_context():
        return db.session.get(SecondFactor, person)


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Outbox.subject).where(Outbox.address == BOZENA).order_by(Outbox.id)
            )
        )


def make_stale(app: Flask) -> None:
    with app.app_context(), transaction():
        past = clock.now() - timedelta(seconds=1)
        db.session.execute(update(SignInSession).values(fresh_until=past))


def wait(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    moment = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


# Setting it up.


def test_the_desk_says_calmly_what_is_missing_and_where(
    app: Flask, browser: FlaskClient, proven: FlaskClient, tenant: int
) -> None:
    person = make.staff(app, tenant, Role.AUDITOR)
    page = make.client(app, signed_in=person, second_factor=False).get("/urzad").text

    assert "Zanim zapieczętujesz albo policzysz głosowanie, potrzebny jest drugi składnik." in page
    assert 'href="/konto/drugi-skladnik?wroc=/urzad"' in page
    assert "potrzebny jest drugi składnik" not in proven.get("/urzad").text


def test_an_app_is_set_with_its_first_code(app: Flask, browser: FlaskClient, bozena: int) -> None:
    shown = browser.post(MINE, query_string={"wroc": "/urzad"})
    page = browser.get(shown.location)
    secret = secret_on(page)
    done = browser.post(shown.location, data={"code": code_of(secret)})

    assert shown.location == f"{NEW}?wroc=/urzad"
    assert 'src="data:image/svg+xml' in page.text
    assert html.escape(f"secret={secret}&issuer=Miasto%20Lubowierz") in page.text
    assert "bozena%40lubowierz.example" in page.text
    assert len(set(recovery_codes(done))) == 10
    assert 'href="/urzad"' in done.text
    assert done.headers["Cache-Control"] == "no-store"
    assert factor_of(app, bozena) is not None
    assert "potrzebny jest drugi składnik" not in browser.get("/urzad").text
    assert "zostało 10 z 10" in browser.get(MINE).text
    assert letters(app) == ["Drugi składnik logowania jest ustawiony – Lubowierz"]


def test_reloading_shows_no_secret_and_no_codes_again(app: Flask, browser: FlaskClient) -> None:
    secret, _ = set_up(browser)

    assert browser.get(NEW).location == MINE
    assert browser.post(NEW, data={"code": code_of(secret, 1)}).location == MINE
    assert recovery_codes(browser.get(MINE)) == []


def test_a_wrong_first_code_comes_back_with_the_same_secret(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    secret = offered(browser)
    answer = browser.post(NEW, data={"code": wrong(code_of(secret))})

    assert answer.status_code == 422
    assert "Kod się nie zgadza." in answer.text
    assert secret_on(answer) == secret
    assert factor_of(app, bozena) is None


@pytest.mark.first_on_both
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "123456789012"])
def test_what_is_no_code_of_an_app_comes_back(browser: FlaskClient, typed: str) -> None:
    offered(browser)

    assert browser.post(NEW, data={"code": typed}).status_code == 422


def test_it_begins_with_a_fresh_sign_in(app: Flask, browser: FlaskClient, bozena: int) -> None:
    make_stale(app)
    page = browser.get(MINE, query_string={"wroc": "/urzad"})

    assert browser.post(MINE).status_code == 409
    assert "Wyślij kod" in page.text
    assert "wroc=/konto/drugi-skladnik?wroc%3D/urzad" in page.text
    assert browser.get(NEW).location == MINE


def test_installing_an_app_may_take_half_an_hour(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = offered(browser)
    wait(monkeypatch, minutes=29)

    assert browser.post(NEW, data={"code": code_of(secret)}).status_code == 200


def test_and_no_longer(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = offered(browser)
    with app.app_context(), transaction():  # the desk's half an hour without use is another rule
        db.session.execute(update(SignInSession).values(expires_at=clock.now() + timedelta(days=1)))
    wait(monkeypatch, minutes=30)
    with browser.session_transaction() as cookie:
        cookie["t"] = int(clock.now().timestamp())

    assert browser.post(NEW, data={"code": code_of(secret)}).location == MINE
    assert factor_of(app, bozena) is None


def test_other_browsers_are_signed_out(app: Flask, browser: FlaskClient, bozena: int) -> None:
    other = make.client(app, signed_in=bozena, second_factor=False)
    set_up(browser)

    assert browser.get("/konto").status_code == 200
    assert other.get("/konto").status_code == 401


def test_a_session_that_did_not_prove_it_is_none(app: Flask, browser: FlaskClient) -> None:
    """Also one that began at the very moment when the factor was set elsewhere."""
    set_up(browser)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(second_factor_at=None, ended_at=None))

    assert browser.get("/konto").status_code == 401


def test_of_two_tabs_one_sets_it_and_the_other_is_told(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    secret = offered(browser)
    with browser.session_transaction() as cookie:
        held = dict(cookie)
    browser.post(NEW, data={"code": code_of(secret)})
    before = factor_of(app, bozena)
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(held)
    answer = browser.post(NEW, data={"code": code_of(secret, 1)})
    after = factor_of(app, bozena)

    assert answer.status_code == 409
    assert "w innej karcie" in answer.text
    assert browser.post(MINE).status_code == 409  # from a page that was open before
    assert before is not None
    assert after is not None
    assert after.secret == before.secret


def test_an_offer_is_worth_nothing_to_somebody_else(
    app: Flask, browser: FlaskClient, tenant: int
) -> None:
    offered(browser)
    with browser.session_transaction() as cookie:
        stolen = cookie["o"]
    other = make.client(app, signed_in=make.person(app))
    with other.session_transaction() as cookie:
        cookie["o"] = stolen
    broken = make.client(app, signed_in=make.person(app))
    with broken.session_transaction() as cookie:
        cookie["o"] = "nonsense"

    assert other.get(NEW).location == MINE
    assert broken.get(NEW).location == MINE


def test_a_resident_may_have_one_too(app: Flask, tenant: int) -> None:
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))
    set_up(client)

    assert "ustawiony" in client.get("/konto").text


# What is kept.


def test_neither_secret_nor_codes_are_anywhere_in_plain(
    app: Flask, browser: FlaskClient, bozena: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, codes = set_up(browser)
    browser.post(f"{MINE}/kody", data={"code": code_of(secret, 1)})
    with browser.session_transaction() as cookie:
        kept = [repr(dict(cookie)), caplog.text]
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            kept += [repr(tuple(row)) for row in db.session.execute(select(table))]
        mine = mydata.collect(db.session.get_one(Person, bozena))

    assert any("second_factor" not in row and "Bożena W." in row for row in kept)
    for plain in (secret, totp.in_groups(secret), *codes, *(c.replace(" ", "") for c in codes)):
        assert [row for row in kept if plain in row] == []
        assert plain not in repr(mine)
    assert mine["account"][0]["has_second_factor"] is True
    assert [key for key in mine["account"][0] if "factor" in key] == ["has_second_factor"]


def test_a_sealed_secret_opens_for_its_owner_alone(app: Flask) -> None:
    with app.app_context():
        sealed = seals.seal("tajne", owner="person:1")

        assert seals.unseal(sealed, owner="person:1") == "tajne"
        assert seals.seal("tajne", owner="person:1") != sealed
        changed = ("A" if sealed[20] != "A" else "B").join((sealed[:20], sealed[21:]))
        for other, owner in ((sealed, "person:2"), (changed, "person:1"), ("tajne", "person:1")):
            with pytest.raises(seals.Unreadable):
                seals.unseal(other, owner=owner)


def test_a_seal_outlives_a_change_of_the_key_and_moves_to_the_new_one(
    app: Flask, proven: FlaskClient, bozena: int
) -> None:
    former = app.config["SECRET_KEY"]
    try:
        app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = "n" * 40, [former]
        answer = proven.post(f"{MINE}/kody", data={"code": make.app_code(app, bozena)})
        assert len(recovery_codes(answer)) == 10
        app.config["SECRET_KEY_FALLBACKS"] = []
        row = factor_of(app, bozena)
        assert row is not None
        with app.app_context():
            assert seals.unseal(row.secret, owner=owner_of(bozena)) == make.SECRET
    finally:
        app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = former, []


def test_the_database_itself_accepts_no_older_code_and_no_code_twice(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    set_up(browser)
    with app.app_context(), transaction():
        code = db.session.scalars(select(RecoveryCode).limit(1)).one()
        code.used_at = clock.now()
    for change in (
        update(SecondFactor).values(last_step=1),
        update(RecoveryCode).where(RecoveryCode.used_at.is_not(None)).values(used_at=None),
    ):
        with app.app_context(), pytest.raises(DatabaseError, match="frozen"), transaction():
            db.session.execute(change)


# Changing it.


@pytest.mark.parametrize("change", ["kody", "zmiana", "wylaczenie"])
def test_each_change_needs_a_fresh_sign_in_and_a_code(
    app: Flask, proven: FlaskClient, bozena: int, change: str
) -> None:
    before = factor_of(app, bozena)
    page = f"{MINE}/{change}"
    refused = proven.post(page, data={"code": wrong(make.app_code(app, bozena))})
    empty = proven.post(page)
    make_stale(app)
    stale = proven.post(page, data={"code": make.app_code(app, bozena)})
    after = factor_of(app, bozena)

    assert (refused.status_code, empty.status_code, stale.status_code) == (422, 422, 409)
    assert "Kod się nie zgadza." in refused.text
    assert "Wyślij kod" in proven.get(page).text
    assert before is not None
    assert after is not None
    assert after.secret == before.secret
    assert letters(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("change", ["kody", "zmiana", "wylaczenie"])
def test_without_a_factor_there_is_nothing_to_change(browser: FlaskClient, change: str) -> None:
    assert browser.get(f"{MINE}/{change}").location == MINE
    assert browser.post(f"{MINE}/{change}", data={"code": "123456"}).status_code == 409


def test_new_recovery_codes_void_the_former_ones(app: Flask, browser: FlaskClient) -> None:
    secret, former = set_up(browser)
    answer = browser.post(f"{MINE}/kody", data={"code": code_of(secret, 1)})
    made = recovery_codes(answer)
    again = browser.post(f"{MINE}/wylaczenie", data={"code": former[0]})

    assert len(set(made)) == 10
    assert not set(made) & set(former)
    assert again.status_code == 422
    assert letters(app)[-1] == "Nowe kody zapasowe do logowania – Lubowierz"


def test_another_telephone_replaces_the_first_when_it_is_ready(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    former, codes = set_up(browser)
    answer = browser.post(f"{MINE}/zmiana", data={"code": codes[0]})
    secret = secret_on(browser.get(answer.location))
    waiting = factor_of(app, bozena)
    other = make.client(app, signed_in=bozena)
    done = browser.post(NEW, data={"code": code_of(secret)})

    assert waiting is not None
    with app.app_context():
        assert seals.unseal(waiting.secret, owner=owner_of(bozena)) == former
    assert len(recovery_codes(done)) == 10
    assert other.get("/konto").status_code == 401
    assert browser.get("/konto").status_code == 200
    stays = browser.post(f"{MINE}/wylaczenie", data={"code": code_of(former, 1)})
    assert stays.status_code == 422
    assert letters(app)[-1] == "Drugi składnik logowania jest zmieniony – Lubowierz"


def test_switched_off_it_is_gone_with_its_codes(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    secret, _ = set_up(browser)
    other = make.client(app, signed_in=bozena)
    answer = browser.post(f"{MINE}/wylaczenie", data={"code": code_of(secret, 1)})

    assert answer.location == "/konto"
    assert factor_of(app, bozena) is None
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []
    assert other.get("/konto").status_code == 401
    assert "potrzebny jest drugi składnik" in browser.get("/urzad").text
    assert letters(app)[-1] == "Drugi składnik logowania jest wyłączony – Lubowierz"


def test_a_letter_has_no_link_and_says_what_to_do(app: Flask, browser: FlaskClient) -> None:
    set_up(browser)
    with app.app_context():
        body = db.session.scalars(select(Outbox.body)).one()

    assert "http" not in body
    assert "Jeśli to nie Ty i nikogo o to nie prosisz, zadzwoń do urzędu" in body


def test_guessing_in_a_borrowed_browser_is_limited(
    app: Flask, proven: FlaskClient, bozena: int
) -> None:
    bad = wrong(make.app_code(app, bozena))
    tried = [proven.post(f"{MINE}/kody", data={"code": bad}) for _ in range(11)]

    assert [answer.status_code for answer in tried] == [422] * 10 + [429]
    assert "Retry-After" in tried[-1].headers


def test_closing_the_account_deletes_both(app: Flask, browser: FlaskClient, bozena: int) -> None:
    set_up(browser)
    with app.app_context(), transaction():  # whoever works here closes nothing
        db.session.execute(delete(Membership))
    browser.post("/konto/zamkniecie", data={"understood": "y"})

    assert factor_of(app, bozena) is None
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []
        assert db.session.get_one(Person, bozena).closed_at is not None


def test_the_page_asks_little(app: Flask, proven: FlaskClient, bozena: int) -> None:
    with counted(app) as mine:
        assert proven.get(MINE).status_code == 200
    with counted(app) as account:
        assert proven.get("/konto").status_code == 200
    with counted(app) as plain:
        assert make.client(app, signed_in=make.person(app)).get("/konto").status_code == 200

    assert len(mine) <= 8, mine
    assert len(account) <= 12, account
    assert len([s for s in plain if "INSERT" not in s]) >= len(account)
