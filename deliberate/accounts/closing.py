"""What else happens when an account is closed: each feature empties what names the person.

Closing waits for what a person is just doing once, and that waits for it: ``keep_open``.

A feature sets ``author_name`` to rules.CLOSED_NAME in its rows and deletes what only the person
saw; texts stay. Its function runs in the closing transaction, while the person's address is still
there to search by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from flask import Flask, current_app
from sqlalchemy import Select, bindparam, select

from deliberate.accounts import rules
from deliberate.accounts.models import Person
from deliberate.kernel.db import fetch_rows, id_of
from deliberate.kernel.refusals import Refused

Emptier = Callable[[int], None]


def keep_open(person: Person) -> None:
    """Keep an account from being closed until the transaction ends; Refused if it is closed.

    Whatever a person may do once (a vote, a support) begins with this: the row is shared here and
    held alone by the closing, so one of the two comes first and the other sees what it did.
    """
    if fetch_rows(_hold_person(), {"id": id_of(person)})[0].closed_at is not None:
        raise Refused(rules.CLOSED_ACCOUNT)


@cache
def _hold_person() -> Select[int, datetime | None]:
    held = select(Person.id, Person.closed_at).where(Person.id == bindparam("id"))
    return held.with_for_update(read=True)


def register(app: Flask, empty: Emptier) -> None:
    """Have ``empty(person_id)`` called, in the order of registering."""
    app.extensions.setdefault("deliberate.closing", []).append(empty)


def run(person_id: int) -> None:
    emptiers: list[Emptier] = current_app.extensions.get("deliberate.closing", [])
    for empty in emptiers:
        empty(person_id)
