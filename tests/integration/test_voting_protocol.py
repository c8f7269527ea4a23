"""The protocol of a vote: on a page and as a tagged PDF, after the result is published."""

import time
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from deliberate.accounts.models import Person
from deliberate.kernel import jobs
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries
from deliberate.voting.actions import casting, counting, pausing
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"
WHY = "Na karcie był błąd w numerze projektu."


@pytest.fixture
def published(app: Flask, tenant: int) -> int:
    """Make a vote of three persons that was paused, counted, published."""
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=1.2))
    person_id = make.staff(app, tenant, Role.OFFICER)
    officer = Actor(person_id=person_id, tenant_id=tenant, is_fresh=True, has_second_factor=True)
    with app.app_context():
        place = db.session.get_one(Municipality, tenant)
    with app.app_context(), transaction():
        pausing.pause(place, poll, WHY, actor=officer)
    with app.app_context(), transaction():
        pausing.lift(place, poll, actor=officer)
    for person_id in make.residents(app, tenant, 3):
        with app.app_context(), transaction():
            person = db.session.get_one(Person, person_id)
            row = db.session.get_one(Poll, poll)
            form = casting.Form(idem=f"form of {person_id}")
            casting.cast(row.id, person, make.marks(1), form)
    with app.app_context():
        while queries.present_state(db.session.get_one(Poll, poll)) is not PollState.WORKING_UP:
            db.session.rollback()
            time.sleep(0.05)
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        counting.count(place, poll, actor=SYSTEM)
    make.publish_poll(app, tenant, poll)
    with app.app_context():
        jobs.run_due()
    return poll


def test_nobody_reads_it_before_the_result(app: Flask, tenant: int) -> None:
    make.poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))
    visitor = make.client(app)
    assert visitor.get(f"{PAGE}/protokol").status_code == 404
    assert visitor.get(f"{PAGE}/protokol.pdf").status_code == 404


def test_the_page_says_who_when_how_many_and_what_was_destroyed(app: Flask, published: int) -> None:
    page = " ".join(make.client(app).get(f"{PAGE}/protokol").text.split())
    with app.app_context():
        poll = db.session.get_one(Poll, published)
        heads = queries.list_heads(poll)
        assert poll.rules_hash
        assert poll.rules_hash in page
        assert heads[-1].hash in page
    for words in (
        WHY,
        "Zapieczętowanie karty i zasad",
        "Ogłoszenie wyniku",
        "Kody na liście kontrolnej",
        "Projekt 1",
        "zniszczono klucze powiązań, kodów i kontaktów",
        "Zasady nie przewidywały losowania",
    ):
        assert words in page, words


def test_the_page_is_made_with_few_statements(app: Flask, published: int) -> None:
    visitor = make.client(app)
    visitor.get(f"{PAGE}/protokol")
    with sql.counted(app) as statements:
        assert visitor.get(f"{PAGE}/protokol").status_code == 200
    assert len(statements) <= 34, "\n".join(statements)


def test_the_pdf_is_tagged_polish_and_has_lines_to_sign(app: Flask, published: int) -> None:
    answer = make.client(app).get(f"{PAGE}/protokol.pdf")
    assert answer.status_code == 200
    read = PdfReader(BytesIO(answer.data))
    root = read.trailer["/Root"]
    text = " ".join(page.extract_text() for page in read.pages)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "pl"
    assert "Podpisy komisji" in text
    assert WHY in " ".join(text.split())
