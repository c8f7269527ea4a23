"""What is kept for how long: the page that previews and the job that removes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.accounts.models import EmailToken, Residence, SignInSession
from deliberate.audit.models import AuditDetail, AuditEntry
from deliberate.kernel import clock, jobs, retention
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Attempt, Outbox, Task
from deliberate.kernel.retention import RetentionRule
from tests import make
from tests.sql import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/urzad/przechowywanie"


def fill(app: Flask, tenant: int) -> None:
    """Leave of each kind one row that has had its time and one that has an hour left."""
    now = clock.now()
    person = make.person(app, resident_of=tenant)
    other = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        for name, early in (("old", HOUR), ("new", -HOUR)):
            db.session.add_all(
                [
                    EmailToken(
                        id=name,
                        code_hash="",
                        purpose="sign_in",
                        email="a@poczta.example",
                        created_at=now - DAY,
                        expires_at=now - DAY - early,
                    ),
                    SignInSession(
                        token_hash=name,
                        person_id=person,
                        tenant_id=tenant,
                        created_at=now - 60 * DAY,
                        expires_at=now + DAY,
                        fresh_until=now - 59 * DAY,
                        ended_at=now - 30 * DAY - early,
                    ),
                    letter("account.code", created_at=now - DAY - early),
                    letter("moderated", created_at=now, sent_at=now - 30 * DAY - early),
                    Attempt(bucket=name, key_hash="x", window_start=now - DAY - early, n=1),
                    Task(kind="x", payload="{}", run_at=now, finished_at=now - 30 * DAY - early),
                ]
            )
        for person_id, early in ((person, HOUR), (other, -HOUR)):
            residence = db.session.scalars(
                select(Residence).where(Residence.person_id == person_id)
            ).one()
            residence.letter_name, residence.letter_address = "Halina Kowal", "Rzeczna 4"
            residence.letter_asked_at = now - 40 * DAY
            residence.letter_sent_at = now - 30 * DAY - early
            residence.letter_code_hash = "x"


def letter(kind: str, **moments: object) -> Outbox:
    return Outbox(
        kind=kind,
        address="a@poczta.example",
        subject="x",
        body="x",
        locale="pl",
        not_before=clock.now(),
        **moments,
    )


def run_daily(app: Flask) -> None:
    with app.app_context():
        jobs.enqueue_daily(clock.now())
        jobs.run_due(100)


def due(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {row.rule.key: row.count for row in retention.preview(clock.now())}


ONE_EACH = {
    "accounts.codes": 1,
    "accounts.code_letters": 1,
    "accounts.sessions": 1,
    "accounts.letter_addresses": 1,
    "kernel.letters": 1,
    "kernel.attempts": 1,
    "kernel.tasks": 1,
}


def test_the_job_removes_what_the_preview_counts_and_no_more(app: Flask, tenant: int) -> None:
    fill(app, tenant)
    before = due(app)
    run_daily(app)
    after = due(app)

    assert {key: before[key] for key in ONE_EACH} == ONE_EACH
    assert set(after.values()) == {0}
    with app.app_context():
        assert db.session.scalars(select(EmailToken.id)).all() == ["new"]
        assert db.session.scalars(select(SignInSession.token_hash)).all() == ["new"]
        assert db.session.scalars(select(Attempt.bucket)).all() == ["new"]
        assert db.session.scalar(select(func.count()).select_from(Outbox)) == 2
        names = db.session.scalars(select(Residence.letter_name).order_by(Residence.id)).all()
        assert names == [None, "Halina Kowal"]


def test_an_address_that_was_never_printed_goes_after_ninety_days(app: Flask, tenant: int) -> None:
    for days in (89, 91):
        person = make.person(app, resident_of=tenant)
        with app.app_context(), transaction():
            row = db.session.scalars(select(Residence).where(Residence.person_id == person)).one()
            row.letter_name = row.letter_address = "x"
            row.letter_asked_at = clock.now() - timedelta(days=days)

    assert due(app)["accounts.letter_addresses"] == 1
    run_daily(app)
    with app.app_context():
        kept = db.session.scalars(select(Residence.letter_name).order_by(Residence.id)).all()
        assert kept == ["x", None]


def test_each_removal_is_written_down_as_a_number(app: Flask, tenant: int) -> None:
    fill(app, tenant)
    run_daily(app)

    with app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        assert {entry.action for entry in entries} == {"retention.removed"}
        assert {entry.chain for entry in entries} == {"installation"}
        assert len(entries) == len(ONE_EACH)
        assert set(db.session.scalars(select(AuditDetail.body))) == {'{"count":1}'}


def test_a_day_without_anything_to_remove_leaves_no_entry(app: Flask, tenant: int) -> None:
    run_daily(app)

    with app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []


def test_the_page_shows_every_rule_and_its_number(app: Flask, tenant: int) -> None:
    fill(app, tenant)
    browser = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))
    with counted(app) as statements:
        page = browser.get(PAGE)

    with app.app_context():
        rules = retention.list_rules()
    assert len(statements) <= 5 + len(rules)  # who and where, then one count a rule
    assert "dzień po wygaśnięciu" in page.text
    assert page.text.count('data-l="Do usunięcia teraz">1<') == len(ONE_EACH)


def test_the_page_is_for_administrators(app: Flask, tenant: int) -> None:
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))

    assert make.client(app).get(PAGE).status_code == 401
    assert officer.get(PAGE).status_code == 403


def test_two_rules_of_one_name_are_a_mistake(app: Flask) -> None:
    with app.app_context():
        rule: RetentionRule = retention.list_rules()[0]
    with pytest.raises(ValueError, match=rule.key):
        retention.register(app, rule)
