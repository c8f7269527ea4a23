"""Reading documents and remarks: units on demand, lists, what is hidden, how fast."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from deliberate.consultations.models import Consultation
from deliberate.documents import exports, texts
from deliberate.documents.kinds import Channel, RemarkKind
from deliberate.documents.models import Document, Remark, Unit
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.activities import Activity
from tests import make
from tests.sql import counted

PAGE = "/konsultacje/rynek"
LIST = f"{PAGE}/uwagi"
HTMX = {"HX-Request": "true"}
SECRET = "Tajemnicze słowo ornitorynk"


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.REMARK])


@pytest.fixture
def document(app: Flask, tenant: int, consultation: int) -> int:
    return make.document(app, tenant, consultation)


@pytest.fixture
def browser(app: Flask, document: int) -> FlaskClient:
    return make.client(app)


def text_of(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def long_document(app: Flask, tenant: int, consultation: int, units: int = 100) -> int:
    lines = [f"§ {number}. Zadanie numer {number}." for number in range(1, units + 1)]
    return make.document(app, tenant, consultation, texts=lines)


def many_remarks(app: Flask, tenant: int, consultation: int, document: int, count: int) -> None:
    """Put remarks on the units in turn, as rows."""
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        found = texts.list_units(db.session.get_one(Document, document), 1)
        now, first = clock.now(), parent.last_number + 1
        db.session.execute(
            insert(Remark),
            [
                {
                    "tenant_id": tenant, "consultation_id": consultation, "number": first + n,
                    "document_id": document, "on_unit_id": found[n % len(found)].unit_id,
                    "document_version": 1, "place": found[n % len(found)].path,
                    "kind": "change", "wording": "", "body": f"Za mało na zadanie {n}.",
                    "channel": "web", "received_on": now.date(), "is_late": False,
                    "same_as": f"{n}", "state": "given", "state_reason": "",
                    "content_state": "visible", "folded": f"za malo na zadanie {n}",
                    "capacity": "resident", "capacity_label": "", "author_name": "Halina K.",
                    "language": "pl", "version_no": 1, "created_at": now,
                }
                for n in range(count)
            ],
        )  # fmt: skip
        parent.last_number += count
        db.session.execute(
            update(Unit).where(Unit.document_id == document)
            .values(remarks=Unit.remarks + count // len(found))
            .execution_options(touches=tenant, synchronize_session=False)
        )  # fmt: skip


# The document.


def test_a_document_shows_units_with_their_ways(browser: FlaskClient, document: int) -> None:
    page = browser.get(f"{PAGE}/dokumenty/{document}")

    assert page.status_code == 200
    assert 'id="jednostka-2"' in page.text
    assert "Zgłoś uwagę do: § 2" in text_of(page)
    assert f"uwagi/nowa?dokument={document}&amp;jednostka=2" in page.text
    assert "Spis treści" in page.text


def test_the_page_of_the_consultation_leads_to_it(browser: FlaskClient, document: int) -> None:
    page = browser.get(PAGE)

    assert f"{PAGE}/dokumenty/{document}" in page.text
    assert f'btn-wide" href="{LIST}/nowa"' in " ".join(page.text.split())


def test_units_come_on_demand(app: Flask, tenant: int, consultation: int) -> None:
    document = long_document(app, tenant, consultation)
    browser = make.client(app)
    first = browser.get(f"{PAGE}/dokumenty/{document}")
    more = browser.get(f"{PAGE}/dokumenty/{document}?strona=2", headers=HTMX)
    sought = browser.get(f"{PAGE}/dokumenty/{document}?jednostka=90")
    whole = browser.get(f"{PAGE}/dokumenty/{document}?calosc=1")

    assert 'id="jednostka-40"' in first.text
    assert 'id="jednostka-41"' not in first.text
    assert f'href="{PAGE}/dokumenty/{document}?strona=3#jednostka-100"' in first.text  # contents
    assert "strona=2" in first.text
    assert "<html" not in more.text
    assert 'id="jednostka-41"' in more.text
    assert 'id="jednostka-90"' in sought.text
    assert 'id="jednostka-1"' in whole.text
    assert 'id="jednostka-100"' in whole.text


@pytest.mark.parametrize(
    "query", ["?wersja=2", "?wersja=99999999999", "?strona=9999", "?strona=x", "?jednostka=77",
              "?jednostka=-1", "?calosc=1&strona=3"],
)  # fmt: skip
def test_no_address_breaks_it(browser: FlaskClient, document: int, query: str) -> None:
    assert browser.get(f"{PAGE}/dokumenty/{document}{query}").status_code in (200, 404)


def test_remarks_of_a_unit_open_beside_it(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    make.remark(app, tenant, consultation, document=document, unit=2, body="Za mało na kulturę.")
    browser = make.client(app)
    page = browser.get(f"{PAGE}/dokumenty/{document}")
    address = f"{PAGE}/dokumenty/{document}/jednostki/2/uwagi"
    part = browser.get(address, headers=HTMX)
    plain = browser.get(address)

    assert "Uwagi: 1" in text_of(page)
    assert f'hx-get="{address}"' in page.text
    assert "Za mało na" in part.text
    assert "<html" not in part.text
    assert plain.status_code == 302
    assert f"dokument={document}&jednostka=2" in plain.location


def test_a_draft_is_seen_by_nobody_else(app: Flask, document: int) -> None:
    make.document_draft(app, document, "§ 1. Program trwa rok.", f"§ 2. {SECRET}.")
    browser = make.client(app)

    for path in ("", "?wersja=2", "/wersje", "/zmiany", "/zmiany?od=1&do=2"):
        assert SECRET not in browser.get(f"{PAGE}/dokumenty/{document}{path}").text


def test_a_document_that_is_only_prepared_is_not_there(
    app: Flask, tenant: int, consultation: int
) -> None:
    with app.app_context(), transaction():
        row = Document(
            tenant_id=tenant, consultation_id=consultation, position=1, title="Szkic",
            created_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        made = row.id

    assert make.client(app).get(f"{PAGE}/dokumenty/{made}").status_code == 404
    assert "Szkic" not in make.client(app).get(PAGE).text


def test_versions_and_what_changed_are_public(app: Flask, document: int) -> None:
    make.document_version(
        app, document, "§ 1. Program trwa dwa lata.", "§ 1a. Nowe zadanie dla wszystkich."
    )
    browser = make.client(app)
    page = browser.get(f"{PAGE}/dokumenty/{document}")
    old = browser.get(f"{PAGE}/dokumenty/{document}?wersja=1")
    changes = browser.get(f"{PAGE}/dokumenty/{document}/zmiany")

    assert "500 000" not in page.text
    assert "To jest wcześniejsza wersja" in old.text
    assert "500 000" in old.text
    assert "Zgłoś uwagę do:" not in old.text
    assert "<ins>dwa lata</ins>" in changes.text or "<del>rok</del>" in changes.text
    assert "§ 2 – usunięte" in text_of(changes)
    assert "§ 1a – dodane" in text_of(changes)
    assert "Wersje i zmiany (2)" in text_of(page)
    assert browser.get(f"{PAGE}/dokumenty/{document}/wersje").status_code == 200


def test_a_unit_that_is_gone_is_found_in_the_last_version_that_has_it(
    app: Flask, document: int
) -> None:
    make.document_version(app, document, "§ 1. Program trwa rok.")
    page = make.client(app).get(f"{PAGE}/dokumenty/{document}?jednostka=2")

    assert "To jest wcześniejsza wersja" in page.text
    assert 'id="jednostka-2"' in page.text


def test_a_remark_stays_by_its_unit_over_versions(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    make.remark(app, tenant, consultation, document=document, unit=2, body="Za mało.")
    make.document_version(
        app, document, "§ 1. Wstęp.", "§ 2. Program trwa rok.", "§ 3. Na zadania jest 500 000 zł."
    )
    page = make.client(app).get(f"{PAGE}/dokumenty/{document}")
    unit = page.text.partition('id="jednostka-2"')[2].partition('class="unit ')[0]

    assert "§ 3." in unit
    assert "Uwagi:" in unit
    assert "Uwaga nr 1: § 2" in text_of(make.client(app).get(LIST))  # as it was called then


def test_an_unpublished_consultation_shows_documents_to_the_office_alone(
    app: Flask, tenant: int
) -> None:
    draft = make.consultation(app, tenant, slug="szkic", state="draft", opens=[Activity.REMARK])
    document = make.document(app, tenant, draft)
    path = f"/konsultacje/szkic/dokumenty/{document}"

    assert make.client(app).get(path).status_code == 404
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    assert officer.get(path).status_code == 200
    assert officer.get("/konsultacje/szkic/uwagi").status_code == 404


# The list.


def test_the_list_is_narrowed_in_every_way(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    on = {"document": document}
    make.remark(app, tenant, consultation, **on, unit=1, body="Pierwsza o terminie.")
    make.remark(app, tenant, consultation, **on, unit=2, body="Druga o pieniądzach.")
    make.remark(app, tenant, consultation, **on, body="Trzecia, pytanie.", kind=RemarkKind.QUESTION)
    fourth = make.remark(
        app, tenant, consultation, **on, body="Czwarta z listu.", channel=Channel.PAPER,
        entered_by=officer,
    )  # fmt: skip
    make.published_answer(app, tenant, consultation, "remark", fourth)
    expected = {
        "": [1, 2, 3, 4],
        f"?dokument={document}&jednostka=2": [2],
        f"?dokument={document}&jednostka=calosc": [3, 4],
        "?rodzaj=pytanie": [3],
        "?droga=papier": [4],
        "?stanowisko=uwzglednione": [4],
        "?stanowisko=brak": [1, 2, 3],
        "?stanowisko=wycofane": [],
        "?szukaj=pieniądze": [2],
        "?szukaj=%25": [1, 2, 3, 4],
        "?rodzaj=xyz&droga=&stanowisko=?": [1, 2, 3, 4],
        "?dokument=999": [],
        "?jednakowe=2": [2],
        "?jednakowe=99": [],
    }
    browser = make.client(app)

    found = {
        query: [int(n) for n in re.findall(r"Uwaga nr (\d+)", text_of(browser.get(LIST + query)))]
        for query in expected
    }
    assert found == expected


def test_mass_letters_are_one_row_and_all_counted(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    letter = "Prosimy o więcej drzew w parku."
    for _ in range(40):
        make.remark(app, tenant, consultation, document=document, unit=2, body=letter)
    make.remark(app, tenant, consultation, document=document, unit=1, body=letter)
    browser = make.client(app)
    page = browser.get(LIST)
    all_of_them = browser.get(f"{LIST}?jednakowe=1")

    assert "41 uwag" in text_of(page)
    assert "40 jednakowych uwag – pokaż wszystkie" in text_of(page)
    assert len(re.findall(r"Uwaga nr \d+", text_of(page))) == 2
    assert "40 uwag" in text_of(all_of_them)
    assert len(re.findall(r"Uwaga nr \d+", text_of(all_of_them))) == 20
    assert "40 jednakowych uwag" in text_of(browser.get(f"{LIST}/7"))


def test_an_empty_list_says_so(browser: FlaskClient) -> None:
    assert "Nie ma jeszcze żadnej uwagi" in browser.get(LIST).text
    assert "Takich uwag jeszcze nie ma" in browser.get(f"{LIST}?szukaj=xyz").text


def test_the_list_changes_by_itself(browser: FlaskClient) -> None:
    part = browser.get(LIST, headers=HTMX)

    assert "<html" not in part.text
    assert 'id="status"' in part.text


def test_open_data_have_no_names(app: Flask, tenant: int, consultation: int, document: int) -> None:
    first = make.remark(app, tenant, consultation, document=document, unit=2, body="=1+1; za mało")
    make.remark(app, tenant, consultation, document=document, unit=2, body="=1+1; za mało")
    make.published_answer(app, tenant, consultation, "remark", first)
    browser = make.client(app)
    table = browser.get(f"{LIST}.csv")
    data = json.loads(browser.get(f"{LIST}.json").data)

    lines = table.data.decode("utf-8-sig").splitlines()
    assert lines[0] == ";".join(exports.HEADER)
    assert "'=1+1; za mało" in lines[1]
    assert "Halina" not in table.text
    assert [row["miejsce"] for row in data["uwagi"]] == ["§ 2", "§ 2"]
    assert [row["stanowisko"] for row in data["uwagi"]] == ["uwzględniona", ""]
    assert [row["jednakowa_z"] for row in data["uwagi"]] == [None, 1]


# One remark.


def test_a_remark_has_its_answer_and_its_place(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    first = make.remark(app, tenant, consultation, document=document, unit=2, body="Za mało.")
    make.published_answer(app, tenant, consultation, "remark", first)
    page = make.client(app).get(f"{LIST}/1")

    assert "Uwaga nr 1: § 2" in text_of(page).replace("\N{NO-BREAK SPACE}", " ")
    assert f"dokumenty/{document}?jednostka=2#jednostka-2" in page.text
    assert "Odpowiedź urzędu" in page.text


@pytest.mark.parametrize("number", ["2", "0", "99999999999", "x"])
def test_no_other_remark_is_there(browser: FlaskClient, number: str) -> None:
    assert browser.get(f"{LIST}/{number}").status_code == 404


def test_a_hidden_remark_leaks_nowhere(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    author = make.person(app, name="Ukryta Osoba", resident_of=tenant)
    hidden = make.remark(
        app, tenant, consultation, document=document, unit=2, body=SECRET, author=author
    )
    make.hidden(app, "remark", hidden)
    browser = make.client(app)
    surfaces = [
        PAGE, LIST, f"{LIST}?szukaj=ornitorynk", f"{LIST}?jednakowe=1", f"{LIST}.csv",
        f"{LIST}.json", f"{LIST}/1", f"{LIST}/1/wersje", f"{PAGE}/dokumenty/{document}",
        f"{PAGE}/dokumenty/{document}/jednostki/2/uwagi", "/szukaj?szukaj=ornitorynk",
    ]  # fmt: skip

    for path in surfaces:
        for headers in ({}, HTMX):
            got = browser.get(path, headers=headers).text
            assert "Tajemnicze" not in got, path
            assert "Ukryta Osoba" not in got
    assert "jest ukryta" in browser.get(f"{LIST}/1").text
    assert "Uwagi: 1" not in text_of(browser.get(f"{PAGE}/dokumenty/{document}"))
    assert "0 uwag" in text_of(browser.get(LIST))


def test_counters_equal_rows_whatever_happens(
    app: Flask, tenant: int, consultation: int, document: int
) -> None:
    ids = [
        make.remark(app, tenant, consultation, document=document, unit=2, body=f"Uwaga {n}")
        for n in range(3)
    ]
    make.hidden(app, "remark", ids[0])
    make.hidden(app, "remark", ids[0])

    with app.app_context():
        units = texts.list_units(db.session.get_one(Document, document), 1)
    assert [unit.remarks for unit in units] == [0, 2]


# Fast.


@pytest.mark.parametrize(
    "path", ["/dokumenty/{d}", "/dokumenty/{d}?strona=2", "/uwagi", "/uwagi/1", "/uwagi/nowa", ""]
)
def test_statements_are_few_and_do_not_grow(
    app: Flask, tenant: int, consultation: int, path: str
) -> None:
    document = long_document(app, tenant, consultation, units=60)
    many_remarks(app, tenant, consultation, document, 60)
    path = PAGE + path.format(d=document)
    browsers = (
        (make.client(app), 8),
        (make.client(app, signed_in=make.person(app, resident_of=tenant)), 12),
    )
    used: list[list[int]] = []
    for _ in range(2):
        used.append([])
        for browser, most in browsers:
            browser.get(path)
            with counted(app) as statements:
                assert browser.get(path + ("&" if "?" in path else "?") + "x=1").status_code == 200
            assert len(statements) <= most, "\n".join(statements)
            used[-1].append(len(statements))
        many_remarks(app, tenant, consultation, document, 120)
    assert used[0] == used[1]
