"""What the database refuses about votes that are held."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.voting.actions import declaring
from deliberate.voting.models import Participation, Poll, VoteCase
from deliberate.voting.states import Channel
from deliberate.voting.suspicions import Kind
from tests import make
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import (
    EXPLAIN,
    MINE,
    case_ids,
    code_of,
    execute,
    groups,
    hold,
    hold_ago,
    letters,
    rows,
    say,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    """Make a vote that has ended, and is not counted."""
    return ended_poll(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def home(app: Flask, poll: int) -> None:
    """Have six people of one house vote, each with an e-mail of their own."""
    for name in SIX:
        vote(app, poll, name)


@pytest.fixture
def held(app: Flask, home: None, poll: int, officer: FlaskClient) -> list[str]:
    """Have the six held, and return the codes of their letters."""
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    return [code_of(letter) for letter in letters(app)]


HELD = (
    "INSERT INTO vote_case (tenant_id, poll_id, kind, person_key, opened_at, opened_by, grounds, "
    "reason) SELECT p.tenant_id, p.poll_id, 'suspicion', p.person_key, CURRENT_TIMESTAMP, "
    "(SELECT min(id) FROM person), 'home', 'dość długi powód' FROM participation p"
)
SAID = (
    "INSERT INTO vote_verdict (case_id, tenant_id, verdict, reason, said_by, said_at) "
    "SELECT c.id, c.tenant_id, 'keep', 'dość długi powód', (SELECT min(id) FROM person), "
    "CURRENT_TIMESTAMP FROM vote_case c"
)
EXPLAINED = (
    "INSERT INTO case_explanation (case_id, tenant_id, text, explained_at) "
    "SELECT id, tenant_id, '{}', CURRENT_TIMESTAMP FROM vote_case"
)
WRITTEN = (
    "INSERT INTO case_letter (case_id, tenant_id, way, code_hash, written_at, answer_until) "
    "SELECT min(id), min(tenant_id), 'email', 'x', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
    "FROM vote_case"
)
ANOTHER_CODE = (
    "UPDATE case_letter SET code_hash = 'nowy' "
    "WHERE case_id IN (SELECT case_id FROM case_explanation)"
)


@pytest.mark.parametrize(
    ("forbidden", "word"),
    [
        (SAID, "five_days"),
        ("UPDATE vote_case SET reason = 'zupełnie inny powód'", "frozen"),
        ("UPDATE vote_case SET grounds = 'contact'", "frozen"),
        ("UPDATE case_letter SET written_at = answer_until", "five_days"),
        ("UPDATE case_letter SET answer_until = written_at", "five_days|frozen"),
        ("UPDATE case_letter SET tenant_id = 99", "frozen"),
        ("DELETE FROM case_letter", "append_only"),
        ("UPDATE voter SET contact_sealed = ''", "frozen"),
        (EXPLAINED.format(""), "ck_case_explanation_text"),
    ],
)
@pytest.mark.usefixtures("held")
def test_the_database_hears_the_voter_first(app: Flask, forbidden: str, word: str) -> None:
    with pytest.raises(IntegrityError, match=word):
        execute(app, forbidden)


@pytest.mark.parametrize(
    ("forbidden", "word"),
    [
        ("UPDATE case_explanation SET text = 'co innego'", "append_only"),
        ("DELETE FROM case_explanation", "append_only"),
        (ANOTHER_CODE, "frozen"),
    ],
)
def test_the_database_keeps_what_was_explained(
    app: Flask, held: list[str], forbidden: str, word: str
) -> None:
    make.client(app).post(EXPLAIN, data={"kod": held[0], "text": MINE})

    with pytest.raises(IntegrityError, match=word):
        execute(app, forbidden)


def test_the_database_takes_no_late_explanation(
    app: Flask, tenant: int, poll: int, home: None
) -> None:
    hold_ago(app, tenant, poll, 6)

    with pytest.raises(IntegrityError, match="closed"):
        execute(app, EXPLAINED.format("późno"))


def test_the_database_holds_a_vote_only_after_the_end(
    app: Flask, tenant: int, poll: int, home: None
) -> None:
    with pytest.raises(IntegrityError, match="closed"):
        execute(app, HELD)  # the poll's row still says that it is sealed
    execute(app, "UPDATE poll SET state = 'working_up'")
    execute(app, HELD)
    assert rows(app, VoteCase) == 6
    with pytest.raises(IntegrityError, match="five_days"):
        execute(app, WRITTEN)
    with pytest.raises(IntegrityError, match="closed"):
        execute(app, EXPLAINED.format("bez listu"))


@pytest.mark.usefixtures("home")
def test_a_card_in_the_box_is_never_held_or_taken_out(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    with app.app_context():
        key = db.session.scalars(select(Participation.person_key)).first()
    home = groups(app, poll)[Kind.HOME]
    put_on_paper(app, key or "")

    assert hold(officer, home) == 409
    execute(app, "UPDATE poll SET state = 'working_up'")
    with pytest.raises(IntegrityError, match="never one on paper"):
        execute(app, HELD)


def test_a_disputed_card_can_only_be_kept(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    vote(app, poll, "Ala")
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        key = db.session.scalars(select(Participation.person_key)).one()
        declaring.dispute(row, key, now=clock.now())
    put_on_paper(app, key)
    case = case_ids(app)[0]

    assert say(officer, case, "take_out") == 409
    with pytest.raises(IntegrityError, match="paper"):
        execute(app, SAID.replace("'keep'", "'take_out'"))
    assert say(officer, case, "keep") == 303
    with pytest.raises(IntegrityError, match="paper"):
        execute(app, "UPDATE vote_verdict SET verdict = 'take_out'")


def put_on_paper(app: Flask, key: str) -> None:
    """Have a participation be one on paper; guards are in the way of it, rightly."""
    with app.app_context(), transaction():
        connection = db.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        where = "" if sqlite else " ON participation"
        guard = "participation_changes_only_with_its_vote"
        kept = connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE name = '{guard}'"  # noqa: S608 - our own words
            if sqlite
            else f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{guard}'"  # noqa: S608
        ).scalar_one()
        connection.exec_driver_sql(f"DROP TRIGGER {guard}{where}")
        db.session.execute(
            text("UPDATE participation SET channel = :paper WHERE person_key = :key"),
            {"paper": Channel.PAPER, "key": key},
        )
        connection.exec_driver_sql(kept)
