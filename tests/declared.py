"""Making votes without an account in a poll that has ended: for tests of what is done with them."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import casting, declaring
from deliberate.voting.actions.declaring import Proof, Saying
from deliberate.voting.contacts import read_contact
from deliberate.voting.identity import Identity
from deliberate.voting.models import Poll
from deliberate.voting.states import Electorate
from tests import make

ENDED = timedelta(days=8)  # ago
_NETWORKS = count(1)  # one each, unless a test says otherwise
SIX = ("Ala", "Ela", "Iza", "Ola", "Ula", "Ewa")


def ended_poll(app: Flask, tenant: int, consultation: int, **more: object) -> int:
    return make.poll(
        app,
        tenant,
        consultation,
        began=timedelta(days=20),
        left=-ENDED,
        **{"electorate": Electorate.DECLARED, **more},
    )


def vote(
    app: Flask,
    poll_id: int,
    name: str,
    *,
    surname: str = "",
    street: str = "Rynek",
    contact: str = "",
    network: str = "",
    locale: str = "pl",
    before_end: timedelta = timedelta(days=5),
) -> None:
    """Have somebody vote without an account, some days before the end."""
    said = read_contact(contact or f"{name}@poczta.example")
    assert said is not None
    network = network or f"192.0.2.{next(_NETWORKS)}"
    with app.app_context():
        ends_at = db.session.get_one(Poll, poll_id).ends_at
    with clock.at(ends_at - before_end), app.app_context():
        with transaction():
            row = db.session.get_one(Poll, poll_id)
            tenant = db.session.get_one(Municipality, row.tenant_id)
            token = declaring.send_code(tenant, row, said, network=network, locale=locale)
        body = db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc()).limit(1)).one()
        found = re.search(r"\b(\d{3}) (\d{3})\b", body)
        assert found
        with transaction():
            row = db.session.get_one(Poll, poll_id)
            identity = Identity(
                given_name=name, surname=surname or f"Z-{name}", street=street, house_no="5"
            )
            declaring.cast(
                row,
                Saying(identity=identity, contact=said, locale=locale),
                make.marks(1),
                form=casting.Form(idem=f"formularz {name}"),
                proof=Proof(token=token, code=found[1] + found[2], network=network),
            )
