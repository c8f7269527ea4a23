"""The button "unsubscribe" of mail programs (RFC 8058): in letters to many, for one kind each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.cli.server import look_once
from deliberate.config import Settings
from deliberate.kernel import mail
from deliberate.kernel.db import db, transaction
from deliberate.notifications import actions
from deliberate.notifications.links import stop_link
from deliberate.notifications.mailings import Mailing
from deliberate.notifications.models import SwitchedOff
from deliberate.notifications.notices import LABELS, TO_MANY
from deliberate.notifications.readers import select_residents
from deliberate.tenancy.models import Municipality
from tests import make
from tests.mailbox import Mailbox, text_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(app: Flask, tenant: int) -> int:
    return make.person(app, resident_of=tenant)


@pytest.fixture
def forgery_refused(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def write(app: Flask, tenant: int, person: int, kind: str) -> None:
    with app.app_context(), transaction():
        actions.write(
            db.session.get_one(Person, person),
            kind,
            tenant=db.session.get_one(Municipality, tenant),
            subject="Jest wynik głosowania",
            template="voting/result",
            values={"title": "Plac Targowy", "url": "https://x.example/k"},
        )


def work(app: Flask, mailbox: Mailbox) -> None:
    """Have the worker look once, with a real mail server."""
    chosen: Settings = app.extensions["deliberate.settings"]
    with app.app_context():
        look_once(replace(chosen, smtp_url=mailbox.url, mail_from="a@x.example"))


def way_out(app: Flask, tenant: int, person: int, kind: str) -> str:
    with app.app_context():
        link = stop_link(db.session.get_one(Municipality, tenant), person, kind)
    return urlsplit(link).path.removeprefix("/g/lubowierz")


def switched_off(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.scalars(select(SwitchedOff).order_by(SwitchedOff.kind))
        return [(row.person_id, row.kind) for row in rows]


@pytest.mark.first_on_both
@pytest.mark.parametrize("kind", sorted(TO_MANY))
def test_a_letter_to_many_names_its_way_out_for_programs(
    app: Flask, tenant: int, person: int, mailbox: Mailbox, kind: str
) -> None:
    write(app, tenant, person, kind)
    work(app, mailbox)

    (letter,), (raw,) = mailbox.letters, mailbox.raw
    address = letter["List-Unsubscribe"].removeprefix("<").removesuffix(">")
    assert address in text_of(letter).split()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # Programs decode no encoded words here, so the address leaves as it is, on one line.
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in raw


@pytest.mark.first_on_both
@pytest.mark.parametrize("kind", sorted(set(LABELS) - TO_MANY))
def test_what_answers_to_a_person_s_own_act_has_none(
    app: Flask, tenant: int, person: int, mailbox: Mailbox, kind: str
) -> None:
    write(app, tenant, person, kind)
    work(app, mailbox)

    (letter,) = mailbox.letters
    assert [name for name in letter if name.startswith("List-")] == []


def test_a_code_has_none(app: Flask, tenant: int, person: int, mailbox: Mailbox) -> None:
    with app.app_context(), transaction():
        mail.write(
            kind="account.code",
            address="halina@poczta.example",
            subject="Kod: 418 207",
            body="Kod: 418 207",
            locale="pl",
            tenant_id=tenant,
            person_id=person,
        )
    work(app, mailbox)

    (letter,) = mailbox.letters
    assert [name for name in letter if name.startswith("List-")] == []


def test_no_letter_to_many_is_of_a_personal_kind() -> None:
    with pytest.raises(ValueError, match="moderated"):
        Mailing(
            name="test.moderated",
            kind="moderated",
            wording=lambda *_: None,
            readers=lambda tenant_id, _subject_id: select_residents(tenant_id),
        )


@pytest.mark.first_on_both
@pytest.mark.usefixtures("forgery_refused")
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://poczta.example"}])
def test_a_mail_program_stops_this_one_kind_without_a_form(
    app: Flask, tenant: int, person: int, headers: dict[str, str]
) -> None:
    program = make.client(app)
    path = way_out(app, tenant, person, "voting")

    answer = program.post(path, data=ONE_CLICK, headers=headers)

    assert (answer.status_code, answer.data) == (204, b"")  # it follows no redirect
    assert switched_off(app) == [(person, "voting")]
    assert program.get("/konto/listy").status_code == 401  # the link signs nobody in
    assert program.post(path, data=ONE_CLICK).status_code == 204
    assert switched_off(app) == [(person, "voting")]


def test_looking_stops_nothing(app: Flask, tenant: int, person: int) -> None:
    program = make.client(app)
    path = way_out(app, tenant, person, "voting")

    for answer in (
        program.get(path),
        program.head(path),
        program.get(path, query_string=ONE_CLICK),
    ):
        assert answer.status_code == 200
    assert switched_off(app) == []


def test_another_kind_or_person_cannot_be_put_into_the_address(
    app: Flask, tenant: int, person: int
) -> None:
    program = make.client(app)
    path = way_out(app, tenant, person, "voting")

    program.post(path, data={**ONE_CLICK, "kind": "result", "person_id": "1"})
    bad = program.post(path.replace("/listy/", "/listy/x"), data=ONE_CLICK)

    assert bad.status_code == 404
    assert switched_off(app) == [(person, "voting")]


def test_asking_again_and_again_is_limited_for_that_kind_alone(
    app: Flask, tenant: int, person: int
) -> None:
    program = make.client(app)
    path = way_out(app, tenant, person, "voting")
    for _ in range(20):
        assert program.post(path, data=ONE_CLICK).status_code == 204

    assert program.post(path, data=ONE_CLICK).status_code == 429
    other = way_out(app, tenant, person, "result")
    assert program.post(other, data=ONE_CLICK).status_code == 204
