"""Signing in as a browser does it: the address, the code from its letter."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox

HALINA = "halina@poczta.example"
STRANGER = "nowa@poczta.example"
INTRODUCTION = {"display_name": "Nowa N.", "form": "f", "is_13": "y"}


def letters_to(app: Flask, address: str) -> list[Outbox]:
    with app.app_context():
        wanted = select(Outbox).where(Outbox.address == address).order_by(Outbox.id)
        return list(db.session.scalars(wanted))


def code_for(app: Flask, address: str) -> str:
    found = re.search(r"(\d{3}) (\d{3})", letters_to(app, address)[-1].subject)
    assert found is not None
    return found[1] + found[2]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(table)).one()


def wait(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    moment = datetime.now(clock.WARSAW) + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/konto").status_code == 200


def sign_in(app: Flask, client: FlaskClient, address: str = HALINA) -> None:
    client.post("/zaloguj", data={"email": address})
    answer = client.post("/zaloguj/kod", data={"code": code_for(app, address)})
    assert answer.status_code == 303
