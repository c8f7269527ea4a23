"""The counter: what came on paper, by telephone or in another way, entered by keyboard."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.authorship.models import Version
from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.models import ChangeNotice, Consultation, Phase
from deliberate.consultations.queries import phase_times
from deliberate.consultations.states import ChangeKind
from deliberate.documents.models import (
    Document,
    DocumentVersion,
    Remark,
    RemarkSender,
    Unit,
    UnitText,
)
from deliberate.kernel import clock, retention, sheets
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, StoredFile
from deliberate.subjects.gate import Activity
from tests import make, sql

DESK = "/urzad/konsultacje/program/uwagi"
ENTRY = f"{DESK}/wpis"
TABLE = f"{DESK}/wczytanie"
LIST = "/konsultacje/program/uwagi"
REASON = "Prosiły o to trzy rady osiedli."
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
PATHS = ("§ 6", "§ 6 ust. 1", "§ 6 ust. 2", "§ 7", "§ 7 ust. 1")


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


def put_up(app: Flask, tenant: int, consultation: int, title: str = "Program") -> int:
    """Make a document whose first version has PATHS."""
    now = clock.now()
    with app.app_context(), transaction():
        row = Document(
            tenant_id=tenant,
            consultation_id=consultation,
            position=1,
            title=title,
            version_no=0,
            last_unit=len(PATHS),
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        for number, path in enumerate(PATHS, start=1):
            unit = Unit(tenant_id=tenant, document_id=row.id, number=number)
            db.session.add(unit)
            db.session.flush()
            db.session.add(
                UnitText(
                    tenant_id=tenant,
                    unit_id=unit.id,
                    version_no=1,
                    document_id=row.id,
                    position=number,
                    level="section" if "ust" in path else "paragraph",
                    label=path,
                    path=path,
                    text=f"Treść {path}.",
                )
            )
        db.session.flush()
        db.session.add(DocumentVersion(tenant_id=tenant, document_id=row.id, no=1, made_at=now))
        row.version_no = 1
        return row.id


def today() -> date:
    return clock.local(clock.now()).date()


def letter(**changed: Any) -> dict[str, Any]:
    return {
        "channel": "paper",
        "received_on": today().isoformat(),
        "who": "resident",
        "label": "mieszkanka",
        "language": "pl",
        "owns_land": "",
        "form_key": "0123456789abcdef",
        "parts-0-place": "§ 6 ust. 2",
        "parts-0-kind": "change",
        "parts-0-body": "Drzewa mają zostać, bo dają cień.",
        "parts-0-wording": "",
        **changed,
    }


def send(client: FlaskClient, **changed: Any) -> TestResponse:
    return client.post(ENTRY, data=letter(**changed), content_type="multipart/form-data")


def remarks(app: Flask) -> list[Remark]:
    with app.app_context():
        return list(db.session.scalars(select(Remark).order_by(Remark.number)))


def test_a_letter_is_entered_under_the_next_number(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    make.proposal(app, tenant, consultation)
    answer = send(officer)

    assert answer.status_code == 303
    (remark,) = remarks(app)
    assert (remark.number, remark.channel, remark.author_name) == (2, "paper", "mieszkanka")
    assert remark.place == "§ 6 ust. 2"
    assert remark.author_id is None
    assert not remark.is_late
    with app.app_context():
        unit = db.session.get_one(Unit, remark.on_unit_id)
        assert unit.remarks == 1
        assert db.session.scalars(select(RemarkSender)).all() == []
    page = make.client(app).get("/konsultacje/program/uwagi/2").text
    assert "Drzewa mają zostać" in page


@pytest.mark.parametrize(
    "typed",
    ["§ 6 ust. 2", "par. 6 ust 2", "paragraf 6 ustęp 2", "6.2", "6 2", "  §6   UST.2  "],
)
def test_a_place_is_found_however_it_is_typed(app: Flask, officer: FlaskClient, typed: str) -> None:
    send(officer, **{"parts-0-place": typed})

    assert [remark.place for remark in remarks(app)] == ["§ 6 ust. 2"]


@pytest.mark.first_on_both
@pytest.mark.parametrize("typed", ["", "całość", "do całości"])
def test_without_a_place_it_is_on_the_whole(
    app: Flask, officer: FlaskClient, document: int, typed: str
) -> None:
    send(officer, **{"parts-0-place": typed})

    (remark,) = remarks(app)
    assert (remark.place, remark.document_id, remark.on_unit_id) == ("", document, None)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("§ 99", "Nie ma w dokumencie miejsca „§ 99”."),
        ("ust. 1", "Pasuje kilka miejsc: § 6 ust. 1, § 7 ust. 1."),
        ("<script>", "Nie ma w dokumencie miejsca „&lt;script&gt;”."),
    ],
)
def test_a_place_that_is_not_plain_is_asked_about(
    app: Flask, officer: FlaskClient, typed: str, sentence: str
) -> None:
    answer = send(officer, **{"parts-0-place": typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Drzewa mają zostać" in answer.text
    assert remarks(app) == []


def test_of_two_documents_the_title_says_which(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    second = put_up(app, tenant, consultation, title="Uzasadnienie")

    assert "Napisz, do którego dokumentu" in send(officer, **{"parts-0-place": ""}).text
    assert "Pasuje kilka miejsc" in send(officer).text
    send(officer, **{"parts-0-place": "Uzasadnienie: § 6 ust. 2"})
    assert [remark.document_id for remark in remarks(app)] == [second]


def test_one_letter_with_several_remarks_is_several_rows(app: Flask, officer: FlaskClient) -> None:
    more = send(officer, more="1")
    assert more.status_code == 200
    assert 'name="parts-1-place"' in more.text
    assert remarks(app) == []

    second = {"parts-1-place": "§ 7", "parts-1-kind": "question", "parts-1-body": "A kiedy?"}
    empty = {"parts-2-place": "", "parts-2-kind": "general", "parts-2-body": ""}
    send(officer, **second, **empty, email="halina@poczta.example")

    assert [(row.number, row.place) for row in remarks(app)] == [(1, "§ 6 ust. 2"), (2, "§ 7")]
    with app.app_context():
        senders = db.session.scalars(select(RemarkSender)).all()
        assert [row.email for row in senders] == ["halina@poczta.example"] * 2


def test_the_same_form_twice_is_entered_once(app: Flask, officer: FlaskClient) -> None:
    send(officer)
    send(officer, despite="1")

    assert len(remarks(app)) == 1


def test_after_the_deadline_it_is_kept_and_marked(app: Flask, tenant: int) -> None:
    consultation = make.consultation(
        app, tenant, slug="program", opens=(Activity.REMARK,), began=20, days_left=-3
    )
    put_up(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    send(officer, received_on=(today() - timedelta(days=3)).isoformat())
    send(officer, form_key="f" * 16, label="A.K.", despite="1")

    assert [row.is_late for row in remarks(app)] == [False, True]
    assert "po terminie" in officer.get(ENTRY).text


def test_a_longer_time_takes_the_mark_from_what_came_within_it(app: Flask, tenant: int) -> None:
    now = clock.now()
    consultation = make.consultation(
        app, tenant, slug="program", opens=(Activity.REMARK,), began=20, days_left=-5
    )
    make.phase(
        app,
        tenant,
        consultation,
        starts=now,
        ends=now + timedelta(days=9),
        opens=(Activity.DISCUSS,),
        title="Rozmawiamy",
        position=2,
    )
    put_up(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    send(officer, received_on=(today() - timedelta(days=3)).isoformat())
    send(officer, form_key="f" * 16, label="A.K.", despite="1")
    assert [row.is_late for row in remarks(app)] == [True, True]

    with app.app_context(), transaction():
        row = db.session.get_one(Consultation, consultation)
        grow(row, row.phases[0], days=3)
        days = [(phase.first_day, phase.last_day) for phase in phase_times(row)]
        days[1] = (days[1][0], days[1][1] + timedelta(days=1))
        change_dates(
            row,
            days,
            None,
            reason=REASON,
            stamp=row.revision,
            actor=Actor(tenant_id=tenant),
            now=now,
        )

    assert [row.is_late for row in remarks(app)] == [False, True]
    pages = [make.client(app).get(f"{LIST}/{number}").text for number in (1, 2)]
    assert ["po terminie" in page for page in pages] == [False, True]
    # What was public stays: the notice of the change says it, no remark gets a version.
    assert {row.version_no for row in remarks(app)} == {1}


def grow(consultation: Consultation, phase: Phase, *, days: int) -> None:
    """Lengthen a phase that is over: the tables allow it with a notice, our pages do not."""
    db.session.add(
        ChangeNotice(
            tenant_id=consultation.tenant_id,
            consultation_id=consultation.id,
            kind=ChangeKind.EXTENSION,
            field=f"phase:{phase.title}",
            old="",
            new="",
            reason=REASON,
            at=clock.now(),
        )
    )
    db.session.flush()
    phase.ends_at += timedelta(days=days)
    db.session.flush()


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"received_on": "jutro"},
        {"received_on": ""},
        {"received_on": "2999-01-01"},
        {"received_on": "1999-01-01"},
        {"channel": "web"},
        {"channel": "gołąb"},
        {"label": ""},
        {"label": "x" * 81},
        {"who": "office"},
        {"email": "nie-adres"},
        {"parts-0-body": "", "parts-0-wording": ""},
        {"parts-0-body": "x" * 4001},
        {"parts-0-kind": "żart"},
        {"form_key": ""},
    ],
)
def test_what_has_the_wrong_shape_comes_back_as_typed(
    app: Flask, officer: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = send(officer, **wrong)

    assert answer.status_code == 422
    assert remarks(app) == []
    if "label" not in wrong:
        assert "mieszkanka" in answer.text


def test_the_same_words_are_warned_about_and_may_be_entered(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer)
    warned = send(officer, form_key="f" * 16)
    assert warned.status_code == 422
    assert "Takie same słowa są już wpisane" in warned.text

    send(officer, form_key="f" * 16, despite="1")
    send(officer, form_key="e" * 16, alike="y")

    rows = remarks(app)
    assert [row.number for row in rows] == [1, 2, 3]
    assert len({row.same_as for row in rows}) == 1


def test_what_is_kept_is_there_for_the_next_letter(officer: FlaskClient) -> None:
    answer = send(officer, keep="y")
    page = officer.get(answer.headers["Location"]).text

    assert re.search(r'id="label"[^>]*value="mieszkanka"', page)
    assert re.search(r'<option selected value="paper">', page)
    focus = re.search(r"<input[^>]*autofocus[^>]*>", page)
    assert focus is not None
    assert 'name="parts-0-place"' in focus[0]
    assert "nr 1" in page
    assert "mieszkanka" not in send(officer, form_key="f" * 16, despite="1").headers["Location"]


def test_senders_are_seen_by_the_office_alone_and_go_on_their_day(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer, name="Halina Kanarek", address="ul. Lipowa 5", email="kanarek@poczta.example")
    visitor = make.client(app)
    pages = [
        visitor.get(f"/konsultacje/program/{page}").text
        for page in ("uwagi", "uwagi/1", "uwagi/1/wersje", "uwagi.csv", "uwagi.json")
    ]

    assert not any("anarek" in page or "Lipowa" in page for page in pages)
    assert "Kanarek" in officer.get(f"{DESK}/1/poprawka").text
    with app.app_context():
        (rule,) = (each for each in retention.list_rules() if each.key == "documents.senders")
        later = clock.now() + timedelta(days=367)
        assert (rule.count(clock.now()), rule.count(later)) == (0, 1)
        with transaction():
            assert rule.remove(later) == 1
        assert db.session.scalars(select(RemarkSender)).all() == []
    assert len(remarks(app)) == 1


# A scan.


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


# Corrections.


def corrected(**changed: str) -> dict[str, str]:
    return {
        "received_on": today().isoformat(),
        "who": "resident",
        "label": "mieszkanka",
        "language": "pl",
        "owns_land": "",
        "place": "§ 7",
        "kind": "change",
        "body": "Drzewa mają zostać, bo dają dużo cienia.",
        "wording": "",
        "reason": "błąd w przepisywaniu",
        "based_on": "1",
        **changed,
    }


def test_an_entry_is_put_right_as_a_version_with_its_reason(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer)
    answer = officer.post(f"{DESK}/1/poprawka", data=corrected())

    assert answer.status_code == 303
    (remark,) = remarks(app)
    assert (remark.place, remark.version_no) == ("§ 7", 2)
    with app.app_context():
        versions = db.session.scalars(select(Version).where(Version.kind == "remark")).all()
        assert [(row.no, row.note) for row in versions] == [(1, ""), (2, "błąd w przepisywaniu")]
        counted = dict(db.session.execute(select(Unit.number, Unit.remarks)).all())
        assert (counted[3], counted[4]) == (0, 1)


def test_two_officers_on_one_remark_meet(app: Flask, officer: FlaskClient) -> None:
    send(officer)
    officer.post(f"{DESK}/1/poprawka", data=corrected(body="Pierwsza poprawka tej uwagi."))
    late = officer.post(f"{DESK}/1/poprawka", data=corrected(body="Druga poprawka tej uwagi."))

    assert late.status_code == 409
    assert "ktoś poprawił tę uwagę" in late.text
    assert "Pierwsza poprawka" in late.text
    assert "Druga poprawka" in late.text
    assert [row.body for row in remarks(app)] == ["Pierwsza poprawka tej uwagi."]
    again = corrected(body="Druga poprawka tej uwagi.", based_on="2")
    assert officer.post(f"{DESK}/1/poprawka", data=again).status_code == 303


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"place": "§ 99"},
        {"body": ""},
        {"received_on": "2999-01-01"},
        {"based_on": "x"},
    ],
)
def test_a_correction_of_the_wrong_shape_changes_nothing(
    app: Flask, officer: FlaskClient, wrong: dict[str, str]
) -> None:
    send(officer)

    assert officer.post(f"{DESK}/1/poprawka", data=corrected(**wrong)).status_code == 422
    assert remarks(app)[0].version_no == 1


def test_a_correction_that_changes_nothing_is_refused(app: Flask, officer: FlaskClient) -> None:
    send(officer)
    same = corrected(place="§ 6 ust. 2", body="Drzewa mają zostać, bo dają cień.")

    assert officer.post(f"{DESK}/1/poprawka", data=same).status_code == 409
    assert remarks(app)[0].version_no == 1


def test_what_came_through_the_page_is_not_put_right_by_the_office(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    make.remark(app, tenant, consultation)
    why = {"reason": "list z 20 listopada", "based_on": "1"}

    assert "Tę uwagę zgłoszono przez stronę." in officer.get(f"{DESK}/1/poprawka").text
    assert officer.post(f"{DESK}/1/poprawka", data=corrected()).status_code == 409
    assert officer.post(f"{DESK}/1/wycofanie", data=why).status_code == 409
    assert remarks(app)[0].state == "given"


def test_a_letter_that_withdraws_a_remark_leaves_it_listed(
    app: Flask, officer: FlaskClient
) -> None:
    send(officer)
    short = officer.post(f"{DESK}/1/wycofanie", data={"reason": "", "based_on": "1"})
    officer.post(f"{DESK}/1/wycofanie", data={"reason": "list z 20 listopada", "based_on": "1"})

    assert short.status_code == 422
    (remark,) = remarks(app)
    assert (remark.state, remark.state_reason) == ("withdrawn", "list z 20 listopada")
    assert "list z 20 listopada" in make.client(app).get("/konsultacje/program/uwagi/1").text
    assert officer.post(f"{DESK}/1/poprawka", data=corrected()).status_code == 409


# Answers to what came without an account.


def test_who_sent_a_letter_is_told_at_an_address_of_their_own(
    app: Flask, tenant: int, officer: FlaskClient
) -> None:
    send(officer, email="Halina@poczta.example")
    send(officer, form_key="f" * 16, email="halina@poczta.example", despite="1")
    send(officer, form_key="e" * 16, despite="1")
    reason = "Drzewa zostaną, bo projekt zmieniono w tym miejscu w listopadzie."
    desk = "/urzad/konsultacje/program/odpowiedzi"
    for remark in remarks(app):
        data = {"position": "accepted", "reason": reason, "unit": "0"}
        officer.post(f"{desk}/remark/{remark.id}", data=data)
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    assert approver.post(f"{desk}/ogloszenie").status_code == 303

    with app.app_context():
        (sent,) = db.session.scalars(select(Outbox).where(Outbox.kind == "answered")).all()
    assert sent.address.casefold() == "halina@poczta.example"
    assert "uwzględniona" in sent.body
    assert "adres był podany w piśmie" in sent.body
    links = re.findall(r"/moje/odpowiedz/\S+", sent.body)
    assert len(links) == 2
    page = " ".join(make.client(app).get(links[0]).text.split())
    assert "Uwzględniona" in page
    assert "§ 6 ust. 2" in page


def test_one_tick_answers_all_letters_that_say_the_same(app: Flask, officer: FlaskClient) -> None:
    for number in range(3):
        send(officer, form_key=f"{number}" * 16, alike="y")
    send(officer, **{"form_key": "e" * 16, "parts-0-body": "Coś innego, bez drzew."})
    desk = "/urzad/konsultacje/program/odpowiedzi"
    page = officer.get(desk).text
    tick = re.search(r'value="(jednakowe:\w+)"', page)
    assert tick is not None
    assert "wszystkie jednakowe listy (3)" in page

    chosen = officer.get(f"{desk}/wspolna", query_string={"rzecz": tick[1]}).text

    assert "Jedna odpowiedź na wiele spraw (3)" in chosen
    assert "uwzględniona częściowo" in chosen
    assert "przyjęta" not in chosen


# Who may.


def test_only_the_office_enters(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    send(officer)
    other = make.consultation(app, tenant, slug="inne", opens=(Activity.REMARK,))
    scoped = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=other))
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))

    for client, code in ((scoped, 403), (approver, 403), (resident, 403), (make.client(app), 401)):
        assert client.get(ENTRY).status_code == code
        assert client.post(ENTRY, data=letter()).status_code == code
        assert client.get(f"{DESK}/1/poprawka").status_code == code
        assert client.post(f"{DESK}/1/poprawka", data=corrected()).status_code == code
        assert client.get(TABLE).status_code == code
    assert officer.get("/urzad/konsultacje/program/uwagi/9/poprawka").status_code == 404
    assert officer.get("/urzad/konsultacje/nie-ma/uwagi/wpis").status_code == 404


@pytest.mark.parametrize("state", ["cancelled", "archived"])
def test_nothing_is_entered_once_it_is_over(app: Flask, tenant: int, state: str) -> None:
    consultation = make.consultation(
        app,
        tenant,
        slug="program",
        opens=(Activity.REMARK,),
        state=state,  # type: ignore[arg-type]
    )
    put_up(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert "odwołane albo w archiwum" in officer.get(ENTRY).text
    assert send(officer).status_code == 409
    assert remarks(app) == []


def test_a_consultation_without_remarks_says_so(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, slug="program")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert "nie ma etapu zbierania uwag" in officer.get(ENTRY).text
    assert send(officer, **{"parts-0-place": ""}).status_code == 409


def test_the_page_takes_few_statements_however_much_is_entered(
    app: Flask, officer: FlaskClient
) -> None:
    for number in range(8):
        send(officer, form_key=f"{number}" * 16, alike="y")

    with sql.counted(app) as statements:
        officer.get(ENTRY)
    assert len(statements) <= 12, statements
    with sql.counted(app) as statements:
        officer.get(f"{DESK}/3/poprawka")
    assert len(statements) <= 12, statements


# A table of letters.

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
