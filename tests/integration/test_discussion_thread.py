"""The conversation on the page of its thing: order, pages, traces, summaries, statements."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Person
from deliberate.accounts.rules import CLOSED_NAME
from deliberate.audit.models import AuditEntry
from deliberate.discussion import actions, queries
from deliberate.discussion.kinds import ContributionKind, Order
from deliberate.discussion.models import Contribution, Summary, Thread
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects import registry
from deliberate.subjects.states import ContentState
from tests import make
from tests.sql import counted

HTMX = {"HX-Request": "true"}
PAGE = "/konsultacje/rynek"


@pytest.fixture
def thread(app: Flask, tenant: int) -> int:
    consultation = make.consultation(app, tenant)
    return make.thread_of(app, tenant, "consultation", consultation)


@pytest.fixture
def author(app: Flask, tenant: int) -> int:
    return make.person(app, resident_of=tenant)


@pytest.fixture
def visitor(app: Flask, thread: int) -> FlaskClient:
    return make.client(app)


def say(
    app: Flask, tenant: int, thread: int, author: int, bodies: list[str], **more: object
) -> list[int]:
    return [
        make.contribution(app, tenant, thread, author=author, body=body, **more)  # type: ignore[arg-type]
        for body in bodies
    ]


def shown_numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="glos-(\d+)"', page)]


def test_a_conversation_is_read_from_the_beginning_or_from_the_newest(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    first, second, third = say(app, tenant, thread, author, ["a", "b", "c"])

    assert shown_numbers(visitor.get(PAGE).text) == [first, second, third]
    assert shown_numbers(visitor.get(f"{PAGE}?kolejnosc=najnowsze").text) == [third, second, first]
    assert shown_numbers(visitor.get(f"{PAGE}?kolejnosc=byle-co").text) == [first, second, third]


def test_unanswered_questions_are_those_without_a_shown_answer_of_the_office(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    kind = ContributionKind.QUESTION
    open_one, answered, badly = say(app, tenant, thread, author, ["a", "b", "c"], kind=kind)
    say(app, tenant, thread, author, ["nie pytanie"])
    official = ContributionKind.OFFICIAL
    say(app, tenant, thread, author, ["tak"], parent=answered, kind=official)
    hidden = say(app, tenant, thread, author, ["nie"], parent=badly, kind=official)[0]
    make.hidden(app, "contribution", hidden)
    page = visitor.get(f"{PAGE}?kolejnosc=pytania").text

    assert open_one in shown_numbers(page)
    assert badly in shown_numbers(page)
    assert answered not in shown_numbers(page)


def test_roots_come_by_twenty_and_a_page_beyond_the_last_is_the_last(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    ids = say(app, tenant, thread, author, [f"głos {n}" for n in range(23)])

    assert shown_numbers(visitor.get(PAGE).text) == ids[:20]
    assert shown_numbers(visitor.get(f"{PAGE}?strona=2").text) == ids[20:]
    assert shown_numbers(visitor.get(f"{PAGE}?strona=99").text) == ids[20:]


def test_five_replies_are_shown_and_the_rest_is_one_link_away(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    root = say(app, tenant, thread, author, ["korzeń"])[0]
    replies = say(app, tenant, thread, author, [f"o{n}" for n in range(8)], parent=root)
    page = visitor.get(PAGE).text
    part = visitor.get(f"/glos/{root}/odpowiedzi", headers=HTMX).text
    whole = visitor.get(f"/glos/{root}/odpowiedzi").text

    assert shown_numbers(page) == [root, *replies[:5]]
    assert "Pokaż pozostałe odpowiedzi: 3" in page
    assert shown_numbers(part) == replies
    assert "<html" not in part
    assert shown_numbers(whole) == [root, *replies]


def test_the_permanent_address_leads_to_the_page_on_which_the_words_are(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    ids = say(app, tenant, thread, author, [f"głos {n}" for n in range(21)])
    deep = say(app, tenant, thread, author, [f"o{n}" for n in range(7)], parent=ids[20])[6]
    answer = visitor.get(f"/glos/{deep}")
    page = visitor.get(answer.location)

    assert answer.location == f"{PAGE}?strona=2&watek={ids[20]}#glos-{deep}"
    assert deep in shown_numbers(page.text)
    assert visitor.get(f"/glos/{ids[0]}").location == f"{PAGE}#glos-{ids[0]}"


@pytest.mark.first_on_both
@pytest.mark.parametrize("number", ["0", "999", "2147483647", "99999999999999999999", "-1", "a"])
def test_an_address_of_nothing_is_404(visitor: FlaskClient, number: str) -> None:
    assert visitor.get(f"/glos/{number}").status_code == 404
    assert visitor.get(f"/podsumowanie/{number}").status_code == 404
    assert visitor.get(f"{PAGE}?watek={number}").status_code == 200


def test_another_municipality_has_no_such_words(
    app: Flask, tenant: int, thread: int, author: int
) -> None:
    said = say(app, tenant, thread, author, ["tutaj"])[0]
    summary = make.summary(app, tenant, thread)
    make.municipality(app, slug="inna", name="Inna")
    there = make.client(app, slug="inna", signed_in=author)

    for path in ("", "/odpowiedzi", "/wersje", "/odpowiedzi/nowa", "/poprawka", "/wycofanie"):
        assert there.get(f"/glos/{said}{path}").status_code == 404, path
    assert there.get(f"/podsumowanie/{summary}").status_code == 404
    with app.app_context():
        assert registry.find_card(tenant + 1, "contribution", said) is None
        assert registry.find_card(tenant + 1, "summary", summary) is None


def test_what_hides_the_thing_hides_its_conversation(app: Flask, tenant: int, author: int) -> None:
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    thread = make.thread_of(app, tenant, "proposal", proposal)
    said = say(app, tenant, thread, author, ["pod ukrytą propozycją"])[0]
    make.hidden(app, "proposal", proposal)
    browser = make.client(app, signed_in=author)

    for path in ("", "/odpowiedzi", "/wersje"):
        assert browser.get(f"/glos/{said}{path}").status_code == 404
    assert browser.get(f"/rozmowy/{thread}/glosy/nowy").status_code == 404
    answer = browser.post(f"/rozmowy/{thread}/glosy", data={"body": "x"})
    assert answer.status_code == 404


def test_a_hidden_root_leaves_a_trace_and_its_replies(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    root = say(app, tenant, thread, author, ["do ukrycia"])[0]
    say(app, tenant, thread, author, ["zostaje"], parent=root)
    make.hidden(app, "contribution", root)
    page = visitor.get(PAGE).text

    assert "do ukrycia" not in page
    assert "Wpis ukryty" in page
    assert "zostaje" in page


def test_a_held_contribution_has_no_place_at_all(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    held = say(app, tenant, thread, author, ["czeka"])[0]
    with app.app_context(), transaction():
        db.session.get_one(Contribution, held).content_state = ContentState.HELD

    assert shown_numbers(visitor.get(PAGE).text) == []


# Facilitating.


def test_a_facilitator_pins_and_unpins_and_both_are_recorded(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    first, second = say(app, tenant, thread, author, ["a", "b"])
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))
    desk.post(f"/glos/{second}/przypiecie")
    pinned = shown_numbers(visitor.get(PAGE).text)
    desk.post(f"/glos/{second}/przypiecie/zdjecie")

    assert pinned == [second, first]
    assert shown_numbers(visitor.get(PAGE).text) == [first, second]
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert acts == ["discussion.pinned", "discussion.unpinned"]


def test_a_reply_cannot_be_pinned(app: Flask, tenant: int, thread: int, author: int) -> None:
    root = say(app, tenant, thread, author, ["a"])[0]
    reply = say(app, tenant, thread, author, ["b"], parent=root)[0]
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))

    assert desk.post(f"/glos/{reply}/przypiecie").status_code == 409


def test_a_summary_stands_above_the_voices_and_above_earlier_ones(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    say(app, tenant, thread, author, ["a", "b"])
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))
    url = f"/rozmowy/{thread}/podsumowanie"
    desk.post(url, data={"agreed": "Zgoda pierwsza.", "disputed": "Spór pierwszy."})
    answer = desk.post(url, data={"agreed": "Zgoda druga.", "disputed": ""})
    page = visitor.get(PAGE).text

    assert answer.status_code == 303
    assert page.index("Zgoda druga.") < page.index("Zgoda pierwsza.") < page.index('id="glos-')
    assert "Obejmuje wypowiedzi: 2." in page
    assert visitor.get("/podsumowanie/1").location == f"{PAGE}#podsumowanie-1"


def test_a_summary_of_nothing_comes_back(app: Flask, tenant: int, thread: int) -> None:
    desk = make.client(app, signed_in=make.staff(app, tenant, Role.FACILITATOR))
    answer = desk.post(f"/rozmowy/{thread}/podsumowanie", data={"agreed": "", "disputed": "Spór."})

    assert answer.status_code == 422
    assert "Spór." in answer.text


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR])
def test_nobody_but_a_facilitator_of_this_consultation_facilitates(
    app: Flask, tenant: int, thread: int, author: int, role: Role | None
) -> None:
    said = say(app, tenant, thread, author, ["a"])[0]
    person = make.staff(app, tenant, role) if role else author
    client = make.client(app, signed_in=person)
    for url in (f"/glos/{said}/przypiecie", f"/rozmowy/{thread}/podsumowanie"):
        answer = client.post(url, data={"agreed": "Zgadzamy się wszyscy."})

        assert answer.status_code == 403
        assert "osoba prowadząca rozmowę" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Summary)).all() == []


def test_a_facilitator_of_another_consultation_gets_403(
    app: Flask, tenant: int, thread: int, author: int
) -> None:
    said = say(app, tenant, thread, author, ["a"])[0]
    other = make.consultation(app, tenant, slug="inne")
    facilitator = make.staff(app, tenant, Role.FACILITATOR, consultation=other)
    client = make.client(app, signed_in=facilitator)

    assert client.post(f"/glos/{said}/przypiecie").status_code == 403
    assert client.get(f"/rozmowy/{thread}/podsumowanie").status_code == 403


# Statements, guards, what others ask.


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_takes_the_same_statements_for_few_and_for_many(
    app: Flask, tenant: int, thread: int, author: int, signed_in: bool
) -> None:
    client = make.client(app, signed_in=author if signed_in else None)
    counts = []
    for _ in range(2):
        roots = say(app, tenant, thread, author, [f"g{n}" for n in range(10)])
        for root in roots:
            say(app, tenant, thread, author, ["odpowiedź"], parent=root)
        client.get(PAGE)  # the municipality is read anew after a change, and kept
        with counted(app) as statements:
            assert client.get(PAGE).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[1] <= (12 if signed_in else 8)


def test_twenty_roots_with_replies_are_two_statements(
    app: Flask, tenant: int, thread: int, author: int
) -> None:
    roots = say(app, tenant, thread, author, [f"g{n}" for n in range(20)])
    for root in roots[:5]:
        say(app, tenant, thread, author, [f"o{n}" for n in range(7)], parent=root)
    with app.app_context(), counted(app) as statements:
        opening = queries.find_opening(tenant, "consultation", 1)
        assert opening is not None
        page = queries.list_page(opening.thread, order=Order.OLDEST, page=1)

    assert len(statements) == 2
    assert [len(root.replies) for root in page.items[:6]] == [5, 5, 5, 5, 5, 0]
    assert page.items[0].more == 2


@pytest.mark.parametrize("table", ["contribution", "summary"])
def test_the_guard_refuses_a_step_that_is_not_written_down(
    app: Flask, tenant: int, thread: int, author: int, table: str
) -> None:
    model = {"contribution": Contribution, "summary": Summary}[table]
    row = (
        say(app, tenant, thread, author, ["a"])[0]
        if table == "contribution"
        else make.summary(app, tenant, thread)
    )
    with pytest.raises(DBAPIError, match="no such step"), app.app_context(), transaction():
        db.session.get_one(model, row).content_state = ContentState.REMOVED


def test_a_reply_cannot_leave_its_thread(app: Flask, tenant: int, thread: int, author: int) -> None:
    root = say(app, tenant, thread, author, ["a"])[0]
    other = make.consultation(app, tenant, slug="inne")
    elsewhere = make.thread_of(app, tenant, "consultation", other)
    with pytest.raises(DBAPIError):
        say(app, tenant, elsewhere, author, ["b"], parent=root)


def test_a_thing_has_one_thread_however_often_it_is_opened(
    app: Flask, tenant: int, thread: int
) -> None:
    with app.app_context(), transaction():
        again = actions.open_thread(tenant, 1, "consultation", 1)
        assert again.id == thread
    with app.app_context():
        assert len(db.session.scalars(select(Thread)).all()) == 1


def test_a_closed_account_leaves_the_words_and_takes_the_name(
    app: Flask, tenant: int, thread: int, author: int, visitor: FlaskClient
) -> None:
    say(app, tenant, thread, author, ["zostaje po mnie"])
    with app.app_context(), transaction():
        closing.run(author)
    page = visitor.get(PAGE).text

    assert "zostaje po mnie" in page
    assert CLOSED_NAME in page
    assert "Halina K." not in page


def test_my_data_holds_my_words_and_nobody_elses(
    app: Flask, tenant: int, thread: int, author: int
) -> None:
    say(app, tenant, thread, author, ["moje słowa"])
    make.contribution(app, tenant, thread, body="cudze słowa")
    with app.app_context():
        rows = mydata.collect(db.session.get_one(Person, author))["contributions"]

    assert [row["text"] for row in rows] == ["moje słowa"]
