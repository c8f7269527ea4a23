"""The office's way with a meeting: plan, announce, change, call off, write down what came of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deliberate.audit.models import AuditEntry
from deliberate.consultations.models import Consultation, State
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.meetings import outcome as meeting_outcome
from deliberate.meetings import queries
from deliberate.meetings.models import Meeting, MeetingChange, SignUp
from tests import make

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FORM = {
    "revision": "1",
    "kind": "workshop",
    "title": "Warsztat zieleni",
    "day": "2026-12-05",
    "starts": "10:00",
    "ends": "12:30",
    "place": "Dom Kultury",
    "address": "ul. Szkolna 4",
    "area_id": "0",
    "step_free": "yes",
    "loop": "no",
    "has_sign_up": "y",
    "seats": "20",
}


@pytest.fixture(autouse=True)
def november() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def only(app: Flask) -> Meeting:
    with app.app_context():
        return db.session.scalars(select(Meeting)).one()


def form_of(app: Flask, **changes: str) -> dict[str, str]:
    return {**FORM, "revision": str(only(app).revision), **changes}


def changes(app: Flask) -> list[MeetingChange]:
    with app.app_context():
        return list(db.session.scalars(select(MeetingChange).order_by(MeetingChange.id)))


def announce(officer: FlaskClient, **more: str) -> None:
    officer.post("/urzad/spotkania/nowe", data={**FORM, **more})
    assert officer.post("/urzad/spotkania/1/ogloszenie").status_code == 303


def sit(app: Flask, tenant: int, *, email: str = "ewa@poczta.example", persons: int = 1) -> None:
    with app.app_context(), transaction():
        meeting = db.session.scalars(select(Meeting)).one()
        meeting.taken += persons
        db.session.add(
            SignUp(
                tenant_id=tenant,
                meeting_id=meeting.id,
                name="Ewa",
                email=email,
                email_folded=email,
                persons=persons,
                state="signed",
                asked_at=NOW,
                confirmed_at=NOW,
            )
        )


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        while jobs.run_due():
            pass
        return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))


# Planning and announcing.


def test_a_meeting_is_planned_seen_by_the_office_and_then_announced(
    app: Flask, officer: FlaskClient, visitor: FlaskClient
) -> None:
    assert officer.post("/urzad/spotkania/nowe", data=FORM).status_code == 303
    meeting = only(app)
    assert visitor.get(f"/spotkania/{meeting.id}").status_code == 404
    assert "Warsztat zieleni" not in visitor.get("/kalendarz?miesiac=2026-12").text

    assert officer.post(f"/urzad/spotkania/{meeting.id}/ogloszenie").status_code == 303

    page = visitor.get(f"/spotkania/{meeting.id}").text
    assert "sobota 5" in page
    assert "10:00–12:30" in page
    assert "Wejście bez schodów: <strong>tak</strong>" in page
    assert "Winda: <strong>nie wiemy</strong>" in page
    assert "Warsztat zieleni" in visitor.get("/kalendarz?miesiac=2026-12").text
    assert meeting.starts_at == datetime(2026, 12, 5, 9, tzinfo=UTC)


def test_hours_stay_warsaws_whatever_the_clocks_do(app: Flask, officer: FlaskClient) -> None:
    officer.post("/urzad/spotkania/nowe", data={**FORM, "day": "2027-06-05"})

    assert only(app).starts_at == datetime(2027, 6, 5, 8, tzinfo=UTC)
    page = officer.get("/urzad/spotkania/1/edycja").text
    assert 'value="10:00"' in page
    assert 'value="2027-06-05"' in page


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2027-03-28", "starts": "02:30"}, "Tej godziny nie ma"),
        ({"ends": "09:00"}, "Koniec wypada przed początkiem"),
        ({"day": "5 grudnia"}, "Podaj dzień w postaci"),
        ({"starts": "dziesiąta"}, "Podaj godzinę w postaci"),
        ({"seats": "dużo"}, "Podaj liczbę"),
        ({"seats": "0"}, "Podaj liczbę"),
        ({"online_url": "http://sala.example"}, "zaczyna się od https://"),
        ({"online_url": "javascript:alert(1)"}, "zaczyna się od https://"),
        ({"slot_minutes": "200"}, "nie mieści się ani jedna wizyta"),
        ({"sign_up_until": "2026-12-06"}, "najpóźniej w dniu spotkania"),
        ({"kind": "bal"}, "Wybierz z listy"),
        ({"step_free": "może"}, "Wybierz z listy"),
        ({"area_id": "999"}, "Wybierz z listy"),
        ({"title": ""}, "Uzupełnij to pole"),
    ],
)
def test_a_form_that_is_not_in_order_says_what_is_wrong_and_keeps_the_rest(
    app: Flask, officer: FlaskClient, wrong: dict[str, str], words: str
) -> None:
    answer = officer.post("/urzad/spotkania/nowe", data={**FORM, **wrong})

    assert answer.status_code == 422
    assert words in answer.text
    assert "ul. Szkolna 4" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"place": "", "address": ""}, "Podaj miejsce albo adres"),
        ({"day": "2026-11-20"}, "już minął"),
    ],
)
def test_what_cannot_be_announced_says_why(
    officer: FlaskClient, columns: dict[str, str], words: str
) -> None:
    officer.post("/urzad/spotkania/nowe", data={**FORM, **columns})

    answer = officer.post("/urzad/spotkania/1/ogloszenie")

    assert answer.status_code == 409
    assert words in answer.text


def test_a_draft_can_be_thrown_away_and_what_is_announced_cannot(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post("/urzad/spotkania/nowe", data=FORM)
    assert officer.post("/urzad/spotkania/1/usuniecie").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Meeting)).all() == []

    officer.post("/urzad/spotkania/nowe", data=FORM)
    number = only(app).id
    officer.post(f"/urzad/spotkania/{number}/ogloszenie")
    assert officer.post(f"/urzad/spotkania/{number}/usuniecie").status_code == 409


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meeting",
        "UPDATE meeting SET published_at = NULL",
        "UPDATE meeting SET created_at = '2020-01-01 00:00:00'",
        "UPDATE meeting SET taken = 21",
        "UPDATE meeting SET taken = -1",
        "UPDATE meeting SET seats = 0",
        "UPDATE meeting SET state = 'cancelled'",
        "UPDATE meeting SET ends_at = starts_at",
    ],
)
def test_the_database_itself_refuses(app: Flask, officer: FlaskClient, statement: str) -> None:
    announce(officer)

    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.execute(text(statement))


# Changing and calling off.


def test_a_change_is_public_has_its_reason_and_goes_to_everybody_on_the_list(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    announce(officer)
    sit(app, tenant)
    new = form_of(app, day="2026-12-06", place="Szkoła nr 2")

    without = officer.post("/urzad/spotkania/1/edycja", data=new)
    assert without.status_code == 409
    assert "Szkoła nr 2" in without.text  # what was typed stays
    reason = "W Domu Kultury pękła rura."
    assert (
        officer.post("/urzad/spotkania/1/edycja", data={**new, "reason": reason}).status_code == 303
    )

    page = visitor.get("/spotkania/1").text
    assert page.count(reason) >= 2  # above, and beside each line
    assert "Szkoła nr 2" in page
    assert [row.field for row in changes(app)] == ["when", "place"]
    assert only(app).state == "moved"
    letter = letters(app)[-1]
    assert letter.address == "ewa@poczta.example"
    assert "Jest: Szkoła nr 2" in letter.body
    assert reason in letter.body


def test_of_a_moved_meeting_people_are_reminded_before_its_new_day(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    announce(officer)  # 5 December
    sit(app, tenant)
    data = form_of(app, day="2026-12-12", reason="Sala jest zajęta.")
    officer.post("/urzad/spotkania/1/edycja", data=data)

    def reminders_by(day: int) -> int:
        with clock.at(datetime(2026, 12, day, 12, tzinfo=UTC)):
            return sum("Przypomnienie" in letter.subject for letter in letters(app))

    assert [reminders_by(day) for day in (4, 10, 11, 12)] == [0, 0, 1, 1]


def test_a_change_of_something_else_moves_nothing(app: Flask, officer: FlaskClient) -> None:
    announce(officer)

    data = form_of(app, bring="Kapelusz", reason="Będzie słońce.")
    officer.post("/urzad/spotkania/1/edycja", data=data)

    assert only(app).state == "planned"
    assert [row.field for row in changes(app)] == ["bring"]


def test_saving_what_it_said_before_tells_nobody(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    announce(officer)
    sit(app, tenant)

    officer.post("/urzad/spotkania/1/edycja", data=form_of(app))

    assert changes(app) == []
    assert letters(app) == []


def test_two_officers_do_not_overwrite_each_other(app: Flask, officer: FlaskClient) -> None:
    officer.post("/urzad/spotkania/nowe", data=FORM)
    first = form_of(app, title="Pierwszy")
    officer.post("/urzad/spotkania/1/edycja", data=first)

    answer = officer.post("/urzad/spotkania/1/edycja", data={**first, "title": "Drugi"})

    assert answer.status_code == 409
    assert "w międzyczasie" in answer.text
    assert only(app).title == "Pierwszy"


def test_nobody_loses_a_seat_by_a_smaller_room(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    announce(officer)
    sit(app, tenant, persons=5)

    data = form_of(app, seats="4", reason="Mniejsza sala.")
    answer = officer.post("/urzad/spotkania/1/edycja", data=data)

    assert answer.status_code == 409
    assert "jest już więcej: 5" in answer.text


def test_a_larger_room_lets_in_who_waits(app: Flask, tenant: int, officer: FlaskClient) -> None:
    announce(officer, seats="2")
    sit(app, tenant)
    officer.post("/urzad/spotkania/1/zapisy", data={"name": "Jan", "persons": "2"})

    data = form_of(app, seats="3", reason="Większa sala.")
    assert officer.post("/urzad/spotkania/1/edycja", data=data).status_code == 303

    with app.app_context():
        assert set(db.session.scalars(select(SignUp.state))) == {"signed"}
    assert only(app).taken == 3


def test_what_is_called_off_stays_to_be_read_with_its_reason(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    announce(officer)
    sit(app, tenant)

    assert officer.post("/urzad/spotkania/1/odwolanie", data={"reason": ""}).status_code == 422
    answer = officer.post("/urzad/spotkania/1/odwolanie", data={"reason": "Choroba prowadzącej."})

    assert answer.status_code == 303
    assert "Choroba prowadzącej." in visitor.get("/spotkania/1").text
    assert "odwołane" in visitor.get("/kalendarz?miesiac=2026-12").text
    assert "odwołane" in letters(app)[-1].subject
    data = form_of(app, title="Znów", reason="Jednak będzie.")
    assert officer.post("/urzad/spotkania/1/edycja", data=data).status_code == 409
    assert officer.post("/urzad/spotkania/1/zapisy", data={"name": "Jan"}).status_code in (409, 422)


def test_a_meeting_of_a_draft_consultation_is_seen_with_it(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient
) -> None:
    make.consultation(app, tenant, state=State.DRAFT)
    published = make.consultation(app, tenant, slug="park")
    officer.post("/urzad/konsultacje/rynek/spotkania/nowe", data=FORM)
    officer.post("/urzad/spotkania/1/ogloszenie")

    for page in ("/spotkania/1", "/spotkania/1/termin.ics", "/spotkania/1/zapis"):
        assert visitor.get(page).status_code == 404
    assert "Warsztat" not in visitor.get("/kalendarz.ics").text
    other = make.meeting(app, tenant, consultation=published)
    assert visitor.get(f"/spotkania/{other}").status_code == 200
    page = visitor.get("/konsultacje/park").text
    assert "Spotkania przed nami: 1" in page
    assert "Spotkanie mieszkańców" in page


def test_acts_are_in_the_journal(app: Flask, officer: FlaskClient) -> None:
    announce(officer)
    officer.post("/urzad/spotkania/1/odwolanie", data={"reason": "Choroba."})

    with app.app_context():
        acts = list(
            db.session.scalars(
                select(AuditEntry.action)
                .where(AuditEntry.action.startswith("meeting."))
                .order_by(AuditEntry.seq)
            )
        )
    assert acts == ["meeting.drafted", "meeting.published", "meeting.cancelled"]
    auditor = make.client(app, signed_in=make.staff(app, 1, Role.AUDITOR))
    assert "odwołanie spotkania" in auditor.get("/urzad/dziennik").text


# Afterwards.


@pytest.fixture
def held(app: Flask, tenant: int) -> int:
    consultation = make.consultation(app, tenant)
    return make.meeting(app, tenant, consultation=consultation, days_left=-2)


def test_what_came_of_it_is_written_as_a_draft_and_published(
    app: Flask, officer: FlaskClient, visitor: FlaskClient, held: int
) -> None:
    page = f"/urzad/spotkania/{held}/przebieg"
    form = {"revision": "1", "attendance": "43", "topics": "- zieleń\n- parking", "note": "Było."}

    officer.post(page, data={**form, "draft": "1"})
    assert "Było." not in visitor.get(f"/spotkania/{held}").text
    officer.post(page, data={**form, "revision": "2", "publish": "1"})

    seen = visitor.get(f"/spotkania/{held}").text
    assert "Było." in seen
    assert "<strong>43</strong>" in seen
    assert only(app).state == "held"
    assert officer.post(page, data={**form, "publish": "1"}).status_code == 409  # a second tab


def test_questions_are_shown_with_their_answers(
    app: Flask, officer: FlaskClient, visitor: FlaskClient, held: int
) -> None:
    page = f"/urzad/spotkania/{held}/przebieg/pytania"
    question = {"question": "Kiedy ruszą prace?", "asked_by": "mieszkanka Nadrzecza"}
    officer.post(page, data={**question, "answer": "", "publish": "y"})
    assert "Kiedy ruszą prace?" not in visitor.get(f"/spotkania/{held}").text

    officer.post(f"{page}/1", data={**question, "answer": "Wiosną.", "publish": "y"})

    seen = visitor.get(f"/spotkania/{held}").text
    assert "Wiosną." in seen
    assert "mieszkanka Nadrzecza" in seen
    assert officer.post(f"{page}/1/usuniecie").status_code == 303
    assert "Wiosną." not in visitor.get(f"/spotkania/{held}").text
    assert officer.get(f"{page}/1").status_code == 404


def test_files_are_seen_while_the_meeting_is(
    app: Flask, tenant: int, officer: FlaskClient, visitor: FlaskClient, held: int
) -> None:
    data = {"upload": (io.BytesIO(b"Plan zieleni"), "plan.txt"), "file_alt": "Plan zieleni"}
    assert officer.post(f"/urzad/spotkania/{held}/przebieg/pliki", data=data).status_code == 303
    with app.app_context():
        [file] = queries.list_files(db.session.get_one(Meeting, held))

    assert "Plan zieleni" in visitor.get(f"/spotkania/{held}").text
    assert visitor.get(f"/pliki/{file.token}/plan.txt").status_code == 200
    with app.app_context(), transaction():
        draft = Meeting(
            tenant_id=tenant,
            title="Szkic",
            kind="interview",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            created_at=NOW,
        )
        db.session.add(draft)
        db.session.flush()
        db.session.merge(file).subject_id = draft.id
    assert visitor.get(f"/pliki/{file.token}/plan.txt").status_code == 404


def test_nothing_is_said_of_what_has_not_begun(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant)
    page = f"/urzad/spotkania/{meeting}/przebieg"

    assert "jeszcze się nie zaczęło" in officer.get(page).text
    assert officer.post(page, data={"revision": "1", "note": "x"}).status_code == 409
    assert officer.post(f"{page}/pytania", data={"question": "Co?"}).status_code == 409


def test_the_report_reads_what_is_published_and_no_more(
    app: Flask, tenant: int, officer: FlaskClient, held: int
) -> None:
    page = f"/urzad/spotkania/{held}/przebieg"
    note = {"revision": "1", "attendance": "7", "topics": "zieleń\n\n– parking", "note": "Było."}
    officer.post(page, data={**note, "publish": "1"})
    answered = {"question": "Ile drzew?", "answer": "Dwanaście.", "publish": "y"}
    officer.post(f"{page}/pytania", data=answered)
    officer.post(f"{page}/pytania", data={"question": "A wiaty?", "answer": ""})
    consultation = only(app).consultation_id
    make.meeting(app, tenant, consultation=consultation, title="Przed nami")
    gone = make.meeting(app, tenant, consultation=consultation, title="Odwołane")
    officer.post(f"/urzad/spotkania/{gone}/odwolanie", data={"reason": "Choroba."})

    with app.app_context():
        found = meeting_outcome.list_held(db.session.get_one(Consultation, consultation))

    assert [each.meeting.title for each in found] == ["Spotkanie mieszkańców", "Odwołane"]
    assert (found[0].attendance, found[0].note, found[0].topics) == (
        7,
        "Było.",
        ("zieleń", "parking"),
    )
    assert [row.answer for row in found[0].questions] == ["Dwanaście."]


def test_a_poster_knows_what_to_say(app: Flask, officer: FlaskClient) -> None:
    announce(officer)

    with app.app_context():
        facts = queries.poster_facts(db.session.get_one(Meeting, 1))

    assert facts.access == ("step_free",)
    assert (facts.place, facts.path, facts.seats) == ("Dom Kultury", "/spotkania/1", 20)
