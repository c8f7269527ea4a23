"""Three registers: a request gathers support and is answered, petitions are redacted first."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deliberate.accounts.models import Residence
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, StoredFile
from deliberate.petitions import figures, jobs, personal
from deliberate.petitions.kinds import Register, State
from deliberate.petitions.models import Entry, EntrySupport, Original
from deliberate.subjects.states import ContentState
from deliberate.tenancy.models import Area, LegalRule
from tests import make, sql

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WISH = {
    "title": "Ulica Szkolna bez samochodów",
    "text": "Przed szkołą rano stoi korek, a dzieci idą jezdnią.",
    "form": "Spotkanie i ankieta",
    "reason": "Bo rano jest tu niebezpiecznie.",
    "area": "",
    "language": "pl",
    "form_key": "k" * 24,
}
PETITION = {
    "title": "Toaleta w parku",
    "text": "Nazywam się Anna Nowak, tel. 600 700 800. Proszę o toaletę w parku miejskim.",
    "name": "Anna Nowak",
    "contact": "ul. Długa 5, 00-001 Lubowierz, anna@poczta.example",
    "language": "pl",
    "form_key": "p" * 24,
}
ANSWER = "Toaleta stanie w parku do końca maja, pieniądze są w budżecie na przyszły rok."


@pytest.fixture(autouse=True)
def november() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def resident(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=tenant))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def terms(officer: FlaskClient, needed: int = 2) -> None:
    data = {
        "needed": str(needed),
        "needed_in_area": "1",
        "answer_days": "30",
        "gathering_days": "60",
        "source": "uchwała nr XII/120",
    }
    assert officer.post("/urzad/rejestry/zasady", data=data).status_code == 303


def request_in_register(resident: FlaskClient) -> None:
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 303
    assert resident.post("/moje/rejestry/1/ogloszenie").status_code == 303


def petition_in_register(
    officer: FlaskClient, resident: FlaskClient, *, entry: int = 1, **more: str
) -> None:
    assert resident.post("/petycje/nowa", data={**PETITION, **more}).status_code == 303
    redact(officer, entry)


def redact(officer: FlaskClient, entry: int, passages: str = "Anna Nowak\n600 700 800") -> None:
    data = {"title": "Toaleta w parku", "passages": passages}
    assert officer.post(f"/urzad/rejestry/{entry}/zakrycie", data=data).status_code == 303
    assert publish(officer, entry) == 303


def publish(officer: FlaskClient, entry: int, **more: object) -> int:
    page = officer.get(f"/urzad/rejestry/{entry}").text
    seen = page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    data = {"seen": seen, **more}
    return officer.post(f"/urzad/rejestry/{entry}/publikacja", data=data).status_code


def entry(app: Flask, number: int = 1) -> Entry:
    with app.app_context():
        return db.session.get_one(Entry, number)


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return [row.subject for row in db.session.scalars(select(Outbox).order_by(Outbox.id))]


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))
        return [row for row in rows if row.startswith("register.")]


# Requests for a consultation.


def test_without_the_municipalitys_numbers_nobody_can_ask(
    app: Flask, resident: FlaskClient
) -> None:
    assert "Nie ma tu jeszcze zasad" in resident.get("/wnioski").text
    assert "Nie ma tu jeszcze zasad" in resident.get("/wnioski/nowy").text
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 409


def test_a_request_goes_from_draft_to_answer(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 303
    assert visitor.get("/wnioski/1").status_code == 404
    assert officer.get("/urzad/rejestry/1").status_code == 404, "a draft is its writer's alone"
    resident.post("/moje/rejestry/1/ogloszenie")
    assert "Ulica Szkolna" in visitor.get("/wnioski").text

    too_few = resident.post("/moje/rejestry/1/zlozenie")
    assert too_few.status_code == 409
    assert "0 z wymaganych 2" in too_few.text

    for _ in range(2):
        other = make.client(app, signed_in=make.person(app, resident_of=tenant))
        assert other.post("/wnioski/1/poparcie").status_code == 303
    assert resident.post("/moje/rejestry/1/zlozenie").status_code == 303
    assert entry(app).due_on == date(2026, 12, 21)
    assert "Termin odpowiedzi" in visitor.get("/wnioski/1").text

    consultation = make.consultation(app, tenant)
    reply = {"outcome": "agreed", "answer": ANSWER, "consultation": str(consultation)}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 303

    page = visitor.get("/wnioski/1").text
    assert "Będą konsultacje" in page
    assert "/konsultacje/rynek" in page
    assert any("Będą konsultacje" in subject for subject in letters(app))


def test_agreeing_without_a_consultation_or_refusing_without_reasons_is_refused(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer, needed=1)
    request_in_register(resident)
    count = {"signatures": "1", "note": "Policzyła Anna P."}
    assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 303

    agreed = {"outcome": "agreed", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=agreed).status_code == 409
    short = {"outcome": "refused", "answer": "Nie, bo jednak nie.", "consultation": ""}
    answer = officer.post("/urzad/rejestry/1/odpowiedz", data=short)
    assert answer.status_code == 409
    assert "Nie, bo jednak nie." in answer.text, "what was typed stays"
    partly = {"outcome": "partly", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=partly).status_code == 422


def test_support_counts_once_is_taken_back_and_ends_with_the_day(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    other = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert resident.post("/wnioski/1/poparcie").status_code == 409, "one's own"
    assert other.post("/wnioski/1/poparcie").status_code == 303
    assert other.post("/wnioski/1/poparcie").status_code == 409
    assert entry(app).supports == 1
    assert other.post("/wnioski/1/poparcie/wycofanie").status_code == 303
    assert entry(app).supports == 0
    part = other.post("/wnioski/1/poparcie", headers={"HX-Request": "true"})
    assert 'id="support"' in part.text
    guest = make.client(app, signed_in=make.person(app))
    assert guest.post("/wnioski/1/poparcie").status_code == 409, "does not live here"
    assert visitor.post("/wnioski/1/poparcie").status_code == 401

    with clock.at(NOW + timedelta(days=62)):
        late = make.client(app, signed_in=make.person(app, resident_of=tenant))
        assert late.post("/wnioski/1/poparcie").status_code == 409
        with app.app_context():
            jobs.lapse({})
        assert entry(app).state == State.LAPSED
        assert "Za mało poparcia" in visitor.get("/wnioski/1").text
    assert "register.lapsed" in acts(app)


def living_in(app: Flask, tenant: int, area: int | None) -> FlaskClient:
    person = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        residence = db.session.scalars(select(Residence).where(Residence.person_id == person)).one()
        residence.area_id = area
    return make.client(app, signed_in=person)


def test_a_request_about_a_part_is_supported_by_those_who_live_in_it(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    district = make.area(app, tenant, name="Nadrzecze")
    elsewhere = make.area(app, tenant, name="Stare Miasto")
    inside = make.area(app, tenant, name="Nadrzecze Dolne")
    with app.app_context(), transaction():
        db.session.get_one(Area, inside).parent_id = district
    terms(officer)
    assert resident.post("/wnioski/nowy", data={**WISH, "area": district}).status_code == 303
    assert resident.post("/moje/rejestry/1/ogloszenie").status_code == 303

    said = "Popierają osoby, które mieszkają w części gminy „Nadrzecze”."
    for number, (area, why) in enumerate(
        (
            (district, ""),
            (inside, ""),
            (elsewhere, "mówi o innej"),
            (None, "nie mówi, w której części mieszkasz"),
        )
    ):
        client = living_in(app, tenant, area)
        page = client.get("/wnioski/1").text
        assert said in page, number
        if why:
            assert why in page
            assert '/poparcie"' not in page, "no button"
            assert client.post("/wnioski/1/poparcie").status_code == 409
        else:
            assert client.post("/wnioski/1/poparcie").status_code == 303
    assert said in visitor.get("/wnioski/1").text
    assert entry(app).supports == 2


def test_who_moved_away_may_still_take_support_back(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    district = make.area(app, tenant, name="Nadrzecze")
    terms(officer)
    resident.post("/wnioski/nowy", data={**WISH, "area": district})
    resident.post("/moje/rejestry/1/ogloszenie")
    client = living_in(app, tenant, district)
    assert client.post("/wnioski/1/poparcie").status_code == 303
    with app.app_context(), transaction():
        for residence in db.session.scalars(select(Residence)):
            residence.area_id = None

    assert client.post("/wnioski/1/poparcie/wycofanie").status_code == 303


def test_new_numbers_hold_from_today_and_old_requests_keep_theirs(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer, needed=5)
    request_in_register(resident)

    with clock.at(NOW + timedelta(days=3)):
        again = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        terms(again, needed=50)
        other = make.client(app, signed_in=make.person(app, resident_of=tenant))
        other.post("/wnioski/nowy", data={**WISH, "form_key": "z" * 24})
        other.post("/moje/rejestry/2/ogloszenie")

    assert (entry(app, 1).needed, entry(app, 2).needed) == (5, 50)
    with app.app_context():
        key = figures.PREFIX + figures.NEEDED
        rows = db.session.scalars(
            select(LegalRule).where(LegalRule.key == key).order_by(LegalRule.valid_from)
        ).all()
        assert [(row.value, row.valid_to) for row in rows] == [
            ("5", date(2026, 11, 24)),
            ("50", None),
        ]


def test_the_same_form_sent_twice_is_one_request_and_a_draft_can_go(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer)
    resident.post("/wnioski/nowy", data=WISH)
    resident.post("/wnioski/nowy", data=WISH)
    changed = {**WISH, "title": "Szkolna dla pieszych"}
    assert resident.post("/moje/rejestry/1/edycja", data=changed).status_code == 303
    assert "Szkolna dla pieszych" in resident.get("/moje").text
    assert resident.post("/moje/rejestry/1/usuniecie").status_code == 303

    with app.app_context():
        assert db.session.scalars(select(Entry)).all() == []
    assert resident.post("/moje/rejestry/1/usuniecie").status_code == 404


def test_what_is_published_is_never_changed_only_withdrawn(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)

    assert resident.post("/moje/rejestry/1/edycja", data=WISH).status_code == 409
    assert resident.get("/moje/rejestry/1/edycja").status_code == 303
    stranger = make.client(app, signed_in=make.person(app, resident_of=tenant))
    assert stranger.get("/moje/rejestry/1").status_code == 404
    assert resident.post("/moje/rejestry/1/wycofanie", data={}).status_code == 422
    reason = {"reason": "Ulicę już zamknięto."}
    assert resident.post("/moje/rejestry/1/wycofanie", data=reason).status_code == 303
    assert "Ulicę już zamknięto." in visitor.get("/wnioski/1").text
    assert resident.post("/moje/rejestry/1/wycofanie", data=reason).status_code == 409


# Petitions.


def test_a_petition_is_sealed_until_an_officer_has_read_what_will_be_shown(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    assert resident.post("/petycje/nowa", data=PETITION).status_code == 303
    assert visitor.get("/petycje/1").status_code == 404
    assert "Toaleta" not in visitor.get("/petycje").text
    page = officer.get("/urzad/rejestry/1").text
    assert "600 700 800" in page
    assert "Anna Nowak" in page, "proposed"
    assert publish(officer, 1) == 422, "nothing was chosen yet"

    data = {"title": "Toaleta dla Anna Nowak", "passages": "anna nowak\n600 700 800\nJan Kot"}
    officer.post("/urzad/rejestry/1/zakrycie", data=data)
    page = officer.get("/urzad/rejestry/1").text
    assert "Tego nie ma w tekście" in page
    assert officer.post("/urzad/rejestry/1/publikacja", data={"seen": "x" * 32}).status_code == 409
    assert publish(officer, 1) == 303

    public = visitor.get("/petycje/1").text
    assert "Nowak" not in public
    assert "600 700 800" not in public
    assert "Nazywam się █████" in public
    assert "dane niejawne" in public
    assert publish(officer, 1) in (409, 422), "once"
    found = visitor.get("/szukaj?szukaj=nowak").text
    assert "Toaleta" not in found
    assert "Toaleta" in visitor.get("/szukaj?szukaj=toalete").text


def test_a_name_is_shown_only_with_consent(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident, name_is_public="y")

    assert "Anna Nowak" in visitor.get("/petycje/1").text


def test_the_clock_of_a_petition_is_extended_once_and_not_too_far(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    assert entry(app).due_on == date(2027, 2, 21)
    assert "jak liczy program" in visitor.get("/petycje/1").text, "nobody verified the rule"

    def extend(until: str) -> int:
        data = {"until": until, "reason": "Czekamy na opinię konserwatora."}
        return officer.post("/urzad/rejestry/1/przedluzenie", data=data).status_code

    assert extend("2027-02-21") == 409
    assert extend("2027-05-22") == 409
    assert extend("2027-05-21") == 303
    assert extend("2027-05-21") == 409
    page = visitor.get("/petycje/1").text
    assert "Czekamy na opinię konserwatora." in page


def test_the_same_petitions_are_answered_together(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    petition_in_register(officer, resident, entry=2, form_key="q" * 24)

    assert officer.post("/urzad/rejestry/2/polaczenie", data={"other": "1"}).status_code == 303
    reply = {"outcome": "partly", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/2/odpowiedz", data=reply).status_code == 409
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 303

    assert {entry(app, 1).state, entry(app, 2).state} == {State.PARTLY}
    assert "Toaleta stanie" in visitor.get("/petycje/2").text
    assert "/petycje/1" in visitor.get("/petycje/2").text


def test_forwarding_needs_an_addressee_and_the_year_adds_up(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    reply = {"outcome": "forwarded", "answer": ANSWER, "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=reply).status_code == 409
    to = {"forwarded_to": "Zarząd Powiatu"}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data={**reply, **to}).status_code == 303

    year = visitor.get("/petycje/zestawienie?rok=2026").text
    assert "Przekazane dalej" in year
    table = visitor.get("/petycje/zestawienie.csv?rok=2026").data.decode("utf-8-sig")
    assert "Zarząd Powiatu" in table
    assert "Nowak" not in table
    for odd in ("2014", "99999", "²", "x", ""):
        assert visitor.get("/petycje/zestawienie", query_string={"rok": odd}).status_code == 200


def test_paper_is_entered_with_its_day_and_its_scan_stays_sealed(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    data = {
        "register": "petition",
        "title": "Ławki przy przystanku",
        "text": "Proszę o ławki. Jan Kot, ul. Krótka 3.",
        "name": "Jan Kot",
        "received_on": "2026-11-30",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 409, "in the future"
    data["received_on"] = "2026-10-31"
    data["scan"] = (io.BytesIO(b"Jan Kot prosi"), "pismo.txt")  # type: ignore[assignment]
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    assert entry(app).due_on == date(2027, 1, 31)
    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
    assert officer.get("/urzad/rejestry/1/oryginal").data == b"Jan Kot prosi"

    redact(officer, 1, "Jan Kot\nul. Krótka 3")

    for client in (visitor, officer):
        assert client.get(f"/pliki/{file.token}/pismo.txt").status_code == 404
    assert visitor.get("/urzad/rejestry/1/oryginal").status_code == 401


def test_a_public_scan_is_seen_with_its_petition_and_hidden_with_it(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    resident.post("/petycje/nowa", data=PETITION)
    chosen = {"title": "Toaleta", "passages": "Anna Nowak"}
    officer.post("/urzad/rejestry/1/zakrycie", data=chosen)
    scan = (io.BytesIO(b"czysty skan"), "skan.txt")
    assert publish(officer, 1, scan=scan) == 303
    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
    address = f"/pliki/{file.token}/skan.txt"
    assert visitor.get(address).status_code == 200

    with app.app_context(), transaction():
        db.session.get_one(Entry, 1).content_state = ContentState.HIDDEN

    assert visitor.get(address).status_code == 404
    assert "Proszę o toaletę" not in visitor.get("/petycje/1").text
    assert "Ten wpis jest ukryty" in visitor.get("/petycje/1").text
    assert "Toaleta" not in visitor.get("/petycje").text
    assert "Toaleta" not in visitor.get("/szukaj?szukaj=toalete").text
    assert "Toaleta" not in visitor.get("/petycje/zestawienie").text


# Council initiatives.


def test_an_initiative_counts_paper_only_and_says_so(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    data = {
        "register": "council_initiative",
        "title": "Uchwała o drzewach",
        "text": "§ 1. Miasto sadzi sto drzew rocznie. Komitet: Ewa Lis.",
        "name": "Ewa Lis",
        "received_on": "2026-11-20",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    assert entry(app).needed == 300, "118,400 residents; the officer confirms"
    chosen = {"title": "Uchwała o drzewach", "passages": "Ewa Lis"}
    officer.post("/urzad/rejestry/1/zakrycie", data=chosen)
    refused = publish(officer, 1)
    assert refused == 409, "how many are needed was left out"
    officer.post("/urzad/rejestry/1/zakrycie", data={**chosen, "needed": "300"})
    assert publish(officer, 1) == 303

    fan = make.client(app, signed_in=make.person(app))
    assert fan.post("/inicjatywy/1/poparcie").status_code == 303, "an account is enough"
    page = visitor.get("/inicjatywy/1").text
    assert "To nie jest podpis pod projektem uchwały." in page
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 409
    for number in ("299", "300"):
        count = {"signatures": number, "note": "dwie osoby, osobno"}
        assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    assert officer.post("/urzad/rejestry/1/zlozenie", data={"on": "2026-11-21"}).status_code == 303
    assert entry(app).due_on == date(2027, 2, 21)
    assert "299" in visitor.get("/inicjatywy/1").text, "each count stays"


def initiative_in_register(officer: FlaskClient) -> None:
    data = {
        "register": "council_initiative",
        "title": "Uchwała o drzewach",
        "text": "§ 1. Miasto sadzi sto drzew rocznie. Komitet: Ewa Lis.",
        "received_on": "2026-11-20",
    }
    assert officer.post("/urzad/rejestry/nowy", data=data).status_code == 303
    chosen = {"title": "Uchwała o drzewach", "passages": "Ewa Lis", "needed": "300"}
    assert officer.post("/urzad/rejestry/1/zakrycie", data=chosen).status_code == 303
    assert publish(officer, 1) == 303


def initiative_days(officer: FlaskClient, days: str, source: str = "uchwała nr V/31") -> int:
    data = {"initiative_days": days, "initiative_source": source}
    return officer.post("/urzad/rejestry/zasady/inicjatywy", data=data).status_code


def signed(officer: FlaskClient, signatures: int, on: str) -> int:
    count = {"signatures": str(signatures), "note": "dwie osoby, osobno"}
    assert officer.post("/urzad/rejestry/1/podpisy", data=count).status_code == 303
    return officer.post("/urzad/rejestry/1/zlozenie", data={"on": on}).status_code


def test_signatures_are_gathered_until_the_day_that_the_council_named(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert initiative_days(officer, "90") == 303
    initiative_in_register(officer)
    assert entry(app).gathering_until == date(2027, 2, 19)
    assert "uchwała nr V/31" in visitor.get("/inicjatywy").text
    page = visitor.get("/inicjatywy/1").text.replace("\u00a0", " ")
    assert "Podpisy zbiera się do piątku 19 lutego 2027" in page
    early = {"outcome": "lapsed", "answer": "Podpisów złożono 120.", "consultation": ""}
    assert officer.post("/urzad/rejestry/1/odpowiedz", data=early).status_code == 409

    with clock.at(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        office = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        fan = make.client(app, signed_in=make.person(app))
        assert fan.post("/inicjatywy/1/poparcie").status_code == 409
        for page in ("/inicjatywy", "/inicjatywy/1"):
            assert "Czas na podpisy minął" in visitor.get(page).text
        assert "Zbieranie poparcia już się skończyło." in fan.get("/inicjatywy/1").text
        assert "po terminie" in office.get("/urzad/rejestry").text
        assert "Lista jest zamknięta." in office.get("/urzad/rejestry/1").text
        assert "sprawa w rejestrach czeka na odpowiedź" in office.get("/urzad").text
        with app.app_context():
            jobs.lapse({})
        assert entry(app).state == State.GATHERING, "what was handed in in time is counted first"
        assert signed(office, 300, "2027-02-20") == 409
        assert signed(office, 300, "2027-02-19") == 303
    assert entry(app).due_on == date(2027, 5, 19)


def test_too_few_signatures_in_time_close_an_initiative_with_words(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert initiative_days(officer, "90") == 303
    initiative_in_register(officer)

    with clock.at(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        office = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        said = {"outcome": "lapsed", "answer": "W terminie złożono 120 podpisów."}
        said["consultation"] = ""
        assert office.post("/urzad/rejestry/1/odpowiedz", data=said).status_code == 303
        page = visitor.get("/inicjatywy/1").text

    assert entry(app).state == State.LAPSED
    assert "Za mało podpisów w terminie" in page
    assert "W terminie złożono 120 podpisów." in page
    assert acts(app)[-1] == "register.lapsed"


def test_without_a_rule_signatures_have_no_last_day_and_the_page_says_so(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    initiative_in_register(officer)

    words = "Ostatni dzień zbierania podpisów nie jest wyznaczony."
    assert entry(app).gathering_until is None
    assert words in visitor.get("/inicjatywy").text
    assert words in visitor.get("/inicjatywy/1").text
    assert "lapsed" not in officer.get("/urzad/rejestry/1").text


def test_the_time_for_signatures_is_set_with_its_source_and_taken_back(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    for days, source in (("90", ""), ("0", "uchwała"), ("731", "uchwała"), ("x", "uchwała")):
        assert initiative_days(officer, days, source) == 422, days
    assert initiative_days(officer, "90") == 303
    assert 'value="90"' in officer.get("/urzad/rejestry/zasady").text

    assert initiative_days(officer, "", "") == 303
    initiative_in_register(officer)

    assert entry(app).gathering_until is None
    assert acts(app)[:2] == ["register.terms", "register.terms"]
    assert "nie jest wyznaczony" in visitor.get("/inicjatywy").text


def test_unverified_numbers_of_the_law_are_never_shown_as_certain(
    officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert "potwierdza urząd" in visitor.get("/inicjatywy").text
    assert "sprawdź w ustawie" in officer.get("/urzad/rejestry/zasady").text


# Personal data, and what the database refuses.


def test_originals_names_and_supporters_go_ninety_days_after_the_end(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    reply = {"outcome": "agreed", "answer": ANSWER, "consultation": ""}
    officer.post("/urzad/rejestry/1/odpowiedz", data=reply)
    with app.app_context(), transaction():
        db.session.add(EntrySupport(tenant_id=tenant, entry_id=1, person_id=1, given_at=NOW))
        db.session.add(
            StoredFile(
                tenant_id=tenant,
                token="S" * 43,
                sha256="0" * 64,
                name="skan.txt",
                media_type="text/plain",
                size=4,
                subject_kind="register_original",
                subject_id=1,
                uploaded_at=NOW,
            )
        )
    for days, left in ((89, 1), (91, 0)):
        with app.app_context(), transaction():
            for rule in personal.RULES:
                assert rule.count(NOW + timedelta(days=days)) == rule.remove(
                    NOW + timedelta(days=days)
                )
        with app.app_context():
            assert len(db.session.scalars(select(Original)).all()) == left
            assert len(db.session.scalars(select(EntrySupport)).all()) == left
            sealed = select(StoredFile).where(StoredFile.subject_kind == "register_original")
            assert len(db.session.scalars(sealed).all()) == left
    assert officer.get("/urzad/rejestry/1").status_code == 200


def test_a_closed_account_leaves_texts_without_a_name_and_takes_its_support_back(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    person = make.person(app, resident_of=tenant)
    fan = make.client(app, signed_in=person)
    fan.post("/wnioski/1/poparcie")
    fan.post("/wnioski/nowy", data={**WISH, "form_key": "d" * 24})
    fan.post("/petycje/nowa", data=PETITION)
    mine = fan.get("/moje").text
    assert "Toaleta w parku" in mine
    with app.app_context():
        from deliberate.accounts.models import Person

        row = db.session.get_one(Person, person)
        assert {each["title"] for each in personal.my_entries(row)} == {
            WISH["title"],
            PETITION["title"],
        }
        assert len(personal.my_supports(row)) == 1

    with app.app_context(), transaction():
        personal.forget(person)

    with app.app_context():
        assert db.session.get_one(Entry, 1).supports == 0
        assert db.session.get(Entry, 2) is None, "a draft goes"
        original = db.session.get_one(Original, 3)
        assert (original.name, original.contact) == ("", "")


def test_the_database_keeps_numbers_states_and_publication(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    for change in (
        "UPDATE register_entry SET number = 9",
        "UPDATE register_entry SET register = 'council_initiative'",
        "UPDATE register_entry SET published_at = NULL",
        "UPDATE register_entry SET state = 'lapsed', closed_at = created_at",
        "UPDATE register_entry SET state = 'agreed', closed_at = created_at",
        "DELETE FROM register_entry",
    ):
        with pytest.raises(DBAPIError), app.app_context(), transaction():
            db.session.connection().execute(text(change))


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "act",
    ["zakrycie", "publikacja", "podpisy", "zlozenie", "odpowiedz", "przedluzenie", "polaczenie"],
)
def test_empty_and_odd_forms_come_back_with_what_is_wrong(
    app: Flask, officer: FlaskClient, resident: FlaskClient, act: str
) -> None:
    resident.post("/petycje/nowa", data=PETITION)
    odd = {
        "signatures": "²",
        "on": "0001-01-01",
        "until": "9999-99-99",
        "other": "7",
        "needed": "x",
    }

    assert officer.post(f"/urzad/rejestry/1/{act}").status_code == 422
    assert officer.post(f"/urzad/rejestry/1/{act}", data=odd).status_code == 422


def test_the_desk_counts_what_waits(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    resident.post("/petycje/nowa", data=PETITION)

    page = officer.get("/urzad").text

    assert "sprawa w rejestrach czeka na odpowiedź" in page
    assert "zakryć dane osobowe" in page


def test_a_facilitator_hides_what_breaks_the_rules_and_the_author_reads_why(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))
    notice = {"reason": "personal_data", "text": "Nazwisko w treści.", "good_faith": "y"}
    assert visitor.post("/zgloszenie/petition/1", data=notice).status_code == 303
    assert "Toaleta w parku" in desk.get("/urzad/moderacja").text
    case = desk.get("/urzad/moderacja/petition/1").text
    seen = case.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]

    hidden = {
        "quick": "personal_data",
        "passage": "toaletę w parku",
        "words": "",
        "rule": "4",
        "seen": seen,
        "step": "decyzja",
    }
    answer = desk.post("/urzad/moderacja/petition/1/ukrycie", data=hidden)

    assert answer.status_code in (200, 303), answer.text[:2000]
    assert entry(app).content_state == ContentState.HIDDEN
    assert "Ten wpis jest ukryty" in visitor.get("/petycje/1").text


def test_a_petition_can_be_reported_and_read_in_three_languages(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)

    assert visitor.get("/zgloszenie/petition/1").status_code == 200
    for language in ("pl", "en", "uk"):
        assert visitor.get(f"/petycje/1?lang={language}").status_code in (200, 302, 303)


def test_pages_take_as_many_statements_for_many_as_for_few(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    petition_in_register(officer, resident, entry=2)
    public = (
        "/wnioski",
        "/petycje",
        "/inicjatywy",
        "/wnioski/1",
        "/petycje/2",
        "/petycje/zestawienie",
    )

    def count(client: FlaskClient, page: str, most: int) -> int:
        client.get(page)
        with sql.counted(app) as statements:
            assert client.get(page).status_code == 200
        assert len(statements) <= most, page + "\n" + "\n".join(statements)
        return len(statements)

    def all_of_them() -> list[int]:
        return [
            *(count(visitor, page, 8) for page in public),
            *(count(resident, page, 12) for page in (*public, "/moje/rejestry/1")),
            *(count(officer, page, 12) for page in ("/urzad/rejestry",)),
            count(officer, "/urzad/rejestry/2", 16),
        ]

    few = all_of_them()
    with app.app_context(), transaction():
        for number in range(10, 40):
            for register in (Register.REQUEST, Register.PETITION):
                db.session.add(
                    Entry(
                        tenant_id=tenant,
                        register=register,
                        year=2026,
                        number=number,
                        title=f"Sprawa {number}",
                        text="Treść sprawy.",
                        state=State.SUBMITTED,
                        received_on=NOW.date(),
                        created_at=NOW,
                        published_at=NOW,
                    )
                )
    assert all_of_them() == few
