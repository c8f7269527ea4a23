"""What rows for measuring share: a consultation to lie in, who wrote them, inserting many."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import click
from sqlalchemy import insert

from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation, Effect, Phase, State, Template
from deliberate.kernel.db import db, transaction
from deliberate.kernel.tables import Base

BATCH = 2_000

Row = dict[str, Any]  # a row to insert: values of every type a column has


def open_consultation(
    tenant_id: int,
    slug: str,
    *,
    template: Template,
    title: str,
    phase: str,
    activities: str,
    now: datetime,
) -> Consultation:
    """Add a consultation with one phase, which began a month ago and lasts a month yet."""
    consultation = Consultation(
        tenant_id=tenant_id,
        slug=slug,
        template=template,
        state=State.PUBLISHED,
        title=title,
        summary="Wiersze do pomiarów szybkości.",
        can_change="Wszystko.",
        cannot_change="Niczego.",
        effect=Effect.ADVISES,
        created_at=now,
        published_at=now,
    )
    db.session.add(consultation)
    db.session.flush()
    db.session.add(
        Phase(
            tenant_id=tenant_id,
            consultation_id=consultation.id,
            position=1,
            title=phase,
            starts_at=now - timedelta(days=30),
            ends_at=now + timedelta(days=30),
            activities=activities,
        )
    )
    return consultation


def signed(person_ids: Sequence[int], chance: random.Random, now: datetime) -> Row:
    number = chance.randrange(len(person_ids))
    return {
        "author_id": person_ids[number],
        "author_name": f"Osoba {number + 1}",
        "capacity": Capacity.RESIDENT,
        "capacity_label": "mieszka w okolicy",
        "created_at": now - timedelta(minutes=chance.randint(1, 20_000)),
    }


def insert_rows(
    table: type[Base], rows: Iterator[Row], count: int, name: str, *, keyed: bool = True
) -> list[int]:
    """Insert in batches, each a transaction; returns the ids in the order of the rows."""
    ids: list[int] = []
    with click.progressbar(length=count, label=f"{name:14}") as bar:
        for batch in _batches(rows):
            with transaction():
                if keyed:
                    made = insert(table).returning(
                        table.__table__.c.id, sort_by_parameter_order=True
                    )
                    ids += db.session.scalars(made, batch).all()
                else:
                    db.session.execute(insert(table), batch)
            bar.update(len(batch))
    return ids


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
