"""How many statements the pages of consultations cost: as many for many as for few."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberate.kernel.actor import Role
from deliberate.subjects.gate import Activity
from tests import make
from tests.sql import counted

ANONYMOUS, SIGNED_IN = 8, 12


@pytest.fixture
def lubowierz(app: Flask) -> int:
    tenant = make.municipality(app)
    make.area(app, tenant)
    return tenant


def fill(app: Flask, tenant: int, first: int, last: int) -> None:
    for number in range(first, last):
        began, days_left = ((9, 19), (-3, 9), (40, -20))[number % 3]
        make.consultation(
            app,
            tenant,
            slug=f"sprawa-{number}",
            began=began,
            days_left=days_left,
            opens=[Activity.PROPOSE, Activity.DISCUSS],
        )


def test_the_list_costs_the_same_for_20_and_100(app: Flask, lubowierz: int) -> None:
    client, costs = make.client(app), []
    for first, last in ((0, 20), (20, 100)):
        fill(app, lubowierz, first, last)
        client.get("/konsultacje")
        with counted(app) as statements:
            assert client.get("/konsultacje?szukaj=rynek").status_code == 200
        costs.append(len(statements))

    assert costs[0] == costs[1] <= ANONYMOUS


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_a_page_costs_what_it_may(app: Flask, lubowierz: int, language: str) -> None:
    consultation = make.consultation(app, lubowierz)
    person = make.person(app, resident_of=lubowierz)
    for _ in range(3):
        make.contribution(app, lubowierz, _thread(app, consultation))
    for client, most in (
        (make.client(app), ANONYMOUS),
        (make.client(app, signed_in=person), SIGNED_IN),
    ):
        client.set_cookie("jezyk", language)
        client.get("/konsultacje/rynek")  # what is kept is read once after a change
        with counted(app) as statements:
            assert client.get("/konsultacje/rynek").status_code == 200
        assert len(statements) <= most, statements


def _thread(app: Flask, consultation: int) -> int:
    from sqlalchemy import select

    from deliberate.discussion.models import Thread
    from deliberate.kernel.db import db

    with app.app_context():
        wanted = select(Thread.id).where(Thread.consultation_id == consultation)
        return db.session.scalars(wanted).one()


def test_a_visitor_who_has_seen_the_page_costs_one_statement(app: Flask, lubowierz: int) -> None:
    make.consultation(app, lubowierz)
    client = make.client(app)
    for path in ("/konsultacje", "/konsultacje/rynek", "/konsultacje/rynek/zmiany"):
        first = client.get(path)
        assert "Set-Cookie" not in first.headers
        with counted(app) as statements:
            again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304
        assert len(statements) == 1


def test_the_desk_costs_the_same_for_20_and_100(app: Flask, lubowierz: int) -> None:
    client = make.client(app, signed_in=make.staff(app, lubowierz, Role.OFFICER))
    costs = []
    for first, last in ((0, 20), (20, 100)):
        fill(app, lubowierz, first, last)
        client.get("/urzad/konsultacje")  # the municipality is read anew after a change, and kept
        with counted(app) as statements:
            assert client.get("/urzad/konsultacje").status_code == 200
        costs.append(len(statements))

    assert costs[0] == costs[1] <= SIGNED_IN
