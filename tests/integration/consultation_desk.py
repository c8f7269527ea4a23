"""A consultation as its officer makes it: a draft, asked for, approved, published."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.approvals.models import Approval
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from tests import make

DESK = "/urzad/konsultacje"
REASON = "Sala na spotkanie była zajęta, przenosimy je."


def city(app: Flask) -> SimpleNamespace:
    """A city with an officer, somebody who approves and somebody who hears appeals."""
    tenant = make.municipality(app)
    officer = make.staff(app, tenant, Role.OFFICER)
    return SimpleNamespace(
        tenant=tenant,
        officer=officer,
        approver=make.staff(app, tenant, Role.APPROVER),
        reviewer=make.staff(app, tenant, Role.REVIEWER),
        desk=make.client(app, signed_in=officer),
    )


def today() -> date:
    return clock.local(clock.now()).date()


def day(offset: int) -> str:
    return (today() + timedelta(days=offset)).isoformat()


def fields(world: SimpleNamespace, **more: Any) -> dict[str, Any]:
    """Return what a browser sends from the form that is filled in well."""
    sent: dict[str, Any] = {
        "revision": "0",
        "title": "Plac Targowy: jak ma wyglądać?",
        "summary": "Wymieniamy kanalizację pod placem.",
        "can_change": "- zieleń i cień",
        "cannot_change": "- termin wymiany",
        "area_id": "0",
        "phases-0-title": "Zbieramy propozycje",
        "phases-0-first": day(1),
        "phases-0-last": day(28),
        "phases-0-opens": ["propose", "support", "discuss"],
        "effect": "advises",
        "decided_by": "Rada Miasta",
        "answer_due": day(60),
        "unit_id": "0",
        "organisation_id": "0",
        "appeal_person_id": str(world.reviewer),
        "contact": "Biuro Partycypacji",
        "propose_needs": "declared",
        "support_needs": "declared",
        "discuss_needs": "email",
        "vote_needs": "declared",
        "picture": "",
    }
    return {**sent, **more}


def drafted(world: SimpleNamespace, **more: Any) -> TestResponse:
    answer: TestResponse = world.desk.post(f"{DESK}/nowe/pomysly", data=fields(world, **more))
    return answer


def row(app: Flask, slug: str = "plac-targowy-jak-ma-wygladac") -> Consultation:
    with app.app_context():
        found = db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        _ = found.phases  # loaded while there is a session
        return found


def ask(world: SimpleNamespace, slug: str = "plac-targowy-jak-ma-wygladac") -> TestResponse:
    answer: TestResponse = world.desk.post(
        f"{DESK}/{slug}/zatwierdzenie", data={"asked_of": world.approver, "note": ""}
    )
    return answer


def token(app: Flask) -> str:
    with app.app_context():
        found = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
        assert found is not None
        return found


def approve(app: Flask, person: int) -> TestResponse:
    answer: TestResponse = make.client(app, signed_in=person).post(
        f"/zatwierdzanie/{token(app)}/zgoda"
    )
    return answer


def published(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    assert approve(app, world.approver).status_code == 303


def slug_url(part: str) -> str:
    return f"{DESK}/plac-targowy-jak-ma-wygladac/{part}"
