"""From an e-mail address to an account and a confirmed residence, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from deliberate.accounts import totp
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from tests import make

HOME = "/g/lubowierz"
NEW = "nowa@poczta.example"


def code_for(app: Flask, address: str) -> str:
    with app.app_context():
        wanted = select(Outbox.subject).where(Outbox.address == address).order_by(Outbox.id.desc())
        found = re.search(r"\d{3} \d{3}", db.session.scalars(wanted).first() or "")
    assert found is not None
    return found[0]


def sign_in(app: Flask, page: Page, address: str, back: str = "/konto") -> None:
    page.goto(f"{HOME}/zaloguj?wroc={back}")
    page.get_by_label("Adres e-mail").fill(address)
    page.get_by_role("button", name="Wyślij kod").click()
    page.get_by_label("Kod z listu").fill(code_for(app, address))
    page.locator("main").get_by_role("button", name="Zaloguj się").click()


def test_a_newcomer_gets_an_account(app: Flask, page: Page) -> None:
    make.municipality(app)
    sign_in(app, page, NEW)
    page.get_by_label("Jak Cię podpisywać").fill("Nowa N.")
    page.locator("label", has_text="ona – mieszkanka, autorka").click()
    page.get_by_role("button", name="Zakładam konto").click()
    expect(page.get_by_role("alert")).to_contain_text("Konto może mieć osoba od 13 lat.")
    expect(page.get_by_label("Jak Cię podpisywać")).to_have_value("Nowa N.")
    page.locator("label", has_text="Mam co najmniej 13 lat.").click()
    page.get_by_role("button", name="Zakładam konto").click()

    expect(page).to_have_url(re.compile(r"/konto$"))
    expect(page.get_by_role("status")).to_contain_text("Konto jest gotowe.")
    page.get_by_role("button", name="Wyloguj się").click()
    expect(page.get_by_role("link", name="Zaloguj się").first).to_be_visible()


def test_a_letter_confirms_residence(app: Flask, page: Page) -> None:
    tenant = make.municipality(app)
    make.person(app, email="halina@poczta.example", resident_of=tenant)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    sign_in(app, page, "halina@poczta.example", back="/konto/zamieszkanie")
    page.get_by_label("Imię i nazwisko").fill("Halina Kowal")
    page.get_by_label("Adres do listu").fill("Rzeczna 4, 00-001 Lubowierz")
    page.get_by_role("button", name="Proszę o list").click()
    expect(page.get_by_text("List czeka na wysłanie")).to_be_visible()

    app.config["WTF_CSRF_ENABLED"] = False  # for the officer's own, scripted browser
    letter = officer.post("/urzad/zamieszkanie/1/list").text
    app.config["WTF_CSRF_ENABLED"] = True
    code = re.search(r'code-big">([^<]+)<', letter)
    assert code is not None
    page.reload()
    page.get_by_label("Kod z listu").fill(code[1].lower())
    page.get_by_role("button", name="Potwierdzam").click()

    expect(page.get_by_role("status")).to_contain_text("Zamieszkanie jest potwierdzone.")
    expect(page.get_by_text("Kodem z listu")).to_be_visible()


@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
def test_a_wrong_code_keeps_the_focus_in_its_field(
    app: Flask, page: Page, axe: Callable[[Page], None]
) -> None:
    make.municipality(app)
    page.goto(f"{HOME}/zaloguj")
    axe(page)
    page.get_by_label("Adres e-mail").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kod z listu")).to_be_focused()
    wrong = "000000" if code_for(app, NEW) != "000 000" else "111111"
    page.keyboard.type(wrong)
    page.keyboard.press("Enter")

    expect(page.get_by_label("Kod z listu")).to_be_focused()
    expect(page.get_by_text("Kod się nie zgadza.")).to_be_visible()
    axe(page)


def test_a_second_factor_from_the_desk_to_the_next_sign_in(
    app: Flask, page: Page, axe: Callable[[Page], None]
) -> None:
    tenant = make.municipality(app)
    person = make.person(app, name="Bożena W.", email="bozena@lubowierz.example")
    make.membership(app, tenant, person, Role.OFFICER)
    scripted = page.evaluate("matchMedia('(scripting: enabled)').matches")
    look = axe if scripted else lambda _page: None
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(app, page, "bozena@lubowierz.example", back="/urzad")
    page.locator("main").get_by_role("link", name="Ustaw drugi składnik").click()
    look_at(page, look)
    page.get_by_role("button", name="Ustaw drugi składnik").click()
    expect(page.get_by_role("img", name="Kod QR z kluczem")).to_be_visible()
    secret = (page.locator("#secret").text_content() or "").replace(" ", "")
    page.get_by_label("Kod z aplikacji").fill("000000")
    page.get_by_role("button", name="Potwierdzam").click()
    expect(page.get_by_text("Kod się nie zgadza.")).to_be_visible()
    look_at(page, look)
    page.get_by_label("Kod z aplikacji").fill(code_of(secret))
    page.get_by_role("button", name="Potwierdzam").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    look_at(page, look)
    paper = page.locator("#recovery-codes code").first.text_content() or ""
    page.get_by_role("link", name="Mam je zapisane").click()
    expect(page).to_have_url(re.compile(r"/urzad$"))
    expect(page.get_by_text("potrzebny jest drugi składnik")).to_have_count(0)

    page.goto(f"{HOME}/konto/drugi-skladnik")
    look_at(page, look)
    page.goto(f"{HOME}/konto")
    page.get_by_role("button", name="Wyloguj się").click()
    sign_in(app, page, "bozena@lubowierz.example", back="/urzad")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kod z aplikacji")
    look_at(page, look)
    page.get_by_label("Kod z aplikacji").fill(paper)
    page.locator("main").get_by_role("button", name="Zaloguj się").click()
    expect(page).to_have_url(re.compile(r"/urzad$"))


def code_of(secret: str) -> str:
    return totp.code_at(secret, totp.step_of(clock.now()))


def look_at(page: Page, axe: Callable[[Page], None]) -> None:
    """Judge a page as a telephone shows it: nothing is cut off, nothing bars anybody."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
