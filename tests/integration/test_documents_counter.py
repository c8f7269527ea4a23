"""The counter: what came on paper, by telephone or in another way, entered by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.models import ChangeNotice, Consultation, Phase
from deliberate.consultations.queries import phase_times
from deliberate.consultations.states import ChangeKind
from deliberate.documents.models import RemarkSender, Unit
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from tests import make, sql
from tests.integration.counter import (
    DESK,
    ENTRY,
    TABLE,
    corrected,
    letter,
    put_up,
    remarks,
    send,
    today,
)

LIST = "/konsultacje/program/uwagi"
REASON = "Prosiły o to trzy rady osiedli."


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
