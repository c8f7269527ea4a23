"""The calendar of a municipality: months, filters, files that calendars read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.consultations.models import Consultation
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from tests import make, sql

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def visitor(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app)


def unfolded(text: str) -> list[str]:
    """Return the lines of a calendar file as a calendar reads them."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return re.sub(r"\r\n[ \t]", "", text).split("\r\n")


def test_a_month_lists_meetings_phases_and_answers_by_day(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    consultation = make.consultation(app, tenant, days_left=5)  # until 26 November
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).answer_due = date(2026, 11, 30)
    make.meeting(app, tenant, consultation=consultation, days_left=3)

    page = visitor.get("/kalendarz?miesiac=2026-11").text

    places = [
        page.index(words) for words in ("zaczyna się", "Spotkanie mieszkańców", "ostatni dzień")
    ]
    assert places == sorted(places)
    assert "urząd odpowie do tego dnia" in page
    assert "ul. Szkolna 4" not in visitor.get("/kalendarz?miesiac=2026-12").text


def test_an_empty_month_says_so_and_leads_to_the_next_meeting(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    assert "nic nie zaplanowano" in visitor.get("/kalendarz").text
    make.meeting(app, tenant, days_left=60)

    page = visitor.get("/kalendarz").text

    assert "Najbliższe spotkanie: Spotkanie mieszkańców." in page
    assert "miesiac=2027-01" in page
    assert "/kalendarz?miesiac=2026-10" in page
    assert "/kalendarz?miesiac=2026-12" in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("month", ["", "x", "2026-13", "2026-00", "0000-01", "9999-12", "٢٠٢٦-٠١"])
def test_nonsense_is_this_month(app: Flask, visitor: FlaskClient, month: str) -> None:
    answer = visitor.get("/kalendarz", query_string={"miesiac": month, "miejsce": "x"})

    assert answer.status_code == 200
    assert "listopad 2026" in answer.text


def test_filters_narrow_by_place_and_kind(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    here, there = make.area(app, tenant), make.area(app, tenant, name="Zarzecze")
    make.meeting(app, tenant, days_left=2, title="Tutejsze", area_id=here)
    make.meeting(app, tenant, days_left=2, title="Tamtejsze", area_id=there)
    make.meeting(app, tenant, days_left=2, title="Wspólne", kind="workshop")
    make.consultation(app, tenant, days_left=5, title="Jaki rynek?")

    def seen(query: str) -> set[str]:
        page = visitor.get(f"/kalendarz?{query}").text
        names = ("Tutejsze", "Tamtejsze", "Wspólne", "Jaki rynek?")
        return {name for name in names if name in page}

    assert seen(f"miejsce={here}") == {"Tutejsze", "Wspólne", "Jaki rynek?"}
    assert seen("rodzaj=workshop") == {"Wspólne"}
    assert seen("rodzaj=spotkania") == {"Tutejsze", "Tamtejsze", "Wspólne"}
    assert seen("rodzaj=etapy") == {"Jaki rynek?"}
    assert "rodzaj=workshop" in visitor.get("/kalendarz?rodzaj=workshop").text  # in other months


def test_what_began_last_month_and_goes_on_is_in_this_one(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    make.meeting(app, tenant, title="Punkt", days_left=-30, hours=24 * 37)

    for month in ("2026-10", "2026-11"):
        assert "Punkt" in visitor.get(f"/kalendarz?miesiac={month}").text
    assert "Punkt" not in visitor.get("/kalendarz?miesiac=2026-12").text


def test_one_meeting_as_a_file(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(
        app,
        tenant,
        title="Zieleń; cień, woda \\ żywioł – rozmowa o placu Ratuszowym i o tym, co dalej",
        about="Przyjdź.\nBędzie\r\nEND:VEVENT herbata.",
        starts_at=datetime(2026, 12, 5, 9, tzinfo=UTC),
        ends_at=datetime(2026, 12, 5, 11, 30, tzinfo=UTC),
    )

    answer = visitor.get(f"/spotkania/{meeting}/termin.ics")

    lines = unfolded(answer.get_data(as_text=True))
    assert answer.mimetype == "text/calendar"
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert f"UID:meeting-{meeting}@lubowierz.example" in lines
    assert "DTSTART:20261205T090000Z" in lines
    assert "DTEND:20261205T113000Z" in lines
    assert "STATUS:CONFIRMED" in lines
    assert "LOCATION:Dom Kultury\\, ul. Szkolna 4" in lines
    assert any(line.startswith("SUMMARY:Zieleń\\; cień\\, woda \\\\ żywioł") for line in lines)
    assert "DESCRIPTION:Przyjdź.\\nBędzie\\nEND:VEVENT herbata." in lines


def test_a_changed_and_a_cancelled_meeting_reach_calendars(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    meeting = make.meeting(app, tenant)

    def lines() -> list[str]:
        return unfolded(visitor.get("/kalendarz.ics").get_data(as_text=True))

    before = lines()
    officer.post(f"/urzad/spotkania/{meeting}/odwolanie", data={"reason": "Choroba prowadzącej."})
    after = lines()

    def one(found: list[str], name: str) -> str:
        [value] = [line.partition(":")[2] for line in found if line.startswith(name + ":")]
        return value

    assert one(before, "UID") == one(after, "UID")
    assert int(one(after, "SEQUENCE")) > int(one(before, "SEQUENCE"))
    assert (one(before, "STATUS"), one(after, "STATUS")) == ("CONFIRMED", "CANCELLED")
    assert "Choroba prowadzącej." in one(after, "DESCRIPTION")


def test_the_feed_holds_meetings_phases_and_answers_under_names_that_stay(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    consultation = make.consultation(app, tenant)
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).answer_due = date(2026, 12, 30)
    make.meeting(app, tenant, consultation=consultation)
    make.meeting(app, tenant, title="Szkic", published=False)
    make.meeting(app, tenant, title="Dawne", days_left=-400)

    lines = unfolded(visitor.get("/kalendarz.ics").get_data(as_text=True))

    names = {line for line in lines if line.startswith("UID:")}
    own = unfolded(visitor.get("/konsultacje/rynek/terminy.ics").get_data(as_text=True))
    assert {line for line in own if line.startswith("UID:")} < names
    assert len(names) == 3
    narrowed = unfolded(visitor.get("/kalendarz.ics?rodzaj=spotkania").get_data(as_text=True))
    assert narrowed.count("BEGIN:VEVENT") == 1


def test_another_municipality_has_a_calendar_of_its_own(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    meeting = make.meeting(app, tenant, days_left=2)
    elsewhere = make.client(app, slug="wrzosowiany")

    assert "Spotkanie mieszkańców" not in elsewhere.get("/kalendarz").text
    assert "VEVENT" not in elsewhere.get("/kalendarz.ics").text
    assert elsewhere.get(f"/spotkania/{meeting}").status_code == 404


def test_a_page_kept_by_a_browser_is_asked_for_again_when_a_seat_goes(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=5)
    first = visitor.get(f"/spotkania/{meeting}")
    again = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(f"/spotkania/{meeting}", headers=again).status_code == 304
    person = make.client(app, signed_in=make.person(app))

    person.post(f"/spotkania/{meeting}/zapis", data={"name": "Ewa", "persons": "2"})

    answer = visitor.get(f"/spotkania/{meeting}", headers=again)
    assert answer.status_code == 200
    assert "Wolne miejsca: 3 z 5" in answer.text


def test_pages_take_as_many_statements_for_many_meetings_as_for_few(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    consultation = make.consultation(app, tenant)

    def count(page: str) -> int:
        visitor.get(page)
        with sql.counted(app) as statements:
            assert visitor.get(page).status_code == 200
        assert len(statements) <= 8, "\n".join(statements)
        return len(statements)

    pages = ("/kalendarz", "/kalendarz.ics", "/konsultacje/rynek")
    make.meeting(app, tenant, consultation=consultation, days_left=1)
    few = [count(page) for page in pages]
    for n in range(20):
        make.meeting(app, tenant, consultation=consultation, days_left=n / 4)

    assert [count(page) for page in pages] == few


def test_pages_speak_three_languages(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant, days_left=14)
    for lang in ("en", "uk"):
        browser = make.client(app)
        browser.set_cookie("jezyk", lang)
        for page in (f"/spotkania/{meeting}", f"/spotkania/{meeting}/zapis", "/kalendarz"):
            assert browser.get(page).status_code == 200
