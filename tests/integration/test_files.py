"""Files that people hand in: what is taken, what is kept of it, who sees it and how."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from deliberate.consultations.models import Consultation, State
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.models import StoredFile
from deliberate.proposals.models import Proposal
from deliberate.subjects.states import ContentState
from tests import make

PDF = b"%PDF-1.7\n" + b"x" * 100


@pytest.fixture
def lubowierz(app: Flask) -> int:
    return make.municipality(app)


def upload(content: bytes, name: str = "plan.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def photograph() -> bytes:
    """Return a picture whose camera noted place and owner."""
    notes = Image.Exif()
    notes[0x013B] = "Halina Kowalska"
    notes.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=notes)
    return out.getvalue()


def received(
    app: Flask,
    tenant: int,
    person: int,
    content: bytes = PDF,
    name: str = "plan.pdf",
    *,
    of: tuple[str, int] | None = None,
) -> str:
    with app.test_request_context():
        file = files.receive(upload(content, name), None, tenant_id=tenant, by=person)
        assert file is not None
        if of is not None:
            with transaction():
                files.attach(db.session.get_one(StoredFile, file.id), *of)
        return file.token


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (101 * 1024 * 1024))
    return out.getvalue()


def broad_picture() -> bytes:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "plan.pdf"),
        (b"x" * (11 * 1024 * 1024), "plan.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "obraz.svg"),
        (b"<svg onload='alert(1)'/>", "obraz.png"),
        (b"<html><script>alert(1)</script>", "strona.html"),
        (b"MZ\x90\x00", "plan.pdf"),
        (b"MZ\x90\x00", "plan.exe"),
        (PDF, "plan"),
        (PDF, "plan.pdf.exe"),
        (b"\x89PNG\r\n\x1a\n" + b"junk", "obraz.png"),
    ],
)
def test_what_is_not_ours_is_refused_and_nothing_is_kept(
    app: Flask, lubowierz: int, content: bytes, name: str
) -> None:
    person = make.person(app)
    with app.test_request_context(), pytest.raises(BadFile):
        files.receive(upload(content, name), None, tenant_id=lubowierz, by=person)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    folder: Path = app.extensions["deliberate.storage"].root
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.first_on_both
@pytest.mark.parametrize(("made", "name"), [(bomb, "pismo.docx"), (broad_picture, "obraz.png")])
def test_bombs_are_refused_unopened(
    app: Flask, lubowierz: int, made: Callable[[], bytes], name: str
) -> None:
    content = made()
    assert len(content) < 10 * 1024 * 1024
    with app.test_request_context(), pytest.raises(BadFile):
        files.receive(upload(content, name), None, tenant_id=lubowierz, by=make.person(app))


def test_a_picture_loses_the_notes_of_the_camera(app: Flask, lubowierz: int) -> None:
    person = make.person(app)
    assert b"Halina Kowalska" in photograph()

    token = received(app, lubowierz, person, photograph(), "plac.JPG")

    with app.app_context():
        file = files.find_file(lubowierz, token)
        assert file is not None
        kept = app.extensions["deliberate.storage"].get(file.sha256)
        assert (file.width, file.height, file.media_type) == (40, 30, "image/jpeg")
    assert b"Halina Kowalska" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<svg onload=alert(1)>.pdf", "svg onload=alert(1)_.pdf"),
        ("a.pdf\r\nX-Evil: y.pdf", "a.pdf X-Evil_ y.pdf"),
        ("../../etc/passwd.pdf", "etc_passwd.pdf"),
        ("C:\\Users\\h\\plan.pdf", "C__Users_h_plan.pdf"),
        ("\u202efdp.exe\u202c.pdf", "fdp.exe.pdf"),
        ("zażółć  gęślą.pdf", "zażółć gęślą.pdf"),
        ("ą" * 300 + ".pdf", "ą" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
        ("plan." + "x" * 300, "plik"),
        (".pdf", "pdf"),
        ("", "plik"),
        ("....", "plik"),
    ],
)
def test_names_are_cleaned(sent: str, shown: str) -> None:
    assert files.clean_name(sent) == shown


def test_a_document_is_served_to_save_and_never_to_run(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    token = received(
        app, lubowierz, make.person(app), name="plan\r\nX: y.pdf", of=("consultation", consultation)
    )

    answer = make.client(app).get(f"/pliki/{token}/plan.pdf")

    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X" not in answer.headers


def test_a_picture_is_served_to_be_seen(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    token = received(
        app, lubowierz, make.person(app), photograph(), "a.jpg", of=("consultation", consultation)
    )

    answer = make.client(app).get(f"/pliki/{token}/a.jpg")

    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_file_of_another_municipality_is_not_there(app: Flask, lubowierz: int) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    consultation = make.consultation(app, lubowierz)
    token = received(app, lubowierz, make.person(app), of=("consultation", consultation))

    assert make.client(app, slug="wrzosowiany").get(f"/pliki/{token}/a.pdf").status_code == 404


def test_a_file_is_seen_only_while_its_thing_is(app: Flask, lubowierz: int) -> None:
    proposal = make.proposal(app, lubowierz, make.consultation(app, lubowierz))
    token = received(app, lubowierz, make.person(app), of=("proposal", proposal))
    visitor = make.client(app)
    first = visitor.get(f"/pliki/{token}/plan.pdf")
    assert first.status_code == 200

    with app.app_context(), transaction():
        db.session.get_one(Proposal, proposal).content_state = ContentState.HIDDEN

    again = visitor.get(
        f"/pliki/{token}/plan.pdf", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 404


def test_a_file_of_a_draft_is_seen_by_the_office_only(app: Flask, lubowierz: int) -> None:
    draft = make.consultation(app, lubowierz, slug="szkic", state=State.DRAFT)
    token = received(app, lubowierz, make.person(app), of=("consultation", draft))
    resident = make.client(app, signed_in=make.person(app, resident_of=lubowierz))
    approver = make.client(app, signed_in=make.staff(app, lubowierz, Role.APPROVER))

    statuses = [
        client.get(f"/pliki/{token}/plan.pdf").status_code
        for client in (make.client(app), resident, approver)
    ]

    assert statuses == [404, 404, 200]


def test_an_unattached_file_is_seen_by_whoever_handed_it_in(app: Flask, lubowierz: int) -> None:
    owner = make.person(app)
    token = received(app, lubowierz, owner)

    def status(client: FlaskClient) -> int:
        return client.get(f"/pliki/{token}/plan.pdf").status_code

    assert status(make.client(app, signed_in=owner)) == 200
    assert status(make.client(app, signed_in=make.person(app))) == 404
    assert status(make.client(app)) == 404


def test_a_kept_file_is_found_by_its_owner_only_and_once(app: Flask, lubowierz: int) -> None:
    owner, other = make.person(app), make.person(app)
    consultation = make.consultation(app, lubowierz)
    token = received(app, lubowierz, owner)

    with app.app_context():
        assert files.find_unattached(lubowierz, token, by=owner) is not None
        assert files.find_unattached(lubowierz, token, by=other) is None
        assert files.find_unattached(lubowierz + 1, token, by=owner) is None
        assert files.find_unattached(lubowierz, "x" * 5000, by=owner) is None
        with transaction():
            file = files.find_unattached(lubowierz, token, by=owner)
            assert file is not None
            files.attach(file, "consultation", consultation)
        assert files.find_unattached(lubowierz, token, by=owner) is None


def test_what_is_unattached_for_a_day_is_removed_with_its_bytes(app: Flask, lubowierz: int) -> None:
    consultation, person = make.consultation(app, lubowierz), make.person(app)
    attached = received(app, lubowierz, person, of=("consultation", consultation))
    twin = received(app, lubowierz, person)
    lonely = received(app, lubowierz, person, PDF + b"another", "inny.pdf")
    with app.app_context():
        lonely_bytes = files.find_file(lubowierz, lonely)
        assert lonely_bytes is not None
        sha256 = lonely_bytes.sha256
        soon, later = clock.now() + timedelta(hours=23), clock.now() + timedelta(hours=25)

        assert files.remove_unattached(soon) == 0
        assert files.remove_unattached(later) == 2

        assert files.find_file(lubowierz, twin) is None
        with pytest.raises(FileNotFoundError):
            app.extensions["deliberate.storage"].get(sha256)
    # The twin had the same bytes; they stay for the one that is attached.
    assert make.client(app).get(f"/pliki/{attached}/plan.pdf").data == PDF


def test_bytes_that_are_gone_answer_404(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    token = received(app, lubowierz, make.person(app), of=("consultation", consultation))
    with app.app_context():
        file = files.find_file(lubowierz, token)
        assert file is not None
        app.extensions["deliberate.storage"].remove(file.sha256)

    assert make.client(app).get(f"/pliki/{token}/plan.pdf").status_code == 404


def test_a_consultation_shows_its_files_escaped(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    name = "<img src=x onerror=alert(1)>.pdf"
    received(app, lubowierz, make.person(app), name=name, of=("consultation", consultation))

    page = make.client(app).get("/konsultacje/rynek").text

    assert "<img src=x" not in page
    assert "onerror=alert(1)" in page
    with app.app_context():
        assert db.session.get_one(Consultation, consultation).state == State.PUBLISHED
