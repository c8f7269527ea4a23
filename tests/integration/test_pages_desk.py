"""The desk: what waits for whom, by role, and nothing that is not theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from deliberate.accounts.models import Residence
from deliberate.approvals import actions as approvals
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import BarrierReport, Declaration
from tests import make
from tests.sql import counted


def desk(app: Flask, person: int, *, locale: str = "pl") -> str:
    client = make.client(app, signed_in=person)
    answer = client.get("/urzad", headers={"Accept-Language": locale})
    assert answer.status_code == 200
    return answer.text


def today(text: str) -> str:
    return text.partition('id="today"')[2].partition("</section>")[0]


def soon(text: str) -> str:
    return text.partition('id="soon"')[2].partition("</section>")[0]


def promise(app: Flask, consultation: int, days: int) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(Consultation, consultation)
        row.answer_due = clock.local(clock.now()).date() + timedelta(days=days)


def ask(app: Flask, tenant: int, consultation: int, asker: int) -> None:
    with app.test_request_context(), transaction():
        approvals.ask(
            "consultation.publish",
            "consultation",
            consultation,
            payload_sha256="0" * 64,
            actor=Actor(person_id=asker, tenant_id=tenant),
            asked_of=None,
            note="",
            now=clock.now(),
        )


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.FACILITATOR, Role.AUDITOR])
def test_an_empty_desk_says_that_all_is_done(app: Flask, tenant: int, role: Role) -> None:
    text = desk(app, make.staff(app, tenant, role))

    assert "Na dziś wszystko zrobione." in text
    assert today(text) == ""


def test_a_resident_has_no_desk(app: Flask, tenant: int) -> None:
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert client.get("/urzad").status_code == 403


def test_a_request_waits_for_the_approver_and_stands_at_the_asker_as_waiting(
    app: Flask, tenant: int
) -> None:
    officer, approver = (make.staff(app, tenant, r) for r in (Role.OFFICER, Role.APPROVER))
    consultation = make.consultation(
        app, tenant, title="Park Miejski", state=State.AWAITING_APPROVAL
    )
    ask(app, tenant, consultation, officer)

    theirs, own = desk(app, approver), desk(app, officer)

    assert "Park Miejski" in today(theirs)
    assert "Sprawdź" in today(theirs)
    assert "Park Miejski" in own.partition('id="others"')[2]
    assert "Sprawdź" not in own


def test_lacking_answers_stand_with_their_clock(app: Flask, tenant: int) -> None:
    late = make.consultation(app, tenant, slug="a", title="Spóźnione", days_left=-3)
    near = make.consultation(app, tenant, slug="b", title="Zdążymy", days_left=-1)
    for consultation in (late, near, near):
        make.proposal(app, tenant, consultation)
    promise(app, late, -2)
    promise(app, near, 5)

    text = desk(app, make.staff(app, tenant, Role.OFFICER))

    assert "Spóźnione" in today(text)
    assert "2 dni po terminie" in today(text)
    assert "2\N{NO-BREAK SPACE}propozycje bez stanowiska" in soon(text)
    assert "jeszcze 5 dni" in soon(text)
    assert "po terminie: 1" in text


def test_hidden_withdrawn_and_answered_proposals_lack_nothing(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, days_left=-1)
    hidden = make.proposal(app, tenant, consultation)
    answered = make.proposal(app, tenant, consultation)
    make.hidden(app, "proposal", hidden)
    make.published_answer(app, tenant, consultation, "proposal", answered)

    officer = desk(app, make.staff(app, tenant, Role.OFFICER))
    approver = desk(app, make.staff(app, tenant, Role.APPROVER))

    assert "bez stanowiska" not in officer
    assert "Stanowiska gotowe do ogłoszenia" in approver


def test_reported_and_new_voices_wait_for_the_facilitator(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    talk = make.thread_of(app, tenant, "proposal", proposal)
    voices = [make.contribution(app, tenant, talk) for _ in range(3)]
    make.notice(app, tenant, "contribution", voices[0], consultation=consultation)

    text = desk(app, make.staff(app, tenant, Role.FACILITATOR))

    assert "1\N{NO-BREAK SPACE}zgłoszony wpis" in today(text)
    assert "nowych wypowiedzi" in soon(text) or "nowe wypowiedzi" in soon(text)


def test_a_role_in_one_consultation_sees_that_one_only(app: Flask, tenant: int) -> None:
    mine = make.consultation(app, tenant, slug="moje", title="Moje konsultacje")
    other = make.consultation(app, tenant, slug="inne", title="Inne konsultacje", days_left=-1)
    make.proposal(app, tenant, other)
    promise(app, other, 1)
    talk = make.thread_of(app, tenant, "consultation", other)
    voice = make.contribution(app, tenant, talk)
    make.notice(app, tenant, "contribution", voice, consultation=other)

    officer = desk(app, make.staff(app, tenant, Role.OFFICER, consultation=mine))
    facilitator = desk(app, make.staff(app, tenant, Role.FACILITATOR, consultation=mine))

    for text in (officer, facilitator):
        assert "Moje konsultacje" in text
        assert "Inne konsultacje" not in text
        assert "zgłoszony wpis" not in text
        assert "bez stanowiska" not in text


def test_a_role_in_one_consultation_adds_nothing_to_a_role_everywhere(
    app: Flask, tenant: int
) -> None:
    """Who may see every consultation, and answer in one, is asked for answers in that one only."""
    mine = make.consultation(app, tenant, slug="moje", title="Moje konsultacje", days_left=-1)
    other = make.consultation(app, tenant, slug="inne", title="Inne konsultacje", days_left=-1)
    for consultation in (mine, other):
        make.proposal(app, tenant, consultation)
        promise(app, consultation, 0)
    person = make.staff(app, tenant, Role.AUDITOR)
    make.membership(app, tenant, person, Role.OFFICER, consultation=mine)

    text = today(desk(app, person))

    assert "Moje konsultacje" in text
    assert "Inne konsultacje" not in text


def test_a_vote_that_is_over_waits_to_be_counted(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, title="Budżet")
    make.poll(app, tenant, consultation)
    officer = make.staff(app, tenant, Role.OFFICER)
    assert "Policz głosy" not in desk(app, officer)

    with clock.at(clock.now() + timedelta(days=10)):
        text = desk(app, make.staff(app, tenant, Role.OFFICER))

    assert "Policz głosy" in today(text)


def test_letters_and_organisations_wait_for_the_officer(app: Flask, tenant: int) -> None:
    person = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        db.session.query(Residence).filter_by(person_id=person).one().letter_asked_at = clock.now()
    make.organisation(app, tenant, member=person, verified=False)

    text = desk(app, make.staff(app, tenant, Role.OFFICER))

    assert "1\N{NO-BREAK SPACE}list z kodem do wydruku" in today(text)
    assert "1\N{NO-BREAK SPACE}organizacja do sprawdzenia" in soon(text)


def test_barriers_and_a_missing_declaration_wait_for_the_administrator(
    app: Flask, tenant: int
) -> None:
    administrator = make.staff(app, tenant, Role.ADMINISTRATOR)
    long_ago = clock.now() - timedelta(days=9)
    make.add(
        app,
        BarrierReport(
            tenant_id=tenant, page="/", text="Nie widać.", contact="600", reported_at=long_ago
        ),
    )

    before = desk(app, administrator)
    make.add(
        app,
        Declaration(
            tenant_id=tenant, fields="{}", published_at=clock.now(), published_by=administrator
        ),
    )
    after = desk(app, administrator)

    assert "1\N{NO-BREAK SPACE}zgłoszona bariera" in today(before)
    assert "2 dni po terminie" in today(before)
    assert "Nie ma deklaracji dostępności" in soon(before)
    assert "Nie ma deklaracji dostępności" not in after


def test_what_belongs_to_another_municipality_is_not_on_the_desk(app: Flask, tenant: int) -> None:
    other = make.municipality(app, slug="inna", name="Inna")
    consultation = make.consultation(app, other, title="Cudze", days_left=-1)
    make.proposal(app, other, consultation)
    promise(app, consultation, 0)
    make.notice(app, other, "consultation", consultation, consultation=consultation)

    for role in (Role.OFFICER, Role.FACILITATOR, Role.APPROVER):
        text = desk(app, make.staff(app, tenant, role))
        assert "Cudze" not in text
        assert "zgłoszony" not in text


def test_drafts_wait_for_those_who_write_them(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, title="Szkic parku", state=State.DRAFT)

    assert "Szkic parku" in soon(desk(app, make.staff(app, tenant, Role.OFFICER)))
    assert "Szkic parku" not in soon(desk(app, make.staff(app, tenant, Role.APPROVER)))


def test_this_week_begins_and_ends(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, title="Kończy się", slug="a", days_left=3)
    make.consultation(app, tenant, title="Zaczyna się", slug="b", began=-5, days_left=40)
    make.consultation(app, tenant, title="Za miesiąc", slug="c", days_left=30)

    text = desk(app, make.staff(app, tenant, Role.OFFICER))

    week = text.partition('id="week"')[2].partition("</section>")[0]
    assert week.index("Kończy się") < week.index("Zaczyna się")
    assert "Za miesiąc" not in week


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.FACILITATOR])
def test_a_desk_takes_twelve_queries_however_much_waits(
    app: Flask, tenant: int, role: Role
) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    for n in range(4):
        consultation = make.consultation(app, tenant, slug=f"a-{n}", days_left=-1)
        promise(app, consultation, 3)
        proposal = make.proposal(app, tenant, consultation)
        talk = make.thread_of(app, tenant, "proposal", proposal)
        voice = make.contribution(app, tenant, talk)
        make.notice(app, tenant, "contribution", voice, consultation=consultation)
        draft = make.consultation(app, tenant, slug=f"b-{n}", state=State.AWAITING_APPROVAL)
        ask(app, tenant, draft, officer)
    client = make.client(app, signed_in=make.staff(app, tenant, role))

    with counted(app) as statements:
        assert client.get("/urzad").status_code == 200

    assert len(statements) <= 12, statements
