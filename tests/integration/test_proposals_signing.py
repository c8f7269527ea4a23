"""Co-authors: asked by address, counted once they accept; nobody else decides (V-12)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.authorship import coauthors
from deliberate.authorship.models import Coauthor
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.proposals.models import Proposal
from tests import make

PAGE = "/konsultacje/rynek/propozycje/1"
ADDRESS = "Marek@poczta.example"


@pytest.fixture
def author(app: Flask, tenant: int) -> FlaskClient:
    person = make.person(app, name="Anna K.", resident_of=tenant)
    make.proposal(app, tenant, make.consultation(app, tenant), author=person)
    return make.client(app, signed_in=person)


@pytest.fixture
def marek(app: Flask, tenant: int) -> int:
    return make.person(app, name="Marek W.", email=ADDRESS.lower(), resident_of=tenant)


def rows(app: Flask) -> list[Coauthor]:
    with app.app_context():
        return list(db.session.scalars(select(Coauthor).order_by(Coauthor.id)))


def link(app: Flask) -> str:
    """Return the path of the link in the letter that asks."""
    with app.app_context():
        letter = db.session.scalars(select(Outbox).where(Outbox.kind == "coauthor")).one()
    found = re.search(r"/g/lubowierz(/konsultacje/\S+/podpis/\S+)", letter.body)
    assert found
    return found[1]


def test_who_is_asked_and_accepts_signs_and_may_change_the_text(
    app: Flask, author: FlaskClient, marek: int
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    browser, visitor = make.client(app, signed_in=marek), make.client(app)
    before = visitor.get(PAGE).text
    page = browser.get(link(app))

    assert "Podpiszesz tę propozycję?" in page.text
    assert "Marek" not in before  # not before they agree
    assert browser.post(f"{link(app)}/przyjecie").status_code == 303
    assert "Marek W." in visitor.get(PAGE).text
    assert "Zapisz zmiany" in browser.get(f"{PAGE}/zmiana").text
    [row] = rows(app)
    assert (row.person_id, row.email) == (marek, None)
    with app.app_context():
        kinds = [letter.kind for letter in db.session.scalars(select(Outbox).order_by(Outbox.id))]
    assert kinds == ["coauthor", "received", "received"]


def test_asking_looks_the_same_whether_the_address_has_an_account(
    app: Flask, author: FlaskClient, marek: int
) -> None:
    known = author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    unknown = author.post(f"{PAGE}/podpisy", data={"email": "nikt@poczta.example"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert all(row.person_id is None for row in rows(app))


@pytest.mark.parametrize("act", ["przyjecie", "odmowa"])
def test_nobody_else_answers_an_invitation(
    app: Flask, tenant: int, author: FlaskClient, marek: int, act: str
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    stranger = make.client(app, signed_in=make.person(app, resident_of=tenant))

    for browser in (stranger, author):
        assert browser.get(link(app)).status_code == 404
        assert browser.post(f"{link(app)}/{act}").status_code == 404
    assert make.client(app).post(f"{link(app)}/{act}").status_code == 401
    assert stranger.post(f"{PAGE}/podpis/zgadniety/{act}").status_code == 404
    [row] = rows(app)
    assert (row.person_id, row.accepted_at) == (None, None)


def test_an_invitation_of_one_proposal_is_none_of_another(
    app: Flask, tenant: int, author: FlaskClient, marek: int
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    with app.app_context():
        consultation = db.session.scalars(select(Proposal.consultation_id)).one()
    make.proposal(app, tenant, consultation)
    path = link(app).replace("/1/podpis", "/2/podpis")

    assert make.client(app, signed_in=marek).post(f"{path}/przyjecie").status_code == 404


def test_who_declines_leaves_no_address_behind(app: Flask, author: FlaskClient, marek: int) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    path = link(app)
    browser = make.client(app, signed_in=marek)

    assert browser.post(f"{path}/odmowa").status_code == 303
    assert rows(app) == []
    assert browser.post(f"{path}/przyjecie").status_code == 404


def test_an_answer_counts_once(app: Flask, author: FlaskClient, marek: int) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    browser = make.client(app, signed_in=marek)
    browser.post(f"{link(app)}/przyjecie")

    assert browser.post(f"{link(app)}/przyjecie").status_code == 404
    assert len(rows(app)) == 1


def test_an_invitation_ends_after_fourteen_days_and_is_removed(
    app: Flask, author: FlaskClient, marek: int
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    with app.app_context(), transaction():
        db.session.scalars(select(Coauthor)).one().invited_at = clock.now() - coauthors.VALID

    assert make.client(app, signed_in=marek).get(link(app)).status_code == 404
    with app.app_context(), transaction():
        assert coauthors.count_old(clock.now()) == 1
        assert coauthors.forget_old(clock.now()) == 1
    assert rows(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("address", ["", "marek", "a@b", "x" * 300 + "@poczta.example"])
def test_what_is_no_address_is_not_asked(app: Flask, author: FlaskClient, address: str) -> None:
    assert author.post(f"{PAGE}/podpisy", data={"email": address}).status_code == 422
    assert rows(app) == []


def test_one_address_is_asked_once_and_ones_own_never(
    app: Flask, author: FlaskClient, tenant: int
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    again = author.post(f"{PAGE}/podpisy", data={"email": ADDRESS.upper()})

    assert again.status_code == 409
    assert "zaproszenie już poszło" in again.text
    assert len(rows(app)) == 1


def test_others_neither_see_who_was_asked_nor_ask(
    app: Flask, tenant: int, author: FlaskClient
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    stranger = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert stranger.get(f"{PAGE}/podpisy").status_code == 404
    assert stranger.post(f"{PAGE}/podpisy", data={"email": "x@poczta.example"}).status_code in (
        404,
        409,
    )
    assert ADDRESS.lower() not in stranger.get(PAGE).text
    assert len(rows(app)) == 1


def test_the_author_takes_an_invitation_back_but_never_a_signature(
    app: Flask, tenant: int, author: FlaskClient, marek: int
) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": "ola@poczta.example"})
    [first] = rows(app)
    assert author.post(f"{PAGE}/podpisy/{first.id}/usuniecie").status_code == 303
    with app.app_context(), transaction():
        db.session.query(Outbox).delete()
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    browser = make.client(app, signed_in=marek)
    browser.post(f"{link(app)}/przyjecie")
    [second] = rows(app)
    stranger = make.client(app, signed_in=make.person(app, resident_of=tenant))

    for other in (author, stranger):
        assert other.post(f"{PAGE}/podpisy/{second.id}/usuniecie").status_code == 404
    assert browser.post(f"{PAGE}/podpisy/{second.id}/usuniecie").status_code == 303
    assert rows(app) == []


def test_who_supported_and_signs_now_no_longer_supports(
    app: Flask, author: FlaskClient, marek: int
) -> None:
    browser = make.client(app, signed_in=marek)
    browser.post(f"{PAGE}/poparcie")
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    browser.post(f"{link(app)}/przyjecie")

    with app.app_context():
        assert db.session.scalars(select(Proposal.supports)).one() == 0
    assert "To Twoja propozycja" in browser.get(PAGE).text


def test_ten_signatures_are_enough(app: Flask, author: FlaskClient) -> None:
    for n in range(10):
        author.post(f"{PAGE}/podpisy", data={"email": f"osoba-{n}@inna.example"})
    answer = author.post(f"{PAGE}/podpisy", data={"email": "jedenasta@inna.example"})

    assert answer.status_code == 409
    assert "najwyżej 10" in answer.text


def test_an_accepted_one_is_not_counted_as_old(app: Flask, author: FlaskClient, marek: int) -> None:
    author.post(f"{PAGE}/podpisy", data={"email": ADDRESS})
    make.client(app, signed_in=marek).post(f"{link(app)}/przyjecie")

    with app.app_context():
        assert coauthors.count_old(clock.now() + timedelta(days=400)) == 0
