"""Scans of letters: the office alone sees them."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.documents.models import RemarkSender
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.subjects.gate import Activity
from tests import make
from tests.integration.counter import DESK, put_up, remarks, send


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


def scan() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.4 skan pisma"), "pismo.pdf"


def test_a_scan_is_the_offices_alone(app: Flask, tenant: int, officer: FlaskClient) -> None:
    send(officer, scan=scan())
    link = re.search(rf"{DESK}/1/skan/[\w-]+", officer.get(f"{DESK}/1/poprawka").text)
    assert link is not None

    assert officer.get(link[0]).data.startswith(b"%PDF-1.4")
    assert officer.get(link[0]).headers["Cache-Control"] == "no-store"
    visitor = make.client(app)
    assert visitor.get(link[0]).status_code == 401
    token = link[0].rpartition("/")[2]
    for client in (visitor, officer):
        assert client.get(f"/pliki/{token}/pismo.pdf").status_code == 404
    assert "pismo.pdf" not in visitor.get("/konsultacje/program/uwagi/1").text


def test_a_scan_is_not_lost_when_a_field_is_wrong_and_goes_with_every_remark(
    app: Flask, officer: FlaskClient
) -> None:
    page = send(officer, scan=scan(), label="").text
    token = re.search(r'name="scan_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    second = {"parts-1-place": "§ 7", "parts-1-kind": "question", "parts-1-body": "A kiedy?"}
    send(officer, scan_token=token[1], **second)

    with app.app_context():
        files = db.session.scalars(select(StoredFile)).all()
        assert sorted(file.subject_id or 0 for file in files) == [r.id for r in remarks(app)]
        assert len({file.sha256 for file in files}) == 1
        assert len(db.session.scalars(select(RemarkSender)).all()) == 2  # the scan's last day


def test_a_file_that_we_do_not_take_is_refused_with_a_sentence(
    app: Flask, officer: FlaskClient
) -> None:
    answer = send(officer, scan=(io.BytesIO(b"MZ"), "wirus.exe"))

    assert answer.status_code == 422
    assert "Takiego pliku nie przyjmujemy." in answer.text
    assert remarks(app) == []
