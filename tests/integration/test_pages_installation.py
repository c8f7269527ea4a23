"""What the installation says of itself, and the demonstration's post."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from deliberate.accounts import seals, totp
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.models import SecondFactor
from deliberate.config import BadSetting, Mode, Settings
from deliberate.kernel import clock, mail
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.pages import installation
from deliberate.pages.known_factors import known_secret
from tests import make
from tests.sql import counted


@pytest.fixture
def demo(app: Flask) -> Iterator[None]:
    kept = app.extensions["deliberate.settings"]
    app.extensions["deliberate.settings"] = dataclasses.replace(kept, mode=Mode.DEMO)
    yield
    app.extensions["deliberate.settings"] = kept


def letter(
    app: Flask, tenant: int | None, address: str = "halina@poczta.example", **more: object
) -> None:
    values = {"subject": "Kod: 418 207", "body": "Wpisz go na stronie.", "not_before": None, **more}
    with app.app_context(), transaction():
        mail.write(
            kind="code",
            address=address,
            locale="pl",
            tenant_id=tenant,
            **values,  # type: ignore[arg-type]
        )


# Health.


def test_health_asks_nothing_of_the_database(app: Flask) -> None:
    with counted(app) as statements:
        answer = app.test_client().get("/healthz", headers={"Host": "10.0.0.7"})

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert statements == []


def test_ready_says_so_to_the_machine_itself(app: Flask) -> None:
    answer = app.test_client().get("/health/ready")

    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.first_on_both
@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "::ffff:10.0.0.1", "", "nobody"])
def test_ready_is_not_there_for_anyone_else(app: Flask, address: str) -> None:
    got = app.test_client().get("/health/ready", environ_base={"REMOTE_ADDR": address})

    assert got.status_code == 404


def test_ready_names_what_is_wrong(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    answer = app.test_client().get("/health/ready")

    assert (answer.status_code, answer.text) == (503, "migracje: nie\n")


def test_a_full_disk_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "LEAST_FREE_SHARE", 1.0)

    assert app.test_client().get("/health/ready").text == "dysk: nie\n"


# How to report a hole, what robots may read.


def test_security_txt_is_complete_and_valid_for_less_than_a_year(app: Flask) -> None:
    make.municipality(app)

    for client in (app.test_client(), make.client(app)):
        answer = client.get("/.well-known/security.txt")
        said = dict(line.split(": ", 1) for line in answer.text.splitlines())
        expires = datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

        assert answer.mimetype == "text/plain"
        assert said["Contact"] == "mailto:deliberate@localhost"
        assert said["Canonical"] == "http://localhost/.well-known/security.txt"
        assert said["Preferred-Languages"] == "pl, en"
        assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)


def test_security_txt_names_no_host_that_a_request_made_up(app: Flask) -> None:
    answer = app.test_client().get("/.well-known/security.txt", headers={"Host": "zly.example"})

    assert "zly.example" not in answer.text


def test_the_contact_is_a_setting_with_a_default(tmp_path: Path) -> None:
    settings = Settings.for_tests(database_url="sqlite:///x", folder=tmp_path)

    named = dataclasses.replace(settings, mail_from="Rozmowa <rozmowa@lubowierz.example>")
    chosen = dataclasses.replace(settings, security_contact="https://lubowierz.example/dziury")

    assert named.reports_to == "mailto:rozmowa@lubowierz.example"
    assert chosen.reports_to == "https://lubowierz.example/dziury"
    with pytest.raises(BadSetting, match="DELIBERATE_SECURITY_CONTACT"):
        dataclasses.replace(settings, security_contact="bezpieczenstwo@lubowierz.example")


def test_robots_stay_away_from_desks_and_accounts(app: Flask) -> None:
    said = app.test_client().get("/robots.txt").text.splitlines()

    assert {"Disallow: /urzad", "Disallow: /konto", "Disallow: /g/*/urzad"} <= set(said)
    assert "Disallow: /" not in said


@pytest.mark.usefixtures("demo")
def test_robots_stay_away_from_the_whole_demonstration(app: Flask) -> None:
    assert "Disallow: /" in app.test_client().get("/robots.txt").text.splitlines()


# What browsers report.


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("body", "logged"),
    [
        ('{"csp-report": {"violated-directive": "img-src https://zly.example"}}', "img-src"),
        ('{"csp-report": {"effective-directive": "script-src-elem"}}', "script-src-elem"),
        ('{"csp-report": {"violated-directive": "tajne dane"}}', "unknown"),
        ('{"csp-report": {}}', "unknown"),
        ('{"csp-report": []}', "unreadable"),
        ('{"other": 1}', "unreadable"),
        ("[1, 2]", "unreadable"),
        ("not json \x00", "unreadable"),
        ("", "unreadable"),
        ("[" * 5000, "unreadable"),
    ],
)
def test_of_a_report_only_the_directive_is_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, body: str, logged: str
) -> None:
    with caplog.at_level(logging.WARNING, installation.__name__):
        answer = app.test_client().post(
            "/csp-report", data=body, content_type="application/csp-report"
        )

    assert answer.status_code == 204
    assert caplog.messages == [f"browser refused: {logged}"]


def test_a_report_comes_in_without_a_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        got = app.test_client().post("/csp-report", data="{}").status_code
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert got == 204


def test_too_long_a_report_is_refused(app: Flask) -> None:
    assert app.test_client().post("/csp-report", data="x" * 10_241).status_code == 413


def test_reports_are_limited(app: Flask) -> None:
    client = app.test_client()
    got = [client.post("/csp-report", data="{}").status_code for _ in range(61)]

    assert got[59:] == [204, 429]


# The demonstration's post.


def test_outside_the_demonstration_there_is_no_post(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(app, tenant)

    for client in (app.test_client(), make.client(app)):
        assert client.get("/poczta").status_code == 404
        assert client.get("/poczta/1").status_code == 404
        assert client.get("/poczta/1/wyglad").status_code == 404


@pytest.mark.usefixtures("demo")
def test_letters_are_listed_newest_first_and_found_by_address(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(app, tenant, subject="Pierwszy list")
    letter(app, tenant, subject="Drugi list")
    letter(app, tenant, "olena@poczta.example", subject="List do Oleny")
    client = make.client(app)

    every, some = client.get("/poczta").text, client.get("/poczta?do=HALINA").text

    assert every.index("Drugi list") < every.index("Pierwszy list")
    assert "List do Oleny" in every
    assert "Drugi list" in some
    assert "List do Oleny" not in some


def known_factor(app: Flask, tenant: int, email: str, *, secret: str | None = None) -> int:
    """Make somebody who works here with the app of the demonstration, or with one of their own."""
    person = make.person(app, name=email.partition("@")[0].title(), email=email)
    make.membership(app, tenant, person, Role.OFFICER)
    with app.app_context(), transaction():
        sealed = seals.seal(secret or known_secret(email), owner=owner_of(person))
        before = clock.now() - timedelta(days=1)
        row = SecondFactor(person_id=person, secret=sealed, confirmed_at=before, last_step=0)
        db.session.add(row)
    return person


def codes_on(page: str) -> list[str]:
    return re.findall(r"<dt>(\w+)</dt>\s*<dd>\s*<code>(\d{6})</code>", page)


@pytest.mark.usefixtures("demo")
def test_the_post_stands_in_for_telephones_of_those_who_work_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 6, 1, 12, 0, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    tenant = make.municipality(app)
    elsewhere = make.municipality(app, slug="inna", name="Inna")
    bozena = known_factor(app, tenant, "bozena@lubowierz.example")
    known_factor(app, tenant, "marek@lubowierz.example")
    known_factor(app, tenant, "ewa@lubowierz.example", secret=make.SECRET)
    known_factor(app, elsewhere, "obca@inna.example")
    client = make.client(app)
    secret, step = known_secret("bozena@lubowierz.example"), totp.step_of(now)

    page = client.get("/poczta").text
    assert [name for name, _ in codes_on(page)] == ["Bozena", "Marek"]
    assert codes_on(page)[0][1] == totp.code_at(secret, step)
    assert "ważny jeszcze 50 s" in page
    assert codes_on(client.get("/poczta?do=MAREK").text) == codes_on(page)[1:]
    assert len(codes_on(app.test_client().get("/poczta").text)) == 3
    with app.app_context(), transaction():
        db.session.get_one(SecondFactor, bozena).last_step = step
    after = client.get("/poczta").text
    assert codes_on(after)[0][1] == totp.code_at(secret, step + 1)
    assert "ważny jeszcze 80 s" in after


def test_and_outside_the_demonstration_for_nobody(app: Flask) -> None:
    known_factor(app, make.municipality(app), "bozena@lubowierz.example")

    assert make.client(app).get("/poczta").status_code == 404


@pytest.mark.usefixtures("demo")
def test_letters_that_have_not_left_are_not_there(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(app, tenant, subject="Za chwilę", not_before=clock.now() + timedelta(seconds=30))
    letter(app, tenant, subject="Wycofany", dedupe="decision:1")
    with app.app_context(), transaction():
        mail.cancel("decision:1", now=clock.now())

    client = make.client(app)

    assert "Za chwilę<" not in client.get("/poczta").text
    assert "Wycofany" not in client.get("/poczta").text
    for path in ("/poczta/1", "/poczta/2", "/poczta/1/wyglad", "/poczta/2/wyglad"):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("demo")
def test_letters_of_another_municipality_are_not_there(app: Flask) -> None:
    make.municipality(app)
    other = make.municipality(app, slug="inna", name="Inna")
    letter(app, other, subject="Cudzy list")

    assert "Cudzy list" not in make.client(app).get("/poczta").text
    assert make.client(app).get("/poczta/1").status_code == 404
    assert make.client(app).get("/poczta/1/wyglad").status_code == 404
    assert "Cudzy list" in app.test_client().get("/poczta").text


@pytest.mark.usefixtures("demo")
def test_in_a_letter_only_our_own_addresses_are_links(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(
        app,
        tenant,
        body="Tu: http://localhost/g/lubowierz/konto.\n"
        "<b>Nie</b>: https://zly.example/x i http://localhost.zly.example/y\n\nKoniec",
    )

    text_ = make.client(app).get("/poczta/1").text

    assert '<a href="/g/lubowierz/konto">http://localhost/g/lubowierz/konto</a>.' in text_
    assert "&lt;b&gt;Nie&lt;/b&gt;" in text_
    assert 'href="https://zly.example' not in text_
    assert ".zly.example/y</a>" not in text_


@pytest.mark.usefixtures("demo")
def test_an_address_of_two_slashes_leads_to_nobody_elses_page(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(app, tenant, body="http://localhost//zly.example/x i http://localhost/\\zly.example/y")
    client = make.client(app)

    for path in ("/poczta/1", "/poczta/1/wyglad"):
        assert not re.search(r'href="/[/\\]', client.get(path).text)


@pytest.mark.usefixtures("demo")
def test_a_letter_is_shown_as_mail_programs_do_apart_from_our_pages(app: Flask) -> None:
    tenant = make.municipality(app)
    letter(app, tenant, body="Tu:\n\nhttp://localhost/g/lubowierz/konto\n\n--\nUrząd")
    client = make.client(app)

    assert 'href="/poczta/1/wyglad"' in client.get("/poczta/1").text
    shown = client.get("/poczta/1/wyglad")

    policy = [part.strip() for part in shown.headers["Content-Security-Policy"].split(";")]
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "sandbox"} <= set(policy)
    assert not any("script" in part or "allow" in part for part in policy)
    assert "Set-Cookie" not in shown.headers
    assert re.search(r'<a href="/g/lubowierz/konto"\s+class="act"', shown.text)


@pytest.mark.usefixtures("demo")
def test_a_page_over_the_end_is_the_last(app: Flask) -> None:
    tenant = make.municipality(app)
    for n in range(21):
        letter(app, tenant, subject=f"List nr {n};")
    client = make.client(app)

    assert "List nr 0;" in client.get("/poczta?strona=2").text
    assert "List nr 0;" in client.get("/poczta?strona=999").text
    assert "List nr 20;" in client.get("/poczta?strona=-1").text
    assert "List nr 20;" in client.get("/poczta?strona=ala").text


@pytest.mark.usefixtures("demo")
def test_the_demonstration_says_who_can_sign_in(app: Flask) -> None:
    tenant = make.municipality(app)
    make.person(app, name="Halina K.", email="halina@poczta.example", resident_of=tenant)

    text_ = app.test_client().get("/").text

    assert "halina@poczta.example" in text_
    assert "osoba, która tu mieszka" in text_
