"""The office builds a survey, offers it, corrects and translates it, enters paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.audit import entries
from deliberate.audit.models import AuditEntry
from deliberate.authorship.models import Translation
from deliberate.consultations.models import Consultation
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.surveys.component import NO_PHASE, NONE_OFFERED, lacking
from deliberate.surveys.definition import Definition
from deliberate.surveys.kinds import State
from deliberate.surveys.models import Survey, SurveyReply, SurveySheet
from tests import make, sql

DESK = "/urzad/konsultacje/rynek/ankiety"
ONE = f"{DESK}/1"
PAGE = "/konsultacje/rynek/ankiety/1"


@dataclass(frozen=True)
class Place:
    tenant: int
    consultation: int


@pytest.fixture
def place(app: Flask) -> Place:
    tenant = make.municipality(app)
    return Place(tenant, make.consultation(app, tenant, opens=[Activity.SURVEY]))


@pytest.fixture
def officer(app: Flask, place: Place) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, place.tenant, Role.OFFICER))


def definition(app: Flask) -> Definition:
    with app.app_context():
        return db.session.scalars(select(Survey)).one().definition


def revision(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Survey.revision)).one()


def answer(app: Flask, place: Place) -> None:
    client = make.client(app, signed_in=make.person(app, resident_of=place.tenant))
    sent = {"wersja": str(revision(app)), "klucz": "k" * 43, "p1": "1"}
    assert client.post(f"{PAGE}/wyslanie", data=sent).status_code == 303


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert list(entries.verify()) == []
        return [action for action in rows if action.startswith("survey.")]


def add(client: FlaskClient, app: Flask, kind: str, **fields: object) -> TestResponse:
    return client.post(f"{ONE}/pytania/nowe/{kind}", data={"revision": revision(app), **fields})


def test_an_officer_builds_a_survey_of_every_kind(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    officer.post(DESK, data={"title": "Park", "intro": "O parku.", "anonymous": "tak"})
    for kind, fields in {
        "single": {"text": "Bywasz?", "options": "Tak\nNie\n", "is_required": "y"},
        "multiple": {"text": "Co?", "options": "A\nB\nC", "least": "1", "most": "2"},
        "scale": {"text": "Ocena", "least": "1", "most": "5", "most_label": "dobrze"},
        "text": {"text": "Powiedz", "longest": ""},
        "ranking": {"text": "Ułóż", "options": "A\nB\nC", "most": ""},
        "matrix": {"text": "Oceń", "rows": "Ławki\nDrzewa", "options": "źle\ndobrze"},
    }.items():
        assert officer.get(f"{ONE}/pytania/nowe/{kind}").status_code == 200
        assert add(officer, app, kind, **fields).status_code == 303, kind
    add(officer, app, "text", text="Dlaczego nie?", shown_if=["1:2"])
    offered = officer.post(f"{ONE}/udostepnienie", follow_redirects=True)

    made = definition(app)
    assert [question.kind.value for question in made.questions] == [
        "single", "multiple", "scale", "text", "ranking", "matrix", "text",
    ]  # fmt: skip
    assert made.questions[4].most == 3
    assert made.questions[3].longest == 500
    assert "Ankieta jest udostępniona" in offered.text
    assert "Jeśli w pytaniu 1 odpowiedź to „Nie”" in offered.text
    visitor = make.client(app).get(PAGE).text
    assert all(question.text in visitor for question in made.questions)
    assert acts(app) == ["survey.created", *["survey.changed"] * 7, "survey.offered"]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("single", {"text": "", "options": "A\nB"}, "Uzupełnij to pole"),
        ("single", {"text": "Pytanie", "options": "A"}, "co najmniej dwie odpowiedzi"),
        ("single", {"text": "Pytanie", "options": "A\nA"}, "Dwie odpowiedzi są takie same"),
        ("multiple", {"text": "P", "options": "A\nB", "most": "3"}, "Podaj liczbę od 1"),
        ("multiple", {"text": "P", "options": "A\nB", "least": "2", "most": "1"}, "większa niż"),
        ("multiple", {"text": "P", "options": "A\nB", "most": "x"}, ""),
        ("scale", {"text": "P", "least": "5", "most": "5"}, "początek mniejszy niż koniec"),
        ("matrix", {"text": "P", "options": "A\nB"}, "Wpisz wiersze tabelki"),
        ("text", {"text": "P", "longest": "9000"}, "Wpisz liczbę"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_at_its_field(
    app: Flask, officer: FlaskClient, kind: str, fields: Mapping[str, str], words: str
) -> None:
    officer.post(DESK, data={"title": "Park", "anonymous": "tak"})

    got = add(officer, app, kind, **fields)

    assert got.status_code == 422
    assert words in got.text
    assert definition(app).questions == ()


def test_a_condition_names_one_question(app: Flask, place: Place, officer: FlaskClient) -> None:
    make.survey(app, place.tenant, place.consultation, state=State.DRAFT)
    got = add(officer, app, "text", text="Co jeszcze?", shown_if=["1:1", "3:5"])

    assert got.status_code == 422
    assert "Warunek może dotyczyć tylko jednego pytania" in got.text
    assert len(definition(app).questions) == 4


def test_questions_move_and_conditions_follow(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation, state=State.DRAFT)
    officer.post(f"{ONE}/pytania/3/miejsce", data={"revision": 1, "wyzej": "1"})
    moved = definition(app)
    too_far = officer.post(f"{ONE}/pytania/3/miejsce", data={"revision": 2, "wyzej": "1"})
    too_far = officer.post(f"{ONE}/pytania/2/miejsce", data={"revision": 3, "wyzej": "1"})
    needed = officer.post(f"{ONE}/pytania/1/usuniecie", data={"revision": 3})

    assert [question.text for question in moved.questions][1:3] == [
        "Jak oceniasz park?",
        "Co tam robisz?",
    ]
    assert moved.questions[2].shown_if == make.PARK[1].shown_if
    assert too_far.status_code == 409
    assert needed.status_code == 409
    assert "Od tego pytania zależy pytanie 2" in needed.text


def test_an_answer_that_another_question_needs_stays(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation, state=State.DRAFT)
    got = officer.post(
        f"{ONE}/pytania/1", data={"revision": 1, "text": "Bywasz?", "options": "Tak\nNie"}
    )

    assert got.status_code == 409
    assert "zależy od odpowiedzi, której by nie było" in got.text


def test_an_empty_survey_is_not_offered(app: Flask, place: Place, officer: FlaskClient) -> None:
    make.survey(app, place.tenant, place.consultation, questions=[], state=State.DRAFT)

    assert "nie ma jeszcze pytań" in officer.post(f"{ONE}/udostepnienie").text


def test_two_officers_do_not_overwrite_each_other(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation, state=State.DRAFT)
    officer.post(f"{ONE}/pytania/4/usuniecie", data={"revision": 1})
    late = officer.post(ONE, data={"revision": 1, "title": "Inny tytuł", "anonymous": "tak"})

    assert late.status_code == 409
    assert "Ktoś zmienił tę ankietę w międzyczasie" in late.text
    assert definition(app).title == "Ankieta o parku"


def test_after_the_first_answer_only_typing_is_corrected_in_public(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    early = officer.get(f"{ONE}/poprawka").text
    answer(app, place)
    changed = officer.post(f"{ONE}/pytania/4/usuniecie", data={"revision": 1})
    hidden = officer.post(f"{ONE}/cofniecie")
    texts = definition(app).texts()
    corrected = officer.post(
        f"{ONE}/poprawka",
        data={**texts, "q4-text": "Co poprawić?", "reason": "Literówka w pytaniu 4."},
        follow_redirects=True,
    )

    assert "Nikt jeszcze nie odpowiedział" in early
    assert changed.status_code == hidden.status_code == 409
    assert "można poprawić tylko pisownię" in changed.text
    assert "Poprawka jest widoczna" in corrected.text
    page = make.client(app).get(PAGE).text
    assert "Literówka w pytaniu 4." in page
    assert "<del>Co zmienić?</del>" in page
    assert len(definition(app).questions) == 4


def test_a_draft_can_be_removed_and_what_is_seen_cannot(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    refused = officer.post(f"{ONE}/usuniecie")
    officer.post(f"{ONE}/cofniecie")
    officer.post(f"{ONE}/usuniecie")

    assert refused.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Survey)).all() == []
    assert acts(app) == ["survey.taken_back", "survey.removed"]


def test_a_whole_translation_is_shown_and_follows_the_words(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    texts = {place_: f"EN {text}" for place_, text in definition(app).texts().items()}
    english = make.client(app)
    english.set_cookie("jezyk", "en")

    officer.post(f"{ONE}/tlumaczenia/en", data={**texts, "q4-text": ""})
    partial = english.get(PAGE).text
    officer.post(f"{ONE}/tlumaczenia/en", data=texts)
    whole = english.get(PAGE).text
    officer.post(f"{ONE}/pytania/4/miejsce", data={"revision": 1, "wyzej": "1"})
    moved = english.get(PAGE).text
    answer(app, place)
    polish = definition(app).texts()
    officer.post(
        f"{ONE}/poprawka",
        data={**polish, "title": "Ankieta o parkach", "reason": "Mowa o obu parkach."},
    )

    assert "EN Ankieta" not in partial
    assert '<h1 lang="en">EN Ankieta o parku' in whole
    assert "EN Co zmienić?" in moved
    assert "EN Ankieta o parku" in english.get(PAGE).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Translation)) > 5


# Paper.


def enter(client: FlaskClient, key: str, **sent: object) -> TestResponse:
    return client.post(f"{ONE}/papier", data={"batch": "3", "klucz": key * 43, **sent})


def test_sheets_of_paper_are_numbered_within_their_batch(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    first = enter(officer, "a", p1="1", p2="3")
    twice = enter(officer, "a", p1="1", p2="3")
    second = enter(officer, "b", p3="5")  # the required question is empty on the paper
    page = officer.get(f"{ONE}/papier?partia=3").text

    assert first.status_code == twice.status_code == second.status_code == 303
    assert "partia=3" in first.headers["Location"]
    assert "Partia 3: 2" in page
    assert "autofocus" in page
    with app.app_context():
        sheets = db.session.scalars(select(SurveySheet).order_by(SurveySheet.paper_no)).all()
        assert [(s.channel, s.batch, s.paper_no) for s in sheets] == [
            ("paper", 3, 1),
            ("paper", 3, 2),
        ]
        assert sheets[0].entered_by is not None
        assert db.session.scalars(select(func.count()).select_from(SurveyReply)).one() == 3


def test_a_wrong_sheet_of_paper_is_told_and_stays_in_the_form(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    wrong = enter(officer, "a", p1="1", p2=["1", "2", "3"], p4="Cień")
    empty = enter(officer, "b")
    no_batch = officer.post(f"{ONE}/papier", data={"batch": "0", "klucz": "c" * 43, "p1": "1"})

    assert wrong.status_code == empty.status_code == no_batch.status_code == 422
    assert "Wybierz najwyżej: 2." in wrong.text
    assert "Cień</textarea>" in wrong.text
    assert "nie ma żadnej odpowiedzi" in empty.text
    assert "Wpisz numer od 1 do 9999" in no_batch.text


def test_a_wrongly_entered_sheet_is_removed_with_a_trace(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    enter(officer, "a", p1="1")
    officer.post(f"{ONE}/papier/3/1/usuniecie")

    assert acts(app) == ["survey.paper_removed"]
    with app.app_context():
        assert db.session.scalars(select(SurveySheet)).all() == []
    assert officer.post(f"{ONE}/papier/3/1/usuniecie").status_code == 404


def test_paper_is_entered_after_the_end_too(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY], days_left=-2)
    make.survey(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert enter(officer, "a", p1="1").status_code == 303


# What a consultation lacks.


def test_a_phase_without_a_survey_stops_publication(app: Flask) -> None:
    tenant = make.municipality(app)
    with_phase = make.consultation(app, tenant, opens=[Activity.SURVEY])
    without = make.consultation(app, tenant, slug="rzeka", opens=[Activity.DISCUSS])
    make.survey(app, tenant, without)

    with app.test_request_context("/"):
        assert [
            lacking(db.session.get_one(Consultation, each))[0].text
            for each in (with_phase, without)
        ] == [NONE_OFFERED, NO_PHASE]


def test_desk_pages_take_few_statements_however_many_sheets(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation)
    for key in "abcdefgh":
        enter(officer, key, p1="1", p4="Cień")
    for path in (DESK, ONE, f"{ONE}/papier", f"{ONE}/podglad", f"{ONE}/wyniki", f"{ONE}/poprawka"):
        officer.get(path)
        with sql.counted(app) as statements:
            assert officer.get(path).status_code == 200
        assert len(statements) <= 12, (path, statements)


def test_every_form_of_the_preview_has_its_words(
    app: Flask, place: Place, officer: FlaskClient
) -> None:
    make.survey(app, place.tenant, place.consultation, state=State.DRAFT)
    page = officer.get(f"{ONE}/podglad").text

    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert {"p1_1", "p4", "p2-if", "p2-rule"} <= ids
    assert set(re.findall(r'<label for="([^"]+)"', page)) <= ids
