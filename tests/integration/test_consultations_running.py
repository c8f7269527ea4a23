"""What else an officer changes in public, and what is repeated a year later."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.authorship.models import Translation
from deliberate.consultations.models import Announcement, ChangeNotice, Consultation, SlugRedirect
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.consultation_desk import (
    DESK,
    REASON,
    approve,
    ask,
    city,
    day,
    drafted,
    published,
    row,
    slug_url,
    token,
)


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


def corrected(app: Flask, **more: str) -> dict[str, str]:
    made = row(app)
    return {
        "correction-revision": str(made.revision),
        "correction-title": made.title,
        "correction-summary": made.summary,
        "correction-can_change": made.can_change,
        "correction-cannot_change": made.cannot_change,
        "correction-easy_text": "",
        "correction-contact": made.contact,
        "correction-reason": "Literówka w słowie kanalizacja.",
        **more,
    }


def test_a_correction_of_typing_is_listed(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)

    answer = world.desk.post(
        slug_url("sprostowanie"),
        data=corrected(app, **{"correction-summary": "Wymieniamy kanalizację."}),
    )

    assert answer.status_code == 303
    page = make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac/zmiany").text
    assert "O co chodzi – poprawka pisowni" in page
    assert "Literówka w słowie kanalizacja." in page


def test_two_tabs_do_not_correct_over_each_other(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    stale = corrected(app, **{"correction-title": "Plac Targowy: z drugiej karty?"})
    world.desk.post(
        slug_url("sprostowanie"), data=corrected(app, **{"correction-contact": "Pokój 12"})
    )

    answer = world.desk.post(slug_url("sprostowanie"), data=stale)

    assert answer.status_code == 409
    assert "z drugiej karty" in answer.text
    assert row(app).title == "Plac Targowy: jak ma wyglądać?"


def test_suspending_resuming_and_cancelling_give_their_reasons(
    app: Flask, world: SimpleNamespace
) -> None:
    published(app, world)

    def step(name: str, reason: str = REASON) -> int:
        answer: TestResponse = world.desk.post(
            slug_url(f"stan/{name}"), data={"step-reason": reason}
        )
        return answer.status_code

    assert step("wznowienie") == 409
    assert step("wstrzymanie", "krótko") == 422
    assert step("wstrzymanie") == 303
    assert row(app).state == State.SUSPENDED
    assert REASON in make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac").text
    assert step("wznowienie") == 303
    assert (row(app).state, row(app).closing_reason) == (State.PUBLISHED, "")
    assert step("odwolanie") == 303
    assert row(app).state == State.CANCELLED
    assert step("wznowienie") == 409
    assert step("usuniecie") == 404
    assert step("archiwum") == 303
    assert (row(app).state, row(app).closing_reason) == (State.ARCHIVED, REASON)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ChangeNotice)) == 4


def test_a_new_address_leaves_the_old_one_working(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)

    assert world.desk.post(slug_url("adres"), data={"slug": "Plac Targowy"}).status_code == 303

    with app.app_context():
        assert db.session.scalars(select(SlugRedirect.slug)).one() == "plac-targowy-jak-ma-wygladac"
    answer = make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac")
    assert answer.status_code == 301
    # A former address is never given to another consultation.
    drafted(world)
    with app.app_context():
        slugs = set(db.session.scalars(select(Consultation.slug)))
    assert slugs == {"plac-targowy", "plac-targowy-jak-ma-wygladac-2"}


def test_a_translation_is_kept_and_can_be_emptied(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    url = slug_url("tlumaczenia/en")
    sent = {"title": "What should the square be like?", "summary": "We replace the sewers."}

    assert world.desk.post(url, data=sent).status_code == 303
    assert "We replace the sewers." in world.desk.get(url).text
    world.desk.post(url, data={**sent, "summary": ""})

    with app.app_context():
        kept = db.session.scalars(select(Translation.field)).all()
    assert kept == ["title"]
    assert world.desk.get(slug_url("tlumaczenia/pl")).status_code == 404
    assert world.desk.get(slug_url("tlumaczenia/de")).status_code == 404


def test_a_file_added_later_is_listed_as_a_change(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        slug_url("pliki"),
        data={"upload": pdf, "file_alt": "Rzut placu"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    public = make.client(app)
    assert "Rzut placu" in public.get("/konsultacje/plac-targowy-jak-ma-wygladac").text
    assert "Rzut placu" in public.get("/konsultacje/plac-targowy-jak-ma-wygladac/zmiany").text


def test_a_file_without_words_is_kept_for_the_second_try(
    app: Flask, world: SimpleNamespace
) -> None:
    published(app, world)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        slug_url("pliki"), data={"upload": pdf}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "Mamy już plik: plan.pdf" in answer.text


def test_a_consultation_is_repeated_a_year_later_on_the_same_weekdays(
    app: Flask, world: SimpleNamespace
) -> None:
    drafted(
        world,
        case_number="BP.0530.1",
        responsible_person="Bożena W.",
        forms=["survey", "study_walk"],
    )
    ask(world)
    assert approve(app, world.approver).status_code == 303
    world.desk.post(slug_url("ogloszenia/press"), data={"press-planned_on": day(1)})
    world.desk.post(
        slug_url("ogloszenia/board"), data={"board-done_on": day(0), "board-words": "przy wejściu"}
    )

    answer = world.desk.post(slug_url("powtorzenie"))

    assert answer.status_code == 303
    copy = row(app, "plac-targowy-jak-ma-wygladac-2")
    former = row(app)
    assert (copy.state, copy.repeats_id, copy.summary) == (State.DRAFT, former.id, former.summary)
    first = clock.local(copy.phases[0].starts_at).date()
    before = clock.local(former.phases[0].starts_at).date()
    assert first.weekday() == before.weekday()
    assert abs((first - before).days - 365) <= 4
    assert copy.phases[0].ends_at == clock.end_of_day(first + timedelta(days=27))
    assert (copy.planned_forms, copy.responsible_person) == ("study_walk,survey", "Bożena W.")
    assert copy.case_number == ""
    with app.app_context():
        rows = db.session.scalars(
            select(Announcement)
            .where(Announcement.consultation_id == copy.id)
            .order_by(Announcement.channel)
        )
        planned = [(each.channel, each.planned_on, each.done_on, each.words) for each in rows]
    assert planned == [("board", first, None, ""), ("press", first, None, "")]


def test_the_desk_lists_drafts_and_what_runs(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    make.consultation(app, world.tenant, opens=[Activity.DISCUSS])

    page = world.desk.get(DESK).text

    assert "Plac Targowy: jak ma wyglądać?" in page
    assert "szkic" in page
    assert "Trwają" in page


def client_of(app: Flask, person: int) -> FlaskClient:
    return make.client(app, signed_in=person)


def test_an_approver_previews_a_draft(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    approver = client_of(app, world.approver)

    assert "Tak to zobaczą ludzie" in approver.get(slug_url("podglad")).text
    page = approver.get(f"/zatwierdzanie/{token(app)}").text
    assert "Wymieniamy kanalizację pod placem." in page
    assert "Zatwierdzam" in page
