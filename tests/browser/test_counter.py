"""Nine forms and a telephone call, entered by keyboard alone, in under a quarter of an hour.

No one types in a test as people do, so the time is worked out: a key takes 0.28 s, and before each
field a person looks and thinks for 1.35 s (Card, Moran, Newell, "The Psychology of Human-Computer
Interaction", 1983: an average typist who is no secretary). Reading a form takes a while, too.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.documents.models import Remark
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests import make

ENTRY = "/g/lubowierz/urzad/konsultacje/program/uwagi/wpis"
KEY, LOOK, READ = 0.28, 1.35, 20.0  # seconds: a press, before a field, a form of paper
QUARTER = 15 * 60
SAID = (
    "Kwota na zadania powinna być wyższa, bo w zeszłym roku zabrakło pieniędzy już w marcu.",
    "Proszę dopisać, że oferty można składać także na papierze w punkcie przy Ratuszowej.",
    "Termin czternastu dni jest za krótki dla małych organizacji, które działają społecznie.",
)


class Typist:
    """Somebody with a keyboard and no mouse; counts what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.fields = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Go on to a field, one press after another."""
        for _ in range(12):
            if self._focused() == name:
                self.fields += 1
                return
            self.press(key)
        raise AssertionError(f"{name} is not reached; the focus is on {self._focused()}")

    def save(self, number: int) -> None:
        self.tab_to("enter")
        self.press("Enter")
        expect(self.page.locator("#latest")).to_contain_text(f"nr {number}")

    def _focused(self) -> str:
        return str(
            self.page.evaluate("document.activeElement.name || document.activeElement.id || ''")
        )

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.fields * LOOK


@pytest.fixture
def officer(app: Flask, context: BrowserContext) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(
        app, tenant, slug="program", title="Program współpracy", opens=[Activity.REMARK]
    )
    make.document(
        app, tenant, consultation, texts=[f"§ {number}. Zdanie." for number in range(1, 13)]
    )
    client = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}]
    )


@pytest.mark.usefixtures("officer")
def test_nine_forms_and_a_telephone_call_in_a_quarter_of_an_hour(app: Flask, page: Page) -> None:
    page.goto(ENTRY)
    typist = Typist(page)

    expect(page.locator("#channel")).to_be_focused()
    typist.tab_to("label")
    typist.write("mieszkanka")
    for number in range(1, 10):
        if number > 1:
            expect(page.locator("#parts-0-place")).to_be_focused()
        typist.tab_to("parts-0-place")
        typist.write(f"par {number}")
        typist.tab_to("parts-0-kind")
        typist.write("z")
        typist.tab_to("parts-0-body")
        typist.write(f"{SAID[number % 3]} ({number})")
        typist.save(number)
    typist.tab_to("channel", key="Shift+Tab")
    typist.write("t")
    typist.tab_to("parts-0-body")
    typist.write("Dzwonię, żeby zapytać, kiedy program zacznie obowiązywać i gdzie go znajdę.")
    typist.save(10)

    with app.app_context():
        rows = db.session.scalars(select(Remark).order_by(Remark.number)).all()
    assert [row.place for row in rows] == [*(f"§ {number}" for number in range(1, 10)), ""]
    assert [row.channel for row in rows] == ["paper"] * 9 + ["telephone"]
    assert {row.kind for row in rows[:9]} == {"change"}
    assert {row.author_name for row in rows} == {"mieszkanka"}
    assert typist.fields <= 45
    assert typist.seconds + 10 * READ < QUARTER, typist.seconds


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_counter_is_usable_by_everybody(
    page: Page, axe: Callable[[Page], None], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(ENTRY)
    axe(page)
    page.get_by_role("button", name="Dodaj kolejną uwagę").click()
    expect(page.locator("#parts-1-place")).to_be_focused()
    page.locator("#parts-0-place").fill("§ 99")
    page.get_by_role("button", name="Zapisz i wpisz następne").click()
    axe(page)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
