"""What goes along with a consultation: approved with it, called off with it, copied with it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.approvals import actions as approvals
from deliberate.approvals import rules
from deliberate.authorship.models import Translation
from deliberate.consultations import publishing
from deliberate.consultations.actions.publication import PUBLISH
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.jobs import run_due
from deliberate.kernel.models import Outbox
from deliberate.meetings.kinds import State as MeetingState
from deliberate.meetings.models import Meeting
from deliberate.subjects.activities import Activity
from deliberate.surveys.definition import write
from deliberate.surveys.kinds import KIND
from deliberate.surveys.kinds import State as SurveyState
from deliberate.surveys.models import Survey, SurveySheet
from deliberate.surveys.words import words_key
from deliberate.tenancy.models import Municipality
from tests import make

DESK = "/urzad/konsultacje/rynek"
REASON = "Rada zmieniła uchwałę o budżecie."


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    officer = make.staff(app, tenant, Role.OFFICER)
    approver = make.staff(app, tenant, Role.APPROVER)
    return SimpleNamespace(
        tenant=tenant,
        officer=officer,
        desk=make.client(app, signed_in=officer),
        second=make.client(app, signed_in=approver),
    )


def translated(app: Flask, world: SimpleNamespace, survey: int, words: str, text: str) -> None:
    row = Translation(
        tenant_id=world.tenant,
        kind=KIND,
        subject_id=survey,
        field=words_key(words),
        lang="uk",
        text=text,
        translated_by=world.officer,
        at=clock.now(),
    )
    with app.app_context(), transaction():
        db.session.add(row)


# Copied.


def test_a_repeated_one_asks_the_same_again_and_has_no_answers(
    app: Flask, world: SimpleNamespace
) -> None:
    opens = [Activity.SURVEY]
    former = make.consultation(app, world.tenant, opens=opens)
    survey = make.survey(app, world.tenant, former, anonymous=False)
    translated(app, world, survey, "Czy bywasz w parku?", "Чи буваєте ви в парку?")
    translated(app, world, survey, "Czego już nie ma?", "Чого вже немає?")
    resident = make.client(app, signed_in=make.person(app, resident_of=world.tenant))
    sheet = {"wersja": "1", "klucz": "k" * 43, "p1": "1"}
    assert resident.post("/konsultacje/rynek/ankiety/1/wyslanie", data=sheet).status_code == 303

    assert world.desk.post(f"{DESK}/powtorzenie").status_code == 303

    with app.app_context():
        before = db.session.get_one(Survey, survey)
        copy = db.session.scalars(
            select(Survey).join(Consultation).where(Consultation.repeats_id == former)
        ).one()
        assert copy.content == before.content
        assert copy.definition.questions[1].shown_if == make.PARK[1].shown_if
        assert (copy.state, copy.is_anonymous, copy.number) == (SurveyState.DRAFT, False, 1)
        assert copy.created_by == world.officer
        words = db.session.scalars(
            select(Translation.text).where(
                Translation.kind == KIND, Translation.subject_id == copy.id
            )
        ).all()
        assert words == ["Чи буваєте ви в парку?"]
        assert count_sheets(copy.id) == 0
        assert count_sheets(survey) == 1


def count_sheets(survey: int) -> int:
    wanted = select(func.count()).select_from(SurveySheet).where(SurveySheet.survey_id == survey)
    return db.session.scalar(wanted) or 0


# Approved.


@pytest.fixture
def asked(app: Flask, world: SimpleNamespace) -> SimpleNamespace:
    """A draft with a survey and a document, about which the second person was asked."""
    opens = [Activity.REMARK, Activity.SURVEY]
    consultation = make.consultation(app, world.tenant, opens=opens, state=State.DRAFT)
    survey = make.survey(app, world.tenant, consultation)
    document = make.document(app, world.tenant, consultation)
    with app.test_request_context(), transaction():
        row = db.session.get_one(Consultation, consultation)
        row.published_at, row.state = None, State.AWAITING_APPROVAL
        tenant = db.session.get_one(Municipality, world.tenant)
        db.session.flush()
        approval = approvals.ask(
            PUBLISH,
            "consultation",
            consultation,
            payload_sha256=publishing.payload(tenant, row),
            actor=Actor(person_id=world.officer, tenant_id=world.tenant),
            asked_of=None,
            note="",
            now=clock.now(),
        )
        page = f"/zatwierdzanie/{approval.token}"
    return SimpleNamespace(page=page, consultation=consultation, survey=survey, document=document)


def test_the_second_person_sees_what_goes_along_and_can_read_the_whole(
    world: SimpleNamespace, asked: SimpleNamespace
) -> None:
    page = world.second.get(asked.page).text

    assert "Ankieta: Ankieta o parku" in page
    assert "Pytań: 4. Odpowiedzi są anonimowe." in page
    assert "Czy bywasz w parku?" in page
    assert "Dokument: Projekt programu współpracy" in page
    assert "Części: 2." in page
    assert rules.CHANGED.message not in page
    questions = world.second.get(f"{DESK}/ankiety/1/podglad")
    assert "Spaceruję" in questions.text
    document = world.second.get(f"/konsultacje/rynek/dokumenty/{asked.document}")
    assert "Program trwa rok." in document.text


@pytest.mark.parametrize("what", ["question", "anonymity", "translation", "another", "document"])
def test_what_changed_after_the_request_is_not_approved(
    app: Flask, world: SimpleNamespace, asked: SimpleNamespace, what: str
) -> None:
    if what == "translation":
        translated(app, world, asked.survey, "Czy bywasz w parku?", "Чи буваєте ви в парку?")
    elif what == "another":
        make.survey(app, world.tenant, asked.consultation, number=2, title="Druga")
    elif what == "document":
        # No page does it while a request waits; what is approved does not depend on that.
        make.document(app, world.tenant, asked.consultation, title="Podmieniony")
    else:
        with app.app_context(), transaction():
            row = db.session.get_one(Survey, asked.survey)
            if what == "question":
                other = row.definition.with_texts({"q1-text": "Czy park ma zniknąć?"})
                row.content = write(other)
            else:
                row.is_anonymous = False

    answer = world.second.post(f"{asked.page}/zgoda")

    assert answer.status_code == 409
    assert rules.CHANGED.message in world.second.get(asked.page).text
    with app.app_context():
        now = db.session.get_one(Consultation, asked.consultation)
        assert now.state == State.AWAITING_APPROVAL


def test_a_draft_of_a_survey_is_not_approved_with_it(
    app: Flask, world: SimpleNamespace, asked: SimpleNamespace
) -> None:
    draft = SurveyState.DRAFT
    make.survey(app, world.tenant, asked.consultation, number=2, title="Druga", state=draft)

    page = world.second.get(asked.page).text

    assert "Druga" not in page
    assert rules.CHANGED.message not in page


def test_a_survey_in_preparation_is_read_only_by_the_office(
    app: Flask, world: SimpleNamespace, asked: SimpleNamespace
) -> None:
    assert asked.survey
    resident = make.client(app, signed_in=make.person(app, resident_of=world.tenant))

    assert resident.get(f"{DESK}/ankiety/1/podglad").status_code == 403


# Called off.


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))


def cancel(world: SimpleNamespace, name: str = "odwolanie") -> int:
    answer = world.desk.post(f"{DESK}/stan/{name}", data={"step-reason": REASON})
    return int(answer.status_code)


def test_cancelling_calls_off_the_meetings_that_have_not_begun(
    app: Flask, world: SimpleNamespace
) -> None:
    here = make.consultation(app, world.tenant)
    elsewhere = make.consultation(app, world.tenant, slug="inne")
    ahead = make.meeting(app, world.tenant, consultation=here)
    made = {
        "moved": make.meeting(app, world.tenant, consultation=here, state=MeetingState.MOVED),
        "draft": make.meeting(app, world.tenant, consultation=here, published=False),
        "begun": make.meeting(app, world.tenant, consultation=here, days_left=-0.01),
        "other": make.meeting(app, world.tenant, consultation=elsewhere),
        "own": make.meeting(app, world.tenant),
    }
    visitor = make.client(app, signed_in=make.person(app, email="jola@poczta.example"))
    sign_up(visitor, ahead)

    assert cancel(world) == 303
    with clock.at(clock.now() + timedelta(minutes=1)), app.app_context():
        run_due()

    with app.app_context():
        state = {name: db.session.get_one(Meeting, row).state for name, row in made.items()}
        called_off = db.session.get_one(Meeting, ahead)
        assert (called_off.state, called_off.state_reason) == (MeetingState.CANCELLED, REASON)
    assert state == {
        "moved": MeetingState.CANCELLED,
        "draft": MeetingState.PLANNED,
        "begun": MeetingState.PLANNED,
        "other": MeetingState.PLANNED,
        "own": MeetingState.PLANNED,
    }
    (letter,) = [each for each in letters(app) if "odwołane" in each.subject]
    assert letter.address == "jola@poczta.example"
    assert REASON in letter.body


def sign_up(client: FlaskClient, meeting: int) -> None:
    sent = {"name": "Jola", "persons": "1", "email": "jola@poczta.example"}
    answer = client.post(f"/spotkania/{meeting}/zapis", data=sent)
    assert answer.status_code == 303, answer.text


def test_suspending_leaves_meetings_as_they_are(app: Flask, world: SimpleNamespace) -> None:
    here = make.consultation(app, world.tenant)
    meeting = make.meeting(app, world.tenant, consultation=here)

    assert cancel(world, "wstrzymanie") == 303

    with app.app_context():
        assert db.session.get_one(Meeting, meeting).state == MeetingState.PLANNED
