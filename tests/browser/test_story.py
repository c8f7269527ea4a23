"""The whole story, played by five people: from opening a consultation to the office's answers.

Bożena (officer) opens it, Marek (second person) approves from his letter, Halina and Olena
(residents) propose, support and speak, Zuzanna (facilitator) moderates, residents vote, two
persons seal and count, the office answers every proposal. With JavaScript and without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from tests import make
from tests.browser.people import AT, Calendar, Somebody, at_browsers

TITLE = "Rynek: jak ma wyglądać po przebudowie?"
PEOPLE = {
    "bozena": ("Bożena W.", Role.OFFICER),
    "marek": ("Marek T.", Role.APPROVER),
    "zuzanna": ("Zuzanna P.", Role.FACILITATOR),
    "irena": ("Irena S.", Role.REVIEWER),
}


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def people(
    app: Flask, site: str, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[dict[str, Somebody]]:
    tenant = make.municipality(app)
    make.unit(app, tenant, name="Biuro Partycypacji")
    for key, (name, role) in PEOPLE.items():
        person = make.person(app, name=name, email=f"{key}@lubowierz.example")
        make.membership(app, tenant, person, role)
    emails = [f"{key}@lubowierz.example" for key in PEOPLE]
    emails += ["halina@x.example", "olena@x.example"]
    with at_browsers(app, site, browser, emails, javascript=request.param) as people:
        yield people


def test_a_consultation_from_opening_to_answer(  # noqa: PLR0915 - a story is told in one go
    people: dict[str, Somebody], calendar: Calendar
) -> None:
    bozena, marek, zuzanna = people["bozena"], people["marek"], people["zuzanna"]
    halina, olena = people["halina"], people["olena"]

    # Bożena opens a consultation: what, six fields, the rest is there; preview; a second person.
    bozena.sign_in()
    bozena.open("/urzad/konsultacje/nowe")
    bozena.page.get_by_role("link", name="zebrać pomysły i wybrać").click()
    page = bozena.page
    page.get_by_label("Tytuł").first.fill(TITLE)
    page.get_by_label("O co chodzi").fill("W przyszłym roku wymieniamy pod rynkiem kanalizację.")
    page.get_by_label("Na co ludzie mają wpływ").fill("Zieleń, cień, miejsca do siedzenia.")
    page.get_by_label("Czego nie zmienimy").fill("Terminu wymiany kanalizacji.")
    page.get_by_text("Reszta – już wypełniona").click()
    page.get_by_label("Odwołania").or_(page.get_by_label("odwołania")).first.select_option(
        label="Irena S."
    )
    bozena.press("Zapisz i zobacz podgląd")
    bozena.sees("Tak to zobaczą ludzie", TITLE, "Wszystko jest.")
    slug = page.url.rstrip("/").split("/")[-2]
    assert people["olena"].page.goto(f"{AT}/konsultacje/{slug}").status == 404  # type: ignore[union-attr]
    bozena.press("Wyślij do zatwierdzenia")
    bozena.sees("zatwierdza druga osoba")

    # Marek approves from the letter, with one button.
    link = re.search(r"/zatwierdzanie/\S+", marek.letter(""))
    assert link
    marek.sign_in()
    marek.open(link[0])
    marek.sees(TITLE)
    marek.press("Zatwierdzam")

    # The first day: residents propose, support and speak.
    calendar.go_to(clock.start_of_day(clock.local(calendar.now()).date() + timedelta(days=1)))
    calendar.ahead += timedelta(hours=10)
    halina.join("Halina K.")
    halina.open(f"/konsultacje/{slug}")
    halina.sees(TITLE)
    halina.page.get_by_role("link", name="Zgłoś propozycję").first.click()
    halina.page.get_by_label("Co proponujesz").fill("Ławki pod drzewami")
    halina.page.get_by_label("Gdzie").fill("Rynek")
    halina.page.get_by_label("Dlaczego to potrzebne").fill("Bo nie ma gdzie usiąść w cieniu.")
    halina.press("Publikuję")
    halina.sees("Ławki pod drzewami", "nr 1")

    olena.join("Олена Г.")
    olena.open(f"/konsultacje/{slug}/propozycje/1")
    olena.press("Popieram")
    expect(olena.page.get_by_role("button", name="Wycofuję poparcie")).to_be_visible()
    olena.page.get_by_role("link", name="Zabierz głos").first.click()
    olena.page.get_by_label("Zasady").or_(olena.page.get_by_label("zasady")).first.check(force=True)
    olena.page.get_by_label("Twoja wypowiedź").or_(olena.page.locator("textarea")).first.fill(
        "Pan Nowak z Rynku 5 niszczy ławki."
    )
    olena.press("Opublikuj")
    olena.sees("Pan Nowak z Rynku 5")
    olena.open(f"/konsultacje/{slug}/propozycje/nowa")
    olena.page.get_by_label("Co proponujesz").fill("Kino letnie na placu")
    olena.page.get_by_label("Gdzie").fill("Rynek")
    olena.page.get_by_label("Dlaczego to potrzebne").fill("Wieczorem plac jest pusty.")
    olena.press("Publikuję")
    olena.sees("nr 2")

    # Halina gives notice, Zuzanna hides with a reason and the marked passage; a trace stays.
    halina.open(f"/konsultacje/{slug}/propozycje/1")
    halina.page.locator("article").get_by_role("link", name="Zgłoś").first.click()
    halina.page.get_by_label("Dane innej osoby").check(force=True)
    halina.page.locator("textarea").first.fill("Podaje nazwisko i adres sąsiada.")
    halina.page.get_by_role("checkbox").last.check(force=True)
    halina.page.locator("main form button[type=submit], main form button:not([type])").last.click()
    halina.sees("nr")

    zuzanna.sign_in()
    zuzanna.open("/urzad/moderacja")
    zuzanna.page.locator("main").get_by_role("link").filter(has_text="Dane innej osoby").or_(
        zuzanna.page.get_by_role("link", name="Zaczynam")
    ).first.click()
    zuzanna.sees("Pan Nowak z Rynku 5")
    zuzanna.page.get_by_label("fragment").first.fill("Pan Nowak z Rynku 5")
    zuzanna.press("Ukryj: dane")
    zuzanna.press("Ukryj i wyślij")
    visitor = people["irena"]
    visitor.open(f"/konsultacje/{slug}/propozycje/1")
    visitor.sees("Wpis ukryty")
    expect(visitor.page.locator("main")).not_to_contain_text("Nowak")
    assert "Pan Nowak z Rynku 5" in olena.letter("")

    # Before the vote: the ballot is drawn and sealed by two persons.
    vote_opens = _first_day(bozena, slug, "Głosujemy")
    calendar.go_to(vote_opens - timedelta(days=2))
    bozena.sign_in()
    bozena.open(f"/urzad/konsultacje/{slug}/glosowanie")
    for box in bozena.page.locator("input[name=numer]").all():
        box.check(force=True)
    bozena.page.get_by_label("najwięcej").or_(bozena.page.get_by_label("najwyżej")).first.fill("1")
    bozena.press("Zapisz kartę")
    for question in ("formally_secret", "high_stakes"):
        bozena.page.locator(f"input[name={question}][value=nie]").check(force=True)
    bozena.press("Poproś o zapieczętowanie")
    marek.sign_in()
    _approve(marek)

    # The vote: choose, check, cast. Nobody sees a number before the count.
    calendar.go_to(vote_opens + timedelta(hours=12))
    for voter in (halina, olena):
        voter.sign_in()
        voter.open(f"/konsultacje/{slug}/glosowanie")
        voter.page.get_by_label("Ławki pod drzewami").first.check(force=True)
        voter.press("Dalej")
        voter.sees("Głos nie jest jeszcze oddany", "Ławki pod drzewami")
        voter.press("Oddaję głos")
        voter.sees("Głos przyjęty")
    halina.open(f"/konsultacje/{slug}/glosowanie")
    halina.sees("Głos z tymi danymi został przyjęty")
    visitor.open(f"/konsultacje/{slug}/glosowanie/wynik")
    visitor.sees("Wyniku jeszcze nie ma")

    # The count by two persons, and the result for all at once.
    calendar.go_to(vote_opens + timedelta(days=40))
    bozena.sign_in()
    bozena.open(f"/urzad/konsultacje/{slug}/glosowanie")
    bozena.press("Poproś o policzenie")
    marek.sign_in()
    _approve(marek)
    marek.follow("Zobacz, jak idzie liczenie")
    marek.sees("Liczenie zaraz się zacznie.")
    marek.work()
    marek.open(f"/urzad/konsultacje/{slug}/glosowanie/przebieg/liczenie")
    marek.sees("Głosy są policzone")
    bozena.open(f"/urzad/konsultacje/{slug}/glosowanie")
    bozena.press("Poproś o ogłoszenie wyniku")
    _approve(marek)
    visitor.open(f"/konsultacje/{slug}/glosowanie/wynik")
    visitor.sees("Ławki pod drzewami", "2")

    # The office answers every proposal; then, and not before, the answers are for all.
    for number, position in ((1, "Przyjęta"), (2, "Nieprzyjęta")):
        bozena.open(f"/urzad/konsultacje/{slug}/odpowiedzi")
        bozena.page.locator("main table").get_by_role("link").nth(number - 1).click()
        bozena.page.get_by_role("radio", name=re.compile(position, re.IGNORECASE)).first.check(
            force=True
        )
        bozena.page.locator("textarea").first.fill(
            "Postawimy dwadzieścia ławek do końca maja; koszt mieści się w budżecie rynku."
        )
        bozena.press("Zapisz szkic odpowiedzi")
    visitor.open(f"/konsultacje/{slug}/wynik")
    expect(visitor.page.locator("main")).not_to_contain_text("dwadzieścia ławek")
    marek.open(f"/urzad/konsultacje/{slug}/zakonczenie")
    marek.press("Ogłoś odpowiedzi i zakończ")
    visitor.open(f"/konsultacje/{slug}/wynik")
    visitor.sees("Co z tego wynikło", "dwadzieścia ławek")
    assert "Urząd odpowiedział na Twoją propozycję" in halina.letter("Urząd odpowiedział")


def _approve(approver: Somebody) -> None:
    approver.open("/urzad/zatwierdzenia")
    approver.page.locator("main").get_by_role("link").filter(
        has_text=re.compile("Sprawdź|Rynek|Karta")
    ).first.click()
    approver.press("Zatwierdzam")


def _first_day(officer: Somebody, slug: str, phase: str) -> datetime:
    with officer.app.app_context():
        from deliberate.consultations.models import Consultation, Phase

        return db.session.scalars(
            select(Phase.starts_at)
            .join(Consultation, Consultation.id == Phase.consultation_id)
            .where(Consultation.slug == slug, Phase.title == phase)
        ).one()
