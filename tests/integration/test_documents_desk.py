"""The officer's side of documents: reading in, cutting by hand, versions, two officers at once."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document as WordDocument
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfWriter
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation, State
from deliberate.documents import texts
from deliberate.documents.models import Document, DocumentVersion, Unit
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.subjects.activities import Activity
from tests import make

DESK = "/urzad/konsultacje/rynek/dokumenty"
PASTED = """Rozdział 1
Postanowienia ogólne
§ 1. Program trwa rok.
§ 2. 1. Na zadania jest 500 000 zł.
2. Kwotę dzieli się na:
1) kulturę i sztukę ludową;
2) sport dzieci i młodzieży."""


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, state=State.DRAFT, opens=[Activity.REMARK])


@pytest.fixture
def officer(app: Flask, tenant: int, consultation: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def text_of(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def start(officer: FlaskClient, **fields: object) -> TestResponse:
    data = {"title": "Projekt programu", "language": "pl", "pasted": PASTED} | fields
    match data.get("upload"):
        case (bytes() as content, name):
            data["upload"] = (io.BytesIO(content), name)
    return officer.post(DESK, data=data)


def the_document(app: Flask) -> Document:
    with app.app_context():
        return db.session.scalars(select(Document)).one()


def draft_of(app: Flask) -> str:
    return f"{DESK}/{the_document(app).id}/szkic"


def units(app: Flask, version: int = 1) -> list[tuple[int, str, str]]:
    with app.app_context():
        rows = texts.list_units(db.session.scalars(select(Document)).one(), version)
        return [(row.number, row.path, row.text) for row in rows]


def keep(app: Flask, officer: FlaskClient, **fields: object) -> TestResponse:
    row = the_document(app)
    data = {"title": row.title, "note": "", "revision": row.revision} | fields
    return officer.post(f"{DESK}/{row.id}/szkic/zachowanie", data=data)


def press(app: Flask, officer: FlaskClient, path: str, **fields: object) -> TestResponse:
    return officer.post(
        draft_of(app) + path, data={"revision": the_document(app).revision} | fields
    )


def word_file(*paragraphs: str) -> io.BytesIO:
    made, out = WordDocument(), io.BytesIO()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(out)
    out.seek(0)
    return out


def scan() -> io.BytesIO:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    out.seek(0)
    return out


# Reading in.


def test_pasted_text_is_shown_as_units_before_it_is_kept(app: Flask, officer: FlaskClient) -> None:
    answer = start(officer)
    page = officer.get(answer.location)

    assert answer.status_code == 303
    assert [number for number, _, _ in units(app)] == list(range(1, 8))
    assert "§ 2 ust. 2 pkt 1" in text_of(page)
    assert the_document(app).version_no == 0
    assert "jeszcze niezachowany" in officer.get(DESK).text


def test_a_kept_version_stands(app: Flask, officer: FlaskClient) -> None:
    start(officer)
    answer = keep(app, officer, note="do konsultacji", title="Program 2027")

    assert answer.status_code == 303
    row = the_document(app)
    assert (row.version_no, row.title) == (1, "Program 2027")
    with app.app_context():
        version = db.session.scalars(select(DocumentVersion)).one()
    assert (version.no, version.note) == (1, "do konsultacji")
    assert officer.get(draft_of(app)).status_code == 404


def test_a_word_file_is_read_and_kept_for_download(app: Flask, officer: FlaskClient) -> None:
    upload = (word_file("§ 1. Program trwa rok.", "§ 2. Na sport."), "program.docx")
    answer = start(officer, pasted="", upload=upload)

    assert answer.status_code == 303
    assert [path for _, path, _ in units(app)] == ["§ 1", "§ 2"]
    keep(app, officer)
    row = the_document(app)
    with app.app_context():
        file = db.session.get_one(StoredFile, row.file_id)
    assert (file.name, file.subject_kind, file.subject_id) == ("program.docx", "document", row.id)


def test_the_file_of_a_draft_is_the_office_s(app: Flask, tenant: int, officer: FlaskClient) -> None:
    start(officer, pasted="", upload=(word_file("§ 1. Program."), "program.docx"))
    with app.app_context():
        token = db.session.scalars(select(StoredFile.token)).one()

    assert officer.get(f"/pliki/{token}/program.docx").status_code == 200
    assert make.client(app).get(f"/pliki/{token}/program.docx").status_code == 404
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    assert resident.get(f"/pliki/{token}/program.docx").status_code == 404


def test_a_scan_is_said_with_two_ways_on(app: Flask, officer: FlaskClient) -> None:
    page = start(officer, pasted="", upload=(scan(), "skan.pdf"))
    token = re.search(r'name="upload_token"[^>]*value="([^"]+)"', page.text)

    assert page.status_code == 422
    assert "same obrazy" in text_of(page)
    assert 'value="Projekt programu"' in page.text
    assert "Mamy już plik: skan.pdf" in page.text
    assert token is not None
    answer = start(officer, pasted="", upload_token=token[1], whole="1")
    assert answer.status_code == 303
    assert "Sam plik, bez podziału" in officer.get(answer.location).text
    keep(app, officer)
    assert the_document(app).version_no == 1
    assert units(app) == []


def test_a_scan_may_come_with_its_text_pasted(app: Flask, officer: FlaskClient) -> None:
    start(officer, upload=(scan(), "skan.pdf"))
    keep(app, officer)

    assert the_document(app).file_id is not None
    assert units(app)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pasted": ""}, "Wybierz plik albo wklej tekst."),
        ({"title": ""}, "Uzupełnij to pole."),
        ({"pasted": "", "whole": "1"}, "Wybierz plik, który ma być udostępniony"),
        ({"pasted": "", "upload": (b"MZ\x90", "a.exe")}, "Takiego pliku nie"),
        ({"pasted": "", "upload": (b"PK\x03\x04zz", "a.docx")}, "plik"),
        ({"pasted": "", "upload": (b"\x00\x01", "a.txt")}, "plik"),
        ({"pasted": "x" * 200_001}, "najwyżej 200000"),
        ({"language": "xx"}, "poprawy"),
    ],
)
def test_wrong_input_is_said_and_nothing_is_lost(
    app: Flask, officer: FlaskClient, fields: dict[str, object], words: str
) -> None:
    page = start(officer, **fields)

    assert page.status_code == 422
    assert words in text_of(page)
    with app.app_context():
        assert db.session.scalar(select(Document.id)) is None


def test_html_is_read_and_not_kept(app: Flask, officer: FlaskClient) -> None:
    html = "<h1>Program</h1><p>§ 1. Trwa rok.</p><script>alert(1)</script>".encode()
    start(officer, pasted="", upload=(io.BytesIO(html), "program.html"))
    keep(app, officer)

    assert the_document(app).file_id is None
    assert "alert" not in str(units(app))
    with app.app_context():
        assert db.session.scalar(select(StoredFile.id)) is None


# By hand.


def test_a_unit_is_named_otherwise_and_paths_follow(app: Flask, officer: FlaskClient) -> None:
    start(officer)
    number = next(n for n, path, _ in units(app) if path == "§ 2")
    page = officer.get(f"{draft_of(app)}/{number}")
    answer = press(
        app, officer, f"/{number}", label="§ 3", level="paragraph", text="§ 3. Kwota i podział."
    )

    assert page.status_code == 200
    assert answer.status_code == 303
    assert "§ 3 ust. 2 pkt 1" in [path for _, path, _ in units(app)]


def test_a_unit_is_split_and_joined_again(app: Flask, officer: FlaskClient) -> None:
    start(officer, pasted="§ 1. Program trwa rok. Można go przedłużyć.\n§ 2. Kwota.")
    page = officer.get(f"{draft_of(app)}/1")
    place = re.findall(r'name="at"\s+id="[^"]+"\s+value="(\d+)"', page.text)
    assert "Można go przedłużyć." in text_of(page)
    press(app, officer, "/1/podzial", at=place[-1])

    assert [(number, text) for number, _, text in units(app)] == [
        (1, "§ 1. Program trwa rok."),
        (3, "Można go przedłużyć."),
        (2, "§ 2. Kwota."),
    ]
    press(app, officer, "/3/polaczenie")
    assert [number for number, _, _ in units(app)] == [1, 2]
    assert "Można go przedłużyć." in units(app)[0][2]


@pytest.mark.first_on_both
@pytest.mark.parametrize("at", ["", "0", "x", "-3", "99999999999", "²"])
def test_no_such_cut(app: Flask, officer: FlaskClient, at: str) -> None:
    start(officer)
    answer = press(app, officer, "/2/podzial", at=at)

    assert answer.status_code in (409, 422)
    assert "nie da się podzielić" in text_of(answer) or "Podziel" in answer.text


def test_the_first_unit_has_nothing_to_join(app: Flask, officer: FlaskClient) -> None:
    start(officer)

    assert press(app, officer, "/1/polaczenie").status_code == 409


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("field", "value"), [("level", "chapter"), ("text", ""), ("label", "x" * 61)]
)
def test_a_wrong_unit_keeps_what_was_typed(
    app: Flask, officer: FlaskClient, field: str, value: str
) -> None:
    start(officer)
    data = {"label": "§ 9", "level": "paragraph", "text": "Nowy tekst"} | {field: value}
    page = press(app, officer, "/2", **data)

    assert page.status_code == 422
    assert "Nowy tekst" in page.text or field == "text"


def test_two_officers_meet_at_the_revision(app: Flask, officer: FlaskClient) -> None:
    start(officer)
    seen = the_document(app).revision
    press(app, officer, "/2", label="§ 1", level="paragraph", text="Pierwszy zapis.")
    answer = officer.post(
        f"{draft_of(app)}/2",
        data={"label": "§ 1", "level": "paragraph", "text": "Drugi zapis.", "revision": seen},
    )

    assert answer.status_code == 409
    assert "Ktoś zmienił ten dokument w międzyczasie" in text_of(answer)
    assert "Drugi zapis." in answer.text
    assert "Pierwszy zapis." in str(units(app))
    assert officer.post(f"{draft_of(app)}/2/polaczenie", data={"revision": seen}).status_code == 409
    assert keep(app, officer, revision=seen).status_code == 409


# Further versions.


def test_a_new_version_shows_what_changes_and_keeps_numbers(
    app: Flask, officer: FlaskClient
) -> None:
    start(officer)
    keep(app, officer)
    before = {path: number for number, path, _ in units(app)}
    changed = PASTED.replace("500 000", "800 000")
    changed = changed.replace("1) kulturę i sztukę ludową;\n2) sport", "1) sport")
    row = the_document(app)
    page = officer.post(
        f"{DESK}/{row.id}/nowa-wersja",
        data={"pasted": changed, "revision": row.revision},
        follow_redirects=True,
    )

    assert "<ins>800</ins>" in page.text
    assert "usunięte" in page.text
    keep(app, officer)
    after = {path: number for number, path, _ in units(app, 2)}
    assert after["§ 2 ust. 1"] == before["§ 2 ust. 1"]
    assert after["§ 2 ust. 2 pkt 1"] == before["§ 2 ust. 2 pkt 2"]  # sport, one place up
    assert len(units(app, 1)) == len(before)  # the former version stays


def test_what_was_cut_by_hand_is_cut_again_in_the_next_version(
    app: Flask, officer: FlaskClient
) -> None:
    text = "§ 1. Program trwa rok. Potem jest następny."
    start(officer, pasted=f"{text}\n§ 2. Kwotę dzieli komisja.")
    press(app, officer, "/1/podzial", at=str(text.index("Potem")))
    keep(app, officer)

    officer.post(
        f"{DESK}/{the_document(app).id}/nowa-wersja",
        data={
            "pasted": f"{text}\n§ 2. Kwotę dzieli zarząd.",
            "revision": the_document(app).revision,
        },
    )

    assert [row[:2] for row in units(app, 2)] == [(1, "§ 1"), (3, "§ 1 akapit 2"), (2, "§ 2")]


def test_what_stands_is_cut_otherwise_by_a_version(app: Flask, officer: FlaskClient) -> None:
    start(officer)
    keep(app, officer)
    press(app, officer, "")
    page = officer.get(draft_of(app))

    assert "Tekst jest ten sam." in page.text
    press(app, officer, "/porzucenie")
    assert officer.get(draft_of(app)).status_code == 404
    assert the_document(app).version_no == 1


def test_an_abandoned_first_draft_leaves_nothing(app: Flask, officer: FlaskClient) -> None:
    start(officer)
    press(app, officer, "/porzucenie")

    with app.app_context():
        assert db.session.scalar(select(Document.id)) is None
        assert db.session.scalar(select(Unit.id)) is None


def test_a_document_goes_only_before_publication(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    start(officer, pasted="", upload=(word_file("§ 1. Program."), "program.docx"))
    keep(app, officer)
    row = the_document(app)
    answer = officer.post(f"{DESK}/{row.id}/usuniecie", data={"revision": row.revision})
    published = make.consultation(app, tenant, slug="inne", opens=[Activity.REMARK])
    standing = make.document(app, tenant, published)

    assert answer.status_code == 303
    path = f"/urzad/konsultacje/inne/dokumenty/{standing}/usuniecie"
    assert officer.post(path, data={"revision": 1}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Document.id)).all() == [standing]


def test_nothing_changes_while_a_second_person_looks(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    waiting = make.consultation(
        app, tenant, slug="czeka", state=State.AWAITING_APPROVAL, opens=[Activity.REMARK]
    )
    document = make.document(app, tenant, waiting)
    path = "/urzad/konsultacje/czeka/dokumenty"
    page = officer.get(path)
    answer = officer.post(path, data={"title": "Inny", "language": "pl", "pasted": PASTED})
    copied = officer.post(f"{path}/{document}/szkic", data={"revision": 1})

    assert "czekają na zatwierdzenie" in text_of(page)
    assert "Wczytaj i pokaż podział" not in page.text
    assert (answer.status_code, copied.status_code) == (409, 409)
    assert "Program trwa rok" in answer.text  # what was typed


def test_publication_lacks_a_document(app: Flask, tenant: int, officer: FlaskClient) -> None:
    def lacking() -> list[str]:
        with app.test_request_context("/"):
            row = db.session.scalars(select(Consultation)).one()
            return [gap.text for each in components() for gap in each.lacking(row)]

    assert "Dodaj dokument, którego dotyczą uwagi." in lacking()
    start(officer)
    assert "Dodaj dokument, którego dotyczą uwagi." in lacking()
    keep(app, officer)
    assert "Dodaj dokument, którego dotyczą uwagi." not in lacking()


def test_the_desk_of_a_consultation_leads_here(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    make.consultation(app, tenant, slug="inne", opens=[Activity.REMARK])

    assert (
        "/urzad/konsultacje/inne/dokumenty"
        in officer.get("/urzad/konsultacje/inne/prowadzenie").text
    )
