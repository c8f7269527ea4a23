"""A new consultation is told to those who live here, its changes to those who take part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.approvals.models import Approval
from deliberate.authorship.models import Coauthor, Translation
from deliberate.consultations.actions import publication
from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.actions.steps import step
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State
from deliberate.kernel import clock, jobs, mail
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.notifications import letterhead
from deliberate.notifications.models import OneLetter
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from tests import make
from tests.mailbox import Mailbox, text_of

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
SLIPS = timedelta(hours=2)
REASON = "Sala na spotkanie była zajęta, przenosimy je."
TITLE = "Rynek: jak ma wyglądać po przebudowie?"


@pytest.fixture
def tenant(app: Flask) -> int:
    with clock.at(NOON):
        return make.municipality(app)


def publish(app: Flask, tenant: int, *, began: float = -0.5) -> int:
    """Have a draft, whose phase lasts from 2 to 20 June, published at noon by a second person."""
    with clock.at(NOON):
        consultation = make.consultation(
            app, tenant, state=State.AWAITING_APPROVAL, began=began, days_left=19.5
        )
        reviewer = make.staff(app, tenant, Role.REVIEWER)
        approval = make.approval(
            app, tenant, publication.PUBLISH, consultation, "0" * 64, kind="consultation"
        )
        with app.app_context(), transaction():
            row = db.session.get_one(Consultation, consultation)
            row.contact, row.answer_due = "Biuro Partycypacji", date(2026, 9, 1)
            row.appeal_person_id = reviewer
            publication.publish(
                db.session.get_one(Municipality, tenant),
                db.session.get_one(Approval, approval),
                SYSTEM,
                NOON,
            )
    return consultation


def work(app: Flask, *moments: datetime) -> None:
    for moment in moments:
        with app.app_context(), clock.at(moment):
            while jobs.run_due():
                pass


def told(app: Flask, subject: str = "") -> list[int | None]:
    """Return who gets letters of this kind whose subject begins so."""
    with app.app_context():
        rows = select(Outbox.person_id).where(
            Outbox.kind == "published",
            Outbox.subject.startswith(subject),
            Outbox.cancelled_at.is_(None),
        )
        return sorted(db.session.scalars(rows), key=str)


def body(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc())).first() or ""


def change(
    app: Flask, consultation: int, *, days: int, at: datetime, due: date | None = None
) -> None:
    with app.app_context(), clock.at(at), transaction():
        row = db.session.get_one(Consultation, consultation)
        (phase,) = row.phases
        first, last = clock.local(phase.starts_at).date(), clock.last_day(phase.ends_at)
        change_dates(
            row,
            [(first, last + timedelta(days=days))],
            due,
            reason=REASON,
            stamp=row.revision,
            actor=Actor(tenant_id=row.tenant_id),
            now=at,
        )


def set_state(app: Flask, consultation: int, state: State, *, at: datetime) -> None:
    with app.app_context(), clock.at(at), transaction():
        row = db.session.get_one(Consultation, consultation)
        step(row, state, reason=REASON, actor=Actor(tenant_id=row.tenant_id), now=at)


# A new one.


def test_those_who_live_here_are_told_of_a_new_consultation(
    app: Flask, tenant: int, mailbox: Mailbox
) -> None:
    halina = make.person(app, email="halina@poczta.example", resident_of=tenant)
    make.person(app, email="gosc@poczta.example")
    publish(app, tenant)
    work(app, NOON, NOON + SLIPS)

    assert told(app) == [halina]
    with app.app_context(), clock.at(NOON + SLIPS):
        mail.send_due(mailbox.url, "Rozmowa <rozmowa@lubowierz.example>", html=letterhead.html)
    (letter,) = mailbox.letters
    assert letter["To"] == "halina@poczta.example"
    assert letter["Subject"] == f"Nowe konsultacje: {TITLE}"
    words = text_of(letter)
    assert "W przyszłym roku wymieniamy pod rynkiem kanalizację." in words
    assert "od 2\N{NO-BREAK SPACE}czerwca do 20\N{NO-BREAK SPACE}czerwca" in words
    assert "http://localhost/g/lubowierz/konsultacje/rynek" in words.splitlines()
    assert "/rezygnacja" in words


@pytest.mark.parametrize(
    ("began", "said"),
    [
        (-0.5, "Ogłoszono konsultacje: „%s”. Zaczną się 2\N{NO-BREAK SPACE}czerwca."),
        (0.5, "Zaczęły się konsultacje: „%s”."),
    ],
)
def test_who_left_an_address_is_told_whether_it_has_begun(
    app: Flask, tenant: int, began: float, said: str
) -> None:
    waits = OneLetter(
        tenant_id=tenant,
        email="kto@poczta.example",
        about="next_consultation",
        locale="pl",
        asked_at=NOON,
    )
    make.add(app, waits)
    publish(app, tenant, began=began)
    work(app, NOON)

    assert body(app).startswith(said % TITLE + "\n\n")


def test_it_is_told_once_dates_cannot_slip_any_more(app: Flask, tenant: int) -> None:
    make.person(app, resident_of=tenant)
    consultation = publish(app, tenant)
    work(app, NOON + SLIPS - timedelta(seconds=1))
    assert told(app) == []
    change(app, consultation, days=-1, at=NOON + timedelta(hours=1))
    work(app, NOON + SLIPS)

    assert len(told(app)) == 1
    assert "czerwca do 19" in body(app)


def test_it_is_told_in_the_readers_language_with_the_translated_title(
    app: Flask, tenant: int
) -> None:
    make.person(app, resident_of=tenant, locale="en")
    consultation = publish(app, tenant)
    make_translation(app, tenant, consultation, "en", "The square: how should it look?")
    work(app, NOON + SLIPS)

    with app.app_context():
        letter = db.session.scalars(select(Outbox).where(Outbox.kind == "published")).one()
    assert letter.locale == "en"
    assert "The square: how should it look?" in letter.subject
    assert "2\N{NO-BREAK SPACE}June" in letter.body


def make_translation(app: Flask, tenant: int, consultation: int, lang: str, title: str) -> None:
    with app.app_context(), transaction():
        db.session.add(
            Translation(
                tenant_id=tenant,
                kind="consultation",
                subject_id=consultation,
                field="title",
                lang=lang,
                text=title,
                at=NOON,
            )
        )


@pytest.mark.parametrize("state", [State.SUSPENDED, State.CANCELLED])
def test_what_is_stopped_at_once_is_told_to_nobody(app: Flask, tenant: int, state: State) -> None:
    make.person(app, resident_of=tenant)
    consultation = publish(app, tenant)
    set_state(app, consultation, state, at=NOON + timedelta(hours=1))
    work(app, NOON + SLIPS)

    assert told(app) == []


def test_resumed_it_is_told_to_each_once(app: Flask, tenant: int) -> None:
    people = [make.person(app, resident_of=tenant) for _ in range(2)]
    consultation = publish(app, tenant)
    set_state(app, consultation, State.SUSPENDED, at=NOON + timedelta(hours=1))
    work(app, NOON + SLIPS)
    for day in (1, 2):
        if day == 2:
            set_state(app, consultation, State.SUSPENDED, at=NOON + timedelta(days=day, hours=-1))
        set_state(app, consultation, State.PUBLISHED, at=NOON + timedelta(days=day))
        work(app, NOON + timedelta(days=day))

    assert told(app, "Nowe konsultacje") == people


def test_switched_off_no_news_comes(app: Flask, tenant: int) -> None:
    halina = make.person(app, resident_of=tenant)
    make.client(app, signed_in=halina).post("/konto/listy", data={"kinds": ["result"]})
    publish(app, tenant)
    work(app, NOON + SLIPS)

    assert told(app) == []


def test_another_municipality_hears_nothing(app: Flask, tenant: int) -> None:
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    make.person(app, resident_of=elsewhere)
    publish(app, tenant)
    work(app, NOON + SLIPS)

    assert told(app) == []


# Changes.


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    with clock.at(NOON - timedelta(days=5)):
        return make.consultation(
            app, tenant, opens=[Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS]
        )


def author(app: Flask, tenant: int, consultation: int) -> int:
    person = make.person(app)
    make.proposal(app, tenant, consultation, author=person)
    return person


def coauthor(app: Flask, tenant: int, consultation: int) -> int:
    proposal = make.proposal(app, tenant, consultation, author=author(app, tenant, consultation))
    person = make.person(app)
    row = Coauthor(
        tenant_id=tenant,
        kind="proposal",
        subject_id=proposal,
        token_hash="x",
        person_id=person,
        invited_at=NOON,
        accepted_at=NOON,
    )
    make.add(app, row)
    return person


def supporter(app: Flask, tenant: int, consultation: int) -> int:
    person = make.person(app)
    proposal = make.proposal(app, tenant, consultation)
    make.support(app, tenant, proposal, person)
    return person


def speaker(app: Flask, tenant: int, consultation: int) -> int:
    person = make.person(app)
    thread = make.thread_of(app, tenant, "consultation", consultation)
    make.contribution(app, tenant, thread, author=person)
    return person


@pytest.mark.parametrize("take_part", [author, coauthor, supporter, speaker])
def test_a_longer_phase_is_told_to_those_who_take_part(
    app: Flask, tenant: int, consultation: int, take_part: Callable[[Flask, int, int], int]
) -> None:
    person = take_part(app, tenant, consultation)
    resident = make.person(app, resident_of=tenant)
    change(app, consultation, days=3, at=NOON)
    work(app, NOON)

    assert person in told(app, f"Nowe terminy: {TITLE}")
    assert resident not in told(app)
    words = body(app)
    assert "Było: 18.05.2026 – 15.06.2026" in words
    assert "Jest: 18.05.2026 – 18.06.2026" in words
    assert f"Dlaczego: {REASON}" in words
    assert "/konsultacje/rynek/zmiany" in words


def test_who_has_taken_their_words_back_is_not_told(
    app: Flask, tenant: int, consultation: int
) -> None:
    person = make.person(app)
    thread = make.thread_of(app, tenant, "consultation", consultation)
    make.withdrawn(app, make.contribution(app, tenant, thread, author=person))
    change(app, consultation, days=3, at=NOON)
    work(app, NOON)

    assert told(app) == []


def test_who_takes_part_in_several_ways_gets_one_letter(
    app: Flask, tenant: int, consultation: int
) -> None:
    person = author(app, tenant, consultation)
    make.support(app, tenant, make.proposal(app, tenant, consultation, author=person), person)
    change(app, consultation, days=3, at=NOON, due=date(2026, 12, 1))
    work(app, NOON)

    assert told(app) == [person]
    assert body(app).count("Dlaczego:") == 1
    assert "Dzień odpowiedzi urzędu" in body(app)
    assert "Jest: 01.12.2026" in body(app)


def test_while_a_vote_runs_all_who_may_vote_take_part(app: Flask, tenant: int) -> None:
    with clock.at(NOON):
        voting = make.consultation(app, tenant, opens=[Activity.VOTE], began=1, days_left=9)
        make.poll(app, tenant, voting)
        halina = make.person(app, resident_of=tenant)
    set_state(app, voting, State.SUSPENDED, at=NOON)
    work(app, NOON)

    assert halina in told(app, "Konsultacje wstrzymane")


@pytest.mark.parametrize(
    ("state", "subject"),
    [
        (State.SUSPENDED, "Konsultacje wstrzymane: "),
        (State.CANCELLED, "Konsultacje odwołane: "),
    ],
)
def test_a_stop_is_told_with_its_reason(
    app: Flask, tenant: int, consultation: int, state: State, subject: str
) -> None:
    person = author(app, tenant, consultation)
    set_state(app, consultation, state, at=NOON)
    work(app, NOON)

    assert told(app, subject) == [person]
    assert REASON in body(app)


def test_going_on_is_told_and_the_archive_is_not(
    app: Flask, tenant: int, consultation: int
) -> None:
    person = author(app, tenant, consultation)
    for hour, state in enumerate((State.SUSPENDED, State.PUBLISHED, State.CANCELLED)):
        set_state(app, consultation, state, at=NOON + timedelta(hours=hour))
        work(app, NOON + timedelta(hours=hour))
    set_state(app, consultation, State.ARCHIVED, at=NOON + timedelta(days=1))
    work(app, NOON + timedelta(days=1))

    assert told(app, "Konsultacje wznowione: ") == [person]
    assert told(app) == [person] * 3


def test_a_stop_taken_back_before_anyone_heard_of_it_is_not_told(
    app: Flask, tenant: int, consultation: int
) -> None:
    person = author(app, tenant, consultation)
    set_state(app, consultation, State.SUSPENDED, at=NOON)
    set_state(app, consultation, State.PUBLISHED, at=NOON + timedelta(seconds=1))
    work(app, NOON + timedelta(seconds=2))

    assert told(app, "Konsultacje wznowione: ") == [person]
    assert told(app, "Konsultacje wstrzymane: ") == []


def test_a_correction_of_typing_is_told_to_nobody_and_nothing_rolled_back_is(
    app: Flask, tenant: int, consultation: int
) -> None:
    author(app, tenant, consultation)
    with pytest.raises(ZeroDivisionError), app.app_context(), clock.at(NOON), transaction():
        row = db.session.get_one(Consultation, consultation)
        step(row, State.CANCELLED, reason=REASON, actor=Actor(tenant_id=tenant), now=NOON)
        _ = 1 / 0
    work(app, NOON)

    assert told(app) == []
