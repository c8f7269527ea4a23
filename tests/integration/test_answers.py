"""Answers: written unseen, published together, read by everyone."""

import io
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from deliberate.answers import actions, queries
from deliberate.answers.models import Answer, Position
from deliberate.answers.positions import LABELS, REMARK_LABELS
from deliberate.answers.rules import tables
from deliberate.answers.rules.answers import AT_ONCE
from deliberate.audit.models import AuditEntry
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, sheets
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.i18n import LANGUAGES, say, speaking
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from tests import make, sql

PAGE = "/konsultacje/rynek/wynik"
DESK = "/urzad/konsultacje/rynek/odpowiedzi"
REASON = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
FILLED = {"position": "accepted", "reason": REASON, "unit": "0"}


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant)


@pytest.fixture
def things(app: Flask, tenant: int, consultation: int) -> list[int]:
    titles = ("Drzewa najpierw", "Targ zostaje", "Toaleta i poidełko")
    return [make.proposal(app, tenant, consultation, title=title) for title in titles]


@pytest.fixture
def officer(app: Flask, tenant: int, things: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int, things: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def one(thing: int) -> str:
    return f"{DESK}/proposal/{thing}"


def answers(app: Flask) -> list[tuple[int, str, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Answer).order_by(Answer.subject_id)).all()
        return [(row.subject_id, row.position, row.published_at is not None) for row in rows]


def answer_all(officer: FlaskClient, things: list[int]) -> None:
    for thing in things:
        assert officer.post(one(thing), data=FILLED).status_code == 303


def confirm(client: FlaskClient, **chosen: str) -> TestResponse:
    """Press the button under the preview, with what the page holds."""
    found = re.search(r'name="seen"\s+value="(\w+)"', client.get(f"{DESK}/tabela").text)
    return client.post(f"{DESK}/tabela/zapis", data={"seen": found[1] if found else "", **chosen})


def upload(client: FlaskClient, data: bytes, name: str = "t.csv") -> str:
    answer = client.post(
        f"{DESK}/tabela",
        data={"table": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return answer.text


def test_an_answer_is_a_draft_that_nobody_sees(
    app: Flask, officer: FlaskClient, things: list[int]
) -> None:
    officer.post(one(things[0]), data=FILLED)

    assert answers(app) == [(things[0], "accepted", False)]
    visitor = make.client(app)
    for page in (PAGE, "/konsultacje/rynek/propozycje/1", "/konsultacje/rynek"):
        assert REASON not in visitor.get(page).text
    assert "Urząd jeszcze nie odpowiedział." in visitor.get(PAGE).text
    assert REASON[:30] in officer.get(DESK).text
    with app.app_context(), app.test_request_context():
        answer = db.session.scalars(select(Answer.id)).one()
        tenant = db.session.scalars(select(Answer.tenant_id)).one()
        assert registry.find_card(tenant, "answer", answer) is None


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"position": ""},
        {"position": "maybe"},
        {"reason": "Nie."},
        {"reason": " " * 60},
        {"reason": "x" * 10_001},
        {"unit": "77"},
        {"unit": "x"},
    ],
)
def test_what_is_no_answer_comes_back_as_typed(
    app: Flask, officer: FlaskClient, things: list[int], wrong: dict[str, str]
) -> None:
    answer = officer.post(one(things[0]), data={**FILLED, **wrong})

    assert answer.status_code == 422
    assert answers(app) == []
    if "reason" not in wrong:
        assert REASON in answer.text


def test_one_answer_is_given_to_many(app: Flask, officer: FlaskClient, things: list[int]) -> None:
    keys = [f"proposal:{thing}" for thing in things[:2]]
    page = officer.get(f"{DESK}/wspolna", query_string={"rzecz": keys})
    officer.post(f"{DESK}/wspolna", data={**FILLED, "rzecz": [*keys, "proposal:9999", "x"]})

    assert "Targ zostaje" in page.text
    assert [row[0] for row in answers(app)] == things[:2]
    with app.app_context():
        batches = set(db.session.scalars(select(Answer.batch)))
        assert len(batches) == 1
        assert None not in batches


def test_the_desk_shows_what_still_lacks_a_position(
    officer: FlaskClient, things: list[int]
) -> None:
    officer.post(one(things[0]), data=FILLED)
    page = officer.get(f"{DESK}?pokaz=bez-stanowiska").text

    assert "Drzewa najpierw" not in page
    assert "Targ zostaje" in page


def test_nothing_is_published_while_one_lacks(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things[:2])
    answer = approver.post(f"{DESK}/ogloszenie")

    assert answer.status_code == 409
    assert "Brakuje jeszcze stanowiska do: 1." in answer.text
    assert not any(published for *_, published in answers(app))


def test_all_answers_come_out_together_and_authors_are_told(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things)
    officer.post(one(things[2]), data={**FILLED, "position": "not_accepted"})
    answer = approver.post(f"{DESK}/ogloszenie", follow_redirects=True)

    assert "Odpowiedzi są ogłoszone" in answer.text
    page = " ".join(make.client(app).get(PAGE).text.split())
    assert "Zgłoszono 3 propozycje. Urząd przyjął 2, częściowo 0, nie przyjął 1." in page
    assert "Każda ma uzasadnienie." in page
    assert REASON in page
    with app.app_context():
        letters = db.session.scalars(select(Outbox).where(Outbox.kind == "answered")).all()
        assert len(letters) == 3
        assert {letter.subject for letter in letters} == {
            "Urząd odpowiedział na Twoją propozycję: przyjęta",
            "Urząd odpowiedział na Twoją propozycję: nieprzyjęta",
        }
        own = re.search(r"/moje/odpowiedz/\S+", letters[0].body)
        assert own is not None
        recorded = db.session.scalars(select(AuditEntry.action)).all()
    assert recorded[-1] == "answers.published"
    assert REASON in " ".join(make.client(app).get(own[0]).text.split())


def test_publishing_twice_writes_to_nobody_twice(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things)
    approver.post(f"{DESK}/ogloszenie")
    approver.post(f"{DESK}/ogloszenie")

    with app.app_context():
        counted = select(func.count()).select_from(Outbox).where(Outbox.kind == "answered")
        assert db.session.scalars(counted).one() == 3


def test_a_published_answer_no_longer_changes(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things)
    approver.post(f"{DESK}/ogloszenie")
    answer = officer.post(one(things[0]), data={**FILLED, "position": "not_accepted"})

    assert answer.status_code == 409
    assert answers(app)[0] == (things[0], "accepted", True)
    for statement in (
        "UPDATE answer SET justification = justification || 'x'",
        "UPDATE answer SET published_at = NULL",
        "DELETE FROM answer",
    ):
        with (
            app.app_context(),
            pytest.raises(IntegrityError, match=r"frozen|append_only"),
            transaction(),
        ):
            db.session.execute(text(statement))


def test_drafts_may_change_and_go(app: Flask, officer: FlaskClient, things: list[int]) -> None:
    officer.post(one(things[0]), data=FILLED)
    officer.post(one(things[0]), data={**FILLED, "position": "partly"})
    assert answers(app) == [(things[0], "partly", False)]

    with app.app_context(), transaction():
        db.session.execute(text("DELETE FROM answer"))


def test_hidden_and_withdrawn_things_need_no_answer_and_show_none(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things)
    make.hidden(app, "proposal", things[1])
    approver.post(f"{DESK}/ogloszenie")
    page = make.client(app).get(PAGE).text

    assert "Drzewa najpierw" in page
    assert "Targ zostaje" not in page
    assert "Targ zostaje" not in officer.get(f"{DESK}/tabela.csv").data.decode()


def test_who_may_do_what(
    app: Flask, tenant: int, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    visitor = make.client(app)

    assert officer.post(f"{DESK}/ogloszenie").status_code == 403
    assert approver.post(one(things[0]), data=FILLED).status_code == 403
    assert approver.get(DESK).status_code == 200
    for client, code in ((resident, 403), (visitor, 401)):
        assert client.get(DESK).status_code == code
        assert client.post(one(things[0]), data=FILLED).status_code == code


def test_a_role_for_one_consultation_reaches_no_other(
    app: Flask, tenant: int, consultation: int, things: list[int]
) -> None:
    other = make.consultation(app, tenant, slug="plac")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=other))

    assert officer.get(DESK).status_code == 403
    assert officer.get("/urzad/konsultacje/plac/odpowiedzi").status_code == 200


def test_another_municipality_has_nothing_of_it(app: Flask, things: list[int]) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    officer = make.client(app, slug="wrzosowiany", signed_in=make.staff(app, there, Role.OFFICER))

    assert officer.get(PAGE).status_code == 404
    assert officer.get(DESK).status_code == 404
    assert officer.get(one(things[0])).status_code == 404


def test_a_thing_of_another_consultation_is_not_on_this_desk(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    other = make.consultation(app, tenant, slug="plac")
    foreign = make.proposal(app, tenant, other)

    assert officer.get(one(foreign)).status_code == 404


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_goes_out_and_comes_back_filled_in(
    app: Flask, officer: FlaskClient, things: list[int], ending: str
) -> None:
    out = officer.get(f"{DESK}/tabela.{ending}")
    table = sheets.read_table(out.data, f"t.{ending}")
    rows = [[*row[:5], "przyjęta częściowo", REASON, "", *row[8:]] for row in table.rows]
    page = upload(officer, sheets.csv_bytes(table.header, rows))

    assert "Podgląd: 3. Nic jeszcze nie jest zapisane." in page
    assert answers(app) == []
    confirm(officer)
    assert answers(app) == [(thing, "partly", False) for thing in things]


@pytest.mark.first_on_both
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("Position", "partly accepted")), ("uk", ("Позиція", "прийнято частково"))],
)
def test_a_table_goes_out_in_the_language_of_the_page_and_comes_back(
    officer: FlaskClient, things: list[int], language: str, said: tuple[str, str], ending: str
) -> None:
    officer.post(one(things[0]), data={**FILLED, "position": "partly"})
    officer.get(f"/?jezyk={language}")

    data = officer.get(f"{DESK}/tabela.{ending}").data
    table = sheets.read_table(data, f"t.{ending}")
    page = upload(officer, data, f"t.{ending}")

    assert (table.header[5], table.rows[0][5]) == said
    assert 'id="podglad"' in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("labels", [LABELS, REMARK_LABELS])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_a_page_says_in_a_language_its_table_understands(
    app: Flask, language: str, labels: Mapping[Position, str]
) -> None:
    """The catalogues may change their words: the table has to follow."""
    with app.test_request_context("/"), speaking(language):
        positions = {say(label): position for position, label in labels.items()}
        header = [say(name) for name in tables.READ]
    things = [
        tables.Thing(kind="proposal", id=n, number=n, stand=None)
        for n in range(1, len(positions) + 1)
    ]
    known = tables.Known(things=things, units={}, seal="1:1", gone={})
    rows = [(str(n), words, REASON, "", "") for n, words in enumerate(positions, start=1)]

    assert tables.check_header(header).remarks == ()
    cells = tables.reduced(header, rows)
    report = tables.check_rows(cells, range(2, len(rows) + 2), known)

    assert report.remarks == ()
    assert [line.stand.position for line in report.lines({})] == list(positions.values())


def test_a_table_in_english_is_saved(app: Flask, officer: FlaskClient, things: list[int]) -> None:
    rows = [(1, "accepted", REASON), (2, "not accepted", REASON), (3, "out of scope", REASON)]
    page = upload(officer, sheets.csv_bytes(("Number", "Position", "Justification"), rows))

    assert "Podgląd: 3." in page
    confirm(officer)
    assert answers(app) == list(
        zip(things, ("accepted", "not_accepted", "out_of_scope"), (False,) * 3, strict=True)
    )


def test_a_table_with_one_bad_row_saves_nothing_and_says_which(
    app: Flask, officer: FlaskClient
) -> None:
    rows = [(1, "przyjęta", REASON), (2, "przyjęta", "Nie."), (77, "przyjęta", REASON)]
    page = upload(officer, sheets.csv_bytes(("Numer", "Stanowisko", "Uzasadnienie"), rows))

    assert "Do poprawy: 2. Niczego nie zapisano." in page
    assert "Wiersz 3: uzasadnienie ma 4 znaków" in page
    assert "Wiersz 4: w tych konsultacjach nie ma numeru 77." in page
    assert confirm(officer).status_code == 409
    assert answers(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "t.csv"),
        (b"\x00\x01\x02", "t.csv"),
        (b"PK\x03\x04zepsuty", "t.xlsx"),
        (b"Numer;Numer\r\n1;2", "t.csv"),
        (b"%PDF-1.4", "t.pdf"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    app: Flask, officer: FlaskClient, data: bytes, name: str
) -> None:
    page = upload(officer, data, name)

    assert "Do poprawy: 1" in page
    assert answers(app) == []


def test_a_table_confirmed_after_publication_changes_nothing(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    answer_all(officer, things)
    rows = [(1, "nieprzyjęta", REASON)]
    upload(officer, sheets.csv_bytes(("Numer", "Stanowisko", "Uzasadnienie"), rows))
    approver.post(f"{DESK}/ogloszenie")
    confirm(officer)

    assert answers(app)[0][1] == "accepted"


def test_a_dropped_table_is_forgotten(app: Flask, officer: FlaskClient) -> None:
    rows = [(1, "przyjęta", REASON)]
    upload(officer, sheets.csv_bytes(("Numer", "Stanowisko", "Uzasadnienie"), rows))
    officer.post(f"{DESK}/tabela/porzucenie")

    assert "Podgląd" not in officer.get(f"{DESK}/tabela").text
    assert confirm(officer).status_code == 409


def test_the_clock_says_how_late_the_answers_are(
    app: Flask, consultation: int, things: list[int]
) -> None:
    with app.app_context(), transaction():
        late = clock.local(clock.now()).date() - timedelta(days=3)
        db.session.get_one(Consultation, consultation).answer_due = late

    assert "3 dni po terminie" in make.client(app).get(PAGE).text


def test_a_draft_consultation_has_no_public_outcome(app: Flask, tenant: int) -> None:
    from deliberate.consultations.models import State

    make.consultation(app, tenant, slug="szkic", state=State.DRAFT)

    assert make.client(app).get("/konsultacje/szkic/wynik").status_code == 404


def test_a_script_in_a_reason_stays_text(
    app: Flask, officer: FlaskClient, approver: FlaskClient, things: list[int]
) -> None:
    evil = "<script>alert(1)</script><b hx-post=/x hx-trigger=load>nie ruszaj tego tekstu</b>"
    for thing in things:
        officer.post(one(thing), data={**FILLED, "reason": evil})
    approver.post(f"{DESK}/ogloszenie")

    page = make.client(app).get(PAGE).text
    assert "<script>alert" not in page
    assert "<b hx-post" not in page


def test_two_writers_at_once_leave_one_answer(
    app: Flask, tenant: int, things: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(reason: str) -> None:
        with app.test_request_context(), transaction():
            card = registry.get_card(tenant, "proposal", things[0])
            actions.save(
                db.session.get_one(Municipality, tenant),
                [card],
                position=Position.ACCEPTED,
                reason=reason,
                unit_id=None,
                actor=SYSTEM,
                now=clock.now(),
            )

    write(REASON)
    monkeypatch.setattr(queries, "find_answer", lambda *_: None)  # as the other tab saw it
    with pytest.raises(Refused) as refused:
        write(REASON + " Inaczej.")

    assert refused.value.refusal == AT_ONCE
    assert len(answers(app)) == 1


@pytest.mark.parametrize("number", [3, 40])
def test_pages_take_few_statements_however_many_things(
    app: Flask, tenant: int, consultation: int, number: int
) -> None:
    for _ in range(number):
        make.proposal(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    with sql.counted(app) as statements:
        make.client(app).get(PAGE)
    assert len(statements) <= 8, statements
    with sql.counted(app) as statements:
        officer.get(DESK)
    assert len(statements) <= 12, statements
