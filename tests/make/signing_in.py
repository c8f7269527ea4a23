"""Browsers, and the people who are signed in with them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from deliberate.accounts import passwords, sessions
from deliberate.accounts.models import Membership, Person
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from tests.make.factors import keep_second_factor

TOKEN = re.compile(rb'name="csrf_token" value="[^"]*"|name="csrf-token" content="[^"]*"')


def client(
    app: Flask,
    *,
    slug: str = "lubowierz",
    signed_in: int | None = None,
    second_factor: bool | None = None,
) -> FlaskClient:
    """Give a browser at one municipality: ``client.get("/konsultacje")`` is under /g/<slug>/."""
    made = app.test_client()
    made.environ_base["deliberate.slug"] = slug
    if signed_in is not None:
        sign_in(app, made, signed_in, slug=slug, second_factor=second_factor)
    return made


def sign_in(
    app: Flask,
    client: FlaskClient,
    person_id: int,
    *,
    slug: str = "lubowierz",
    second_factor: bool | None = None,
) -> None:
    """Sign a person in; with a second factor (None) if they work here, or as is said."""
    with app.app_context(), transaction():
        tenant = db.session.query(Municipality).filter_by(slug=slug).one()
        row = db.session.get_one(Person, person_id)
        staff_here = (
            db.session.query(Membership).filter_by(tenant_id=tenant.id, person_id=person_id).first()
        )
        proves = staff_here is not None if second_factor is None else second_factor
        if proves:
            keep_second_factor(person_id)
        token = sessions.begin(
            row,
            tenant.id,
            staff=staff_here is not None,
            browser="test",
            second_factor=proves,
        )
    with client.session_transaction() as cookie:
        cookie[sessions.TOKEN] = token
        cookie[sessions.SEEN] = int(clock.now().timestamp())


def password(app: Flask, person: int, text: str) -> None:
    """Give a person a password."""
    hashed = passwords.hash_password(text)
    with app.app_context(), transaction():
        db.session.get_one(Person, person).password_hash = hashed


def without_tokens(page: bytes) -> bytes:
    """Return a page without what is made anew for each reading and tells nothing."""
    return TOKEN.sub(b"", page)
