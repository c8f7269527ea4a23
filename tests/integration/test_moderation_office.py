"""Notices about the office's own texts: who reads them, what they can do, what they answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.moderation.models import Decision, Notice
from deliberate.subjects import registry
from tests import make

DESK = "/urzad/zgloszenia"
WORDS = "Poprawiliśmy numer telefonu w opisie. Poprawka jest na liście zmian."
KINDS = ("consultation", "answer", "organisation", "document", "meeting")
ONLY_FOR_FILES = {"announcement", "document_draft"}  # what their files belong to; not read alone


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """A city whose every text was reported, with the people who might read of it."""
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    things = {
        "consultation": consultation,
        "answer": make.published_answer(app, tenant, consultation, "proposal", proposal),
        "organisation": make.organisation(app, tenant),
        "document": make.document(app, tenant, consultation),
        "meeting": make.meeting(app, tenant, consultation=consultation),
        "proposal": proposal,
    }
    for kind, subject in things.items():
        place = None if kind == "organisation" else consultation
        make.notice(app, tenant, kind, subject, consultation=place)
    return SimpleNamespace(
        tenant=tenant,
        consultation=consultation,
        things=things,
        officer=make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER)),
        facilitator=make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR)),
    )


def test_every_kind_that_nobody_hides_is_the_offices(app: Flask) -> None:
    with app.app_context():
        nobodys = {key for key, kind in registry.kinds().items() if kind.restrict is None}

    assert nobodys - ONLY_FOR_FILES == set(KINDS)


def test_texts_of_the_office_wait_at_its_desk_and_those_of_people_do_not(
    world: SimpleNamespace,
) -> None:
    listed = world.officer.get(DESK).text
    queue = world.facilitator.get("/urzad/moderacja").text

    for kind in KINDS:
        assert f"{DESK}/{kind}/{world.things[kind]}" in listed
        assert f"/urzad/moderacja/{kind}/" not in queue
    assert f"{DESK}/proposal" not in listed
    assert f"/urzad/moderacja/proposal/{world.things['proposal']}" in queue
    assert "5\N{NO-BREAK SPACE}zgłoszonych tekstów urzędu" in world.officer.get("/urzad").text


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("consultation", "Możesz poprawić tekst."),
        ("answer", "napisz sprostowanie w rozmowie"),
        ("organisation", "tylko ona może ją zmienić"),
    ],
)
def test_the_desk_says_what_can_be_done(world: SimpleNamespace, kind: str, told: str) -> None:
    page = world.officer.get(f"{DESK}/{kind}/{world.things[kind]}").text

    assert told in page
    assert "To są dane mojej sąsiadki." in page
    assert "zglaszajaca@poczta.example" not in page
    assert ("/urzad/konsultacje/rynek/prowadzenie#correction" in page) is (kind == "consultation")


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_closes_the_notices_and_reaches_the_reporter(
    app: Flask, world: SimpleNamespace, kind: str
) -> None:
    path = f"{DESK}/{kind}/{world.things[kind]}"
    answer = world.officer.post(path, data={"words": WORDS})

    assert answer.status_code == 303
    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
        states = dict(db.session.execute(select(Notice.subject_kind, Notice.state)).all())
        assert db.session.scalars(select(AuditEntry.action)).all() == ["moderation.answered"]
        assert db.session.scalars(select(Decision.id)).all() == []
    assert letter.address == "zglaszajaca@poczta.example"
    assert "Urząd odpowiada na Twoje zgłoszenie nr" in letter.body
    assert WORDS in letter.body
    assert "nie łamie zasad" not in letter.body
    assert {each for each, state in states.items() if state == "decided"} == {kind}
    assert path not in world.officer.get(DESK).text
    again = world.officer.post(path, data={"words": WORDS})
    assert again.status_code == 409
    assert "ktoś już odpowiedział" in again.text


@pytest.mark.first_on_both
@pytest.mark.parametrize("words", ["", "   ", "Zostaje."])
def test_an_answer_says_something(app: Flask, world: SimpleNamespace, words: str) -> None:
    path = f"{DESK}/consultation/{world.consultation}"

    assert world.officer.post(path, data={"words": words}).status_code == 422
    with app.app_context():
        assert set(db.session.scalars(select(Notice.state))) == {"received"}


@pytest.mark.parametrize("kind", KINDS)
def test_facilitators_neither_hide_nor_leave_what_the_office_says(
    world: SimpleNamespace, kind: str
) -> None:
    path = f"/urzad/moderacja/{kind}/{world.things[kind]}"

    assert world.facilitator.get(path).status_code == 404
    for act in ("ukrycie", "zostaje", "przywrocenie"):
        assert world.facilitator.post(f"{path}/{act}").status_code == 404
    assert world.facilitator.get(DESK).status_code == 403
    assert world.officer.get(f"{DESK}/proposal/{world.things['proposal']}").status_code == 404


def test_an_officer_of_one_consultation_answers_only_there(
    app: Flask, world: SimpleNamespace
) -> None:
    other = make.consultation(app, world.tenant, slug="inne")
    officer = make.staff(app, world.tenant, Role.OFFICER, consultation=other)
    stranger = make.client(app, signed_in=officer)

    assert "Nic nie czeka" in stranger.get(DESK).text
    for kind in KINDS:
        path = f"{DESK}/{kind}/{world.things[kind]}"
        assert stranger.get(path).status_code == 403
        assert stranger.post(path, data={"words": WORDS}).status_code == 403


def test_whoever_reports_reads_that_the_office_will_answer(
    app: Flask, world: SimpleNamespace
) -> None:
    visitor = make.client(app)
    told = "Za ten tekst odpowiada urząd"

    assert told in visitor.get(f"/zgloszenie/consultation/{world.consultation}").text
    assert told not in visitor.get(f"/zgloszenie/proposal/{world.things['proposal']}").text
    sent = visitor.post(
        f"/zgloszenie/consultation/{world.consultation}",
        data={
            "reason": "personal_data",
            "text": "W opisie jest numer telefonu mojej mamy.",
            "email": "ewa@poczta.example",
            "good_faith": "y",
            "website": "",
        },
        follow_redirects=True,
    )
    assert "Przeczyta je urząd i odpowie" in sent.text
    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
    assert "Dotyczy tekstu, za który odpowiada urząd" in letter.body
