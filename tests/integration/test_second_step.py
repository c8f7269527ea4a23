"""Signing in with two factors: between the first and the second nobody is signed in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from deliberate.accounts import codes, totp
from deliberate.accounts.models import (
    EmailToken,
    Purpose,
    RecoveryCode,
    SecondFactor,
    SignInSession,
)
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make

BOZENA = "bozena@lubowierz.example"
PASSWORD = "kasztany pod ratuszem"
STEP = "/zaloguj/drugi-skladnik"
PAPER = "482190351746"


@pytest.fixture
def bozena(app: Flask, tenant: int) -> int:
    """Give an officer with an app and one recovery code."""
    person = make.person(app, name="Bożena W.", email=BOZENA)
    make.membership(app, tenant, person, Role.OFFICER)
    make.second_factor(app, person)
    with app.app_context(), transaction():
        code = RecoveryCode(hash=codes.hashed(f"recovery:{person}", PAPER), person_id=person)
        db.session.add(code)
    return person


@pytest.fixture
def browser(app: Flask, bozena: int) -> FlaskClient:
    return make.client(app)


def code_of(ahead: int = 0) -> str:
    return totp.code_at(make.SECRET, totp.step_of(clock.now()) + ahead)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def first_step(app: Flask, browser: FlaskClient, *, back: str | None = None) -> str:
    """Prove the address; returns where that leads."""
    query = {"wroc": back} if back else {}
    browser.post("/zaloguj", data={"email": BOZENA}, query_string=query)
    with app.app_context():
        subject = db.session.scalars(
            select(Outbox.subject)
            .where(Outbox.address == BOZENA, Outbox.kind == "account.code")
            .order_by(Outbox.id.desc())
        ).first()
    found = re.search(r"(\d{3}) (\d{3})", subject or "")
    assert found is not None
    typed = {"code": found[1] + found[2]}
    answer = browser.post("/zaloguj/kod", data=typed, query_string=query)
    assert answer.status_code == 303
    return str(answer.location)


def second_step(browser: FlaskClient, code: str) -> int:
    return browser.post(STEP, data={"code": code}).status_code


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/konto").status_code == 200


def held_by(browser: FlaskClient) -> dict[str, object]:
    with browser.session_transaction() as cookie:
        return dict(cookie)


def browser_with(app: Flask, held: dict[str, object]) -> FlaskClient:
    made = make.client(app)
    with made.session_transaction() as cookie:
        cookie.update(held)
    return made


def stay_the_clock(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    moment = clock.now() + timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: moment)


def make_stale(app: Flask) -> None:
    with app.app_context(), transaction():
        past = clock.now() - timedelta(seconds=1)
        db.session.execute(update(SignInSession).values(fresh_until=past))


def sessions_of(app: Flask) -> list[SignInSession]:
    with app.app_context():
        return list(db.session.scalars(select(SignInSession).order_by(SignInSession.created_at)))


def test_a_code_from_the_letter_is_half_the_way(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    to = first_step(app, browser, back="/urzad")
    page = browser.get(to)
    between = (is_signed_in(browser), sessions_of(app), "Wyloguj się" in browser.get("/").text)
    answer = browser.post(to, data={"code": code_of()})

    assert to == f"{STEP}?wroc=/urzad"
    assert "otwórz aplikację z kodami" in page.text
    assert 'inputmode="numeric"' in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert between == (False, [], False)
    assert answer.location == "/urzad"
    assert is_signed_in(browser)
    (row,) = sessions_of(app)
    assert row.second_factor_at is not None


def test_and_so_is_a_password(app: Flask, browser: FlaskClient, bozena: int) -> None:
    make.password(app, bozena, PASSWORD)
    answer = browser.post("/zaloguj/haslo", data={"email": BOZENA, "password": PASSWORD})

    assert answer.location == STEP
    assert not is_signed_in(browser)
    assert second_step(browser, code_of()) == 303
    assert is_signed_in(browser)


def test_without_the_first_the_second_leads_to_the_beginning(browser: FlaskClient) -> None:
    assert browser.get(STEP).location == "/zaloguj"
    assert browser.post(STEP, data={"code": code_of()}).location == "/zaloguj"


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.INTRODUCE])
def test_a_token_of_another_step_opens_nothing(
    app: Flask, browser: FlaskClient, bozena: int, purpose: Purpose
) -> None:
    first_step(app, browser)
    with app.app_context(), transaction():
        db.session.execute(update(EmailToken).values(purpose=purpose))

    assert browser.post(STEP, data={"code": code_of()}).location == "/zaloguj"
    assert not is_signed_in(browser)


def test_nor_does_half_a_sign_in_open_another_step(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    first_step(app, browser)
    half = held_by(browser)["d"]
    for key in ("s", "k", "i", "e"):
        other = browser_with(app, {key: half})
        introduced = other.post(
            "/zaloguj/poznajmy-sie", data={"display_name": "Obca O.", "form": "n", "is_13": "y"}
        )
        assert introduced.location == "/zaloguj"
        assert not is_signed_in(other)


def test_half_a_sign_in_of_one_municipality_is_none_in_another(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    make.municipality(app, slug="inna", name="Inna")
    first_step(app, browser)
    elsewhere = {"deliberate.slug": "inna"}

    answer = browser.post(STEP, data={"code": code_of()}, environ_overrides=elsewhere)

    assert answer.location == "/zaloguj"
    assert sessions_of(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("case", [(-2, 422), (-1, 303), (1, 303), (2, 422)])
def test_a_telephone_may_be_half_a_minute_off(
    app: Flask,
    browser: FlaskClient,
    bozena: int,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[int, int],
) -> None:
    steps_off, status = case
    stay_the_clock(monkeypatch)
    first_step(app, browser)

    assert second_step(browser, code_of(steps_off)) == status


def test_a_code_that_worked_never_works_again(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay_the_clock(monkeypatch)
    first_step(app, browser)
    assert second_step(browser, code_of()) == 303
    thief = make.client(app)
    first_step(app, thief)
    seen, older, next_one = (thief.post(STEP, data={"code": code_of(n)}) for n in (0, -1, 1))

    assert (seen.status_code, older.status_code) == (422, 422)
    assert "Ten kod został już użyty. Poczekaj na następny" in seen.text
    assert next_one.status_code == 303


def test_waiting_for_the_next_code_costs_no_try(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    first_step(app, browser)
    second_step(browser, code_of())
    again = make.client(app)
    first_step(app, again)
    used = [second_step(again, code_of()) for _ in range(8)]

    assert set(used) == {422}
    assert second_step(again, make.app_code(app, bozena)) == 303


def test_five_wrong_codes_end_the_try(app: Flask, browser: FlaskClient, bozena: int) -> None:
    first_step(app, browser)
    statuses = [second_step(browser, wrong(code_of())) for _ in range(5)]
    answer = browser.post(STEP, data={"code": code_of()})

    assert statuses == [422, 422, 422, 422, 409]
    assert answer.status_code == 409
    assert "Pięć prób się nie udało." in answer.text
    assert "Zaloguj się od nowa" in answer.text
    assert not is_signed_in(browser)
    first_step(app, browser)
    assert second_step(browser, code_of()) == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345678901"])
def test_what_is_no_code_is_not_counted(
    app: Flask, browser: FlaskClient, bozena: int, typed: str
) -> None:
    first_step(app, browser)

    assert second_step(browser, typed) == 422
    with app.app_context():
        tries = db.session.scalars(
            select(EmailToken.tries).where(EmailToken.purpose == Purpose.SECOND_STEP)
        )
        assert tries.one() == 0


def test_ten_minutes_are_the_time_for_it(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_step(app, browser)
    stay_the_clock(monkeypatch, minutes=10)
    answer = browser.post(STEP, data={"code": code_of()})

    assert answer.status_code == 409
    assert "minęło 10 minut" in answer.text


def test_ten_failures_in_five_minutes_close_the_account_for_a_while(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay_the_clock(monkeypatch)
    for _ in range(2):
        first_step(app, browser)
        for _ in range(5):
            second_step(browser, wrong(code_of()))
    make.password(app, bozena, PASSWORD)
    with app.app_context(), transaction():  # a try that began before
        db.session.execute(
            update(EmailToken).where(EmailToken.purpose == Purpose.SECOND_STEP).values(tries=0)
        )
    answer = browser.post(STEP, data={"code": code_of()})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 300
    assert "za dużo prób" in answer.text
    assert not is_signed_in(browser)


def test_fifty_failures_close_it_until_the_next_day(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody with the first factor would have guessed six digits within months."""
    midnight = clock.now().replace(hour=0, minute=0, second=10, microsecond=0)
    for turn in range(5):  # an hour apart, or there would be no more letters with codes
        now = midnight + timedelta(hours=turn)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        for _ in range(2):
            first_step(app, browser)
            for _ in range(5):
                second_step(browser, wrong(code_of()))
    now = midnight + timedelta(hours=5)
    monkeypatch.setattr(clock, "now", lambda: now)
    first_step(app, browser)
    answer = browser.post(STEP, data={"code": code_of()})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60_000


def test_a_recovery_code_works_once_and_a_letter_tells(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    first_step(app, browser)
    assert second_step(browser, "4821 9035-1746") == 303
    again = make.client(app)
    first_step(app, again)
    answer = again.post(STEP, data={"code": PAPER})

    assert is_signed_in(browser)
    assert answer.status_code == 422
    assert "Ten kod zapasowy został już użyty." in answer.text
    assert not is_signed_in(again)
    with app.app_context():
        subjects = db.session.scalars(select(Outbox.subject).order_by(Outbox.id)).all()
    assert "Użyto kodu zapasowego do logowania – Lubowierz" in subjects


def test_a_recovery_code_of_somebody_else_is_none(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    other = make.person(app)
    with app.app_context(), transaction():
        db.session.execute(update(RecoveryCode).values(person_id=other))
    first_step(app, browser)

    assert second_step(browser, PAPER) == 422


def test_in_two_tabs_one_code_signs_in_once(app: Flask, browser: FlaskClient, bozena: int) -> None:
    first_step(app, browser)
    stolen = browser_with(app, held_by(browser))
    browser.post(STEP, data={"code": code_of()})
    same_browser = browser.post(STEP, data={"code": code_of()}, query_string={"wroc": "/konto"})
    stolen_cookie = stolen.post(STEP, data={"code": code_of(1)})

    assert same_browser.location == "/konto"
    assert stolen_cookie.status_code == 409
    assert not is_signed_in(stolen)
    assert len(sessions_of(app)) == 1


def test_of_many_at_once_with_one_code_one_gets_in(
    app: Flask, browser: FlaskClient, bozena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay_the_clock(monkeypatch)
    browsers = [make.client(app) for _ in range(4)]
    for each in browsers:
        first_step(app, each)
    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(pool.map(lambda each: second_step(each, code_of()), browsers))

    assert sorted(statuses) == [303, 422, 422, 422]
    assert len(sessions_of(app)) == 1


def test_of_many_at_once_with_one_recovery_code_one_gets_in(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    browsers = [make.client(app) for _ in range(4)]
    for each in browsers:
        first_step(app, each)
    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(pool.map(lambda each: second_step(each, PAPER), browsers))

    assert sorted(statuses) == [303, 422, 422, 422]


def test_a_factor_taken_away_meanwhile_ends_the_try(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    first_step(app, browser)
    with app.app_context(), transaction():
        db.session.execute(delete(SecondFactor))
    answer = browser.post(STEP, data={"code": code_of()})

    assert answer.status_code == 409
    assert "nie ma drugiego składnika" in answer.text
    assert not is_signed_in(browser)


def test_what_does_not_open_is_said_and_lets_nobody_in(
    app: Flask, browser: FlaskClient, bozena: int, caplog: pytest.LogCaptureFixture
) -> None:
    first_step(app, browser)
    with app.app_context(), transaction():
        db.session.execute(update(SecondFactor).values(secret="nonsense"))
    answer = browser.post(STEP, data={"code": code_of()})

    assert answer.status_code == 422
    assert "nie da się teraz sprawdzić" in answer.text
    assert f"second factor of person:{bozena} does not open" in caplog.text
    assert second_step(browser, PAPER) == 303


def test_the_cookie_after_is_not_the_one_before(
    app: Flask, browser: FlaskClient, bozena: int
) -> None:
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    first_step(app, browser)
    between = held_by(browser)
    second_step(browser, code_of())

    assert "planted" not in between
    assert not between.keys() & (held_by(browser).keys() - {"_permanent"})


def test_proving_it_once_more_takes_both_and_keeps_one_signed_in_meanwhile(
    app: Flask, bozena: int
) -> None:
    browser = make.client(app, signed_in=bozena)
    make_stale(app)
    to = first_step(app, browser, back="/konto/e-mail")
    between = browser.get("/konto/e-mail")
    answer = browser.post(to, data={"code": make.app_code(app, bozena)})

    assert between.status_code == 200
    assert "więcej niż 5 minut" in between.text
    assert answer.location == "/konto/e-mail"
    assert "więcej niż 5 minut" not in browser.get("/konto/e-mail").text
    former, present = sessions_of(app)
    assert former.ended_at is not None
    assert present.second_factor_at is not None


def test_whoever_has_none_is_asked_for_nothing_more(app: Flask, tenant: int) -> None:
    make.person(app, email=BOZENA, resident_of=tenant)
    browser = make.client(app)

    assert first_step(app, browser, back="/konto") == "/konto"
    assert is_signed_in(browser)
