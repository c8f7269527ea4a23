"""The count: many at once are one, killed anywhere it goes on, and it tells on nobody."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text

from deliberate.accounts.models import Person
from deliberate.approvals.models import Approval
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import count_job, jobs, queries, rules
from deliberate.voting.actions import casting, counting
from deliberate.voting.models import Ballot, FinalBallot, Poll, PollResult, PollStep
from tests import make
from tests.trials.box import Box
from tests.trials.figures import Note

AFTER_THE_END = datetime.now(UTC) + timedelta(days=30)
VOTERS = 40
OPTIONS = 10


@pytest.fixture
def ended(box: Box) -> Box:
    """Give a poll in which everybody chose something else."""
    return filled(box, VOTERS)


def filled(box: Box, number: int) -> Box:
    app, tenant = box.app, box.tenant
    consultation = make.consultation(app, tenant, slug="ended", opens=[Activity.VOTE])
    box.poll = make.poll(app, tenant, consultation, options=OPTIONS, least=0, most=OPTIONS)
    for order, person in enumerate(make.residents(app, tenant, number)):
        with app.app_context(), transaction():
            db.session.get_one(Municipality, tenant)
            poll = db.session.get_one(Poll, box.poll)
            chosen = [no for no in range(1, OPTIONS + 1) if order >> (no - 1) & 1]
            form = casting.Form(idem=f"form of {person}")
            casting.cast(poll.id, db.session.get_one(Person, person), make.marks(*chosen), form)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, box.poll).rules_hash
    make.approval(app, tenant, "poll.count", box.poll, rules_hash or "")
    return box


def count(box: Box) -> None:
    """Count as if the end had come: what takes the time from the database takes it from here."""
    with box.app.app_context(), clock.at(AFTER_THE_END), transaction():
        town = db.session.get_one(Municipality, box.tenant)
        counting.count(town, box.poll, actor=SYSTEM)


def count_by_task(box: Box) -> None:
    """Count as the worker does: read and work out first, then lock."""
    with box.app.app_context(), clock.at(AFTER_THE_END):
        approval = db.session.scalars(
            select(Approval.id).where(Approval.act == "poll.count", Approval.approved)
        ).one()
        payload = {"tenant_id": box.tenant, "poll_id": box.poll, "approval_id": approval}
        count_job.count({**payload, "person_id": None})


@pytest.mark.parametrize("clerks", [2, 20])
def test_counts_at_once_are_one_count(ended: Box, clerks: int) -> None:
    refused, broken = at_once(ended, clerks)

    assert broken == []
    assert refused == [rules.COUNTED.code] * (clerks - 1)
    with ended.app.app_context():
        assert db.session.scalars(select(PollResult.participations)).all() == [VOTERS]
        entries = select(func.count()).where(AuditEntry.action == "poll.counted")
        assert db.session.scalars(entries).one() == 1


@pytest.mark.postgres
def test_control_without_the_lock_counts_get_into_each_others_way(
    ended: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_without_lock(poll_id: int, *, shared: bool = False) -> Poll:
        return db.session.get_one(Poll, poll_id, populate_existing=True)

    monkeypatch.setattr(queries, "hold", read_without_lock)
    refused, broken = at_once(ended, 8)

    assert broken or len(refused) < 7


def at_once(box: Box, clerks: int) -> tuple[list[str], list[BaseException]]:
    barrier, lock = threading.Barrier(clerks), threading.Lock()
    refused: list[str] = []
    broken: list[BaseException] = []

    def work() -> None:
        barrier.wait()
        try:
            count(box)
        except Refused as reason:
            with lock:
                refused.append(reason.refusal.code)
        except BaseException as error:  # noqa: BLE001 - told apart by the caller
            with lock:
                broken.append(error)

    threads = [threading.Thread(target=work) for _ in range(clerks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused, broken


# Killed at every statement.


def die_at(box: Box, statement: int, work: Callable[[], None]) -> bool:
    """Do the work in a process that is killed before its n-th statement; tell whether it was."""
    with box.app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    child = os.fork()
    if child == 0:
        seen = 0

        def die(*_args: object) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        with box.app.app_context():
            for engine in db.engines.values():
                event.listen(engine, "before_cursor_execute", die)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("way", [count, count_by_task], ids=["at once", "by the task"])
def test_a_count_killed_anywhere_is_whole_or_has_not_begun(
    ended: Box, way: Callable[[Box], None], note: Note
) -> None:
    statement, states = 1, set()
    while die_at(ended, statement, lambda: way(ended)):
        with ended.app.app_context():
            poll = db.session.get_one(Poll, ended.poll)
            states.add(poll.state)
            came = db.session.scalars(select(func.count()).select_from(Ballot)).one()
            counted = db.session.scalars(select(func.count()).select_from(FinalBallot)).one()
            results = db.session.scalars(select(func.count()).select_from(PollResult)).one()
        assert (came, counted, results) == (VOTERS, 0, 0)
        statement += 1

    note(kills=statement - 1)
    assert statement > 10
    assert states == {"sealed"}
    with ended.app.app_context():
        assert db.session.get_one(Poll, ended.poll).state == "counted"
        assert db.session.scalars(select(PollResult.participations)).one() == VOTERS


def test_steps_after_the_count_killed_anywhere_go_on(ended: Box, note: Note) -> None:
    count(ended)
    payload = {"tenant_id": ended.tenant, "poll_id": ended.poll}

    def finish() -> None:
        with ended.app.app_context():
            jobs.finish(payload)

    statement = 1
    while die_at(ended, statement, finish):
        statement += 1
        assert statement < 100

    note(kills=statement - 1)
    with ended.app.app_context():
        done = set(db.session.scalars(select(PollStep.step)))
    assert done == set(jobs.STEPS)
    folder = ended.settings.folder / "keys"
    # The key of copies goes later, with the days it locks (retention).
    assert [path.name for path in folder.glob(f"poll-{ended.poll}-*.key")] == [
        f"poll-{ended.poll}-backup.key"
    ]


# Who voted how.


def orders(box: Box, table: str) -> list[list[str]]:
    """Return choices in each order that somebody with the whole database can read them in."""
    with box.app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        columns = ["id"] if is_sqlite else ["id", "ctid", "xmin::text::bigint"]
        if table == "seen":
            columns = ["rowid"]
        return [
            list(db.session.scalars(text(f"SELECT choices FROM {table} ORDER BY {column}")))  # noqa: S608
            for column in columns
        ]


def links(found: list[str]) -> int:
    """Return how many ballots an attacker who knows the order of voters would put right."""
    expected = [
        "[" + ",".join(str(no) for no in range(1, OPTIONS + 1) if order >> (no - 1) & 1) + "]"
        for order in range(len(found))
    ]
    return sum(mine == theirs for mine, theirs in zip(found, expected, strict=True))


LINKED_VOTERS, BY_CHANCE = 150, 6  # one is expected, whatever the number of voters


def test_after_the_count_no_order_leads_from_voters_to_ballots(box: Box, note: Note) -> None:
    filled(box, LINKED_VOTERS)
    count(box)
    with box.app.app_context():
        jobs.finish({"tenant_id": box.tenant, "poll_id": box.poll})

    most = max(links(found) for found in orders(box, "ballot_final"))
    note(ballots=LINKED_VOTERS, put_right=most)
    assert most <= BY_CHANCE


def test_control_without_the_rewrite_an_order_leads_there(box: Box) -> None:
    """PostgreSQL keeps the order of arrival while votes come in; a plain table of SQLite would."""
    with box.app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
    if is_sqlite:  # ours has no row numbers (WITHOUT ROWID), so one that has them is planted
        plant_row_numbers(box)
    filled(box, LINKED_VOTERS)

    found = orders(box, "seen" if is_sqlite else "ballot")
    assert max(links(each) for each in found) == LINKED_VOTERS


def plant_row_numbers(box: Box) -> None:
    with box.app.app_context(), writer().connect() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (choices TEXT)")
        connection.exec_driver_sql(
            "CREATE TRIGGER planted AFTER INSERT ON ballot "
            "BEGIN INSERT INTO seen VALUES (NEW.choices); END"
        )
        connection.commit()
