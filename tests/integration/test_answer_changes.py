"""A published answer put differently: written by one, made public by another, never in silence."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from deliberate.answers.changes import find_waiting, seal
from deliberate.answers.models import Answer, AnswerChange
from deliberate.audit.models import AuditEntry
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make, sql

PAGE = "/konsultacje/rynek/wynik"
DESK = "/urzad/konsultacje/rynek/odpowiedzi"
FORMER = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
LATER = "Druga ekspertyza wykazała, że fundamenty trzeba wzmocnić."
WHY = "Przyszła druga ekspertyza."
CHANGE = {"position": "partly", "reason": LATER, "unit": "0", "why": WHY}


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


@pytest.fixture
def thing(app: Flask, tenant: int, officer: FlaskClient, approver: FlaskClient) -> int:
    """A proposal with its answer out."""
    found = make.proposal(app, tenant, make.consultation(app, tenant), title="Drzewa najpierw")
    filled = {"position": "accepted", "reason": FORMER, "unit": "0"}
    assert officer.post(f"{DESK}/proposal/{found}", data=filled).status_code == 303
    assert approver.post(f"{DESK}/ogloszenie").status_code == 303
    return found


def one(thing: int) -> str:
    return f"{DESK}/proposal/{thing}/zmiana"


def write(officer: FlaskClient, thing: int, **changed: str) -> int:
    return officer.post(one(thing), data={**CHANGE, **changed}).status_code


def publish(app: Flask, approver: FlaskClient, thing: int, *, seen: str | None = None) -> int:
    if seen is None:
        with app.app_context():
            waiting = find_waiting(db.session.scalars(select(Answer)).one())
            seen = seal(waiting) if waiting else ""
    return approver.post(f"{one(thing)}/ogloszenie", data={"seen": seen}).status_code


def read(app: Flask, path: str) -> str:
    return " ".join(make.client(app).get(path).text.split())


def history(thing: int) -> str:
    return f"{PAGE}/proposal/{thing}/zmiany"


def test_a_change_waits_unseen_for_the_second_person(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    assert write(officer, thing) == 303

    for path in (PAGE, history(thing), "/konsultacje/rynek/propozycje/1"):
        page = read(app, path)
        assert LATER[:30] not in page
        assert WHY not in page
    assert "zmiana czeka na ogłoszenie" in approver.get(DESK).text
    assert WHY in approver.get(one(thing)).text


def test_published_it_stands_with_its_day_its_reason_and_the_former_text(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    assert publish(app, approver, thing) == 303

    for path in (PAGE, "/konsultacje/rynek/propozycje/1"):
        page = read(app, path)
        assert LATER in page
        assert FORMER not in page
        assert f"Powód: {WHY}" in page
        assert history(thing) in page
    assert "Urząd przyjął 0, częściowo 1" in read(app, PAGE)
    former = read(app, history(thing))
    assert WHY in former
    assert "<del>Ekspertyza potwierdza" in former
    assert "<ins>" in former
    assert "zmiana czeka" not in approver.get(DESK).text


def test_the_author_is_told_once_and_the_journal_says_who(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    publish(app, approver, thing)
    assert publish(app, approver, thing, seen="x") == 409

    with app.app_context():
        letters = db.session.scalars(
            select(Outbox).where(Outbox.subject.startswith("Urząd zmienił odpowiedź"))
        ).all()
        acts = db.session.scalars(
            select(AuditEntry.action).order_by(AuditEntry.at, AuditEntry.seq)
        ).all()
    assert len(letters) == 1
    assert WHY in letters[0].body
    assert "/moje/odpowiedz/" in letters[0].body
    assert acts[-2:] == ["answers.change_written", "answers.changed"]


def test_each_later_change_is_listed_above_the_earlier(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    publish(app, approver, thing)
    write(officer, thing, position="accepted", reason=FORMER, why="Druga ekspertyza była błędna.")
    publish(app, approver, thing)

    page = read(app, history(thing))
    assert page.index("była błędna") < page.index(WHY)
    assert FORMER in read(app, PAGE)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [{"why": ""}, {"why": "Bo tak."}, {"reason": "Nie."}, {"position": "maybe"}, {"unit": "77"}],
)
def test_what_lacks_a_reason_or_a_shape_comes_back_as_typed(
    app: Flask, officer: FlaskClient, thing: int, wrong: dict[str, str]
) -> None:
    answer = officer.post(one(thing), data={**CHANGE, **wrong})

    assert answer.status_code == 422
    assert (LATER if "reason" not in wrong else WHY) in answer.text
    with app.app_context():
        assert db.session.scalars(select(AnswerChange)).all() == []


def test_the_same_words_are_no_change(officer: FlaskClient, thing: int) -> None:
    assert write(officer, thing, position="accepted", reason=FORMER) == 409


def test_a_draft_is_corrected_as_a_draft(
    app: Flask, tenant: int, officer: FlaskClient, thing: int
) -> None:
    other = make.proposal(app, tenant, make.consultation(app, tenant, slug="plac"))
    desk = "/urzad/konsultacje/plac/odpowiedzi"
    filled = {"position": "accepted", "reason": FORMER, "unit": "0"}
    officer.post(f"{desk}/proposal/{other}", data=filled)

    assert officer.get(f"{desk}/proposal/{other}/zmiana").status_code == 404
    assert officer.post(f"{desk}/proposal/{other}/zmiana", data=CHANGE).status_code == 404


def test_a_waiting_change_is_written_anew_or_dropped(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    write(officer, thing, why="Przyszła trzecia ekspertyza.")
    with app.app_context():
        assert len(db.session.scalars(select(AnswerChange)).all()) == 1

    assert officer.post(f"{one(thing)}/porzucenie").status_code == 303
    assert officer.post(f"{one(thing)}/porzucenie").status_code == 409
    assert publish(app, approver, thing) == 409
    assert FORMER in read(app, PAGE)


def test_what_changed_since_it_was_read_is_not_published(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    with app.app_context():
        waiting = find_waiting(db.session.scalars(select(Answer)).one())
        assert waiting is not None
        seen = seal(waiting)
    write(officer, thing, reason=LATER + " I podnieść.")

    assert publish(app, approver, thing, seen=seen) == 409
    assert FORMER in read(app, PAGE)


def test_nobody_publishes_their_own_change(app: Flask, tenant: int, thing: int) -> None:
    both = make.staff(app, tenant, Role.OFFICER)
    make.membership(app, tenant, both, Role.APPROVER)
    client = make.client(app, signed_in=both)
    write(client, thing)

    assert "Nie można ogłosić własnej zmiany" in client.get(one(thing)).text
    assert publish(app, client, thing) == 409
    assert FORMER in read(app, PAGE)


def test_who_may_do_what(
    app: Flask, tenant: int, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert write(approver, thing) == 403
    assert write(officer, thing) == 303
    assert publish(app, officer, thing) == 403
    assert resident.get(one(thing)).status_code == 403
    assert write(resident, thing) == 403
    assert approver.post(f"{one(thing)}/porzucenie").status_code == 403


def test_the_database_keeps_what_was_published(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    with app.app_context(), pytest.raises(IntegrityError, match="frozen"), transaction():
        db.session.execute(text("UPDATE answer SET position = 'partly'"))
    publish(app, approver, thing)

    for statement in (
        "UPDATE answer SET position = 'accepted'",
        f"UPDATE answer SET justification = '{FORMER}', position = 'accepted'",  # noqa: S608
        "UPDATE answer SET signed_as = 'Nikt'",
        "UPDATE answer_change SET former_justification = justification",
        "UPDATE answer_change SET published_at = NULL, published_by = NULL",
        "DELETE FROM answer_change",
        "DELETE FROM answer",
    ):
        with (
            app.app_context(),
            pytest.raises(IntegrityError, match=r"frozen|append_only"),
            transaction(),
        ):
            db.session.execute(text(statement))


def test_the_former_texts_of_what_is_hidden_are_not_read(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    publish(app, approver, thing)
    make.hidden(app, "proposal", thing)

    assert make.client(app).get(history(thing)).status_code == 404


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "path",
    [
        f"{PAGE}/proposal/9999/zmiany",
        f"{PAGE}/poll/1/zmiany",
        f"{PAGE}/nic/1/zmiany",
        "/konsultacje/nie-ma/wynik/proposal/1/zmiany",
    ],
)
def test_other_addresses_lead_nowhere(app: Flask, thing: int, path: str) -> None:
    assert make.client(app).get(path).status_code == 404


def test_an_answer_nobody_changed_says_so(app: Flask, thing: int) -> None:
    assert "Tej odpowiedzi nikt nie zmieniał." in read(app, history(thing))
    assert "Poprzedni tekst" not in read(app, PAGE)


def test_a_script_in_a_change_stays_text(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing, why="<script>alert(1)</script> i już", reason=f"<b>{LATER}</b>")
    publish(app, approver, thing)

    for path in (PAGE, history(thing)):
        assert "<script>alert" not in read(app, path)
        assert f"<b>{LATER}" not in read(app, path)


def test_pages_ask_no_more_for_changed_answers(
    app: Flask, officer: FlaskClient, approver: FlaskClient, thing: int
) -> None:
    write(officer, thing)
    publish(app, approver, thing)

    with sql.counted(app) as statements:
        read(app, PAGE)
    assert len(statements) <= 8, statements
    assert sum("answer_change" in statement for statement in statements) == 1
