"""Speaking in a conversation, from the request to the row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.accounts.models import RulesAcceptance
from deliberate.accounts.standing import Needs
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import State
from deliberate.discussion.models import Contribution
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from tests import make

HTMX = {"HX-Request": "true"}
WORDS = "Czy sieć pod placem pozwala sadzić drzewa wszędzie?"


@dataclass
class Town:
    """A consultation whose conversation is open, and the browser of somebody who lives there."""

    app: Flask
    tenant: int
    consultation: int
    thread: int
    person: int
    browser: FlaskClient

    def say(
        self, client: FlaskClient | None = None, *, htmx: bool = False, **form: object
    ) -> TestResponse:
        data = {
            "body": WORDS,
            "kind": "voice",
            "voice": "resident",
            "language": "pl",
            "rules_version": 1,
            "rules": "y",
            **form,
        }
        return (client or self.browser).post(
            f"/rozmowy/{self.thread}/glosy",
            data={name: value for name, value in data.items() if value is not None},
            headers=HTMX if htmx else {},
        )

    def said(self) -> list[Contribution]:
        with self.app.app_context():
            return list(db.session.scalars(select(Contribution).order_by(Contribution.id)))


@pytest.fixture
def town(app: Flask) -> Town:
    return _town(app)


def _town(app: Flask, **consultation: object) -> Town:
    tenant = make.municipality(app)
    consultation_id = make.consultation(app, tenant, **consultation)  # type: ignore[arg-type]
    person = make.person(app, resident_of=tenant)
    return Town(
        app=app,
        tenant=tenant,
        consultation=consultation_id,
        thread=make.thread_of(app, tenant, "consultation", consultation_id),
        person=person,
        browser=make.client(app, signed_in=person),
    )


def test_a_resident_speaks_without_javascript(town: Town) -> None:
    answer = town.say(kind="question")

    said = town.said()[0]
    assert answer.status_code == 303
    assert answer.location == f"/glos/{said.id}"
    assert (said.body, said.kind, said.number, said.capacity) == (WORDS, "question", 1, "resident")
    page = town.browser.get("/konsultacje/rynek")
    assert WORDS in page.text
    assert f'id="glos-{said.id}"' in page.text
    assert "Wypowiedź opublikowana." in page.text


def test_htmx_gets_the_contribution_the_way_to_speak_again_and_the_status(town: Town) -> None:
    answer = town.say(htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'hx-swap-oob="beforeend:#talk-{town.thread}"' in answer.text
    assert 'id="status" hx-swap-oob="innerHTML"' in answer.text
    assert "Wypowiedź opublikowana." in answer.text
    assert f'id="speak-{town.thread}"' in answer.text


def test_the_form_comes_alone_over_htmx_and_as_a_page_without(town: Town) -> None:
    url = f"/rozmowy/{town.thread}/glosy/nowy"

    assert "<html" in town.browser.get(url).text
    part = town.browser.get(url, headers=HTMX).text
    assert "<html" not in part
    assert "Mówimy o sprawie, nie o osobach." in part


def test_the_rules_are_asked_for_once(town: Town) -> None:
    refused = town.say(rules=None)
    town.say()
    later = town.browser.get(f"/rozmowy/{town.thread}/glosy/nowy")
    again = town.say(body="Drugie zdanie.", rules=None)

    assert refused.status_code == 409
    assert "zaznacz, że je znasz" in refused.text
    assert WORDS in refused.text
    assert "Mówimy o sprawie" not in later.text
    assert again.status_code == 303
    with town.app.app_context():
        assert len(db.session.scalars(select(RulesAcceptance)).all()) == 1


def test_rules_that_changed_while_writing_are_asked_for_again(town: Town) -> None:
    answer = town.say(rules_version=7)

    assert answer.status_code == 409
    assert WORDS in answer.text
    assert town.said() == []


def test_a_second_press_of_the_button_says_nothing_new(town: Town) -> None:
    first, second = town.say(), town.say()

    assert first.location == second.location
    assert len(town.said()) == 1


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"body": ""}, "Uzupełnij to pole."),
        ({"body": "   \n\t  "}, "Uzupełnij to pole."),
        ({"body": None}, "Uzupełnij to pole."),
        ({"body": "x" * 4001}, "najwyżej 4000 znaków"),
        ({"kind": "official"}, None),
        ({"kind": "note"}, None),
        ({"voice": "office:1"}, None),
        ({"language": "xx"}, None),
        ({"answers": "jeden"}, None),
        ({"answers": 2**40}, None),
        ({"answers": -1}, None),
    ],
)
def test_input_of_the_wrong_shape_comes_back_with_what_was_typed(
    town: Town, form: dict[str, object], told: str | None
) -> None:
    answer = town.say(**form)

    assert answer.status_code == 422
    assert town.said() == []
    if told:
        assert told in answer.text
    if "body" not in form:
        assert WORDS in answer.text


def test_extra_fields_change_nothing(town: Town) -> None:
    town.say(content_state="hidden", author_id=1, tenant_id=9, pinned_at="2026-01-01", number=99)

    said = town.said()[0]
    assert (said.content_state, said.author_id, said.tenant_id, said.number, said.pinned_at) == (
        "visible",
        town.person,
        town.tenant,
        1,
        None,
    )


def test_control_characters_go_and_markup_stays_text(town: Town) -> None:
    town.say(body="A\x00B\x07 \u202e<script>alert(1)</script> **ważne**")
    page = town.browser.get("/konsultacje/rynek").text

    assert town.said()[0].body == "AB <script>alert(1)</script> **ważne**"
    assert "<script>alert" not in page
    assert "<strong>ważne</strong>" in page


def test_a_name_made_of_markup_stays_a_name(town: Town) -> None:
    name = '"><img src=x onerror=alert(1)>'
    browser = make.client(
        town.app, signed_in=make.person(town.app, name=name, resident_of=town.tenant)
    )
    town.say(browser)
    town.say(browser, body="Druga.", answers=1)
    pages = [
        browser.get("/konsultacje/rynek").text,
        browser.get("/glos/1/odpowiedzi").text,
        browser.get("/glos/1/odpowiedzi/nowa").text,
        town.say(browser, htmx=True, answers=1, body="Trzecia.").text,
    ]

    for page in pages:
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_a_visitor_is_asked_to_sign_in(town: Town) -> None:
    visitor = make.client(town.app)

    assert town.say(visitor).status_code == 401
    assert visitor.get(f"/rozmowy/{town.thread}/glosy/nowy").status_code == 401
    page = visitor.get("/konsultacje/rynek")
    assert "Zabierz głos" in page.text
    assert "csrf_token" not in page.text


def test_another_municipality_has_no_such_thread(town: Town) -> None:
    make.municipality(town.app, slug="inna", name="Inna")
    stranger = make.client(town.app, slug="inna", signed_in=town.person)
    there = town.say(stranger)
    nowhere = stranger.post("/rozmowy/999/glosy", data={"body": WORDS})

    assert there.status_code == nowhere.status_code == 404
    assert town.said() == []
    assert stranger.get(f"/rozmowy/{town.thread}/glosy/nowy").status_code == 404


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("consultation", "code"),
    [
        ({"days_left": -1}, "Rozmowa się zakończyła."),
        ({"began": -3}, "Rozmowa jeszcze się nie zaczęła."),
        ({"opens": []}, "nie ma teraz rozmowy"),
        ({"state": State.SUSPENDED}, "wstrzymane albo zamknięte"),
    ],
)
def test_a_closed_conversation_gives_the_text_back(
    app: Flask, consultation: dict[str, object], code: str
) -> None:
    town = _town(app, **consultation)
    answer = town.say()

    assert answer.status_code == 409
    assert code in answer.text
    assert WORDS in answer.text
    assert town.said() == []


def test_over_htmx_a_refusal_goes_to_the_live_region_and_the_form_stays(app: Flask) -> None:
    answer = _town(app, days_left=-1).say(htmx=True)

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#status"


def test_who_has_not_declared_to_live_here_is_told_what_is_lacking(app: Flask) -> None:
    town = _town(app)
    with app.app_context(), transaction():
        from deliberate.consultations.models import Consultation

        db.session.get_one(Consultation, town.consultation).discuss_needs = Needs.DECLARED
    guest = make.client(app, signed_in=make.person(app))
    answer = town.say(guest, voice="guest")

    assert answer.status_code == 409
    assert "złóż oświadczenie o zamieszkaniu" in answer.text
    assert "złóż oświadczenie o zamieszkaniu" in guest.get("/konsultacje/rynek").text


def test_a_guest_speaks_twice_an_hour_and_a_resident_ten_times(town: Town) -> None:
    guest = make.client(town.app, signed_in=make.person(town.app))
    said = [town.say(guest, voice="guest", body=f"Zdanie {n}.").status_code for n in range(3)]
    residents = [town.say(body=f"Głos {n}.").status_code for n in range(11)]

    assert said == [303, 303, 409]
    assert residents == [303] * 10 + [409]


def test_the_limit_says_when_and_keeps_the_text(town: Town) -> None:
    for n in range(10):
        town.say(body=f"Głos {n}.")
    answer = town.say(body="Jedenasty głos.")

    assert "Spróbuj za 60 min" in answer.text
    assert "Jedenasty głos." in answer.text


def test_people_who_speak_at_once_get_numbers_of_their_own(town: Town) -> None:
    browsers = [
        make.client(town.app, signed_in=make.person(town.app, resident_of=town.tenant))
        for _ in range(6)
    ]
    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(town.say, browsers))

    assert [answer.status_code for answer in answers] == [303] * 6
    assert [said.number for said in town.said()] == [1, 2, 3, 4, 5, 6]


def test_a_reply_to_a_reply_stands_beside_it_and_names_it(town: Town) -> None:
    town.say()
    town.say(body="Odpowiedź.", answers=1)
    town.say(body="Na odpowiedź.", answers=2)

    first, second, third = town.said()
    assert (second.parent_id, second.answers_number) == (first.id, None)
    assert (third.parent_id, third.answers_number) == (first.id, 2)
    assert "odpowiedź na wypowiedź nr 2" in town.browser.get("/konsultacje/rynek").text


def test_a_reply_over_htmx_goes_under_its_root(town: Town) -> None:
    town.say()
    root = town.said()[0]
    answer = town.say(htmx=True, body="Odpowiedź.", answers=1)

    assert f'hx-swap-oob="beforeend:#replies-{root.id}"' in answer.text


@pytest.mark.first_on_both
@pytest.mark.parametrize("gone", ["hidden", "withdrawn", "none"])
def test_what_is_no_longer_there_cannot_be_answered(town: Town, gone: str) -> None:
    root = make.contribution(town.app, town.tenant, town.thread)
    if gone == "hidden":
        make.hidden(town.app, "contribution", root)
    if gone == "withdrawn":
        make.withdrawn(town.app, root)
    answer = town.say(answers=7 if gone == "none" else 1)

    assert answer.status_code == 409
    assert WORDS in answer.text
    assert len(town.said()) == 1
    if gone != "none":
        assert town.browser.get(f"/glos/{root}/odpowiedzi/nowa").status_code == 404


def test_whoever_is_answered_gets_a_letter_with_the_way_and_without_the_words(town: Town) -> None:
    other = make.person(town.app, email="wieslaw@poczta.example", resident_of=town.tenant)
    make.contribution(town.app, town.tenant, town.thread, author=other)
    town.say(answers=1, body="Odpowiadam Panu na to.")

    with town.app.app_context():
        letter = db.session.scalars(select(Outbox)).one()
    assert letter.address == "wieslaw@poczta.example"
    assert letter.subject == "Ktoś odpowiedział na Twoją wypowiedź"
    assert f"http://localhost/g/lubowierz/glos/{town.said()[1].id}" in letter.body
    assert "Odpowiadam" not in letter.body


def test_answering_oneself_writes_no_letter(town: Town) -> None:
    town.say()
    town.say(answers=1, body="I jeszcze jedno.")

    with town.app.app_context():
        assert db.session.scalars(select(Outbox)).all() == []


def test_the_office_answers_in_its_name_also_after_the_end(app: Flask) -> None:
    town = _town(app, days_left=-1)
    make.contribution(app, town.tenant, town.thread)
    officer = make.staff(app, town.tenant, Role.OFFICER)
    desk = make.client(app, signed_in=officer)
    page = desk.get("/glos/1/odpowiedzi/nowa").text
    answer = town.say(desk, voice="office:1", answers=1, body="Drzewa można sadzić.", rules=None)

    assert "Urząd Miasta Lubowierz" in page
    assert answer.status_code == 303
    said = town.said()[1]
    assert (said.kind, said.capacity) == ("official", Capacity.OFFICE)
    assert "comment official" in town.browser.get("/konsultacje/rynek").text


def test_an_officer_of_another_consultation_does_not_answer_here(town: Town) -> None:
    other = make.consultation(town.app, town.tenant, slug="inna")
    officer = make.staff(town.app, town.tenant, Role.OFFICER, consultation=other)
    answer = town.say(make.client(town.app, signed_in=officer), voice="office:1")

    assert answer.status_code == 422  # the name is not among those offered here
    assert town.said() == []


def test_a_facilitator_notes_under_the_badge_and_never_argues(town: Town) -> None:
    facilitator = make.staff(town.app, town.tenant, Role.FACILITATOR)
    desk = make.client(town.app, signed_in=facilitator)
    town.say(desk, voice="facilitator:1", kind="for", body="Prosimy o źródło.")

    assert town.said()[0].kind == "note"


def test_a_fault_of_the_counter_would_show(town: Town) -> None:
    """The counter of a proposal's voices is the number of those that may be read."""
    from deliberate.proposals.models import Proposal

    proposal = make.proposal(town.app, town.tenant, town.consultation)
    town.thread = make.thread_of(town.app, town.tenant, "proposal", proposal)
    town.say()
    town.say(body="Drugi głos.")
    with town.app.app_context():
        before = db.session.get_one(Proposal, proposal).voices
    town.browser.post(f"/glos/{town.said()[0].id}/wycofanie")

    assert before == 2
    with town.app.app_context():
        assert db.session.get_one(Proposal, proposal).voices == 1


def _earlier(app: Flask, contribution: int, by: timedelta) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Contribution, contribution).created_at -= by


def test_a_correction_within_fifteen_minutes_leaves_no_trace(town: Town) -> None:
    town.say()
    said = town.said()[0]
    answer = town.browser.post(
        f"/glos/{said.id}/poprawka", data={"body": "Po namyśle.", "version": "1"}
    )

    assert answer.status_code == 303
    assert town.said()[0].body == "Po namyśle."
    assert town.said()[0].version_no == 1


def test_a_later_correction_is_a_version_with_both_texts(town: Town) -> None:
    town.say(body="Czterdzieści drzew to dużo.")
    said = town.said()[0]
    _earlier(town.app, said.id, timedelta(minutes=16))
    town.browser.post(
        f"/glos/{said.id}/poprawka",
        data={"body": "Czterdzieści drzew to mało.", "note": "Pomyłka", "version": "1"},
    )
    page = town.browser.get(f"/glos/{said.id}/wersje")

    assert town.said()[0].version_no == 2
    assert "<del>dużo" in page.text
    assert "<ins>mało" in page.text
    assert "Pomyłka" in page.text


def test_two_tabs_do_not_overwrite_each_other(town: Town) -> None:
    town.say()
    said = town.said()[0]
    _earlier(town.app, said.id, timedelta(minutes=16))
    url = f"/glos/{said.id}/poprawka"
    town.browser.post(url, data={"body": "Pierwsza karta.", "version": "1"})
    answer = town.browser.post(url, data={"body": "Druga karta.", "version": "1"})

    assert answer.status_code == 409
    assert "zmieniona w międzyczasie" in answer.text
    assert "Druga karta." in answer.text
    assert town.said()[0].body == "Pierwsza karta."


@pytest.mark.parametrize("act", ["poprawka", "wycofanie"])
def test_nobody_changes_what_somebody_else_said(town: Town, act: str) -> None:
    other = make.contribution(town.app, town.tenant, town.thread)
    data = {"body": "Inaczej.", "version": "1"}

    assert town.browser.post(f"/glos/{other}/{act}", data=data).status_code == 404
    assert town.browser.get(f"/glos/{other}/{act}").status_code == 404
    assert town.said()[0].body == "Popieram drzewa w gruncie."


def test_a_withdrawn_contribution_leaves_a_sentence_and_its_replies(town: Town) -> None:
    town.say()
    town.say(body="Odpowiedź zostaje.", answers=1)
    said = town.said()[0]
    answer = town.browser.post(f"/glos/{said.id}/wycofanie", follow_redirects=True)

    assert "Wypowiedź wycofana przez osobę, która ją napisała." in answer.text
    assert WORDS not in answer.text
    assert "Odpowiedź zostaje." in answer.text
    assert town.browser.get(f"/glos/{said.id}/wersje").status_code == 404
    assert town.browser.post(f"/glos/{said.id}/wycofanie").status_code == 409
