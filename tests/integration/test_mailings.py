"""Letters to many: a batch a task, each once, in the reader's language, while they are true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.kernel import clock, jobs, mail
from deliberate.kernel.db import db, transaction
from deliberate.kernel.i18n import locale
from deliberate.kernel.models import Outbox, Task
from deliberate.notifications import actions, letterhead, mailings
from deliberate.notifications.mailings import Mailing, Wording
from deliberate.notifications.models import SwitchedOff
from deliberate.notifications.readers import select_residents
from deliberate.tenancy.models import Municipality
from tests import make
from tests.mailbox import Mailbox
from tests.sql import counted

NOON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
called_off: set[str] = set()
breaking: set[str] = set()


class Title(str):
    """Words that break in some languages, when they are set into the letter."""

    __slots__ = ()

    def __str__(self) -> str:
        if locale() in breaking:
            raise ValueError("as asked")
        return super().__str__()


def wording(tenant: Municipality, subject_id: int, edition: str) -> Wording | None:
    if edition in called_off:
        return None
    return Wording(
        subject=f"{locale()} {subject_id} {edition}",
        template="voting/result",
        values={"title": Title(tenant.name), "url": "https://x.example/k"},
    )


FAIR = Mailing(
    name="test.fair",
    kind="voting",
    wording=wording,
    readers=lambda tenant_id, _subject_id: select_residents(tenant_id),
)


@pytest.fixture(autouse=True)
def small_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(actions, "BATCH", 3)
    app.extensions["deliberate.jobs"][FAIR.name] = mailings.job(FAIR)
    called_off.clear()
    breaking.clear()
    yield
    del app.extensions["deliberate.jobs"][FAIR.name]


def plan(app: Flask, tenant: int, *, edition: str = "", at: datetime = NOON) -> None:
    with app.app_context(), transaction():
        mailings.plan(FAIR, tenant, 7, edition=edition, at=at)


def run(app: Flask, *, since: datetime = NOON, batches: int = 1) -> None:
    for number in range(batches):
        with app.app_context(), clock.at(since + number * mailings.PACE):
            jobs.run_due()


def written(app: Flask) -> list[int | None]:
    with app.app_context():
        rows = select(Outbox.person_id).where(Outbox.cancelled_at.is_(None)).order_by(Outbox.id)
        return list(db.session.scalars(rows))


def test_everybody_gets_one_letter_a_batch_at_a_time(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(7)]
    plan(app, tenant)

    run(app)
    assert written(app) == people[:3]
    run(app)
    assert written(app) == people[:3]  # the next batch keeps the pace
    run(app, batches=4)
    assert written(app) == people
    with app.app_context():
        assert db.session.scalars(select(Task.error)).all() == [None] * 3


def test_nothing_is_written_before_its_moment(app: Flask, tenant: int) -> None:
    make.person(app, resident_of=tenant)
    plan(app, tenant)

    run(app, since=NOON - timedelta(seconds=1))

    assert written(app) == []


def test_planned_twice_tried_twice_written_once(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(5)]
    plan(app, tenant)
    plan(app, tenant)
    run(app)
    with app.app_context(), transaction():  # fallen between its end and the note that it ended
        for task in db.session.scalars(select(Task).where(Task.finished_at.is_not(None))):
            task.finished_at = None
    run(app, batches=3)
    plan(app, tenant, at=NOON + timedelta(minutes=1))
    run(app, since=NOON + timedelta(minutes=1), batches=3)

    assert written(app) == people


def test_a_batch_that_breaks_leaves_no_letter_and_is_tried_again(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant, locale=name) for name in ("pl", "uk")]
    plan(app, tenant, edition="Babel")
    breaking.add("uk")
    run(app)
    assert written(app) == []

    breaking.clear()
    run(app, since=NOON + timedelta(hours=1))
    assert written(app) == people


def test_each_reads_it_in_their_own_language(app: Flask, tenant: int) -> None:
    for language in ("pl", "en", "uk"):
        make.person(app, resident_of=tenant, locale=language)
    plan(app, tenant)
    run(app)

    with app.app_context():
        subjects = db.session.scalars(select(Outbox.subject).order_by(Outbox.id)).all()
    assert subjects == ["pl 7", "en 7", "uk 7"]


def test_who_switched_it_off_is_left_out_and_so_is_a_closed_account(
    app: Flask, tenant: int
) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(5)]
    with app.app_context(), transaction():
        db.session.add(SwitchedOff(person_id=people[1], kind="voting", since=NOON))
        db.session.add(SwitchedOff(person_id=people[2], kind="result", since=NOON))
        closed = db.session.get_one(Person, people[3])
        closed.email, closed.email_folded, closed.closed_at = None, None, NOON
    plan(app, tenant)
    run(app, batches=2)

    assert written(app) == [people[0], people[2], people[4]]


def test_what_is_called_off_stops_between_two_batches(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(7)]
    plan(app, tenant, edition="June")
    run(app)
    called_off.add("June")
    run(app, batches=5)

    assert written(app) == people[:3]


def test_taken_back_nothing_leaves_and_resumed_everybody_gets_it_once(
    app: Flask, tenant: int, mailbox: Mailbox
) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(3)]
    plan(app, tenant)
    run(app, batches=2)
    with app.app_context(), transaction():
        mailings.take_back(FAIR, 7, now=NOON)
        mailings.take_back(FAIR, 70, now=NOON)  # another thing's, whose number begins alike
    with app.app_context(), clock.at(NOON):
        assert mail.send_due(mailbox.url, "a@x.example", html=letterhead.html) == 0

    later = NOON + timedelta(days=1)
    with app.app_context(), transaction():
        mailings.resume(FAIR, tenant, 7, at=NOON, now=later)
    run(app, since=later, batches=2)
    assert written(app) == people
    with app.app_context(), clock.at(later):
        assert mail.send_due(mailbox.url, "a@x.example", html=letterhead.html) == 3


def test_another_things_letters_are_not_taken_back(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant)]
    with app.app_context(), transaction():
        mailings.plan(FAIR, tenant, 71, at=NOON)
    run(app)
    with app.app_context(), transaction():
        mailings.take_back(FAIR, 7, now=NOON)

    assert written(app) == people


def test_once_the_outbox_has_forgotten_nothing_is_resumed(app: Flask, tenant: int) -> None:
    make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        mailings.resume(FAIR, tenant, 7, at=NOON, now=NOON + mail.KEPT_AFTER_SENDING)

    with app.app_context():
        assert db.session.scalars(select(Task)).all() == []


def test_nothing_is_planned_for_what_was_rolled_back(app: Flask, tenant: int) -> None:
    make.person(app, resident_of=tenant)
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        mailings.plan(FAIR, tenant, 7, at=NOON)
        _ = 1 / 0
    run(app)

    assert written(app) == []


def test_a_batch_reads_as_often_for_three_as_for_thirty(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 50)

    def reads(number: int, edition: str) -> int:
        for _ in range(number):
            make.person(app, resident_of=tenant)
        plan(app, tenant, edition=edition)
        with counted(app) as statements:
            run(app)
        return len([one for one in statements if one.startswith("SELECT")])

    assert reads(3, "few") == reads(30, "many")


def test_a_code_to_sign_in_waits_behind_one_batch_at_most(
    app: Flask, tenant: int, mailbox: Mailbox
) -> None:
    for _ in range(30):
        make.person(app, resident_of=tenant)
    plan(app, tenant)
    run(app)
    with app.app_context(), transaction(), clock.at(NOON + timedelta(seconds=1)):
        mail.write(
            kind="account.code",
            address="halina@poczta.example",
            subject="Kod: 418 207",
            body="Kod: 418 207",
            locale="pl",
            tenant_id=tenant,
        )
    with app.app_context(), clock.at(NOON + timedelta(seconds=2)):
        mail.send_due(mailbox.url, "a@x.example", html=letterhead.html, limit=4)

    assert mailbox.letters[-1]["Subject"] == "Kod: 418 207"
