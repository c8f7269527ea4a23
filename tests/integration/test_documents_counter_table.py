"""A table of letters: looked at, then entered as a whole."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.consultations.models import Consultation
from deliberate.kernel import sheets
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.counter import TABLE, put_up, remarks, send, today


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


HEAD = (
    "Jak przyszła", "Data wpływu", "Od kogo", "Podpis publiczny", "Miejsce", "Rodzaj",
    "Treść uwagi", "E-mail",
)  # fmt: skip


def row(**changed: str) -> tuple[str, ...]:
    said = {
        "channel": "papier",
        "day": today().isoformat(),
        "who": "",
        "label": "mieszkanka",
        "place": "par. 6 ust. 2",
        "kind": "zmiana",
        "body": "Drzewa mają zostać, bo dają cień.",
        "email": "",
        **changed,
    }
    return tuple(said.values())


def upload(client: FlaskClient, *rows: tuple[str, ...], encoding: str = "utf-8-sig") -> str:
    data = sheets.csv_bytes(HEAD, rows).decode("utf-8-sig").encode(encoding)
    answer = client.post(
        TABLE,
        data={"table": (io.BytesIO(data), "uwagi.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return " ".join(answer.text.split())


def confirm(client: FlaskClient) -> TestResponse:
    seen = re.search(r'name="seen"\s+value="(\w+)"', client.get(TABLE).text)
    return client.post(f"{TABLE}/zapis", data={"seen": seen[1] if seen else ""})


def test_a_table_is_looked_at_and_then_entered(app: Flask, officer: FlaskClient) -> None:
    polish = f"{today():%d.%m.%Y}"
    page = upload(
        officer,
        row(),
        row(channel="E-mail", day=polish, who="firma", label="Zielony Dach", place="", kind=""),
        encoding="cp1250",
    )

    assert "Podgląd: 2." in page
    assert remarks(app) == []
    assert confirm(officer).status_code == 303
    rows = remarks(app)
    assert [(r.channel, r.place, r.capacity) for r in rows] == [
        ("paper", "§ 6 ust. 2", "resident"),
        ("email", "", "organisation"),
    ]


def test_the_same_table_again_adds_nothing(app: Flask, officer: FlaskClient) -> None:
    table = (row(), row(), row(label="A.K."))
    upload(officer, *table)
    confirm(officer)
    page = upload(officer, *table)

    assert "Ta tabela niczego nie dodaje." in page
    assert len(remarks(app)) == 3
    assert "Podgląd: 1." in upload(officer, *table, row())


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"channel": "gołąb"}, "nie wiemy, co znaczy „gołąb”"),
        ({"day": "wczoraj"}, "„wczoraj” nie jest datą"),
        ({"day": "2999-01-01"}, "jeszcze nie nadeszła"),
        ({"day": "1999-01-01"}, "wcześniejsza niż początek"),
        ({"label": ""}, "brakuje podpisu publicznego"),
        ({"body": ""}, "nie ma treści uwagi"),
        ({"body": "x" * 4001}, "ma więcej niż 4000 znaków"),
        ({"kind": "żart"}, "nie wiemy, co znaczy „żart”"),
        ({"place": "§ 99"}, "Nie ma w dokumencie miejsca"),
        ({"email": "nie adres"}, "nie jest adresem e-mail"),
    ],
)
def test_one_bad_row_enters_nothing_and_is_named(
    app: Flask, officer: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    page = upload(officer, row(), row(**wrong))

    assert "Do poprawy: 1. Niczego nie zapisano." in page
    assert "Wiersz 3:" in page
    assert sentence in page
    assert confirm(officer).status_code == 409
    assert remarks(app) == []


def test_a_table_that_was_not_looked_at_enters_nothing(app: Flask, officer: FlaskClient) -> None:
    upload(officer, row())
    officer.post(f"{TABLE}/porzucenie")

    assert confirm(officer).status_code == 409
    upload(officer, row())
    assert officer.post(f"{TABLE}/zapis", data={"seen": "0" * 16}).status_code == 409
    assert remarks(app) == []


def test_the_sample_is_a_table_that_can_be_read(app: Flask, officer: FlaskClient) -> None:
    sample = sheets.read_table(officer.get(f"{TABLE}/wzor.csv").data, "wzor.csv")

    assert sample.header[:4] == ("Jak przyszła", "Data wpływu", "Od kogo", "Podpis publiczny")
    assert len(sample.rows) == 1


def test_the_numbers_of_the_consultation_have_no_gap(app: Flask, officer: FlaskClient) -> None:
    upload(officer, row(), row(label="A.K."))
    confirm(officer)
    send(officer, alike="y")

    with app.app_context():
        assert db.session.scalars(select(Consultation.last_number)).one() == 3
    assert [r.number for r in remarks(app)] == [1, 2, 3]
