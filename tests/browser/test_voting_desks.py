"""Desks of a vote that no story passes: codes for a list, codes given, a phase more, the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlparse

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from deliberate.approvals.models import Approval
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import stopping
from deliberate.voting.models import Poll
from deliberate.voting.states import Electorate
from tests import make
from tests.browser.looking import find_faults, looks

AT = "/g/lubowierz"
DESK = f"{AT}/urzad/konsultacje/rynek/glosowanie"
HEADER = "imię i nazwisko;ulica i numer;kod pocztowy;miejscowość;e-mail;telefon;język"
GOOD = (HEADER, "Ala Kos;Rynek 5/3;00-001;Lubowierz;;;", "Jan Wróbel;;;;jan@poczta.example;;uk")
BAD = (HEADER, "Ala Kos;Rynek 5/3;00-001;Lubowierz;;;", "Ewa Żuk;;;;;;")


@dataclass(frozen=True)
class Office:
    """A town hall with one browser, at which its people sit down in turns."""

    app: Flask
    tenant: int
    page: Page
    axe: Callable[[Page], None]

    def sit_down(self, role: Role) -> None:
        """Sit down as somebody with a role, a moment after they signed in."""
        client = make.client(self.app, signed_in=make.staff(self.app, self.tenant, role))
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        context = self.page.context
        context.clear_cookies()
        context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": f"{AT}/"}]
        )

    def look(self) -> None:
        """Judge the page before the person; axe needs JavaScript itself."""
        if not self.page.evaluate("matchMedia('(scripting: enabled)').matches"):
            return
        for width, scheme in looks(self.page):
            assert find_faults(self.page, self.axe) == [], f"{self.page.url} {width} {scheme}"

    def agree(self) -> None:
        """Open what waits for a second person."""
        with self.app.app_context():
            token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
        self.page.goto(f"{AT}/zatwierdzanie/{token}")

    def send_table(self, *lines: str) -> None:
        table = {"name": "lista.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
        self.page.locator("input[type=file]").set_input_files(table)  # type: ignore[arg-type]
        self.page.get_by_role("button", name="Wczytaj i pokaż").click()


@pytest.fixture
def office(app: Flask, page: Page, axe: Callable[[Page], None]) -> Office:
    return Office(app=app, tenant=make.municipality(app), page=page, axe=axe)


def test_codes_for_a_list_of_people(office: Office) -> None:
    app, tenant, page = office.app, office.tenant, office.page
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    office.sit_down(Role.OFFICER)
    page.goto(f"{DESK}/uprawnieni/kody/lista")
    office.look()
    office.send_table(*BAD)
    expect(page.get_by_text("Niczego nie zapisano")).to_be_visible()
    office.look()
    office.send_table(*GOOD)
    page.locator("summary", has_text="Osoby na liście").click()
    expect(page.get_by_text("Ala Kos")).to_be_visible()
    office.look()
    page.get_by_role("button", name="Poproś o zgodę").click()
    office.look()

    office.sit_down(Role.APPROVER)
    office.agree()
    office.look()
    page.get_by_role("button", name="Zatwierdzam").click()

    office.sit_down(Role.OFFICER)
    page.goto(f"{DESK}/uprawnieni/kody")
    office.look()
    page.goto(f"{DESK}/papier/kod")
    expect(page.get_by_text("Nie ma kodów do wydania")).to_be_visible()
    office.look()


def test_a_phase_more_for_a_vote_that_was_called_off(office: Office) -> None:
    app, tenant, page = office.app, office.tenant, office.page
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.cancel", poll, rules_hash)
    with app.app_context(), transaction():
        town = db.session.get_one(Municipality, tenant)
        stopping.cancel(town, poll, "Pomylono numery projektów.", actor=SYSTEM)
    office.sit_down(Role.OFFICER)
    page.goto(f"{DESK}/przebieg")
    page.get_by_role("link", name="Dodaj etap głosowania").click()
    assert urlparse(page.url).path.endswith("/dodatkowy-etap")
    office.look()
    page.get_by_role("button", name="Poproś o dodanie etapu").click()
    expect(page.get_by_role("alert").or_(page.locator(".err")).first).to_be_visible()
    office.look()
    today = clock.local(clock.now()).date()
    page.locator("input[name=first]").fill((today + timedelta(days=40)).isoformat())
    page.locator("input[name=last]").fill((today + timedelta(days=46)).isoformat())
    page.locator("textarea[name=reason]").fill("Głosowanie odwołano, bo pomylono numery.")
    page.get_by_role("button", name="Poproś o dodanie etapu").click()
    office.look()

    office.sit_down(Role.APPROVER)
    office.agree()
    office.look()
    page.get_by_role("button", name="Zatwierdzam").click()
    page.goto(f"{AT}/konsultacje/rynek/zmiany")
    expect(page.get_by_text("Głosowanie odwołano, bo pomylono numery.").first).to_be_visible()


def test_own_options_are_put_in_order(office: Office) -> None:
    app, tenant, page = office.app, office.tenant, office.page
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE], began=-1 / 24, days_left=9)
    make.poll(app, tenant, consultation, sections=[make.section(options=3)], sealed=False)
    office.sit_down(Role.OFFICER)
    page.goto(DESK)
    office.look()
    before = page.locator("[id^=pozycja-1-]").all_inner_texts()
    page.locator("#pozycja-1-1").get_by_role("button", name="Niżej").click()
    expect(page.locator("#pozycja-1-2")).to_contain_text(before[0].split(". ")[1].split("\n")[0])
    office.look()
