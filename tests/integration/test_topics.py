"""Topics: one list, and under each what is shown, of whatever kind."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.consultations.models import State
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions, queries
from deliberate.topics.models import SubjectTopic, Topic
from tests import make
from tests.sql import counted


@pytest.fixture
def tenant(app: Flask) -> int:
    tenant = make.municipality(app)
    with app.app_context(), transaction():
        actions.install_topics()
    return tenant


def file(app: Flask, tenant: int, kind: str, subject: int, *keys: str) -> None:
    with app.app_context(), transaction():
        actions.file_under(db.session.get_one(Municipality, tenant), kind, subject, keys)


def test_twelve_topics_are_installed_once_in_three_languages(app: Flask, tenant: int) -> None:
    with app.app_context():
        with transaction():
            actions.install_topics()
        rows = queries.list_topics()
        assert [row.position for row in rows] == list(range(1, 13))
        assert all(row.name_in(code) for row in rows for code in ("pl", "en", "uk"))
    visitor = make.client(app)
    visitor.set_cookie("jezyk", "en")
    assert "Citizens’ senate" in visitor.get("/tematy").text


def test_a_thing_lies_under_exactly_the_topics_that_were_named(app: Flask, tenant: int) -> None:
    file(app, tenant, "consultation", 7, "wolontariat", "prawa-czlowieka", "nie-ma-takiego")
    file(app, tenant, "consultation", 7, "wolontariat", "senat-obywatelski")

    with app.app_context():
        keys = set(db.session.scalars(select(SubjectTopic.topic_key)))
        assert keys == {"wolontariat", "senat-obywatelski"}
        place = db.session.get_one(Municipality, tenant)
        names = [row.key for row in queries.list_of(place, "consultation", 7)]
    assert names == ["senat-obywatelski", "wolontariat"]


def test_a_page_gathers_what_is_shown_consultations_first(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, title="Czy sadzimy drzewa?")
    draft = make.consultation(app, tenant, slug="szkic", title="Tajny szkic", state=State.DRAFT)
    organisation = make.organisation(app, tenant, name="Klub Lipa")
    waiting = make.organisation(app, tenant, name="Klub Nieznany", verified=False)
    for kind, subject in (
        ("consultation", consultation),
        ("consultation", draft),
        ("organisation", organisation),
        ("organisation", waiting),
        ("unknown", 1),
    ):
        file(app, tenant, kind, subject, "wolontariat")

    page = make.client(app).get("/tematy/wolontariat").text

    assert page.index("Czy sadzimy drzewa?") < page.index("Klub Lipa")
    assert "Tajny szkic" not in page
    assert "Klub Nieznany" not in page


def test_topics_of_one_municipality_show_nothing_of_another(app: Flask, tenant: int) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    file(app, there, "organisation", make.organisation(app, there, name="KGW"), "wolontariat")

    assert "KGW" not in make.client(app).get("/tematy/wolontariat").text
    assert "KGW" in make.client(app, slug="wrzosowiany").get("/tematy/wolontariat").text


def test_an_empty_topic_and_one_that_is_not(app: Flask, tenant: int) -> None:
    visitor = make.client(app)

    assert "jeszcze nic nie ma" in visitor.get("/tematy/wolontariat").text
    assert visitor.get("/tematy/polityka").status_code == 404
    with app.app_context():
        assert db.session.get(Topic, "polityka") is None


def test_a_topic_asks_the_same_for_many(app: Flask, tenant: int) -> None:
    def statements() -> int:
        make.client(app).get("/tematy/wolontariat")  # the municipality is read anew after a change
        with counted(app) as found:
            assert make.client(app).get("/tematy/wolontariat").status_code == 200
        return len(found)

    for _ in range(3):
        file(app, tenant, "organisation", make.organisation(app, tenant), "wolontariat")
    few = statements()
    for number in range(20):
        made = make.organisation(app, tenant, name=f"Koło {number}")
        file(app, tenant, "organisation", made, "wolontariat")
    assert statements() == few <= 8


def test_pages_of_visitors_answer_304_until_something_changes(app: Flask, tenant: int) -> None:
    visitor = make.client(app)
    tag = visitor.get("/tematy/wolontariat").headers["ETag"]
    again = {"If-None-Match": tag}
    assert visitor.get("/tematy/wolontariat", headers=again).status_code == 304

    file(app, tenant, "organisation", make.organisation(app, tenant), "wolontariat")

    assert visitor.get("/tematy/wolontariat", headers=again).status_code == 200
