"""What a visitor has read already is answered 304, from one query, until something changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.accounts.models import Person
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock
from deliberate.kernel.caching import cached_for_visitors
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from deliberate.topics.actions import install_topics
from tests import make
from tests.sql import counted

# Pages that need more than a consultation, a proposal and a voice to answer 200.
NEED_MORE = {
    "voting.ballot": "a sealed vote",
    "voting.result": "a sealed vote",
    "voting.result_csv": "a published result",
    "voting.result_json": "a published result",
    "voting.check_list": "a vote",
    "voting.check_list_json": "a vote",
    "voting.archive": "a published result",
    "voting.protocol": "a published result",
    "voting.protocol_pdf": "a published result",
    "files.show": "a file",
    "discussion.summary": "a summary; it leads to its thread",
    "discussion.contribution": "leads to its thread",
    "organisations.show": "an organisation",
    "documents.remark": "a remark",
    "documents.history": "a remark",
    "surveys.show": "a survey",
    "surveys.results": "a survey",
    "surveys.results_csv": "a survey",
    "surveys.results_json": "a survey",
    "posters.short": "leads to the consultation",
}


@pytest.fixture
def tenant(app: Flask) -> int:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    make.contribution(app, tenant, make.thread_of(app, tenant, "proposal", proposal))
    with app.app_context(), transaction():
        install_topics()
    return tenant


def addresses(app: Flask) -> list[str]:
    """Return every page that visitors' browsers keep and that this little world holds."""
    values = {"slug": "rynek", "number": 1, "id": 1, "key": "senat-obywatelski"}
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        is_kept = "GET" in (rule.methods or ()) and cached_for_visitors(view)
        if is_kept and rule.endpoint not in NEED_MORE and rule.arguments <= values.keys():
            given = {name: values[name] for name in rule.arguments}
            found.append(app.url_map.bind("").build(rule.endpoint, given))
    return found


def again(client: FlaskClient, path: str, tag: str, **headers: str) -> int:
    headers["If-None-Match"] = tag
    return client.get(path, headers=headers).status_code


def tag_of(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    assert "ETag" in answer.headers, path
    return answer.headers["ETag"]


def test_a_page_read_again_costs_one_query(app: Flask, tenant: int) -> None:
    client = make.client(app)
    assert len(addresses(app)) > 15

    for path in addresses(app):
        tag = tag_of(client, path)
        with counted(app) as statements:
            assert again(client, path, tag) == 304, path

        assert len(statements) == 1, (path, statements)


def test_no_page_of_a_visitor_sets_a_cookie(app: Flask, tenant: int) -> None:
    for path in addresses(app):
        assert "Set-Cookie" not in make.client(app).get(path).headers, path


def test_a_change_of_what_is_shown_makes_the_page_new(app: Flask, tenant: int) -> None:
    client = make.client(app)
    tag = tag_of(client, "/")

    with app.app_context(), transaction():
        db.session.get_one(Consultation, 1).title = "Nowy tytuł"

    assert again(client, "/", tag) == 200


def test_a_change_of_the_municipality_itself_makes_the_page_new(app: Flask, tenant: int) -> None:
    client = make.client(app)
    tag = tag_of(client, "/")

    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).office_phone = "(00) 999 99 99"

    assert again(client, "/", tag) == 200


def test_what_no_page_shows_leaves_it_as_it_is(app: Flask, tenant: int) -> None:
    client, tag = make.client(app), ""
    tag = tag_of(client, "/")

    make.person(app, resident_of=tenant)

    assert again(client, "/", tag) == 304


def test_another_municipality_leaves_it_as_it_is(app: Flask, tenant: int) -> None:
    client = make.client(app)
    tag = tag_of(client, "/")

    make.consultation(app, make.municipality(app, slug="inna"), slug="inne")

    assert again(client, "/", tag) == 304


@pytest.mark.parametrize("headers", [{"Accept-Language": "uk"}, {"HX-Request": "true"}])
def test_another_language_and_a_part_of_a_page_are_pages_of_their_own(
    app: Flask, tenant: int, headers: dict[str, str]
) -> None:
    client = make.client(app)
    tag = tag_of(client, "/", **{"Accept-Language": "pl"})

    assert again(client, "/", tag, **headers) == 200


@pytest.mark.first_on_both
@pytest.mark.parametrize("cookie", [("jezyk", "en"), ("motyw", "dark"), ("tekst", "large")])
def test_a_chosen_language_theme_and_size_are_pages_of_their_own(
    app: Flask, tenant: int, cookie: tuple[str, str]
) -> None:
    client = make.client(app)
    tag = tag_of(client, "/")

    client.set_cookie(*cookie)

    assert again(client, "/", tag) == 200
    assert again(client, "/", tag_of(client, "/")) == 304


def test_an_hour_later_the_page_is_new(app: Flask, tenant: int) -> None:
    client = make.client(app)
    tag = tag_of(client, "/")

    with clock.at(clock.now() + timedelta(hours=1)):
        assert again(client, "/", tag) == 200


def test_a_signed_in_person_gets_no_kept_page(app: Flask, tenant: int) -> None:
    visitor = make.client(app)
    tag = tag_of(visitor, "/")
    with app.app_context():
        person = db.session.query(Person).first()
        assert person is not None
        client = make.client(app, signed_in=person.id)

    answer = client.get("/", headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_pages_with_forms_for_everyone_are_not_kept(app: Flask, tenant: int) -> None:
    for path in ("/wyglad", "/zglos-bariere", "/jeden-list", "/dla-sprawdzajacych"):
        answer = make.client(app).get(path)

        assert "ETag" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-store", path
