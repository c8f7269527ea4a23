"""Trials of the ballot box, each beside a control that must go wrong.

Threads meet at a barrier, each with its own connection to the database under test.
"""

import random
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from deliberate.accounts.models import Person
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries, rules
from deliberate.voting.actions import casting, counting
from deliberate.voting.models import Ballot, FinalBallot, Participation, Poll, PollResult
from tests import make

AT_ONCE = 6


class Votes:
    """What came of votes given at once."""

    def __init__(self) -> None:
        self.taken = 0
        self.refused: list[str] = []
        self.broken: list[BaseException] = []


def at_once(app: Flask, poll: int, voters: list[int], *, keys: list[str] | None = None) -> Votes:
    """Have all voters vote in the same moment; ``keys`` are those of their forms."""
    votes, barrier, lock = Votes(), threading.Barrier(len(voters)), threading.Lock()

    def vote(number: int, person: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                cast(app, poll, person, key=keys[number] if keys else f"form-{number}")
            except Refused as refused:
                with lock:
                    votes.refused.append(refused.refusal.code)
            except BaseException as error:  # noqa: BLE001 - told apart below
                with lock:
                    votes.broken.append(error)
            else:
                with lock:
                    votes.taken += 1

    threads = [
        threading.Thread(target=vote, args=(number, person)) for number, person in enumerate(voters)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return votes


def cast(app: Flask, poll_id: int, person_id: int, *, key: str) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        person = db.session.get_one(Person, person_id)
        casting.cast(poll.id, person, make.marks(1, 2), casting.Form(idem=key))


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def drop_keys(app: Flask) -> None:
    """Take from the tables the keys that say "once per person"."""
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
    with app.app_context(), writer().connect() as connection:
        if is_sqlite:
            # Not renamed: that looks at triggers of other tables, which name the one that is gone.
            for table in ("participation", "eligibility"):
                connection.exec_driver_sql(f"CREATE TABLE kept AS SELECT * FROM {table}")  # noqa: S608
                connection.exec_driver_sql(f"DROP TABLE {table}")
                connection.exec_driver_sql(f"CREATE TABLE {table} AS SELECT * FROM kept")  # noqa: S608
                connection.exec_driver_sql("DROP TABLE kept")
        else:
            found = connection.execute(
                text(
                    "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                    "WHERE conrelid::regclass::text IN ('participation', 'eligibility') "
                    "AND contype IN ('p', 'u', 'f') ORDER BY contype"
                )
            ).all()
            for table, name in found:
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        for index in ("ix_ballot_once_a_section", "ix_receipt_once"):
            connection.exec_driver_sql(f"DROP INDEX {index}")
        connection.commit()


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    return make.poll(app, tenant, make.consultation(app, tenant))


def test_one_person_in_many_tabs_has_one_vote(app: Flask, tenant: int, poll: int) -> None:
    person = make.person(app, resident_of=tenant)

    for _ in range(5):
        votes = at_once(app, poll, [person] * AT_ONCE)
        assert votes.broken == []

    assert rows(app, Participation) == rows(app, Ballot) == 1


def test_the_first_of_many_tabs_is_taken_and_the_others_learn_why(
    app: Flask, tenant: int, poll: int
) -> None:
    votes = at_once(app, poll, [make.person(app, resident_of=tenant)] * AT_ONCE)

    assert votes.broken == []
    assert votes.taken == 1
    assert votes.refused == [rules.ALREADY.code] * (AT_ONCE - 1)


def test_control_without_the_key_many_tabs_have_many_votes(
    app: Flask, tenant: int, poll: int
) -> None:
    person = make.person(app, resident_of=tenant)
    drop_keys(app)

    at_once(app, poll, [person] * AT_ONCE)

    assert rows(app, Ballot) > 1


def test_a_form_sent_many_times_at_once_is_one_vote_and_each_sending_succeeds(
    app: Flask, tenant: int, poll: int
) -> None:
    person = make.person(app, resident_of=tenant)

    votes = at_once(app, poll, [person] * AT_ONCE, keys=["the same form"] * AT_ONCE)

    assert (votes.taken, votes.refused, votes.broken) == (AT_ONCE, [], [])
    assert rows(app, Participation) == rows(app, Ballot) == 1


def race(app: Flask, tenant: int) -> tuple[int, int, int]:
    """Have people vote past the end, and the count begin as soon as it may.

    Returns how many votes were acknowledged, are kept, and were counted.
    """
    people = make.residents(app, tenant, 2_000)  # more than can vote before the end
    poll = make.poll(app, tenant, make.consultation(app, tenant), left=timedelta(seconds=1.5))
    approve_count(app, tenant, poll)
    taken: list[int] = []
    broken: list[BaseException] = []

    def vote(share: list[int]) -> None:
        for person in share:
            try:
                cast(app, poll, person, key=f"form of {person}")
            except Refused:
                return
            except BaseException as error:  # noqa: BLE001 - told apart below
                broken.append(error)
                return
            taken.append(person)

    def work() -> None:
        while not broken:
            try:
                count(app, poll)
            except Refused as refused:
                if refused.refusal.code != rules.COUNT_TOO_EARLY.code:
                    broken.append(refused)
            except BaseException as error:  # noqa: BLE001 - told apart below
                broken.append(error)
            else:
                return
            time.sleep(0.01)

    threads = [threading.Thread(target=vote, args=(people[start::4],)) for start in range(4)]
    threads.append(threading.Thread(target=work))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert 0 < len(taken) < len(people), "the vote ended while people were voting"
    with app.app_context():
        result = db.session.scalars(select(PollResult)).one()
    return len(taken), rows(app, FinalBallot) + rows(app, Ballot), result.participations


def approve_count(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash
    make.approval(app, tenant, "poll.count", poll, rules_hash or "")


def count(app: Flask, poll_id: int) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        tenant = db.session.get_one(Municipality, poll.tenant_id)
        counting.count(tenant, poll.id, actor=SYSTEM)


def test_what_is_acknowledged_is_kept_and_counted(app: Flask, tenant: int) -> None:
    acknowledged, kept, counted = race(app, tenant)

    assert acknowledged == kept == counted


def forget_the_lock(app: Flask, monkeypatch: pytest.MonkeyPatch, *, slow: float) -> None:
    """Cast without holding the poll, and so slowly: around this many seconds a vote.

    SQLite has no such control: there whoever writes holds the whole database.
    """

    def read_without_lock(poll_id: int, *, shared: bool = False) -> Poll:
        return db.session.get_one(Poll, poll_id, populate_existing=True)

    fill = casting._fill_ballots

    def slowly(*args: Any, **kwargs: Any) -> None:
        # Longer than a count takes to begin on a busy machine, and not in step: whoever votes in
        # step may end just before the vote does.
        time.sleep(random.uniform(0.6, 1.4) * slow)  # noqa: S311 - no secret
        fill(*args, **kwargs)

    monkeypatch.setattr(queries, "hold", read_without_lock)
    monkeypatch.setattr(casting, "_fill_ballots", slowly)
    with app.app_context(), writer().connect() as connection:
        # A second defence, against a forgotten lock.
        for table in ("participation", "ballot", "receipt"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_comes_while_open ON {table}")
        connection.commit()


@pytest.mark.postgres
def test_control_without_the_lock_acknowledged_votes_are_not_counted(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_the_lock(app, monkeypatch, slow=1)

    acknowledged, _, counted = race(app, tenant)

    assert acknowledged > counted
