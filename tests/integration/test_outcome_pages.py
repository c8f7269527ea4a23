"""The page of outcomes when there is much: pages, positions, links that land on the thing."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.answers import outcomes
from deliberate.answers.models import Answer
from deliberate.answers.outcomes import PER_PAGE
from deliberate.answers.positions import Position
from deliberate.documents.kinds import Channel
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects import registry
from deliberate.subjects.activities import Activity
from tests import make
from tests.sql import counted

PAGE = "/konsultacje/rynek/wynik"
ON_PAGE = re.compile(r'<li id="odpowiedz-(remark|proposal)-(\d+)"')
MANY = 2 * PER_PAGE + 20


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=(Activity.REMARK, Activity.PROPOSE))
    officer = make.staff(app, tenant, Role.OFFICER)
    return SimpleNamespace(tenant=tenant, consultation=consultation, officer=officer)


def remarks(app: Flask, world: SimpleNamespace, number: int) -> list[int]:
    return [
        make.remark(
            app,
            world.tenant,
            world.consultation,
            channel=Channel.PAPER,
            entered_by=world.officer,
            body=f"Uwaga {n}: kwota powinna być wyższa.",
        )
        for n in range(number)
    ]


def answer(
    app: Flask,
    world: SimpleNamespace,
    things: list[int],
    position: Position = Position.ACCEPTED,
    kind: str = "remark",
) -> None:
    with app.app_context(), transaction():
        db.session.add_all(
            Answer(
                tenant_id=world.tenant,
                consultation_id=world.consultation,
                subject_kind=kind,
                subject_id=thing,
                position=position,
                justification="Kwota wynika z uchwały budżetowej i nie zmieni się w tym roku.",
                signed_as="Urząd Miasta Lubowierz",
                published_at=clock.now(),
                saved_at=clock.now(),
            )
            for thing in things
        )


def shown(page: str) -> list[int]:
    return [int(number) for _, number in ON_PAGE.findall(page)]


def test_fifty_stand_on_a_page_in_public_order(app: Flask, world: SimpleNamespace) -> None:
    things = remarks(app, world, MANY)
    visitor = make.client(app)

    first, third = visitor.get(PAGE).text, visitor.get(PAGE, query_string={"strona": 3}).text

    assert shown(first) == things[:PER_PAGE]
    assert shown(third) == things[2 * PER_PAGE :]
    assert "Na tej stronie: od 101 do 120 z 120." in third
    assert f"Zgłoszono {MANY} uwag." in third  # the summary is of everything
    assert shown(visitor.get(PAGE, query_string={"strona": 99}).text) == shown(third)
    assert 'href="/konsultacje/rynek/wynik?strona=2"' in first


def test_a_position_narrows_the_list_and_not_the_summary(
    app: Flask, world: SimpleNamespace
) -> None:
    things = remarks(app, world, PER_PAGE + 12)
    answer(app, world, things[:2])
    answer(app, world, things[2:-3], Position.NOT_ACCEPTED)
    visitor = make.client(app)

    def page(position: str, number: int = 1) -> str:
        wanted = {"stanowisko": position, "strona": number}
        return str(visitor.get(PAGE, query_string=wanted).text)

    assert shown(page("przyjete")) == things[:2]
    assert shown(page("brak")) == things[-3:]
    assert shown(page("nieprzyjete", 2)) == things[2:-3][PER_PAGE:]
    assert shown(page("cokolwiek")) == things[:PER_PAGE]
    narrowed = page("nieprzyjete", 2)
    assert "Urząd uwzględnił 2, częściowo 0, nie uwzględnił 57." in narrowed
    assert "Stanowisko: nieuwzględniona. Na tej stronie: od 51 do 57 z 57." in narrowed
    assert 'href="/konsultacje/rynek/wynik?stanowisko=nieprzyjete&amp;strona=1"' in narrowed
    assert "Nic takiego tu nie ma" in page("czesciowo")
    assert "Na odpowiedź czeka: 3." in page("przyjete")


def test_a_link_to_an_answer_lands_on_its_page(app: Flask, world: SimpleNamespace) -> None:
    things = remarks(app, world, MANY)
    proposal = make.proposal(app, world.tenant, world.consultation)
    answer(app, world, things, Position.PARTLY)
    answer(app, world, [proposal], kind="proposal")
    visitor = make.client(app)

    with app.app_context(), app.test_request_context():
        rows = db.session.scalars(select(Answer.id).order_by(Answer.id)).all()
        urls = [registry.get_card(world.tenant, "answer", rows[at]).url for at in (0, 60, -2, -1)]

    for url, at in zip(urls, (things[0], things[60], things[-1], proposal), strict=True):
        address, _, fragment = url.partition("#")
        page = visitor.get(address).text
        assert f'<li id="{fragment}"' in page
        assert at in shown(page)
        assert len(shown(page)) <= PER_PAGE
    lost = visitor.get(PAGE, query_string={"odpowiedz": "remark-0", "stanowisko": "przyjete"})
    assert len(shown(lost.text)) == PER_PAGE


def test_other_pages_than_that_of_a_link_are_left_by_number(
    app: Flask, world: SimpleNamespace
) -> None:
    things = remarks(app, world, MANY)
    visitor = make.client(app)

    page = visitor.get(PAGE, query_string={"odpowiedz": f"remark-{things[60]}"}).text

    assert "odpowiedz=" not in "".join(re.findall(r'href="([^"]*strona=[^"]*)"', page))
    assert 'aria-current="page"><span class="vh">Strona </span>2' in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("evil", ["remark-1' OR 1=1", "<script>", "remark-", "-", "x" * 3000])
def test_a_place_that_is_none_is_the_first_page(
    app: Flask, world: SimpleNamespace, evil: str
) -> None:
    things = remarks(app, world, 1)

    page = make.client(app).get(PAGE, query_string={"odpowiedz": evil})

    assert page.status_code == 200
    assert shown(page.text) == things


def test_withdrawn_and_hidden_things_are_neither_counted_nor_listed(
    app: Flask, world: SimpleNamespace
) -> None:
    things = remarks(app, world, 3)
    answer(app, world, things)
    make.hidden(app, "remark", things[1])

    page = make.client(app).get(PAGE).text

    assert shown(page) == [things[0], things[2]]
    assert "Zgłoszono 2 uwagi." in page
    assert "Urząd uwzględnił 2," in page


def test_it_takes_as_many_statements_for_two_hundred_as_for_twenty(
    app: Flask, world: SimpleNamespace
) -> None:
    def used() -> int:
        visitor = make.client(app)
        visitor.get(PAGE)  # the municipality is read anew after a change, and kept
        with counted(app) as statements:
            assert visitor.get(PAGE).status_code == 200
        return len(statements)

    make.proposal(app, world.tenant, world.consultation)
    answer(app, world, remarks(app, world, 19))
    few = used()
    answer(app, world, remarks(app, world, 180), Position.NOT_ACCEPTED)

    assert used() == few <= 8
    assert outcomes.PER_PAGE == 50
