"""A published report: for good, in pages, told once to who took part, cheap to read."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.audit.models import AuditEntry
from deliberate.kernel import jobs
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.reports.models import Report, ReportEntry
from tests import make, sql

PAGE = "/konsultacje/rynek/raport"
DESK = "/urzad/konsultacje/rynek/raport"
TEXTS = {
    "revision": "0",
    "responsible": "Anna Nowak",
    "summary": "Podsumowanie.",
    "conclusions": "Wnioski.",
    "next_steps": "Co dalej.",
}


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, began=30, days_left=-2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE report SET content = 'x'",
        "UPDATE report SET state = 'ready', published_at = NULL",
        "UPDATE report SET responsible = 'x'",
        "DELETE FROM report",
        "UPDATE report_entry SET data = '{}'",
        "DELETE FROM report_entry",
        (
            "INSERT INTO report_entry (tenant_id, report_id, position, kind, subject_id, data)"
            " SELECT tenant_id, id, 9, 'remark', 1, '{}' FROM report"
        ),
        "UPDATE report_file SET sha256 = 'x'",
        "DELETE FROM report_file",
        (
            "INSERT INTO report_file (tenant_id, report_id, name, position, file_id, media_type,"
            " size, sha256) SELECT tenant_id, report_id, 'x', 9, file_id, 'x', 1, 'x'"
            " FROM report_file"
        ),
        "DELETE FROM file",
    ],
)
def test_a_published_report_never_changes_nor_goes(
    app: Flask, tenant: int, consultation: int, change: str
) -> None:
    make.report(app, tenant, consultation, rows=1)

    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(change))


def test_until_then_all_of_it_may_go(app: Flask, tenant: int, consultation: int) -> None:
    """Else the test above would prove nothing."""
    make.report(app, tenant, consultation, rows=1)
    with app.app_context(), transaction():
        db.session.connection().exec_driver_sql(
            "INSERT INTO report (tenant_id, consultation_id, no, state, reason, responsible,"
            " case_number, content, entries, asked_at, made_at) SELECT tenant_id, consultation_id,"
            " 2, 'ready', 'Literówka w tabeli.', '', '', '', 0, asked_at, made_at FROM report"
        )
    with app.app_context(), transaction():
        second = db.session.scalars(select(Report.id).where(Report.no == 2)).one()
        touches = {"touches": tenant}
        entry = {"report_id": second, "position": 1, "kind": "remark", "subject_id": 1}
        db.session.add(ReportEntry(tenant_id=tenant, data="{}", **entry))
        db.session.flush()
        db.session.execute(
            delete(ReportEntry).where(ReportEntry.report_id == second), execution_options=touches
        )
        db.session.execute(delete(Report).where(Report.id == second), execution_options=touches)


def test_the_table_is_read_page_by_page(app: Flask, tenant: int, consultation: int) -> None:
    make.report(app, tenant, consultation, rows=120)
    visitor = make.client(app)

    assert visitor.get(PAGE).text.count('id="wpis-') == 25
    last = visitor.get(f"{PAGE}?strona=5").text
    assert last.count('id="wpis-') == 20
    assert "Wróć do początku raportu" in last
    assert 'id="wpis-120"' in visitor.get(f"{PAGE}?strona=99999").text
    assert visitor.get(f"{PAGE}?strona=x").status_code == 200


def test_the_report_is_read_with_few_statements(app: Flask, tenant: int, consultation: int) -> None:
    make.report(app, tenant, consultation, rows=120)
    visitor = make.client(app)
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    for client, address, most in (
        (visitor, PAGE, 8),
        (visitor, f"{PAGE}?strona=2", 8),
        (visitor, f"{PAGE}/1/pliki/raport.json", 8),
        (resident, PAGE, 12),
        (officer, DESK, 12),
    ):
        client.get(address)
        with sql.counted(app) as statements:
            assert client.get(address).status_code == 200

        assert len(statements) <= most, address


def test_the_page_of_the_consultation_leads_to_it(
    app: Flask, tenant: int, consultation: int
) -> None:
    visitor = make.client(app)
    before = visitor.get("/konsultacje/rynek").text
    make.report(app, tenant, consultation)

    assert PAGE not in before
    assert PAGE in visitor.get("/konsultacje/rynek").text


def test_unknown_versions_and_files_are_not_there(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.report(app, tenant, consultation)
    visitor = make.client(app)

    for address in (
        "/2",
        "/0",
        "/99999999999",
        "/1/pliki/../raport.json",
        "/1/pliki/inny.pdf",
        "/2/pliki/raport.json",
        "/2/paczka-bip.zip",
    ):
        assert visitor.get(f"{PAGE}{address}").status_code == 404, address


def test_another_municipality_has_no_such_report(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.report(app, tenant, consultation)
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    stranger = make.client(app, slug="wrzosowiany")

    assert stranger.get(f"{PAGE}/1").status_code == 404


def test_who_took_part_is_told_once_however_many_versions_follow(
    app: Flask, tenant: int, consultation: int
) -> None:
    author = make.person(app, resident_of=tenant, email="halina@poczta.example")
    proposal = make.proposal(app, tenant, consultation, author=author)
    make.published_answer(app, tenant, consultation, "proposal", proposal)
    make.person(app, resident_of=tenant, email="nikt@poczta.example")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    officer.post(DESK, data=TEXTS)
    for no, reason in ((1, ""), (2, "Poprawiono literówki w tabeli.")):
        officer.post(f"{DESK}/wersje", data={"reason": reason})
        work(app)
        assert approver.post(f"{DESK}/{no}/ogloszenie").status_code == 303
        work(app)

    with app.app_context():
        letters = db.session.scalars(select(Outbox).where(Outbox.kind == "result")).all()
        acts = set(db.session.scalars(select(AuditEntry.action)))
    assert [letter.address for letter in letters] == ["halina@poczta.example"]
    assert "ma" in letters[0].body
    assert "/konsultacje/rynek/raport" in letters[0].body
    assert acts >= {"reports.saved", "reports.asked", "reports.published"}


def work(app: Flask) -> None:
    with app.app_context():
        while jobs.run_due():
            pass


@pytest.mark.first_on_both
@pytest.mark.parametrize("lang", ["en", "uk"])
def test_the_frame_speaks_the_readers_language_and_the_report_polish(
    app: Flask, tenant: int, consultation: int, lang: str
) -> None:
    make.report(app, tenant, consultation, rows=1)
    page = make.client(app).get(PAGE, headers={"Accept-Language": lang}).text

    assert f'<html lang="{lang}"' in page
    assert 'lang="pl"' in page
    assert "Przedmiot" in page
