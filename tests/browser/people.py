"""People at browsers of their own, and a calendar that goes as far ahead as their story says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.accounts.models import Membership, Person
from deliberate.accounts.queries import find_person_by_email
from deliberate.kernel import clock, jobs
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from tests import make

AT = "/g/lubowierz"


class Calendar:
    """The clock of a story: real seconds, and as many days later as the story says."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._real_now = clock.now

    def now(self) -> datetime:
        return self._real_now() + self.ahead

    def go_to(self, moment: datetime) -> None:
        self.ahead = moment - self._real_now()

    def go_on(self, *, days: int, at: int = 10) -> None:
        """Go to an hour of Warsaw, so many days from the story's today."""
        day = clock.local(self.now()).date() + timedelta(days=days)
        self.go_to(datetime.combine(day, time(at), clock.WARSAW))


class Somebody:
    """A person with a browser of their own."""

    def __init__(self, app: Flask, context: BrowserContext, email: str) -> None:
        self.app, self.context, self.email = app, context, email
        self.page: Page = context.new_page()

    def open(self, path: str) -> Page:
        answer = self.page.goto(AT + path)
        assert answer is not None
        assert answer.status < 400, f"{answer.status} at {path}"
        return self.page

    def sign_in(self) -> None:
        self.open("/zaloguj")
        self.page.get_by_label("E-mail").first.fill(self.email)
        self.press("Wyślij kod")
        self.page.get_by_label("Kod").first.fill(self.code())
        self.press("Zaloguj się")
        if "/zaloguj/drugi-skladnik" in self.page.url:
            self.page.get_by_label("Kod z aplikacji").fill(self.app_code())
            self.press("Zaloguj się")

    def be_signed_in(self) -> None:
        """Have the session that signing in gives, where the story is not about that."""
        with self.app.app_context():
            person = find_person_by_email(self.email)
        assert person is not None
        cookie = make.client(self.app, signed_in=person.id).get_cookie(
            self.app.config["SESSION_COOKIE_NAME"]
        )
        assert cookie is not None
        self.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": f"{AT}/"}]
        )

    def join(self, name: str, *, lives_here: bool = True) -> None:
        """Make an account with a code, a name and, of who lives here, the declaration of it."""
        self.sign_in()
        label = re.compile("nazw|podpis", re.IGNORECASE)
        self.page.get_by_label(label).first.fill(name)
        if lives_here:
            self.page.get_by_label("Mieszkam").check(force=True)
        self.page.get_by_label("13 lat").check(force=True)
        self.press("Zakładam konto")

    def code(self, subject: str = "Kod: ") -> str:
        found = re.search(r"\d{3} ?\d{3}", self.letter(subject))
        assert found
        return found[0].replace(" ", "")

    def app_code(self) -> str:
        """Return what the telephone of somebody who works here shows (make.second_factor)."""
        with self.app.app_context():
            person = find_person_by_email(self.email)
        assert person is not None
        return make.app_code(self.app, person.id)

    def letter(self, subject: str) -> str:
        """Return subject and text of the newest letter to this person that begins so."""
        with self.app.app_context():
            row = db.session.scalars(
                select(Outbox)
                .where(Outbox.address == self.email, Outbox.subject.startswith(subject))
                .order_by(Outbox.id.desc())
            ).first()
        assert row is not None, f"no letter {subject!r} to {self.email}"
        return f"{row.subject}\n{row.body}"

    def fill(self, **said: str) -> None:
        """Type into the fields of these names."""
        for name, text in said.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def choose(self, **said: str) -> None:
        """Choose values in the lists of these names."""
        for name, value in said.items():
            self.page.locator(f"main select[name={name}]").select_option(value)

    def attach(self, field: str, name: str, content: bytes) -> None:
        self.page.locator(f"main [name={field}]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def work(self) -> None:
        """Do what waits, as the worker does."""
        with self.app.app_context():
            while jobs.run_due():
                pass

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).first.click()
        self.page.wait_for_load_state()

    def follow(self, link: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=link).first.click()
        self.page.wait_for_load_state()

    def download(self, link: str | re.Pattern[str]) -> bytes:
        """Return what stands behind a link of this page."""
        address = self.page.get_by_role("link", name=link).first.get_attribute("href")
        assert address is not None
        answer = self.context.request.get(address)
        assert answer.ok, f"{answer.status} at {address}"
        return answer.body()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("main")).not_to_contain_text(text)


@contextmanager
def at_browsers(
    app: Flask, site: str, browser: Browser, emails: Sequence[str], *, javascript: bool
) -> Iterator[dict[str, Somebody]]:
    """Give each a browser, and a telephone with an app of codes to those who work here.

    They are known by the beginning of their addresses.
    """
    for person in _list_staff(app, emails):
        make.second_factor(app, person)
    contexts = {
        email: browser.new_context(
            base_url=site,
            java_script_enabled=javascript,
            locale="pl-PL",
            timezone_id="Europe/Warsaw",
        )
        for email in emails
    }
    for context in contexts.values():
        context.set_default_timeout(15_000)
    yield {
        email.partition("@")[0]: Somebody(app, context, email)
        for email, context in contexts.items()
    }
    for context in contexts.values():
        context.close()


def _list_staff(app: Flask, emails: Sequence[str]) -> list[int]:
    works = select(Membership.person_id)
    with app.app_context():
        wanted = select(Person.id).where(Person.email.in_(emails), Person.id.in_(works))
        return list(db.session.scalars(wanted.order_by(Person.id)))
