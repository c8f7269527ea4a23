"""Roles: invited to, accepted once by the one invited, ended at once, never given to oneself."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from deliberate.accounts import staff
from deliberate.accounts.models import Invitation, Membership
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make
from tests.sql import counted


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    return SimpleNamespace(
        tenant=tenant,
        administrator=make.staff(app, tenant, Role.ADMINISTRATOR),
        officer=make.staff(app, tenant, Role.OFFICER),
    )


def browser(app: Flask, person: int | None = None, slug: str = "lubowierz") -> FlaskClient:
    return make.client(app, slug=slug, signed_in=person)


def invite(
    app: Flask,
    by: int,
    email: str = "zuzanna@poczta.example",
    role: str = "facilitator",
    **more: str,
) -> int:
    data = {"email": email, "role": role, **more}
    return browser(app, by).post("/urzad/osoby/zaproszenie", data=data).status_code


def last_link(app: Flask) -> str:
    with app.app_context():
        letter = db.session.scalars(select(Outbox).order_by(Outbox.id.desc())).first()
    assert letter is not None
    found = re.search(r"http://localhost/g/lubowierz(/zaproszenie/\S+)", letter.body)
    assert found is not None
    return found[1]


def memberships(app: Flask, person: int) -> list[Membership]:
    with app.app_context():
        return list(db.session.scalars(select(Membership).where(Membership.person_id == person)))


def test_an_invitation_is_accepted_once_by_its_address(app: Flask, world: SimpleNamespace) -> None:
    assert invite(app, world.administrator, role="approver", job_title="sekretarz") == 303
    link = last_link(app)
    invited = make.person(app, email="Zuzanna@poczta.example")
    client = browser(app, invited)

    page = client.get(link).text
    assert "osoba zatwierdzająca" in page
    assert "Administrator P." in page
    assert client.post(link).status_code == 303

    (held,) = memberships(app, invited)
    assert (held.role, held.granted_by, held.job_title) == (
        "approver",
        world.administrator,
        "sekretarz",
    )
    assert client.get("/urzad/zatwierdzenia").status_code == 200
    again = client.post(link)
    assert (again.status_code, "już wykorzystane" in again.text) == (409, True)
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions == ["role.invited", "role.granted"]


def test_another_person_cannot_take_the_invitation(app: Flask, world: SimpleNamespace) -> None:
    invite(app, world.administrator, role="approver")
    link, other = last_link(app), make.person(app)

    assert "inny adres" in browser(app, other).get(link).text
    assert browser(app, other).post(link).status_code == 409
    assert memberships(app, other) == []
    assert browser(app).post(link).status_code == 401
    assert "Zaloguj się adresem" in browser(app).get(link).text


def test_an_expired_or_revoked_invitation_is_not_revived_by_signing_in(
    app: Flask, world: SimpleNamespace
) -> None:
    invited = make.person(app, email="zuzanna@poczta.example")
    for change, sentence in (
        ({"expires_at": clock.now()}, "wygasło po 14 dniach"),
        ({"revoked_at": clock.now()}, "zostało wycofane"),
    ):
        invite(app, world.administrator, role="approver")
        link = last_link(app)
        with app.app_context(), transaction():
            db.session.execute(update(Invitation).values(**change))
        client = browser(app, invited)

        assert sentence in client.get(link).text
        assert client.post(link).status_code == 409
    assert memberships(app, invited) == []


def test_an_invitation_lasts_fourteen_days_and_only_its_hash_is_kept(
    app: Flask, world: SimpleNamespace
) -> None:
    invite(app, world.administrator)
    token = last_link(app).rpartition("/")[2]

    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
    assert row.expires_at - row.invited_at == timedelta(days=14)
    assert token not in row.token_hash
    assert (
        browser(app, world.administrator).get(f"/zaproszenie/{row.token_hash}").status_code == 404
    )


def test_an_invitation_of_one_municipality_is_nothing_in_another(
    app: Flask, world: SimpleNamespace
) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    invite(app, world.administrator, role="approver")
    invited = make.person(app, email="zuzanna@poczta.example")
    client = browser(app, invited, slug="wrzosowiany")

    assert client.get(last_link(app)).status_code == 404
    assert client.post(last_link(app)).status_code == 404
    foreign = browser(app, make.staff(app, there, Role.ADMINISTRATOR), slug="wrzosowiany")
    held = memberships(app, world.officer)[0].id
    assert foreign.get(f"/urzad/osoby/{held}").status_code == 404
    assert foreign.post(f"/urzad/osoby/{held}/koniec").status_code == 404


def test_nobody_gives_a_role_to_themselves(app: Flask, world: SimpleNamespace) -> None:
    email = "Pawel@lubowierz.example"
    administrator = make.person(app, email=email)
    make.membership(app, world.tenant, administrator, Role.ADMINISTRATOR)

    assert invite(app, administrator, email="pawel@LUBOWIERZ.example", role="approver") == 409
    with app.app_context():
        assert db.session.scalars(select(Invitation)).all() == []


def test_an_officer_invites_facilitators_and_nobody_else(
    app: Flask, world: SimpleNamespace
) -> None:
    assert invite(app, world.officer) == 303
    assert invite(app, world.officer, role="administrator") == 422
    assert invite(app, world.administrator, role="operator") == 422
    assert "administracja portalu" not in browser(app, world.officer).get("/urzad/osoby").text


def test_an_officer_of_one_consultation_cannot_invite_beyond_it(
    app: Flask, world: SimpleNamespace
) -> None:
    here = make.consultation(app, world.tenant)
    there = make.consultation(app, world.tenant, slug="park")
    officer = make.person(app)
    make.membership(app, world.tenant, officer, Role.OFFICER, consultation=here)

    assert invite(app, officer, consultation=str(here)) == 303
    assert invite(app, officer, consultation=str(there)) == 422
    assert invite(app, officer) == 422


def test_what_belongs_to_another_municipality_cannot_be_chosen(
    app: Flask, world: SimpleNamespace
) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.consultation(app, there)
    unit = make.unit(app, there)

    assert invite(app, world.administrator, consultation=str(foreign)) == 422
    assert invite(app, world.administrator, unit=str(unit)) == 422
    assert invite(app, world.administrator, unit="x" * 40) == 422
    assert invite(app, world.administrator, email="nie adres") == 422


def test_a_facilitator_agrees_to_data_protection_before_anything_else(
    app: Flask, world: SimpleNamespace
) -> None:
    invite(app, world.officer)
    link = last_link(app)
    invited = make.person(app, email="zuzanna@poczta.example")
    client = browser(app, invited)

    assert "art. 28 RODO" in client.get(link).text
    assert client.post(link).status_code == 422
    assert memberships(app, invited) == []

    assert client.post(link, data={"agreed": "y"}).status_code == 303
    (held,) = memberships(app, invited)
    assert held.agreed_at is not None


def test_two_tabs_accept_once(app: Flask, world: SimpleNamespace) -> None:
    invite(app, world.administrator, role="approver")
    link = last_link(app)
    invited = make.person(app, email="zuzanna@poczta.example")
    tabs = [browser(app, invited) for _ in range(4)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda tab=tab: answers.append(tab.post(link).status_code))
        for tab in tabs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [303, 409, 409, 409]
    assert len(memberships(app, invited)) == 1


def test_a_role_held_already_is_not_taken_twice(app: Flask, world: SimpleNamespace) -> None:
    person = make.person(app, email="zuzanna@poczta.example")
    make.membership(app, world.tenant, person, Role.APPROVER)
    invite(app, world.administrator, role="approver")

    assert "Masz już tę rolę" in browser(app, person).post(last_link(app)).text


def test_an_ended_role_is_gone_with_the_next_request(app: Flask, world: SimpleNamespace) -> None:
    held = memberships(app, world.officer)[0].id
    officer = browser(app, world.officer)
    assert officer.get("/urzad/osoby").status_code == 200

    client = browser(app, world.administrator)
    assert client.post(f"/urzad/osoby/{held}/koniec").status_code == 303

    assert officer.get("/urzad/osoby").status_code == 403
    assert client.post(f"/urzad/osoby/{held}/koniec").status_code == 409


def test_the_last_administrator_stays(app: Flask, world: SimpleNamespace) -> None:
    held = memberships(app, world.administrator)[0].id
    client = browser(app, world.administrator)

    assert "To jedyna osoba" in client.get(f"/urzad/osoby/{held}").text
    assert client.post(f"/urzad/osoby/{held}/koniec").status_code == 409

    make.staff(app, world.tenant, Role.ADMINISTRATOR)
    assert client.post(f"/urzad/osoby/{held}/koniec").status_code == 303


def test_two_administrators_cannot_end_each_other_at_once(
    app: Flask, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = staff.count_administrators

    def count_slowly(*args: Any, **kwargs: Any) -> int:
        found = count(*args, **kwargs)
        time.sleep(0.3)  # long enough for the other to count as well, if nothing holds it
        return found

    monkeypatch.setattr(staff, "count_administrators", count_slowly)
    other = make.staff(app, world.tenant, Role.ADMINISTRATOR)
    one, two = memberships(app, world.administrator)[0].id, memberships(app, other)[0].id
    pairs = [(browser(app, world.administrator), two), (browser(app, other), one)]
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda c=client, m=held: answers.append(
                c.post(f"/urzad/osoby/{m}/koniec").status_code
            )
        )
        for client, held in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(303) == 1


def test_a_substitute_is_somebody_else_with_the_same_role(
    app: Flask, world: SimpleNamespace
) -> None:
    other = make.staff(app, world.tenant, Role.OFFICER)
    held = memberships(app, world.officer)[0].id
    client, page = browser(app, world.administrator), f"/urzad/osoby/{held}/zastepstwo"

    for wrong in (world.officer, world.administrator, 999_999):
        assert client.post(page, data={"substitute": str(wrong)}).status_code == 422
    assert client.post(page, data={"substitute": str(other)}).status_code == 303
    assert memberships(app, world.officer)[0].substitute_id == other
    assert client.post(page, data={"substitute": ""}).status_code == 303
    assert memberships(app, world.officer)[0].substitute_id is None


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"absent_from": "2026-12-01", "absent_until": "2026-12-14"}, 303),
        ({"absent_from": "2026-12-01", "absent_until": ""}, 422),
        ({"absent_from": "", "absent_until": "2026-12-14"}, 422),
        ({"absent_from": "2026-12-14", "absent_until": "2026-12-01"}, 422),
        ({"absent_from": "wczoraj", "absent_until": "2026-12-01"}, 422),
    ],
)
def test_a_substitute_is_named_for_days(
    app: Flask, world: SimpleNamespace, days: dict[str, str], code: int
) -> None:
    other = make.staff(app, world.tenant, Role.OFFICER)
    held = memberships(app, world.officer)[0].id
    client, page = browser(app, world.administrator), f"/urzad/osoby/{held}/zastepstwo"

    assert client.post(page, data={"substitute": str(other), **days}).status_code == code

    row = memberships(app, world.officer)[0]
    assert (row.substitute_id == other, row.absent_from is not None) == (code == 303, code == 303)


def test_an_invitation_can_be_taken_back(app: Flask, world: SimpleNamespace) -> None:
    invite(app, world.administrator, role="approver")
    link = last_link(app)
    with app.app_context():
        row = db.session.scalars(select(Invitation.id)).one()

    # An officer sees, and takes back, only invitations of facilitators.
    back = f"/urzad/osoby/zaproszenia/{row}/wycofanie"
    assert browser(app, world.officer).post(back).status_code == 404
    assert browser(app, world.administrator).post(back).status_code == 303
    invited = make.person(app, email="zuzanna@poczta.example")
    assert browser(app, invited).post(link).status_code == 409


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.APPROVER, Role.FACILITATOR, Role.AUDITOR, None])
def test_the_page_of_people_needs_a_role(
    app: Flask, world: SimpleNamespace, role: Role | None
) -> None:
    person = make.person(app) if role is None else make.staff(app, world.tenant, role)

    answer = browser(app, person).get("/urzad/osoby")

    assert answer.status_code == 403
    assert "osoba prowadząca konsultacje" in answer.text
    held = memberships(app, world.officer)[0].id
    assert browser(app, world.officer).post(f"/urzad/osoby/{held}/koniec").status_code == 403
    assert browser(app).get("/urzad/osoby").status_code == 401


def test_the_page_of_people_asks_the_same_for_many(app: Flask, world: SimpleNamespace) -> None:
    def statements() -> int:
        client = browser(app, world.administrator)
        with counted(app) as found:
            assert client.get("/urzad/osoby").status_code == 200
        return len(found)

    few = statements()
    for _ in range(20):
        make.staff(app, world.tenant, Role.FACILITATOR)
    assert statements() == few <= 12
