"""A vote in a browser, with JavaScript and without."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.accounts import sessions
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting.models import Ballot
from tests import make

HERE = "/g/lubowierz/konsultacje/rynek/glosowanie"


@pytest.fixture
def voter(app: Flask, site: str, context: BrowserContext) -> None:
    """Give the browser to a resident of a city where a vote goes on."""
    tenant = make.municipality(app)
    make.poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))
    with client.session_transaction() as cookie:
        signed = app.session_interface.get_signing_serializer(app)
        value = signed.dumps(dict(cookie))  # type: ignore[union-attr]
        assert sessions.TOKEN in cookie
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": str(value), "url": f"{site}/g/lubowierz/"}])


@pytest.mark.usefixtures("voter")
def test_a_resident_chooses_changes_their_mind_and_votes(app: Flask, page: Page) -> None:
    page.goto(HERE)
    page.get_by_label("projekt nr 1: Projekt 1").check()
    page.get_by_role("button", name="Dalej").click()
    expect(page.get_by_role("heading", name="Sprawdź swój wybór")).to_be_visible()
    page.get_by_role("button", name="Wracam do wyboru").click()
    expect(page.get_by_label("projekt nr 1: Projekt 1")).to_be_checked()
    page.get_by_label("projekt nr 3: Projekt 3").check()
    page.get_by_role("button", name="Dalej").click()
    page.get_by_role("button", name="Oddaję głos").click()
    expect(page.get_by_role("heading", name="Głos przyjęty")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Głos przyjęty")).to_be_visible()

    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).all() == ["[1,3]"]


@pytest.mark.usefixtures("voter")
@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
def test_the_bar_counts_and_says_when_it_is_too_many(
    page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto(HERE)
    for number in (1, 2):
        page.get_by_label(f"projekt nr {number}").check()
    expect(page.locator(".castbar")).to_contain_text("Wybrano: 2 z 2")
    expect(page.locator("[data-over]")).to_be_hidden()
    page.get_by_label("projekt nr 3").check()
    expect(page.locator("[data-over]")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Dalej").click()
    expect(page.locator("#refusal")).to_contain_text("Możesz wybrać najwyżej 2, a zaznaczone: 3.")
    expect(page.get_by_label("projekt nr 3")).to_be_checked()


@pytest.mark.usefixtures("voter")
@pytest.mark.parametrize("context", [False], indirect=True, ids=["no-javascript"])
def test_without_a_script_the_bar_shows_no_number_that_stands_still(page: Page) -> None:
    page.goto(HERE)

    expect(page.locator("[data-counted]")).to_be_hidden()
    expect(page.locator(".castbar")).to_contain_text("Głos nie jest jeszcze oddany.")
