"""What comes of a survey: read, decided about, published; small numbers hidden everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from deliberate.algorithms.branching import Condition
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.surveys import queries
from deliberate.surveys.actions import building
from deliberate.surveys.actions.answering import fill, new_sheet_id
from deliberate.surveys.definition import Question
from deliberate.surveys.kinds import Channel, QuestionKind, State, TextState
from deliberate.surveys.models import Survey, SurveyParticipation, SurveyReply, SurveySheet
from deliberate.surveys.results import Results
from deliberate.surveys.rules.answering import Reply
from tests import make, sql

ONE = "/urzad/konsultacje/rynek/ankiety/1"
PAGE = "/konsultacje/rynek/ankiety/1"
CROSSED = Question(
    kind=QuestionKind.MATRIX, text="Oceń", rows=("Ławki", "Drzewa"), options=("źle", "dobrze")
)
RANKED = Question(
    kind=QuestionKind.RANKING, text="Ułóż", options=("Cień", "Woda", "Ławki"), least=1, most=3
)


@dataclass(frozen=True)
class Place:
    tenant: int
    consultation: int
    survey: int


def place_for(app: Flask, *, days_left: float = -1, **more: object) -> Place:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.SURVEY], days_left=days_left)
    return Place(tenant, consultation, make.survey(app, tenant, consultation, **more))  # type: ignore[arg-type]


@pytest.fixture
def place(app: Flask) -> Place:
    return place_for(app)


def officer_of(app: Flask, place: Place) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, place.tenant, Role.OFFICER))


def answered(app: Flask, place: Place, sheets: Iterable[Mapping[int, Reply]]) -> None:
    """Store anonymous sheets as sending leaves them."""
    with app.app_context(), transaction():
        for replies in sheets:
            sheet = SurveySheet(
                id=new_sheet_id(),
                tenant_id=place.tenant,
                survey_id=place.survey,
                channel=Channel.WEB,
            )
            db.session.add(sheet)
            db.session.flush()
            fill(sheet, replies)


def chose(question: int, counts: Iterable[int]) -> list[dict[int, Reply]]:
    """Give sheets in which so many chose the first answer, so many the second."""
    return [
        {question: Reply(chosen=(value,))}
        for value, count in enumerate(counts, start=1)
        for _ in range(count)
    ]


def results(app: Flask, place: Place) -> Results:
    with app.app_context():
        return queries.results(db.session.get_one(Survey, place.survey))


def test_small_numbers_are_hidden_with_another(app: Flask, place: Place) -> None:
    answered(app, place, chose(1, (40, 22, 3)))

    first = results(app, place).questions[0]
    assert first.answered == 65
    assert first.tables[0].cells == (40, None, None)


def test_what_follows_a_hidden_answer_is_withheld(app: Flask, place: Place) -> None:
    """Question 2 is asked of those who said yes or sometimes; their number would say how many."""
    sheets = [{1: Reply(chosen=(1,)), 2: Reply(chosen=(1, 2))} for _ in range(20)]
    sheets += [{1: Reply(chosen=(3,)), 2: Reply(chosen=(1,))} for _ in range(3)]
    sheets += [{1: Reply(chosen=(2,))} for _ in range(25)]
    answered(app, place, sheets)

    first, second = results(app, place).questions[:2]
    assert first.tables[0].cells == (None, 25, None)
    assert not second.withheld  # all that is hidden was asked: the rest of the total
    assert second.answered == 23


def test_a_part_of_what_is_hidden_is_never_counted_below(app: Flask) -> None:
    only_sometimes = [make.PARK[0], make.PARK[1]]
    only_sometimes[1] = replace(only_sometimes[1], shown_if=Condition(1, frozenset({1})))
    place = place_for(app, questions=only_sometimes)
    sheets = [{1: Reply(chosen=(1,)), 2: Reply(chosen=(1,))} for _ in range(20)]
    sheets += chose(1, (0, 25, 3))
    answered(app, place, sheets)

    first, second = results(app, place).questions
    assert first.tables[0].cells == (None, 25, None)
    assert second.withheld
    assert second.tables == ()


def test_a_mean_is_shown_only_where_nothing_is_hidden(app: Flask, place: Place) -> None:
    answered(app, place, chose(3, (0, 0, 10, 10, 20)))
    whole = results(app, place).questions[2]
    answered(app, place, chose(3, (1,)))
    hiding = results(app, place).questions[2]

    assert whole.mean == Fraction(17, 4)
    assert hiding.mean is None


def test_rankings_are_points_and_matrices_are_rows(app: Flask) -> None:
    place = place_for(app, questions=[RANKED, CROSSED])
    sheets = [{1: Reply(chosen=(1, 2, 3)), 2: Reply(chosen={1: 1, 2: 2})} for _ in range(10)]
    sheets += [{1: Reply(chosen=(2, 1, 3)), 2: Reply(chosen={1: 2})} for _ in range(10)]
    answered(app, place, sheets)

    ranking, matrix = results(app, place).questions
    assert ranking.tables[0].cells == (30, 30, 0)
    assert ranking.tables[0].whole == 40
    assert [table.cells for table in matrix.tables] == [(10, 10), (0, 10)]
    assert [table.total for table in matrix.tables] == [20, 10]


def test_the_office_reads_texts_then_publishes(app: Flask, place: Place) -> None:
    answered(app, place, [{4: Reply(body=f"Wypowiedź {n}")} for n in range(3)])
    answered(app, place, chose(1, (12, 11)))
    officer = officer_of(app, place)
    page = officer.get(f"{ONE}/wyniki").text
    early = officer.post(f"{ONE}/wyniki/ogloszenie")
    with app.app_context():
        keys = {
            row.body: f"{row.sheet_id}:{row.question_no}"
            for row in db.session.scalars(select(SurveyReply).where(SurveyReply.body != ""))
        }
    officer.post(
        f"{ONE}/wyniki/wypowiedzi",
        data={"wypowiedz": list(keys.values()), "ukryj": [keys["Wypowiedź 1"]]},
    )
    published = officer.post(f"{ONE}/wyniki/ogloszenie", follow_redirects=True)

    assert "Do przeczytania: 3" in page
    assert early.status_code == 409
    assert "Wypowiedzi do przeczytania: 3" in early.text
    assert "Wyniki są ogłoszone" in published.text
    shown = make.client(app).get(f"{PAGE}/wyniki").text
    assert "Wypowiedź 0" in shown
    assert "Wypowiedź 2" in shown
    assert "Wypowiedź 1" not in shown
    assert "Zobacz wyniki" in make.client(app).get("/konsultacje/rynek").text


def test_while_it_runs_nobody_sees_numbers(app: Flask) -> None:
    place = place_for(app, days_left=5)
    answered(app, place, chose(1, (40, 22)))
    officer = officer_of(app, place)

    page = officer.get(f"{ONE}/wyniki").text
    assert "Ankieta jeszcze trwa" in page
    assert ">40<" not in page
    assert officer.post(f"{ONE}/wyniki/ogloszenie").status_code == 409
    assert make.client(app).get(f"{PAGE}/wyniki").status_code == 302
    assert make.client(app).get(f"{PAGE}/wyniki.csv").status_code == 404


def test_publishing_forgets_who_answered(app: Flask) -> None:
    place = place_for(app, days_left=5, anonymous=False)
    person = make.person(app, resident_of=place.tenant)
    client = make.client(app, signed_in=person)
    client.post(f"{PAGE}/wyslanie", data={"wersja": "1", "klucz": "k" * 43, "p1": "1"})
    later = clock.now() + timedelta(days=6)
    with app.app_context(), clock.at(later), transaction():
        survey = db.session.get_one(Survey, place.survey)
        building.publish(survey, actor=Actor(person_id=None, tenant_id=place.tenant), now=later)

    with app.app_context():
        assert db.session.get_one(Survey, place.survey).state == State.PUBLISHED
        assert db.session.scalars(select(func.count()).select_from(SurveyParticipation)).one() == 0
        sheet = db.session.scalars(select(SurveySheet)).one()
        assert (sheet.person_id, sheet.given_at) == (None, None)
    assert "Wyniki są ogłoszone" in client.get(PAGE).text


def test_files_hide_what_the_page_hides(app: Flask, place: Place) -> None:
    answered(app, place, chose(1, (40, 22, 3)))
    officer_of(app, place).post(f"{ONE}/wyniki/ogloszenie")
    client = make.client(app)
    csv = client.get(f"{PAGE}/wyniki.csv").get_data(as_text=True)
    data = json.loads(client.get(f"{PAGE}/wyniki.json").data)

    assert "1;Czy bywasz w parku?;;Tak;40;65" in csv
    assert "1;Czy bywasz w parku?;;Czasem;ukryte;65" in csv
    assert [cell["count"] for cell in data["questions"][0]["tables"][0]["cells"]] == [
        40,
        None,
        None,
    ]
    page = client.get(f"{PAGE}/wyniki").text
    assert "ukryte" in page
    assert ">22<" not in page


def test_after_the_results_no_paper_and_no_answers(app: Flask, place: Place) -> None:
    answered(app, place, chose(1, (12, 11)))
    officer = officer_of(app, place)
    officer.post(f"{ONE}/wyniki/ogloszenie")
    late = officer.post(f"{ONE}/papier", data={"batch": "1", "klucz": "a" * 43, "p1": "1"})

    assert late.status_code == 409
    assert "do ogłoszenia wyników" in late.text
    assert officer.post(f"{ONE}/wyniki/ogloszenie").status_code == 409


def test_a_survey_that_nobody_answered_says_so(app: Flask, place: Place) -> None:
    officer_of(app, place).post(f"{ONE}/wyniki/ogloszenie")

    assert "Nikt nie odpowiedział na to pytanie" in make.client(app).get(f"{PAGE}/wyniki").text


def test_results_take_few_statements_however_many_sheets(app: Flask, place: Place) -> None:
    answered(app, place, chose(1, (12, 11)) * 3)
    officer_of(app, place).post(f"{ONE}/wyniki/ogloszenie")
    client = make.client(app)
    client.get(f"{PAGE}/wyniki")

    with sql.counted(app) as statements:
        assert client.get(f"{PAGE}/wyniki").status_code == 200
    assert len(statements) <= 8, statements


# What the database itself refuses.


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE survey SET content = '{}'",
        "UPDATE survey SET is_anonymous = NOT is_anonymous",
        "UPDATE survey SET state = 'draft'",
        "UPDATE survey SET number = 7",
        "DELETE FROM survey",
        "UPDATE survey_reply SET chosen = '[2]'",
        "UPDATE survey_sheet SET channel = 'paper'",
        "UPDATE survey_sheet SET person_id = (SELECT min(id) FROM person)",
        "UPDATE survey_participation SET day = '2020-01-01'",
        (
            "INSERT INTO survey_sheet (id, tenant_id, survey_id, channel, person_id) "
            "SELECT 'x', tenant_id, id, 'web', (SELECT min(id) FROM person) FROM survey"
        ),
    ],
)
def test_an_answered_survey_stays_what_it_was(app: Flask, statement: str) -> None:
    place = place_for(app, days_left=5)
    client = make.client(app, signed_in=make.person(app, resident_of=place.tenant))
    client.post(f"{PAGE}/wyslanie", data={"wersja": "1", "klucz": "k" * 43, "p1": "1"})

    with app.app_context(), pytest.raises(DatabaseError), transaction():
        db.session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM survey_reply",
        "DELETE FROM survey_sheet",
        (
            "INSERT INTO survey_sheet (id, tenant_id, survey_id, channel) "
            "SELECT 'x', tenant_id, id, 'web' FROM survey"
        ),
        "UPDATE survey SET state = 'offered', published_at = NULL",
    ],
)
def test_published_results_keep_what_they_rest_on(app: Flask, place: Place, statement: str) -> None:
    answered(app, place, chose(1, (12, 11)))
    officer_of(app, place).post(f"{ONE}/wyniki/ogloszenie")

    with app.app_context(), pytest.raises(DatabaseError), transaction():
        db.session.execute(text(statement))


def test_texts_wait_until_somebody_reads_them(app: Flask, place: Place) -> None:
    answered(app, place, [{4: Reply(body="Jan Kowalski to złodziej")}])

    assert results(app, place).questions[3].texts == ()
    with app.app_context():
        assert db.session.scalars(select(SurveyReply.text_state)).one() == TextState.WAITING
