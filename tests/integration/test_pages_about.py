"""What the portal says of itself: rules, privacy, contact, how to check it, how it looks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from deliberate.audit import entries as audit
from deliberate.audit.models import AuditHead
from deliberate.consultations.states import State
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import DiscussionRules, Municipality
from tests import make
from tests.sql import counted


def test_the_rules_are_numbered_with_their_version(app: Flask) -> None:
    make.municipality(app)

    text = make.client(app).get("/zasady-rozmowy").text

    assert "<li>Mówimy o sprawie, nie o osobach.</li>" in text
    assert "Wersja 1, obowiązuje od" in text


def test_without_rules_the_page_says_that_nobody_can_speak(app: Flask) -> None:
    tenant = make.municipality(app)
    with app.app_context(), transaction():
        forget = delete(DiscussionRules).where(DiscussionRules.tenant_id == tenant)
        db.session.execute(forget.execution_options(touches=tenant))

    assert "Zasad jeszcze nie ma" in make.client(app).get("/zasady-rozmowy").text


def test_the_privacy_page_lists_every_rule_that_the_daily_job_keeps(app: Flask) -> None:
    make.municipality(app)
    with app.app_context():
        kept = retention.list_rules()
    assert len(kept) > 5

    text = make.client(app).get("/prywatnosc").text

    for rule in kept:
        assert rule.label in text, rule.key
        assert rule.keeps in text, rule.key


def test_contact_shows_only_what_the_office_has_given(app: Flask) -> None:
    tenant = make.municipality(app)

    before = make.client(app).get("/kontakt").text
    with app.app_context(), transaction():
        row = db.session.get_one(Municipality, tenant)
        row.paper_places, row.dpo_contact = "Biblioteka przy Lipowej", "iod@lubowierz.example"
    after = make.client(app).get("/kontakt").text

    assert "Bez internetu" not in before
    assert "Ochrona danych" not in before
    assert "Biblioteka przy Lipowej" in after
    assert "iod@lubowierz.example" in after


def test_the_head_of_the_chain_is_there_to_be_noted(app: Flask) -> None:
    tenant = make.municipality(app)
    person = make.person(app)
    with app.app_context(), transaction():
        actor = Actor(person_id=person, tenant_id=tenant)
        audit.record("unit.added", "org_unit:1", actor=actor, at=clock.now())
    with app.app_context():
        head = db.session.get_one(AuditHead, f"m:{tenant}").hash

    assert head in make.client(app).get("/dla-sprawdzajacych").text


def test_the_head_of_another_municipality_is_not_there(app: Flask) -> None:
    make.municipality(app)
    other, person = make.municipality(app, slug="inna"), make.person(app)
    with app.app_context(), transaction():
        actor = Actor(person_id=person, tenant_id=other)
        audit.record("unit.added", "org_unit:1", actor=actor, at=clock.now())
    with app.app_context():
        head = db.session.get_one(AuditHead, f"m:{other}").hash

    text = make.client(app).get("/dla-sprawdzajacych").text

    assert head not in text
    assert "Ten dziennik nie ma jeszcze żadnego wpisu." in text


def test_open_data_are_linked_for_what_can_be_read(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant)
    make.consultation(app, tenant, slug="szkic", state=State.DRAFT)

    text = make.client(app).get("/dla-sprawdzajacych").text

    assert "/konsultacje/rynek/propozycje.csv" in text
    assert "szkic" not in text


def test_the_look_is_saved_in_the_browser(app: Flask) -> None:
    make.municipality(app)
    client = make.client(app)

    saved = client.post("/wyglad", data={"theme": "dark", "text": "large"})
    text = client.get("/wyglad").text

    assert saved.status_code == 303
    assert 'data-theme="dark"' in text
    assert 'data-text="large"' in text
    for cookie in saved.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"theme": "neon", "text": "large"},
        {"theme": "dark"},
        {"theme": "dark", "text": "x" * 5000},
        {"theme": "da\x01rk", "text": "normal"},
    ],
)
def test_an_unknown_look_is_not_saved(app: Flask, data: dict[str, str]) -> None:
    make.municipality(app)

    answer = make.client(app).post("/wyglad", data=data)

    assert answer.status_code == 422
    assert not any(c.startswith(("motyw", "tekst")) for c in answer.headers.getlist("Set-Cookie"))


def test_a_made_up_cookie_changes_nothing(app: Flask) -> None:
    make.municipality(app)
    client = make.client(app)
    client.set_cookie("motyw", '"><script>')

    assert "<script>" not in client.get("/wyglad").text.replace("<script src", "")


@pytest.mark.parametrize("path", ["/zasady-rozmowy", "/prywatnosc", "/kontakt"])
def test_a_page_of_words_costs_two_queries_at_most(app: Flask, path: str) -> None:
    make.municipality(app)

    with counted(app) as statements:
        make.client(app).get(path)

    assert len(statements) <= 2


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "path", ["/zasady-rozmowy", "/prywatnosc", "/kontakt", "/wyglad", "/zglos-bariere", "/szukaj"]
)
def test_without_a_municipality_they_are_not_there(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404
