"""Letters: once, when due, never for what was rolled back, headers that nobody can add to."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.kernel import clock, mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.notifications import letterhead
from tests.mailbox import Mailbox, html_of, text_of

SENDER = "Rozmowa <rozmowa@lubowierz.example>"


def write(app: Flask, **more: object) -> None:
    letter = {
        "kind": "test",
        "address": "halina@poczta.example",
        "subject": "Urząd odpowiedział",
        "body": "Zażółć gęślą jaźń.\n",
        "locale": "pl",
        "tenant_id": None,
    }
    with app.app_context(), transaction():
        mail.write(**{**letter, **more})  # type: ignore[arg-type]


def send(app: Flask, mailbox: Mailbox) -> int:
    with app.app_context():
        return mail.send_due(mailbox.url, SENDER, html=letterhead.html)


def test_a_letter_is_sent_once(app: Flask, mailbox: Mailbox) -> None:
    write(app)

    assert send(app, mailbox) == 1
    assert send(app, mailbox) == 0
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Urząd odpowiedział"
    assert letter["To"] == "halina@poczta.example"
    assert letter["Content-Language"] == "pl"
    assert text_of(letter) == "Zażółć gęślą jaźń.\n"
    assert "Zażółć gęślą jaźń." in html_of(letter)


LONG = [
    "słowo " * 400,
    "bez-odstępu" * 200,
    "https://lubowierz.example/" + "a" * 1_500,
    "Громадські слухання тривають до неділі. " * 60,
]


@pytest.mark.first_on_both
@pytest.mark.parametrize("line", LONG)
def test_no_line_is_longer_than_mail_may_carry(app: Flask, mailbox: Mailbox, line: str) -> None:
    write(app, body=f"{line}\n\nKoniec.\n", subject=line[:200])
    send(app, mailbox)

    (raw,), (letter,) = mailbox.raw, mailbox.letters
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1
    assert text_of(letter) == f"{line}\n\nKoniec.\n"
    assert line.strip() in html_of(letter)
    assert len(raw) <= 20 * 1024


def test_the_same_letter_is_written_once(app: Flask, mailbox: Mailbox) -> None:
    write(app, dedupe="answer:1:person:2")
    write(app, dedupe="answer:1:person:2")

    assert send(app, mailbox) == 1


def test_nothing_is_sent_for_what_was_rolled_back(app: Flask, mailbox: Mailbox) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        mail.write(
            kind="test",
            address="a@b.example",
            subject="x",
            body="y",
            locale="pl",
            tenant_id=None,
        )
        _ = 1 / 0

    assert send(app, mailbox) == 0


def test_a_letter_waits_for_its_moment_and_may_be_stopped(app: Flask, mailbox: Mailbox) -> None:
    later = clock.now() + timedelta(seconds=30)
    write(app, dedupe="decision:1", not_before=later)
    assert send(app, mailbox) == 0

    with app.app_context(), transaction():
        assert mail.cancel("decision:1", now=clock.now())
    with app.app_context(), transaction():
        assert not mail.cancel("decision:1", now=clock.now())


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "line", ["\r\nBcc: zly@poczta.example", "\nX: y", "\u2028Bcc: z@x.example"]
)
def test_a_text_never_becomes_a_header(app: Flask, mailbox: Mailbox, line: str) -> None:
    write(app, subject=f"Tytuł{line}")

    assert send(app, mailbox) == 1
    (letter,) = mailbox.letters
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert letter["To"] == "halina@poczta.example"


def test_a_server_that_is_away_loses_no_letter(app: Flask, mailbox: Mailbox) -> None:
    write(app)
    with app.app_context():
        assert mail.send_due("smtp://127.0.0.1:1", SENDER, html=letterhead.html) == 0
        assert db.session.scalars(select(Outbox.sent_at)).all() == [None]
        db.session.rollback()

    assert send(app, mailbox) == 1


def test_sent_letters_are_forgotten_after_thirty_days(app: Flask, mailbox: Mailbox) -> None:
    write(app)
    send(app, mailbox)
    with app.app_context():
        with transaction():
            assert mail.forget(clock.now() + timedelta(days=29)) == 0
        with transaction():
            assert mail.forget(clock.now() + timedelta(days=31)) == 1
