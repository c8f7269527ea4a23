"""A vote that is held: found by the office after the end, explained from a letter, in a browser."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.accounts import sessions
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.subjects.gate import Activity
from tests import make
from tests.declared import SIX, ended_poll, vote

DESK = "/g/lubowierz/urzad/konsultacje/rynek/glosowanie/podejrzenia"
CASES = "/g/lubowierz/urzad/konsultacje/rynek/glosowanie/uprawnieni/sprawy"
NARROW = {"width": 320, "height": 800}
MINE = "Mieszkam tu z siostrą, jej mężem i trójką dzieci."


@pytest.fixture
def held(app: Flask, site: str, context: BrowserContext) -> None:
    """Give the browser to an officer after a vote of six people in one house."""
    tenant = make.municipality(app)
    poll = ended_poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))
    for name in SIX:
        vote(app, poll, name)
    client = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    with client.session_transaction() as cookie:
        signed = app.session_interface.get_signing_serializer(app)
        value = signed.dumps(dict(cookie))  # type: ignore[union-attr]
        assert sessions.TOKEN in cookie
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": str(value), "url": f"{site}/g/lubowierz/"}])


def fits(page: Page) -> bool:
    """Tell whether nothing has to be moved sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return bool(width <= NARROW["width"])


@pytest.mark.usefixtures("held")
def test_the_office_holds_votes_and_a_voter_explains(
    app: Flask, page: Page, axe: Callable[[Page], None]
) -> None:
    runs_scripts = page.evaluate("matchMedia('(scripting: enabled)').matches")

    def look() -> None:
        assert fits(page)
        if runs_scripts:
            axe(page)

    page.set_viewport_size(NARROW)
    page.goto(DESK)
    expect(page.get_by_role("heading", name="Wiele osób pod jednym adresem")).to_be_visible()
    look()
    page.get_by_text("Wstrzymaj te głosy").first.click()
    page.get_by_label("Dlaczego").fill("W tym domu są dwa mieszkania.")
    page.get_by_role("button", name="Wstrzymaj te głosy").click()
    expect(page.get_by_text("Te głosy są wstrzymane.")).to_be_visible()
    with app.app_context():
        letters = db.session.scalars(select(Outbox.body).where(Outbox.kind == "voting.held")).all()
    address = re.search(r"http\S+wyjasnienie\?kod=\S+", letters[0])
    assert address

    page.goto(re.sub(r"^https?://[^/]+", "", address[0]))
    look()
    page.get_by_label("Twoje wyjaśnienie").fill(MINE)
    page.get_by_role("button", name="Wyślij wyjaśnienie").click()
    expect(page.get_by_role("heading", name="Wyjaśnienie dotarło")).to_be_visible()
    look()

    page.goto(CASES)
    expect(page.get_by_text(MINE)).to_be_visible()
    expect(page.get_by_text("Ta osoba ma jeszcze czas na wyjaśnienie.")).to_have_count(5)
    look()
