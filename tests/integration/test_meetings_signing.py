"""Signing up for meetings: with and without an account, waiting, withdrawing, times, letters."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Person
from deliberate.kernel import clock, jobs, retention
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.meetings.kinds import Kind, SignUpState
from deliberate.meetings.models import Meeting, SignUp
from tests import make, sql

FORM = {"name": "Ewa Nowak", "email": "ewa@poczta.example", "persons": "1", "needs": ""}


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))


def link(app: Flask, which: int = -1) -> str:
    """Return the path of the sign-up's page, as a letter has it."""
    found = re.search(r"/g/lubowierz(/zapis/\S+)", letters(app)[which].body)
    assert found
    return found[1]


def rows(app: Flask) -> list[SignUp]:
    with app.app_context():
        return list(db.session.scalars(select(SignUp).order_by(SignUp.id)))


def states(app: Flask) -> list[str]:
    return [row.state for row in rows(app)]


def taken(app: Flask, meeting: int) -> int:
    with app.app_context():
        return db.session.get_one(Meeting, meeting).taken


def sit(app: Flask, visitor: FlaskClient, meeting: int, email: str, persons: int = 1) -> str:
    """Sign up without an account and confirm; return the path of the sign-up's page."""
    visitor.post(
        f"/spotkania/{meeting}/zapis", data={**FORM, "email": email, "persons": str(persons)}
    )
    path = link(app)
    assert visitor.post(f"{path}/potwierdzenie").status_code == 303
    return path


def test_without_an_account_an_address_is_confirmed_before_it_takes_a_seat(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=10)

    answer = visitor.post(f"/spotkania/{meeting}/zapis", data={**FORM, "persons": "3"})

    assert answer.status_code == 303
    assert taken(app, meeting) == 0
    assert "Potwierdzam, że przyjdę" in visitor.get(link(app)).text
    assert taken(app, meeting) == 0  # reading confirms nothing: mail programs open links
    assert visitor.post(f"{link(app)}/potwierdzenie").status_code == 303
    assert taken(app, meeting) == 3
    assert states(app) == [SignUpState.SIGNED]
    assert "Jesteś na liście" in visitor.get(link(app)).text
    assert "Wolne miejsca: 7 z 10" in visitor.get(f"/spotkania/{meeting}").text


def test_with_an_account_one_form_is_enough(app: Flask, tenant: int) -> None:
    meeting = make.meeting(app, tenant, seats=10)
    person = make.person(app, name="Ewa N.", email="ewa@poczta.example")
    browser = make.client(app, signed_in=person)

    assert "Ewa N." in browser.get(f"/spotkania/{meeting}/zapis").text
    forged = {**FORM, "email": "ktos-inny@poczta.example"}
    assert browser.post(f"/spotkania/{meeting}/zapis", data=forged).status_code == 303

    [row] = rows(app)
    assert (row.state, row.email, row.person_id) == ("signed", "ewa@poczta.example", person)
    assert "Jesteś na liście" in browser.get(f"/spotkania/{meeting}").text
    assert browser.post(f"/spotkania/{meeting}/zapis", data=FORM).status_code == 409
    assert taken(app, meeting) == 1


def test_a_second_sign_up_of_an_address_shows_nothing_to_a_stranger(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant)
    first = visitor.post(f"/spotkania/{meeting}/zapis", data=FORM)
    visitor.post(f"{link(app)}/potwierdzenie")

    again = visitor.post(
        f"/spotkania/{meeting}/zapis", data={**FORM, "email": "EWA@poczta.example"}
    )

    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert len(rows(app)) == 1
    assert "jest już na liście" in letters(app)[-1].body


def test_a_form_confirmed_twice_is_one_sign_up(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=5)
    for _ in range(2):
        visitor.post(f"/spotkania/{meeting}/zapis", data=FORM)
    first, second = link(app, 0), link(app, 1)

    assert visitor.post(f"{first}/potwierdzenie").status_code == 303
    assert visitor.post(f"{first}/potwierdzenie").status_code == 303
    assert visitor.post(f"{second}/potwierdzenie").status_code == 409
    assert taken(app, meeting) == 1


def test_a_link_is_valid_for_a_day(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant)
    visitor.post(f"/spotkania/{meeting}/zapis", data=FORM)
    path = link(app)

    with clock.at(clock.now() + timedelta(hours=25)):
        assert "w ciągu doby" in visitor.get(path).text
        assert visitor.post(f"{path}/potwierdzenie").status_code == 409
    assert states(app) == [SignUpState.ASKED]


def test_links_that_are_not_ours_lead_nowhere(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    visitor.post(f"/spotkania/{make.meeting(app, tenant)}/zapis", data=FORM)
    path = link(app)

    assert visitor.get(path + "x").status_code == 404
    assert visitor.get("/zapis/zgadniety").status_code == 404
    assert make.client(app, slug="wrzosowiany").get(path).status_code == 404


def test_a_full_meeting_has_a_waiting_list_that_moves_up_by_itself(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=3)
    first = sit(app, visitor, meeting, "a@poczta.example", 2)
    sit(app, visitor, meeting, "b@poczta.example", 2)
    sit(app, visitor, meeting, "c@poczta.example", 1)
    assert states(app) == ["signed", "waiting", "signed"]  # one seat was left, and one fits

    assert visitor.post(f"{first}/wycofanie").status_code == 303

    assert states(app) == ["withdrawn", "signed", "signed"]
    assert taken(app, meeting) == 3
    assert letters(app)[-1].address == "b@poczta.example"
    assert "jest już Twoje" in letters(app)[-1].body


def test_who_withdraws_leaves_nothing_behind(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant, seats=3)
    path = sit(app, visitor, meeting, "a@poczta.example")

    visitor.post(f"{path}/wycofanie")
    visitor.post(f"{path}/wycofanie")

    [row] = rows(app)
    assert (row.name, row.email, row.email_folded, row.needs, row.phone) == ("", "", None, "", "")
    assert taken(app, meeting) == 0
    assert "Twoje dane są usunięte" in visitor.get(path).text


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"has_sign_up": False}, "nie trzeba się zapisywać"),
        ({"days_left": -1}, "już się zaczęło albo skończyło"),
        (
            {"sign_up_until": clock.now() - timedelta(days=1)},
            "Zapisy na to spotkanie się skończyły",
        ),
        ({"state": "cancelled", "state_reason": "Awaria"}, "odwołane"),
    ],
)
def test_who_comes_too_late_reads_why(
    app: Flask, tenant: int, visitor: FlaskClient, columns: dict[str, object], words: str
) -> None:
    meeting = make.meeting(app, tenant, **columns)  # type: ignore[arg-type]

    assert words in visitor.get(f"/spotkania/{meeting}/zapis").text
    assert visitor.post(f"/spotkania/{meeting}/zapis", data=FORM).status_code == 409
    assert rows(app) == []


def test_a_form_that_is_not_in_order_comes_back_as_typed(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant)

    for wrong in ({"email": "to nie adres"}, {"name": ""}, {"persons": "6"}, {"persons": "x"}):
        answer = visitor.post(
            f"/spotkania/{meeting}/zapis", data={**FORM, "needs": "Wózek.", **wrong}
        )
        assert answer.status_code == 422
        assert "Wózek." in answer.text
    assert rows(app) == []
    assert letters(app) == []


def test_more_persons_than_all_seats_are_refused(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=2)

    answer = visitor.post(f"/spotkania/{meeting}/zapis", data={**FORM, "persons": "3"})

    assert answer.status_code == 409
    assert "mniej miejsc" in answer.text


def test_nobodys_box_is_filled_by_a_stranger(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant)

    answers = [visitor.post(f"/spotkania/{meeting}/zapis", data=FORM).status_code for _ in range(8)]

    assert answers == [303] * 6 + [429] * 2
    assert len(letters(app)) == 6


def test_what_people_need_is_seen_by_the_office_alone(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant)
    visitor.post(f"/spotkania/{meeting}/zapis", data={**FORM, "needs": "Pętla indukcyjna proszę"})
    visitor.post(f"{link(app)}/potwierdzenie")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert "Pętla indukcyjna proszę" in officer.get(f"/urzad/spotkania/{meeting}").text
    assert "Pętla indukcyjna proszę" not in officer.get(f"/urzad/spotkania/{meeting}/lista").text
    for page in (f"/spotkania/{meeting}", "/kalendarz", "/kalendarz.ics"):
        assert "proszę" not in visitor.get(page).text
        assert "Ewa Nowak" not in visitor.get(page).text


# Times.


@pytest.fixture
def hours(app: Flask, tenant: int) -> int:
    """Three times of twenty minutes."""
    return make.meeting(
        app,
        tenant,
        title="Dyżur projektantki",
        kind=Kind.DESIGNER_HOURS,
        hours=1,
        slot_minutes=20,
        seats=3,
    )


def at_slot(app: Flask, visitor: FlaskClient, meeting: int, email: str, slot: int) -> str:
    visitor.post(f"/spotkania/{meeting}/zapis", data={**FORM, "email": email, "slot": str(slot)})
    path = link(app)
    visitor.post(f"{path}/potwierdzenie", data={"slot": str(slot)})
    return path


def test_each_time_is_one_persons(app: Flask, hours: int, visitor: FlaskClient) -> None:
    at_slot(app, visitor, hours, "a@poczta.example", 1)

    page = visitor.get(f"/spotkania/{hours}/zapis").text
    assert '<option value="1">' not in page
    assert page.count("<option") == 2
    taken_already = visitor.post(
        f"/spotkania/{hours}/zapis", data={**FORM, "email": "b@poczta.example", "slot": "1"}
    )
    assert taken_already.status_code == 422
    assert "Wolne godziny: 2 z 3" in visitor.get(f"/spotkania/{hours}").text


def test_a_time_that_went_meanwhile_is_chosen_anew_on_the_letters_page(
    app: Flask, hours: int, visitor: FlaskClient
) -> None:
    visitor.post(f"/spotkania/{hours}/zapis", data={**FORM, "slot": "0"})
    slow = link(app)
    at_slot(app, visitor, hours, "b@poczta.example", 0)

    assert visitor.post(f"{slow}/potwierdzenie", data={"slot": "0"}).status_code == 422
    assert '<option value="2">' in visitor.get(slow).text
    assert visitor.post(f"{slow}/potwierdzenie", data={"slot": "2"}).status_code == 303
    assert sorted(row.slot or 0 for row in rows(app)) == [0, 2]


def test_when_all_times_are_taken_the_next_free_one_goes_to_who_waits(
    app: Flask, hours: int, visitor: FlaskClient
) -> None:
    paths = [at_slot(app, visitor, hours, f"{n}@poczta.example", n) for n in range(3)]
    sit(app, visitor, hours, "czeka@poczta.example")
    assert states(app)[-1] == "waiting"

    visitor.post(f"{paths[1]}/wycofanie")

    assert (rows(app)[-1].state, rows(app)[-1].slot) == ("signed", 1)
    assert "Twoja godzina" in letters(app)[-1].body


# By telephone.


def test_who_telephones_is_entered_and_taken_off_by_the_office(app: Flask, tenant: int) -> None:
    meeting = make.meeting(app, tenant, seats=2, days_left=5)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    page = f"/urzad/spotkania/{meeting}"

    form = {"name": "Jan Z.", "phone": "600 100 200", "persons": "2"}
    assert officer.post(f"{page}/zapisy", data=form).status_code == 303
    assert officer.post(f"{page}/zapisy", data={**form, "name": "Ala"}).status_code == 303

    assert states(app) == ["signed", "waiting"]
    assert letters(app) == []  # nobody gave an address
    assert "600 100 200" in officer.get(page).text
    assert "Jan Z." in officer.get(f"{page}/lista").text
    assert officer.post(f"{page}/zapisy/{rows(app)[0].id}/usuniecie").status_code == 303
    assert states(app) == ["withdrawn", "signed"]


def test_a_role_for_another_consultation_sees_nobody(app: Flask, tenant: int) -> None:
    mine = make.consultation(app, tenant, slug="moje")
    other = make.consultation(app, tenant, slug="cudze")
    own = make.meeting(app, tenant, consultation=mine, title="Moje spotkanie")
    foreign = make.meeting(app, tenant, consultation=other, title="Cudze spotkanie")
    common = make.meeting(app, tenant, title="Wspólne spotkanie")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=mine))

    assert officer.get(f"/urzad/spotkania/{own}").status_code == 200
    for meeting in (foreign, common):
        assert officer.get(f"/urzad/spotkania/{meeting}").status_code == 403
    listed = officer.get("/urzad/spotkania").text
    assert "Moje spotkanie" in listed
    assert "Cudze spotkanie" not in listed
    assert "Wspólne spotkanie" not in listed
    assert "/urzad/spotkania/nowe" not in listed


# Letters to all.


def run_due(app: Flask) -> None:
    with app.app_context():
        while jobs.run_due():
            pass


def test_the_day_before_everybody_on_the_list_is_reminded_once(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    meeting = make.meeting(app, tenant, seats=1, published=False)
    officer.post(f"/urzad/spotkania/{meeting}/ogloszenie")
    sit(app, visitor, meeting, "a@poczta.example")
    sit(app, visitor, meeting, "czeka@poczta.example")
    run_due(app)
    before = len(letters(app))

    with clock.at(clock.now() + timedelta(days=9, hours=12)):
        run_due(app)
        run_due(app)

    new = letters(app)[before:]
    assert [letter.address for letter in new] == ["a@poczta.example"]
    assert "Jutro spotkanie" in new[0].body
    assert "/zapis/" in new[0].body


def test_a_reminder_is_promised_only_while_it_is_still_to_come(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    soon, later = make.meeting(app, tenant, days_left=0.2), make.meeting(app, tenant)

    sit(app, visitor, later, "a@poczta.example")
    sit(app, visitor, soon, "b@poczta.example")

    promised = ["Przypomnimy" in letter.body for letter in letters(app)]
    assert promised == [False, True, False, False]


def test_nobody_is_reminded_of_what_was_called_off(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    meeting = make.meeting(app, tenant, published=False)
    officer.post(f"/urzad/spotkania/{meeting}/ogloszenie")
    sit(app, visitor, meeting, "a@poczta.example")
    officer.post(f"/urzad/spotkania/{meeting}/odwolanie", data={"reason": "Awaria ogrzewania."})

    with clock.at(clock.now() + timedelta(days=9, hours=12)):
        run_due(app)

    assert "odwołane" in letters(app)[-1].subject
    assert "Awaria ogrzewania." in letters(app)[-1].body
    assert not any("Przypomnienie" in letter.subject for letter in letters(app))


def test_a_message_is_seen_before_it_goes_to_all(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    meeting = make.meeting(app, tenant, seats=1)
    page = f"/urzad/spotkania/{meeting}/wiadomosc"
    form = {"subject": "Zmiana wejścia 100%", "body": "Wchodzimy od ul. Szkolnej."}
    assert officer.post(f"{page}/wyslanie", data=form).status_code == 409  # to nobody
    sit(app, visitor, meeting, "a@poczta.example")
    sit(app, visitor, meeting, "czeka@poczta.example")
    before = len(letters(app))

    preview = officer.post(page, data=form)
    run_due(app)
    assert "Wchodzimy od ul. Szkolnej." in preview.text
    assert len(letters(app)) == before
    assert officer.post(f"{page}/wyslanie", data=form).status_code == 303
    run_due(app)

    new = letters(app)[before:]
    assert [letter.address for letter in new] == ["a@poczta.example", "czeka@poczta.example"]
    assert new[0].subject == "Zmiana wejścia 100%"
    assert "adresów: 2" in officer.get(f"/urzad/spotkania/{meeting}").text


# Personal data.


def test_thirty_days_after_the_meeting_nobody_is_on_its_list(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=5, days_left=1)
    sit(app, visitor, meeting, "a@poczta.example")
    visitor.post(f"/spotkania/{meeting}/zapis", data={**FORM, "email": "nigdy@poczta.example"})
    with app.app_context():
        rules = {rule.key: rule for rule in retention.list_rules()}
        sign_ups, unconfirmed = rules["meetings.sign_ups"], rules["meetings.unconfirmed"]

        def due(days: float) -> tuple[int, int]:
            now = clock.now() + timedelta(days=days)
            return sign_ups.count(now), unconfirmed.count(now)

        assert due(0.5) == (0, 0)
        assert due(1.5) == (0, 1)
        assert due(31) == (0, 1)
        assert due(31.2) == (2, 1)
        with transaction():
            assert sign_ups.remove(clock.now() + timedelta(days=31.2)) == 2
    assert rows(app) == []


def test_a_closed_account_leaves_the_list_and_its_seat_to_others(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant, seats=1)
    person = make.person(app, email="ewa@poczta.example")
    make.client(app, signed_in=person).post(f"/spotkania/{meeting}/zapis", data=FORM)
    sit(app, visitor, meeting, "czeka@poczta.example")

    with app.app_context(), transaction():
        closing.run(person)

    assert states(app) == ["withdrawn", "signed"]
    assert rows(app)[0].person_id is None


def test_my_data_hold_my_sign_ups(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant)
    sit(app, visitor, meeting, "ewa@poczta.example")  # without the account, by its address
    person = make.person(app, email="ewa@poczta.example")

    with app.app_context():
        found = mydata.collect(db.session.get_one(Person, person))["meeting_sign_ups"]

    assert [row["name"] for row in found] == ["Ewa Nowak"]


def test_the_counter_is_what_the_rows_say(app: Flask, tenant: int, visitor: FlaskClient) -> None:
    meeting = make.meeting(app, tenant, seats=6)
    paths = [sit(app, visitor, meeting, f"{n}@poczta.example", n) for n in range(1, 5)]
    visitor.post(f"{paths[0]}/wycofanie")
    visitor.post(f"{paths[2]}/wycofanie")

    with app.app_context():
        counted = db.session.scalar(
            select(func.sum(SignUp.persons)).where(SignUp.state == SignUpState.SIGNED)
        )
    assert taken(app, meeting) == counted == 6


def test_pages_take_few_statements_however_many_sign_up(app: Flask, tenant: int) -> None:
    meeting = make.meeting(app, tenant, consultation=make.consultation(app, tenant))
    now = clock.now()
    with app.app_context(), transaction():
        db.session.add_all(
            SignUp(
                tenant_id=tenant,
                meeting_id=meeting,
                name=f"Osoba {n}",
                email=f"o{n}@poczta.example",
                email_folded=f"o{n}@poczta.example",
                state=SignUpState.SIGNED,
                asked_at=now,
                confirmed_at=now,
            )
            for n in range(60)
        )
        db.session.get_one(Meeting, meeting).taken = 60
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    visitor = make.client(app)
    for page in (f"/urzad/spotkania/{meeting}", f"/urzad/spotkania/{meeting}/lista"):
        officer.get(page)
        with sql.counted(app) as statements:
            assert officer.get(page).status_code == 200
        assert len(statements) <= 12, "\n".join(statements)
    for page in (f"/spotkania/{meeting}", f"/spotkania/{meeting}/zapis", "/kalendarz"):
        visitor.get(page)
        with sql.counted(app) as statements:
            assert visitor.get(page).status_code == 200
        assert len(statements) <= 8, "\n".join(statements)
        with sql.counted(app) as statements:
            assert officer.get(page).status_code == 200
        assert len(statements) <= 12, "\n".join(statements)
