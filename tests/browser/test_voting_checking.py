"""From the slip with its code to the check that the vote was counted, in a browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.accounts import sessions
from deliberate.accounts.models import Person
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import receipts
from deliberate.voting.actions import casting, counting, heading
from deliberate.voting.models import Poll, Receipt
from deliberate.voting.states import Publication
from tests import make

HERE = "/g/lubowierz/konsultacje/rynek/glosowanie"
NARROW = {"width": 320, "height": 800}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def tenant(app: Flask) -> int:
    return make.municipality(app)


@pytest.fixture
def voter(app: Flask, site: str, context: BrowserContext, tenant: int) -> None:
    """Give the browser to a resident of a city where a vote goes on."""
    make.poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))
    with client.session_transaction() as cookie:
        signed = app.session_interface.get_signing_serializer(app)
        value = signed.dumps(dict(cookie))  # type: ignore[union-attr]
        assert sessions.TOKEN in cookie
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": str(value), "url": f"{site}/g/lubowierz/"}])


@pytest.fixture
def codes(app: Flask, tenant: int) -> list[str]:
    """Make a vote of the past, with a head, counted and published; return its codes."""
    now, people = clock.now(), make.residents(app, tenant, 104)
    poll_id = make.poll(
        app,
        tenant,
        make.consultation(app, tenant, opens=[Activity.VOTE]),
        began=timedelta(days=9),
        left=timedelta(days=-1),
        publication=Publication.LINKED,
    )
    with clock.at(now - timedelta(days=4)), app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, tenant)
        for person in people:
            voter = db.session.get_one(Person, person)
            form = casting.Form(idem=f"form of {person}")
            casting.cast(poll.id, voter, make.marks(1, 2), form)
        heading.add_daily(poll, now=clock.now())
        leaves = db.session.scalars(select(Receipt.leaf)).all()
        rules_hash = poll.rules_hash or ""
    make.approval(app, tenant, "poll.count", poll_id, rules_hash)
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)
    make.publish_poll(app, tenant, poll_id)
    return [receipts.code(leaf) for leaf in leaves]


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.usefixtures("voter")
def test_the_slip_shows_a_code_and_a_picture_of_where_to_check_it(
    page: Page, request: pytest.FixtureRequest, axe: Callable[[Page], None]
) -> None:
    with_script = "no-javascript" not in request.node.name
    page.goto(HERE)
    page.get_by_label("projekt nr 1: Projekt 1").check()
    page.get_by_role("button", name="Dalej").click()
    chance = page.locator("input[name=los]").get_attribute("value") or ""
    if with_script:
        chance = page.locator("input[name=los]").input_value()
    assert bool(re.fullmatch(r"[0-9a-f]{32}", chance)) == with_script
    page.get_by_role("button", name="Oddaję głos").click()

    expect(page.locator(".code-big")).to_have_text(CODE)
    expect(page.get_by_role("img", name="Kod QR z adresem")).to_be_visible()
    expect(page.get_by_text("Kod nie pokazuje, na co padł głos.")).to_be_visible()
    expect(page.get_by_role("button", name="Drukuj")).to_be_visible(visible=with_script)
    page.set_viewport_size(NARROW)
    if with_script:
        assert fits(page)
        axe(page)
        page.emulate_media(media="print")
        expect(page.locator(".code-big")).to_be_visible()
        expect(page.get_by_role("heading", name="Co dalej")).to_be_hidden()


def test_a_code_is_checked_from_the_address_of_the_slip(
    page: Page, codes: list[str], request: pytest.FixtureRequest, axe: Callable[[Page], None]
) -> None:
    page.goto(f"{HERE}/kod?kod={codes[0]}")
    page.get_by_role("button", name="Sprawdź", exact=True).click()

    expect(
        page.get_by_text("Głos o tym kodzie znajduje się wśród 104 policzonych.")
    ).to_be_visible()
    expect(page.get_by_text("Projekt 2")).to_be_visible()
    page.get_by_text("Dowód, że ta karta jest na liście kontrolnej").click()
    if "no-javascript" not in request.node.name:
        page.set_viewport_size(NARROW)
        assert fits(page)
        axe(page)
    page.get_by_label("Twój kod").fill("0000")
    page.get_by_role("button", name="Sprawdź", exact=True).click()
    expect(page.get_by_text("Kod ma dwanaście znaków")).to_be_visible()
    expect(page.get_by_label("Twój kod")).to_have_value("0000")


@pytest.mark.usefixtures("codes")
def test_the_check_list_is_read_and_its_files_are_taken(
    page: Page, request: pytest.FixtureRequest, axe: Callable[[Page], None]
) -> None:
    page.goto(f"{HERE}/lista-kontrolna")

    expect(page.get_by_role("heading", name="Wpis 2")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Pobierz wszystko (ZIP)").click()
    assert taken.value.suggested_filename == "glosowanie-rynek.zip"
    if "no-javascript" not in request.node.name:
        page.set_viewport_size(NARROW)
        assert fits(page)
        axe(page)
