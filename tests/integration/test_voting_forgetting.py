"""What is left of a vote's persons sixty days after its result: numbers, and what was published."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes, retention, wholeness
from deliberate.voting.actions import casting, coding, counting, publishing
from deliberate.voting.models import (
    CodeBatch,
    CodeHolder,
    Eligibility,
    FinalBallot,
    FinalParticipation,
    FinalReceipt,
    LogHead,
    Poll,
    PollResult,
    PollTotals,
    VotingCode,
)
from deliberate.voting.states import Electorate
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
MADE = ["7KQ4M2XD9TRA", "0123456789AB", "ZZZZYYYYXXXX"]
PERSONS = (Eligibility, FinalParticipation, VotingCode, CodeHolder)
PUBLISHED = (FinalBallot, FinalReceipt, LogHead, PollResult, CodeBatch)
RULE = next(each for each in retention.RULES if each.key == "voting.persons")


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    """Make a vote of two with codes, whose result is 61 days old."""
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    made = make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.CODES,
        began=timedelta(days=80),
        left=-timedelta(days=70),
    )
    vote(app, tenant, made)
    publish(app, tenant, made, ago=61)
    return made


def vote(app: Flask, tenant: int, poll_id: int) -> None:
    person = make.person(app)
    actor = Actor(person_id=person, tenant_id=tenant, is_fresh=True, has_second_factor=True)
    batch = make.add(
        app,
        CodeBatch(
            tenant_id=tenant,
            poll_id=poll_id,
            no=1,
            codes=3,
            ordered_by=person,
            ordered_at=clock.now() - timedelta(days=75),
        ),
    )
    with app.app_context():
        here = db.session.get_one(Poll, poll_id)
        payload = codes.payload(here, db.session.get_one(CodeBatch, batch))
    make.approval(app, tenant, "poll.codes", batch, payload, kind="code_batch")
    with clock.at(clock.now() - timedelta(days=75)), app.app_context():
        with transaction():
            coding.issue(db.session.get_one(Poll, poll_id), 1, MADE, actor=actor)
            holder = CodeHolder(tenant_id=tenant, poll_id=poll_id, hash="skrót", kind="counter")
            db.session.add(holder)
        for code in MADE[:2]:
            with transaction():
                coding.cast(
                    db.session.get_one(Poll, poll_id),
                    code,
                    make.marks(1),
                    form=casting.Form(idem=code),
                    network="192.0.2.1",
                    area_id=None,
                )


def publish(app: Flask, tenant: int, poll_id: int, *, ago: int) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash or ""
    for act in ("poll.count", "poll.publish"):
        make.approval(app, tenant, act, poll_id, rules_hash)
    with clock.at(clock.now() - timedelta(days=ago)), app.app_context():
        with transaction():
            counting.count(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)
        with transaction():
            publishing.publish(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)


def forget(app: Flask) -> int:
    with app.app_context(), transaction():
        counted = RULE.count(clock.now())
        assert RULE.remove(clock.now()) == counted
    return counted


def rows(app: Flask, *models: type) -> list[int]:
    with app.app_context():
        return [db.session.scalars(select(func.count()).select_from(m)).one() for m in models]


def test_persons_go_and_what_was_published_stays(app: Flask, tenant: int, poll: int) -> None:
    published = rows(app, *PUBLISHED)

    assert forget(app) == 2 + 2 + 3 + 1
    assert rows(app, *PERSONS) == [0, 0, 0, 0]
    assert rows(app, *PUBLISHED) == published
    assert forget(app) == 0


def test_the_protocol_and_the_files_say_the_same_afterwards(
    app: Flask, tenant: int, poll: int
) -> None:
    visitor = make.client(app)
    pages = [f"{PAGE}/protokol", f"{PAGE}/wynik", f"{PAGE}/lista-kontrolna", f"{PAGE}/pliki.zip"]
    before = [without_nonces(visitor.get(page)) for page in pages]
    forget(app)
    after = [without_nonces(visitor.get(page)) for page in pages]

    assert "Kody według partii" in before[0]
    assert before == after


def without_nonces(answer: object) -> str:
    assert answer.status_code == 200
    if answer.mimetype == "application/zip":
        return str(len(answer.data))
    return re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", answer.text)


def test_a_copy_made_afterwards_is_whole(app: Flask, tenant: int, poll: int) -> None:
    forget(app)

    with app.app_context():
        assert list(wholeness.list_faults(db.session.get_one(Poll, poll))) == []


def test_nobody_is_told_that_they_did_not_vote(app: Flask, tenant: int, poll: int) -> None:
    resident = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    before = resident.get(f"{PAGE}/kod").text
    forget(app)
    after = resident.get(f"{PAGE}/kod").text

    assert "z tego konta nie ma głosu" in before
    assert "z tego konta nie ma głosu" not in after
    assert "nie przechowujemy już, kto wziął udział" in after


def test_nothing_goes_before_its_time(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.CODES,
        began=timedelta(days=80),
        left=-timedelta(days=70),
    )
    vote(app, tenant, poll)
    publish(app, tenant, poll, ago=58)

    assert forget(app) == 0
    assert rows(app, *PERSONS) == [2, 2, 3, 1]
    with pytest.raises(IntegrityError), app.app_context(), transaction():
        db.session.add(
            PollTotals(
                tenant_id=tenant,
                poll_id=poll,
                persons=0,
                codes="{}",
                handed=0,
                cases="{}",
                forgotten_at=clock.now(),
            )
        )


@pytest.mark.parametrize(
    "table", ["eligibility", "participation_final", "voting_code", "code_holder"]
)
def test_the_database_lets_no_person_go_without_the_numbers(
    app: Flask, poll: int, table: str
) -> None:
    with pytest.raises(IntegrityError), app.app_context(), transaction():
        db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words


@pytest.mark.parametrize(
    "change", ["UPDATE poll_totals SET persons = 7", "DELETE FROM poll_totals"]
)
def test_the_numbers_stay_as_they_were(app: Flask, poll: int, change: str) -> None:
    forget(app)

    with pytest.raises(IntegrityError), app.app_context(), transaction():
        db.session.execute(text(change))
