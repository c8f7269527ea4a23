"""Votes held on suspicion, as the office and the voter see them in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.tenancy.models import Municipality
from deliberate.voting import quarantine
from deliberate.voting.actions import counting
from deliberate.voting.models import Poll, PollResult, VoteCase
from deliberate.voting.suspicions import Kind
from deliberate.voting.workings import Workings
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
EXPLAIN = f"{PAGE}/wyjasnienie"
DESK = "/urzad/konsultacje/rynek/glosowanie/podejrzenia"
CASES = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"
WHY = "Sześć osób w domu, w którym są dwa mieszkania."
VERDICT = "Nikt z tych osób tam nie mieszka."
MINE = "Mieszkam tu z siostrą, jej mężem i trójką dzieci."


def groups(app: Flask, poll_id: int) -> dict[Kind, str]:
    """Return the groups' names by what they have in common."""
    with app.app_context():
        found = quarantine.find_groups(db.session.get_one(Poll, poll_id))
        return {group.kind: group.id for group in found}


def hold(client: FlaskClient, group: str, reason: str = WHY) -> int:
    answer = client.post(f"{DESK}/{group}/wstrzymanie", data={f"{group}-reason": reason})
    return answer.status_code


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        found = select(Outbox).where(Outbox.kind == "voting.held").order_by(Outbox.id)
        return list(db.session.scalars(found))


def code_of(letter: Outbox) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", letter.body)
    assert found
    return found[0]


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def case_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(VoteCase.id).order_by(VoteCase.id)))


def execute(app: Flask, statement: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement), values)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    with clock.at(clock.now() - timedelta(days=days)):
        yield


def hold_ago(app: Flask, tenant: int, poll_id: int, days: int) -> None:
    """Have the home held so many days ago, as far as the rows tell."""
    with days_ago(days):
        client = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        assert hold(client, groups(app, poll_id)[Kind.HOME]) == 303


def say(client: FlaskClient, case: int, verdict: str) -> int:
    said = {f"sprawa-{case}-verdict": verdict, f"sprawa-{case}-reason": VERDICT}
    return client.post(f"{CASES}/sprawy/{case}/decyzja", data=said).status_code


def count(
    app: Flask, tenant: int, poll_id: int, *, rehearsed: Workings | None = None
) -> PollResult:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll_id, rules_hash)
    with app.app_context(), transaction():
        here = db.session.get_one(Municipality, tenant)
        return counting.count(here, poll_id, actor=SYSTEM, rehearsed=rehearsed)
