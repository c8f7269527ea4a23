"""Taking the second factor from whoever lost it: two administrators, neither of them concerned."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from deliberate.accounts.models import (
    EmailToken,
    Membership,
    Purpose,
    RecoveryCode,
    SecondFactor,
    SignInSession,
)
from deliberate.approvals.models import Approval
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make

BOZENA = "bozena@lubowierz.example"
WHY = {"note": "Telefon utonął w jeziorze, rozmowa na służbowy numer."}


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    bozena = make.person(app, name="Bożena W.", email=BOZENA)
    membership = make.membership(app, tenant, bozena, Role.OFFICER)
    make.second_factor(app, bozena)
    with app.app_context(), transaction():
        db.session.add(RecoveryCode(hash="0" * 64, person_id=bozena))
    return SimpleNamespace(
        tenant=tenant,
        bozena=bozena,
        membership=membership,
        page=f"/urzad/osoby/{membership}",
        asking=f"/urzad/osoby/{membership}/drugi-skladnik",
        asker=make.staff(app, tenant, Role.ADMINISTRATOR),
        second=make.staff(app, tenant, Role.ADMINISTRATOR),
    )


def ask(app: Flask, world: SimpleNamespace) -> str:
    """Ask as an administrator; returns where the other one decides."""
    client = make.client(app, signed_in=world.asker)
    answer = client.post(world.asking, data=WHY)
    assert answer.status_code == 303
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    return f"/zatwierdzanie/{token}"


def has_factor(app: Flask, person: int) -> bool:
    with app.app_context():
        return db.session.get(SecondFactor, person) is not None


def written_to(app: Flask, kind: str) -> list[tuple[int | None, str]]:
    with app.app_context():
        rows = db.session.scalars(
            select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id)
        ).all()
        return [(row.person_id, row.subject) for row in rows]


def acts(app: Flask) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.seq)).all()
        return [(row.chain, row.actor, row.action, row.subject) for row in rows]


def make_stale(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(fresh_until=clock.now()))


def test_two_administrators_take_it_away_and_the_person_is_told(
    app: Flask, world: SimpleNamespace
) -> None:
    signed_in = make.client(app, signed_in=world.bozena)
    with app.app_context(), transaction():
        db.session.add(half_a_sign_in(world))
    decision = ask(app, world)
    asked = make.client(app, signed_in=world.asker).get(world.page).text
    client = make.client(app, signed_in=world.second)
    preview = client.get(decision).text
    still = has_factor(app, world.bozena)
    answer = client.post(f"{decision}/zgoda")

    assert "inne osoby z administracji portalu" in asked
    assert "Usunięcie drugiego składnika: Bożena W." in preview
    assert BOZENA in preview
    assert WHY["note"] in preview
    assert still
    assert answer.status_code == 303
    assert "Zatwierdzone" in client.get(decision).text
    assert not has_factor(app, world.bozena)
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []
        assert db.session.scalars(select(EmailToken)).one().used_at is not None
    assert signed_in.get("/konto").status_code == 401
    assert written_to(app, "account.notice") == [
        (world.bozena, "Urząd usunął drugi składnik logowania – Lubowierz")
    ]
    chain, about = f"m:{world.tenant}", f"person:{world.bozena}"
    assert acts(app) == [
        (chain, f"person:{world.asker}", "approval.asked", about),
        (chain, f"person:{world.second}", "factor.reset", about),
        (chain, f"person:{world.second}", "approval.given", about),
    ]


def half_a_sign_in(world: SimpleNamespace) -> EmailToken:
    now = clock.now()
    return EmailToken(
        id="half",
        code_hash="",
        purpose=Purpose.SECOND_STEP,
        email=BOZENA,
        person_id=world.bozena,
        tenant_id=world.tenant,
        created_at=now,
        expires_at=now + timedelta(minutes=10),
    )


def test_the_other_administrators_are_asked_and_nobody_else(
    app: Flask, world: SimpleNamespace
) -> None:
    for role in (Role.APPROVER, Role.OFFICER, Role.AUDITOR):
        make.staff(app, world.tenant, role)
    ask(app, world)
    inbox = make.client(app, signed_in=world.second).get("/urzad/zatwierdzenia").text

    assert written_to(app, "approval") == [
        (world.second, "Prośba o zatwierdzenie: Usunięcie drugiego składnika: Bożena W.")
    ]
    assert "Usunięcie drugiego składnika: Bożena W." in inbox
    assert "Usunięcie drugiego składnika logowania" in desk_of(app, world.second)


def desk_of(app: Flask, person: int) -> str:
    return make.client(app, signed_in=person).get("/urzad").text


def test_nobody_does_it_alone(app: Flask, world: SimpleNamespace) -> None:
    decision = ask(app, world)
    client = make.client(app, signed_in=world.asker)

    assert 'id="approve"' not in client.get(decision).text
    assert client.post(f"{decision}/zgoda").status_code == 409
    assert has_factor(app, world.bozena)


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.APPROVER, Role.OFFICER, Role.REVIEWER])
def test_other_roles_neither_ask_nor_decide(app: Flask, world: SimpleNamespace, role: Role) -> None:
    decision = ask(app, world)
    client = make.client(app, signed_in=make.staff(app, world.tenant, role))

    for answer in (
        client.post(world.asking, data=WHY),
        client.get(decision),
        client.post(f"{decision}/zgoda"),
    ):
        assert answer.status_code == 403
        assert "administracja portalu" in answer.text
    assert decision not in client.get("/urzad").text
    assert has_factor(app, world.bozena)


def test_whom_it_concerns_is_not_asked_and_does_not_decide(
    app: Flask, world: SimpleNamespace
) -> None:
    third = make.staff(app, world.tenant, Role.ADMINISTRATOR)
    make.second_factor(app, third)
    with app.app_context():
        held = db.session.scalars(select(Membership.id).where(Membership.person_id == third)).one()
    client = make.client(app, signed_in=world.asker)
    client.post(f"/urzad/osoby/{held}/drugi-skladnik", data=WHY)
    with app.app_context():
        token = db.session.scalars(select(Approval.token)).one()
    concerned = make.client(app, signed_in=third)
    own = concerned.post(f"/urzad/osoby/{held}/drugi-skladnik", data=WHY)
    answer = concerned.post(f"/zatwierdzanie/{token}/zgoda")

    assert [person for person, _ in written_to(app, "approval")] == [world.second]
    assert "dotyczy Ciebie" in concerned.get(f"/zatwierdzanie/{token}").text
    assert (answer.status_code, own.status_code) == (409, 409)
    assert "Swój drugi składnik wyłączysz" in own.text
    assert has_factor(app, third)


def refused(app: Flask, world: SimpleNamespace) -> str:
    """Try to ask, and return the page that says why not; the form is not on it."""
    client = make.client(app, signed_in=world.asker)
    answer = client.post(world.asking, data=WHY)
    page = client.get(world.page).text
    assert answer.status_code == 409
    assert 'name="note"' not in page
    with app.app_context():
        assert db.session.scalars(select(Approval)).all() == []
    return page


def test_there_has_to_be_something_to_take(app: Flask, world: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        db.session.delete(db.session.get_one(SecondFactor, world.bozena))

    assert "nie ma drugiego składnika" in refused(app, world)


def test_there_has_to_be_another_administrator(app: Flask, world: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == world.second)
            .values(ends_at=clock.now())
        )

    assert "Drugi składnik usunie operator instalacji." in refused(app, world)


def test_whoever_works_elsewhere_too_turns_to_the_operator(
    app: Flask, world: SimpleNamespace
) -> None:
    elsewhere = make.municipality(app, slug="inna", name="Inna")
    make.membership(app, elsewhere, world.bozena, Role.OFFICER)

    assert "ma rolę także w innym samorządzie" in refused(app, world)


def test_it_is_checked_again_when_the_second_one_agrees(app: Flask, world: SimpleNamespace) -> None:
    decision = ask(app, world)
    elsewhere = make.municipality(app, slug="inna", name="Inna")
    make.membership(app, elsewhere, world.bozena, Role.OFFICER)
    answer = make.client(app, signed_in=world.second).post(f"{decision}/zgoda")

    assert answer.status_code == 409
    assert has_factor(app, world.bozena)


def test_a_factor_set_since_is_another_one(app: Flask, world: SimpleNamespace) -> None:
    decision = ask(app, world)
    with app.app_context(), transaction():
        db.session.execute(update(SecondFactor).values(confirmed_at=clock.now()))
    client = make.client(app, signed_in=world.second)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(second_factor_at=clock.now()))

    assert "Treść zmieniła się po wysłaniu prośby" in client.get(decision).text
    assert client.post(f"{decision}/zgoda").status_code == 409
    assert has_factor(app, world.bozena)


@pytest.mark.parametrize(
    ("second_factor", "way"), [(True, "/zaloguj?wroc="), (False, "/konto/drugi-skladnik?wroc=")]
)
def test_both_proofs_are_asked_of_both(
    app: Flask, world: SimpleNamespace, second_factor: bool, way: str
) -> None:
    asker = administrator(app, world, second_factor=second_factor)
    page, asking = asker.get(world.page).text, asker.post(world.asking, data=WHY)
    decision = ask(app, world)
    second = administrator(app, world, second_factor=second_factor)

    assert f"{way}{world.page}" in page
    assert asking.status_code == 409
    assert f"{way}{decision}" in second.get(decision).text
    assert second.post(f"{decision}/zgoda").status_code == 409
    assert has_factor(app, world.bozena)


def administrator(app: Flask, world: SimpleNamespace, *, second_factor: bool) -> FlaskClient:
    """Give one who lacks a second factor or, with one, a fresh sign-in."""
    person = make.staff(app, world.tenant, Role.ADMINISTRATOR)
    client = make.client(app, signed_in=person, second_factor=second_factor)
    if second_factor:
        make_stale(app)
    return client


@pytest.mark.first_on_both
@pytest.mark.parametrize("note", ["", "zgubiony", "x" * 501])
def test_why_is_said(app: Flask, world: SimpleNamespace, note: str) -> None:
    client = make.client(app, signed_in=world.asker)
    answer = client.post(world.asking, data={"note": note})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert note in answer.text


def test_another_municipality_reaches_nobody_here(app: Flask, world: SimpleNamespace) -> None:
    elsewhere = make.municipality(app, slug="inna", name="Inna")
    stranger = make.staff(app, elsewhere, Role.ADMINISTRATOR)
    client = make.client(app, slug="inna", signed_in=stranger)

    assert client.post(world.asking, data=WHY).status_code == 404
