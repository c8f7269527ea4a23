"""Another way of voting than the usual one: sections of a ballot, prepared at the desk."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.algorithms.counting import METHODS
from deliberate.approvals.models import Approval
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from deliberate.voting import queries
from deliberate.voting.models import Option, Poll, Section
from tests import make, sql

DESK = "/urzad/konsultacje/rynek/glosowanie"
BALLOT = "/konsultacje/rynek/glosowanie"
STAKES = {"formally_secret": "nie", "high_stakes": "nie"}


@pytest.fixture
def proposals(app: Flask, tenant: int) -> list[int]:
    consultation = make.consultation(app, tenant)
    now = clock.now()
    make.phase(
        app,
        tenant,
        consultation,
        starts=now + timedelta(days=20),
        ends=now + timedelta(days=30),
        opens=[Activity.VOTE],
        title="Głosujemy",
        position=2,
    )
    return [make.proposal(app, tenant, consultation, title=f"Projekt {n}") for n in range(1, 5)]


@pytest.fixture
def officer(app: Flask, tenant: int, proposals: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int, proposals: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def card(*numbers: int) -> dict[str, object]:
    return {
        "numer": [str(number) for number in numbers],
        "least": "1",
        "most": "2",
        "result_due": day(40),
    }


def ballot(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Option.title)))


def token(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first() or ""


def poll_of(app: Flask) -> tuple[Poll, list[Section], list[Option]]:
    with app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        return poll, list(queries.list_sections(poll)), list(queries.list_options(poll))


PART = f"{DESK}/czesci"
OWN = "Lipy na rynku | Dziesięć drzew. | 120 000\nŁawki\n\nKosz na śmieci | | 99,50"
KINDS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "single": (
        {"method": "plurality", "may_be_blank": "y", "seats": "1"},
        {"least": 0, "most": 1, "method": "plurality"},
    ),
    "approval": (
        {"method": "approval", "least": "1", "most": "2", "seats": "2"},
        {"least": 1, "most": 2, "terms": '{"seats":2}'},
    ),
    "knapsack": (
        {"method": "approval", "least": "1", "most": "", "budget": "200 000", "seats": "1"},
        {"least": 1, "most": 3, "budget": 20_000_000},
    ),
    "ranked": (
        {"method": "positional", "least": "1", "most": "", "weights": "3; 1,5", "seats": "1"},
        {"most": 3, "method": "positional", "terms": '{"weights":["3","3/2"]}'},
    ),
    "score": (
        {
            "method": "majority_judgement",
            "least": "0",
            "most": "",
            "lowest": "1",
            "highest": "6",
            "seats": "1",
        },
        {"lowest": 1, "highest": 6, "method": "majority_judgement"},
    ),
    "points": (
        {
            "method": "points",
            "least": "1",
            "most": "",
            "points": "10",
            "each_most": "4",
            "spend_all": "y",
            "seats": "1",
        },
        {"points": 10, "each_most": 4, "spend_all": True},
    ),
    "questions": (
        {
            "method": "questions",
            "every": "y",
            "denominator": "ballots",
            "quorum": "40",
            "bands": "80: urząd wykona\n65%: urząd zbada",
        },
        {
            "least": 3,
            "most": 3,
            "terms": '{"bands":[["urząd wykona","4/5"],["urząd zbada","13/20"]],'
            '"denominator":"ballots","quorum":40}',
        },
    ),
}


def part(kind: str, **changes: str) -> dict[str, str]:
    filled = {"kind": kind, "title": "Plac", "area_id": "0", "source": "own", "own": OWN}
    return {**filled, **KINDS[kind][0], **changes}


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_of_every_kind_is_prepared_previewed_and_opened_again(
    app: Flask, officer: FlaskClient, kind: str
) -> None:
    assert officer.get(f"{PART}/1?rodzaj={kind}").status_code == 200
    answer = officer.post(f"{PART}/1", data=part(kind))
    assert answer.status_code == 303, answer.text
    _, (section,), options = poll_of(app)

    assert {name: getattr(section, name) for name in KINDS[kind][1]} == KINDS[kind][1]
    assert [(o.no, o.title, o.cost) for o in options] == [
        (1, "Lipy na rynku", 12_000_000),
        (2, "Ławki", None),
        (3, "Kosz na śmieci", 9_950),
    ]
    assert {o.subject_id for o in options} == {None}
    preview = officer.get(DESK).text
    assert "Lipy na rynku" in preview
    assert "Dodaj część" in preview
    again = officer.get(f"{PART}/1")
    assert officer.post(f"{PART}/1", data=filled(again.text)).status_code == 303
    _, (same,), _ = poll_of(app)
    assert {name: getattr(same, name) for name in KINDS[kind][1]} == KINDS[kind][1]


def filled(page: str) -> dict[str, str | list[str]]:
    """Return what the form of a section would send as it stands."""
    form = page[page.index('<form class="stack-l"') :]
    sent: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_choice = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and value and (not is_choice or " checked" in tag):
            sent[name[1]] = unescape(value[1])
    areas = r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>'
    for name, text in re.findall(areas, form, re.DOTALL):
        sent[name] = unescape(text).strip()
    selects = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
    for name, options in re.findall(selects, form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("approval", {"own": ""}, "Uzupełnij to pole."),
        ("approval", {"own": "x" * 201}, "za długi"),
        ("approval", {"own": "a | b | dużo"}, "Podaj kwotę"),
        ("approval", {"method": "borda"}, "Do poprawy"),
        ("approval", {"most": "1", "least": "2"}, "Nie może być mniej"),
        ("approval", {"most": "-1"}, "Podaj liczbę."),
        ("knapsack", {"budget": "1.5"}, "Podaj kwotę"),
        ("ranked", {"weights": "1; 2"}, "coraz mniejsze"),
        ("ranked", {"weights": ""}, "coraz mniejsze"),
        ("ranked", {"method": "irv", "seats": "2"}, "Ta metoda wybiera jedną pozycję."),
        ("score", {"highest": "1"}, "Najwyższa ocena musi być większa"),
        ("points", {"each_most": "11"}, "To więcej niż cała pula"),
        ("questions", {"bands": "dużo: tak"}, "próg i obietnicę"),
        ("questions", {"bands": "80: tak\n80: nie"}, "próg i obietnicę"),
        ("questions", {"denominator": "entitled"}, "ile osób jest uprawnionych"),
        ("questions", {"denominator": "entitled", "entitled": "dużo"}, "Podaj liczbę."),
    ],
)
def test_a_section_that_cannot_be_comes_back_with_what_was_typed(
    app: Flask, officer: FlaskClient, kind: str, changes: dict[str, str], words: str
) -> None:
    answer = officer.post(f"{PART}/1", data=part(kind, title="Mój plac", **changes))

    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert "Mój plac" in answer.text
    assert ballot(app) == []


def test_sections_are_added_moved_and_removed_and_numbers_go_on(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2))
    officer.post(f"{PART}/2", data=part("questions"))
    _, sections, options = poll_of(app)
    assert [(o.section_no, o.no) for o in options] == [(1, 1), (1, 2), (2, 3), (2, 4), (2, 5)]
    officer.post(f"{PART}/2/wyzej")
    _, sections, options = poll_of(app)
    assert [section.kind for section in sections] == ["questions", "approval"]
    assert [o.no for o in options] == [1, 2, 3, 4, 5]
    assert {o.subject_id is None for o in options if o.section_no == 1} == {True}

    assert officer.post(f"{PART}/1/usuniecie").status_code == 303
    assert officer.post(f"{PART}/1/usuniecie").status_code == 409
    assert [section.kind for section in poll_of(app)[1]] == ["approval"]
    assert officer.get(f"{PART}/4").status_code == 404
    assert officer.get(f"{PART}/1?rodzaj=inny").status_code == 404


def test_own_options_go_up_and_down_and_are_numbered_as_they_stand(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post(f"{PART}/1", data=part("ranked", own="Lipy\nŁawki\nKosze"))
    page = officer.get(DESK).text
    assert page.count("Wyżej<") == page.count("Niżej<") == 2  # no button that would do nothing
    assert '<span class="vh">: Ławki</span>' in page
    down = officer.post(f"{PART}/1/pozycje/1/nizej")
    assert down.status_code == 303
    assert down.location.endswith("#pozycja-1-2")
    officer.post(f"{PART}/1/pozycje/3/wyzej")

    assert [(o.no, o.title) for o in poll_of(app)[2]] == [(1, "Ławki"), (2, "Kosze"), (3, "Lipy")]
    officer.post(f"{PART}/1/pozycje/1/wyzej")  # a page from before: it is the first already
    assert [o.title for o in poll_of(app)[2]] == ["Ławki", "Kosze", "Lipy"]
    assert officer.post(f"{PART}/1/pozycje/4/wyzej").status_code == 404
    assert officer.post(f"{PART}/1/pozycje/1/bokiem").status_code == 404
    assert "Ławki\nKosze\nLipy" in unescape(officer.get(f"{PART}/1").text)


def test_a_ballot_says_of_each_section_who_set_its_order(
    app: Flask, officer: FlaskClient, approver: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    officer.post(f"{PART}/2", data=part("ranked", own="Lipy\nŁawki\nKosze"))
    officer.post(f"{DESK}/zapieczetowanie", data=STAKES)
    asked = approver.get(f"/zatwierdzanie/{token(app)}").text
    approver.post(f"/zatwierdzanie/{token(app)}/zgoda")
    drawn, own = make.client(app).get(BALLOT).text.split('id="czesc-2"')

    assert "Ziarno losowania kolejności" in asked
    assert "Kolejność wylosowano" in drawn
    assert "Kolejność ustalił urząd." not in drawn
    assert "Kolejność ustalił urząd." in own
    assert "Kolejność wylosowano" not in own


def test_drawn_proposals_and_sealed_options_stay_where_they_are(
    app: Flask, tenant: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    officer.post(f"{PART}/2", data=part("questions"))
    page = officer.get(DESK).text
    before = [(o.no, o.title) for o in poll_of(app)[2]]

    assert page.count('id="pozycja-1-') == 0
    assert page.count('id="pozycja-2-') == 3
    assert officer.post(f"{PART}/1/pozycje/1/nizej").status_code == 409
    assert [(o.no, o.title) for o in poll_of(app)[2]] == before
    officer.post(f"{DESK}/zapieczetowanie", data=STAKES)
    assert approver.post(f"/zatwierdzanie/{token(app)}/zgoda").status_code == 303
    assert officer.post(f"{PART}/2/pozycje/1/nizej").status_code == 409
    assert [(o.no, o.title) for o in poll_of(app)[2]] == before


def test_who_leads_one_consultation_orders_its_ballot(app: Flask, tenant: int) -> None:
    consultation = make.consultation(
        app, tenant, slug="park", opens=[Activity.VOTE], began=-20, days_left=30
    )
    make.poll(app, tenant, consultation, sections=[make.section(options=3)], sealed=False)
    person = make.staff(app, tenant, Role.OFFICER, consultation=consultation)
    here = make.client(app, signed_in=person)
    place = PART.replace("rynek", "park")

    assert here.post(f"{place}/1/pozycje/3/wyzej").status_code == 303
    assert here.get(f"{place}/1").status_code == 200


def test_what_holds_for_the_vote_stays_when_its_sections_change(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    said = rules_of(app, randomness_source="Lotto", randomness_at=day(32) + "T22:00")
    assert officer.post(f"{DESK}/zasady", data=said).status_code == 303
    officer.post(DESK, data=card(1, 2, 3))
    poll, _, _ = poll_of(app)

    assert (poll.randomness_source, poll.randomness_shape) == ("Lotto", "lotto")
    assert clock.local(poll.randomness_at).strftime("%H:%M") == "22:00"
    page = officer.get(DESK).text
    assert "rozstrzyga los: Lotto" in page
    for source, moment in (("Lotto", ""), ("", day(32) + "T22:00")):
        half = rules_of(app, randomness_source=source, randomness_at=moment)
        answer = officer.post(f"{DESK}/zasady", data=half)
        assert answer.status_code == 422
        assert "Podaj źródło i moment" in answer.text


def test_a_page_opened_long_ago_does_not_put_its_list_over_several_sections(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post(f"{PART}/1", data=part("questions"))
    answer = officer.post(DESK, data=card(1, 2))

    assert answer.status_code == 409
    assert [section.kind for section in poll_of(app)[1]] == ["questions"]


@pytest.mark.parametrize("options", [3, 200])
def test_the_desk_takes_few_statements_however_many_options(
    app: Flask, officer: FlaskClient, options: int
) -> None:
    own = "\n".join(f"Pozycja {no}" for no in range(options))
    officer.post(f"{PART}/1", data=part("ranked", own=own))
    for page in (DESK, f"{PART}/1", f"{DESK}/zasady"):
        with sql.counted(app) as statements:
            assert officer.get(page).status_code == 200
        assert len(statements) <= 14, statements


def day(days: int) -> str:
    return clock.local(clock.now() + timedelta(days=days)).date().isoformat()


def rules_of(app: Flask, **changes: str) -> dict[str, str]:
    usual = {
        "result_due": day(40),
        "area_lock": "home",
        "areas_most": "1",
        "randomness_source": "",
        "randomness_shape": "lotto",
        "randomness_at": "",
    }
    return {**usual, **changes}


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("section", "said", "words"),
    [
        (part("ranked", method="irv"), {}, "nie da się dokończyć bez losu"),
        (
            part("ranked", method="irv"),
            {"randomness_source": "Lotto", "randomness_at": day(25) + "T22:00"},
            "Losowanie musi być po końcu",
        ),
        (
            part("ranked", method="irv"),
            {"randomness_source": "Lotto", "randomness_at": day(41) + "T10:00"},
            "najpóźniej w dniu, w którym obiecujesz wynik",
        ),
        (part("points", each_most="3"), {}, "nikt nie wypełni karty"),
        (part("knapsack", budget="50", own="A | | 60\nB | | 70"), {}, "nikt nie wypełni karty"),
        (part("approval", seats="3"), {}, "ma zostać wybranych tyle pozycji"),
        (part("approval", own="Jedna"), {}, "co najmniej dwa"),
    ],
)
def test_what_cannot_be_counted_is_not_sealed(
    officer: FlaskClient, app: Flask, section: dict[str, str], said: dict[str, str], words: str
) -> None:
    officer.post(f"{PART}/1", data=section)
    officer.post(f"{DESK}/zasady", data=rules_of(app, **said))
    answer = officer.post(f"{DESK}/zapieczetowanie", data=STAKES)

    assert answer.status_code == 409
    assert words in answer.text


def test_own_questions_are_sealed_without_a_word_about_proposals(
    app: Flask, officer: FlaskClient, approver: FlaskClient
) -> None:
    officer.post(f"{PART}/1", data=part("questions"))
    officer.post(f"{DESK}/zapieczetowanie", data=STAKES)
    page = approver.get(f"/zatwierdzanie/{token(app)}").text

    assert "Ziarno losowania" not in page  # nothing was drawn
    assert "Od 80%: urząd wykona." in page
    assert "Procent liczymy od oddanych kart" in page
    assert approver.post(f"/zatwierdzanie/{token(app)}/zgoda").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Poll.state)).one() == "sealed"


def test_who_may_arrange_sections(
    app: Flask, tenant: int, proposals: list[int], approver: FlaskClient
) -> None:
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    for path in (f"{PART}/1", f"{PART}/1/wyzej", f"{PART}/1/usuniecie", f"{DESK}/zasady"):
        for client in (resident, approver):
            assert client.post(path).status_code == 403
        assert make.client(app).post(path).status_code == 401


def test_ways_of_counting_are_explained_to_everybody(app: Flask, tenant: int) -> None:
    page = make.client(app).get("/jak-liczymy-glosy")

    assert page.status_code == 200
    for key in METHODS:
        assert f'id="{key}"' in page.text
