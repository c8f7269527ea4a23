"""Saying that something breaks the rules: anybody, about anything that is public."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.moderation.models import Notice
from deliberate.petitions.models import Register
from deliberate.subjects import registry
from tests import make

NOTICE = {
    "reason": "personal_data",
    "text": "W tym wpisie jest numer telefonu mojej mamy.",
    "email": "",
    "good_faith": "y",
    "website": "",
}


@pytest.fixture
def said(app: Flask, tenant: int) -> int:
    consultation = make.consultation(app, tenant)
    return make.contribution(app, tenant, make.thread_of(app, tenant, "consultation", consultation))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def notices(app: Flask) -> list[Notice]:
    with app.app_context():
        return list(db.session.scalars(select(Notice).order_by(Notice.id)))


def test_a_visitor_reports_and_gets_a_number(app: Flask, said: int, visitor: FlaskClient) -> None:
    form = visitor.get(f"/zgloszenie/contribution/{said}")
    answer = visitor.post(f"/zgloszenie/contribution/{said}", data=NOTICE, follow_redirects=True)

    assert "112" in form.text
    assert "Zgłoszenie nr 1 przyjęte" in answer.text
    notice = notices(app)[0]
    assert (notice.subject_kind, notice.subject_id, notice.reason) == (
        "contribution",
        said,
        "personal_data",
    )
    assert (notice.reporter_id, notice.reporter_email, notice.state) == (None, None, "received")


def test_whoever_leaves_an_address_gets_a_letter_without_the_words(
    app: Flask, said: int, visitor: FlaskClient
) -> None:
    visitor.post(f"/zgloszenie/contribution/{said}", data={**NOTICE, "email": "ewa@poczta.example"})

    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
    assert letter.address == "ewa@poczta.example"
    assert letter.subject == "Zgłoszenie nr 1: przyjęte"
    assert "telefonu" not in letter.body
    assert "112" in letter.body


def test_numbers_count_in_each_municipality(
    app: Flask, tenant: int, said: int, visitor: FlaskClient
) -> None:
    url = f"/zgloszenie/contribution/{said}"
    locations = [visitor.post(url, data=NOTICE).location for _ in range(2)]
    other = make.municipality(app, slug="inna", name="Inna")
    consultation = make.consultation(app, other)
    there = make.contribution(app, other, make.thread_of(app, other, "consultation", consultation))
    elsewhere = make.client(app, slug="inna")

    assert locations == ["/zgloszenie/1/potwierdzenie", "/zgloszenie/2/potwierdzenie"]
    answer = elsewhere.post(f"/zgloszenie/contribution/{there}", data=NOTICE)
    assert answer.location == "/zgloszenie/1/potwierdzenie"
    assert elsewhere.get("/zgloszenie/2/potwierdzenie").status_code == 404


def test_notices_given_at_once_get_numbers_of_their_own(app: Flask, said: int) -> None:
    def report(_: int) -> int:
        url = f"/zgloszenie/contribution/{said}"
        return make.client(app).post(url, data=NOTICE).status_code

    with ThreadPoolExecutor(max_workers=5) as pool:
        answers = list(pool.map(report, range(5)))

    assert answers == [303] * 5
    assert [notice.number for notice in notices(app)] == [1, 2, 3, 4, 5]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"reason": None}, "Wybierz jeden powód."),
        ({"reason": "rudeness"}, "Wybierz jeden powód."),
        ({"text": ""}, "Uzupełnij to pole."),
        ({"text": "bo tak"}, "co najmniej 10 znaków"),
        ({"text": "x" * 3001}, "najwyżej 3000 znaków"),
        ({"good_faith": None}, "w dobrej wierze"),
        ({"email": "nie adres"}, "Sprawdź adres"),
        ({"email": "a" * 250 + "@poczta.example"}, None),
        ({"website": "https://kredyty.example"}, "Zostaw to pole puste."),
    ],
)
def test_a_notice_of_the_wrong_shape_comes_back(
    app: Flask, said: int, visitor: FlaskClient, form: dict[str, str | None], told: str | None
) -> None:
    data = {name: value for name, value in {**NOTICE, **form}.items() if value is not None}
    answer = visitor.post(f"/zgloszenie/contribution/{said}", data=data)

    assert answer.status_code == 422
    assert notices(app) == []
    if told:
        assert told in answer.text
    if "text" not in form:
        assert NOTICE["text"] in answer.text


def test_extra_fields_change_nothing(app: Flask, said: int, visitor: FlaskClient) -> None:
    extra = {"state": "decided", "number": "77", "reporter_id": "1", "tenant_id": "2"}
    visitor.post(f"/zgloszenie/contribution/{said}", data={**NOTICE, **extra})

    notice = notices(app)[0]
    assert (notice.state, notice.number, notice.reporter_id) == ("received", 1, None)


def test_after_twenty_notices_an_hour_the_text_is_kept(
    app: Flask, said: int, visitor: FlaskClient
) -> None:
    url = f"/zgloszenie/contribution/{said}"
    answers = [visitor.post(url, data=NOTICE) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert NOTICE["text"] in answers[-1].text
    assert "za dużo zgłoszeń" in answers[-1].text


def test_every_kind_of_thing_can_be_reported_also_the_offices(
    app: Flask, tenant: int, said: int, visitor: FlaskClient
) -> None:
    """Each registered kind has a page of notice; the list of makers must be complete."""
    thread = make.thread_of(app, tenant, "consultation", 1)
    proposal = make.proposal(app, tenant, 1)
    things = {
        "consultation": 1,
        "proposal": proposal,
        "contribution": said,
        "summary": make.summary(app, tenant, thread),
        "answer": make.published_answer(app, tenant, 1, "proposal", proposal),
        "organisation": make.organisation(app, tenant),
        "remark": make.remark(app, tenant, 1),
        "document": make.document(app, tenant, 1),
        "meeting": make.meeting(app, tenant, consultation=1),
        **{
            str(register): make.entry(app, tenant, register=register, number=number)
            for number, register in enumerate(Register, start=1)
        },
    }
    with app.app_context():
        # The two left out are what files belong to; nobody reads them alone.
        kinds = set(registry.kinds()) - {"announcement", "document_draft"}

    assert kinds <= set(things)
    for kind in kinds:
        url = f"/zgloszenie/{kind}/{things[kind]}"
        assert visitor.get(url).status_code == 200, kind
        assert visitor.post(url, data=NOTICE).status_code == 303, kind


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "path", ["nothing/1", "contribution/999", "contribution/99999999999999999999", "contribution/x"]
)
def test_what_is_not_there_cannot_be_reported(said: int, visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/zgloszenie/{path}").status_code == 404


def test_the_form_of_a_hidden_thing_does_not_show_it(
    app: Flask, said: int, visitor: FlaskClient
) -> None:
    make.hidden(app, "contribution", said)

    assert visitor.get(f"/zgloszenie/contribution/{said}").status_code == 404
    assert visitor.post(f"/zgloszenie/contribution/{said}", data=NOTICE).status_code == 404


def test_another_municipality_cannot_report_it(app: Flask, said: int) -> None:
    make.municipality(app, slug="inna", name="Inna")
    elsewhere = make.client(app, slug="inna")

    assert elsewhere.post(f"/zgloszenie/contribution/{said}", data=NOTICE).status_code == 404


def test_markup_in_a_reported_text_stays_text(
    app: Flask, tenant: int, said: int, visitor: FlaskClient
) -> None:
    from deliberate.discussion.models import Contribution

    with app.app_context(), transaction():
        db.session.get_one(Contribution, said).body = "<img src=x onerror=alert(1)>"
    page = visitor.get(f"/zgloszenie/contribution/{said}").text

    assert "<img src=x" not in page
    assert "&lt;img" in page
