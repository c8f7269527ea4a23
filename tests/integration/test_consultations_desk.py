"""The officer's way to a draft: four cards, six fields, a preview; and who may write."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from tests import make
from tests.integration.consultation_desk import DESK, city, day, drafted, fields, row, today


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


# A draft.


def test_four_cards_lead_to_the_forms(world: SimpleNamespace) -> None:
    page = world.desk.get(f"{DESK}/nowe").text

    for words in ("Zapytać o zdanie", "Zebrać uwagi", "Zebrać pomysły", "Powtórzyć poprzednie"):
        assert words in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("name", ["zdanie", "dokument", "pomysly"])
def test_the_form_comes_with_dates_from_tomorrow(world: SimpleNamespace, name: str) -> None:
    page = world.desk.get(f"{DESK}/nowe/{name}").text

    assert f'value="{day(1)}"' in page
    assert "rozmowa@lubowierz.example" in page
    assert "uchwała nr XXI/214" in page


def test_an_unknown_template_is_not_there(world: SimpleNamespace) -> None:
    assert world.desk.get(f"{DESK}/nowe/cokolwiek").status_code == 404


def test_a_draft_is_saved_and_previewed(app: Flask, world: SimpleNamespace) -> None:
    answer = drafted(world)

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/plac-targowy-jak-ma-wygladac/podglad")
    made = row(app)
    assert (made.state, made.created_by, made.published_at) == (State.DRAFT, world.officer, None)
    phase = made.phases[0]
    assert phase.starts_at == clock.start_of_day(today() + timedelta(days=1))
    assert phase.ends_at == clock.end_of_day(today() + timedelta(days=28))
    assert phase.activities == "propose,support,discuss"
    preview = world.desk.get(f"{DESK}/{made.slug}/podglad").text
    assert "Wyślij do zatwierdzenia" in preview
    assert "Wszystko jest." in preview


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "\u202e \x00"},
        {"summary": "x" * 6001},
        {"area_id": "999999"},
        {"area_id": "abc"},
        {"unit_id": "-1"},
        {"effect": "obeys"},
        {"phases-0-first": "31.02.2026"},
        {"phases-0-first": "0001-01-01"},
        {"phases-0-last": ""},
        {"phases-0-last": "2020-01-01"},
        {"phases-0-opens": ["hack"]},
        {"phases-0-title": "x" * 121},
        {"sign_video_url": "javascript:alert(1)"},
        {"sign_video_url": "http://film.example/pjm"},
        {"appeal_person_id": "1000000"},
        {"propose_needs": "anything"},
        {"topics": ["nieznany"]},
        {"revision": "x"},
    ],
)
def test_a_wrong_field_is_named_and_the_rest_is_kept(
    app: Flask, world: SimpleNamespace, broken: dict[str, Any]
) -> None:
    answer = drafted(world, **{"cannot_change": "- to, co wpisane", **broken})

    assert answer.status_code == 422
    assert "Do poprawy:" in answer.text
    assert "- to, co wpisane" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0


def test_ids_of_another_municipality_are_no_choice(app: Flask, world: SimpleNamespace) -> None:
    other = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = {
        "area_id": make.area(app, other),
        "unit_id": make.unit(app, other),
        "appeal_person_id": make.staff(app, other, Role.REVIEWER),
    }

    for name, value in foreign.items():
        assert drafted(world, **{name: str(value)}).status_code == 422


def test_a_row_is_added_without_a_script_and_nothing_is_lost(
    app: Flask, world: SimpleNamespace
) -> None:
    answer = drafted(world, more="phase")

    assert answer.status_code == 200
    assert "phases-1-title" in answer.text
    assert "Plac Targowy: jak ma wyglądać?" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0


def test_an_upload_outlives_a_mistake_elsewhere(app: Flask, world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    first = world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, title="", upload=pdf, file_alt="Plan placu"),
        content_type="multipart/form-data",
    )
    assert first.status_code == 422
    assert "Mamy już plik: plan.pdf" in first.text
    with app.app_context():
        kept = db.session.scalars(select(StoredFile.token)).one()
    assert kept in first.text

    assert drafted(world, file_token=kept, file_alt="Plan placu").status_code == 303

    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
        assert (file.subject_kind, file.alt) == ("consultation", "Plan placu")


def test_a_wrong_file_is_refused_at_its_field(app: Flask, world: SimpleNamespace) -> None:
    svg = (io.BytesIO(b"<svg onload='alert(1)'/>"), "plan.svg")

    answer = world.desk.post(
        f"{DESK}/nowe/pomysly", data=fields(world, upload=svg), content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "Takiego pliku nie przyjmujemy." in answer.text
    assert "Wymieniamy kanalizację pod placem." in answer.text


def test_a_file_needs_words_for_those_who_do_not_see_it(world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        f"{DESK}/nowe/pomysly", data=fields(world, upload=pdf), content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "ktoś może go nie widzieć" in answer.text


def test_the_same_title_gets_another_address(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    drafted(world)
    drafted(world, title="Nowe")

    with app.app_context():
        slugs = set(db.session.scalars(select(Consultation.slug)))
    assert slugs == {
        "plac-targowy-jak-ma-wygladac",
        "plac-targowy-jak-ma-wygladac-2",
        "nowe-2",  # /urzad/konsultacje/nowe is ours
    }


def test_two_tabs_do_not_overwrite_each_other(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    url = f"{DESK}/plac-targowy-jak-ma-wygladac"
    first = world.desk.post(url, data=fields(world, revision="1", summary="Z pierwszej karty."))
    assert first.status_code == 303

    second = world.desk.post(url, data=fields(world, revision="1", summary="Z drugiej karty."))

    assert second.status_code == 409
    assert "w międzyczasie" in second.text
    assert "Z drugiej karty." in second.text
    assert row(app).summary == "Z pierwszej karty."


def test_a_photograph_is_the_picture_until_a_drawn_one_takes_its_place(
    app: Flask, world: SimpleNamespace
) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(photo, "PNG")
    photo.seek(0)
    world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, upload=(photo, "plac.png"), file_alt="Plac z lotu ptaka"),
        content_type="multipart/form-data",
    )
    made = row(app)
    assert len(made.picture) > 30
    assert made.picture_alt == "Plac z lotu ptaka"
    url = f"{DESK}/{made.slug}"

    world.desk.post(url, data=fields(world, revision="1"))
    assert row(app).picture == made.picture
    world.desk.post(url, data=fields(world, revision="2", picture="square"))
    assert (row(app).picture, row(app).picture_alt) == ("square", "")
    world.desk.post(url, data=fields(world, revision="3"))
    assert row(app).picture == ""


def test_a_file_of_a_draft_can_be_removed(app: Flask, world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, upload=pdf, file_alt="Plan"),
        content_type="multipart/form-data",
    )
    with app.app_context():
        kept = db.session.scalars(select(StoredFile.token)).one()
    url = f"{DESK}/plac-targowy-jak-ma-wygladac/pliki"

    assert world.desk.post(f"{url}/cudzy/usuniecie").status_code == 404
    assert world.desk.post(f"{url}/{kept}/usuniecie").status_code == 303

    with app.app_context():
        assert db.session.scalars(select(StoredFile.subject_id)).one() is None


# Who may.


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.APPROVER, Role.AUDITOR])
def test_only_officers_write(app: Flask, world: SimpleNamespace, role: Role | None) -> None:
    drafted(world)
    person = make.person(app) if role is None else make.staff(app, world.tenant, role)
    client = make.client(app, signed_in=person)

    for path in ("nowe", "nowe/pomysly", "plac-targowy-jak-ma-wygladac"):
        answer = client.get(f"{DESK}/{path}")
        assert answer.status_code == 403
    sent = client.post(f"{DESK}/plac-targowy-jak-ma-wygladac", data=fields(world, revision="1"))
    assert sent.status_code == 403
    assert row(app).revision == 1


def test_nobody_signed_out_sees_the_desk(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    client = make.client(app)

    for path in ("", "/nowe", "/plac-targowy-jak-ma-wygladac/podglad"):
        assert client.get(f"{DESK}{path}").status_code in (302, 401)


def test_an_officer_elsewhere_finds_nothing(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    other = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    officer = make.staff(app, other, Role.OFFICER)
    client = make.client(app, slug="wrzosowiany")
    make.sign_in(app, client, officer, slug="wrzosowiany")

    for path in ("", "/podglad", "/prowadzenie", "/tlumaczenia/en"):
        assert client.get(f"{DESK}/plac-targowy-jak-ma-wygladac{path}").status_code == 404
