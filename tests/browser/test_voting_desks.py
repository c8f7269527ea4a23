"""Desks of a vote that no story passes: codes for a list, codes given, a phase more, the order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlparse

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
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


@pytest.fixture
def tenant(app: Flask) -> int:
    return make.municipality(app)


@pytest.fixture
def look(page: Page, axe: Callable[[Page], None]) -> Callable[[], None]:
    """Give a judgement of the page before the person; axe needs JavaScript itself."""

    def judge() -> None:
        if not page.evaluate("matchMedia('(scripting: enabled)').matches"):
            return
        for width, scheme in looks(page):
            assert find_faults(page, axe) == [], f"{page.url} {width} {scheme}"

    return judge


@pytest.fixture
def work_as(app: Flask, context: BrowserContext, tenant: int) -> Callable[[Role], None]:
    """Give a way to sit down as somebody with a role, a moment after they signed in."""

    def sit_down(role: Role) -> None:
        client = make.client(app, signed_in=make.staff(app, tenant, role))
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        context.clear_cookies()
        context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": f"{AT}/"}]
        )

    return sit_down


def agree(app: Flask, page: Page) -> None:
    """Open what waits for a second person, and agree."""
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    page.goto(f"{AT}/zatwierdzanie/{token}")


def send_table(page: Page, *lines: str) -> None:
    table = {"name": "lista.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    page.locator("input[type=file]").set_input_files(table)  # type: ignore[arg-type]
    page.get_by_role("button", name="Wczytaj i pokaż").click()


def test_codes_for_a_list_of_people(
    app: Flask,
    tenant: int,
    page: Page,
    look: Callable[[], None],
    work_as: Callable[[Role], None],
) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    work_as(Role.OFFICER)
    page.goto(f"{DESK}/uprawnieni/kody/lista")
    look()
    send_table(page, *BAD)
    expect(page.get_by_text("Niczego nie zapisano")).to_be_visible()
    look()
    send_table(page, *GOOD)
    page.locator("summary", has_text="Osoby na liście").click()
    expect(page.get_by_text("Ala Kos")).to_be_visible()
    look()
    page.get_by_role("button", name="Poproś o zgodę").click()
    look()

    work_as(Role.APPROVER)
    agree(app, page)
    look()
    page.get_by_role("button", name="Zatwierdzam").click()

    work_as(Role.OFFICER)
    page.goto(f"{DESK}/uprawnieni/kody")
    look()
    page.goto(f"{DESK}/papier/kod")
    expect(page.get_by_text("Nie ma kodów do wydania")).to_be_visible()
    look()


def test_a_phase_more_for_a_vote_that_was_called_off(
    app: Flask,
    tenant: int,
    page: Page,
    look: Callable[[], None],
    work_as: Callable[[Role], None],
) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.cancel", poll, rules_hash)
    with app.app_context(), transaction():
        town = db.session.get_one(Municipality, tenant)
        stopping.cancel(town, poll, "Pomylono numery projektów.", actor=SYSTEM)
    work_as(Role.OFFICER)
    page.goto(f"{DESK}/przebieg")
    page.get_by_role("link", name="Dodaj etap głosowania").click()
    assert urlparse(page.url).path.endswith("/dodatkowy-etap")
    look()
    page.get_by_role("button", name="Poproś o dodanie etapu").click()
    expect(page.get_by_role("alert").or_(page.locator(".err")).first).to_be_visible()
    look()
    today = clock.local(clock.now()).date()
    page.locator("input[name=first]").fill((today + timedelta(days=40)).isoformat())
    page.locator("input[name=last]").fill((today + timedelta(days=46)).isoformat())
    page.locator("textarea[name=reason]").fill("Głosowanie odwołano, bo pomylono numery.")
    page.get_by_role("button", name="Poproś o dodanie etapu").click()
    look()

    work_as(Role.APPROVER)
    agree(app, page)
    look()
    page.get_by_role("button", name="Zatwierdzam").click()
    page.goto(f"{AT}/konsultacje/rynek/zmiany")
    expect(page.get_by_text("Głosowanie odwołano, bo pomylono numery.").first).to_be_visible()


def test_own_options_are_put_in_order(
    app: Flask,
    tenant: int,
    page: Page,
    look: Callable[[], None],
    work_as: Callable[[Role], None],
) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE], began=-1 / 24, days_left=9)
    make.poll(app, tenant, consultation, sections=[make.section(options=3)], sealed=False)
    work_as(Role.OFFICER)
    page.goto(DESK)
    look()
    before = page.locator("[id^=pozycja-1-]").all_inner_texts()
    page.locator("#pozycja-1-1").get_by_role("button", name="Niżej").click()
    expect(page.locator("#pozycja-1-2")).to_contain_text(before[0].split(". ")[1].split("\n")[0])
    look()
