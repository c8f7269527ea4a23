"""Every kind of page in the demo world: axe finds nothing in light and in dark, nothing overflows.

One browser a person, one page after another; each is looked at wide and light, narrow and dark.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from deliberate.accounts.models import Person
from deliberate.discussion.models import Contribution, Thread
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality
from tests import make
from tests.browser.conftest import PatientHandler
from tests.databases import Databases
from tests.terminal import Terminal

SQUARE, ROOM = "/konsultacje/plac-targowy", "/konsultacje/swietlica-stary-mlyn"
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
    ("wrzosowiany", ""): (
        "/",
        ROOM,
        f"{ROOM}/propozycje/1",
        f"{ROOM}/glosowanie/wynik",
        f"{ROOM}/wynik",
    ),
    ("lubowierz", "halina@poczta.example"): (
        "/moje",
        "/konto",
        "/konto/listy",
        "/konto/zamieszkanie",
        "/konto/haslo",
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
        "/urzad/konsultacje/plac-targowy/odpowiedzi/proposal/{proposal}",
        "/urzad/konsultacje/plac-targowy/zakonczenie",
        "/urzad/zamieszkanie",
        "/urzad/organizacje",
        "/urzad/osoby",
        "/urzad/osoby/zaproszenie",
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
        "/urzad/deklaracja",
        "/urzad/bariery",
        "/urzad/przechowywanie",
        "/urzad/osoby",
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
        db.engine.dispose()


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
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            answer = page.goto(f"/g/{slug}{path}")
            assert answer is not None
            if answer.status != STATUS.get(path, STATUS.get((email, path), 200)):
                faults.append(f"{path}: {answer.status}")
                continue
            try:
                axe(page)
            except AssertionError as found:
                faults.append(f"{path} {width} {scheme}: {str(found)[:300]}")
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wider > 0:
                faults.append(f"{path} {width}: {wider} px too wide")
    context.close()

    assert faults == []


def _numbers(app) -> dict[str, int]:
    """Return the ids of a proposal with a conversation, of that and of its first voice."""
    with app.app_context():
        voice = db.session.execute(
            select(Thread.subject_id, Thread.id, Contribution.id)
            .join(Contribution, Contribution.thread_id == Thread.id)
            .join(Municipality, Municipality.id == Thread.tenant_id)
            .where(Municipality.slug == "lubowierz", Thread.subject_kind == "proposal")
            .order_by(Contribution.id)
        ).first()
        db.session.remove()
    assert voice is not None
    return dict(zip(("proposal", "thread", "voice"), voice, strict=True))


def _cookie(app, slug: str, email: str) -> dict:
    with app.app_context():
        person = db.session.scalars(select(Person.id).where(Person.email_folded == email)).one()
        db.session.remove()
    client = make.client(app, slug=slug, signed_in=person)
    cookie = client.get_cookie("deliberate")
    assert cookie is not None
    return {"name": "deliberate", "value": cookie.value, "url": app.extensions["address"]}
