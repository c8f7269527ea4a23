"""What all registers keep: personal data, what the database refuses, the desk, reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.petitions import personal
from deliberate.petitions.kinds import Register, State
from deliberate.petitions.models import Entry, EntrySupport, Original
from deliberate.subjects.states import ContentState
from tests import make, sql
from tests.integration.registers import (
    ANSWER,
    NOW,
    PETITION,
    WISH,
    entry,
    petition_in_register,
    request_in_register,
    terms,
)


@pytest.fixture(autouse=True)
def november() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def resident(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=tenant))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def test_originals_names_and_supporters_go_ninety_days_after_the_end(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    reply = {"outcome": "agreed", "answer": ANSWER, "consultation": ""}
    officer.post("/urzad/rejestry/1/odpowiedz", data=reply)
    with app.app_context(), transaction():
        db.session.add(EntrySupport(tenant_id=tenant, entry_id=1, person_id=1, given_at=NOW))
        db.session.add(
            StoredFile(
                tenant_id=tenant,
                token="S" * 43,
                sha256="0" * 64,
                name="skan.txt",
                media_type="text/plain",
                size=4,
                subject_kind="register_original",
                subject_id=1,
                uploaded_at=NOW,
            )
        )
    for days, left in ((89, 1), (91, 0)):
        with app.app_context(), transaction():
            for rule in personal.RULES:
                assert rule.count(NOW + timedelta(days=days)) == rule.remove(
                    NOW + timedelta(days=days)
                )
        with app.app_context():
            assert len(db.session.scalars(select(Original)).all()) == left
            assert len(db.session.scalars(select(EntrySupport)).all()) == left
            sealed = select(StoredFile).where(StoredFile.subject_kind == "register_original")
            assert len(db.session.scalars(sealed).all()) == left
    assert officer.get("/urzad/rejestry/1").status_code == 200


def test_a_closed_account_leaves_texts_without_a_name_and_takes_its_support_back(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    person = make.person(app, resident_of=tenant)
    fan = make.client(app, signed_in=person)
    fan.post("/wnioski/1/poparcie")
    fan.post("/wnioski/nowy", data={**WISH, "form_key": "d" * 24})
    fan.post("/petycje/nowa", data=PETITION)
    mine = fan.get("/moje").text
    assert "Toaleta w parku" in mine
    with app.app_context():
        from deliberate.accounts.models import Person

        row = db.session.get_one(Person, person)
        assert {each["title"] for each in personal.my_entries(row)} == {
            WISH["title"],
            PETITION["title"],
        }
        assert len(personal.my_supports(row)) == 1

    with app.app_context(), transaction():
        personal.forget(person)

    with app.app_context():
        assert db.session.get_one(Entry, 1).supports == 0
        assert db.session.get(Entry, 2) is None, "a draft goes"
        original = db.session.get_one(Original, 3)
        assert (original.name, original.contact) == ("", "")


def test_the_database_keeps_numbers_states_and_publication(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    for change in (
        "UPDATE register_entry SET number = 9",
        "UPDATE register_entry SET register = 'council_initiative'",
        "UPDATE register_entry SET published_at = NULL",
        "UPDATE register_entry SET state = 'lapsed', closed_at = created_at",
        "UPDATE register_entry SET state = 'agreed', closed_at = created_at",
        "DELETE FROM register_entry",
    ):
        with pytest.raises(DBAPIError), app.app_context(), transaction():
            db.session.connection().execute(text(change))


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "act",
    ["zakrycie", "publikacja", "podpisy", "zlozenie", "odpowiedz", "przedluzenie", "polaczenie"],
)
def test_empty_and_odd_forms_come_back_with_what_is_wrong(
    app: Flask, officer: FlaskClient, resident: FlaskClient, act: str
) -> None:
    resident.post("/petycje/nowa", data=PETITION)
    odd = {
        "signatures": "²",
        "on": "0001-01-01",
        "until": "9999-99-99",
        "other": "7",
        "needed": "x",
    }

    assert officer.post(f"/urzad/rejestry/1/{act}").status_code == 422
    assert officer.post(f"/urzad/rejestry/1/{act}", data=odd).status_code == 422


def test_the_desk_counts_what_waits(
    app: Flask, officer: FlaskClient, resident: FlaskClient
) -> None:
    resident.post("/petycje/nowa", data=PETITION)

    page = officer.get("/urzad").text

    assert "sprawa w rejestrach czeka na odpowiedź" in page
    assert "zakryć dane osobowe" in page


def test_a_facilitator_hides_what_breaks_the_rules_and_the_author_reads_why(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))
    notice = {"reason": "personal_data", "text": "Nazwisko w treści.", "good_faith": "y"}
    assert visitor.post("/zgloszenie/petition/1", data=notice).status_code == 303
    assert "Toaleta w parku" in desk.get("/urzad/moderacja").text
    case = desk.get("/urzad/moderacja/petition/1").text
    seen = case.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]

    hidden = {
        "quick": "personal_data",
        "passage": "toaletę w parku",
        "words": "",
        "rule": "4",
        "seen": seen,
        "step": "decyzja",
    }
    answer = desk.post("/urzad/moderacja/petition/1/ukrycie", data=hidden)

    assert answer.status_code in (200, 303), answer.text[:2000]
    assert entry(app).content_state == ContentState.HIDDEN
    assert "Ten wpis jest ukryty" in visitor.get("/petycje/1").text


def test_a_petition_can_be_reported_and_read_in_three_languages(
    app: Flask, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    petition_in_register(officer, resident)

    assert visitor.get("/zgloszenie/petition/1").status_code == 200
    for language in ("pl", "en", "uk"):
        assert visitor.get(f"/petycje/1?lang={language}").status_code in (200, 302, 303)


def test_pages_take_as_many_statements_for_many_as_for_few(
    app: Flask, tenant: int, officer: FlaskClient, resident: FlaskClient, visitor: FlaskClient
) -> None:
    terms(officer)
    request_in_register(resident)
    petition_in_register(officer, resident, entry=2)
    public = (
        "/wnioski",
        "/petycje",
        "/inicjatywy",
        "/wnioski/1",
        "/petycje/2",
        "/petycje/zestawienie",
    )

    def count(client: FlaskClient, page: str, most: int) -> int:
        client.get(page)
        with sql.counted(app) as statements:
            assert client.get(page).status_code == 200
        assert len(statements) <= most, page + "\n" + "\n".join(statements)
        return len(statements)

    def all_of_them() -> list[int]:
        return [
            *(count(visitor, page, 8) for page in public),
            *(count(resident, page, 12) for page in (*public, "/moje/rejestry/1")),
            *(count(officer, page, 12) for page in ("/urzad/rejestry",)),
            count(officer, "/urzad/rejestry/2", 16),
        ]

    few = all_of_them()
    with app.app_context(), transaction():
        for number in range(10, 40):
            for register in (Register.REQUEST, Register.PETITION):
                db.session.add(
                    Entry(
                        tenant_id=tenant,
                        register=register,
                        year=2026,
                        number=number,
                        title=f"Sprawa {number}",
                        text="Treść sprawy.",
                        state=State.SUBMITTED,
                        received_on=NOW.date(),
                        created_at=NOW,
                        published_at=NOW,
                    )
                )
    assert all_of_them() == few
