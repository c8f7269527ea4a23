"""Storing a row, numbering what must differ, running bare statements."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from flask import Flask

from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.tables import Base

numbers = itertools.count(1)


def add(app: Flask, row: Base) -> int:
    """Store any row and return its id."""
    with app.app_context(), transaction():
        db.session.add(row)
        db.session.flush()
        return int(row.id)  # type: ignore[attr-defined]


def run(statements: Iterable[str]) -> None:
    with writer().begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
