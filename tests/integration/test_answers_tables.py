"""Tables that go out to people who never sign in, and what comes back; who prepares what."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.answers.models import Answer, Assignment
from deliberate.consultations.models import Consultation
from deliberate.kernel import apart, clock, sheets, wordtables
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from tests import make, sql

DESK = "/urzad/konsultacje/rynek/odpowiedzi"
REASON = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
OTHER = "Druga ekspertyza mówi, że fundamenty trzeba jednak wzmocnić."
POSITION, WHY, UNIT, KEY = 5, 6, 7, 9  # places of columns


@pytest.fixture
def things(app: Flask, tenant: int) -> list[int]:
    consultation = make.consultation(app, tenant)
    titles = ("Drzewa najpierw", "=1+1 na targu", "Toaleta i poidełko")
    return [make.proposal(app, tenant, consultation, title=title) for title in titles]


@pytest.fixture
def unit(app: Flask, tenant: int) -> int:
    return make.unit(app, tenant)


@pytest.fixture
def officer(app: Flask, tenant: int, things: list[int], unit: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def table_of(client: FlaskClient, query: str = "") -> list[list[str]]:
    """Return what goes out: the header first."""
    table = sheets.read_table(client.get(f"{DESK}/tabela.csv{query}").data, "t.csv")
    return [list(table.header), *(list(row) for row in table.rows)]


def filled(
    row: list[str], position: str = "przyjęta", why: str = REASON, unit: str = ""
) -> list[str]:
    return [*row[:POSITION], position, why, unit, *row[UNIT + 1 :]]


def upload(client: FlaskClient, data: bytes, name: str = "t.csv") -> str:
    answer = client.post(
        f"{DESK}/tabela",
        data={"table": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return " ".join(answer.text.split())


def upload_rows(client: FlaskClient, rows: list[list[str]]) -> str:
    return upload(client, sheets.csv_bytes(rows[0], rows[1:]))


def confirm(client: FlaskClient, **chosen: str) -> TestResponse:
    found = re.search(r'name="seen"\s+value="(\w+)"', client.get(f"{DESK}/tabela").text)
    assert found is not None
    return client.post(f"{DESK}/tabela/zapis", data={"seen": found[1], **chosen})


def answers(app: Flask) -> dict[int, tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Answer)).all()
        return {row.subject_id: (row.position, row.justification) for row in rows}


def test_two_departments_tables_one_after_another_merge(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    head, first, second, third = table_of(officer)

    upload_rows(officer, [head, filled(first), second, third])
    confirm(officer)
    upload_rows(officer, [head, third, filled(second, "nieprzyjęta", OTHER), first])
    confirm(officer)

    assert answers(app) == {
        things[0]: ("accepted", REASON),
        things[1]: ("not_accepted", OTHER),
    }


def test_the_same_file_twice_changes_nothing(app: Flask, officer: FlaskClient) -> None:
    head, *rows = table_of(officer)
    table = [head, *(filled(row, unit="Wydział Inwestycji") for row in rows)]

    upload_rows(officer, table)
    confirm(officer)
    before = answers(app)
    page = upload_rows(officer, table)

    assert "Ta tabela niczego nie zmienia." in page
    assert "Zapisz wszystkie" not in page
    assert answers(app) == before


def test_what_another_department_answered_meanwhile_is_shown_with_both_texts(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    head, first, *_ = table_of(officer)
    upload_rows(officer, [head, filled(first)])
    confirm(officer)

    page = upload_rows(officer, [head, filled(first, "nieprzyjęta", OTHER)])

    assert "Do Twojej decyzji: 1" in page
    assert REASON in page
    assert OTHER in page
    confirm(officer)
    assert answers(app) == {things[0]: ("accepted", REASON)}
    upload_rows(officer, [head, filled(first, "nieprzyjęta", OTHER)])
    confirm(officer, **{f"wybor-proposal-{things[0]}": "2"})
    assert answers(app) == {things[0]: ("not_accepted", OTHER)}


def test_a_choice_that_was_never_offered_saves_nothing(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    head, first, *_ = table_of(officer)
    upload_rows(officer, [head, filled(first), filled(first, "nie", OTHER)])

    answer = confirm(officer, **{f"wybor-proposal-{things[0]}": "77"})

    assert answer.status_code == 303
    assert answers(app) == {}


def test_what_was_saved_between_preview_and_button_stops_the_table(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    head, first, *_ = table_of(officer)
    upload_rows(officer, [head, filled(first)])
    seen = re.search(r'name="seen"\s+value="(\w+)"', officer.get(f"{DESK}/tabela").text)
    assert seen is not None
    answer = {"position": "partly", "reason": OTHER, "unit": "0"}
    officer.post(f"{DESK}/proposal/{things[0]}", data=answer)

    late = officer.post(f"{DESK}/tabela/zapis", data={"seen": seen[1]})

    assert late.status_code == 409
    assert answers(app) == {things[0]: ("partly", OTHER)}


def test_rows_that_lack_and_rows_withdrawn_since_are_named(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    head, first, second, _ = table_of(officer)
    make.hidden(app, "proposal", things[1])

    page = upload_rows(officer, [head, filled(first), filled(second)])

    assert "Numer 2: odkąd tabela została pobrana, został wycofany albo ukryty." in page
    assert "W tabeli nie ma: 1." in page
    assert "Numery: 3" in page
    confirm(officer)
    assert list(answers(app)) == [things[0]]


def test_a_key_of_another_municipality_opens_nothing(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    make.proposal(app, there, make.consultation(app, there))
    foreign = make.client(app, slug="wrzosowiany", signed_in=make.staff(app, there, Role.OFFICER))
    head, row = table_of(foreign)

    page = upload_rows(officer, [head, filled(row)])

    assert "klucz jest zmieniony" in page
    assert confirm(officer).status_code == 303
    assert answers(app) == {}


def test_a_formula_goes_out_as_text_and_comes_back_the_same(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    evil = "=HYPERLINK('http://zlo.example'; 'kliknij tutaj, to bezpieczne')"
    officer.post(
        f"{DESK}/proposal/{things[1]}", data={"position": "partly", "reason": evil, "unit": "0"}
    )
    raw = officer.get(f"{DESK}/tabela.csv").data.decode("utf-8-sig")

    assert ";=" not in raw
    for ending in ("csv", "xlsx", "docx"):
        page = upload(officer, officer.get(f"{DESK}/tabela.{ending}").data, f"t.{ending}")
        assert "Ta tabela niczego nie zmienia." in page, ending
    assert answers(app) == {things[1]: ("partly", evil)}


def test_windows_1250_is_read(app: Flask, officer: FlaskClient, things: list[int]) -> None:
    head, first, *_ = table_of(officer)
    text = sheets.csv_bytes(head, [filled(first)]).decode("utf-8-sig")
    upload(officer, text.encode("cp1250"))
    confirm(officer)

    assert answers(app) == {things[0]: ("accepted", REASON)}


# In Word.


def word(client: FlaskClient, query: str = "") -> tuple[bytes, list[list[str]]]:
    data = client.get(f"{DESK}/tabela.docx{query}").data
    table = Document(io.BytesIO(data)).tables[0]
    return data, [[cell.text for cell in row.cells] for row in table.rows]


def test_a_word_table_goes_out_readable_and_comes_back_filled_in(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    data, rows = word(officer)
    document = Document(io.BytesIO(data))
    row = document.tables[0].rows[2].cells
    row[3].text, row[4].text = "przyjęta częściowo", REASON
    out = io.BytesIO()
    document.save(out)

    assert rows[0] == [
        "Numer", "Miejsce", "Treść", "Stanowisko", "Uzasadnienie", "Komórka urzędu",
        "Klucz (nie zmieniaj)",
    ]  # fmt: skip
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert "Stanowiska: przyjęta, przyjęta częściowo" in document.paragraphs[1].text
    upload(officer, out.getvalue(), "t.docx")
    confirm(officer)
    assert answers(app) == {things[1]: ("partly", REASON)}


def test_the_document_says_its_language_and_repeats_its_header(officer: FlaskClient) -> None:
    officer.get("/?jezyk=en")
    with zipfile.ZipFile(io.BytesIO(officer.get(f"{DESK}/tabela.docx").data)) as parts:
        body, styles = parts.read("word/document.xml"), parts.read("word/styles.xml")

    assert b"<w:tblHeader/>" in body
    assert b'w:orient="landscape"' in body
    assert b'w:val="en-GB"' in styles


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "t.docx"),
        (b"PK\x03\x04zepsuty", "t.docx"),
        (b"%PDF-1.4", "t.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 stary Word", "t.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 stary Word", "t.doc"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(
    app: Flask, officer: FlaskClient, data: bytes, name: str
) -> None:
    assert "Do poprawy: 1" in upload(officer, data, name)
    assert answers(app) == {}


def test_a_document_without_our_table_is_refused_with_a_sentence(officer: FlaskClient) -> None:
    document = Document()
    document.add_paragraph("Nie ma tabeli")
    out = io.BytesIO()
    document.save(out)

    page = upload(officer, out.getvalue(), "t.docx")

    assert "nie ma tabeli z naszymi nazwami kolumn" in page


# Departments and themes.


def keys_of(things: list[int]) -> list[str]:
    return [f"proposal:{thing}" for thing in things]


def test_things_are_assigned_and_the_table_goes_to_one_department(
    app: Flask, officer: FlaskClient, things: list[int], unit: int
) -> None:
    page = officer.get(f"{DESK}/przydzial", query_string={"rzecz": keys_of(things[:2])})
    officer.post(
        f"{DESK}/przydzial",
        data={"rzecz": keys_of(things[:2]), "unit": str(unit), "theme": "zieleń"},
    )
    _, *rows = table_of(officer, f"?komorka={unit}")
    out = officer.get(f"{DESK}/tabela.xlsx?komorka={unit}")

    assert "Drzewa najpierw" in page.text
    assert [row[0] for row in rows] == ["1", "2"]
    assert {row[UNIT] for row in rows} == {"Wydział Inwestycji"}
    assert {row[8] for row in rows} == {"zieleń"}
    assert "odpowiedzi-rynek-wydzial-inwestycji.xlsx" in out.headers["Content-Disposition"]
    desk = officer.get(f"{DESK}?temat=zieleń").text
    assert "Drzewa najpierw" in desk
    assert "Toaleta i poidełko" not in desk.partition("</table>")[0]


def test_what_is_not_said_about_an_assignment_stays(
    app: Flask, officer: FlaskClient, things: list[int], unit: int
) -> None:
    chosen = {"rzecz": keys_of(things[:1])}
    officer.post(f"{DESK}/przydzial", data={**chosen, "unit": str(unit), "theme": "zieleń"})
    officer.post(f"{DESK}/przydzial", data={**chosen, "unit": "-1", "theme": ""})
    with app.app_context():
        row = db.session.scalars(select(Assignment)).one()
        assert (row.unit_id, row.theme) == (unit, "zieleń")
    officer.post(f"{DESK}/przydzial", data={**chosen, "unit": "0", "clear_theme": "y"})

    with app.app_context():
        assert db.session.scalars(select(Assignment)).all() == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("wrong", [{"unit": "77"}, {"unit": "x"}, {"theme": "x" * 61}])
def test_what_is_no_assignment_changes_nothing(
    app: Flask, officer: FlaskClient, things: list[int], wrong: dict[str, str]
) -> None:
    data = {"rzecz": keys_of(things), "unit": "-1", "theme": "zieleń", **wrong}

    assert officer.post(f"{DESK}/przydzial", data=data).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Assignment)).all() == []


def test_only_who_writes_answers_assigns(app: Flask, tenant: int, things: list[int]) -> None:
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    data = {"rzecz": keys_of(things), "unit": "-1", "theme": "zieleń"}

    assert approver.get(f"{DESK}/przydzial").status_code == 403
    assert approver.post(f"{DESK}/przydzial", data=data).status_code == 403
    assert approver.get(f"{DESK}/tabela.docx").status_code == 200
    assert make.client(app).get(f"{DESK}/tabela.docx").status_code == 401


# The desk.


def test_two_officers_who_answer_at_once_meet(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    address = f"{DESK}/proposal/{things[0]}"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', officer.get(address).text)
    assert seen is not None
    mine = {"position": "accepted", "reason": REASON, "unit": "0", "seen": seen[1]}
    officer.post(address, data={**mine, "position": "partly", "reason": OTHER})

    late = officer.post(address, data=mine)

    assert late.status_code == 409
    assert OTHER in late.text
    assert REASON in late.text
    assert answers(app) == {things[0]: ("partly", OTHER)}
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', late.text)
    assert seen is not None
    assert officer.post(address, data={**mine, "seen": seen[1]}).status_code == 303
    assert answers(app) == {things[0]: ("accepted", REASON)}


def test_what_lacks_a_position_is_named_and_linked(officer: FlaskClient, things: list[int]) -> None:
    officer.post(
        f"{DESK}/proposal/{things[0]}",
        data={"position": "accepted", "reason": REASON, "unit": "0"},
    )
    panel = officer.get(DESK).text.partition('id="publish"')[2]

    assert f'href="{DESK}/proposal/{things[1]}"' in panel
    assert f'href="{DESK}/proposal/{things[0]}"' not in panel


def test_a_long_desk_comes_in_pages_of_few_statements(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    for _ in range(60):
        make.proposal(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    with sql.counted(app) as statements:
        page = officer.get(f"{DESK}?strona=2").text

    assert len(statements) <= 12, statements
    assert page.count('name="rzecz"') == 10


# The address for whoever sent it.


def published(app: Flask, tenant: int, officer: FlaskClient, things: list[int]) -> None:
    for thing in things:
        officer.post(
            f"{DESK}/proposal/{thing}",
            data={"position": "accepted", "reason": REASON, "unit": "0"},
        )
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    assert approver.post(f"{DESK}/ogloszenie").status_code == 303


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        return list(
            db.session.scalars(select(Outbox).where(Outbox.kind == "answered").order_by(Outbox.id))
        )


def own_address(letter: Outbox) -> str:
    found = re.search(r"/moje/odpowiedz/\S+", letter.body)
    assert found is not None
    return found[0]


def test_several_answers_to_one_person_are_one_letter(
    app: Flask, tenant: int, officer: FlaskClient, things: list[int]
) -> None:
    author = make.person(app, resident_of=tenant, locale="en")
    with app.app_context():
        consultation = db.session.scalars(select(Consultation.id)).one()
    more = [make.proposal(app, tenant, consultation, author=author) for _ in range(3)]
    published(app, tenant, officer, [*things, *more])

    sent = letters(app)

    assert len(sent) == 4
    assert sorted(letter.body.count("/moje/odpowiedz/") for letter in sent) == [1, 1, 1, 3]


def test_the_own_address_shows_thing_and_answer_to_whoever_has_it(
    app: Flask, tenant: int, officer: FlaskClient, things: list[int]
) -> None:
    published(app, tenant, officer, things)
    page = make.client(app).get(own_address(letters(app)[0]))

    assert page.status_code == 200
    assert "Drzewa najpierw" in page.text
    assert "Ekspertyza" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="robots" content="noindex"' in page.text


def test_an_address_that_was_changed_or_is_anothers_opens_nothing(
    app: Flask, tenant: int, officer: FlaskClient, things: list[int]
) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    published(app, tenant, officer, things)
    address = own_address(letters(app)[0])

    assert make.client(app).get(address[:-1]).status_code == 404
    assert make.client(app).get("/moje/odpowiedz/x").status_code == 404
    assert make.client(app, slug="wrzosowiany").get(address).status_code == 404


def test_the_address_ends_and_says_where_the_answer_is(
    app: Flask, tenant: int, officer: FlaskClient, things: list[int]
) -> None:
    published(app, tenant, officer, things)
    address = own_address(letters(app)[0])
    with clock.at(clock.now() + timedelta(days=367)):
        page = make.client(app).get(address)

    assert page.status_code == 410
    assert "Drzewa najpierw" not in page.text
    assert "/konsultacje/rynek/wynik" in page.text


def test_what_was_hidden_since_is_hidden_here_too(
    app: Flask, tenant: int, officer: FlaskClient, things: list[int]
) -> None:
    published(app, tenant, officer, things)
    address = own_address(letters(app)[0])
    make.hidden(app, "proposal", things[0])

    page = make.client(app).get(address).text

    assert "Drzewa najpierw" not in page
    assert "Ekspertyza" not in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.docx"])
def test_a_file_that_eats_too_much_is_refused_and_the_page_stays(
    officer: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = officer.get(f"{DESK}/tabela.{name[2:]}").data
    monkeypatch.setattr(apart, "MOST_WAITING", 0.01)

    page = upload(officer, data, name)

    said = wordtables.UNREADABLE if name == "t.docx" else sheets.UNREADABLE
    assert said in page
    assert 'name="table"' in page
