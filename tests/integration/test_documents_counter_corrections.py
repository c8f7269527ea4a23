"""What the counter entered is put right, as a version with its reason."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.authorship.models import Version
from deliberate.documents.models import Unit
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.counter import DESK, corrected, put_up, remarks, send


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(
        app, tenant, slug="program", opens=(Activity.REMARK,), began=9, days_left=19
    )


@pytest.fixture
def document(app: Flask, tenant: int, consultation: int) -> int:
    return put_up(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int, document: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def test_an_entry_is_put_right_as_a_version_with_its_reason(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer)
    answer = officer.post(f"{DESK}/1/poprawka", data=corrected())

    assert answer.status_code == 303
    (remark,) = remarks(app)
    assert (remark.place, remark.version_no) == ("§ 7", 2)
    with app.app_context():
        versions = db.session.scalars(select(Version).where(Version.kind == "remark")).all()
        assert [(row.no, row.note) for row in versions] == [(1, ""), (2, "błąd w przepisywaniu")]
        counted = dict(db.session.execute(select(Unit.number, Unit.remarks)).all())
        assert (counted[3], counted[4]) == (0, 1)


def test_two_officers_on_one_remark_meet(app: Flask, officer: FlaskClient) -> None:
    send(officer)
    officer.post(f"{DESK}/1/poprawka", data=corrected(body="Pierwsza poprawka tej uwagi."))
    late = officer.post(f"{DESK}/1/poprawka", data=corrected(body="Druga poprawka tej uwagi."))

    assert late.status_code == 409
    assert "ktoś poprawił tę uwagę" in late.text
    assert "Pierwsza poprawka" in late.text
    assert "Druga poprawka" in late.text
    assert [row.body for row in remarks(app)] == ["Pierwsza poprawka tej uwagi."]
    again = corrected(body="Druga poprawka tej uwagi.", based_on="2")
    assert officer.post(f"{DESK}/1/poprawka", data=again).status_code == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"place": "§ 99"},
        {"body": ""},
        {"received_on": "2999-01-01"},
        {"based_on": "x"},
    ],
)
def test_a_correction_of_the_wrong_shape_changes_nothing(
    app: Flask, officer: FlaskClient, wrong: dict[str, str]
) -> None:
    send(officer)

    assert officer.post(f"{DESK}/1/poprawka", data=corrected(**wrong)).status_code == 422
    assert remarks(app)[0].version_no == 1


def test_a_correction_that_changes_nothing_is_refused(app: Flask, officer: FlaskClient) -> None:
    send(officer)
    same = corrected(place="§ 6 ust. 2", body="Drzewa mają zostać, bo dają cień.")

    assert officer.post(f"{DESK}/1/poprawka", data=same).status_code == 409
    assert remarks(app)[0].version_no == 1


def test_what_came_through_the_page_is_not_put_right_by_the_office(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    make.remark(app, tenant, consultation)
    why = {"reason": "list z 20 listopada", "based_on": "1"}

    assert "Tę uwagę zgłoszono przez stronę." in officer.get(f"{DESK}/1/poprawka").text
    assert officer.post(f"{DESK}/1/poprawka", data=corrected()).status_code == 409
    assert officer.post(f"{DESK}/1/wycofanie", data=why).status_code == 409
    assert remarks(app)[0].state == "given"


def test_a_letter_that_withdraws_a_remark_leaves_it_listed(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer)
    short = officer.post(f"{DESK}/1/wycofanie", data={"reason": "", "based_on": "1"})
    officer.post(f"{DESK}/1/wycofanie", data={"reason": "list z 20 listopada", "based_on": "1"})

    assert short.status_code == 422
    (remark,) = remarks(app)
    assert (remark.state, remark.state_reason) == ("withdrawn", "list z 20 listopada")
    assert "list z 20 listopada" in make.client(app).get("/konsultacje/program/uwagi/1").text
    assert officer.post(f"{DESK}/1/poprawka", data=corrected()).status_code == 409
