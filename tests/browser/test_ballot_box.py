"""Four votes from the ballot to the files that a stranger checks, one for each electorate.

Bożena (officer) and Marek (second person) seal, pause, count and publish. Halina votes without an
account and without JavaScript, from a poster; others at the counter, with a code from a letter,
from a closed list, with an account. What was published is checked by ``verify.py`` alone.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pypdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import select

from deliberate.algorithms.counting import BallotKind
from deliberate.consultations.models import Phase
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.voting import randomness
from deliberate.voting.actions.preparing import SectionDraft
from deliberate.voting.models import Poll
from deliberate.voting.states import Electorate, Publication
from tests import make
from tests.browser.looking import find_faults, looks
from tests.browser.people import AT, Calendar, Somebody, at_browsers
from tests.declared import SIX, ended_poll
from tests.declared import vote as vote_before

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie"
PLACES = "Punkt obsługi, plac Ratuszowy 1, pon.–pt. 8–16"
TELEPHONE = {"width": 390, "height": 844}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
STAFF = {"bozena": ("Bożena W.", Role.OFFICER), "marek": ("Marek T.", Role.APPROVER)}


@dataclass(slots=True, kw_only=True)
class Vote:
    """The vote of a story and who takes part in it."""

    app: Flask
    tenant: int
    calendar: Calendar
    people: dict[str, Somebody]
    axe: Callable[[Page], None]

    def __getitem__(self, name: str) -> Somebody:
        return self.people[name]

    def look_at(self, who: str) -> None:
        """Judge the page that somebody has before them, wide and light, narrow and dark."""
        page = self.people[who].page
        size = page.viewport_size
        assert size is not None
        for width, scheme in looks(page):
            assert find_faults(page, self.axe) == [], f"{page.url} {width} {scheme}"
        page.set_viewport_size(size)

    def draft(self, sections: Sequence[SectionDraft] = ()) -> None:
        """Have a ballot for the phase of voting, which begins in an hour."""
        consultation = make.consultation(
            self.app, self.tenant, opens=[Activity.VOTE], began=-1 / 24, days_left=9
        )
        poll = make.poll(self.app, self.tenant, consultation, sections=sections, sealed=False)
        with self.app.app_context(), transaction():
            phase, row = db.session.scalars(select(Phase)).one(), db.session.get_one(Poll, poll)
            row.opens_at, row.ends_at = phase.starts_at, phase.ends_at

    def begin(self, section: SectionDraft, **more: Any) -> None:
        """Have a sealed ballot with which people vote since yesterday."""
        consultation = make.consultation(self.app, self.tenant, opens=[Activity.VOTE])
        make.poll(self.app, self.tenant, consultation, sections=[section], **more)

    def go_on(self, days: int = 1) -> None:
        """Go to the morning of a later day. Who works here signs in again."""
        self.calendar.go_on(days=days)
        for name in STAFF:
            self.people[name].be_signed_in()

    def end(self) -> None:
        with self.app.app_context():
            ends_at = db.session.scalars(select(Poll.ends_at)).one()
        self.go_on((clock.local(ends_at).date() - self.today).days + 1)

    @property
    def today(self) -> date:
        return clock.local(self.calendar.now()).date()

    def seal(self) -> None:
        """Have two persons seal the ballot, the second one on a telephone."""
        bozena, marek = self["bozena"], self["marek"]
        bozena.open(DESK)
        for question in ("formally_secret", "high_stakes"):
            bozena.page.locator(f"input[name={question}][value=nie]").check(force=True)
        bozena.press("Poproś o zapieczętowanie")
        marek.page.set_viewport_size(TELEPHONE)
        self.read_request()
        self.look_at("marek")
        self.approve()

    def read_request(self) -> None:
        self["marek"].open("/urzad/zatwierdzenia")
        self["marek"].page.locator("main ul.rows").get_by_role("link").first.click()

    def approve(self) -> None:
        """Have the second person approve what they read."""
        self["marek"].press("Zatwierdzam")
        self["marek"].sees("Zatwierdzone.")

    def count(self) -> None:
        """Have two persons count, and two publish."""
        for wish in ("Poproś o policzenie", "Poproś o ogłoszenie wyniku"):
            self["bozena"].open(DESK)
            self["bozena"].press(wish)
            self.read_request()
            self.approve()
            self["marek"].work()

    def check_files(self, who: str, folder: Path) -> dict[str, str]:
        """Download all files through the page, run the program among them, and return the texts."""
        reader = self.people[who]
        reader.open(f"{PAGE}/wynik")
        reader.follow("Lista kontrolna i pliki")
        facts = reader.page.locator("dl.facts > div")
        key = facts.filter(has_text="Klucz publiczny").locator("dd").inner_text()
        with reader.page.expect_download() as taken:
            reader.page.get_by_role("link", name="Pobierz wszystko (ZIP)").click()
        with ZipFile(taken.value.path()) as archive:
            archive.extractall(folder)
        unpacked = next(folder.iterdir())
        checked = verify(unpacked, key)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert verify(unpacked, "0" * 64).returncode == 1  # another key is not this vote's
        return {path.name: path.read_text() for path in unpacked.iterdir()}


def verify(folder: Path, *known: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a stranger does: Python, and nothing that was installed beside it."""
    program = [sys.executable, "-I", "-S", "verify.py", ".", *known]
    return subprocess.run(program, cwd=folder, check=False, capture_output=True, text=True)


@pytest.fixture
def vote(
    app: Flask, site: str, browser: Browser, calendar: Calendar, axe: Callable[[Page], None]
) -> Iterator[Vote]:
    tenant = make.municipality(app)
    for key, (name, role) in STAFF.items():
        person = make.person(app, name=name, email=f"{key}@lubowierz.example")
        make.membership(app, tenant, person, role)
    staff = [f"{key}@lubowierz.example" for key in STAFF]
    make.person(app, name="Olena H.", email="olena@x.example", resident_of=tenant)
    make.person(app, name="Jan R.", email="jan@x.example", resident_of=tenant)
    with ExitStack() as open_browsers:
        people = {}
        for emails, javascript in (
            ([*staff, "olena@x.example", "jan@x.example", "telefon@x.example"], True),
            (["halina@x.example"], False),
        ):
            there = at_browsers(app, site, browser, emails, javascript=javascript)
            people |= open_browsers.enter_context(there)
        for name in STAFF:
            people[name].be_signed_in()
        troubles = listen(people)
        yield Vote(app=app, tenant=tenant, calendar=calendar, people=people, axe=axe)
        assert troubles == []


def listen(people: dict[str, Somebody]) -> list[str]:
    """Write down what scripts trip over from now on; that the office refused is none of it."""
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            troubles.append(f"{message.page and message.page.url}: {message.text}")

    for somebody in people.values():
        somebody.page.on("console", note)
        somebody.page.on("pageerror", lambda error: troubles.append(str(error)))
    return troubles


# Whoever says where they live: on the web, on paper, with help.


def test_everybody_who_says_where_they_live(vote: Vote, tmp_path: Path) -> None:
    vote.draft()
    let_everybody_vote(vote)
    vote.seal()
    card = number_cards(vote)
    vote.go_on()
    code = vote_from_a_poster(vote)
    try_a_second_time(vote)
    hand_a_card(vote)
    help_somebody_vote(vote)
    pause_and_go_on(vote)
    vote.end()
    settle_the_box(vote)
    key_the_card(vote, card)
    vote.count()
    files = read_the_result(vote, code, tmp_path)
    outcome = json.loads(files["result.json"])["outcome"]["1"]
    assert outcome["score"][number_of("Projekt 1", card)] == "2"  # on the web and on paper


def let_everybody_vote(vote: Vote) -> None:
    bozena = vote["bozena"]
    bozena.open(DESK)
    bozena.page.get_by_role("link", name="Kto może głosować").click()
    bozena.page.locator("input[name=electorate][value=declared]").check(force=True)
    bozena.fill(places=PLACES)
    vote.look_at("bozena")
    bozena.press("Zapisz")
    bozena.open(DESK)
    bozena.press("Zapisz kartę")
    bozena.sees("bez konta", PLACES)


def number_cards(vote: Vote) -> str:
    """Have ten cards for the counter, and return what is printed on each."""
    bozena = vote["bozena"]
    bozena.open(DESK)
    bozena.page.get_by_role("link", name="Papier i okienko").click()
    bozena.sees("Nie ma jeszcze kart")
    bozena.fill(place="Punkt obsługi", number="10")
    bozena.press("Nadaj numery")
    bozena.sees("Partia 1: karty od 1 do 10")
    vote.look_at("bozena")
    pdf = pypdf.PdfReader(io.BytesIO(bozena.download("Karty do druku (PDF)")))
    return pdf.pages[0].extract_text()


def vote_from_a_poster(vote: Vote) -> str:
    """Vote in four screens without JavaScript, and return the code of the slip."""
    halina = vote["halina"]
    poster = halina.context.request.get(f"{AT}/konsultacje/rynek/plakat.pdf").body()
    address = re.search(
        rf"{AT}(/k/\d+)", pypdf.PdfReader(io.BytesIO(poster)).pages[0].extract_text()
    )
    assert address
    halina.page.set_viewport_size(TELEPHONE)
    halina.open(address[1])
    halina.follow("Zagłosuj")
    halina.sees(PLACES)
    choose_and_say_who(halina)
    halina.fill(code=halina.code("Kod do głosowania: "))
    halina.press("Oddaję głos")
    halina.sees("Głos przyjęty")
    return halina.page.locator(".code-big").inner_text()


def try_a_second_time(vote: Vote) -> None:
    """The same person at another browser, this one with JavaScript."""
    halina = vote["telefon"]
    halina.open(PAGE)
    choose_and_say_who(halina, look=lambda: vote.look_at("telefon"))
    vote.look_at("telefon")
    halina.fill(code=halina.code("Kod do głosowania: "))
    halina.press("Oddaję głos")
    halina.sees("Głos już jest", f"został przyjęty {vote.today.day} ")
    vote.look_at("telefon")


def choose_and_say_who(voter: Somebody, look: Callable[[], None] = lambda: None) -> None:
    """Go as far as the page of the code from the letter."""
    voter.page.get_by_label("Projekt 1").check(force=True)
    voter.press("Dalej")
    look()
    voter.fill(given_name="Halina", surname="Żuraw-Kos", address="Rynek 5/3", contact=voter.email)
    voter.page.locator("[name=lives_here]").check(force=True)
    voter.press("Wyślij kod")
    voter.sees(voter.email)


def hand_a_card(vote: Vote) -> None:
    bozena = vote["bozena"]
    bozena.open(f"{DESK}/papier")
    bozena.follow("Zapisz osobę")
    say_who_stands_there(bozena, given_name="Halina", surname="Żuraw-Kos", address="Rynek 5/3")
    vote.look_at("bozena")
    bozena.press("Zapisz osobę")
    bozena.sees("już")
    say_who_stands_there(bozena, given_name="Jan", surname="Ryś", address="Rynek 9")
    bozena.press("Zapisz osobę")
    bozena.sees("Podaj kartę")
    bozena.does_not_see("Ryś")
    vote.look_at("bozena")


def help_somebody_vote(vote: Vote) -> None:
    bozena = vote["bozena"]
    bozena.open(f"{DESK}/papier")
    bozena.follow("Głos z pomocą")
    say_who_stands_there(bozena, given_name="Ola", surname="Lis", address="Rynek 11/1")
    bozena.page.get_by_label("Projekt 2").check(force=True)
    vote.look_at("bozena")
    bozena.press("Oddaję głos")
    expect(bozena.page.locator(".code-big")).to_have_text(CODE)
    vote.look_at("bozena")
    bozena.page.emulate_media(media="print")
    expect(bozena.page.locator(".code-big")).to_be_visible()
    expect(bozena.page.get_by_role("link", name="Następna osoba")).to_be_hidden()
    bozena.page.emulate_media(media="screen")


def say_who_stands_there(clerk: Somebody, **said: str) -> None:
    clerk.fill(**said)
    clerk.page.locator("[name=says_so]").check(force=True)


def pause_and_go_on(vote: Vote) -> None:
    bozena, marek, halina = vote["bozena"], vote["marek"], vote["halina"]
    bozena.open(f"{DESK}/przebieg")
    bozena.fill(reason="Przerwa w zasilaniu serwerowni.")
    vote.look_at("bozena")
    bozena.press("Wstrzymaj głosowanie")
    bozena.sees("Przerwa w zasilaniu serwerowni.")
    halina.open(PAGE)
    halina.sees("Głosowanie jest wstrzymane", "Przerwa w zasilaniu serwerowni.")
    marek.open(f"{DESK}/przebieg")
    vote.look_at("marek")
    marek.press("Potwierdzam przerwę")
    vote.go_on()
    bozena.open(f"{DESK}/przebieg")
    bozena.press("Znieś przerwę")
    vote.look_at("bozena")
    halina.open(PAGE)
    halina.does_not_see("Głosowanie jest wstrzymane")


def settle_the_box(vote: Vote) -> None:
    """One card was taken and is in the box."""
    bozena, marek = vote["bozena"], vote["marek"]
    bozena.open(f"{DESK}/papier")
    figures = {"in_box": "1", "spoiled": "1", "missing": "0", "unused": "8"}
    bozena.fill(**{f"partia-1-{name}": figure for name, figure in figures.items()})
    vote.look_at("bozena")
    bozena.press("Zapisz liczby")
    bozena.sees("Potwierdza ktoś drugi.")
    marek.open("/urzad")
    marek.follow("Wpisz karty z urny")
    marek.does_not_see("Zapisz osobę")  # the officer's work
    vote.look_at("marek")
    marek.press("Potwierdzam te liczby")
    marek.sees("Policzone przez dwie osoby: Bożena W., Marek T.")


def key_the_card(vote: Vote, card: str) -> None:
    """Key what stands on the card. card: what is printed on it."""
    ticked = number_of("Projekt 1", card)
    bozena, marek = vote["bozena"], vote["marek"]
    bozena.open(f"{DESK}/papier")
    bozena.follow("Wpisz karty z urny")
    bozena.fill(**{"serial": "3", "czesc-1": "9"})
    bozena.press("Zapisz kartę")
    bozena.sees("Na karcie nie ma pozycji nr 9.")
    vote.look_at("bozena")
    bozena.fill(**{"czesc-1": ticked})
    bozena.press("Zapisz kartę")
    bozena.sees("Czekają na drugą osobę")
    marek.open("/urzad")
    marek.follow("Wpisz karty z urny")
    marek.follow("Wpisz karty z urny")
    marek.sees(f"Lubowierz: {ticked}")
    vote.look_at("marek")
    marek.press("Zgadza się z kartą")
    marek.sees("Gotowe: 1 z 1.")


def number_of(title: str, card: str) -> str:
    found = re.search(rf"(\d+)\s+{title}", card)
    assert found, card
    return found[1]


def read_the_result(vote: Vote, code: str, folder: Path) -> dict[str, str]:
    halina = vote["halina"]
    halina.open(f"{PAGE}/wynik")
    halina.sees("Zagłosowało: 3")
    expect(halina.page.get_by_role("heading", level=2).first).to_contain_text("Projekt 1")
    files = vote.check_files("halina", folder)
    assert code.replace("-", "") in files["codes.txt"].replace("-", "")
    assert '"channels":{"assisted":1,"paper":1,"web":1}' in files["result.json"]
    halina.page.go_back()
    halina.follow("Sprawdź kod")
    halina.page.get_by_label("Twój kod").fill(code)
    halina.press("Sprawdź")
    halina.sees("Głos o tym kodzie znajduje się wśród")
    halina.open(f"{PAGE}/wynik")
    halina.follow("Protokół")
    halina.sees("Karty na papierze", "Przerwa w zasilaniu serwerowni.")
    return files


# Whoever has a letter with a code.


def test_everybody_with_a_code(vote: Vote, tmp_path: Path) -> None:
    ranked = make.section(BallotKind.RANKED, method="irv")
    vote.begin(
        ranked,
        electorate=Electorate.CODES,
        publication=Publication.LINKED,
        randomness_source="Lotto, losowanie po głosowaniu",
        randomness_shape=randomness.Shape.LOTTO,
        randomness_at=vote.calendar.now() + timedelta(days=9, hours=1),
    )
    codes = print_codes(vote)
    for code, ranking in zip(codes, ((1, 2), (2, 1), (2, 3)), strict=True):
        rank_and_type(vote["olena"], code, ranking)
        vote["olena"].sees("Głos przyjęty")
    rank_and_type(vote["olena"], codes[0], (3,), look=lambda: vote.look_at("olena"))
    vote["olena"].sees("Głos z tymi danymi został przyjęty")
    vote.look_at("olena")
    vote.end()
    type_the_drawn_value(vote)
    vote.count()
    vote["olena"].open(f"{PAGE}/wynik")
    vote["olena"].sees("Zagłosowało: 3", "Projekt 2")
    vote.check_files("olena", tmp_path)


def print_codes(vote: Vote) -> list[str]:
    bozena = vote["bozena"]
    bozena.open(DESK)
    bozena.page.get_by_role("link", name="Kody do głosowania").click()
    bozena.fill(codes="3")
    bozena.press("Poproś o zgodę na kody")
    bozena.sees("Czeka na zgodę drugiej osoby.")
    vote.read_request()
    vote.approve()
    bozena.open(f"{DESK}/uprawnieni/kody")
    vote.look_at("bozena")
    with bozena.page.expect_download() as taken:
        bozena.page.get_by_role("button", name="Pobierz listy z kodami").click()
    letters = pypdf.PdfReader(taken.value.path())
    codes = [CODE.search(page.extract_text()) for page in letters.pages]
    return [code[0] for code in codes if code]


def type_the_drawn_value(vote: Vote) -> None:
    """Two persons type it, each at their own desk; the first time they differ."""
    for name, value in (("bozena", "4 8 15 16 23 42"), ("marek", "4 8 15 16 23 43")):
        vote[name].open(f"{DESK}/przebieg")
        vote[name].fill(value=value)
        vote[name].press("Zapisz wartość")
    vote["marek"].sees("Wpisane wartości się różnią")
    vote.look_at("marek")
    vote["marek"].fill(value="42, 23, 16, 15, 8, 4")
    vote["marek"].press("Zapisz wartość")
    vote["marek"].sees("Dwie osoby wpisały tę samą wartość")


def rank_and_type(
    voter: Somebody, code: str, ranking: tuple[int, ...], look: Callable[[], None] = lambda: None
) -> None:
    voter.open(PAGE)
    for place, number in enumerate(ranking, start=1):
        voter.page.locator(f"#projekt-{number}").get_by_role("spinbutton").fill(str(place))
    voter.press("Dalej")
    voter.fill(code=code.lower())
    voter.page.locator("[name=lives_here]").check(force=True)
    look()
    voter.press("Oddaję głos")


# A closed list.


def test_everybody_on_a_list(vote: Vote, tmp_path: Path) -> None:
    vote.draft([make.section(BallotKind.QUESTIONS)])
    bozena, olena, jan = vote["bozena"], vote["olena"], vote["jan"]
    bozena.open(f"{DESK}/uprawnieni")
    bozena.page.locator("input[name=electorate][value=listed]").check(force=True)
    bozena.press("Zapisz")
    bozena.open(DESK)
    bozena.page.get_by_role("link", name="Zamknięta lista").click()
    table = "imię i nazwisko;e-mail\r\nOlena H.;olena@x.example\r\nEwa Lis;ewa@lis.example\r\n"
    bozena.attach("table", "lista.csv", table.encode())
    bozena.press("Zapisz listę")
    bozena.sees("Ewa Lis", "olena@x.example")
    vote.look_at("bozena")
    vote.seal()

    vote.go_on()
    for person in (olena, jan):
        person.be_signed_in()
        person.open(PAGE)
    jan.sees("a tego konta na niej nie ma")
    olena.page.locator("#projekt-1").get_by_label("za", exact=True).check(force=True)
    olena.page.locator("#projekt-2").get_by_label("przeciw", exact=True).check(force=True)
    olena.press("Dalej")
    olena.press("Oddaję głos")
    olena.sees("Głos przyjęty")
    vote.end()
    vote.count()
    jan.open(f"{PAGE}/wynik")
    jan.sees("Zagłosowało: 1")
    vote.check_files("jan", tmp_path)


# Whoever lives here and has an account.


def test_everybody_with_an_account(vote: Vote, tmp_path: Path) -> None:
    vote.begin(make.section(BallotKind.SCORE))
    olena, jan = vote["olena"], vote["jan"]
    olena.be_signed_in()
    olena.open(f"{PAGE}?jezyk=uk")
    for number, score in ((1, "5"), (2, "3"), (3, "0")):
        olena.page.locator(f"#projekt-{number}").get_by_label(score, exact=True).check(force=True)
    olena.press("Далі")
    olena.press("Віддаю голос")
    expect(olena.page.locator(".code-big")).to_have_text(CODE)
    vote.look_at("olena")
    jan.be_signed_in()
    jan.open(PAGE)
    jan.page.locator("#projekt-2").get_by_label("4", exact=True).check(force=True)
    jan.press("Dalej")
    jan.press("Oddaję głos")
    jan.sees("Głos przyjęty")
    vote.end()
    vote.count()
    jan.open(f"{PAGE}/wynik")
    jan.sees("Zagłosowało: 2", "Projekt 2")
    vote.check_files("jan", tmp_path)


# A vote that is not counted in the end.


def test_a_vote_in_doubt_is_called_off(vote: Vote) -> None:
    bozena, marek, olena = vote["bozena"], vote["marek"], vote["olena"]
    consultation = make.consultation(vote.app, vote.tenant, opens=[Activity.VOTE])
    poll = ended_poll(vote.app, vote.tenant, consultation)
    for name in SIX:
        vote_before(vote.app, poll, name, contact=olena.email if name == "Ola" else "")
    bozena.open(f"{DESK}/podejrzenia")
    bozena.sees("Wiele osób pod jednym adresem")
    vote.look_at("bozena")
    bozena.page.get_by_text("Wstrzymaj te głosy").first.click()
    bozena.page.get_by_label("Dlaczego").fill("Sześć osób pod jednym adresem.")
    bozena.press("Wstrzymaj te głosy")
    bozena.sees("Te głosy są wstrzymane.")

    link = re.search(rf"{AT}(/\S*wyjasnienie\?kod=\S+)", olena.letter(""))
    assert link
    olena.open(link[1])
    vote.look_at("olena")
    olena.fill(text="Mieszkam tu z siostrą, jej mężem i trójką dzieci.")
    olena.press("Wyślij wyjaśnienie")
    olena.sees("Wyjaśnienie dotarło")
    vote.look_at("olena")

    marek.open("/urzad")
    marek.follow("Głosy do wyjaśnienia")
    marek.sees("Mieszkam tu z siostrą")
    vote.look_at("marek")
    case = marek.page.locator("section.panel", has_text="Mieszkam tu z siostrą")
    case.get_by_label("Głos się liczy").check(force=True)
    case.get_by_label("Dlaczego").fill("To jest jedna rodzina, widać to w listach.")
    case.get_by_role("button", name="Zapisz decyzję").click()
    marek.sees("Tak uważa jedna osoba (Marek T.).")
    bozena.open(DESK)
    bozena.page.get_by_role("link", name="Głosy do wyjaśnienia").click()
    bozena.press("Potwierdzam tę decyzję")
    bozena.sees("Decyzja dwóch osób: Marek T., Bożena W.")
    vote.look_at("bozena")

    bozena.open(f"{DESK}/przebieg")
    bozena.fill(stop_reason="Do wielu osób listy z kodem nie dotarły.")
    bozena.press("Poproś o odwołanie")
    vote.read_request()
    vote.approve()
    bozena.open(f"{DESK}/przebieg")
    bozena.sees("Głosowanie odwołane")
    vote.look_at("bozena")
    olena.open(PAGE)
    olena.sees("Głosowanie odwołane", "Do wielu osób listy z kodem nie dotarły.")
    vote.look_at("olena")
