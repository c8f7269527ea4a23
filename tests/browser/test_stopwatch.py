"""How much an officer has to do from an idea to a published consultation on a document.

Each field that is filled in and each button or link that is pressed counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from tests import make

AT = "/g/lubowierz"
MOST = 40
PROGRAMME = """§ 1.
1. Program trwa od 1 stycznia do 31 grudnia 2027 r.
2. Na zadania jest 500 000 zł.
§ 2.
1. Oferty opiniuje komisja konkursowa.
"""


class Stopwatch:
    """A person at a browser, whose every act is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.acts += 1

    def attach(self, label: str, path: Path) -> None:
        self.page.get_by_label(label).first.set_input_files(path)
        self.acts += 1

    def press(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        self.acts += 1


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def contexts(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> Iterator[list[BrowserContext]]:
    made = [
        browser.new_context(
            base_url=site,
            java_script_enabled=request.param,
            locale="pl-PL",
            timezone_id="Europe/Warsaw",
        )
        for _ in range(2)
    ]
    for context in made:
        context.set_default_timeout(15_000)
    yield made
    for context in made:
        context.close()


def sign_in(app: Flask, context: BrowserContext, person: int) -> Page:
    """Give the browser the session of a person: signing in is not what is measured."""
    client = make.client(app, signed_in=person)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}]
    )
    return context.new_page()


def test_from_an_idea_to_published_remarks_in_forty_acts(
    app: Flask, contexts: list[BrowserContext], tmp_path: Path
) -> None:
    tenant = make.municipality(app)
    officer = Stopwatch(sign_in(app, contexts[0], make.staff(app, tenant, Role.OFFICER)))
    make.staff(app, tenant, Role.REVIEWER)
    second = Stopwatch(sign_in(app, contexts[1], make.staff(app, tenant, Role.APPROVER)))
    text = tmp_path / "program.txt"
    text.write_text(PROGRAMME)

    officer.page.goto(f"{AT}/urzad")
    officer.press("Nowe konsultacje", "link")
    officer.press("Zebrać uwagi do dokumentu", "link")
    officer.fill("Tytuł", "Program współpracy na 2027 rok: co zmienić?")
    officer.fill("O co chodzi", "Miasto przygotowuje program współpracy z organizacjami.")
    officer.fill("Na co ludzie mają wpływ", "- kwoty i priorytety")
    officer.fill("Czego nie zmienimy", "- terminu uchwalenia: narzuca go ustawa")
    officer.press("Zapisz i zobacz podgląd")
    officer.press("Dodaj dokument, którego dotyczą uwagi.", "link")
    officer.fill("Tytuł", "Projekt programu współpracy na 2027 rok")
    officer.attach("Plik", text)
    officer.press("Wczytaj i pokaż podział")
    expect(officer.page.locator("main")).to_contain_text("500 000 zł")
    officer.press("Zachowaj tę wersję")
    officer.press("Program współpracy na 2027 rok", "link")
    officer.press("Zapisz i zobacz podgląd")
    officer.press("Wyślij do zatwierdzenia")

    second.page.goto(f"{AT}/urzad")
    second.press("Sprawdź", "link")
    second.press("Zatwierdzam")

    with app.app_context():
        made = db.session.scalars(select(Consultation)).one()
        assert made.state == State.PUBLISHED
    assert officer.acts + second.acts <= MOST
    officer.page.goto(f"{AT}/konsultacje/{made.slug}")
    expect(officer.page.locator("main")).to_contain_text("Projekt programu współpracy na 2027 rok")
