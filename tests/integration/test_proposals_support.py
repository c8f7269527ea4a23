"""Supporting a proposal, from the request to the row."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.accounts.models import Person
from deliberate.accounts.standing import Needs
from deliberate.consultations.models import State as ConsultationState
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.proposals import actions
from deliberate.proposals.models import Proposal, Support
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from tests import make

PAGE = "/konsultacje/rynek/propozycje/1"
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Place:
    tenant: int
    consultation: int
    author: int
    proposal: int


@pytest.fixture
def place(app: Flask) -> Place:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    author = make.person(app, resident_of=tenant)
    proposal = make.proposal(app, tenant, consultation, author=author)
    return Place(tenant, consultation, author, proposal)


@pytest.fixture
def resident(app: Flask, place: Place) -> FlaskClient:
    person = make.person(app, name="Jan R.", resident_of=place.tenant)
    return make.client(app, signed_in=person)


def supports(app: Flask) -> tuple[int, int]:
    """Return the rows of supports and what the counter says; they are to be equal."""
    with app.app_context():
        rows = db.session.scalars(select(func.count()).select_from(Support)).one()
        return rows, db.session.scalars(select(Proposal.supports)).one()


def test_resident_supports_without_javascript(app: Flask, resident: FlaskClient) -> None:
    answer = resident.post(f"{PAGE}/poparcie", follow_redirects=True)

    assert answer.request.path.endswith(PAGE)
    assert "Twoje poparcie jest zapisane" in answer.text
    assert "Wycofuję poparcie" in answer.text
    assert supports(app) == (1, 1)


def test_htmx_gets_the_box_and_the_status_only(resident: FlaskClient) -> None:
    answer = resident.post(f"{PAGE}/poparcie", headers=HTMX)

    assert "<html" not in answer.text
    assert 'id="support"' in answer.text
    assert 'id="support-button"' in answer.text  # the focus comes back to it
    assert 'id="status" hx-swap-oob' in answer.text


def test_second_support_is_refused_with_a_reason(app: Flask, resident: FlaskClient) -> None:
    resident.post(f"{PAGE}/poparcie")
    answer = resident.post(f"{PAGE}/poparcie")

    assert answer.status_code == 409
    assert "ma już Twoje poparcie" in answer.text
    assert supports(app) == (1, 1)


def test_support_can_be_taken_back_and_given_again(app: Flask, resident: FlaskClient) -> None:
    resident.post(f"{PAGE}/poparcie")
    taken_back = resident.post(f"{PAGE}/poparcie/wycofanie", headers=HTMX)

    assert "Popieram" in taken_back.text
    assert supports(app) == (0, 0)
    assert resident.post(f"{PAGE}/poparcie").status_code == 303


def test_taking_back_what_was_not_given_is_refused(app: Flask, resident: FlaskClient) -> None:
    answer = resident.post(f"{PAGE}/poparcie/wycofanie")

    assert answer.status_code == 409
    assert supports(app) == (0, 0)


def test_a_refusal_over_htmx_goes_to_the_live_region(app: Flask, place: Place) -> None:
    author = make.client(app, signed_in=place.author)
    answer = author.post(f"{PAGE}/poparcie", headers=HTMX)

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#status"
    assert "To Twoja propozycja" in answer.text


def test_own_proposal_has_a_kind_word_in_the_buttons_place(app: Flask, place: Place) -> None:
    page = make.client(app, signed_in=place.author).get(PAGE).text

    assert "Poparcie dają jej inne osoby" in page
    assert "support-button" not in page


def test_visitor_is_led_to_sign_in_and_may_not_post(app: Flask, place: Place) -> None:
    visitor = make.client(app)
    page = visitor.get(PAGE)

    assert "Zaloguj się, żeby poprzeć" in page.text
    assert "csrf_token" not in page.text
    assert "Set-Cookie" not in page.headers
    assert visitor.post(f"{PAGE}/poparcie").status_code == 401
    assert supports(app) == (0, 0)


def test_guest_is_asked_to_declare_where_they_live(app: Flask, place: Place) -> None:
    guest = make.client(app, signed_in=make.person(app))

    assert "złóż oświadczenie" in guest.get(PAGE).text
    assert guest.post(f"{PAGE}/poparcie").status_code == 409
    assert supports(app) == (0, 0)


def test_where_anyone_may_take_part_an_account_is_enough(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, needs=Needs.ANYONE)
    make.proposal(app, tenant, consultation)
    guest = make.client(app, signed_in=make.person(app))

    assert guest.post(f"{PAGE}/poparcie").status_code == 303
    assert make.client(app).post(f"{PAGE}/poparcie").status_code == 401


@pytest.mark.parametrize("days_left", [-1, -0.001])
def test_after_the_deadline_nothing_changes(app: Flask, days_left: float) -> None:
    tenant = make.municipality(app)
    make.proposal(app, tenant, make.consultation(app, tenant, days_left=days_left))
    late = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "Zbieranie poparcia już się zakończyło" in late.get(PAGE).text
    assert late.post(f"{PAGE}/poparcie").status_code == 409
    assert supports(app) == (0, 0)


def test_a_suspended_consultation_takes_no_support(app: Flask) -> None:
    tenant = make.municipality(app)
    make.proposal(app, tenant, make.consultation(app, tenant, state=ConsultationState.SUSPENDED))
    person = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert person.post(f"{PAGE}/poparcie").status_code == 409


def test_a_consultation_that_collects_no_support_shows_no_box(app: Flask) -> None:
    tenant = make.municipality(app)
    make.proposal(app, tenant, make.consultation(app, tenant, opens=[Activity.PROPOSE]))

    assert 'id="support"' not in make.client(app).get(PAGE).text


def test_another_municipality_has_no_such_proposal(app: Flask, resident: FlaskClient) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    there = make.client(app, slug="wrzosowiany")

    assert there.get(PAGE).status_code == 404
    assert there.post(f"{PAGE}/poparcie").status_code in (401, 404)


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.5", "x", "9" * 30, "2147483648"])
def test_a_number_that_is_none_is_not_found(resident: FlaskClient, number: str) -> None:
    assert resident.get(f"/konsultacje/rynek/propozycje/{number}").status_code == 404
    assert resident.post(f"/konsultacje/rynek/propozycje/{number}/poparcie").status_code == 404


def test_the_counter_equals_the_rows_after_any_acts(app: Flask, place: Place) -> None:
    people = [make.person(app, resident_of=place.tenant) for _ in range(4)]
    clients = [make.client(app, signed_in=person) for person in people]
    lot = random.Random(7)  # noqa: S311 - the same acts each time
    for _ in range(60):
        path = lot.choice(["poparcie", "poparcie/wycofanie"])
        lot.choice(clients).post(f"{PAGE}/{path}")

        rows, counter = supports(app)
        assert rows == counter


def _at_once(
    app: Flask,
    people: list[int],
    act: Callable[[Municipality, Proposal, Person], None],
    place: Place,
) -> list[str]:
    """Do the same as many people at the same moment; return what became of each."""
    outcomes: list[str] = []
    start = threading.Barrier(len(people))

    def run(person_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    tenant = db.session.get_one(Municipality, place.tenant)
                    proposal = db.session.get_one(Proposal, place.proposal)
                    act(tenant, proposal, db.session.get_one(Person, person_id))
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.refusal.code)

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_eight_people_at_once_are_eight_supports(app: Flask, place: Place) -> None:
    people = [make.person(app, resident_of=place.tenant) for _ in range(8)]
    outcomes = _at_once(app, people, actions.give_support, place)

    assert outcomes == ["done"] * 8
    assert supports(app) == (8, 8)


def test_one_person_in_four_tabs_supports_once(app: Flask, place: Place) -> None:
    person = make.person(app, resident_of=place.tenant)
    outcomes = _at_once(app, [person] * 4, actions.give_support, place)

    assert sorted(outcomes) == ["done", *["support.already_given"] * 3]
    assert supports(app) == (1, 1)
