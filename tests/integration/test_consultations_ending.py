"""The end: every answer is there, and the approver ends it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.answers.models import Answer
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.consultation_desk import DESK, city, row


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


def ended(app: Flask, world: SimpleNamespace) -> int:
    consultation = make.consultation(
        app, world.tenant, began=40, days_left=-10, opens=[Activity.PROPOSE]
    )
    return make.proposal(app, world.tenant, consultation)


def answered(app: Flask, world: SimpleNamespace, proposal: int) -> None:
    with app.app_context():
        parent = db.session.scalars(select(Consultation.id)).one()
    row_ = Answer(
        tenant_id=world.tenant,
        consultation_id=parent,
        subject_kind="proposal",
        subject_id=proposal,
        position="accepted",
        justification="Ławki staną przy fontannie, bo tam jest najwięcej cienia.",
        signed_as="Urząd Miasta Lubowierz",
        saved_at=clock.now(),
    )
    make.add(app, row_)


def test_the_end_waits_for_every_answer_and_lists_what_lacks(
    app: Flask, world: SimpleNamespace
) -> None:
    ended(app, world)
    approver = make.client(app, signed_in=world.approver)

    page = approver.get(f"{DESK}/rynek/zakonczenie").text
    assert "Bez stanowiska urzędu: 1" in page
    assert "Ławki na rynku" in page
    assert "Ogłoś odpowiedzi i zakończ" not in page
    assert approver.post(f"{DESK}/rynek/zakonczenie").status_code == 409
    assert row(app, "rynek").state == State.PUBLISHED


def test_the_approver_ends_it_and_the_answers_come_out(app: Flask, world: SimpleNamespace) -> None:
    answered(app, world, ended(app, world))
    assert world.desk.post(f"{DESK}/rynek/zakonczenie").status_code == 403  # the officer

    answer = make.client(app, signed_in=world.approver).post(f"{DESK}/rynek/zakonczenie")

    assert answer.status_code == 303
    assert row(app, "rynek").state == State.ANSWERED
    with app.app_context():
        assert db.session.scalars(select(Answer.published_at)).one() is not None
    public = make.client(app).get("/konsultacje/rynek").text
    assert "Jest odpowiedź urzędu." in public
    assert "Co z tego wynikło" in public


def test_what_still_runs_is_not_ended(app: Flask, world: SimpleNamespace) -> None:
    make.consultation(app, world.tenant)

    answer = make.client(app, signed_in=world.approver).post(f"{DESK}/rynek/zakonczenie")

    assert answer.status_code == 409
