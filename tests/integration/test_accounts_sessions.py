"""Sessions: when one begins, ends, and where it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from deliberate.accounts import sessions
from deliberate.accounts.models import SignInSession
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from tests import make
from tests.integration.signing_in import HALINA, code_for, is_signed_in, sign_in, wait


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


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
