"""The three registers as residents and officers use them in a browser."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.kernel.db import db
from deliberate.petitions.models import Entry

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WISH = {
    "title": "Ulica Szkolna bez samochodów",
    "text": "Przed szkołą rano stoi korek, a dzieci idą jezdnią.",
    "form": "Spotkanie i ankieta",
    "reason": "Bo rano jest tu niebezpiecznie.",
    "area": "",
    "language": "pl",
    "form_key": "k" * 24,
}
PETITION = {
    "title": "Toaleta w parku",
    "text": "Nazywam się Anna Nowak, tel. 600 700 800. Proszę o toaletę w parku miejskim.",
    "name": "Anna Nowak",
    "contact": "ul. Długa 5, 00-001 Lubowierz, anna@poczta.example",
    "language": "pl",
    "form_key": "p" * 24,
}
ANSWER = "Toaleta stanie w parku do końca maja, pieniądze są w budżecie na przyszły rok."


def terms(officer: FlaskClient, needed: int = 2) -> None:
    data = {
        "needed": str(needed),
        "needed_in_area": "1",
        "answer_days": "30",
        "gathering_days": "60",
        "source": "uchwała nr XII/120",
    }
    assert officer.post("/urzad/rejestry/zasady", data=data).status_code == 303


def request_in_register(resident: FlaskClient) -> None:
    assert resident.post("/wnioski/nowy", data=WISH).status_code == 303
    assert resident.post("/moje/rejestry/1/ogloszenie").status_code == 303


def petition_in_register(
    officer: FlaskClient, resident: FlaskClient, *, entry: int = 1, **more: str
) -> None:
    assert resident.post("/petycje/nowa", data={**PETITION, **more}).status_code == 303
    redact(officer, entry)


def redact(officer: FlaskClient, entry: int, passages: str = "Anna Nowak\n600 700 800") -> None:
    data = {"title": "Toaleta w parku", "passages": passages}
    assert officer.post(f"/urzad/rejestry/{entry}/zakrycie", data=data).status_code == 303
    assert publish(officer, entry) == 303


def publish(officer: FlaskClient, entry: int, **more: object) -> int:
    page = officer.get(f"/urzad/rejestry/{entry}").text
    seen = page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    data = {"seen": seen, **more}
    return officer.post(f"/urzad/rejestry/{entry}/publikacja", data=data).status_code


def entry(app: Flask, number: int = 1) -> Entry:
    with app.app_context():
        return db.session.get_one(Entry, number)


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))
        return [row for row in rows if row.startswith("register.")]
