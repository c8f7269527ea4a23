"""Proposals and the support for them."""

from __future__ import annotations

from flask import Flask

from deliberate.algorithms.folding import fold
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.discussion.models import Thread
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.proposals.models import Proposal, Support
from tests.make.people import person


def proposal(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    author: int | None = None,
    title: str = "Ławki na rynku",
    number: int | None = None,
) -> int:
    """Make a proposal with its thread; the number defaults to the next one."""
    now = clock.now()
    author = author if author is not None else person(app, resident_of=tenant)
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        parent.last_number = number or parent.last_number + 1
        row = Proposal(
            tenant_id=tenant,
            consultation_id=consultation,
            number=parent.last_number,
            shuffle=parent.last_number * 7919 % 2**31,
            title=title,
            place="Rynek",
            reason="Bo nie ma gdzie usiąść.",
            folded=fold(f"{title} Rynek Bo nie ma gdzie usiąść."),
            author_id=author,
            author_name="Halina K.",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu",
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        talk = Thread(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind="proposal",
            subject_id=row.id,
        )
        db.session.add(talk)
        db.session.flush()
        row.thread_id = talk.id
        return row.id


def support(app: Flask, tenant: int, proposal: int, person: int) -> None:
    with app.app_context(), transaction():
        row = Support(
            tenant_id=tenant, proposal_id=proposal, person_id=person, given_at=clock.now()
        )
        db.session.add(row)
        db.session.get_one(Proposal, proposal).supports += 1
