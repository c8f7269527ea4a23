"""Letters: who gets them, in which language, how often, and the two ways out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.kernel import clock, jobs, mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.notifications import actions, links, retention
from deliberate.notifications.models import OneLetter, SwitchedOff
from deliberate.tenancy.models import Municipality
from tests import make


def tell(
    app: Flask, tenant: int, person: int, kind: str = "answered", dedupe: str | None = None
) -> None:
    with app.app_context(), transaction():
        actions.tell(
            db.session.get_one(Person, person),
            kind,
            tenant=db.session.get_one(Municipality, tenant),
            subject="Nowe: %(title)s",
            template="notifications/next_consultation",
            values={"title": "Plac <b>Targowy</b>\nBcc: x@y.example", "url": "https://x.example/k"},
            dedupe=dedupe,
        )


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))


def run_due(app: Flask) -> None:
    with app.app_context():
        jobs.run_due()


def test_a_letter_has_one_subject_line_plain_text_and_two_ways_out(app: Flask, tenant: int) -> None:
    tell(app, tenant, make.person(app, email="halina@poczta.example"))

    (letter,) = letters(app)
    assert letter.address == "halina@poczta.example"
    assert letter.subject == "Nowe: Plac <b>Targowy</b> Bcc: x@y.example"
    assert "„Plac <b>Targowy</b>" in letter.body
    assert "Urząd Miasta Lubowierz" in letter.body
    assert "\n\n\n" not in letter.body


def test_the_foot_leads_to_the_switches_and_to_the_way_out(app: Flask, tenant: int) -> None:
    person = make.person(app)
    with app.app_context():
        home = db.session.get_one(Municipality, tenant)
        assert links.absolute(home, "notifications.preferences") == (
            "http://localhost/g/lubowierz/konto/listy"
        )
        link = links.stop_link(home, person, "answered")
    assert link.startswith("http://localhost/g/lubowierz/listy/")
    assert link.endswith("/rezygnacja")


def test_every_letter_that_can_be_switched_off_has_both_at_its_foot(
    app: Flask, tenant: int
) -> None:
    person = make.person(app)
    with app.app_context(), transaction():
        home = db.session.get_one(Municipality, tenant)
        actions.tell(
            db.session.get_one(Person, person),
            "result",
            tenant=home,
            subject="Jest wynik głosowania",
            template="voting/result",
            values={"title": "Plac Targowy", "url": "https://x.example/k"},
        )
        ways_out = [
            links.absolute(home, "notifications.preferences"),
            links.stop_link(home, person, "result"),
        ]

    (letter,) = letters(app)
    assert [way for way in ways_out if way not in letter.body] == []


def test_a_switched_off_kind_is_not_written_and_the_others_are(app: Flask, tenant: int) -> None:
    person = make.person(app)
    client = make.client(app, signed_in=person)
    kept = ["received", "moderated", "result"]

    answer = client.post("/konto/listy", data={"kinds": kept})

    assert answer.status_code == 303
    tell(app, tenant, person, "answered")
    tell(app, tenant, person, "result")
    assert [letter.kind for letter in letters(app)] == ["result"]


def test_each_of_the_six_letters_has_its_switch(app: Flask, tenant: int) -> None:
    page = make.client(app, signed_in=make.person(app)).get("/konto/listy").text

    kinds = ("received", "published", "answered", "moderated", "voting", "result")
    assert [kind for kind in kinds if f'value="{kind}" checked' not in page] == []


def test_switching_on_again_brings_the_letters_back(app: Flask, tenant: int) -> None:
    person = make.person(app)
    client = make.client(app, signed_in=person)
    client.post("/konto/listy", data={})
    page = client.get("/konto/listy").text
    assert "checked" not in page

    client.post("/konto/listy", data={"kinds": ["result"]})

    assert client.get("/konto/listy").text.count("checked") == 1


def test_an_unknown_kind_is_refused_with_the_form(app: Flask, tenant: int) -> None:
    client = make.client(app, signed_in=make.person(app))

    assert client.post("/konto/listy", data={"kinds": ["everything"]}).status_code == 422
    assert make.client(app).get("/konto/listy").status_code == 401


def test_a_kind_without_a_switch_is_a_mistake_of_ours(app: Flask, tenant: int) -> None:
    with pytest.raises(ValueError, match="advertising"):
        tell(app, tenant, make.person(app), "advertising")


def test_one_click_stops_one_kind_without_signing_in(app: Flask, tenant: int) -> None:
    person = make.person(app)
    with app.app_context():
        link = links.stop_link(db.session.get_one(Municipality, tenant), person, "answered")
    path = urlsplit(link).path.removeprefix("/g/lubowierz")
    visitor = make.client(app)

    page = visitor.get(path)
    assert page.status_code == 200
    assert "Odpowiedzi urzędu" in page.text
    with app.app_context():  # looking changes nothing: mail scanners look
        assert db.session.scalars(select(SwitchedOff)).all() == []

    assert visitor.post(path).status_code == 303
    assert visitor.post(path).status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(SwitchedOff)).all()
        assert [(row.person_id, row.kind) for row in rows] == [(person, "answered")]
    assert "Tych listów nie wysyłamy" in visitor.get(path).text


def test_the_way_out_works_only_where_it_was_written_and_unchanged(app: Flask, tenant: int) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    person = make.person(app)
    with app.app_context():
        link = links.stop_link(db.session.get_one(Municipality, tenant), person, "answered")
    path = urlsplit(link).path.removeprefix("/g/lubowierz")

    assert make.client(app, slug="wrzosowiany").get(path).status_code == 404
    assert make.client(app, slug="wrzosowiany").post(path).status_code == 404
    assert make.client(app).get(path.replace("/rezygnacja", "x/rezygnacja")).status_code == 404
    assert make.client(app).post("/listy/a.b/rezygnacja").status_code == 404


def test_a_letter_of_one_cause_is_written_once(app: Flask, tenant: int) -> None:
    person = make.person(app)
    tell(app, tenant, person, dedupe="published:7")
    tell(app, tenant, person, dedupe="published:7")

    assert len(letters(app)) == 1


def test_a_closed_account_gets_no_letters(app: Flask, tenant: int) -> None:
    person = make.person(app)
    with app.app_context(), transaction():
        row = db.session.get_one(Person, person)
        row.email = row.email_folded = None
        row.closed_at = clock.now()
    tell(app, tenant, person)

    assert letters(app) == []


def test_one_letter_is_promised_once_and_the_address_forgotten(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    visitor = make.client(app)
    for address in ("A@poczta.example", "a@poczta.example", "b@poczta.example", "c@x.example"):
        assert visitor.post("/jeden-list", data={"email": address}).status_code == 303

    with app.app_context(), transaction():
        actions.send_one_letters(
            db.session.get_one(Municipality, tenant),
            actions.NEXT_CONSULTATION,
            subject="Zaczęły się konsultacje: %(title)s",
            template="notifications/next_consultation",
            values={"title": "Plac Targowy", "url": "https://x.example/k"},
            dedupe="consultation:7",
        )
    for _ in range(3):
        run_due(app)

    assert sorted(letter.address for letter in letters(app)) == [
        "a@poczta.example",
        "b@poczta.example",
        "c@x.example",
    ]
    with app.app_context():
        assert db.session.scalars(select(OneLetter)).all() == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("address", ["", "x", "a@", "a" * 300 + "@x.pl", "a@x.pl, b@x.pl"])
def test_an_address_that_cannot_be_right_is_said_so(app: Flask, tenant: int, address: str) -> None:
    answer = make.client(app).post("/jeden-list", data={"email": address})

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(OneLetter)).all() == []


def test_one_place_cannot_leave_addresses_without_end(app: Flask, tenant: int) -> None:
    visitor = make.client(app)
    answers = [
        visitor.post("/jeden-list", data={"email": f"a{n}@x.example"}).status_code
        for n in range(21)
    ]

    assert answers == [303] * 20 + [429]


def test_addresses_that_waited_too_long_are_removed(app: Flask, tenant: int) -> None:
    for days in (1, 401):
        asked = clock.now() - timedelta(days=days)
        make.add(
            app,
            OneLetter(
                tenant_id=tenant, email=f"{days}@x.example", about="x", locale="pl", asked_at=asked
            ),
        )
    with app.app_context():
        assert retention.ONE_LETTERS.count(clock.now()) == 1
        with transaction():
            assert retention.ONE_LETTERS.remove(clock.now()) == 1
        assert db.session.scalars(select(OneLetter.email)).all() == ["1@x.example"]


def test_a_withdrawn_letter_does_not_leave(app: Flask, tenant: int) -> None:
    tell(app, tenant, make.person(app), dedupe="decision:7")
    with app.app_context(), transaction():
        assert mail.cancel("decision:7", now=clock.now())

    (letter,) = letters(app)
    assert letter.cancelled_at is not None


def test_a_closed_account_leaves_neither_switches_nor_an_address_that_waits(
    app: Flask, tenant: int
) -> None:
    person = make.person(app, email="Halina@poczta.example")
    make.client(app, signed_in=person).post("/konto/listy", data={"kinds": ["result"]})
    make.client(app).post("/jeden-list", data={"email": "halina@poczta.example"})
    with app.app_context():
        row = db.session.get_one(Person, person)
        assert len(retention.my_switches(row)) == 5
        with transaction():
            retention.forget_person(person)
        assert db.session.scalars(select(SwitchedOff)).all() == []
        assert db.session.scalars(select(OneLetter)).all() == []
