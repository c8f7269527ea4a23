"""Clocks that are wrong, and the night with an hour twice: the database's clock decides alone.

On PostgreSQL the database has a clock of its own. On SQLite it is the machine's, read by the
database and not by Python; what Python's clock shows is set off here, the machine's never.
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, text

from deliberate.accounts.models import Person
from deliberate.kernel import clock, jobs
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Task
from deliberate.subjects.activities import Activity
from deliberate.voting import keys
from deliberate.voting.actions import casting, heading
from deliberate.voting.models import LogHead, Participation, Poll
from tests import make
from tests.trials.box import SLUG, Box, Voter, get, post, voters
from tests.trials.figures import Note
from tests.trials.serving import DATABASE_CLOCK, OWN_CLOCK

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Try:
    """One person's way through the pages, seen from outside."""

    voter: Voter
    off: timedelta  # the clock of the server they came to
    began: datetime
    ended: datetime
    is_taken: bool


def try_to_vote(box: Box, voter: Voter, slug: str, off: timedelta) -> Try:
    """Go from the ballot through the review to the vote, as far as the pages let one."""
    began = datetime.now(UTC)
    is_taken = _go(box, voter, f"/g/{SLUG}/konsultacje/{slug}/glosowanie")
    return Try(voter=voter, off=off, began=began, ended=datetime.now(UTC), is_taken=is_taken)


def _go(box: Box, voter: Voter, address: str) -> bool:
    _, page = get(box, voter, address)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    if token is None or f'action="{address}/sprawdzenie"' not in page:
        return False
    fields = [("csrf_token", token.group(1)), ("wybor-1", "1")]
    status, page = post(box, voter, f"{address}/sprawdzenie", fields)
    key = re.search(r'name="klucz"[^>]*value="([^"]+)"', page)
    if status != 200 or key is None:
        return False
    status, _ = post(box, voter, f"{address}/glos", [*fields, ("klucz", key.group(1))])
    assert status in {303, 409}, status
    return status == 303


def took_part(box: Box, poll: int, voter: Voter) -> date | None:
    """Return the day of somebody's participation, as the box has it."""
    with box.app.app_context():
        key = keys.person_key(box.tenant, poll, voter.person)
        return db.session.scalar(
            select(Participation.day).where(
                Participation.poll_id == poll, Participation.person_key == key
            )
        )


# Two servers, two hours apart, one database.

VOTERS = 24  # at each server
OPENS, ENDS = timedelta(seconds=3), timedelta(seconds=7)  # from now
AROUND = timedelta(seconds=1)  # how long before and after people come
SHIFTS = {HOUR: "hour_ahead", -HOUR: "hour_back"}


def test_servers_with_wrong_clocks_take_every_vote_in_time_and_no_other(
    box: Box, note: Note
) -> None:
    tries, wrong = vote_around_both_ends(box, (HOUR,), (-HOUR,))
    note(came=len(tries), taken=sum(each.is_taken for each in tries), wrong=len(wrong))

    assert any(each.is_taken for each in tries)
    assert wrong == []


@pytest.mark.one_database
def test_control_builds_that_trust_their_own_clocks_refuse_votes_in_time(box: Box) -> None:
    _, wrong = vote_around_both_ends(box, (HOUR, "trust_own_clock"), (-HOUR, "trust_own_clock"))

    assert {each.off for each, _ in wrong} == {HOUR, -HOUR}


def vote_around_both_ends(
    box: Box, *servers: tuple[Any, ...]
) -> tuple[list[Try], list[tuple[Try, str]]]:
    """Have people come to each server all the time, and find whom it treated wrongly.

    servers: by how much the clock of each is off, and its faults.
    """
    consultation = make.consultation(box.app, box.tenant, slug="zegar", opens=[Activity.VOTE])
    tries: list[Try] = []
    broken: list[BaseException] = []

    def come(at: Box, off: timedelta, voter: Voter, moment: datetime) -> None:
        time.sleep(max(0.0, moment.timestamp() - time.time()))
        try:
            tries.append(try_to_vote(at, voter, "zegar", off))
        except (OSError, HTTPException, AssertionError) as error:
            broken.append(error)

    with ExitStack() as stack:
        there = []
        for off, *faults in servers:
            server = replace(box)
            stack.enter_context(server.served(SHIFTS[off], *faults, workers=2))
            with signing_in_at_a_server_that_is(off):
                there.append((server, off, voters(box, VOTERS)))
        poll = make.poll(box.app, box.tenant, consultation, began=-OPENS, left=ENDS)
        with box.app.app_context():
            row = db.session.get_one(Poll, poll)
            opens_at, ends_at = row.opens_at, row.ends_at
        step = (ends_at - opens_at + 2 * AROUND) / VOTERS
        threads = [
            threading.Thread(target=come, args=(*where, voter, opens_at - AROUND + step * number))
            for *where, people in there
            for number, voter in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert broken == []
    assert min(each.began for each in tries) < opens_at < ends_at < max(e.ended for e in tries)
    return tries, list(find_wrong(box, poll, tries, opens_at, ends_at))


@contextmanager
def signing_in_at_a_server_that_is(off: timedelta) -> Iterator[None]:
    """Date sign-ins by that server's clock: a cookie of the future is none."""
    real = time.time
    with clock.at(clock.now() + off), patch("time.time", lambda: real() + off.total_seconds()):
        yield


def find_wrong(
    box: Box, poll: int, tries: Sequence[Try], opens_at: datetime, ends_at: datetime
) -> Iterator[tuple[Try, str]]:
    """Yield who was treated wrongly: by the database's clock, which is this machine's too.

    A way through the pages takes a while: who was taken ended it after the opening and began it
    before the end; who was not began before the opening or ended after the end.
    """
    for each in tries:
        if each.is_taken and not (opens_at <= each.ended and each.began < ends_at):
            yield each, "taken outside"
        if not each.is_taken and opens_at <= each.began and each.ended < ends_at:
            yield each, "refused inside"
        if each.is_taken != (took_part(box, poll, each.voter) is not None):
            yield each, "told otherwise than kept"


# The night when the clocks go back: 3:00 becomes 2:00, and 2:30 comes twice.

SATURDAY, SUNDAY = date(2027, 10, 30), date(2027, 10, 31)
FIRST = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 2:30 for the first time
SECOND = FIRST + HOUR
INSTANT = timedelta(milliseconds=1)
CLOCK_OF_POSTGRESQL = (
    "CREATE SCHEMA trial",
    "CREATE TABLE trial.stands (moment timestamptz)",
    "INSERT INTO trial.stands VALUES (now())",
    """CREATE FUNCTION trial.clock_timestamp() RETURNS timestamptz
    LANGUAGE sql AS 'SELECT moment FROM trial.stands'""",
)
AROUND_THE_CHANGE = (
    # window, and moments with the day on which a vote is taken; None: it is not
    (
        "noc",
        FIRST,
        SECOND,
        (
            (FIRST - INSTANT, None),
            (FIRST, SUNDAY),
            (FIRST + HOUR / 2 - INSTANT, SUNDAY),  # 2:59:59 for the only time
            (FIRST + HOUR / 2, SUNDAY),  # 2:00 for the second time
            (SECOND - HOUR / 4, SUNDAY),  # 2:15 for the second time
            (SECOND - INSTANT, SUNDAY),
            (SECOND, None),
            (SECOND + HOUR / 2, None),
        ),
    ),
    (
        "doba",  # the days of the calendar, of which one has 25 hours
        clock.start_of_day(SATURDAY),
        clock.end_of_day(SUNDAY),
        (
            (clock.start_of_day(SATURDAY) - INSTANT, None),
            (clock.start_of_day(SUNDAY) - INSTANT, SATURDAY),
            (clock.start_of_day(SUNDAY), SUNDAY),
            (clock.start_of_day(SUNDAY) + 24 * HOUR, SUNDAY),  # 23:00
            (clock.end_of_day(SUNDAY) - INSTANT, SUNDAY),
            (clock.end_of_day(SUNDAY), None),
        ),
    ),
)


@pytest.mark.postgres  # the database has a clock of its own; SQLite's is the machine's
def test_the_hour_that_comes_twice_opens_and_ends_a_vote_once(box: Box) -> None:
    assert vote_through_the_night(box) == []


@pytest.mark.postgres
@pytest.mark.parametrize("fault", ["trust_own_clock", "trust_wall_clock"])
def test_control_another_clock_gets_lost_in_that_night(box: Box, fault: str) -> None:
    assert vote_through_the_night(box, fault)


def vote_through_the_night(box: Box, *faults: str) -> list[tuple[object, ...]]:
    """Have somebody come at each moment, to a server whose clock is right, ahead or back."""
    wrong: list[tuple[object, ...]] = []
    with clock.at(FIRST - 7 * 24 * HOUR):
        polls = {
            slug: poll_of(box, slug, opens, ends) for slug, opens, ends, _ in AROUND_THE_CHANGE
        }
    moments = [
        (slug, moment, day, off)
        for slug, _, _, moments in AROUND_THE_CHANGE
        for moment, day in moments
        for off in (timedelta(), HOUR, -HOUR)
    ]
    make_clock(box)
    set_clocks(box, own=FIRST - HOUR, database=FIRST - HOUR)
    with box.served("set_clocks", *faults, workers=2):
        for slug, moment, day, off in moments:
            with clock.at(moment + off):
                (voter,) = voters(box, 1)
            set_clocks(box, own=moment + off, database=moment)
            is_taken = try_to_vote(box, voter, slug, off).is_taken
            taken_on = took_part(box, polls[slug], voter)
            if taken_on != day or is_taken != (day is not None):
                wrong.append((slug, moment, off, taken_on))
    return wrong


def poll_of(box: Box, slug: str, opens_at: datetime, ends_at: datetime) -> int:
    consultation = make.consultation(
        box.app, box.tenant, slug=slug, opens=[Activity.VOTE], days_left=30
    )
    now = clock.now()
    return make.poll(box.app, box.tenant, consultation, began=now - opens_at, left=ends_at - now)


def make_clock(box: Box) -> None:
    """Give PostgreSQL a clock that can be set, under the name of its own."""
    with box.app.app_context(), transaction():
        if db.engine.dialect.name == "postgresql":
            for statement in CLOCK_OF_POSTGRESQL:
                db.session.execute(text(statement))


def set_clocks(box: Box, *, own: datetime, database: datetime) -> None:
    (box.settings.folder / OWN_CLOCK).write_text(own.isoformat())
    (box.settings.folder / DATABASE_CLOCK).write_text(database.isoformat())
    with box.app.app_context(), transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("UPDATE trial.stands SET moment = :at"), {"at": database})


@pytest.mark.one_database
def test_heads_of_that_weekend_are_a_day_apart_on_the_calendar(box: Box) -> None:
    """In one process, whose clocks are both set: at 6:00 on Saturday, on Sunday, on Monday."""
    with clock.at(FIRST - 7 * 24 * HOUR):
        poll = poll_of(box, "noc", clock.start_of_day(SATURDAY), clock.end_of_day(SUNDAY))
    at = clock.start_of_day(SATURDAY) + 6 * HOUR
    with box.app.app_context(), clock.at(clock.start_of_day(SATURDAY)), transaction():
        heading.plan_daily(db.session.get_one(Poll, poll), now=clock.now())

    for day, length in ((SATURDAY, 25 * HOUR), (SUNDAY, 24 * HOUR)):
        with clock.at(at - HOUR):
            cast_some(box, poll)
        with box.app.app_context(), clock.at(at):
            jobs.run_due()
        with box.app.app_context():
            assert db.session.scalars(select(LogHead.day).order_by(LogHead.no)).all()[-1] == day
            waiting = select(Task.run_at).where(
                Task.kind == heading.DAILY, Task.finished_at.is_(None)
            )
            (following,) = db.session.scalars(waiting).all()
        assert following - at == length
        at = following


def cast_some(box: Box, poll: int) -> None:
    people = make.residents(box.app, box.tenant, heading.LEAST_NEW)
    with box.app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        for person in people:
            voter, form = db.session.get_one(Person, person), casting.Form(idem=f"of {person}")
            casting.cast(row.id, voter, make.marks(1), form)
