"""What an office does every month, played whole: a general plan, from its announcement to BIP.

Bożena (officer) picks the procedure, puts up the document, plans a meeting, a walk, the designer's
hours and a survey, and ticks off four announcements; Marek (second person) approves. Halina lives
here, Tomasz elsewhere, Władysław writes for a company; paper and a telephone come to the counter.
A table goes out and comes back, answers are published, and a report goes to BIP.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import docx
import openpyxl
import pypdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from deliberate.consultations.models import Consultation, Phase
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from tests import make
from tests.browser.looking import find_faults, looks
from tests.browser.people import AT, Calendar, Somebody, at_browsers

TITLE = "Plan ogólny: gdzie miasto ma rosnąć?"
DOCUMENT = "Projekt planu ogólnego"
TEXT = (
    "Rozdział 1. Przepisy ogólne",
    "§ 1. Plan ogólny obejmuje całe miasto.",
    "§ 2. 1. Miasto dzieli się na strefy planistyczne.",
    "2. Granice stref są na rysunku planu.",
    "Rozdział 2. Strefy",
    "§ 3. W strefie SZ zabudowa ma najwyżej trzy kondygnacje. Ogrody działkowe zostają.",
    "§ 4. W strefie SU udział zieleni wynosi co najmniej 20%.",
    "§ 5. Wzdłuż rzeki dopuszcza się parkingi.",
)
CHANGED = "§ 4. W strefie SU udział zieleni wynosi co najmniej 30%."
CASE, RESPONSIBLE = "WP.6720.1.2026", "Anna Nowak, kierowniczka Wydziału Planowania"
STAFF = {
    "bozena": ("Bożena W.", Role.OFFICER),
    "marek": ("Marek T.", Role.APPROVER),
    "irena": ("Irena S.", Role.REVIEWER),
}
PEOPLE = ("halina", "tomasz", "wladyslaw", "gosc")
REASON = "Po rozważeniu tej uwagi i opinii projektantki stanowisko urzędu jest takie, jak podano."


@dataclass(slots=True, kw_only=True)
class Case:
    """The consultation of this story and who takes part in it. ``slug`` is there once it is."""

    app: Flask
    calendar: Calendar
    people: dict[str, Somebody]
    axe: Callable[[Page], None] | None  # none without JavaScript, which it needs itself
    slug: str = ""

    def __getitem__(self, name: str) -> Somebody:
        return self.people[name]

    @property
    def page(self) -> str:
        return f"/konsultacje/{self.slug}"

    @property
    def desk(self) -> str:
        return f"/urzad/konsultacje/{self.slug}"

    @property
    def today(self) -> date:
        return clock.local(self.calendar.now()).date()

    def day(self, ahead: int) -> str:
        return (self.today + timedelta(days=ahead)).isoformat()

    def look_at(self, who: str) -> None:
        """Judge the page that somebody has before them, wide and light, narrow and dark."""
        page = self.people[who].page
        if self.axe is None:
            return
        for width, scheme in looks(page):
            assert find_faults(page, self.axe) == [], f"{page.url} {width} {scheme}"
        page.set_viewport_size({"width": 1280, "height": 900})

    def work(self) -> None:
        """Do what waits, as the worker does."""
        with self.app.app_context():
            while jobs.run_due():
                pass


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def people(
    app: Flask, site: str, browser: Browser, *, javascript: bool
) -> Iterator[dict[str, Somebody]]:
    tenant = make.municipality(app)
    make.unit(app, tenant, name="Wydział Planowania")
    for key, (name, role) in STAFF.items():
        person = make.person(app, name=name, email=f"{key}@lubowierz.example")
        make.membership(app, tenant, person, role)
    emails = [f"{key}@lubowierz.example" for key in STAFF]
    emails += [f"{key}@poczta.example" for key in PEOPLE]
    with at_browsers(app, site, browser, emails, javascript=javascript) as people:
        yield people


@pytest.fixture
def case(
    app: Flask,
    calendar: Calendar,
    people: dict[str, Somebody],
    axe: Callable[[Page], None],
    *,
    javascript: bool,
) -> Case:
    return Case(app=app, calendar=calendar, people=people, axe=axe if javascript else None)


def test_a_general_plan_from_announcement_to_the_pack_for_bip(case: Case) -> None:
    case["bozena"].sign_in()
    write_the_draft(case)
    put_up_the_document(case)
    plan_meetings(case)
    build_the_survey(case)
    announce(case)
    approve(case)

    case.calendar.go_on(days=2)
    remark_on_the_web(case)
    answer_the_survey(case)
    case["bozena"].sign_in()
    enter_paper_and_a_call(case)
    case.calendar.go_on(days=9, at=18)  # an hour into the meeting
    case["bozena"].sign_in()
    hold_the_meeting(case)

    remark_too_late(case)
    case["bozena"].sign_in()
    enter_a_late_letter(case)
    publish_the_survey(case)
    refuse_the_report(case)
    answer_by_tables(case)
    change_the_document(case)
    publish_the_answers(case)

    make_the_report(case)
    read_the_report(case)
    open_the_pack(case)


# Before it opens.


def write_the_draft(case: Case) -> None:
    bozena = case["bozena"]
    bozena.open("/urzad/konsultacje/nowe")
    bozena.sees("Uwagi co najmniej 28 dni", "Ogłoszenie w 4 miejscach", "Najwcześniej")
    bozena.follow("Plan ogólny albo plan miejscowy")
    bozena.fill(
        title=TITLE,
        summary="Rada uchwali plan, od którego zależą pozwolenia na budowę.",
        can_change="- granice stref\n- udział zieleni",
        cannot_change="- obszarów zagrożonych powodzią",
        file_alt="",
    )
    for form in ("spotkanie otwarte", "spacer studyjny", "dyżur projektanta", "ankieta"):
        forms = bozena.page.get_by_role("group", name="Formy, które planujecie")
        forms.get_by_label(form, exact=True).check(force=True)
    phase = bozena.page.get_by_role("group", name="Etap 1")
    phase.get_by_label("ankieta", exact=True).check(force=True)
    bozena.page.get_by_text("Reszta – już wypełniona").click()
    bozena.fill(case_number=CASE, responsible_person=RESPONSIBLE, decided_by="Rada Miasta")
    bozena.page.get_by_label("Kto prowadzi", exact=True).select_option(label="Wydział Planowania")
    bozena.page.get_by_label("odwołania").first.select_option(label="Irena S.")
    bozena.press("Zapisz i zobacz podgląd")
    bozena.sees("Tak to zobaczą ludzie", "Dodaj dokument, którego dotyczą uwagi")
    case.slug = bozena.page.url.rstrip("/").split("/")[-2]


def put_up_the_document(case: Case) -> None:
    """A file is cut by the program, and once more by hand."""
    bozena = case["bozena"]
    bozena.follow("Dokumenty do uwag")
    bozena.fill(title=DOCUMENT)
    bozena.attach("upload", "plan.docx", as_docx(TEXT))
    bozena.press("Wczytaj i pokaż podział")
    bozena.sees("§ 2 ust. 2", "Wzdłuż rzeki dopuszcza się parkingi.")
    case.look_at("bozena")
    bozena.follow("Podziel – § 3")
    case.look_at("bozena")
    bozena.page.get_by_label("Ogrody działkowe zostają.", exact=True).check(force=True)
    bozena.press("Podziel w tym miejscu")
    bozena.sees("Jednostka jest podzielona.")
    bozena.press("Zachowaj tę wersję")
    bozena.sees("Wersja 1 jest zachowana.", "Uwagi: 0")


def plan_meetings(case: Case) -> None:
    bozena = case["bozena"]
    for kind, title, more in (
        ("open_meeting", "Rozmowa o planie", {}),
        ("study_walk", "Spacer wzdłuż rzeki", {}),
        ("designer_hours", "Dyżur projektantki", {"slot_minutes": "30"}),
    ):
        bozena.open(f"{case.desk}/spotkania")
        bozena.follow("Nowe spotkanie")
        bozena.choose(kind=kind, step_free="yes", loop="yes")
        place = {"place": "Ratusz, sala 12", "address": "plac Ratuszowy 1"}
        hours = {"day": case.day(11), "starts": "17:00", "ends": "19:00"}
        bozena.fill(title=title, **hours, **place, **more)
        bozena.page.get_by_label("Trzeba się zapisać").set_checked(bool(more), force=True)
        bozena.press("Zapisz szkic")
        bozena.press("Ogłoś spotkanie")
        bozena.sees(title, "Strona publiczna")


def build_the_survey(case: Case) -> None:
    bozena = case["bozena"]
    bozena.open(f"{case.desk}/ankiety")
    bozena.fill(title="Jak chcesz mieszkać?")
    bozena.press("Zapisz szkic i dodaj pytania")
    bozena.follow("jedna odpowiedź")
    bozena.fill(text="Czego brakuje najbardziej?", options="zieleni\nsklepów\nprzystanków")
    bozena.press("Zapisz pytanie")
    bozena.follow("skala")
    bozena.fill(text="Jak oceniasz projekt?", least="1", most="5")
    bozena.press("Zapisz pytanie")
    bozena.press("Udostępnij")
    bozena.sees("udostępniona")


def announce(case: Case) -> None:
    """Four places, each with its day and what shows it."""
    bozena = case["bozena"]
    bozena.open(f"{case.desk}/ogloszenia")
    bozena.sees("Brakuje ogłoszeń: 4")
    for channel, words in (
        ("press", "Gazeta Lubowierska nr 12, s. 5"),
        ("board", "tablica przy wejściu do ratusza"),
        ("website_bip", "BIP, Planowanie przestrzenne"),
        ("customary", "ogłoszenia w parafiach i sklepach"),
    ):
        form = bozena.page.locator(f"form[action$='/ogloszenia/{channel}']")
        bozena.page.locator("details", has=form).locator("summary").click()
        form.locator(f"[name={channel}-done_on]").fill(case.day(0))
        form.locator(f"[name={channel}-words]").fill(words)
        form.get_by_role("button", name="Zapisz").click()
        bozena.sees(words)
    bozena.sees("Ogłoszono wszędzie, gdzie trzeba")


def approve(case: Case) -> None:
    bozena, marek, visitor = case["bozena"], case["marek"], case["gosc"]
    bozena.open(f"{case.desk}/podglad")
    bozena.sees("Wszystko jest.")
    case.look_at("bozena")
    bozena.does_not_see("Planowane formy, które nie mają")
    bozena.press("Wyślij do zatwierdzenia")
    bozena.sees("zatwierdza druga osoba")
    hidden = visitor.page.goto(f"{AT}{case.page}")
    assert hidden is not None
    assert hidden.status == 404
    case.work()
    link = re.search(r"/zatwierdzanie/\S+", marek.letter(""))
    assert link
    marek.sign_in()
    marek.open(link[0])
    marek.sees(TITLE)
    marek.press("Zatwierdzam")
    visitor.open(case.page)
    visitor.sees(TITLE, DOCUMENT, "Rozmowa o planie", "Gazeta Lubowierska nr 12")


# While it is open.


def remark_on_the_web(case: Case) -> None:
    halina, tomasz, wladyslaw = case["halina"], case["tomasz"], case["wladyslaw"]
    halina.join("Halina K.")
    remark_on(case, halina, "§ 4")
    case.look_at("halina")
    halina.fill(wording=CHANGED, body="W upały na placach nie da się wytrzymać.")
    halina.press("Zgłaszam uwagę")
    halina.sees("Uwaga nr 1 przyjęta")
    choose_place(halina, "Całość")  # the next one in the same sitting
    halina.fill(body="Rysunek planu jest nieczytelny.")
    halina.press("Zgłaszam uwagę")
    halina.sees("Uwaga nr 2 przyjęta")
    halina.open(f"{case.page}/uwagi/2")
    halina.follow("Wycofaj uwagę")
    case.look_at("halina")
    halina.fill(reason="Rysunek jest już poprawiony.")
    halina.press("Wycofuję uwagę")
    halina.sees("Uwaga wycofana", "Rysunek jest już poprawiony.")

    wladyslaw.join("Władysław D.", lives_here=False)
    remark_on(case, wladyslaw, "§ 2 ust. 2")
    wladyslaw.page.get_by_label("dodanie").check(force=True)
    wladyslaw.fill(
        wording="3. Zakład przy ul. Leśnej 4 jest w strefie SP.", on_behalf="Dąb sp. z o.o."
    )
    wladyslaw.press("Zgłaszam uwagę")
    wladyslaw.sees("Uwaga nr 3 przyjęta")
    wladyslaw.open(f"{case.page}/uwagi/3")
    wladyslaw.sees("Dąb sp. z o.o.", "Zakład przy ul. Leśnej 4")

    tomasz.join("Tomasz R.", lives_here=False)
    remark_on(case, tomasz, "§ 5")
    tomasz.page.get_by_label("usunięcie").check(force=True)
    tomasz.fill(body="Rzeka jest wspólna, parkingi ją zniszczą.")
    tomasz.press("Zgłaszam uwagę")
    tomasz.sees("Uwaga nr 4 przyjęta")

    visitor = case["gosc"]
    visitor.open(f"{case.page}/uwagi")
    visitor.sees("Wycofana", "Tomasz R.", "Dąb sp. z o.o.")


def answer_the_survey(case: Case) -> None:
    halina = case["halina"]
    halina.open(case.page)
    halina.follow("Wypełnij ankietę")
    case.look_at("halina")
    halina.page.get_by_label("zieleni", exact=True).check(force=True)
    halina.page.get_by_label("4", exact=True).check(force=True)
    halina.press("Dalej: sprawdź odpowiedzi")
    halina.sees("Odpowiedzi nie są jeszcze wysłane.")
    halina.press("Wysyłam odpowiedzi")
    halina.sees("Odpowiedzi zapisane")
    case.look_at("halina")
    halina.open(case.page)
    halina.follow("Dyżur projektantki")
    halina.follow("Zapisz się")
    halina.fill(name="Halina K.")
    halina.page.locator("main select[name=slot]").select_option(index=1)
    halina.press("Zapisz mnie")
    halina.sees("na liście")


def enter_paper_and_a_call(case: Case) -> None:
    bozena = case["bozena"]
    bozena.open(f"{case.desk}/uwagi/wpis")
    bozena.choose(channel="paper")
    bozena.fill(received_on=case.day(-1), label="mieszkanka")
    fill_part(bozena, 0, place="§ 2 ust. 1", body="Strefy powinny mieć zrozumiałe nazwy.")
    bozena.press("Dodaj kolejną uwagę z tego pisma")
    fill_part(bozena, 1, body="Proszę o więcej spotkań na wsiach.")
    bozena.press("Zapisz i wpisz następne")
    bozena.sees("Wpisane: 5, 6.")
    bozena.choose(channel="telephone")
    bozena.fill(received_on=case.day(0), label="mieszkaniec")
    bozena.page.locator("main select[name=parts-0-kind]").select_option("question")
    fill_part(bozena, 0, place="§ 3", body="Czy na Lipowej można będzie dobudować piętro?")
    bozena.press("Zapisz i wpisz następne")
    bozena.sees("Wpisane: 7.")

    bozena.open(f"{case.desk}/ankiety/1/papier")
    case.look_at("bozena")
    for _ in range(2):
        bozena.page.get_by_label("zieleni", exact=True).check(force=True)
        bozena.page.get_by_label("4", exact=True).check(force=True)
        bozena.press("Zapisz i następny")
    bozena.sees("Partia 1: 2")


def hold_the_meeting(case: Case) -> None:
    bozena, visitor = case["bozena"], case["gosc"]
    bozena.open(f"{case.desk}/spotkania")
    bozena.follow("Rozmowa o planie")
    bozena.follow("Przebieg: notatka, pytania, pliki")
    bozena.fill(question="Kiedy rada uchwali plan?", answer="W pierwszym kwartale.")
    bozena.press("Dopisz pytanie")
    bozena.fill(attendance="23", topics="zieleń\nparkingi", note="Mówiono głównie o rzece.")
    bozena.press("Opublikuj")
    bozena.sees("Opublikowana")
    visitor.open(case.page)
    visitor.follow("Rozmowa o planie")
    visitor.sees("Mówiono głównie o rzece.", "23", "W pierwszym kwartale.")


def remark_too_late(case: Case) -> None:
    """A form is open when the last day ends: what was typed stays, and there is whom to ask."""
    halina = case["halina"]
    last_second = _ends_at(case) - timedelta(seconds=30)
    case.calendar.go_to(last_second)
    halina.sign_in()
    remark_on(case, halina, "§ 1")
    halina.fill(body="Plan powinien objąć też gminę obok.")
    case.calendar.go_to(last_second + timedelta(seconds=31))
    halina.press("Zgłaszam uwagę")
    halina.sees(
        "Zbieranie uwag zakończyło się",
        "Urząd: rozmowa@lubowierz.example",
        "Plan powinien objąć też gminę obok.",
    )
    halina.does_not_see("Plan ogólny obejmuje całe miasto.")  # our words, not hers
    case.calendar.go_on(days=1)


# After it has closed.


def enter_a_late_letter(case: Case) -> None:
    bozena = case["bozena"]
    bozena.open(f"{case.desk}/uwagi/wpis")
    bozena.choose(channel="paper")
    bozena.fill(received_on=case.day(0), label="mieszkanka")
    fill_part(bozena, 0, place="§ 5", body="Parkingi tylko dla osób z niepełnosprawnością.")
    bozena.press("Zapisz i wpisz następne")
    bozena.sees("Wpisane, po terminie: 8.")


def publish_the_survey(case: Case) -> None:
    bozena, visitor = case["bozena"], case["gosc"]
    bozena.open(f"{case.desk}/ankiety/1/wyniki")
    bozena.press("Ogłoś wyniki")
    visitor.open(f"{case.page}/ankiety/1/wyniki")
    visitor.sees("Czego brakuje najbardziej?", "mniej niż 10 osób, więc nie pokazujemy liczb")


def refuse_the_report(case: Case) -> None:
    bozena = case["bozena"]
    bozena.open(f"{case.desk}/raport")
    bozena.sees("Bez stanowiska: 7", "nr 8")
    assert not bozena.page.get_by_role("button", name="Zrób raport").count()


def answer_by_tables(case: Case) -> None:
    """One table comes back as a workbook, its rows turned round; the next one as a document."""
    bozena, visitor = case["bozena"], case["gosc"]
    bozena.open(f"{case.desk}/odpowiedzi")
    table = bozena.download("Pobierz tabelę XLSX")
    bring_back(bozena, "tabela.xlsx", filled_xlsx(table, {1: "uwzględniona", 4: "uwzględniona"}))
    bozena.sees("Podgląd: 2", "Nieuzupełnione")
    case.look_at("bozena")
    bozena.press("Zapisz wszystkie jako szkice")
    bozena.sees("Bez stanowiska")
    bozena.open(f"{case.desk}/odpowiedzi?pokaz=bez-stanowiska")
    table = bozena.download("Pobierz tabelę DOCX")
    bring_back(bozena, "tabela.docx", filled_docx(table, lambda _number: "Nie."))
    bozena.sees("Do poprawy: 5. Niczego nie zapisano.")
    bring_back(bozena, "tabela.docx", filled_docx(table, lambda number: f"{REASON} Nr {number}."))
    bozena.sees("Podgląd: 5")
    bozena.press("Zapisz wszystkie jako szkice")
    bozena.sees("Wszystko ma stanowisko. Odpowiedzi ogłasza osoba, która zatwierdza.")
    visitor.open(f"{case.page}/uwagi/1")
    visitor.does_not_see(REASON)
    bozena.open(f"{case.desk}/raport")
    bozena.sees("Bez stanowiska: 7")  # drafts are no answers yet


def change_the_document(case: Case) -> None:
    bozena, visitor = case["bozena"], case["gosc"]
    bozena.open(f"{case.desk}/dokumenty")
    bozena.follow("Nowa wersja")
    bozena.attach("upload", "plan-2.docx", as_docx((*TEXT[:6], CHANGED, *TEXT[7:])))
    bozena.press("Wczytaj i pokaż zmiany")
    bozena.sees("Co się zmieni", "30%")
    case.look_at("bozena")
    bozena.does_not_see("Ogrody działkowe")  # cut off by hand, and so it is again
    bozena.fill(note="po uwagach")
    bozena.press("Zachowaj tę wersję")
    bozena.sees("Wersja 2 jest zachowana.")
    visitor.open(f"{case.page}/uwagi/1")
    visitor.sees("§ 4")  # where it was, is where it is


def publish_the_answers(case: Case) -> None:
    marek, visitor, tomasz = case["marek"], case["gosc"], case["tomasz"]
    marek.sign_in()
    marek.open(f"{case.desk}/zakonczenie")
    marek.press("Ogłoś odpowiedzi i zakończ")
    marek.sees("Co z tego wynikło")
    case.work()
    visitor.open(f"{case.page}/uwagi/1")
    visitor.sees("Uwzględniona", REASON)
    letter = tomasz.letter("Urząd odpowiedział na Twoją uwagę: uwzględniona")
    own = re.search(rf"{AT}(/\S*odpowied\S+)", letter)
    assert own, letter
    visitor.open(own[1])
    visitor.sees(REASON)
    case.look_at("gosc")


# The report.


def make_the_report(case: Case) -> None:
    bozena, marek = case["bozena"], case["marek"]
    bozena.open(f"{case.desk}/raport")
    bozena.does_not_see("Bez stanowiska")
    bozena.fill(
        summary="Najwięcej uwag dotyczyło **zieleni** i rzeki.",
        minority="Jedna osoba wolała parkingi.",
        conclusions="Podnosimy udział zieleni w § 4.",
        next_steps="Rada zajmie się planem w marcu.",
    )
    bozena.press("Zapisz teksty")
    bozena.press("Zrób raport")
    bozena.sees("Wersja 1 powstaje.")
    case.work()
    bozena.follow("Odśwież")
    bozena.sees("Wersja 1 jest gotowa")
    marek.open(f"{case.desk}/raport")
    marek.follow("Przejrzyj")
    marek.sees("Mówiono głównie o rzece.", "Dąb sp. z o.o.", "po terminie")
    case.look_at("marek")
    marek.press("Ogłoś raport")
    marek.sees("Wersja 1, ogłoszona")
    case.work()
    case["tomasz"].letter("")  # whoever took part is told


def read_the_report(case: Case) -> None:
    """The same in four files, each fit for its use."""
    visitor = case["gosc"]
    visitor.open(case.page)
    visitor.follow("Raport z konsultacji")
    visitor.sees("Gazeta Lubowierska nr 12", "dyżur projektanta", "firmy i grupy", "Ankieta")
    visitor.sees("Uwagi i propozycje: 8", "wycofana", REASON, "30%")
    case.look_at("gosc")
    assert "Podnosimy udział zieleni" in visitor.download("raport.html").decode()

    pdf = pypdf.PdfReader(io.BytesIO(visitor.download(re.compile(r"raport.*\.pdf"))))
    root = pdf.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("pl")
    assert "Zakład przy ul. Leśnej 4" in " ".join(
        " ".join(page.extract_text() for page in pdf.pages).split()
    )

    word = docx.Document(io.BytesIO(visitor.download("raport.docx")))
    assert any("Dąb sp. z o.o." in cell.text for table in word.tables for cell in table._cells)

    rows = list(
        csv.reader(io.StringIO(visitor.download("tabela.csv").decode("utf-8-sig")), delimiter=";")
    )
    assert len(rows) == 1 + 8


def open_the_pack(case: Case) -> None:
    with zipfile.ZipFile(io.BytesIO(case["gosc"].download("Paczka dla BIP"))) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    said = dict(
        reversed(line.split("  ", 1)) for line in files.pop("SHA256SUMS").decode().splitlines()
    )
    assert said == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert {"raport.html", "raport.docx", "tabela.csv", "metadata.xml"} <= files.keys()
    metadata = json.loads(files["metadata.json"])
    assert metadata["title"] == TITLE
    assert metadata["responsible_person"] == RESPONSIBLE
    assert metadata["case_number"] == CASE
    assert metadata["unit"] == "Wydział Planowania"
    assert metadata["published_at"].startswith(case.today.isoformat())
    assert [each["version"] for each in metadata["history"]] == [1]


# What several chapters do.


def remark_on(case: Case, resident: Somebody, place: str) -> None:
    """Go from a place of the document to the form for a remark on it."""
    resident.open(case.page)
    resident.follow(DOCUMENT)
    resident.follow(re.compile(rf"Zgłoś uwagę do: {re.escape(place)}$"))


def choose_place(resident: Somebody, begins: str) -> None:
    options = resident.page.locator("main select[name=place] option")
    label = next(text for text in options.all_text_contents() if text.startswith(begins))
    resident.page.locator("main select[name=place]").select_option(label=label)


def fill_part(officer: Somebody, number: int, **said: str) -> None:
    officer.fill(**{f"parts-{number}-{name}": text for name, text in said.items()})


def bring_back(officer: Somebody, name: str, table: bytes) -> None:
    officer.open(
        officer.page.url.partition("/odpowiedzi")[0].partition(AT)[2] + "/odpowiedzi/tabela"
    )
    officer.attach("table", name, table)
    officer.press("Wczytaj i pokaż podgląd")


def as_docx(lines: tuple[str, ...]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filled_xlsx(table: bytes, positions: dict[int, str]) -> bytes:
    """Fill in some rows of a table, the last row first."""
    book = openpyxl.load_workbook(io.BytesIO(table))
    sheet = book.active
    header, *rows = sheet.iter_rows(values_only=True)
    number, position, reason = (header.index(n) for n in ("Numer", "Stanowisko", "Uzasadnienie"))
    sheet.delete_rows(2, len(rows))
    for row in map(list, reversed(rows)):
        if row[number] in positions:
            row[position], row[reason] = positions[row[number]], REASON
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled_docx(table: bytes, reason_of: Callable[[int], str]) -> bytes:
    """Write "nieuwzględniona" and a reason into each row."""
    document = docx.Document(io.BytesIO(table))
    header, *rows = document.tables[0].rows
    names = [cell.text for cell in header.cells]
    for row in rows:
        cells = dict(zip(names, row.cells, strict=True))
        cells["Stanowisko"].text = "nieuwzględniona"
        cells["Uzasadnienie"].text = reason_of(int(cells["Numer"].text))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ends_at(case: Case) -> datetime:
    with case.app.app_context():
        return db.session.scalars(
            select(Phase.ends_at)
            .join(Consultation, Consultation.id == Phase.consultation_id)
            .where(Consultation.slug == case.slug)
        ).one()
