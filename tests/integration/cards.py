"""Cards of paper at the counter, in the box and keyed, as the office does it in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from deliberate.voting import electorates
from deliberate.voting.actions import counting
from deliberate.voting.electorates import ElectorateTerms
from deliberate.voting.models import Poll, PollResult
from deliberate.voting.workings import Workings
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/papier"
PLACES = electorates.write(ElectorateTerms(places="Punkt obsługi, plac Ratuszowy 1, pon.–pt. 8–16"))
ANNA = {
    "given_name": "Anna",
    "surname": "Wilk",
    "address": "Rynek 7/2",
    "flat": "",
    "claim": "nie",
    "says_so": "y",
}
KEY = "klucz-formularza-przy-okienku-"
DAYS = timedelta(days=10)  # when it has ended


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def hand(client: FlaskClient, number: int = 1, **said: str) -> tuple[int, str]:
    """Mark somebody at the counter; number: of the form."""
    answer = client.post(f"{DESK}/osoba", data={**ANNA, "klucz": f"{KEY}{number}", **said})
    return answer.status_code, answer.text


def number_cards(client: FlaskClient, cards: int, place: str = "Punkt obsługi") -> int:
    return client.post(f"{DESK}/partie", data={"place": place, "number": str(cards)}).status_code


@contextmanager
def after_the_end(app: Flask, clerks: list[int]) -> Iterator[list[FlaskClient]]:
    """Work ten days later, everybody newly signed in."""
    with clock.at(clock.now() + DAYS):
        yield [make.client(app, signed_in=person) for person in clerks]


def box(client: FlaskClient, no: int, *figures: int) -> int:
    names = ("in_box", "spoiled", "missing", "unused")
    said = {f"partia-{no}-{name}": str(figure) for name, figure in zip(names, figures, strict=True)}
    return client.post(f"{DESK}/partie/{no}/urna", data=said).status_code


def confirm(client: FlaskClient, no: int, *figures: int) -> int:
    names = ("in_box", "spoiled", "missing", "unused")
    said = dict(zip(names, map(str, figures), strict=True))
    return client.post(f"{DESK}/partie/{no}/potwierdzenie", data=said).status_code


def settle(clerks: list[FlaskClient], no: int, *figures: int) -> None:
    assert box(clerks[0], no, *figures) == 303
    assert confirm(clerks[1], no, *figures) == 303


def key(client: FlaskClient, serial: int, typed: str = "", **more: str) -> tuple[int, str]:
    sent = {"serial": str(serial), "czesc-1": typed, **more}
    answer = client.post(f"{DESK}/karty", data=sent, follow_redirects=False)
    return answer.status_code, answer.text


def count(app: Flask, tenant: int, poll: int, *, rehearsed: Workings | None = None) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        town = db.session.get_one(Municipality, tenant)
        counting.count(town, poll, actor=SYSTEM, rehearsed=rehearsed)


def result(app: Flask, poll: int) -> PollResult:
    with app.app_context():
        return db.session.get_one(PollResult, poll)


def keyed(app: Flask, clerk: FlaskClient, people: int, cards: int = 10) -> None:
    """Have so many people take a card."""
    number_cards(clerk, cards)
    for number in range(people):
        assert hand(clerk, number, given_name=f"Anna {'abcdefghij'[number]}")[0] == 200
