"""One person at many doors at once: one vote, and everybody else learns why."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.voting.models import Ballot, Participation, Receipt
from tests.integration.test_voting_trials import drop_keys
from tests.trials.box import (
    BALLOT,
    COUNTER,
    Box,
    Voter,
    browsers,
    clerk,
    get,
    hidden_fields,
    post,
    read_form,
    voters,
)
from tests.trials.conftest import LONG
from tests.trials.figures import Note

PAIRS, DOORS = (1_000, 50) if LONG else (12, 20)
MANY = 20 if LONG else 1  # people who vote at as many doors at once


def rush(box: Box, doors: Sequence[Voter]) -> list[int]:
    """Have all browsers send their own vote in the same moment; return the answers."""
    forms = [read_form(box, door, [1 + number % 2]) for number, door in enumerate(doors)]
    assert None not in forms
    barrier, answers = threading.Barrier(len(doors)), [0] * len(doors)

    def send(number: int) -> None:
        barrier.wait()
        answers[number], _ = post(box, doors[number], f"{BALLOT}/glos", forms[number] or [])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(doors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def kept(box: Box) -> tuple[int, int, int]:
    with box.app.app_context():
        return tuple(  # type: ignore[return-value]
            db.session.scalars(select(func.count()).select_from(model)).one()
            for model in (Participation, Ballot, Receipt)
        )


def test_two_browsers_of_one_person_have_one_vote(box: Box, note: Note) -> None:
    people = [browsers(box, 2) for _ in range(PAIRS)]

    with box.served():
        answers = [sorted(rush(box, pair)) for pair in people]

    note(pairs=len(people), votes=kept(box)[0])
    assert answers == [[303, 409]] * len(people)
    assert kept(box) == (len(people),) * 3


def test_many_browsers_of_one_person_have_one_vote(box: Box, note: Note) -> None:
    people = [browsers(box, DOORS) for _ in range(MANY)]

    with box.served(threads=8):
        answers = [rush(box, doors) for doors in people]

    every = [status for each in answers for status in each]
    note(people=MANY, doors=DOORS, votes=kept(box)[0], told_to_wait=every.count(503))
    # Who waits too long for the database is told to try again: never a second vote, never a 500.
    assert [each.count(303) for each in answers] == [1] * MANY
    assert set(every) <= {303, 409, 503}
    assert kept(box) == (MANY,) * 3


def rush_with_paper(box: Box, voter: Voter, at_counter: Voter) -> tuple[int, int]:
    """Have somebody vote on the web while a card is handed out in their name; return what came."""
    form = read_form(box, voter, [1])
    assert form is not None
    with box.app.app_context():
        email = db.session.get_one(Person, voter.person).email
    _, page = get(box, at_counter, COUNTER)
    card = [*hidden_fields(page), ("email", email or "")]
    barrier, answers = threading.Barrier(2), [0, 0]

    def send(number: int, door: Voter, path: str, sent: list[tuple[str, str]]) -> None:
        barrier.wait()
        answers[number], _ = post(box, door, path, sent)

    threads = [
        threading.Thread(target=send, args=(0, voter, f"{BALLOT}/glos", form)),
        threading.Thread(target=send, args=(1, at_counter, COUNTER, card)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers[0], answers[1]


def test_the_web_and_the_counter_at_once_are_one_vote(box: Box, note: Note) -> None:
    people, at_counter = voters(box, PAIRS), clerk(box)

    with box.served():
        answers = [rush_with_paper(box, voter, at_counter) for voter in people]

    assert set(answers) <= {(303, 409), (409, 200)}
    participations, ballots, receipts = kept(box)
    note(people=len(people), on_the_web=ballots, on_paper=participations - ballots)
    assert participations == len(people)
    assert ballots == receipts == answers.count((303, 409))


@pytest.mark.postgres
def test_control_without_the_keys_the_web_and_the_counter_are_two(box: Box, note: Note) -> None:
    people, at_counter = voters(box, PAIRS), clerk(box)
    drop_keys(box.app)

    with box.served():
        for voter in people:
            rush_with_paper(box, voter, at_counter)

    note(people=len(people), votes=kept(box)[0])
    assert kept(box)[0] > len(people)


@pytest.mark.postgres
def test_control_without_the_keys_one_person_has_many_votes(box: Box, note: Note) -> None:
    # SQLite writes one transaction after another: the second already sees the first.
    people = [browsers(box, 2) for _ in range(PAIRS)]
    drop_keys(box.app)

    with box.served():
        for pair in people:
            rush(box, pair)

    note(people=len(people), votes=kept(box)[1])
    assert kept(box)[1] > len(people)
