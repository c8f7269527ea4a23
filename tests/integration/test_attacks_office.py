"""Tries on the office's side of things: to read what is not public yet, or hidden since."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import timedelta

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from deliberate.consultations.models import State
from deliberate.documents.models import Document, Remark
from deliberate.kernel import clock, files, jobs, retention
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.petitions.models import Entry
from deliberate.subjects.states import ContentState
from tests import make

REPORT = "/urzad/konsultacje/rynek/raport"
TEXTS = {
    "revision": "0",
    "responsible": "Anna Nowak",
    "summary": "Najwięcej uwag dotyczyło zieleni.",
    "minority": "Dwie osoby wolały parking.",
    "conclusions": "Zmieniamy § 2.",
    "next_steps": "Rada zajmie się projektem 12 grudnia 2026.",
}


@pytest.fixture
def closed(app: Flask, tenant: int) -> int:
    """A consultation that is over, so that its report may be made."""
    return make.consultation(app, tenant, began=30, days_left=-2)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return make.client(app)


def report(app: Flask, tenant: int) -> str:
    """Have a report made and published; return its page."""
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    assert officer.post(REPORT, data=TEXTS).status_code == 303
    assert officer.post(f"{REPORT}/wersje", data={"reason": ""}).status_code == 303
    with app.app_context():
        while jobs.run_due():
            pass
    assert approver.post(f"{REPORT}/1/ogloszenie").status_code == 303
    return make.client(app).get("/konsultacje/rynek/raport").text


# Documents and reports.


def test_a_document_that_is_only_prepared_is_not_named_in_the_report(
    app: Flask, tenant: int, closed: int
) -> None:
    make.document(app, tenant, closed)
    make.add(
        app,
        Document(
            tenant_id=tenant,
            consultation_id=closed,
            position=2,
            title="Tajny projekt uchwały",
            created_at=clock.now(),
        ),
    )

    page = report(app, tenant)

    assert "Projekt programu współpracy" in page
    assert "Tajny projekt uchwały" not in page


@pytest.fixture
def replaced(app: Flask, tenant: int, closed: int) -> int:
    """A document whose first version nobody saw: it was replaced before the publication."""
    with clock.at(clock.now() - timedelta(days=1)):
        document = make.document(app, tenant, closed, texts=["§ 1. Kwota tajna: 7 zł."])
        make.document_version(app, document, "§ 1. Kwota jawna: 9 zł.")
    return document


@pytest.mark.parametrize(
    "address",
    ["?wersja=1", "/zmiany", "/zmiany?od=1&do=2", "?wersja=1&calosc=1", "/wersje", "?jednostka=1"],
)
def test_a_version_replaced_before_publication_has_no_address(
    visitor: FlaskClient, replaced: int, address: str
) -> None:
    page = visitor.get(f"/konsultacje/rynek/dokumenty/{replaced}{address}")

    assert "tajna" not in page.text


def test_a_remark_cannot_be_put_on_a_version_that_nobody_saw(
    app: Flask, tenant: int, replaced: int
) -> None:
    author = make.client(app, signed_in=make.person(app, resident_of=tenant))
    data = {"place": f"{replaced}:1:1", "kind": "change", "fill": "1", "body": "x"}

    assert "tajna" not in author.post("/konsultacje/rynek/uwagi/nowa", data=data).text


def test_a_version_replaced_before_publication_is_not_in_the_report(
    app: Flask, tenant: int, replaced: int
) -> None:
    assert replaced

    assert "tajna" not in report(app, tenant)


def of_company(app: Flask, tenant: int, consultation: int) -> int:
    """Make a remark of somebody who wrote a name into the field of the institution."""
    remark = make.remark(app, tenant, consultation)
    with app.app_context(), transaction():
        db.session.execute(
            update(Remark)
            .where(Remark.id == remark)
            .values(capacity_label="w imieniu: Jan Kowal, Długa 5", capacity="guest")
            .execution_options(touches=tenant)
        )
    return remark


def test_a_hidden_remark_does_not_say_in_the_report_on_whose_behalf_it_was(
    app: Flask, tenant: int, closed: int, visitor: FlaskClient
) -> None:
    make.hidden(app, "remark", of_company(app, tenant, closed))

    assert "Długa 5" not in report(app, tenant)
    for name in ("tabela.csv", "raport.json", "raport.html"):
        content = visitor.get(f"/konsultacje/rynek/raport/1/pliki/{name}")
        assert content.status_code == 200
        assert "Długa 5" not in content.text, name


def test_what_is_hidden_later_loses_its_name_in_the_report_too(
    app: Flask, tenant: int, closed: int, visitor: FlaskClient
) -> None:
    remark = of_company(app, tenant, closed)
    make.published_answer(app, tenant, closed, "remark", remark)
    assert "Długa 5" in report(app, tenant)

    make.hidden(app, "remark", remark)

    assert "Długa 5" not in visitor.get("/konsultacje/rynek/raport").text


# Meetings.


def test_a_link_whose_sign_up_is_gone_does_not_open_the_next_ones(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    meeting = make.meeting(app, tenant)
    form = {"name": "Obca", "email": "obca@poczta.example", "persons": "1"}
    visitor.post(f"/spotkania/{meeting}/zapis", data=form)
    with app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
    link = re.search(r"/g/lubowierz(/zapis/\S+)", letter.body)
    assert link
    assert visitor.get(link[1]).status_code == 200
    with clock.at(clock.now() + timedelta(days=2)):
        with app.app_context(), transaction():
            rules = {rule.key: rule for rule in retention.list_rules()}
            assert rules["meetings.unconfirmed"].remove(clock.now()) == 1
        later = {"name": "Halina Nowa", "email": "halina@poczta.example", "persons": "1"}
        visitor.post(f"/spotkania/{meeting}/zapis", data=later)

        assert visitor.get(link[1]).status_code == 404
        assert visitor.post(f"{link[1]}/wycofanie").status_code == 404


# Registers.


def test_a_hidden_petition_is_not_named_by_those_examined_with_it(
    app: Flask, tenant: int, visitor: FlaskClient
) -> None:
    main = make.entry(app, tenant, title="Sąsiad z Długiej 5 hałasuje")
    joined = make.entry(app, tenant, number=2)
    with app.app_context(), transaction():
        db.session.get_one(Entry, joined).joined_id = main
    assert "Długiej 5" in visitor.get(f"/petycje/{joined}").text

    with app.app_context(), transaction():
        db.session.get_one(Entry, main).content_state = ContentState.HIDDEN

    assert "Długiej 5" not in visitor.get(f"/petycje/{joined}").text


@pytest.mark.parametrize("year", ["020250", "9" * 5000, "0" * 5000, "2025" * 3])
def test_no_year_of_the_address_breaks_the_summary(
    tenant: int, visitor: FlaskClient, year: str
) -> None:
    assert tenant
    assert visitor.get(f"/petycje/zestawienie?rok={year}").status_code == 200
    assert visitor.get(f"/petycje/zestawienie.csv?rok={year}").status_code == 200


# Tables of answers.


def test_a_forged_width_of_a_cell_is_an_unreadable_table(
    app: Flask, tenant: int, closed: int
) -> None:
    make.remark(app, tenant, closed)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    desk = "/urzad/konsultacje/rynek/odpowiedzi"
    word = Word(io.BytesIO(officer.get(f"{desk}/tabela.docx").data))
    for cell in word.tables[0].rows[1].cells:
        span = cell._tc.get_or_add_tcPr().makeelement(qn("w:gridSpan"), {qn("w:val"): "9" * 5000})
        cell._tc.get_or_add_tcPr().append(span)
    out = io.BytesIO()
    word.save(out)
    out.seek(0)

    answer = officer.post(f"{desk}/tabela", data={"table": (out, "tabela.docx")})

    assert answer.status_code in {303, 422}


def changed(data: bytes, part: str, before: bytes, forged: bytes) -> io.BytesIO:
    """Put something before a place of a part of a packed document."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                content = content.replace(before, forged + before, 1)
            new.writestr(info.filename, content, zipfile.ZIP_DEFLATED)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("ending", "part", "before", "forged"),
    [
        (
            "docx",
            "word/document.xml",
            b"<w:sectPr",
            b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p/>" * 60_000 + b"</w:tc></w:tr></w:tbl>" * 60,
        ),
        (
            "docx",
            "word/document.xml",
            b"</w:tc>",
            b"<w:p>" * 200 + b"<w:r><w:t>x</w:t></w:r>" * 30_000 + b"</w:p>" * 200,
        ),
        ("xlsx", "xl/styles.xml", b"</cellXfs>", b"<xf/>" * 600_000),
    ],
)
def test_a_small_file_made_to_be_endless_is_done_with_soon(  # noqa: PLR0917 - what is forged
    app: Flask, tenant: int, closed: int, ending: str, part: str, before: bytes, forged: bytes
) -> None:
    make.remark(app, tenant, closed)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    desk = "/urzad/konsultacje/rynek/odpowiedzi"
    table = changed(officer.get(f"{desk}/tabela.{ending}").data, part, before, forged)
    started = time.process_time()

    answer = officer.post(f"{desk}/tabela", data={"table": (table, f"tabela.{ending}")})

    assert answer.status_code in {303, 422}
    assert time.process_time() - started < 4


# Roles.


def stored(app: Flask, tenant: int, kind: str, subject: int) -> str:
    """Attach a file to a thing; return its token."""
    upload = FileStorage(io.BytesIO(b"Tajny projekt"), filename="projekt.txt")
    with app.app_context(), transaction():
        row = files.keep(files.prepare(upload), tenant_id=tenant, by=None)
        files.attach(row, kind, subject)
        return row.token


def test_a_role_for_one_consultation_does_not_open_files_of_another_ones_draft(
    app: Flask, tenant: int
) -> None:
    mine = make.consultation(app, tenant, slug="moje")
    theirs = make.consultation(app, tenant, slug="cudze", state=State.DRAFT)
    document = make.document(app, tenant, theirs)
    token = stored(app, tenant, "document", document)
    scoped = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=mine))
    whole = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    own = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=theirs))

    assert whole.get(f"/pliki/{token}/projekt.txt").status_code == 200
    assert own.get(f"/pliki/{token}/projekt.txt").status_code == 200
    assert scoped.get(f"/pliki/{token}/projekt.txt").status_code == 404
