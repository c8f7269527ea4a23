"""An act of two persons: asked, seen, approved once, sent back, expired, changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deliberate.accounts.models import Membership
from deliberate.approvals import actions, queries
from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality, OrgUnit
from tests import make

ACT = "unit.rename"


def _page(_tenant: Municipality, _approval: Approval) -> ApprovalPage:
    return ApprovalPage(
        title="Nowa nazwa wydziału",
        lead="Wydział Zieleni ma się nazywać Wydziałem Drzew.",
        url="/",
        template="macros/_patterns.html",
    )


def _rename(_tenant: Municipality, approval: Approval, _actor: Actor, _now: datetime) -> None:
    db.session.get_one(OrgUnit, approval.subject_id).name = "Wydział Drzew"


@pytest.fixture
def world(app: Flask) -> Iterator[SimpleNamespace]:
    """One act that renames a unit; what is approved is its e-mail."""
    tenant = make.municipality(app)
    act = ApprovalAct(
        key=ACT,
        label="Zmiana nazwy",
        describe=_page,
        payload=lambda _t, approval: db.session.get_one(OrgUnit, approval.subject_id).email,
        perform=_rename,
    )
    app.extensions.setdefault("deliberate.approvals", {})[ACT] = act
    yield SimpleNamespace(
        tenant=tenant,
        unit=make.unit(app, tenant, name="Wydział Zieleni"),
        asker=make.staff(app, tenant, Role.OFFICER),
        approver=make.staff(app, tenant, Role.APPROVER),
    )
    del app.extensions["deliberate.approvals"][ACT]


def ask(app: Flask, world: SimpleNamespace, of: int | None = None, payload: str = "") -> str:
    with app.test_request_context(), transaction():
        approval = actions.ask(
            ACT,
            "unit",
            world.unit,
            payload_sha256=payload,
            actor=Actor(person_id=world.asker, tenant_id=world.tenant),
            asked_of=of,
            note="Proszę do piątku.",
            now=clock.now(),
        )
        return approval.token


def name(app: Flask, world: SimpleNamespace) -> str:
    with app.app_context():
        return db.session.get_one(OrgUnit, world.unit).name


def approvals(app: Flask) -> list[Approval]:
    with app.app_context():
        return list(db.session.scalars(select(Approval).order_by(Approval.id)))


def browser(app: Flask, person: int) -> FlaskClient:
    return make.client(app, signed_in=person)


def shift(app: Flask, **by: float) -> None:
    """Move all requests into the past, past the guards."""
    with app.app_context(), writer().connect() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER approval_asks_once"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        table = Approval.__table__
        connection.execute(table.update().values(expires_at=clock.now() - timedelta(**by)))  # type: ignore[attr-defined]
        connection.commit()


def test_the_second_person_approves_and_it_is_done(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world, of=world.approver)
    client = browser(app, world.approver)

    page = client.get(f"/zatwierdzanie/{token}")
    assert "Wydział Zieleni ma się nazywać" in page.text
    assert "Zatwierdzam" in page.text
    assert name(app, world) == "Wydział Zieleni"

    assert client.post(f"/zatwierdzanie/{token}/zgoda").status_code == 303
    assert name(app, world) == "Wydział Drzew"
    (approval,) = approvals(app)
    assert (approval.approved, approval.decided_by) == (True, world.approver)
    assert approval.spent_at is not None
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all() == [
            "approval.asked",
            "approval.given",
        ]
    assert "Zatwierdzone" in client.get(f"/zatwierdzanie/{token}").text


def test_a_second_click_does_nothing_twice(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world)
    client = browser(app, world.approver)
    client.post(f"/zatwierdzanie/{token}/zgoda")

    answer = client.post(f"/zatwierdzanie/{token}/zgoda")

    assert answer.status_code == 409
    assert "Decyzja w tej sprawie już zapadła" in answer.text


def test_it_can_be_sent_back_with_a_reason(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world)
    client = browser(app, world.approver)

    too_short = client.post(f"/zatwierdzanie/{token}/odeslanie", data={"reason": "nie"})
    assert too_short.status_code == 422
    assert "nie</textarea>" in too_short.text

    reason = {"reason": "Brakuje numeru telefonu."}
    assert client.post(f"/zatwierdzanie/{token}/odeslanie", data=reason).status_code == 303
    (approval,) = approvals(app)
    assert (approval.approved, approval.reason) == (False, "Brakuje numeru telefonu.")
    assert name(app, world) == "Wydział Zieleni"


def test_the_asker_cannot_approve_even_with_the_role(app: Flask, world: SimpleNamespace) -> None:
    make.membership(app, world.tenant, world.asker, Role.APPROVER)
    token = ask(app, world)
    client = browser(app, world.asker)

    assert "Nie można zatwierdzić własnej prośby" in client.get(f"/zatwierdzanie/{token}").text
    assert client.post(f"/zatwierdzanie/{token}/zgoda").status_code == 409
    assert name(app, world) == "Wydział Zieleni"


def test_nobody_is_asked_to_approve_what_they_ask(app: Flask, world: SimpleNamespace) -> None:
    with pytest.raises(Refused, match=r"approval\.own"):
        ask(app, world, of=world.asker)


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.OFFICER, Role.FACILITATOR, Role.REVIEWER])
def test_the_role_is_needed_and_named(app: Flask, world: SimpleNamespace, role: Role) -> None:
    token = ask(app, world)
    client = browser(app, make.staff(app, world.tenant, role))

    for answer in (
        client.get(f"/zatwierdzanie/{token}"),
        client.post(f"/zatwierdzanie/{token}/zgoda"),
        client.get("/urzad/zatwierdzenia"),
    ):
        assert answer.status_code == 403
        assert "osoba zatwierdzająca" in answer.text


def test_whoever_decides_other_acts_does_not_see_this_one(
    app: Flask, world: SimpleNamespace
) -> None:
    token = ask(app, world)
    client = browser(app, make.staff(app, world.tenant, Role.ADMINISTRATOR))

    for answer in (
        client.get(f"/zatwierdzanie/{token}"),
        client.post(f"/zatwierdzanie/{token}/zgoda"),
        client.post(f"/zatwierdzanie/{token}/odeslanie", data={"reason": "Nie tak, inaczej."}),
    ):
        assert answer.status_code == 403
        assert "osoba zatwierdzająca" in answer.text
    assert token not in client.get("/urzad/zatwierdzenia").text
    assert token not in client.get("/urzad").text


def test_only_the_one_who_is_named_decides(app: Flask, world: SimpleNamespace) -> None:
    other = make.staff(app, world.tenant, Role.APPROVER)
    token = ask(app, world, of=world.approver)

    assert browser(app, other).post(f"/zatwierdzanie/{token}/zgoda").status_code == 409
    assert browser(app, world.approver).post(f"/zatwierdzanie/{token}/zgoda").status_code == 303


def test_a_substitute_decides_for_the_one_who_is_named(app: Flask, world: SimpleNamespace) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER)
    with app.app_context(), transaction():
        held = db.session.scalars(
            select(Membership).where(Membership.person_id == world.approver)
        ).one()
        held.substitute_id = substitute
        held.absent_from = held.absent_until = clock.local(clock.now()).date()
    token = ask(app, world, of=world.approver)

    assert browser(app, substitute).post(f"/zatwierdzanie/{token}/zgoda").status_code == 303
    with app.app_context():
        written = set(db.session.scalars(select(Outbox.person_id)))
    assert written == {world.approver, substitute}


def test_what_changed_since_is_not_approved(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world)
    with app.app_context(), transaction():
        db.session.get_one(OrgUnit, world.unit).email = "inny@lubowierz.example"
    client = browser(app, world.approver)

    assert "Treść zmieniła się" in client.get(f"/zatwierdzanie/{token}").text
    assert client.post(f"/zatwierdzanie/{token}/zgoda").status_code == 409
    assert name(app, world) == "Wydział Zieleni"


def test_asking_anew_closes_the_former_request(app: Flask, world: SimpleNamespace) -> None:
    former, current = ask(app, world), ask(app, world)
    client = browser(app, world.approver)

    assert client.post(f"/zatwierdzanie/{former}/zgoda").status_code == 409
    assert client.post(f"/zatwierdzanie/{current}/zgoda").status_code == 303


def test_a_request_expires_after_fourteen_days(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world)
    (approval,) = approvals(app)
    assert approval.expires_at - approval.asked_at == timedelta(days=14)
    shift(app, seconds=1)
    client = browser(app, world.approver)

    assert "wygasła" in client.post(f"/zatwierdzanie/{token}/zgoda").text
    assert "Nic nie czeka" in client.get("/urzad/zatwierdzenia").text


def test_the_letter_has_the_preview_and_one_link(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world)

    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
    assert letter.person_id == world.approver
    assert "Wydział Zieleni ma się nazywać Wydziałem Drzew." in letter.body
    assert "Proszę do piątku." in letter.body
    assert letter.body.count("http://") == 1
    assert f"http://localhost/g/lubowierz/zatwierdzanie/{token}" in letter.body


def test_the_link_opens_only_in_its_municipality_and_after_signing_in(
    app: Flask, world: SimpleNamespace
) -> None:
    token = ask(app, world)
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.staff(app, there, Role.APPROVER)

    assert make.client(app).get(f"/zatwierdzanie/{token}").status_code == 401
    client = make.client(app, slug="wrzosowiany", signed_in=foreign)
    assert client.get(f"/zatwierdzanie/{token}").status_code == 404
    assert client.post(f"/zatwierdzanie/{token}/zgoda").status_code == 404
    assert browser(app, world.approver).get("/zatwierdzanie/nic").status_code == 404


def test_the_inbox_shows_what_waits_and_what_was_decided(
    app: Flask, world: SimpleNamespace
) -> None:
    token = ask(app, world)
    client = browser(app, world.approver)
    assert "Nowa nazwa wydziału" in client.get("/urzad/zatwierdzenia").text

    client.post(f"/zatwierdzanie/{token}/zgoda")

    page = client.get("/urzad/zatwierdzenia").text
    assert "Nic nie czeka" in page
    assert "Zmiana nazwy" in page
    with app.app_context():
        assert queries.is_usually_same_day(world.tenant, clock.now() + timedelta(minutes=1))


def test_a_decision_says_what_it_was_about(app: Flask, world: SimpleNamespace) -> None:
    consultation = make.consultation(app, world.tenant, title="Rynek: co dalej?")
    with app.test_request_context(), transaction():
        token = actions.ask(
            ACT,
            "consultation",
            consultation,
            payload_sha256="",
            actor=Actor(person_id=world.asker, tenant_id=world.tenant),
            asked_of=None,
            note="",
            now=clock.now(),
        ).token
    client = browser(app, world.approver)
    reason = {"reason": "Brakuje terminu odpowiedzi urzędu."}
    assert client.post(f"/zatwierdzanie/{token}/odeslanie", data=reason).status_code == 303

    assert "Rynek: co dalej?" in client.get("/urzad/zatwierdzenia").text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approval SET payload_sha256 = 'x'",
        "UPDATE approval SET asked_by = decided_by",
        "UPDATE approval SET approved = NULL, decided_by = NULL, decided_at = NULL",
        "UPDATE approval SET reason = 'x'",
        "UPDATE approval SET spent_at = NULL",
        "DELETE FROM approval",
    ],
)
def test_the_database_keeps_what_was_asked_and_decided(
    app: Flask, world: SimpleNamespace, statement: str
) -> None:
    token = ask(app, world)
    browser(app, world.approver).post(f"/zatwierdzanie/{token}/zgoda")

    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.execute(text(statement))


def test_the_database_refuses_one_person_twice_and_spending_before_approval(
    app: Flask, world: SimpleNamespace
) -> None:
    ask(app, world)
    for statement in (
        "UPDATE approval SET decided_by = asked_by, decided_at = asked_at, approved = TRUE",
        "UPDATE approval SET spent_at = asked_at",
    ):
        with app.app_context(), pytest.raises(DBAPIError), transaction():
            db.session.execute(text(statement))
