"""Workers die at any moment; what was acknowledged is there, once and as it was sent."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.trials.box import Box, Ledger, acknowledged, judge, vote_all, voters
from tests.trials.figures import Note

VOTERS = 40
EVERY = 0.4  # seconds


@contextmanager
def workers_dying(box: Box) -> Iterator[list[float]]:
    """Kill a random worker again and again; yields when."""
    kills: list[float] = []
    over = threading.Event()
    chance = random.Random(1)  # noqa: S311 - which worker is no secret

    def work() -> None:
        while not over.wait(EVERY):
            if box.kill_a_worker(chance):
                kills.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield kills
    finally:
        over.set()
        thread.join()


def test_killed_workers_lose_no_vote_that_was_acknowledged(
    box: Box, ledger: Ledger, length: int, note: Note
) -> None:
    people = voters(box, VOTERS * length)

    with box.served(), workers_dying(box) as kills:
        vote_all(box, people, ledger)

    judged = judge(box, people, ledger)
    note(kills=len(kills), acknowledged=acknowledged(ledger), **judged.figures)
    assert len(kills) >= 3
    assert sum(entry["event"] == "answered" for entry in ledger.read()) > VOTERS * length / 2
    assert judged.is_clean, judged


def test_control_an_answer_before_the_commit_loses_votes(
    box: Box, ledger: Ledger, length: int, note: Note
) -> None:
    people = voters(box, VOTERS * length)

    with box.served("answer_before_commit"), workers_dying(box):
        vote_all(box, people, ledger)

    judged = judge(box, people, ledger)
    note(acknowledged=acknowledged(ledger), lost=len(judged.lost))
    assert judged.lost
