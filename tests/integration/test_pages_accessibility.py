"""The accessibility declaration and the reports of barriers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.pages import barriers
from deliberate.tenancy.models import BarrierReport, Declaration
from tests import make

PRESCRIBED = (
    "wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status",
    "data-sporzadzenie", "kontakt", "osoba", "email", "telefon", "procedura", "architektura",
)  # fmt: skip
FIELDS = {
    "published_on": "2026-05-01",
    "updated_on": "2026-06-01",
    "status": "partly",
    "gaps": "- nagrania bez napisów",
    "prepared_on": "2026-05-02",
    "reviewed_on": "2026-05-02",
    "method": "self",
    "person": "Biuro Partycypacji",
    "email": "rozmowa@lubowierz.pl",
    "phone": "(00) 123 45 00",
    "architecture": "Wejście bez progów. <b>Winda</b>.",
}
REPORT = {
    "page": "/konsultacje/rynek",
    "text": "Czytnik nie czyta nazw pól.",
    "contact": "tel. 600 100 200",
}


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return len(db.session.scalars(select(model)).all())


# The declaration.


def test_until_it_is_filled_in_the_page_says_so(app: Flask) -> None:
    make.municipality(app)

    text = make.client(app).get("/deklaracja-dostepnosci").text

    assert "Urząd jeszcze nie sporządził deklaracji" in text
    assert "a11y-status" not in text


def test_the_declaration_has_the_prescribed_structure(app: Flask) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))

    saved = client.post("/urzad/deklaracja", data=FIELDS)
    text = make.client(app).get("/deklaracja-dostepnosci").text

    assert saved.status_code == 303
    for name in PRESCRIBED:
        assert text.count(f'id="a11y-{name}"') == 1, name
    assert "<strong>częściowo zgodna</strong>" in text
    published = re.search(r'<time id="a11y-data-publikacja"\s+datetime="([^"]+)"', text)
    assert published is not None
    assert published[1] == "2026-05-01"
    assert "<li>nagrania bez napisów</li>" in text
    assert "<b>Winda</b>" not in text


def test_publishing_adds_a_version_and_an_entry(app: Flask) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))

    client.post("/urzad/deklaracja", data=FIELDS)
    client.post("/urzad/deklaracja", data={**FIELDS, "status": "conforms", "gaps": ""})

    assert count(app, Declaration) == 2
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action)).all()
    assert acts == ["declaration.published"] * 2
    assert "<strong>zgodna</strong>" in make.client(app).get("/deklaracja-dostepnosci").text


def test_what_was_declared_is_in_the_form_again(app: Flask) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))
    first = client.get("/urzad/deklaracja").text
    client.post("/urzad/deklaracja", data=FIELDS)

    text = client.get("/urzad/deklaracja").text

    assert 'value="rozmowa@lubowierz.example"' in first  # proposed from the settings
    assert 'value="2026-05-01"' in text
    assert "Biuro Partycypacji" in text


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"published_on": ""}, "Uzupełnij to pole."),
        ({"published_on": "wczoraj"}, "Nieprawidłowa data"),
        ({"status": "super"}, "Nieprawidłowy wybór"),
        ({"status": ""}, "Uzupełnij to pole."),
        ({"gaps": ""}, "Napisz, czego brakuje i dlaczego."),
        ({"method": "outside"}, "Napisz, kto badał stronę."),
        ({"email": "nie-adres"}, "Sprawdź adres"),
        ({"architecture": "x" * 5001}, "Skróć tekst"),
        ({"person": "\x00\x07 "}, "Uzupełnij to pole."),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(
    app: Flask, change: dict[str, str], error: str
) -> None:
    tenant = make.municipality(app)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))

    answer = client.post("/urzad/deklaracja", data={**FIELDS, **change})

    assert answer.status_code == 422
    assert error in answer.text
    assert "(00) 123 45 00" in answer.text
    assert count(app, Declaration) == 0


def test_the_declaration_of_another_municipality_is_not_shown(app: Flask) -> None:
    make.municipality(app)
    other = make.municipality(app, slug="inna", name="Inna")
    client = make.client(app, slug="inna", signed_in=make.staff(app, other, Role.ADMINISTRATOR))
    client.post("/urzad/deklaracja", data=FIELDS)

    assert "a11y-status" not in make.client(app).get("/deklaracja-dostepnosci").text


# Barriers.


def test_a_report_without_an_account_is_kept_and_reaches_the_office(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).post("/zglos-bariere", data=REPORT)

    assert answer.status_code == 303
    with app.app_context():
        row = db.session.scalars(select(BarrierReport)).one()
        letter = db.session.scalars(select(Outbox)).one()
    assert (row.page, row.text, row.contact) == tuple(REPORT.values())
    assert letter.address == "rozmowa@lubowierz.example"
    assert "Czytnik nie czyta nazw pól." in letter.body
    assert "tel. 600 100 200" in letter.body
    assert "http://localhost/g/lubowierz/urzad/bariery" in letter.body


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"page": ""},
        {"text": ""},
        {"text": "krótko"},
        {"text": "x" * 2001},
        {"contact": ""},
        {"contact": "\u202e"},
    ],
)
def test_a_report_that_lacks_something_comes_back_whole(app: Flask, change: dict[str, str]) -> None:
    make.municipality(app)
    sent = {**REPORT, **change}

    answer = make.client(app).post("/zglos-bariere", data=sent)

    assert answer.status_code == 422
    kept = [value for name, value in REPORT.items() if name not in change]
    assert all(value in answer.text for value in kept)
    assert count(app, BarrierReport) == 0


def test_a_program_that_fills_in_everything_hears_thanks_and_is_not_kept(app: Flask) -> None:
    make.municipality(app)

    answer = make.client(app).post("/zglos-bariere", data={**REPORT, "website": "kup.example"})

    assert answer.status_code == 303
    assert count(app, BarrierReport) == 0
    assert count(app, Outbox) == 0


def test_ten_reports_an_hour_are_enough(app: Flask) -> None:
    make.municipality(app)
    client = make.client(app)

    got = [client.post("/zglos-bariere", data=REPORT).status_code for _ in range(11)]

    assert got[9:] == [303, 429]
    assert count(app, BarrierReport) == 10


def test_the_page_where_it_happened_is_filled_in_only_if_it_is_ours(app: Flask) -> None:
    make.municipality(app)
    client = make.client(app)

    ours = client.get("/zglos-bariere?strona=/konsultacje/rynek").text
    theirs = client.get("/zglos-bariere?strona=https://zly.example").text

    assert 'value="/konsultacje/rynek"' in ours
    assert "zly.example" not in theirs.partition("<main")[2]


def test_the_office_sees_what_waits_and_marks_it_answered(app: Flask) -> None:
    tenant = make.municipality(app)
    make.client(app).post("/zglos-bariere", data=REPORT)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))

    before = client.get("/urzad/bariery").text
    with clock.at(clock.now() + timedelta(days=8)):
        late_client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))
        late = late_client.get("/urzad/bariery").text
    answer = client.post("/urzad/bariery/1/odpowiedz")
    after = client.get("/urzad/bariery").text

    assert "czeka" in before
    assert "po terminie" in late
    assert answer.status_code == 303
    assert "Załatwione" in after
    assert "po terminie" not in after


def test_a_report_of_another_municipality_cannot_be_answered(app: Flask) -> None:
    make.municipality(app)
    make.client(app).post("/zglos-bariere", data=REPORT)
    other = make.municipality(app, slug="inna", name="Inna")
    client = make.client(app, slug="inna", signed_in=make.staff(app, other, Role.ADMINISTRATOR))

    assert client.post("/urzad/bariery/1/odpowiedz").status_code == 404
    assert client.post("/urzad/bariery/999999999999/odpowiedz").status_code == 404
    assert REPORT["text"] not in client.get("/urzad/bariery").text


def test_answered_reports_go_after_a_year_and_waiting_ones_stay(app: Flask) -> None:
    tenant = make.municipality(app)
    now = clock.now()
    for answered_at in (None, now - timedelta(days=366), now - timedelta(days=364)):
        make.add(
            app,
            BarrierReport(
                tenant_id=tenant,
                page="/",
                text="Nie widać.",
                contact="600",
                reported_at=now - timedelta(days=800),
                answered_at=answered_at,
            ),
        )

    with app.app_context(), transaction():
        assert barriers.count_old(now) == 1
        assert barriers.remove_old(now) == 1

    assert count(app, BarrierReport) == 2
