"""A report: refused while something lacks, made in the background, the same in all its files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import docx
import pypdf
import pytest
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.answers.models import Answer
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.documents.kinds import Channel, RemarkKind, RemarkState
from deliberate.documents.models import (
    Document,
    DocumentVersion,
    Remark,
    Unit,
    UnitText,
)
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.reports import jobs as making
from deliberate.reports.kinds import State
from deliberate.reports.models import Report, ReportEntry, ReportFile
from tests import make

DESK = "/urzad/konsultacje/rynek/raport"
PAGE = "/konsultacje/rynek/raport"
TEXTS = {
    "revision": "0",
    "responsible": "Anna Nowak, kierowniczka Biura Partycypacji",
    "case_number": "BP.0110.7.2026",
    "summary": "Najwięcej uwag dotyczyło **zieleni**.",
    "minority": "Dwie osoby wolały parking.",
    "conclusions": "Zmieniamy § 2.",
    "next_steps": "Rada zajmie się projektem 12 grudnia 2026.",
}
HOSTILE = '#eval(1) $x$ \\u{202e} <b>x</b> & "=SUMA(A1)" 😀 ' + "bezspacji" * 40


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    """One that is closed, so that its report may be made."""
    return make.consultation(app, tenant, began=30, days_left=-2)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def document(app: Flask, tenant: int, consultation: int) -> tuple[int, int]:
    """Make a document of two versions, in which § 2 changed. Returns it and that unit."""
    now = clock.now()
    document_id = make.add(
        app,
        Document(
            tenant_id=tenant,
            consultation_id=consultation,
            position=1,
            title="Program współpracy",
            last_unit=1,
            created_at=now,
        ),
    )
    unit_id = make.add(app, Unit(tenant_id=tenant, document_id=document_id, number=1))
    for no, text in ((1, "Program trwa rok."), (2, "Program trwa dwa lata.")):
        with app.app_context(), transaction():
            db.session.add(
                UnitText(
                    tenant_id=tenant,
                    unit_id=unit_id,
                    version_no=no,
                    document_id=document_id,
                    position=1,
                    level="paragraph",
                    label="§ 2",
                    path="§ 2",
                    text=text,
                )
            )
            db.session.flush()  # once a version is kept, it gets no more units
            db.session.add(
                DocumentVersion(tenant_id=tenant, document_id=document_id, no=no, made_at=now)
            )
            db.session.get_one(Document, document_id).version_no = no
    return document_id, unit_id


def remark(app: Flask, tenant: int, consultation: int, **more: object) -> int:
    """Make one that came on paper."""
    now, entered_by = clock.now(), make.person(app)
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        parent.last_number += 1
        values: dict[str, object] = {
            "tenant_id": tenant,
            "consultation_id": consultation,
            "number": parent.last_number,
            "place": "",
            "kind": RemarkKind.GENERAL,
            "body": "Program powinien trwać dwa lata.",
            "channel": Channel.PAPER,
            "received_on": clock.local(now).date(),
            "entered_by": entered_by,
            "same_as": str(parent.last_number),
            "folded": "",
            "author_name": "mieszkanka",
            "capacity": Capacity.GUEST,
            "capacity_label": "gość",
            "created_at": now,
        }
        row = Remark(**{**values, **more})
        db.session.add(row)
        db.session.flush()
        return row.id


def work(app: Flask) -> None:
    """Run what waits, as the worker does."""
    with app.app_context():
        while jobs.run_due():
            pass


def made(app: Flask, officer: FlaskClient) -> None:
    """Write the texts and have the next version made."""
    assert officer.post(DESK, data=TEXTS).status_code == 303
    assert officer.post(f"{DESK}/wersje", data={"reason": "Literówka w tabeli."}).status_code == 303
    work(app)


def published(app: Flask, officer: FlaskClient, approver: FlaskClient) -> None:
    made(app, officer)
    assert approver.post(f"{DESK}/1/ogloszenie").status_code == 303


def states(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Report.no, Report.state))]


def download(client: FlaskClient, name: str, no: int = 1) -> bytes:
    answer = client.get(f"{PAGE}/{no}/pliki/{name}")
    assert answer.status_code == 200, name
    return answer.data


def test_a_report_is_refused_while_something_has_no_published_position(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    proposal = make.proposal(app, tenant, consultation)
    remark(app, tenant, consultation)
    officer.post(DESK, data=TEXTS)

    refused = officer.post(f"{DESK}/wersje")
    desk = officer.get(DESK).text

    assert refused.status_code == 409
    assert "Bez stanowiska: 2" in desk
    assert f"/odpowiedzi/proposal/{proposal}" in desk
    assert states(app) == []


def test_a_draft_of_an_answer_is_no_position(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    proposal = make.proposal(app, tenant, consultation)
    make.published_answer(app, tenant, consultation, "proposal", proposal)
    unanswered = make.proposal(app, tenant, consultation, title="Targ zostaje")
    make.add(
        app,
        Answer(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind="proposal",
            subject_id=unanswered,
            position="accepted",
            justification="Tak zrobimy, bo tego chcą ludzie z rynku i okolic.",
            signed_as="Urząd",
            saved_at=clock.now(),
        ),
    )
    officer.post(DESK, data=TEXTS)

    assert officer.post(f"{DESK}/wersje").status_code == 409
    assert "Bez stanowiska: 1" in officer.get(DESK).text


def test_what_was_withdrawn_or_hidden_needs_no_position(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    remark(app, tenant, consultation, state=RemarkState.WITHDRAWN, withdrawn_at=clock.now())
    remark(app, tenant, consultation, content_state="hidden", body="Tajemnica.")
    made(app, officer)

    assert states(app) == [(1, "ready")]
    page = officer.get(f"{DESK}/1").text
    assert "wycofana" in page
    assert "Treść ukryta decyzją" in page
    assert "Tajemnica" not in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("missing", ["summary", "conclusions", "next_steps", "responsible"])
def test_a_report_that_says_nothing_is_refused(
    app: Flask, consultation: int, officer: FlaskClient, missing: str
) -> None:
    officer.post(DESK, data={**TEXTS, missing: ""})

    assert officer.post(f"{DESK}/wersje").status_code == 409
    assert states(app) == []


def test_while_people_may_write_there_is_no_report(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    make.consultation(app, tenant)
    officer.post(DESK, data=TEXTS)

    assert officer.post(f"{DESK}/wersje").status_code == 409
    assert "Raport powstaje po zakończeniu" in officer.get(DESK).text


def test_a_draft_has_no_report(app: Flask, tenant: int, officer: FlaskClient) -> None:
    make.consultation(app, tenant, state="draft")  # type: ignore[arg-type]

    assert officer.get(DESK).status_code == 404
    assert officer.get(PAGE).status_code == 404


def test_the_page_says_that_there_is_no_report_yet(app: Flask, consultation: int) -> None:
    page = make.client(app).get(PAGE)

    assert page.status_code == 200
    assert "Raportu jeszcze nie ma" in page.text


def test_texts_of_two_tabs_do_not_replace_each_other_in_silence(
    consultation: int, officer: FlaskClient
) -> None:
    officer.post(DESK, data=TEXTS)
    late = officer.post(DESK, data={**TEXTS, "summary": "Z drugiej karty."})

    assert late.status_code == 409
    assert "Z drugiej karty." in late.text
    assert "zieleni" in officer.get(DESK).text
    again = officer.post(DESK, data={**TEXTS, "revision": "1", "summary": "Z drugiej karty."})
    assert again.status_code == 303


def test_the_report_holds_everything_in_each_format(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    document_id, unit_id = document(app, tenant, consultation)
    proposal = make.proposal(app, tenant, consultation, title="Drzewa najpierw")
    on_unit = remark(
        app,
        tenant,
        consultation,
        document_id=document_id,
        on_unit_id=unit_id,
        document_version=1,
        place="§ 2",
        kind=RemarkKind.CHANGE,
        wording="Program trwa dwa lata.",
        body=HOSTILE,
        is_late=True,
    )
    make.published_answer(app, tenant, consultation, "proposal", proposal)
    make.published_answer(app, tenant, consultation, "remark", on_unit)
    remark(app, tenant, consultation, state=RemarkState.WITHDRAWN, withdrawn_at=clock.now())
    published(app, officer, approver)
    visitor = make.client(app)

    page = visitor.get(PAGE).text
    for said in (
        "Drzewa najpierw",
        "§ 2",
        "po terminie",
        "uwzględniona",
        "wycofana",
        "Program trwa rok.",
        "Anna Nowak, kierowniczka",
        "Dwie osoby wolały parking.",
        "Rada zajmie się projektem",
    ):
        assert said in page, said
    assert page.count("<h2 id=") >= 10
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "Halina K." not in page

    pdf = pypdf.PdfReader(io.BytesIO(download(visitor, "raport.pdf")))
    root = pdf.trailer["/Root"]
    text = "\n".join(each.extract_text() for each in pdf.pages)
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Raport z konsultacji: Rynek: jak ma wyglądać po przebudowie?"
    for said in ("#eval(1)", "$x$", "[U+1F600]", "Drzewa najpierw", "Program trwa rok."):
        assert said in text, said

    word = docx.Document(io.BytesIO(download(visitor, "raport.docx")))
    headings = [p.text for p in word.paragraphs if p.style.name.lower() == "heading 1"]
    assert [text.partition(".")[0] for text in headings] == [str(n) for n in range(1, 11)]
    table = max(word.tables, key=lambda each: len(each.columns))
    assert table.rows[1].cells[0].text == "1\npropozycja"
    assert HOSTILE in table.rows[2].cells[3].text.replace("\n", " ").replace("  ", " ")
    assert "tblHeader" in table._tbl.xml

    rows = list(
        csv.reader(io.StringIO(download(visitor, "tabela.csv").decode("utf-8-sig")), delimiter=";")
    )
    assert len(rows) == 4
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)

    data = json.loads(download(visitor, "raport.json"))
    assert len(data["parts"]) == 10
    assert data["entries"][1]["position"] == "uwzględniona"
    assert data["entries"][1]["changed_url"].endswith(
        f"/dokumenty/{document_id}?jednostka=1#jednostka-1"
    )
    assert "Halina" not in json.dumps(data, ensure_ascii=False)

    html = download(visitor, "raport.html").decode()
    assert '<html lang="pl">' in html
    assert "<script" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_whoever_wrote_for_a_company_is_not_counted_as_a_resident(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    for label in ("mieszka w Lubowierzu", "w imieniu: Dąb sp. z o.o.", "w imieniu: Spółka Sad"):
        sent = remark(app, tenant, consultation, capacity_label=label)
        make.published_answer(app, tenant, consultation, "remark", sent)
    published(app, officer, approver)

    parts = json.loads(download(make.client(app), "raport.json"))["parts"]

    assert [
        block["rows"]
        for part in parts
        for block in part["blocks"]
        if block.get("caption", "").startswith("W czyim imieniu")
    ] == [
        [
            ["mieszkanki, mieszkańcy, goście", "1"],
            ["instytucje, firmy i grupy, w których imieniu ktoś pisał", "2"],
        ]
    ]


def test_the_pack_for_bip_says_who_answers_for_it_and_when(
    app: Flask, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    published(app, officer, approver)
    answer = make.client(app).get(f"{PAGE}/1/paczka-bip.zip")
    again = make.client(app).get(f"{PAGE}/1/paczka-bip.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    told = json.loads(archive.read("metadata.json"))
    tree = ElementTree.fromstring(archive.read("metadata.xml"))

    assert answer.data == again.data
    assert set(archive.namelist()) >= {
        "raport.html",
        "raport.pdf",
        "raport.docx",
        "tabela.csv",
        "raport.json",
        "SHA256SUMS",
    }
    assert told["responsible_person"] == TEXTS["responsible"]
    assert told["case_number"] == TEXTS["case_number"]
    assert told["unit"] == "Urząd Miasta Lubowierz"  # where the consultation names none
    assert told["produced_at"]
    assert told["published_at"]
    assert [line["version"] for line in told["history"]] == [1]
    assert tree.findtext("responsible_person") == TEXTS["responsible"]
    sums = dict(
        reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines()
    )
    assert sums.keys() == set(archive.namelist()) - {"SHA256SUMS"}


def test_a_correction_is_a_new_version_with_a_reason(
    app: Flask, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    published(app, officer, approver)
    without = officer.post(f"{DESK}/wersje", data={"reason": "błąd"})
    officer.post(f"{DESK}/wersje", data={"reason": "Poprawiono liczbę uwag w tabeli."})
    work(app)
    before = make.client(app).get(PAGE).text
    approver.post(f"{DESK}/2/ogloszenie")
    visitor = make.client(app)

    assert without.status_code == 409
    assert "Poprawiono liczbę uwag" not in before
    assert states(app) == [(1, "published"), (2, "published")]
    assert "Poprawiono liczbę uwag" in visitor.get(PAGE).text
    assert "To jest wcześniejsza wersja" in visitor.get(f"{PAGE}/1").text
    told = json.loads(
        zipfile.ZipFile(io.BytesIO(visitor.get(f"{PAGE}/2/paczka-bip.zip").data)).read(
            "metadata.json"
        )
    )
    assert [line["version"] for line in told["history"]] == [1, 2]


def test_a_version_may_be_dropped_until_it_is_published(
    app: Flask, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    made(app, officer)
    assert officer.post(f"{DESK}/1/porzucenie").status_code == 303
    assert states(app) == []
    with app.app_context():
        assert db.session.scalars(select(ReportFile)).all() == []
        assert set(db.session.scalars(select(StoredFile.subject_kind))) == {None}

    officer.post(f"{DESK}/wersje")
    work(app)
    approver.post(f"{DESK}/1/ogloszenie")

    assert officer.post(f"{DESK}/1/porzucenie").status_code == 409
    assert states(app) == [(1, "published")]


def test_one_dropped_while_it_is_made_stays_dropped(
    app: Flask, consultation: int, officer: FlaskClient
) -> None:
    officer.post(DESK, data=TEXTS)
    officer.post(f"{DESK}/wersje")
    officer.post(f"{DESK}/1/porzucenie")
    work(app)

    assert states(app) == []


def test_only_one_version_is_in_the_works(
    app: Flask, consultation: int, officer: FlaskClient
) -> None:
    officer.post(DESK, data=TEXTS)
    first = officer.post(f"{DESK}/wersje")
    second = officer.post(f"{DESK}/wersje")

    assert (first.status_code, second.status_code) == (303, 409)
    assert states(app) == [(1, "making")]
    assert "Wersja 1 powstaje." in officer.get(DESK).text
    assert officer.get(f"{DESK}/1").status_code == 404


def test_a_failed_try_is_said_and_tried_again(
    app: Flask, consultation: int, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer.post(DESK, data=TEXTS)
    officer.post(f"{DESK}/wersje")
    with monkeypatch.context() as broken:
        broken.setattr(making.word, "as_docx", lambda _snapshot: 1 / 0)
        work(app)
    failed = officer.get(DESK).text
    with clock.at(clock.now() + timedelta(minutes=5)):
        work(app)

    assert "Program spróbuje jeszcze raz" in failed
    assert states(app) == [(1, "ready")]
    with app.app_context():
        names = db.session.scalars(select(ReportFile.name).order_by(ReportFile.position)).all()
    assert list(names) == ["raport.html", "raport.pdf", "raport.docx", "tabela.csv", "raport.json"]


def test_what_comes_after_the_making_stops_the_publishing(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    made(app, officer)
    late = remark(app, tenant, consultation, is_late=True)
    make.published_answer(app, tenant, consultation, "remark", late)

    assert approver.post(f"{DESK}/1/ogloszenie").status_code == 409
    assert states(app) == [(1, "ready")]


def test_an_officer_does_not_publish_and_an_approver_does_not_make(
    consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    assert approver.post(DESK, data=TEXTS).status_code == 403
    assert approver.post(f"{DESK}/wersje").status_code == 403
    officer.post(DESK, data=TEXTS)
    officer.post(f"{DESK}/wersje")
    assert officer.post(f"{DESK}/1/ogloszenie").status_code == 403


def test_a_version_made_is_not_seen_before_it_is_published(
    app: Flask, consultation: int, officer: FlaskClient
) -> None:
    made(app, officer)
    visitor = make.client(app)

    for address in (f"{PAGE}/1", f"{PAGE}/1/pliki/raport.pdf", f"{PAGE}/1/paczka-bip.zip"):
        assert visitor.get(address).status_code == 404, address
    assert "Raportu jeszcze nie ma" in visitor.get(PAGE).text
    assert "/raport" not in visitor.get("/konsultacje/rynek").text
    assert officer.get(f"{DESK}/1/pliki/raport.pdf").status_code == 200


def test_what_is_hidden_after_publication_is_shown_nowhere_in_the_report(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    proposal = make.proposal(app, tenant, consultation, title="Adres sąsiada: Długa 5")
    make.published_answer(app, tenant, consultation, "proposal", proposal)
    published(app, officer, approver)
    visitor = make.client(app)
    assert "Długa 5" in visitor.get(PAGE).text

    make.hidden(app, "proposal", proposal)

    page = visitor.get(PAGE).text
    assert "Długa 5" not in page
    assert "Treść ukryta po ogłoszeniu raportu." in page
    assert "Pliki tej wersji wstrzymano" in page
    for address in ("pliki/tabela.csv", "pliki/raport.pdf", "paczka-bip.zip"):
        answer = visitor.get(f"{PAGE}/1/{address}")
        assert answer.status_code == 409, address
        assert b"D\xc5\x82uga" not in answer.data


def test_the_making_leaves_rows_in_order(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    for title in ("Pierwsza", "Druga", "Trzecia"):
        proposal = make.proposal(app, tenant, consultation, title=title)
        make.published_answer(app, tenant, consultation, "proposal", proposal)
    made(app, officer)

    with app.app_context():
        rows = db.session.scalars(select(ReportEntry.data).order_by(ReportEntry.position)).all()
        state = db.session.scalars(select(Report.state)).one()
    assert [json.loads(row)["number"] for row in rows] == [1, 2, 3]
    assert state == State.READY
