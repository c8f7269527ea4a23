"""The disk is full: votes are refused with a word, none is lost, and it goes on by itself."""

import pytest
from sqlalchemy import text

from deliberate.kernel.db import db
from tests.trials.box import Box, Ledger, Voter, acknowledged, judge, vote, vote_all, voters
from tests.trials.figures import Note
from tests.trials.serving import LIMIT

pytestmark = pytest.mark.sqlite
VOTERS, PAGES = 60, 6  # so few more pages that it is full after some votes


def fill_up(box: Box) -> None:
    with box.app.app_context():
        pages = db.session.scalar(text("PRAGMA page_count"))
        db.session.rollback()
    (box.settings.folder / LIMIT).write_text(str(pages + PAGES))


def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(
    box: Box, ledger: Ledger, note: Note
) -> None:
    people = voters(box, VOTERS)
    fill_up(box)

    with box.served("small_disk"):
        refused = vote_until_full(box, people, ledger)
        (box.settings.folder / LIMIT).unlink()
        vote_all(box, refused, ledger)

    judged = judge(box, people, ledger)
    note(refused=len(refused), acknowledged=acknowledged(ledger), **judged.figures)
    assert refused
    assert judged.is_clean, judged
    assert sum(entry.get("status") == 303 for entry in ledger.read()) == VOTERS


def test_control_whoever_answers_in_any_case_loses_votes(box: Box, ledger: Ledger) -> None:
    people = voters(box, VOTERS)
    fill_up(box)

    with box.served("small_disk", "answer_in_any_case"):
        for voter in people:
            vote(box, voter, [1], ledger, tries=1)

    assert judge(box, people, ledger).lost


def vote_until_full(box: Box, people: list[Voter], ledger: Ledger) -> list[Voter]:
    """Have people vote one by one; return those who were asked to come again."""
    return [voter for voter in people if vote(box, voter, [1], ledger, tries=1) != 303]
