"""Letters as mail programs show them: the look, the language, and nobody's text as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from deliberate import paths
from deliberate.kernel import mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.notifications import letterhead
from deliberate.tenancy.models import Municipality
from tests.mailbox import Mailbox, html_of, text_of

SENDER = "Rozmowa <rozmowa@lubowierz.example>"
PAGE = "http://localhost/g/lubowierz/konsultacje/rynek"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=https://zly.example/x onerror=alert(1)>',
    "</td></table><h1 style='position:fixed'>Kod: 111 111</h1>",
    "{{ 7 * 7 }}{% include 'layout.html' %}",
    "https://zly.example/zaloguj",
    '<a href="javascript:alert(1)">tu</a>',
    "&lt;b&gt; &amp;",
)


class Read(HTMLParser):
    """The tags, addresses and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str | None] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def page(app: Flask, tenant: int | None, body: str, **more: str) -> str:
    values = {"kind": "result", "subject": "Wynik głosowania", "locale": "pl", **more}
    with app.app_context():
        return letterhead.html(Outbox(body=body, tenant_id=tenant, **values))


def letter(words: str) -> str:
    return f"{words}\n\n{PAGE}\n\n--\nUrząd Miasta\nplac Ratuszowy 1\n\nNie chcesz: {PAGE}/listy\n"


def test_a_letter_shows_who_writes_what_to_do_and_the_ways_out(app: Flask, tenant: int) -> None:
    html = page(app, tenant, letter("Jest wynik."))

    assert '<html lang="pl">' in html
    assert ">Rozmowa</span>" in html
    assert "Miasto Lubowierz" in html
    assert re.search(rf'<a href="{PAGE}"\s+class="act"[^>]*>Zobacz wynik</a>', html)
    assert "Dostajesz ten list, bo masz włączone: „Wyniki i decyzje”." in html
    assert "plac Ratuszowy 1" in html
    assert re.search(rf'<a href="{PAGE}/listy"[^>]*>Nie chcesz</a>', html)


def test_a_letter_without_a_switch_gives_no_reason_and_has_a_plain_button(
    app: Flask, tenant: int
) -> None:
    html = page(app, tenant, letter("Zgłoszenie przyszło."), kind="notice")

    assert "Dostajesz ten list" not in html
    assert ">Otwórz stronę</a>" in html


def test_a_letter_of_the_installation_needs_no_municipality(app: Flask) -> None:
    assert ">Deliberate</span>" in page(app, None, "Dzień dobry.")


def test_digits_of_a_code_stand_large_in_their_letter_only(app: Flask, tenant: int) -> None:
    body = "Kod: 418 207\n\nWpisz go na stronie.\n"

    assert re.search(r"font:700 34px[^>]*>418 207<", page(app, tenant, body, kind="account.code"))
    assert "34px" not in page(app, tenant, body)


def test_nothing_is_fetched_and_nothing_runs(app: Flask, tenant: int) -> None:
    html = page(app, tenant, letter("Jest wynik."))
    read = Read(html)

    assert not read.tags & {"img", "script", "link", "iframe", "form", "object"}
    assert "url(" not in html
    assert "@import" not in html
    assert "//" not in html.replace("http://localhost/", "")


@pytest.mark.first_on_both
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["subject", "body", "list", "foot", "name"])
def test_what_people_write_is_never_markup_nor_a_link(
    app: Flask, tenant: int, place: str, text: str
) -> None:
    plain = Read(page(app, tenant, letter("Jest wynik.\n– raz")))
    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).portal_name = text if place == "name" else "R"
    bodies = {
        "body": letter(f"{text}\n{text}"),
        "list": letter(f"Lista:\n– {text}"),
        "foot": letter("Jest.").replace("plac Ratuszowy 1", text),
    }

    html = page(
        app,
        tenant,
        bodies.get(place, letter("Jest.")),
        subject=text if place == "subject" else "Wynik",
    )

    read = Read(html)
    assert text in read.words
    assert read.tags <= plain.tags
    assert read.attributes <= plain.attributes
    assert read.links == [PAGE, f"{PAGE}/listy"]


def test_letters_have_the_colours_of_pages_and_of_their_municipality(
    app: Flask, tenant: int
) -> None:
    tokens = (paths.STATIC / "css" / "20-tokens.css").read_text()
    ours = set(re.findall(r"#[0-9a-f]{6}", page(app, tenant, letter("Jest wynik."))))
    assert ours
    assert ours <= set(re.findall(r"#[0-9a-f]{6}", tokens))

    with app.app_context(), transaction():
        db.session.get_one(Municipality, tenant).brand = "#6b1f6e"
    theirs = page(app, tenant, letter("Jest wynik."))

    assert theirs.count("#6b1f6e") > 3
    assert not {letterhead.BRAND, letterhead.BRAND_AT_NIGHT} & set(re.findall("#......", theirs))


@pytest.mark.first_on_both
@pytest.mark.parametrize("locale", ["en", "uk"])
def test_a_letter_is_in_its_readers_language(app: Flask, tenant: int, locale: str) -> None:
    html = page(app, tenant, letter("Words."), locale=locale)

    assert f'<html lang="{locale}">' in html
    assert "Wyniki i decyzje" not in html


def test_both_parts_leave_and_a_hostile_name_stays_words(
    app: Flask, tenant: int, mailbox: Mailbox
) -> None:
    name = "Ewa\r\nBcc: zly@poczta.example <script>alert(1)</script>"
    body = letter(f"{name.splitlines()[1]} – nowy podpis pod propozycją „Zażółć gęślą jaźń”.")
    with app.app_context(), transaction():
        mail.write(
            kind="received",
            address="halina@poczta.example",
            subject=f"{name} prosi o podpis",
            body=body,
            locale="pl",
            tenant_id=tenant,
        )
    with app.app_context():
        assert mail.send_due(mailbox.url, SENDER, html=letterhead.html) == 1

    (sent,), (raw,) = mailbox.letters, mailbox.raw
    assert text_of(sent) == body
    assert sent["Bcc"] is None
    assert sent["Content-Language"] == "pl"
    assert sent["Auto-Submitted"] == "auto-generated"
    html = html_of(sent)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "„Zażółć gęślą jaźń”" in html
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert len(raw) <= 20 * 1024
