"""Voting without an account as a browser does it: the code from its letter, then the vote."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import counting
from deliberate.voting.models import Poll, PollResult
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
CHOICE = {"wybor-1": ["1", "3"]}
SAID = {
    "given_name": "Łucja",
    "surname": "Żuraw-Kos",
    "address": "ul. Rynek 5/3",
    "flat": "",
    "contact": "lucja@poczta.example",
    "lives_here": "y",
}
Sent = dict[str, object]
OFFICE = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"


def field(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert tag, name
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def letter_code(app: Flask) -> str:
    """Return the code of the latest letter."""
    with app.app_context():
        body = db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc()).limit(1)).one()
    found = re.search(r"\b(\d{3}) (\d{3})\b", body)
    assert found
    return found[1] + found[2]


def ask_for_code(app: Flask, visitor: FlaskClient, **said: str) -> Sent:
    """Go as far as the page of the code, and return what its form would send."""
    sent = {**CHOICE, **SAID, **said}
    page = visitor.post(f"{PAGE}/dane/kod", data=sent)
    assert page.status_code == 200, page.text[-3000:]
    return {
        **sent,
        "klucz": field(page.text, "klucz"),
        "token": field(page.text, "token"),
        "code": letter_code(app),
    }


def vote(app: Flask, visitor: FlaskClient, **said: str) -> str:
    answer = visitor.post(f"{PAGE}/dane/glos", data=ask_for_code(app, visitor, **said))
    assert answer.status_code == 303, answer.text
    return answer.location


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


def count(app: Flask, tenant: int, poll: int) -> PollResult:
    """End the vote and count it."""
    execute(app, "UPDATE poll SET state = 'working_up'")
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        return counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)
