"""Whoever hears objections: what is hidden, with its reasons, and bringing it back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.discussion.models import Contribution
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.moderation import rules
from deliberate.moderation.models import Decision
from tests import make
from tests.sql import counted

LIST = "/urzad/moderacja/decyzje"
WORDS = "Ta inwestycja to kpina, a radni śpią na sesjach."
REASON = "Ostra krytyka pracy urzędu jest dozwolona."


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """A contribution that a facilitator hid, and somebody who hears objections."""
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    thread = make.thread_of(app, tenant, "consultation", consultation)
    author = make.person(app, email="autor@poczta.example", resident_of=tenant, locale="pl")
    said = make.contribution(app, tenant, thread, author=author, body=WORDS)
    facilitator = make.staff(app, tenant, Role.FACILITATOR)
    made = SimpleNamespace(
        app=app,
        tenant=tenant,
        consultation=consultation,
        thread=thread,
        author=author,
        said=said,
        facilitator=facilitator,
        desk=make.client(app, signed_in=facilitator),
        reviewer=make.client(app, signed_in=make.staff(app, tenant, Role.REVIEWER)),
    )
    hide(made, said, WORDS)
    return made


def hide(world: SimpleNamespace, said: int, words: str) -> None:
    answer = world.desk.post(
        f"/urzad/moderacja/contribution/{said}/ukrycie",
        data={
            "quick": "insult",
            "passage": words,
            "words": "",
            "rule": 1,
            "seen": rules.fingerprint("visible", words),
            "step": "decyzja",
        },
    )
    assert answer.status_code == 303


def overturn(world: SimpleNamespace, **more: str) -> dict[str, str]:
    return {"explanation": REASON, "seen": rules.fingerprint("hidden", WORDS), **more}


def state(world: SimpleNamespace) -> str:
    with world.app.app_context():
        return db.session.get_one(Contribution, world.said).content_state


def test_the_reviewer_finds_the_decision_of_which_the_letter_speaks(
    world: SimpleNamespace,
) -> None:
    desk = world.reviewer.get("/urzad").text
    listed = world.reviewer.get(LIST).text
    page = world.reviewer.get("/decyzja/1").text

    assert LIST in desk
    assert "Decyzja nr 1: obrażanie konkretnej osoby" in listed
    assert WORDS not in listed
    assert WORDS in page
    assert 'id="overturn"' in page


def test_overturned_it_is_back_as_it_was_and_the_author_is_told(world: SimpleNamespace) -> None:
    answer = world.reviewer.post("/decyzja/1/uchylenie", data=overturn(world))

    assert (answer.status_code, answer.location) == (303, LIST)
    assert state(world) == "visible"
    with world.app.app_context():
        first, second = db.session.scalars(select(Decision).order_by(Decision.id)).all()
        letter = db.session.scalars(select(Outbox).order_by(Outbox.id.desc())).first()
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert (first.to_state, second.to_state, second.turn) == ("hidden", "visible", 2)
    assert second.decider_label == "osoba rozpatrująca odwołania"
    assert second.decided_by != first.decided_by
    assert letter is not None
    assert letter.address == "autor@poczta.example"
    assert REASON in letter.body
    assert acts == ["moderation.hidden", "moderation.visible"]
    assert "radni śpią na sesjach" in make.client(world.app).get("/konsultacje/rynek").text
    assert "Nic nie jest ukryte" in world.reviewer.get(LIST).text
    assert world.reviewer.post("/decyzja/1/uchylenie", data=overturn(world)).status_code == 409


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("form", "code"),
    [({"explanation": "bo tak"}, 422), ({"explanation": ""}, 422), ({"seen": "x"}, 409)],
)
def test_what_is_typed_badly_overturns_nothing(
    world: SimpleNamespace, form: dict[str, str], code: int
) -> None:
    answer = world.reviewer.post("/decyzja/1/uchylenie", data=overturn(world, **form))

    assert answer.status_code == code
    assert state(world) == "hidden"


def test_whoever_hid_it_does_not_hear_the_objection(world: SimpleNamespace) -> None:
    make.membership(world.app, world.tenant, world.facilitator, Role.REVIEWER)
    both = make.client(world.app, signed_in=world.facilitator)
    page = both.get("/decyzja/1").text
    answer = both.post("/decyzja/1/uchylenie", data=overturn(world))

    assert "Odwołanie rozpatruje ktoś inny" in page
    assert 'id="overturn"' not in page
    assert answer.status_code == 409
    assert state(world) == "hidden"


def test_others_have_neither_the_list_nor_the_button(world: SimpleNamespace) -> None:
    author = make.client(world.app, signed_in=world.author)

    for client in (author, world.desk):
        assert client.get(LIST).status_code == 403
        assert client.post("/decyzja/1/uchylenie", data=overturn(world)).status_code == 403
        assert 'id="overturn"' not in client.get("/decyzja/1").text
    assert state(world) == "hidden"


def test_a_reviewer_elsewhere_finds_nothing(world: SimpleNamespace) -> None:
    other = make.municipality(world.app, slug="inna", name="Inna")
    there = make.client(
        world.app, slug="inna", signed_in=make.staff(world.app, other, Role.REVIEWER)
    )

    assert "Nic nie jest ukryte" in there.get(LIST).text
    assert there.get("/decyzja/1").status_code == 404
    assert there.post("/decyzja/1/uchylenie", data=overturn(world)).status_code == 404


def test_the_list_takes_the_same_statements_for_few_and_for_many(world: SimpleNamespace) -> None:
    counts = []
    for number in range(2):
        for each in range(number * 9):
            words = f"Głos numer {each}, bardzo ostry."
            hide(world, make.contribution(world.app, world.tenant, world.thread, body=words), words)
        world.reviewer.get(LIST)  # the municipality is kept from one reading to the next
        with counted(world.app) as statements:
            assert world.reviewer.get(LIST).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 12
