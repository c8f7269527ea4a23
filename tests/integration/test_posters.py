"""Posters and leaflets: tagged PDF with what people need, and the short address on them."""

from __future__ import annotations

import io
import secrets
from datetime import timedelta

import pypdf
import pytest
from flask import Flask
from sqlalchemy import update

from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock, paper
from deliberate.kernel.db import db, transaction
from deliberate.meetings.models import Meeting
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from tests import make, sql

CONSULTATION = "/konsultacje/rynek"
SHEETS = ("plakat.pdf", "plakat.pdf?format=a3", "ulotka.pdf")
A4, A3, A5 = (595, 842), (842, 1191), (420, 595)


def read(data: bytes) -> tuple[pypdf.PdfReader, str]:
    pdf = pypdf.PdfReader(io.BytesIO(data))
    return pdf, " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def change(app: Flask, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Consultation).values(**values), execution_options={"touches": 1})


@pytest.mark.first_on_both
@pytest.mark.parametrize(("sheet", "size"), list(zip(SHEETS, (A4, A3, A5), strict=True)))
def test_a_sheet_is_tagged_and_says_what_people_need(
    app: Flask, tenant: int, sheet: str, size: tuple[int, int]
) -> None:
    consultation = make.consultation(app, tenant)
    answer = make.client(app).get(f"{CONSULTATION}/{sheet}")
    pdf, text = read(answer.data)
    root = pdf.trailer["/Root"]

    assert answer.mimetype == "application/pdf"
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Rynek: jak ma wyglądać po przebudowie?"
    assert tuple(round(float(side)) for side in pdf.pages[0].mediabox[2:]) == size
    for said in (
        "Rynek: jak ma wyglądać po przebudowie?",
        f"/g/lubowierz/k/{consultation}",
        "(00) 123 45 00",
        "Zgłoś propozycję",
        "In English:",
        "Українською:",
        "Urząd Miasta Lubowierz",
    ):
        assert said in text, said
    if sheet == "ulotka.pdf":
        assert len(pdf.pages) == 2
        assert "Terminu wymiany kanalizacji." in text
    else:
        assert len(pdf.pages) == 1


def test_a_sheet_speaks_the_language_of_its_reader(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant)
    answer = make.client(app).get(f"{CONSULTATION}/plakat.pdf", headers={"Accept-Language": "uk"})
    pdf, text = read(answer.data)

    assert pdf.trailer["/Root"]["/Lang"] == "uk"
    assert "Po polsku:" in text
    assert "Українською:" not in text


def test_a_title_that_asks_nothing_gets_a_question(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, title="Program współpracy na rok 2027")
    _, text = read(make.client(app).get(f"{CONSULTATION}/plakat.pdf").data)

    assert "Co o tym myślisz?" in text


def test_a_draft_has_no_sheet_and_no_short_address(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, state=State.DRAFT)
    visitor = make.client(app)

    for sheet in SHEETS:
        assert visitor.get(f"{CONSULTATION}/{sheet}").status_code == 404
    assert visitor.get(f"/k/{consultation}").status_code == 404


def test_the_short_address_leads_to_the_page_wherever_it_moved(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.consultation(app, elsewhere)
    change(app, slug="rynek-2026")
    visitor = make.client(app)

    assert visitor.get(f"/k/{consultation}").location.endswith("/konsultacje/rynek-2026")
    assert visitor.get(f"/k/{foreign}").status_code == 404
    assert visitor.get("/k/2147483647").status_code == 404
    assert visitor.get("/k/99999999999").status_code == 404


def test_titles_of_any_kind_are_printed_as_they_are(app: Flask, tenant: int) -> None:
    title = '#panic("x") $x^2$ @x <y> \\u{202e} 😀 ' + "bardzodlugie" * 9
    make.consultation(app, tenant)
    change(app, title=title, summary="= Nagłówek?\n\n" + "* _ ` # " * 300)
    pdf, text = read(make.client(app).get(f"{CONSULTATION}/plakat.pdf").data)

    assert '#panic("x") $x^2$ @x <y> \\u{202e} [U+1F600]' in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "bardzodlugie" * 9 in text.replace(" ", "")
    assert "= Nagłówek?" in text
    assert len(pdf.pages) == 1


@pytest.mark.first_on_both
@pytest.mark.parametrize(("sheet", "pages"), [("plakat.pdf", 1), ("ulotka.pdf", 2)])
def test_much_to_say_still_fits(app: Flask, tenant: int, sheet: str, pages: int) -> None:
    every = (Activity.REMARK, Activity.VOTE, Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS)
    consultation = make.consultation(app, tenant, opens=every)
    for position in range(2, 7):
        now = clock.now()
        make.phase(
            app,
            tenant,
            consultation,
            starts=now,
            ends=now + timedelta(days=position),
            opens=every,
            title="Rozmowa o wynikach i o tym, co dalej",
            position=position,
        )
    long = "Zdanie, które mówi o zieleni i o cieniu na rynku. " * 60
    change(app, title="Jak " + "bardzo " * 14 + "?", summary=long, can_change=long)
    with app.app_context(), transaction():
        places = "\n".join(f"Biblioteka nr {n}, ul. Długa {n}, od 10 do 18" for n in range(1, 5))
        db.session.get_one(Municipality, tenant).paper_places = places
    pdf, _ = read(make.client(app).get(f"{CONSULTATION}/{sheet}").data)

    assert len(pdf.pages) == pages


def test_every_way_is_offered_that_a_phase_opens(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, opens=(Activity.REMARK, Activity.VOTE, Activity.DISCUSS))
    _, text = read(make.client(app).get(f"{CONSULTATION}/plakat.pdf").data)

    for said in ("Przeczytaj projekt i zgłoś uwagę", "Zagłosuj", "Zabierz głos w rozmowie"):
        assert said in text
    assert "Zgłoś propozycję" not in text


@pytest.mark.first_on_both
@pytest.mark.parametrize("sheet", ["plakat.pdf", "ulotka.pdf"])
def test_a_meeting_has_its_sheet_with_access_in_words(app: Flask, tenant: int, sheet: str) -> None:
    meeting = make.meeting(app, tenant)
    with app.app_context(), transaction():
        row = db.session.get_one(Meeting, meeting)
        row.step_free, row.loop, row.access_contact = "yes", "yes", "Anna, 600 100 200"
    answer = make.client(app).get(f"/spotkania/{meeting}/{sheet}")
    _, text = read(answer.data)

    assert answer.status_code == 200
    for said in (
        "Wejście bez schodów",
        "Pętla indukcyjna",
        "Anna, 600 100 200",
        f"/g/lubowierz/spotkania/{meeting}",
    ):
        assert said in text, said
    assert "Winda" not in text


def test_paper_places_stand_on_the_sheet(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant)
    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).paper_places = "Biblioteka, ul. Długa 5\nUrząd"
    _, text = read(make.client(app).get(f"{CONSULTATION}/plakat.pdf").data)

    assert "Biblioteka, ul. Długa 5" in text


def test_a_sheet_is_typeset_once_until_something_on_it_changes(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sheets are remembered by the process: the other database's test must not have made this one.
    other = f"Co innego: {secrets.token_hex(8)}"
    make.consultation(app, tenant, title="Raz na dzień")
    visitor = make.client(app)
    first = visitor.get(f"{CONSULTATION}/plakat.pdf").data
    with monkeypatch.context() as broken:
        broken.setattr(paper, "TYPESETTING", paper.TYPESETTING.with_name("nie-ma.py"))
        again = visitor.get(f"{CONSULTATION}/plakat.pdf")
        change(app, title=other)
        refused = visitor.get(f"{CONSULTATION}/plakat.pdf")
    _, text = read(visitor.get(f"{CONSULTATION}/plakat.pdf").data)

    assert again.data == first
    assert refused.status_code == 503
    assert "Co innego" in text


def test_a_sheet_asks_little(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant)
    visitor = make.client(app)
    visitor.get(CONSULTATION)

    with sql.counted(app) as statements:
        visitor.get(f"{CONSULTATION}/plakat.pdf")

    assert len(statements) <= 8
