"""What else happens when an account is closed: each feature empties what names the person.

A feature sets ``author_name`` to rules.CLOSED_NAME in its rows and deletes what only the person
saw; texts stay. Its function runs in the closing transaction, while the person's address is still
there to search by.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

Emptier = Callable[[int], None]


def register(app: Flask, empty: Emptier) -> None:
    """Have ``empty(person_id)`` called, in the order of registering."""
    app.extensions.setdefault("deliberate.closing", []).append(empty)


def run(person_id: int) -> None:
    emptiers: list[Emptier] = current_app.extensions.get("deliberate.closing", [])
    for empty in emptiers:
        empty(person_id)
