"""Who may stand in for whom, act by act; and that two acts want both persons signed in anew."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update

from deliberate.accounts import staff
from deliberate.accounts.models import Membership, SignInSession
from deliberate.approvals import actions, rules
from deliberate.approvals.models import Approval
from deliberate.approvals.permissions import Permission
from deliberate.approvals.registry import get_act
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from tests import make

# Each act with the kind of thing it is about.
ACTS = {"consultation.publish": "consultation", "poll.seal": "poll", "poll.count": "poll"}
OF_TWO_FRESH = ("poll.seal", "poll.count")

STAKES = {"formally_secret": "nie", "high_stakes": "nie"}  # what sealing asks


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    draft = make.consultation(app, tenant, slug="szkic", state=State.AWAITING_APPROVAL)
    voted = make.consultation(app, tenant, slug="glos", opens=[Activity.VOTE])
    ended = make.consultation(app, tenant, slug="koniec", opens=[Activity.VOTE])
    return SimpleNamespace(
        tenant=tenant,
        draft=draft,
        subjects={
            "consultation.publish": draft,
            "poll.seal": make.poll(app, tenant, voted, began=-timedelta(days=1), sealed=False),
            "poll.count": make.poll(app, tenant, ended, left=-timedelta(hours=1)),
        },
        asker=make.staff(app, tenant, Role.OFFICER),
        approver=make.staff(app, tenant, Role.APPROVER),
    )


def ask(
    app: Flask,
    world: SimpleNamespace,
    act: str,
    *,
    of: int | None = None,
    is_fresh: bool = True,
    has_second_factor: bool = True,
) -> str:
    subject = world.subjects[act]
    with app.test_request_context(), transaction():
        tenant = db.session.get_one(Municipality, world.tenant)
        approval = actions.ask(
            act,
            ACTS[act],
            subject,
            payload_sha256=get_act(act).payload(tenant, Approval(subject_id=subject)),
            actor=Actor(
                person_id=world.asker,
                tenant_id=world.tenant,
                is_fresh=is_fresh,
                has_second_factor=has_second_factor,
            ),
            asked_of=of,
            note="",
            now=clock.now(),
        )
        return approval.token


def name_substitute(
    app: Flask,
    person: int,
    substitute: int,
    *,
    role: Role = Role.APPROVER,
    absent: tuple[int, int] | None = (0, 0),
) -> None:
    """``absent``: the first and the last day, counted from today."""
    today = clock.local(clock.now()).date()
    days = [today + timedelta(days=n) for n in absent] if absent else [None, None]
    with app.app_context(), transaction():
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == person, Membership.role == role)
            .values(substitute_id=substitute, absent_from=days[0], absent_until=days[1])
        )


def written_to(app: Flask) -> set[int | None]:
    with app.app_context():
        return set(db.session.scalars(select(Outbox.person_id).where(Outbox.kind == "approval")))


def refusal(app: Flask, world: SimpleNamespace, person: int, token: str) -> str | None:
    """Return the code with which the person is refused; "403" for a page that needs a role."""
    answer = make.client(app, signed_in=person).get(f"/zatwierdzanie/{token}")
    if answer.status_code == 403:
        return "403"
    assert answer.status_code == 200
    with app.test_request_context():
        tenant = db.session.get_one(Municipality, world.tenant)
        approval = db.session.scalars(select(Approval).where(Approval.token == token)).one()
        stands_in_for = staff.list_stood_in_for(
            tenant,
            person,
            Permission.DECIDE,
            scope=approval.consultation_scope,
            now=clock.now(),
        )
    return None if approval.asked_of in stands_in_for else rules.NOT_ASKED.code


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ACTS)
def test_a_substitute_of_an_approver_is_asked_and_may_decide(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER)
    name_substitute(app, world.approver, substitute)

    token = ask(app, world, act, of=world.approver)

    assert written_to(app) == {world.approver, substitute}
    assert refusal(app, world, substitute, token) is None


@pytest.mark.first_on_both
@pytest.mark.parametrize("absent", [None, (-7, -1), (1, 7)], ids=["never", "over", "ahead"])
def test_a_substitute_decides_only_while_the_other_is_absent(
    app: Flask, world: SimpleNamespace, absent: tuple[int, int] | None
) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER)
    name_substitute(app, world.approver, substitute, absent=absent)

    token = ask(app, world, "consultation.publish", of=world.approver)

    assert written_to(app) == {world.approver}
    assert refusal(app, world, substitute, token) == rules.NOT_ASKED.code
    answer = make.client(app, signed_in=substitute).post(f"/zatwierdzanie/{token}/zgoda")
    assert answer.status_code == 409


def test_a_substitute_decides_on_each_day_of_the_absence(
    app: Flask, world: SimpleNamespace
) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER)
    name_substitute(app, world.approver, substitute, absent=(-3, 3))

    token = ask(app, world, "consultation.publish", of=world.approver)

    assert refusal(app, world, substitute, token) is None


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ACTS)
def test_a_substitute_in_another_role_is_not_asked(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    make.membership(app, world.tenant, world.approver, Role.FACILITATOR)
    substitute = make.staff(app, world.tenant, Role.FACILITATOR)
    make.membership(app, world.tenant, substitute, Role.APPROVER)
    name_substitute(app, world.approver, substitute, role=Role.FACILITATOR)

    token = ask(app, world, act, of=world.approver)

    assert written_to(app) == {world.approver}
    assert refusal(app, world, substitute, token) == rules.NOT_ASKED.code


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("lacking", ["role ended", "another consultation", "role not begun"])
def test_a_substitute_who_may_not_decide_this_is_not_asked(
    app: Flask, world: SimpleNamespace, act: str, lacking: str
) -> None:
    elsewhere = make.consultation(app, world.tenant, slug="inne")
    scope = {"consultation": elsewhere} if lacking == "another consultation" else {}
    substitute = make.staff(app, world.tenant, Role.APPROVER, **scope)
    dates = {
        "role ended": {"ends_at": clock.now() - timedelta(hours=1)},
        "role not begun": {"starts_at": clock.now() + timedelta(hours=1)},
    }
    with app.app_context(), transaction():
        held = db.session.scalars(
            select(Membership).where(Membership.person_id == substitute)
        ).one()
        for name, moment in dates.get(lacking, {}).items():
            setattr(held, name, moment)
    name_substitute(app, world.approver, substitute)

    token = ask(app, world, act, of=world.approver)

    assert written_to(app) == {world.approver}
    assert refusal(app, world, substitute, token) == "403"


def test_a_substitute_for_one_consultation_is_asked_there_and_only_there(
    app: Flask, world: SimpleNamespace
) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER, consultation=world.draft)
    name_substitute(app, world.approver, substitute)

    token = ask(app, world, "consultation.publish", of=world.approver)

    assert written_to(app) == {world.approver, substitute}
    assert refusal(app, world, substitute, token) is None


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ACTS)
def test_nobody_stands_in_for_a_role_that_has_ended(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    substitute = make.staff(app, world.tenant, Role.APPROVER)
    name_substitute(app, world.approver, substitute)
    token = ask(app, world, act, of=world.approver)
    with app.app_context(), transaction():
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == world.approver)
            .values(ends_at=clock.now())
        )

    assert refusal(app, world, substitute, token) == rules.NOT_ASKED.code


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", ACTS)
def test_the_asker_is_never_the_substitute(app: Flask, world: SimpleNamespace, act: str) -> None:
    make.membership(app, world.tenant, world.asker, Role.APPROVER)
    name_substitute(app, world.approver, world.asker)

    token = ask(app, world, act, of=world.approver)

    assert written_to(app) == {world.approver}
    client = make.client(app, signed_in=world.asker)
    assert rules.OWN.message in client.get(f"/zatwierdzanie/{token}").text
    assert client.post(f"/zatwierdzanie/{token}/zgoda").status_code == 409


def test_an_approver_of_that_consultation_gets_the_letter_too(
    app: Flask, world: SimpleNamespace
) -> None:
    near = make.staff(app, world.tenant, Role.APPROVER, consultation=world.draft)
    far = make.staff(
        app,
        world.tenant,
        Role.APPROVER,
        consultation=make.consultation(app, world.tenant, slug="inne"),
    )

    ask(app, world, "consultation.publish")

    assert near in written_to(app)
    assert far not in written_to(app)


# Signed in anew.


def make_stale(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(fresh_until=clock.now()))


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", OF_TWO_FRESH)
def test_asking_for_an_act_of_the_vote_wants_a_fresh_sign_in(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    with pytest.raises(Refused, match=r"approval\.not_fresh"):
        ask(app, world, act, is_fresh=False)
    ask(app, world, "consultation.publish", is_fresh=False)


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", OF_TWO_FRESH)
def test_approving_it_wants_one_too_and_the_page_leads_there_and_back(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    token = ask(app, world, act)
    client = make.client(app, signed_in=world.approver)
    make_stale(app)

    page = client.get(f"/zatwierdzanie/{token}").text
    answer = client.post(f"/zatwierdzanie/{token}/zgoda")

    assert "więcej niż 5 minut" in page
    assert f"/zaloguj?wroc=/zatwierdzanie/{token}" in page
    assert 'id="approve"' not in page
    assert answer.status_code == 409
    with app.app_context():
        asked = db.session.scalars(select(Approval).where(Approval.token == token)).one()
        assert asked.decided_at is None
    make.sign_in(app, client, world.approver)
    assert 'id="approve"' in client.get(f"/zatwierdzanie/{token}").text


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", OF_TWO_FRESH)
def test_asking_for_an_act_of_the_vote_wants_a_second_factor(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    with pytest.raises(Refused, match=r"approval\.no_second_factor"):
        ask(app, world, act, has_second_factor=False)
    ask(app, world, "consultation.publish", has_second_factor=False)


@pytest.mark.first_on_both
@pytest.mark.parametrize("act", OF_TWO_FRESH)
def test_approving_it_wants_one_too_and_the_page_leads_to_setting_it_up(
    app: Flask, world: SimpleNamespace, act: str
) -> None:
    token = ask(app, world, act)
    client = make.client(app, signed_in=world.approver, second_factor=False)

    page = client.get(f"/zatwierdzanie/{token}").text
    answer = client.post(f"/zatwierdzanie/{token}/zgoda")

    assert "wymaga drugiego składnika logowania" in page
    assert f"/konto/drugi-skladnik?wroc=/zatwierdzanie/{token}" in page
    assert 'id="approve"' not in page
    assert answer.status_code == 409
    assert "wymaga drugiego składnika logowania" in answer.text
    with app.app_context():
        asked = db.session.scalars(select(Approval).where(Approval.token == token)).one()
        assert asked.decided_at is None
    make.sign_in(app, client, world.approver)
    assert 'id="approve"' in client.get(f"/zatwierdzanie/{token}").text


def test_publishing_a_consultation_stays_one_button_of_a_letter(
    app: Flask, world: SimpleNamespace
) -> None:
    token = ask(app, world, "consultation.publish")
    client = make.client(app, signed_in=world.approver)
    make_stale(app)

    assert "więcej niż 5 minut" not in client.get(f"/zatwierdzanie/{token}").text


def test_sending_back_asks_for_nothing_new(app: Flask, world: SimpleNamespace) -> None:
    token = ask(app, world, "poll.count")
    client = make.client(app, signed_in=world.approver)
    make_stale(app)

    reason = {"reason": "Najpierw wyjaśnijmy liczbę kart."}
    assert client.post(f"/zatwierdzanie/{token}/odeslanie", data=reason).status_code == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("slug", "act", "button"),
    [("glos", "zapieczetowanie", "ask-seal"), ("koniec", "policzenie", "ask-count")],
)
def test_the_desk_of_the_vote_shows_the_reason_in_the_place_of_the_button(
    app: Flask, world: SimpleNamespace, slug: str, act: str, button: str
) -> None:
    client = make.client(app, signed_in=world.asker)
    desk = f"/urzad/konsultacje/{slug}/glosowanie"
    assert f'id="{button}"' in client.get(desk).text
    make_stale(app)

    page = client.get(desk).text

    assert f'id="{button}"' not in page
    assert f"/zaloguj?wroc={desk}" in page
    answer = client.post(f"{desk}/{act}", data=STAKES)
    assert (answer.status_code, "więcej niż 5 minut" in answer.text) == (409, True)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("slug", "act", "button"),
    [("glos", "zapieczetowanie", "ask-seal"), ("koniec", "policzenie", "ask-count")],
)
def test_without_a_second_factor_the_desk_of_the_vote_leads_to_setting_it_up(
    app: Flask, world: SimpleNamespace, slug: str, act: str, button: str
) -> None:
    client = make.client(app, signed_in=world.asker, second_factor=False)
    desk = f"/urzad/konsultacje/{slug}/glosowanie"

    page = client.get(desk).text
    answer = client.post(f"{desk}/{act}", data=STAKES)

    assert f'id="{button}"' not in page
    assert f"/konto/drugi-skladnik?wroc={desk}" in page
    assert (answer.status_code, "wymaga drugiego składnika" in answer.text) == (409, True)
