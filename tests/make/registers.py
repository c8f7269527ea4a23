"""Entries of the public registers, with their sealed originals."""

from __future__ import annotations

from flask import Flask

from deliberate.algorithms.folding import fold
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.petitions.kinds import Register
from deliberate.petitions.kinds import State as EntryState
from deliberate.petitions.models import Entry, Original
from tests.make.base import add


def entry(
    app: Flask,
    tenant: int,
    *,
    register: Register = Register.PETITION,
    author: int | None = None,
    title: str = "Toaleta w parku",
    state: EntryState = EntryState.SUBMITTED,
    number: int = 1,
) -> int:
    """Make an entry that stands in a public register, with its sealed original."""
    now = clock.now()
    entry_id = add(
        app,
        Entry(
            tenant_id=tenant,
            register=register,
            year=now.year,
            number=number,
            title=title,
            text="W parku nie ma toalety. Prosimy o nią.",
            folded=fold(f"{title} W parku nie ma toalety."),
            author_id=author,
            state=state,
            received_on=clock.local(now).date(),
            created_at=now,
            published_at=now,
        ),
    )
    with app.app_context(), transaction():
        db.session.add(
            Original(tenant_id=tenant, entry_id=entry_id, title=title, text="Anna Nowak prosi.")
        )
    return entry_id
