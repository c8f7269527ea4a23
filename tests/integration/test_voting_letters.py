"""A vote begins, a vote ends: who is told, when, in which language, and when nobody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import Person, Residence, ResidenceState
from deliberate.accounts.standing import Needs
from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.actions.steps import step
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock, jobs, mail
from deliberate.kernel.actor import SYSTEM, Actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, Task
from deliberate.notifications import letterhead
from deliberate.notifications.models import SwitchedOff
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, queries
from deliberate.voting.actions import casting, preparing
from deliberate.voting.models import Poll
from tests import make
from tests.mailbox import Mailbox, text_of
from tests.sql import counted

REASON = "Serwer nie działał przez cały dzień, więc dodajemy czas."


def june(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of June 2026 as a clock in Warsaw shows it."""
    return datetime(2026, 6, day, hour, minute, tzinfo=clock.WARSAW).astimezone(UTC)


SEALED_AT, OPENS, ENDS = june(1, 12), june(3), june(10)  # ends on Tuesday 9 June, 23:59
MORNING, DAY_BEFORE = june(3, 8), june(8, 8)


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """A vote that two people have just sealed, two days before it opens."""
    with clock.at(SEALED_AT):
        tenant = make.municipality(app)
        consultation = make.consultation(
            app,
            tenant,
            opens=[Activity.VOTE],
            began=-(OPENS - SEALED_AT) / timedelta(days=1),
            days_left=(ENDS - SEALED_AT) / timedelta(days=1),
        )
        author = make.person(app, name="Autorka", email="autorka@poczta.example")
        poll = make.poll(
            app, tenant, consultation, began=SEALED_AT - OPENS, left=ENDS - SEALED_AT, sealed=False
        )
        with app.app_context(), transaction():  # authors of projects would get letters as well
            for row in db.session.scalars(select(Residence)):
                row.state, row.reason = ResidenceState.REFUSED, "dla porządku w teście"
            text = queries.rules_text(db.session.get_one(Poll, poll))
        make.approval(app, tenant, "poll.seal", poll, canonical.digest(text))
        world = SimpleNamespace(
            tenant=tenant,
            consultation=consultation,
            poll=poll,
            author=author,
            halina=make.person(app, email="halina@poczta.example", resident_of=tenant),
            oksana=make.person(app, email="oksana@poczta.example", resident_of=tenant, locale="uk"),
        )
        seal(app, world)
    return world


def seal(app: Flask, world: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        tenant = db.session.get_one(Municipality, world.tenant)
        preparing.seal(tenant, world.poll, actor=SYSTEM)


def work(app: Flask, *moments: datetime) -> None:
    """Have the worker look at what waits, at these moments."""
    for moment in moments:
        with app.app_context(), clock.at(moment):
            while jobs.run_due():
                pass


def send(app: Flask, mailbox: Mailbox, at: datetime) -> list[EmailMessage]:
    """Return what leaves for a real mail server at a moment."""
    before = len(mailbox.letters)
    with app.app_context(), clock.at(at):
        mail.send_due(mailbox.url, "Rozmowa <rozmowa@lubowierz.example>", html=letterhead.html)
    return mailbox.letters[before:]


def subjects(app: Flask, locale: str = "pl") -> list[str]:
    with app.app_context():
        waits = select(Outbox.subject).where(
            Outbox.kind == "voting", Outbox.locale == locale, Outbox.cancelled_at.is_(None)
        )
        return list(db.session.scalars(waits.order_by(Outbox.id)))


def set_state(app: Flask, world: SimpleNamespace, state: State, *, at: datetime) -> None:
    with app.app_context(), clock.at(at), transaction():
        row = db.session.get_one(Consultation, world.consultation)
        step(row, state, reason=REASON, actor=Actor(tenant_id=world.tenant), now=at)


def extend(app: Flask, world: SimpleNamespace, *, days: int, at: datetime) -> None:
    with app.app_context(), clock.at(at), transaction():
        row = db.session.get_one(Consultation, world.consultation)
        (phase,) = row.phases
        last = clock.last_day(phase.ends_at) + timedelta(days=days)
        change_dates(
            row,
            [(clock.local(phase.starts_at).date(), last)],
            None,
            reason=REASON,
            stamp=row.revision,
            actor=Actor(tenant_id=world.tenant),
            now=at,
        )


def vote(app: Flask, world: SimpleNamespace, person: int, *, at: datetime) -> None:
    with app.app_context(), clock.at(at), transaction():
        db.session.get_one(Municipality, world.tenant)
        poll = db.session.get_one(Poll, world.poll)
        voter = db.session.get_one(Person, person)
        casting.cast(poll.id, voter, make.marks(1), casting.Form(idem="form"))


BEGUN = "Głosowanie się zaczęło: Wybierz projekty"
ENDING = "Głosowanie kończy się we wtorek 9 czerwca o 23:59"


def test_the_beginning_is_told_in_the_morning_and_the_end_on_the_day_before(
    app: Flask, world: SimpleNamespace
) -> None:
    work(app, OPENS, MORNING - timedelta(minutes=1))
    assert subjects(app) == []
    work(app, MORNING)
    assert subjects(app) == [BEGUN]
    work(app, DAY_BEFORE - timedelta(minutes=1))
    assert subjects(app) == [BEGUN]
    work(app, DAY_BEFORE, ENDS - timedelta(minutes=1), ENDS)
    assert subjects(app) == [BEGUN, ENDING]


def test_both_letters_leave_in_the_readers_language(
    app: Flask, world: SimpleNamespace, mailbox: Mailbox
) -> None:
    work(app, MORNING)
    first = {letter["To"]: letter for letter in send(app, mailbox, MORNING)}
    work(app, DAY_BEFORE)
    second = {letter["To"]: letter for letter in send(app, mailbox, DAY_BEFORE)}

    assert set(first) == set(second) == {"halina@poczta.example", "oksana@poczta.example"}
    polish = second["halina@poczta.example"]
    assert polish["Subject"] == ENDING
    assert "Jeśli masz to za sobą, dziękujemy. Jeśli nie – trzy minuty:" in text_of(polish)
    page = "http://localhost/g/lubowierz/konsultacje/rynek/glosowanie"
    assert page in text_of(polish).splitlines()
    assert "/rezygnacja" in text_of(polish)
    assert "Kończy się we wtorek" in text_of(first["halina@poczta.example"])
    ukrainian = second["oksana@poczta.example"]
    assert ukrainian["Content-Language"] == "uk"
    assert "у вівторок 9" in ukrainian["Subject"]
    assert "у вівторок 9" in text_of(first["oksana@poczta.example"])


def test_the_reminder_is_the_same_whether_a_vote_is_there_or_not(
    app: Flask, world: SimpleNamespace
) -> None:
    vote(app, world, world.halina, at=june(4))
    with counted(app) as statements:
        work(app, MORNING, DAY_BEFORE)

    assert subjects(app) == [BEGUN, ENDING]
    read = [each for each in statements if "participation" in each or "ballot" in each.casefold()]
    assert read == []


def test_who_does_not_live_here_is_not_told_to_vote(app: Flask, world: SimpleNamespace) -> None:
    work(app, MORNING, DAY_BEFORE)

    with app.app_context():
        told = set(db.session.scalars(select(Outbox.person_id).where(Outbox.kind == "voting")))
    assert told == {world.halina, world.oksana}


def test_switched_off_none_of_the_two_comes(app: Flask, world: SimpleNamespace) -> None:
    make.client(app, signed_in=world.halina).post("/konto/listy", data={"kinds": ["result"]})
    work(app, MORNING, DAY_BEFORE)

    assert subjects(app) == []
    assert len(subjects(app, "uk")) == 2


def test_one_click_in_the_first_letter_stops_the_second(app: Flask, world: SimpleNamespace) -> None:
    work(app, MORNING)
    with app.app_context():
        body = db.session.scalars(select(Outbox.body).where(Outbox.locale == "pl")).one()
    way_out = next(word for word in body.split() if word.endswith("/rezygnacja"))
    make.client(app).post(way_out.removeprefix("http://localhost/g/lubowierz"))
    work(app, DAY_BEFORE)

    assert subjects(app) == [BEGUN]
    with app.app_context():
        assert db.session.scalars(select(SwitchedOff.kind)).all() == ["voting"]


def test_a_later_end_moves_the_reminder(app: Flask, world: SimpleNamespace) -> None:
    extend(app, world, days=3, at=june(5))
    work(app, MORNING, DAY_BEFORE, june(11, 7, 59))
    assert subjects(app) == [BEGUN]
    work(app, june(11, 8), june(12, 12))

    assert subjects(app) == [BEGUN, "Głosowanie kończy się w piątek 12 czerwca o 23:59"]


def test_after_the_reminder_a_later_end_is_told_anew(app: Flask, world: SimpleNamespace) -> None:
    work(app, MORNING, DAY_BEFORE)
    extend(app, world, days=1, at=june(9, 15))
    work(app, june(9, 15))

    # The former reminder had not left yet: it would say what is no longer true.
    assert subjects(app) == [BEGUN, "Głosowanie kończy się w środę 10 czerwca o 23:59"]


def test_an_end_moved_in_the_night_is_told_in_the_morning(
    app: Flask, world: SimpleNamespace
) -> None:
    extend(app, world, days=1, at=june(9, 22))
    work(app, MORNING, june(9, 23))
    assert subjects(app) == [BEGUN]
    work(app, june(10, 8))

    assert subjects(app) == [BEGUN, "Głosowanie kończy się w środę 10 czerwca o 23:59"]


@pytest.mark.parametrize("state", [State.SUSPENDED, State.CANCELLED])
def test_of_a_stopped_vote_nothing_is_said(
    app: Flask, world: SimpleNamespace, state: State, mailbox: Mailbox
) -> None:
    work(app, MORNING)
    set_state(app, world, state, at=MORNING + timedelta(minutes=1))
    work(app, DAY_BEFORE)

    assert subjects(app) == []
    kept = [letter["Subject"] for letter in send(app, mailbox, DAY_BEFORE)]
    assert [subject for subject in kept if "łosowanie" in subject] == []


def test_resumed_everybody_is_told_once(
    app: Flask, world: SimpleNamespace, mailbox: Mailbox
) -> None:
    set_state(app, world, State.SUSPENDED, at=june(2))
    work(app, MORNING)
    assert subjects(app) == []
    set_state(app, world, State.PUBLISHED, at=june(4, 10))
    work(app, june(4, 10))
    assert subjects(app) == [BEGUN]

    send(app, mailbox, june(4, 10))
    set_state(app, world, State.SUSPENDED, at=june(5, 10))
    set_state(app, world, State.PUBLISHED, at=june(6, 10))
    work(app, june(6, 10), DAY_BEFORE, june(9, 12))
    assert subjects(app) == [BEGUN, ENDING]


def test_a_short_vote_has_one_letter(app: Flask) -> None:
    with clock.at(SEALED_AT):
        tenant = make.municipality(app)
        consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
        poll = make.poll(
            app,
            tenant,
            consultation,
            began=SEALED_AT - OPENS,
            left=june(4) - SEALED_AT,
            sealed=False,
            needs=Needs.CONFIRMED,
        )
        with app.app_context():
            text = queries.rules_text(db.session.get_one(Poll, poll))
        make.approval(app, tenant, "poll.seal", poll, canonical.digest(text))
        seal(app, SimpleNamespace(tenant=tenant, poll=poll))
    work(app, MORNING, june(3, 20))

    assert set(subjects(app)) == {BEGUN}
    with app.app_context():
        body = db.session.scalars(select(Outbox.body)).first()
        assert body is not None
        assert "konta z potwierdzonym zamieszkaniem" in body


def test_nothing_is_planned_for_a_sealing_that_was_rolled_back(
    app: Flask, world: SimpleNamespace
) -> None:
    with app.app_context(), clock.at(june(2)), pytest.raises(ZeroDivisionError), transaction():
        poll = db.session.get_one(Poll, world.poll)
        preparing.follow_phase(
            world.tenant,
            world.consultation,
            [(poll.opens_at, poll.ends_at + timedelta(days=2))],
            actor=SYSTEM,
        )
        _ = 1 / 0

    with app.app_context():
        planned = db.session.scalars(select(Task.kind).order_by(Task.kind)).all()
    assert planned == ["voting.begins", "voting.ends", "voting.head"]
