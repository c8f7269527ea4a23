"""Threads, what is said in them, and summaries."""

from __future__ import annotations

from flask import Flask

from deliberate.algorithms.folding import fold
from deliberate.authorship.models import Capacity
from deliberate.discussion.models import Contribution, ContributionKind, Summary, Thread
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from tests.make.base import add
from tests.make.people import person


def thread(app: Flask, tenant: int, consultation: int, kind: str, subject: int) -> int:
    return add(
        app,
        Thread(
            tenant_id=tenant, consultation_id=consultation, subject_kind=kind, subject_id=subject
        ),
    )


def thread_of(app: Flask, tenant: int, kind: str, subject: int) -> int:
    """Return the id of the thread that a thing was made with."""
    with app.app_context():
        return (
            db.session.query(Thread)
            .filter_by(tenant_id=tenant, subject_kind=kind, subject_id=subject)
            .one()
            .id
        )


def contribution(
    app: Flask,
    tenant: int,
    thread: int,
    *,
    author: int | None = None,
    body: str = "Popieram drzewa w gruncie.",
    parent: int | None = None,
    kind: ContributionKind = ContributionKind.VOICE,
) -> int:
    author = author if author is not None else person(app, resident_of=tenant)
    with app.app_context(), transaction():
        talk = db.session.get_one(Thread, thread)
        talk.last_number += 1
        row = Contribution(
            tenant_id=tenant,
            consultation_id=talk.consultation_id,
            thread_id=thread,
            number=talk.last_number,
            parent_id=parent,
            kind=kind,
            body=body,
            folded=fold(body),
            author_id=author,
            author_name="Halina K.",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def withdrawn(app: Flask, contribution: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Contribution, contribution).withdrawn_at = clock.now()


def summary(
    app: Flask, tenant: int, thread: int, *, agreed: str = "Plac jest latem za gorący."
) -> int:
    with app.app_context():
        consultation = db.session.get_one(Thread, thread).consultation_id
    return add(
        app,
        Summary(
            tenant_id=tenant,
            consultation_id=consultation,
            thread_id=thread,
            agreed=agreed,
            disputed="Czy warto stracić 31 miejsc.",
            covers=1,
            author_id=person(app),
            author_name="Joanna L.",
            capacity=Capacity.FACILITATOR,
            capacity_label="facylitatorka",
            created_at=clock.now(),
        ),
    )
