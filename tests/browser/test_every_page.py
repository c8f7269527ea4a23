"""Every kind of page in the demo world: axe finds nothing in light and in dark, nothing overflows.

One browser a person, one page after another; each is looked at wide and light, narrow and dark.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from werkzeug.serving import make_server

from deliberate.accounts.models import Person
from deliberate.discussion.models import Contribution, Thread
from deliberate.documents.models import Document, Remark
from deliberate.kernel.db import db
from deliberate.meetings.kinds import Kind as MeetingKind
from deliberate.meetings.kinds import State as MeetingState
from deliberate.meetings.models import Meeting
from deliberate.petitions.kinds import Register
from deliberate.petitions.models import Entry
from deliberate.tenancy.models import Municipality
from tests import make
from tests.browser.conftest import PatientHandler
from tests.browser.looking import find_faults, looks
from tests.databases import Databases
from tests.terminal import Terminal

SQUARE, ROOM = "/konsultacje/plac-targowy", "/konsultacje/swietlica-stary-mlyn"
PLAN, PROGRAMME = "/konsultacje/plan-zagroble", "/konsultacje/program-wspolpracy"
TOWN, COUNTY = "wrzosowiany", "powiat-wierzbogorski"
PAGES = {
    ("lubowierz", ""): (
        "/",
        "/konsultacje",
        SQUARE,
        f"{SQUARE}/propozycje",
        f"{SQUARE}/propozycje?szukaj=niczegotakiego",
        f"{SQUARE}/propozycje/1",
        f"{SQUARE}/propozycje/1/wersje",
        f"{SQUARE}/propozycje/nowa",
        f"{SQUARE}/zmiany",
        f"{SQUARE}/prywatnosc",
        f"{SQUARE}/glosowanie",
        "/konsultacje/senat-obywatelski",
        "/tematy",
        "/organizacje",
        "/szukaj?szukaj=drzewa",
        "/szukaj?szukaj=niczegotakiego",
        "/zasady-rozmowy",
        "/prywatnosc",
        "/kontakt",
        "/dla-sprawdzajacych",
        "/wyglad",
        "/deklaracja-dostepnosci",
        "/zglos-bariere",
        "/zgloszenie/proposal/{proposal}",
        "/jeden-list",
        "/moderacja",
        "/poczta",
        "/zaloguj",
        "/zaloguj/haslo",
        "/nie-ma-takiej",
        "/moje",
    ),
    (TOWN, ""): (
        "/",
        ROOM,
        f"{ROOM}/propozycje/1",
        f"{ROOM}/glosowanie/wynik",
        f"{ROOM}/glosowanie/protokol",
        f"{ROOM}/glosowanie/lista-kontrolna",
        f"{ROOM}/glosowanie/kod",
        f"{ROOM}/wynik",
        f"{ROOM}/raport",
        f"{ROOM}/raport/1",
        PLAN,
        f"{PLAN}/raport",
        f"{PLAN}/dokumenty/{{plan}}",
        f"{PLAN}/uwagi",
        f"{PLAN}/uwagi/nowa",
        f"{PLAN}/ankiety/1",
        "/kalendarz",
        "/spotkania/{walk}",
        "/spotkania/{hours}/zapis",
        "/wnioski",
        "/inicjatywy",
        "/petycje",
        "/petycje/zestawienie",
        "/wnioski/{consultation_request}",
        "/inicjatywy/{council_initiative}",
        "/petycje/{petition}",
        "/zgloszenie/meeting/{walk}",
    ),
    (TOWN, "jolanta@wrzosowiany.example"): (
        "/urzad",
        "/urzad/konsultacje/nowe/plan",
        "/urzad/konsultacje/nowe/program-wspolpracy",
        "/urzad/konsultacje/plan-zagroble/prowadzenie",
        "/urzad/konsultacje/plan-zagroble/ogloszenia",
        "/urzad/konsultacje/plan-zagroble/dokumenty",
        "/urzad/konsultacje/plan-zagroble/dokumenty/{plan}/nowa-wersja",
        "/urzad/konsultacje/plan-zagroble/spotkania",
        "/urzad/konsultacje/plan-zagroble/spotkania/nowe",
        "/urzad/konsultacje/plan-zagroble/ankiety",
        "/urzad/konsultacje/plan-zagroble/ankiety/1",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/podglad",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/papier",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/wyniki",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/pytania/1",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/pytania/nowe/matrix",
        "/urzad/konsultacje/plan-zagroble/ankiety/1/tlumaczenia/en",
        "/urzad/konsultacje/plan-zagroble/raport",
        "/urzad/konsultacje/swietlica-stary-mlyn/raport",
        "/urzad/konsultacje/swietlica-stary-mlyn/raport/1",
        "/urzad/konsultacje/swietlica-stary-mlyn/glosowanie",
        "/urzad/konsultacje/swietlica-stary-mlyn/glosowanie/publikacja",
        "/urzad/konsultacje/swietlica-stary-mlyn/glosowanie/przebieg",
        "/urzad/spotkania",
        "/urzad/spotkania/nowe",
        "/urzad/spotkania/{walk}",
        "/urzad/spotkania/{walk}/edycja",
        "/urzad/spotkania/{hours}/lista",
        "/urzad/spotkania/{hours}/wiadomosc",
        "/urzad/rejestry",
        "/urzad/rejestry/nowy",
        "/urzad/rejestry/{petition}",
        "/urzad/rejestry/{council_initiative}",
        "/urzad/rejestry/zasady",
        "/wnioski/nowy",
        "/petycje/nowa",
    ),
    (COUNTY, ""): (
        "/",
        PROGRAMME,
        f"{PROGRAMME}/dokumenty/{{programme}}",
        f"{PROGRAMME}/dokumenty/{{programme}}?calosc=1",
        f"{PROGRAMME}/dokumenty/{{programme}}/jednostki/1/uwagi",
        f"{PROGRAMME}/dokumenty/{{programme}}/wersje",
        f"{PROGRAMME}/uwagi",
        f"{PROGRAMME}/uwagi?szukaj=niczegotakiego",
        f"{PROGRAMME}/uwagi/1",
        f"{PROGRAMME}/uwagi/1/wersje",
        f"{PROGRAMME}/uwagi/nowa",
        f"{PROGRAMME}/wynik",
        "/zgloszenie/remark/{remark}",
        "/spotkania/{held}",
    ),
    (COUNTY, "urszula@powiat-wierzbogorski.example"): (
        "/urzad",
        "/urzad/konsultacje/program-wspolpracy/prowadzenie",
        "/urzad/konsultacje/program-wspolpracy/uwagi/wpis",
        "/urzad/konsultacje/program-wspolpracy/uwagi/wczytanie",
        "/urzad/konsultacje/program-wspolpracy/uwagi/{on_paper}/poprawka",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi?pokaz=bez-stanowiska",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi/tabela",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi/remark/{remark}",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi/przydzial?rzecz=remark:{remark}",
        "/urzad/konsultacje/program-wspolpracy/odpowiedzi/wspolna?rzecz=remark:{remark}",
        "/urzad/konsultacje/program-wspolpracy/raport",
        "/urzad/spotkania/{held}/przebieg",
    ),
    ("lubowierz", "halina@poczta.example"): (
        "/moje",
        "/konto",
        "/konto/listy",
        "/konto/zamieszkanie",
        "/konto/haslo",
        "/konto/drugi-skladnik",
        "/konto/zamkniecie",
        f"{SQUARE}/propozycje/1",
        f"{SQUARE}/propozycje/1/zmiana",
        f"{SQUARE}/propozycje/1/szczegoly",
        f"{SQUARE}/propozycje/1/podpisy",
        f"{SQUARE}/propozycje/1/wycofanie",
        "/rozmowy/{thread}/glosy/nowy",
        "/organizacje/nowa",
        "/urzad",
    ),
    ("lubowierz", "bozena@lubowierz.example"): (
        "/urzad",
        "/urzad/konsultacje",
        "/urzad/konsultacje/nowe",
        "/urzad/konsultacje/nowe/pomysly",
        "/urzad/konsultacje/plac-targowy/podglad",
        "/urzad/konsultacje/plac-targowy/prowadzenie",
        "/urzad/konsultacje/plac-targowy/tlumaczenia/en",
        "/urzad/konsultacje/senat-obywatelski/powiazania",
        "/urzad/konsultacje/plac-targowy/glosowanie",
        "/urzad/konsultacje/plac-targowy/odpowiedzi",
        "/urzad/konsultacje/plac-targowy/odpowiedzi/tabela",
        "/urzad/konsultacje/strategia-integracji/odpowiedzi/proposal/{proposal}",
        "/urzad/konsultacje/plac-targowy/zakonczenie",
        "/urzad/zamieszkanie",
        "/urzad/organizacje",
        "/urzad/osoby",
        "/urzad/osoby/zaproszenie",
        "/konto/drugi-skladnik",
        "/konto/drugi-skladnik/wylaczenie",
    ),
    ("lubowierz", "marek@lubowierz.example"): ("/urzad", "/urzad/zatwierdzenia"),
    ("lubowierz", "zuzanna@rozmowaimiejsce.example"): (
        "/urzad",
        "/urzad/moderacja",
        "/urzad/moderacja/contribution/{voice}",
        "/rozmowy/{thread}/podsumowanie",
    ),
    ("lubowierz", "pawel@lubowierz.example"): (
        "/urzad/gmina",
        "/urzad/gmina/nazwy",
        "/urzad/gmina/barwy",
        "/urzad/gmina/czesci",
        "/urzad/gmina/wydzialy",
        "/urzad/gmina/zasady",
        "/urzad/gmina/cisza",
        "/urzad/gmina/przepisy",
        "/urzad/deklaracja",
        "/urzad/bariery",
        "/urzad/przechowywanie",
        "/urzad/osoby",
        "/urzad/osoby/1",
        "/urzad/zatwierdzenia",
    ),
}

# What these are, they are on purpose.
STATUS = {"/nie-ma-takiej": 404, ("", "/moje"): 401, ("halina@poczta.example", "/urzad"): 403}


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Serve the demo world on a port of its own."""
    from deliberate.app import create_app
    from deliberate.config import Settings

    terminal = Terminal(
        database_url=databases.new_empty("pages"), folder=tmp_path_factory.mktemp("pages")
    )
    assert terminal.run("demo", "prepare").code == 0
    app = create_app(Settings.from_environment(terminal.environment))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=PatientHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    app.extensions["address"] = f"http://127.0.0.1:{server.server_port}"
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.parametrize(
    ("slug", "email"), PAGES, ids=[f"{slug}-{email or 'visitor'}" for slug, email in PAGES]
)
def test_no_page_shuts_anybody_out(
    world, browser: Browser, axe: Callable[[Page], None], slug: str, email: str
) -> None:
    context = browser.new_context(base_url=world.extensions["address"], locale="pl-PL")
    if email:
        context.add_cookies([_cookie(world, slug, email)])
    page = context.new_page()
    numbers = _numbers(world)
    faults: list[str] = []
    for pattern in PAGES[slug, email]:
        path = pattern.format(**numbers)
        answer = page.goto(f"/g/{slug}{path}")
        assert answer is not None
        if answer.status != STATUS.get(path, STATUS.get((email, path), 200)):
            faults.append(f"{path}: {answer.status}")
            continue
        for width, scheme in looks(page):
            faults += [f"{path} {width} {scheme}: {fault}" for fault in find_faults(page, axe)]
    context.close()

    assert faults == []


def _numbers(app) -> dict[str, int]:
    """Return ids: of a proposal with its conversation and first voice, of what towns ask about."""
    with app.app_context():
        voice = db.session.execute(
            select(Thread.subject_id, Thread.id, Contribution.id)
            .join(Contribution, Contribution.thread_id == Thread.id)
            .join(Municipality, Municipality.id == Thread.tenant_id)
            .where(Municipality.slug == "lubowierz", Thread.subject_kind == "proposal")
            .order_by(Contribution.id)
        ).first()
        found = {
            "plan": _first(Document.id, TOWN),
            "programme": _first(Document.id, COUNTY),
            "remark": _first(Remark.id, COUNTY),
            "on_paper": _first(Remark.number, COUNTY, Remark.entered_by.is_not(None)),
            "walk": _first(Meeting.id, TOWN, Meeting.kind == MeetingKind.STUDY_WALK),
            "hours": _first(Meeting.id, TOWN, Meeting.kind == MeetingKind.DESIGNER_HOURS),
            "held": _first(Meeting.id, COUNTY, Meeting.state == MeetingState.HELD),
            **{
                register: _first(Entry.id, TOWN, Entry.register == register)
                for register in Register
            },
        }
        db.session.remove()
    assert voice is not None
    return dict(zip(("proposal", "thread", "voice"), voice, strict=True)) | found


def _first(column, slug: str, *where) -> int:
    """Return the least value of a column among the rows of a municipality."""
    tenant = select(Municipality.id).where(Municipality.slug == slug).scalar_subquery()
    table = column.class_
    found = db.session.scalar(select(func.min(column)).where(table.tenant_id == tenant, *where))
    assert found is not None, f"{column} in {slug}"
    return found


def _cookie(app, slug: str, email: str) -> dict:
    with app.app_context():
        person = db.session.scalars(select(Person.id).where(Person.email_folded == email)).one()
        db.session.remove()
    client = make.client(app, slug=slug, signed_in=person)
    cookie = client.get_cookie("deliberate")
    assert cookie is not None
    return {"name": "deliberate", "value": cookie.value, "url": app.extensions["address"]}
