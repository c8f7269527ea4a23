"""Error pages say what happened and what to do; a refusal of a page is kept for the auditor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, abort
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from deliberate.access.decorators import public
from deliberate.audit.models import AccessRefusal
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.ratelimit import Limit, TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.pages import errors
from deliberate.tenancy.models import Municipality
from tests import make

CODES = sorted(errors.PAGES)


@pytest.fixture
def broken(app: Flask) -> Iterator[str]:
    """Let a page that everyone knows fail as a test says; return its address."""
    kept = app.view_functions["pages.contact"]
    yield "/kontakt"
    app.view_functions["pages.contact"] = kept


def fail_with(app: Flask, trouble: Exception | int) -> None:
    @public
    def view() -> str:
        if isinstance(trouble, int):
            abort(trouble)
        raise trouble

    app.view_functions["pages.contact"] = view


def refusals(app: Flask) -> list[tuple[int, int, str, int]]:
    with app.app_context():
        rows = db.session.scalars(select(AccessRefusal).order_by(AccessRefusal.endpoint))
        return [(row.tenant_id, row.person_id, row.endpoint, row.n) for row in rows]


@pytest.mark.first_on_both
@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page_in_the_municipality(app: Flask, broken: str, code: int) -> None:
    make.municipality(app)
    fail_with(app, code)

    answer = make.client(app).get(broken)

    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert "<h1>" in answer.text
    assert "(00) 123 45 00" in answer.text  # and where to call


@pytest.mark.first_on_both
@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page_without_a_municipality(app: Flask, code: int) -> None:
    kept = app.view_functions["pages.home"]

    def view() -> None:
        abort(code)

    view.for_installation = True  # type: ignore[attr-defined]
    app.view_functions["pages.home"] = view
    try:
        answer = app.test_client().get("/")
    finally:
        app.view_functions["pages.home"] = kept

    assert answer.status_code == code
    assert "<h1>" in answer.text


def test_without_an_account_the_page_leads_to_signing_in_and_back(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).get("/moje?strona=2")

    assert answer.status_code == 401
    assert "/zaloguj?wroc=/moje?strona%3D2" in answer.text


def test_after_an_act_the_way_back_is_not_the_act(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).post("/konto/listy")

    assert answer.status_code == 401
    assert "wroc=" not in answer.text


def test_a_session_that_ended_under_an_open_page_leads_htmx_to_signing_in(app: Flask) -> None:
    make.municipality(app)
    shown = "http://localhost/g/lubowierz/konto/listy?a=1"

    answer = make.client(app).post(
        "/konto/listy", headers={"HX-Request": "true", "HX-Current-URL": shown}
    )

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].endswith("/zaloguj?wroc=/g/lubowierz/konto/listy?a%3D1")


def test_htmx_is_not_led_to_another_host(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).post(
        "/konto/listy", headers={"HX-Request": "true", "HX-Current-URL": "https://zly.example//x"}
    )

    assert "zly" not in answer.headers["HX-Redirect"]


def test_a_refused_page_names_the_role_in_polish(app: Flask) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    answer = client.get("/urzad/dziennik")

    assert answer.status_code == 403
    assert "Do tej strony potrzebna jest rola: osoba sprawdzająca." in answer.text


def test_a_refusal_is_kept_once_a_person_page_and_hour(app: Flask) -> None:
    tenant = make.municipality(app)
    person = make.person(app, resident_of=tenant)
    client = make.client(app, signed_in=person)
    hour = clock.now().replace(minute=10)

    for minutes in (0, 7, 49):
        with clock.at(hour + timedelta(minutes=minutes)):
            client.get("/urzad/dziennik")
    with clock.at(hour):
        client.get("/urzad")
    with clock.at(hour + timedelta(hours=1)):
        client.get("/urzad")

    assert refusals(app) == [
        (tenant, person, "pages.desk", 1),
        (tenant, person, "pages.desk", 1),
        (tenant, person, "pages.journal", 3),
    ]


def test_of_people_without_an_account_nothing_is_kept(app: Flask) -> None:
    make.municipality(app)

    make.client(app).post("/wyglad", headers={"Sec-Fetch-Site": "cross-site"})
    make.client(app).get("/urzad/dziennik")

    assert refusals(app) == []


def test_what_is_not_found_is_no_refusal(app: Flask) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    client.get("/nie-ma-takiej-strony")

    assert refusals(app) == []


def test_a_refusal_that_cannot_be_kept_still_answers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only fault staged here: the database gone between the page and the note."""
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    def gone(*_args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("gone"))

    monkeypatch.setattr("deliberate.pages.refusals._count", gone)

    assert client.get("/urzad/dziennik").status_code == 403


def test_a_rule_that_says_no_answers_409_with_its_reason(app: Flask, broken: str) -> None:
    make.municipality(app)
    fail_with(app, Refused(Refusal("x.y", N_("Zostało %(n)s dni."), {"n": 3})))
    client = make.client(app)

    page, part = client.get(broken), client.get(broken, headers={"HX-Request": "true"})

    assert (page.status_code, part.status_code) == (409, 409)
    assert "Zostało 3 dni." in page.text
    assert "<h1>" in page.text
    assert "<html" not in part.text
    assert part.headers["HX-Retarget"] == "#status"


def test_too_many_tries_answer_429_with_the_time(app: Flask, broken: str) -> None:
    make.municipality(app)
    limit = Limit(bucket="b", most=1, per=timedelta(minutes=10))
    fail_with(app, TooMany(limit, clock.now() + timedelta(seconds=90)))

    answer = make.client(app).get(broken)

    assert answer.status_code == 429
    assert 80 <= int(answer.headers["Retry-After"]) <= 90
    assert "Spróbuj ponownie:" in answer.text


def test_a_broken_promise_gives_a_number_and_no_detail(app: Flask, broken: str) -> None:
    make.municipality(app)
    fail_with(app, RuntimeError("tajny szczegół"))

    answer = make.client(app).get(broken)

    assert answer.status_code == 500
    assert "tajny szczegół" not in answer.text
    assert "Numer, który pomoże nam znaleźć przyczynę:" in answer.text


def test_trouble_with_the_database_answers_503(app: Flask, broken: str) -> None:
    make.municipality(app)
    fail_with(app, OperationalError("SELECT 1", {}, Exception("gone")))

    answer = make.client(app).get(broken)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_a_page_comes_even_when_the_database_is_gone_for_good(
    app: Flask, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The municipality is the one last read: whom to call can be said all the same."""
    make.municipality(app)
    make.client(app).get("/kontakt")
    trouble = OperationalError("SELECT 1", {}, Exception("gone"))

    @public
    def view() -> None:
        def gone(*_args: object, **_kwargs: object) -> None:
            raise trouble

        monkeypatch.setattr(db.engine, "connect", gone)
        raise trouble

    app.view_functions["pages.contact"] = view
    answer = make.client(app).get(broken)
    monkeypatch.undo()

    assert answer.status_code == 503
    assert "Za chwilę wracamy" in answer.text
    assert "Urząd Miasta" in answer.text


def test_the_wrong_method_says_which_are_right(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).post("/kontakt")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_long_a_request_is_refused_and_nothing_kept(app: Flask) -> None:
    tenant = make.municipality(app)
    with app.app_context():
        version = db.session.get_one(Municipality, tenant).version

    answer = make.client(app).post(
        "/zglos-bariere",
        data=b"text=" + b"x" * 13_000_000,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
    with app.app_context():
        assert db.session.get_one(Municipality, tenant).version == version


def test_an_officer_elsewhere_finds_only_what_is_not_there(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant)
    other = make.municipality(app, slug="inna", name="Inna")
    client = make.client(app, slug="inna", signed_in=make.staff(app, other, Role.OFFICER))

    ours, nobodys = client.get("/konsultacje/rynek"), client.get("/konsultacje/niczyje")

    assert ours.status_code == nobodys.status_code == 404
    # A form's token holds the second in which it was made.
    token = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}")
    pages = [token.sub("", page) for page in (ours.text, nobodys.text)]
    assert pages[0].replace("rynek", "") == pages[1].replace("niczyje", "")
