"""The public list, versions, open data: what is found, in what order, with how many statements."""

from __future__ import annotations

import json
import random

import pytest
from flask import Flask
from sqlalchemy import insert

from deliberate.accounts.models import Person
from deliberate.algorithms.folding import words
from deliberate.answers.models import Answer
from deliberate.authorship.models import Capacity
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.proposals import public_list, queries
from deliberate.proposals.listing import Order, Wish
from deliberate.proposals.models import Proposal, State
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from tests import make, sql

LIST = "/konsultacje/rynek/propozycje"


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant)


def many(app: Flask, tenant: int, consultation: int, n: int, **columns: object) -> None:
    """Add ``n`` proposals at once, under the numbers that follow."""
    lot, now = random.Random(11), clock.now()  # noqa: S311 - the same lists each time
    author = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        first = db.session.query(Proposal).count() + 1
        rows = [
            {
                "tenant_id": tenant,
                "consultation_id": consultation,
                "number": number,
                "shuffle": lot.randrange(2**31),
                "title": f"Ławka numer {number}",
                "place": "Rynek",
                "reason": "Bo nie ma gdzie usiąść.",
                "folded": " ".join(words(f"Ławka numer {number} Rynek Bo nie ma gdzie usiąść.")),
                "supports": lot.randrange(50),
                "author_id": author,
                "author_name": "Halina K.",
                "capacity": Capacity.RESIDENT,
                "capacity_label": "mieszkanka, Nadrzecze",
                "language": "pl",
                "version_no": 1,
                "created_at": now,
                **columns,
            }
            for number in range(first, first + n)
        ]
        db.session.execute(insert(Proposal), rows, execution_options={"touches": tenant})


def listed(page: str) -> list[int]:
    """Return the numbers of the proposals on a page of the list, in its order."""
    _, _, after = page.partition('<ul class="rows">')
    part, _, _ = after.partition("</ul>")
    return [int(piece.split('"')[0]) for piece in part.split(f"{LIST}/")[1:]]


# What is found.


@pytest.mark.parametrize("search", ["ławki", "LAWKI", "lawka", "rynku ŁAWKA", "  łÁwki  "])
def test_search_ignores_case_signs_and_endings(
    app: Flask, tenant: int, consultation: int, search: str
) -> None:
    make.proposal(app, tenant, consultation, title="Ławki na rynku")
    make.proposal(app, tenant, consultation, title="Drzewa przy szkole")
    page = make.client(app).get(LIST, query_string={"szukaj": search}).text

    assert listed(page) == [1]


@pytest.mark.parametrize("search", ["%", "_", "\\", "'", "%%", "((", "ła_ki"])
def test_signs_of_a_search_mean_nothing_special(
    app: Flask, tenant: int, consultation: int, search: str
) -> None:
    make.proposal(app, tenant, consultation, title="Drzewa przy szkole")
    answer = make.client(app).get(LIST, query_string={"szukaj": search})

    assert answer.status_code == 200


def test_filters_narrow_and_chips_take_them_off(app: Flask, tenant: int, consultation: int) -> None:
    area = make.area(app, tenant, name="Zarzecze")
    many(app, tenant, consultation, 2, area_id=area)
    many(app, tenant, consultation, 1, state=State.ADMITTED)
    many(app, tenant, consultation, 1, capacity=Capacity.ORGANISATION)
    browser = make.client(app)
    with app.app_context():
        here = db.session.get_one(Municipality, tenant)
        from deliberate.tenancy.queries import list_areas

        slug = list_areas(here)[0].slug
    by_area = browser.get(f"{LIST}?miejsce={slug}&kolejnosc=numer").text

    assert listed(by_area) == [1, 2]
    assert "Zarzecze <svg" in by_area
    assert listed(browser.get(f"{LIST}?stan=dopuszczone").text) == [3]
    assert listed(browser.get(f"{LIST}?kto=organizacje").text) == [4]


def test_an_empty_list_offers_what_is_near(app: Flask, tenant: int, consultation: int) -> None:
    make.proposal(app, tenant, consultation, title="Lodowisko")
    page = make.client(app).get(f"{LIST}?szukaj=lodowiska&kto=urzad").text

    assert "Tu jeszcze nikt tego nie zaproponował" in page
    assert "„lodowiska” wszędzie (1)" in " ".join(page.split())
    assert "Zgłoś propozycję" in page


def test_a_consultation_on_a_document_takes_no_proposals(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, opens=[Activity.REMARK])
    browser = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "Zgłoś propozycję" not in browser.get(LIST).text
    assert "<textarea" not in browser.get(f"{LIST}/nowa").text


def test_the_offices_position_is_shown_once_it_is_published(
    app: Flask, tenant: int, consultation: int
) -> None:
    proposal = make.proposal(app, tenant, consultation)
    now = clock.now()
    with app.app_context(), transaction():
        answer = Answer(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind="proposal",
            subject_id=proposal,
            position="partly",
            justification="Postawimy cztery ławki po północnej stronie rynku, w cieniu drzew.",
            signed_as="Urząd Miasta, Wydział Inwestycji",
            saved_at=now,
        )
        db.session.add(answer)
    browser = make.client(app)

    for path in (LIST, f"{LIST}/1"):
        assert "częściowo" not in browser.get(path).text
        assert "cztery ławki" not in browser.get(path).text
    with app.app_context(), transaction():
        db.session.query(Answer).one().published_at = now
    assert "Przyjęta częściowo" in browser.get(LIST).text
    assert "cztery ławki" in browser.get(f"{LIST}/1").text


# In what order.


def test_each_order_is_kept_over_all_pages(app: Flask, tenant: int, consultation: int) -> None:
    many(app, tenant, consultation, 47)
    browser = make.client(app)

    def whole(query: str) -> list[int]:
        return [
            n
            for page in (1, 2, 3)
            for n in listed(browser.get(f"{LIST}?{query}&strona={page}").text)
        ]

    everything = list(range(1, 48))
    assert whole("kolejnosc=numer") == everything
    assert whole("kolejnosc=najnowsze") == everything[::-1]
    for query in ("kolejnosc=poparcie", "kolejnosc=rozmowy", "los=5", f"los={2**30}"):
        assert sorted(whole(query)) == everything
    assert whole("los=5") == whole("los=5")
    assert whole("los=5") != whole(f"los={2**30}")
    with app.app_context():
        supports = dict(db.session.query(Proposal.number, Proposal.supports).all())
    by_support = [supports[number] for number in whole("kolejnosc=poparcie")]
    assert by_support == sorted(by_support, reverse=True)


def test_random_order_turns_with_its_seed(app: Flask, tenant: int, consultation: int) -> None:
    many(app, tenant, consultation, 5)
    with app.app_context():
        shuffle = dict(db.session.query(Proposal.number, Proposal.shuffle).all())
    circle = sorted(shuffle, key=lambda number: shuffle[number])
    third = shuffle[circle[2]]
    page = make.client(app).get(f"{LIST}?los={third}").text

    assert listed(page) == circle[2:] + circle[:2]


def test_beyond_the_end_is_the_last_page(app: Flask, tenant: int, consultation: int) -> None:
    many(app, tenant, consultation, 21)
    page = make.client(app).get(f"{LIST}?kolejnosc=numer&strona=99").text

    assert listed(page) == [21]


def test_pages_keep_the_seed_that_the_address_did_not_say(
    app: Flask, tenant: int, consultation: int
) -> None:
    many(app, tenant, consultation, 21)
    page = make.client(app).get(LIST).text

    assert "los=" in page.split('rel="next"')[1].split(">")[0]


def test_htmx_gets_the_list_and_its_number_only(app: Flask, tenant: int, consultation: int) -> None:
    make.proposal(app, tenant, consultation)
    part = make.client(app).get(f"{LIST}?szukaj=zzz", headers={"HX-Request": "true"})

    assert "<html" not in part.text
    assert 'id="list"' in part.text
    assert 'hx-swap-oob="innerHTML"' in part.text


# Safely.

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}",
    "{% raw %}",
    "%(number)s",
    "</textarea><svg onload=alert(1)>",
    "<!--",
    "\\u003cscript\\u003e",
)


@pytest.mark.first_on_both
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_parameter_comes_back_as_markup(
    app: Flask, tenant: int, consultation: int, payload: str
) -> None:
    make.proposal(app, tenant, consultation)
    names = ("szukaj", "miejsce", "stan", "kto", "kolejnosc", "los", "strona", "opublikowana")
    for path in (LIST, f"{LIST}/1", f"{LIST}/1/wersje"):
        answer = make.client(app).get(path, query_string=dict.fromkeys(names, payload))

        assert answer.status_code == 200
        if "<" in payload or '"' in payload:
            assert payload not in answer.text


@pytest.mark.first_on_both
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_of_a_proposal_becomes_markup(
    app: Flask, tenant: int, consultation: int, payload: str
) -> None:
    author = make.person(app, name=f"A {payload}"[:60], resident_of=tenant)
    text = f"Tekst {payload}"
    make.proposal(app, tenant, consultation, author=author, title=text)
    with app.app_context(), transaction():
        row = db.session.query(Proposal).one()
        row.place = row.reason = row.details = row.author_name = row.capacity_label = text
        row.state_reason, row.state, row.withdrawn_at = text, State.WITHDRAWN, clock.now()
    browser = make.client(app, signed_in=author)
    for path in ("", "/1", "/1/wersje", "/1/zmiana", "/1/szczegoly", "/1/podpisy", "/nowa"):
        page = browser.get(LIST + path)

        assert page.status_code == 200, path
        if "<" in payload:
            assert payload not in page.text, path
        assert " onerror=alert(1)>" not in page.text.replace("&gt;", ""), path


def test_open_data_hold_no_names_and_no_formulas(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.proposal(app, tenant, consultation, title='=HYPERLINK("http://zle.example")')
    browser = make.client(app)
    table = browser.get(f"{LIST}.csv")
    data = json.loads(browser.get(f"{LIST}.json").text)

    assert table.mimetype == "text/csv"
    assert ";'=HYPERLINK" in table.text or ";\"'=HYPERLINK" in table.text
    assert "Halina" not in table.text
    assert data["propozycje"][0]["tytul"].startswith("=HYPERLINK")  # machines get it as written
    assert "Halina" not in json.dumps(data)


def test_another_municipality_has_no_such_list(app: Flask, consultation: int) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    there = make.client(app, slug="wrzosowiany")

    for path in (LIST, f"{LIST}.csv", f"{LIST}.json", f"{LIST}/nowa", f"{LIST}/1/wersje"):
        assert there.get(path).status_code == 404


# Fast.


@pytest.mark.parametrize("path", ["", "/1"])
def test_statements_are_few_and_do_not_grow(
    app: Flask, tenant: int, consultation: int, path: str
) -> None:
    many(app, tenant, consultation, 20)
    browsers = (
        (make.client(app), 8),
        (make.client(app, signed_in=make.person(app, resident_of=tenant)), 12),
    )
    used: list[list[int]] = []
    for _ in range(2):
        used.append([])
        for browser, most in browsers:
            browser.get(LIST + path)
            with sql.counted(app) as statements:
                assert browser.get(f"{LIST}{path}?los=1").status_code == 200
            assert len(statements) <= most, "\n".join(statements)
            used[-1].append(len(statements))
        many(app, tenant, consultation, 80)
    assert used[0] == used[1]


def test_ids_of_a_page_come_from_an_index_alone(
    app: Flask, tenant: int, consultation: int, database_kind: str
) -> None:
    """A list of twenty thousand would otherwise read twenty thousand long texts."""
    many(app, tenant, consultation, 300)
    with app.app_context(), transaction():
        db.session.connection().exec_driver_sql("ANALYZE")
    wish = Wish(order=Order.SUPPORTS)
    asked = {"consultation_id": consultation, "start": 0, "most": 20}
    with app.app_context():
        wanted = public_list._select_rows(public_list._shape(wish), wish.order, None).params(asked)
        text = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN " if database_kind == "sqlite" else "EXPLAIN "
        plan = str(db.session.connection().exec_driver_sql(explain + text).all())

    assert "ix_proposal_list_supports" in plan


# Mine.


def test_what_a_person_wrote_and_supports_is_listed_for_them(
    app: Flask, tenant: int, consultation: int
) -> None:
    author = make.person(app, resident_of=tenant)
    own = make.proposal(app, tenant, consultation, author=author)
    other = make.proposal(app, tenant, consultation)
    make.support(app, tenant, other, author)
    with app.app_context():
        here, person = db.session.get_one(Municipality, tenant), db.session.get_one(Person, author)

        assert [p.id for p, _ in queries.list_by_author(here, person)] == [own]
        assert [p.id for p, _ in queries.list_supported_by(here, person)] == [other]
