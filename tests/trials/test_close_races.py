"""Votes that race the end and the count: each is counted, or its voter is told that it is late."""

import random
import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.voting import rules
from deliberate.voting.models import Poll, PollResult
from tests import make
from tests.integration.test_voting_trials import approve_count, cast, count, forget_the_lock
from tests.trials.conftest import LONG
from tests.trials.figures import Note

RACES = 250 if LONG else 4
RACERS, LEFT, AROUND = 6, 0.4, 0.05  # seconds; people come up to so long before and after the end


@pytest.fixture
def tenant(app: Flask) -> int:
    return make.municipality(app)


def race(
    app: Flask, tenant: int, number: int, people: list[int]
) -> tuple[int, int | None, list[BaseException]]:
    """Run one race. Return how many votes were acknowledged and how many counted, and what broke.

    None is counted where the count itself broke.
    """
    consultation = make.consultation(app, tenant, slug=f"wyscig-{number}", opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=LEFT))
    approve_count(app, tenant, poll)
    with app.app_context():
        end = db.session.get_one(Poll, poll).ends_at.timestamp()
    taken: list[int] = []
    broken: list[BaseException] = []

    def vote(person: int, moment: float) -> None:
        time.sleep(max(0.0, moment - time.time()))
        try:
            cast(app, poll, person, key=f"{number}:{person}")
        except Refused:
            return
        except BaseException as error:  # noqa: BLE001 - told apart below
            broken.append(error)
        else:
            taken.append(person)

    def work() -> None:
        time.sleep(max(0.0, end - time.time()))
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

    chance = random.Random(number)  # noqa: S311 - moments that can be repeated
    threads = [
        threading.Thread(target=vote, args=(person, end + chance.uniform(-AROUND, AROUND / 2)))
        for person in people
    ]
    threads.append(threading.Thread(target=work))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        result = select(PollResult.participations).where(PollResult.poll_id == poll)
        return len(taken), db.session.scalar(result), broken


def test_votes_that_race_the_count_are_counted_or_refused(
    app: Flask, tenant: int, note: Note
) -> None:
    people = make.residents(app, tenant, RACERS)
    found = [race(app, tenant, number, people) for number in range(RACES)]

    close = sum(0 < taken < RACERS for taken, _, _ in found)
    wrong = sum(taken != counted for taken, counted, _ in found)
    note(races=RACES, close=close, wrong=wrong)
    assert [broken for _, _, broken in found if broken] == []
    assert close  # some were in time, others late: or nobody raced
    assert wrong == 0


@pytest.mark.postgres
def test_control_without_the_lock_acknowledged_votes_are_lost(
    app: Flask, tenant: int, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = make.residents(app, tenant, RACERS)
    forget_the_lock(app, monkeypatch, slow=AROUND)
    found = [race(app, tenant, number, people) for number in range(RACES)]

    wrong = sum(taken != counted for taken, counted, _ in found)
    note(races=RACES, wrong=wrong)
    assert wrong
