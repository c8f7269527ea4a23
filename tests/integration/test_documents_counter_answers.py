"""Answers to what came without an account."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.counter import put_up, remarks, send


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(
        app, tenant, slug="program", opens=(Activity.REMARK,), began=9, days_left=19
    )


@pytest.fixture
def document(app: Flask, tenant: int, consultation: int) -> int:
    return put_up(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int, document: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def test_who_sent_a_letter_is_told_at_an_address_of_their_own(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    send(officer, email="Halina@poczta.example")
    send(officer, form_key="f" * 16, email="halina@poczta.example", despite="1")
    send(officer, form_key="e" * 16, despite="1")
    reason = "Drzewa zostaną, bo projekt zmieniono w tym miejscu w listopadzie."
    desk = "/urzad/konsultacje/program/odpowiedzi"
    for remark in remarks(app):
        data = {"position": "accepted", "reason": reason, "unit": "0"}
        officer.post(f"{desk}/remark/{remark.id}", data=data)
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    assert approver.post(f"{desk}/ogloszenie").status_code == 303

    with app.app_context():
        (sent,) = db.session.scalars(select(Outbox).where(Outbox.kind == "answered")).all()
    assert sent.address.casefold() == "halina@poczta.example"
    assert "uwzględniona" in sent.body
    assert "adres był podany w piśmie" in sent.body
    links = re.findall(r"/moje/odpowiedz/\S+", sent.body)
    assert len(links) == 2
    page = " ".join(make.client(app).get(links[0]).text.split())
    assert "Uwzględniona" in page
    assert "§ 6 ust. 2" in page


def test_one_tick_answers_all_letters_that_say_the_same(app: Flask, officer: FlaskClient) -> None:
    for number in range(3):
        send(officer, form_key=f"{number}" * 16, alike="y")
    send(officer, **{"form_key": "e" * 16, "parts-0-body": "Coś innego, bez drzew."})
    desk = "/urzad/konsultacje/program/odpowiedzi"
    page = officer.get(desk).text
    tick = re.search(r'value="(jednakowe:\w+)"', page)
    assert tick is not None
    assert "wszystkie jednakowe listy (3)" in page

    chosen = officer.get(f"{desk}/wspolna", query_string={"rzecz": tick[1]}).text

    assert "Jedna odpowiedź na wiele spraw (3)" in chosen
    assert "uwzględniona częściowo" in chosen
    assert "przyjęta" not in chosen
