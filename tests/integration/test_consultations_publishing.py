"""A second person publishes what an officer has asked for."""

from __future__ import annotations

import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.discussion.models import Thread
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, Task
from deliberate.notifications.models import OneLetter
from deliberate.tenancy.models import LegalRule
from tests import make
from tests.integration.consultation_desk import (
    DESK,
    REASON,
    approve,
    ask,
    city,
    day,
    drafted,
    fields,
    published,
    row,
    token,
)


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


def test_what_is_missing_is_named_and_nothing_is_sent(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, answer_due="", contact="", can_change="", cannot_change="")
    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text
    assert preview.count('<li class="no">') == 3
    assert "Potem jeszcze: 1" in preview

    answer = ask(world)

    assert answer.status_code == 409
    assert row(app).state == State.DRAFT


def test_asking_sends_one_letter_and_shows_whom(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)

    assert ask(world).status_code == 303

    assert row(app).state == State.AWAITING_APPROVAL
    with app.app_context():
        letters = db.session.scalars(select(Outbox)).all()
        assert [letter.person_id for letter in letters] == [world.approver]
        assert f"/zatwierdzanie/{token(app)}" in letters[0].body
    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text
    assert "Tę czynność zatwierdza druga osoba. Poproszono:" in preview
    assert "Approver P." in preview


def test_a_second_person_publishes(app: Flask, world: SimpleNamespace) -> None:
    make.add(
        app,
        OneLetter(
            tenant_id=world.tenant,
            email="kto@poczta.example",
            about="next_consultation",
            locale="pl",
            asked_at=clock.now(),
        ),
    )

    published(app, world)

    made = row(app)
    assert made.state == State.PUBLISHED
    assert made.published_at is not None
    assert make.client(app).get(f"/konsultacje/{made.slug}").status_code == 200
    with app.app_context():
        thread = db.session.scalars(select(Thread)).one()
        assert (thread.subject_kind, thread.subject_id) == ("consultation", made.id)
        acts = set(db.session.scalars(select(AuditEntry.action)))
        assert {"consultation.drafted", "consultation.published", "approval.given"} <= acts
        assert "notifications.one_letters" in set(db.session.scalars(select(Task.kind)))


def test_the_asker_cannot_approve_whatever_they_send(app: Flask, world: SimpleNamespace) -> None:
    make.membership(app, world.tenant, world.officer, Role.APPROVER)
    drafted(world)
    own = world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie", data={"asked_of": world.officer}
    )
    assert own.status_code == 422  # is not among those to choose from
    ask(world)

    assert approve(app, world.officer).status_code == 409

    assert row(app).state == State.AWAITING_APPROVAL


def test_a_stranger_cannot_be_asked(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    for person in (make.person(app), world.reviewer, 10**6, "x"):
        answer = world.desk.post(
            f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie", data={"asked_of": person}
        )
        assert answer.status_code == 422


def test_no_field_of_the_form_publishes(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, state="published", published_at="2026-01-01", created_by="1")

    assert row(app).state == State.DRAFT
    step = world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac/stan/wznowienie", data={"step-reason": REASON}
    )
    assert step.status_code == 404
    assert row(app).state == State.DRAFT


def test_what_changed_after_asking_is_not_published(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    with app.app_context(), transaction():
        made = db.session.scalars(select(Consultation)).one()
        made.phases[0].title = "Coś innego"

    assert approve(app, world.approver).status_code == 409
    assert row(app).state == State.AWAITING_APPROVAL


def test_saving_takes_the_request_back(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)

    world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac",
        data=fields(world, revision="1", summary="Inaczej."),
    )

    assert row(app).state == State.DRAFT
    assert approve(app, world.approver).status_code == 409


def test_the_asker_takes_the_request_back(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)

    world.desk.post(f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie/wycofanie")

    assert row(app).state == State.DRAFT


def test_days_that_passed_since_asking_stop_publication(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, **{"phases-0-first": day(0)})
    with app.app_context(), transaction():
        made = db.session.scalars(select(Consultation)).one()
        made.phases[0].starts_at = clock.now() - timedelta(days=3)
    assert ask(world).status_code == 409


def test_a_request_sent_back_shows_its_reason(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    back = make.client(app, signed_in=world.approver).post(
        f"/zatwierdzanie/{token(app)}/odeslanie", data={"reason": "Brakuje kosztu przebudowy."}
    )
    assert back.status_code == 303

    page = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac").text

    assert "Odesłano do poprawy" in page
    assert "Brakuje kosztu przebudowy." in page


def test_a_document_waits_for_its_legal_days(app: Flask, world: SimpleNamespace) -> None:
    rule = LegalRule(
        key="consultation.remarks.days",
        value="35",
        unit="days",
        source="uchwała nr 7, § 3",
        verified=True,
        valid_from=date(2020, 1, 1),
    )
    make.add(app, rule)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    sent = fields(world, upload=pdf, file_alt="Projekt", **{"phases-0-opens": ["remark"]})
    world.desk.post(f"{DESK}/nowe/dokument", data=sent, content_type="multipart/form-data")

    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text

    assert "Dni: 28, wymagane co najmniej: 35." in preview
    assert "uchwała nr 7, § 3" in preview
    assert ask(world).status_code == 409
