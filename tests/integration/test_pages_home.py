"""The first page of a municipality and of the installation."""

from __future__ import annotations

from flask import Flask

from deliberate.answers.models import Answer
from deliberate.answers.positions import Position
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.topics.actions import file_under, install_topics
from tests import make
from tests.sql import counted


def page(app: Flask, **headers: str) -> str:
    answer = make.client(app).get("/", headers=headers)
    assert answer.status_code == 200
    return answer.text


def test_what_runs_stands_first_with_what_can_be_done_and_until_when(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant, slug="pozniej", title="Drugi koniec", days_left=30)
    make.consultation(app, tenant, title="Bliższy koniec", days_left=6)

    text = page(app)

    assert text.index("Bliższy koniec") < text.index("Trwa także") < text.rindex("Drugi koniec")
    assert "Zgłosić propozycję, poprzeć propozycje albo zabrać głos w rozmowie." in text


def test_what_takes_part_now_stands_before_what_pauses(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(
        app, tenant, slug="czeka", title="Tylko informacja", opens=[Activity.INFORM], days_left=2
    )
    make.consultation(app, tenant, title="Można działać", days_left=20)

    text = page(app)

    assert text.index("Można działać") < text.index("Tylko informacja")


def test_nothing_runs_and_the_next_one_is_named(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant, title="Park Miejski", began=-14, days_left=30)

    text = page(app)

    assert "Teraz nie ma otwartych konsultacji." in text
    assert "Park Miejski" in text
    assert 'href="/g/lubowierz/jeden-list"' in text or 'href="/jeden-list"' in text


def test_an_empty_municipality_has_a_first_page(app: Flask) -> None:
    make.municipality(app)

    text = page(app)

    assert "Teraz nie ma otwartych konsultacji." in text
    assert "Następne:" not in text


def test_drafts_and_other_municipalities_are_not_there(app: Flask) -> None:
    tenant, other = make.municipality(app), make.municipality(app, slug="inna", name="Inna")
    make.consultation(app, tenant, slug="szkic", title="Tajny szkic", state=State.DRAFT)
    make.consultation(app, other, title="Cudze konsultacje")

    text = page(app)

    assert "Tajny szkic" not in text
    assert "Cudze konsultacje" not in text


def test_only_published_answers_to_shown_proposals_are_what_became_of_it(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, state=State.ANSWERED, days_left=-1)
    seen = make.proposal(app, tenant, consultation, title="Ławki przy Lipowej")
    hidden = make.proposal(app, tenant, consultation, title="Ukryta propozycja")
    drafted = make.proposal(app, tenant, consultation, title="Jeszcze bez decyzji")
    for each in (seen, hidden):
        make.published_answer(app, tenant, consultation, "proposal", each)
    make.add(
        app,
        Answer(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind="proposal",
            subject_id=drafted,
            position=Position.ACCEPTED,
            justification="Szkic odpowiedzi.",
            signed_as="Urząd Miasta",
            saved_at=clock.now(),
        ),
    )
    make.hidden(app, "proposal", hidden)

    text = page(app)

    assert "Ławki przy Lipowej" in text
    assert "Ukryta propozycja" not in text
    assert "Jeszcze bez decyzji" not in text
    assert "Urząd odpowiedział dotąd na 1 propozycję." in text


def test_topics_count_only_what_can_be_read(app: Flask) -> None:
    tenant = make.municipality(app)
    seen = make.consultation(app, tenant)
    draft = make.consultation(app, tenant, slug="szkic", state=State.DRAFT)
    with app.app_context(), transaction():
        install_topics()
        row = db.session.get_one(Municipality, tenant)
        for each in (seen, draft):
            file_under(row, "consultation", each, ["senat-obywatelski"])

    text = page(app)

    assert "<span>senat obywatelski</span><span>1<span" in text


def test_the_first_page_takes_eight_queries_however_much_there_is(app: Flask) -> None:
    tenant = make.municipality(app)
    for n in range(4):
        consultation = make.consultation(app, tenant, slug=f"sprawa-{n}")
        proposal = make.proposal(app, tenant, consultation)
        make.published_answer(app, tenant, consultation, "proposal", proposal)

    with counted(app) as statements:
        page(app, **{"Accept-Language": "uk"})

    assert len(statements) <= 8, statements


def test_a_text_in_a_title_stays_a_text(app: Flask) -> None:
    tenant = make.municipality(app)
    make.consultation(app, tenant, title="<script>alert(1)</script>")

    assert "<script>alert" not in page(app)


def test_the_installation_lists_its_municipalities_and_no_people(app: Flask) -> None:
    make.municipality(app)
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    make.staff(app, 1, Role.OFFICER)

    text = app.test_client().get("/").text

    assert text.index("Lubowierz") < text.index("Wrzosowiany")
    assert 'href="http://localhost/g/wrzosowiany/"' in text
    assert "@poczta.example" not in text


def test_an_unknown_municipality_is_not_found(app: Flask) -> None:
    make.municipality(app)

    assert app.test_client().get("/g/nie-ma/").status_code == 404


def test_a_changed_picture_is_on_the_page(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).picture = "river"

    assert "picture" in page(app)
