"""Every kind of ballot, from the first look to the result, through requests."""

import re
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import Residence
from deliberate.algorithms.counting import BallotKind, Terms
from deliberate.algorithms.counting.method import Band, Denominator
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import counting
from deliberate.voting.actions.preparing import SectionDraft
from deliberate.voting.models import Ballot, Poll
from deliberate.voting.states import AreaLock
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"
KEY = re.compile(r'name="klucz" value="([^"]+)"')
SENT: Mapping[BallotKind, dict[str, str | list[str]]] = {
    BallotKind.SINGLE: {"wybor-1": "2"},
    BallotKind.APPROVAL: {"wybor-1": ["3", "1"]},
    BallotKind.KNAPSACK: {"wybor-1": ["1", "2"]},
    BallotKind.RANKED: {"wybor-1-1": "2", "wybor-1-2": "", "wybor-1-3": "1"},
    BallotKind.SCORE: {"wybor-1-1": "5", "wybor-1-2": "0", "wybor-1-3": ""},
    BallotKind.POINTS: {"wybor-1-1": "6", "wybor-1-2": "3", "wybor-1-3": "0"},
    BallotKind.QUESTIONS: {"wybor-1-1": "yes", "wybor-1-2": "abstain", "wybor-1-3": ""},
}
STORED = {
    BallotKind.SINGLE: "[2]",
    BallotKind.APPROVAL: "[1,3]",
    BallotKind.KNAPSACK: "[1,2]",
    BallotKind.RANKED: "[3,1]",
    BallotKind.SCORE: "[[1,5],[2,0]]",
    BallotKind.POINTS: "[[1,6],[2,3]]",
    BallotKind.QUESTIONS: '[[1,"yes"],[2,"abstain"]]',
}
REVIEWED = {
    BallotKind.SINGLE: ["2 Projekt 2"],
    BallotKind.APPROVAL: ["1 Projekt 1", "3 Projekt 3"],
    BallotKind.KNAPSACK: ["1 Projekt 1", "2 Projekt 2"],
    BallotKind.RANKED: ["3 Projekt 3 miejsce 1", "1 Projekt 1 miejsce 2"],
    BallotKind.SCORE: ["1 Projekt 1 ocena 5", "2 Projekt 2 ocena 0"],
    BallotKind.POINTS: ["1 Projekt 1 6 punktów", "2 Projekt 2 3 punkty"],
    BallotKind.QUESTIONS: ["1 Projekt 1 za", "2 Projekt 2 wstrzymuję się"],
}
# What is no ballot of a kind, and the beginning of the reason.
WRONG: Mapping[BallotKind, tuple[dict[str, str | list[str]], str]] = {
    BallotKind.SINGLE: ({"wybor-1": ["1", "2"]}, "Możesz wybrać najwyżej 1"),
    BallotKind.APPROVAL: ({"wybor-1": ["1", "9"]}, "Na karcie nie ma pozycji"),
    BallotKind.KNAPSACK: ({"wybor-1": ["1", "3"]}, "Wybrane kosztują razem więcej"),
    BallotKind.RANKED: ({"wybor-1-1": "1", "wybor-1-2": "1"}, "Miejsce 1 ma więcej niż jedna"),
    BallotKind.SCORE: ({"wybor-1-1": "6"}, "Przy pozycji nr 1 wpisz ocenę od 0 do 5"),
    BallotKind.POINTS: ({"wybor-1-1": "8", "wybor-1-2": "3"}, "Masz do rozdania 10 punktów"),
    BallotKind.QUESTIONS: ({"wybor-1-1": "moze"}, "Na karcie nie ma pozycji"),
}


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def voter(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=tenant))


def said(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def picks(page: str) -> list[str]:
    lists = re.findall(r'<ul class="picks">(.*?)</ul>', page, re.DOTALL)
    lines = [line for each in lists for line in re.findall(r"<li>(.*?)</li>", each, re.DOTALL)]
    return [said(line).removeprefix("Numer ") for line in lines]


def carried(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of the review, as a browser would send them."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def stored(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Ballot.choices).order_by(Ballot.section_no)))


@pytest.mark.parametrize("kind", SENT)
def test_a_resident_votes_on_a_ballot_of_every_kind(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient, kind: BallotKind
) -> None:
    make.poll(app, tenant, consultation, sections=[make.section(kind)])
    first = voter.get(PAGE)
    review = voter.post(f"{PAGE}/sprawdzenie", data=SENT[kind])
    answer = voter.post(f"{PAGE}/glos", data=carried(review.text))

    assert first.status_code == review.status_code == 200
    assert picks(review.text) == REVIEWED[kind]
    assert answer.status_code == 303
    assert stored(app) == [STORED[kind]]


@pytest.mark.first_on_both
@pytest.mark.parametrize("kind", SENT)
def test_the_way_back_keeps_what_was_chosen(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient, kind: BallotKind
) -> None:
    make.poll(app, tenant, consultation, sections=[make.section(kind)])
    review = voter.post(f"{PAGE}/sprawdzenie", data=SENT[kind])
    back = voter.post(PAGE, data=carried(review.text))

    assert fields(back.text) == {
        (name, value)
        for name, values in SENT[kind].items()
        for value in ([values] if isinstance(values, str) else values)
        if value
    }


def fields(page: str) -> set[tuple[str, str]]:
    """Return what the form of a ballot would send as it stands, empty fields left out."""
    found = set()
    for tag in re.findall(r"<input[^>]+>", page):
        name = re.search(r'name="(wybor[^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        is_on = " checked" in tag or 'type="number"' in tag
        if name and value and value[1] and is_on:
            found.add((name[1], value[1]))
    return found


@pytest.mark.first_on_both
@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("path", ["sprawdzenie", "glos"])
def test_what_is_no_ballot_comes_back_with_the_reason_and_the_choices(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient, *, kind: BallotKind, path: str
) -> None:
    make.poll(app, tenant, consultation, sections=[make.section(kind)])
    choices, words = WRONG[kind]
    answer = voter.post(f"{PAGE}/{path}", data={**choices, "klucz": "k" * 30})

    assert answer.status_code == 422
    assert words in said(answer.text)
    if kind not in {BallotKind.SINGLE, BallotKind.QUESTIONS, BallotKind.SCORE}:
        kept = {value for _, value in fields(answer.text)}
        listed = [v if isinstance(v, list) else [v] for v in choices.values()]
        assert {value for each in listed for value in each} - {"9"} == kept
    assert stored(app) == []


def test_with_nothing_chosen_a_single_ballot_may_be_blank_where_the_rules_say_so(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient
) -> None:
    make.poll(app, tenant, consultation, sections=[make.section(BallotKind.SINGLE)])
    assert "Nie wybieram niczego" in voter.get(PAGE).text
    review = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ""})
    voter.post(f"{PAGE}/glos", data=carried(review.text))

    assert "to będzie głos pusty" in review.text
    assert stored(app) == ["[]"]


# Several sections.


def test_a_refusal_stands_at_its_section_and_every_choice_is_kept(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient
) -> None:
    sections = [
        make.section(title="Duże"),
        make.section(BallotKind.POINTS, first=4, title="Małe"),
    ]
    make.poll(app, tenant, consultation, sections=sections)
    choices = {"wybor-1": ["1", "3"], "wybor-2-4": "12"}
    page = voter.post(f"{PAGE}/sprawdzenie", data=choices).text

    assert fields(page) == {("wybor-1", "1"), ("wybor-1", "3"), ("wybor-2-4", "12")}
    assert page.index('id="czesc-1"') < page.index('id="czesc-2"') < page.index('id="refusal"')
    assert "Karta ma 2 części." in said(page)
    assert "Jedna z części jest do poprawy" in page


def test_each_section_has_its_own_ballot(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient
) -> None:
    sections = [make.section(title="Duże"), make.section(BallotKind.RANKED, first=4, title="Małe")]
    make.poll(app, tenant, consultation, sections=sections)
    choices = {"wybor-1": ["2"], "wybor-2-5": "1"}
    review = voter.post(f"{PAGE}/sprawdzenie", data=choices)
    voter.post(f"{PAGE}/glos", data=carried(review.text))

    assert picks(review.text) == ["2 Projekt 2", "5 Projekt 5 miejsce 1"]
    assert stored(app) == ["[2]", "[5]"]


@pytest.fixture
def areas(app: Flask, tenant: int) -> list[int]:
    return [make.area(app, tenant, name=name) for name in ("Nadrzecze", "Zatorze")]


def in_areas(app: Flask, tenant: int, consultation: int, areas: list[int], lock: AreaLock) -> None:
    sections = [make.section(options=2)] + [
        make.section(options=2, first=first, area_id=area, title=title)
        for first, area, title in zip((3, 5), areas, ("Nadrzecze", "Zatorze"), strict=True)
    ]
    make.poll(app, tenant, consultation, sections=sections, area_lock=lock)


def live(app: Flask, area: int) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Residence)).one().area_id = area


def test_at_home_only_the_own_area_can_be_chosen_and_others_can_be_read(
    app: Flask, tenant: int, consultation: int, areas: list[int], voter: FlaskClient
) -> None:
    in_areas(app, tenant, consultation, areas, AreaLock.HOME)
    assert "Nie wiemy, w której części mieszkasz" in voter.get(PAGE).text
    live(app, areas[0])
    page = voter.get(PAGE).text
    foreign = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-3": "5"})

    assert set(re.findall(r'type="checkbox"\s+name="(wybor-\d)"', page)) == {"wybor-1", "wybor-2"}
    assert "Tylko do czytania: Zatorze" in page
    assert "Nie wiemy, w której części mieszkasz" not in page
    assert foreign.status_code == 422
    assert "tylko z części, w której się mieszka" in foreign.text


def test_by_choice_every_area_can_be_chosen_but_not_too_many(
    app: Flask, tenant: int, consultation: int, areas: list[int], voter: FlaskClient
) -> None:
    in_areas(app, tenant, consultation, areas, AreaLock.CHOSEN)
    both = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-2": "3", "wybor-3": "5"})
    one = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-3": "5"})

    assert both.status_code == 422
    assert "najwyżej w tylu częściach: 1. Wybrane: 2." in both.text
    assert fields(both.text) == {("wybor-2", "3"), ("wybor-3", "5")}
    assert one.status_code == 200
    assert "Nadrzecze" not in picks(one.text)
    voter.post(f"{PAGE}/glos", data=carried(one.text))
    assert stored(app) == ["[]", "[5]"]


# Large ballots, and few statements.


@pytest.mark.parametrize("kind", SENT)
def test_two_hundred_options_take_no_more_statements_than_three(
    app: Flask, tenant: int, consultation: int, voter: FlaskClient, kind: BallotKind
) -> None:
    more = {"budget": 10**12} if kind is BallotKind.KNAPSACK else {}
    make.poll(app, tenant, consultation, sections=[make.section(kind, options=200, **more)])
    with sql.counted(app) as statements:
        page = voter.get(PAGE)

    assert len(statements) <= 12, statements
    assert page.text.count('class="project"') == 200
    assert len(page.data) < 600_000


# From the ballots to the result, by each way of counting.

AFTER = timedelta(days=10)  # the end of every poll here


def result_of(
    app: Flask,
    tenant: int,
    consultation: int,
    ballots: list[dict[str, str | list[str]]],
    section: SectionDraft,
    *,
    seed: str | None = None,
    **more: object,
) -> FlaskClient:
    """Have people vote through the pages, count, publish, and return a visitor."""
    people = make.residents(app, tenant, len(ballots))
    poll = make.poll(app, tenant, consultation, sections=[section], **more)
    for person, choices in zip(people, ballots, strict=True):
        client = make.client(app, signed_in=person)
        answer = client.post(f"{PAGE}/glos", data={**choices, "klucz": f"{person:030}"})
        assert answer.status_code == 303, answer.text
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    with clock.at(clock.now() + AFTER):
        if seed is not None:
            make.drawn(app, tenant, poll, seed)
        make.approval(app, tenant, "poll.count", poll, rules_hash)
        with app.app_context(), transaction():
            counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)
    make.publish_poll(app, tenant, poll)
    return make.client(app)


def ranked(*numbers: int) -> dict[str, str | list[str]]:
    return {f"wybor-1-{no}": str(place) for place, no in enumerate(numbers, start=1)}


def scored(*scores: int) -> dict[str, str | list[str]]:
    return {f"wybor-1-{no}": str(score) for no, score in enumerate(scores, start=1)}


RANKED = [ranked(1, 2), ranked(1, 2), ranked(1, 3), ranked(2, 3), ranked(2, 3), ranked(3, 2)]
SCORED = [scored(5, 3, 0), scored(5, 4, 0), scored(0, 4, 1), scored(1, 4, 5)]
ANSWERED: list[dict[str, str | list[str]]] = [
    {"wybor-1-1": "yes", "wybor-1-2": "yes", "wybor-1-3": "no"},
    {"wybor-1-1": "yes", "wybor-1-2": "no", "wybor-1-3": "abstain"},
    {"wybor-1-1": "yes", "wybor-1-2": "yes"},
    {"wybor-1-1": "yes", "wybor-1-2": "yes"},
    {"wybor-1-1": "no"},
]
BANDS = Terms(
    bands=(
        Band(key="urząd wykona", least=Fraction(4, 5)),
        Band(key="urząd zbada", least=Fraction(3, 5)),
    ),
    denominator=Denominator.BALLOTS,
    quorum=5,
)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("section", "ballots", "words"),
    [
        (
            make.section(BallotKind.SINGLE),
            [{"wybor-1": "2"}, {"wybor-1": "2"}, {"wybor-1": "1"}, {"wybor-1": ""}],
            ["Najwięcej głosów: „2. Projekt 2”", "2. Projekt 2 wybrana 2 głosy", "50%"],
        ),
        (
            make.section(BallotKind.POINTS),
            [{"wybor-1-1": "6", "wybor-1-2": "4"}, {"wybor-1-2": "7"}],
            ["Pierwsze miejsce: „2. Projekt 2”", "11 punktów", "1. Projekt 1 6 punktów"],
        ),
        (
            make.section(BallotKind.SCORE),
            SCORED,
            ["Pierwsze miejsce: „2. Projekt 2”", "15 punktów", "brak oceny to najniższa"],
        ),
        (
            make.section(BallotKind.SCORE, method="majority_judgement"),
            SCORED,
            ["Pierwsze miejsce: „2. Projekt 2”", "ocena środkowa 4", "ocena środkowa 1"],
        ),
        (
            make.section(BallotKind.RANKED),
            RANKED,
            ["Pierwsze miejsce: „2. Projekt 2”", "7 punktów", "5 punktów"],
        ),
        (
            make.section(
                BallotKind.RANKED,
                method="positional",
                terms=Terms(weights=(Fraction(3), Fraction(3, 2))),
            ),
            RANKED,
            ["Punkty za kolejne miejsca: 3; 1,5.", "10,5 punktu"],
        ),
        (
            make.section(BallotKind.RANKED, method="irv"),
            RANKED,
            [
                "Runda 1",
                "Najmniej głosów, więc odpada: „3. Projekt 3”.",
                "przeszły na następne miejsca z kart: „2. Projekt 2” 1.",
                "Runda 2",
                "Remis zostaje remisem",
            ],
        ),
        (
            make.section(BallotKind.RANKED, method="stv", terms=Terms(seats=2)),
            RANKED,
            [
                "Wybrane: „1. Projekt 1”, „2. Projekt 2”",
                "Do wybrania: 2.",
                "tyle głosów potrzeba – 3",
            ],
        ),
        (
            make.section(BallotKind.RANKED, method="schulze"),
            RANKED,
            ["„2. Projekt 2”", "Wygrywa z:", "Po równo z:", "Tabela porównań"],
        ),
        (
            make.section(BallotKind.QUESTIONS, terms=BANDS),
            ANSWERED,
            [
                "Próg osiągnęło pytań: 2 z 3",
                "80% za: 4 z 5 urząd wykona",
                "60% za: 3 z 5 urząd zbada",
                "0% za: 0 z 5 poniżej progu",
                "Procent liczymy od oddanych kart, także bez odpowiedzi.",
                "co najmniej 5; kart jest 5",
                "Od 80%: urząd wykona.",
            ],
        ),
        (
            make.section(BallotKind.QUESTIONS),
            ANSWERED,
            [
                "Więcej za niż przeciw: w 2 z 3 pytań",
                "więcej przeciw",
                "Procent liczymy od głosów za",
            ],
        ),
        (
            make.section(BallotKind.KNAPSACK),
            [{"wybor-1": ["1", "2"]}, {"wybor-1": ["3"]}, {"wybor-1": ["1"]}],
            ["Najwięcej głosów: „1. Projekt 1”"],
        ),
    ],
    ids=lambda value: f"{value.kind}-{value.method}" if isinstance(value, SectionDraft) else "",
)
def test_a_result_tells_how_it_came_about(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    section: SectionDraft,
    ballots: list[dict[str, str | list[str]]],
    words: list[str],
) -> None:
    visitor = result_of(app, tenant, consultation, ballots, section)
    page = said(visitor.get(f"{PAGE}/wynik").text)

    assert [each for each in words if each not in page] == [], page
    data = visitor.get(f"{PAGE}/wynik.json").get_json()["sections"][0]
    assert data["ballots"] == len(ballots)
    assert [option["no"] for option in data["options"]] != []
    table = visitor.get(f"{PAGE}/wynik.csv").data.decode("utf-8-sig").splitlines()
    assert len(table) == 4


@pytest.mark.parametrize("method", ["irv", "stv", "schulze", "borda"])
def test_a_result_of_many_options_takes_few_statements(
    app: Flask, tenant: int, consultation: int, method: str
) -> None:
    section = make.section(BallotKind.RANKED, method=method, options=60)
    chosen = [ranked(*range(1, 31)), ranked(*range(1, 41)), ranked(2, 1, 60)]
    visitor = result_of(app, tenant, consultation, chosen, section)
    with sql.counted(app) as statements:
        page = visitor.get(f"{PAGE}/wynik")

    assert len(statements) <= 10, statements
    assert len(page.data) < 400_000


def test_more_than_were_written_down_are_the_whole(
    app: Flask, tenant: int, consultation: int
) -> None:
    said_of_all = Terms(denominator=Denominator.ENTITLED, entitled=1)
    section = make.section(BallotKind.QUESTIONS, terms=said_of_all)
    visitor = result_of(app, tenant, consultation, ANSWERED[:2], section)

    assert "100% za: 2 z 2" in said(visitor.get(f"{PAGE}/wynik").text)


def test_a_lot_is_said_with_its_source_and_its_seed(
    app: Flask, tenant: int, consultation: int
) -> None:
    ballots: list[dict[str, str | list[str]]] = [{"wybor-1": ["1"]}, {"wybor-1": ["2"]}]
    page = said(
        result_of(
            app,
            tenant,
            consultation,
            ballots,
            make.section(),
            seed="4,8,15,16,23,42",
            randomness_source="Lotto, losowanie 16 czerwca, 22:00",
            randomness_shape="lotto",
        )
        .get(f"{PAGE}/wynik")
        .text
    )

    assert "Los zdecydował między: „1. Projekt 1”, „2. Projekt 2”." in page
    assert "Ziarno losu: 4,8,15,16,23,42 (Lotto, losowanie 16 czerwca, 22:00)." in page
    assert "Wybrane:" in page


def test_a_tie_without_lots_stays_a_tie(app: Flask, tenant: int, consultation: int) -> None:
    ballots: list[dict[str, str | list[str]]] = [{"wybor-1": ["1"]}, {"wybor-1": ["2"]}]
    visitor = result_of(app, tenant, consultation, ballots, make.section())
    page = said(visitor.get(f"{PAGE}/wynik").text)

    assert "Najwięcej głosów, po równo: „1. Projekt 1”, „2. Projekt 2”" in page
    assert "Remis zostaje remisem, bo zasady nie przewidują losu" in page
    assert " wybrana " not in page
