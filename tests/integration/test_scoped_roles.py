"""A role for one consultation: what it shows, where its links lead, whom it may invite."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts import memberships, staff_rules
from deliberate.accounts.models import Invitation, Residence, ScopeKind
from deliberate.approvals import actions as approvals
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Grant, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import BarrierReport, Municipality
from tests import make

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)', re.DOTALL)
ROLES = [role for role in Role if role is not Role.OPERATOR]


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """Two consultations with work of every kind waiting, in the municipality and in each."""
    tenant = make.municipality(app)
    resident = make.person(app, resident_of=tenant)
    asker = make.staff(app, tenant, Role.OFFICER)
    mine = make.consultation(app, tenant, slug="moje", title="Moje konsultacje", days_left=-1)
    other = make.consultation(app, tenant, slug="cudze", title="Cudze konsultacje", days_left=-1)
    for consultation in (mine, other):
        proposal = make.proposal(app, tenant, consultation, author=resident)
        voice = make.contribution(app, tenant, make.thread_of(app, tenant, "proposal", proposal))
        make.notice(app, tenant, "contribution", voice, consultation=consultation)
        poll = make.poll(app, tenant, consultation, left=-timedelta(hours=1))
        ask(app, tenant, asker, ("poll.count", "poll", poll))
    draft = make.consultation(app, tenant, slug="szkic", title="Szkic", state=State.DRAFT)
    waiting = make.consultation(app, tenant, slug="czeka", state=State.AWAITING_APPROVAL)
    ask(app, tenant, asker, ("consultation.publish", "consultation", waiting))
    make.organisation(app, tenant, member=resident, verified=False)
    make.add(
        app,
        BarrierReport(
            tenant_id=tenant, page="/", text="Nie widać.", contact="600", reported_at=clock.now()
        ),
    )
    with app.app_context(), transaction():
        row = db.session.scalars(select(Residence).where(Residence.person_id == resident)).one()
        row.letter_asked_at = clock.now()
    return SimpleNamespace(
        tenant=tenant, mine=mine, other=other, draft=draft, waiting=waiting, asker=asker
    )


def ask(app: Flask, tenant: int, asker: int, what: tuple[str, str, int]) -> None:
    with app.test_request_context(), transaction():
        approvals.ask(
            *what,
            payload_sha256="0" * 64,
            actor=Actor(person_id=asker, tenant_id=tenant, is_fresh=True, has_second_factor=True),
            asked_of=None,
            note="",
            now=clock.now(),
        )


def scoped(app: Flask, world: SimpleNamespace, role: Role, to: int) -> int:
    return make.staff(app, world.tenant, role, consultation=to)


def walk(client: FlaskClient) -> dict[str, int]:
    """Follow every link of the desk and of the pages of the office that it leads to."""
    seen: dict[str, int] = {}
    ahead = ["/urzad"]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        answer = client.get(address)
        seen[address] = answer.status_code
        if address.startswith("/urzad") and answer.mimetype == "text/html":
            found = (html.unescape(link) for link in LINK.findall(answer.text))
            ahead += [link for link in found if link.startswith("/") and link not in seen]
    return seen


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scope", ["mine", "draft", "waiting", None])
def test_no_link_of_a_desk_leads_to_a_refusal(
    app: Flask, world: SimpleNamespace, role: Role, scope: str | None
) -> None:
    if scope is None:
        person = make.staff(app, world.tenant, role)
    else:
        person = scoped(app, world, role, getattr(world, scope))

    seen = walk(make.client(app, signed_in=person))

    assert len(seen) > 5
    assert {address: code for address, code in seen.items() if code >= 400} == {}


def test_an_approval_beyond_the_role_is_not_on_the_desk(app: Flask, world: SimpleNamespace) -> None:
    near = scoped(app, world, Role.APPROVER, world.waiting)
    far = scoped(app, world, Role.APPROVER, world.mine)

    assert "Ogłoszenie konsultacji" in make.client(app, signed_in=near).get("/urzad").text
    assert "Ogłoszenie konsultacji" not in make.client(app, signed_in=far).get("/urzad").text


# People.


def test_an_officer_of_one_consultation_sees_its_facilitators_and_nobody_else(
    app: Flask, world: SimpleNamespace
) -> None:
    people = {}
    for name, consultation in (("Tutejsza T.", "mine"), ("Obca O.", "other"), ("Wszędzie W.", "")):
        person = people[name] = make.person(app, name=name)
        scope = {"consultation": getattr(world, consultation)} if consultation else {}
        make.membership(app, world.tenant, person, Role.FACILITATOR, **scope)
    invitation(app, world, "tutaj@poczta.example", world.mine)
    invitation(app, world, "tam@poczta.example", world.other)
    invitation(app, world, "cale@poczta.example", None)

    officer = scoped(app, world, Role.OFFICER, world.mine)
    page = make.client(app, signed_in=officer).get("/urzad/osoby").text

    assert "Tutejsza T." in page
    assert "Obca O." not in page
    assert "Wszędzie W." not in page
    assert "tutaj@poczta.example" in page
    assert "tam@poczta.example" not in page
    assert "cale@poczta.example" not in page
    whole = make.client(app, signed_in=world.asker).get("/urzad/osoby").text
    assert all(name in whole for name in people)


def test_an_officer_of_one_consultation_is_offered_only_that_scope(
    app: Flask, world: SimpleNamespace
) -> None:
    officer = scoped(app, world, Role.OFFICER, world.mine)
    client = make.client(app, signed_in=officer)

    page = client.get("/urzad/osoby/zaproszenie").text

    choices = page.partition('name="consultation"')[2].partition("</select>")[0]
    assert "Moje konsultacje" in choices
    assert "Cudze konsultacje" not in choices
    assert "Cały samorząd" not in choices
    for consultation, expected in ((world.mine, 303), (world.other, 422), ("", 422)):
        data = {"email": "z@poczta.example", "role": "facilitator", "consultation": consultation}
        answer = client.post("/urzad/osoby/zaproszenie", data=data)
        assert answer.status_code == expected


def test_an_invitation_beyond_the_role_is_not_there_to_be_taken_back(
    app: Flask, world: SimpleNamespace
) -> None:
    officer = make.client(app, signed_in=scoped(app, world, Role.OFFICER, world.mine))
    own = invitation(app, world, "tutaj@poczta.example", world.mine)
    foreign = invitation(app, world, "tam@poczta.example", world.other)

    assert officer.post(f"/urzad/osoby/zaproszenia/{foreign}/wycofanie").status_code == 403
    assert officer.post(f"/urzad/osoby/zaproszenia/{own}/wycofanie").status_code == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER])
def test_a_role_of_the_whole_municipality_cannot_be_narrowed(
    app: Flask, world: SimpleNamespace, role: Role
) -> None:
    administrator = make.staff(app, world.tenant, Role.ADMINISTRATOR)
    data = {"email": "z@poczta.example", "role": role.value, "consultation": str(world.mine)}

    answer = make.client(app, signed_in=administrator).post("/urzad/osoby/zaproszenie", data=data)

    assert answer.status_code == 422
    field = answer.text.partition('id="consultation-error"')[2].partition("</p>")[0]
    assert "obejmuje zawsze cały samorząd" in field
    assert 'value="z@poczta.example"' in answer.text


def test_the_action_refuses_what_the_form_would(app: Flask, world: SimpleNamespace) -> None:
    administrator = make.staff(app, world.tenant, Role.ADMINISTRATOR)
    grants = frozenset({Grant(Role.ADMINISTRATOR, None)})
    whole = Actor(person_id=administrator, tenant_id=world.tenant, grants=grants)
    officer = scoped(app, world, Role.OFFICER, world.mine)
    narrow = Actor(
        person_id=officer,
        tenant_id=world.tenant,
        grants=frozenset({Grant(Role.OFFICER, world.mine)}),
    )

    for actor, role, consultation, expected in (
        (whole, Role.AUDITOR, world.mine, staff_rules.WHOLE_ONLY),
        (narrow, Role.FACILITATOR, world.other, staff_rules.NOT_YOURS_TO_GIVE),
        (narrow, Role.FACILITATOR, None, staff_rules.NOT_YOURS_TO_GIVE),
    ):
        offer = memberships.Offer(role=role, consultation_id=consultation)
        with app.test_request_context(), pytest.raises(Refused) as refused, transaction():
            memberships.invite(
                db.session.get_one(Municipality, world.tenant),
                offer,
                "z@poczta.example",
                actor,
                locale="pl",
                now=clock.now(),
            )
        assert refused.value.refusal is expected


def invitation(
    app: Flask,
    world: SimpleNamespace,
    email: str,
    consultation: int | None,
) -> int:
    now = clock.now()
    whole = consultation is None
    row = Invitation(
        tenant_id=world.tenant,
        token_hash=email.ljust(64, "0"),
        email=email,
        role=Role.FACILITATOR,
        scope_kind=ScopeKind.MUNICIPALITY if whole else ScopeKind.CONSULTATION,
        consultation_id=consultation,
        invited_by=world.asker,
        invited_at=now,
        expires_at=now + timedelta(days=14),
    )
    return make.add(app, row)
