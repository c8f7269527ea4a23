"""What the database itself refuses of a vote."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel.db import db, transaction
from deliberate.voting.models import Poll
from tests import make

LATER = timedelta(days=30)


@contextmanager
def refused(app: Flask, word: str) -> Iterator[None]:
    """Expect that what is done inside is refused with a message that holds ``word``."""
    with app.app_context(), pytest.raises(IntegrityError, match=word), transaction():
        yield


def run(statement: str, **values: object) -> None:
    db.session.execute(text(statement), values)


@pytest.fixture
def draft(app: Flask) -> int:
    tenant = make.municipality(app)
    return make.poll(app, tenant, make.consultation(app, tenant), sealed=False)


@pytest.fixture
def sealed(app: Flask) -> int:
    tenant = make.municipality(app)
    return make.poll(app, tenant, make.consultation(app, tenant))


@pytest.fixture
def ended(app: Flask) -> int:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    return make.poll(app, tenant, consultation, left=timedelta(hours=-1))


def vote(poll: int, key: str = "a") -> None:
    """Put a vote into the tables by hand."""
    run(
        "INSERT INTO eligibility (tenant_id, poll_id, person_key, source) "
        "SELECT tenant_id, id, :key, 'account' FROM poll WHERE id = :poll",
        poll=poll,
        key=key,
    )
    run(
        "INSERT INTO participation (tenant_id, poll_id, person_key, channel, day, idem_hash) "
        "SELECT tenant_id, id, :key, 'web', '2027-05-04', 'x' FROM poll WHERE id = :poll",
        poll=poll,
        key=key,
    )
    run(
        "INSERT INTO ballot (id, tenant_id, poll_id, section_no, choices, link_tag) "
        "SELECT :key, tenant_id, id, 1, '[1]', 'x' FROM poll WHERE id = :poll",
        poll=poll,
        key=key,
    )


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Inny'",
        "needs = 'confirmed'",
        "age_rule = 'alone', age = 16",
        "publication = 'linked'",
        "randomness_source = 'inne'",
        "rules = '{}'",
        "rules_hash = 'inny'",
        "opens_at = ends_at",
        "order_seed = 'inne'",
        "effect = 'decides'",
        "decided_by = 'Nikt'",
        "result_due = '2030-01-01'",
    ],
)
def test_rules_of_a_sealed_poll_never_change(app: Flask, sealed: int, change: str) -> None:
    with refused(app, "frozen|dates"):
        run(f"UPDATE poll SET {change} WHERE id = :poll", poll=sealed)  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE section SET most = 3 WHERE poll_id = :poll",
        "DELETE FROM poll_option WHERE poll_id = :poll AND no = 1",
        "UPDATE poll_option SET title = 'Inny' WHERE poll_id = :poll AND no = 1",
        "UPDATE poll_option SET cost = 1 WHERE poll_id = :poll",
        """INSERT INTO poll_option
           (tenant_id, poll_id, section_no, no, title, text, subject_kind, subject_id)
           SELECT tenant_id, id, 1, 99, 'Dopisany', '', 'proposal', 1 FROM poll WHERE id = :poll""",
        """INSERT INTO section (tenant_id, poll_id, no, title, kind, least, most)
           SELECT tenant_id, id, 2, 'Dopisana', 'approval', 0, 1 FROM poll WHERE id = :poll""",
    ],
)
def test_options_and_limits_of_a_sealed_poll_never_change(
    app: Flask, sealed: int, statement: str
) -> None:
    with refused(app, "frozen"):
        run(statement, poll=sealed)


def test_a_draft_changes_freely(app: Flask, draft: int) -> None:
    with app.app_context(), transaction():
        run("UPDATE poll SET title = 'Inny' WHERE id = :poll", poll=draft)
        run("UPDATE poll_option SET title = 'Inny' WHERE poll_id = :poll", poll=draft)
        run("DELETE FROM poll_option WHERE poll_id = :poll AND no = 1", poll=draft)


def test_a_sealed_poll_and_its_sections_are_never_removed(app: Flask, sealed: int) -> None:
    with refused(app, "append_only|frozen"):
        run("DELETE FROM poll WHERE id = :poll", poll=sealed)
    with refused(app, "frozen"):
        run("DELETE FROM section WHERE poll_id = :poll", poll=sealed)


def test_the_end_of_a_sealed_poll_only_grows(app: Flask, sealed: int) -> None:
    earlier, later = _shifted(app, sealed, -1), _shifted(app, sealed, 1)
    with refused(app, "only grows"):
        run("UPDATE poll SET ends_at = :end", end=earlier)
    with app.app_context(), transaction():
        run("UPDATE poll SET ends_at = :end", end=later)


def _shifted(app: Flask, poll: int, hours: int) -> object:
    with app.app_context():
        moment = db.session.get_one(Poll, poll).ends_at + timedelta(hours=hours)
    is_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else moment


def test_a_poll_begins_as_a_draft(app: Flask, draft: int) -> None:
    with refused(app, "draft"):
        run(
            "INSERT INTO poll (tenant_id, subject_kind, subject_id, consultation_id, title, state, "
            "repeat_no, electorate, needs, age_rule, area_lock, areas_most, revote, publication, "
            "effect, decided_by, result_due, order_seed, randomness_source, randomness_shape, "
            "signing_key, rules, rules_hash, stop_reason, opens_at, ends_at) "
            "SELECT tenant_id, 'consultation', 0, consultation_id, title, 'sealed', "
            "repeat_no, electorate, needs, age_rule, area_lock, areas_most, revote, publication, "
            "effect, decided_by, result_due, order_seed, randomness_source, randomness_shape, "
            "signing_key, rules, 'x', stop_reason, opens_at, ends_at FROM poll"
        )


@pytest.mark.parametrize("state", ["receiving", "working_up", "counted", "published"])
def test_no_step_is_left_out(app: Flask, draft: int, state: str) -> None:
    with refused(app, "transition|two_persons"):
        run("UPDATE poll SET rules_hash = 'x', state = :state", state=state)


def test_nothing_goes_back(app: Flask, sealed: int) -> None:
    with refused(app, "transition"):
        run("UPDATE poll SET state = 'draft' WHERE id = :poll", poll=sealed)


def test_sealing_needs_the_approval_of_these_very_rules(app: Flask, draft: int) -> None:
    sealing = "UPDATE poll SET state = 'sealed', rules_hash = :hash WHERE id = :poll"
    with refused(app, "two_persons"):
        run(sealing, poll=draft, hash="zasady")
    with app.app_context():
        tenant = db.session.get_one(Poll, draft).tenant_id
    make.approval(app, tenant, "poll.count", draft, "zasady")
    make.approval(app, tenant, "poll.seal", draft, "inne zasady")
    make.approval(app, tenant, "poll.seal", draft + 1, "zasady")
    with refused(app, "two_persons"):
        run(sealing, poll=draft, hash="zasady")

    make.approval(app, tenant, "poll.seal", draft, "zasady")
    with app.app_context(), transaction():
        run(sealing, poll=draft, hash="zasady")


def test_counting_needs_the_approval_of_a_second_person(app: Flask, ended: int) -> None:
    with app.app_context(), transaction():
        run("UPDATE poll SET state = 'working_up' WHERE id = :poll", poll=ended)
    with refused(app, "two_persons"):
        run("UPDATE poll SET state = 'counted' WHERE id = :poll", poll=ended)


def test_participations_and_lines_stay_as_they_came(app: Flask, sealed: int) -> None:
    with app.app_context(), transaction():
        vote(sealed)
    for statement in (
        "UPDATE participation SET day = '2027-05-05'",
        "DELETE FROM participation",
        "UPDATE eligibility SET source = 'x'",
        "DELETE FROM eligibility",
        "UPDATE ballot SET choices = '[2]'",
        "UPDATE ballot SET link_tag = 'y'",
        "DELETE FROM ballot",
        (
            "INSERT INTO ballot_final (id, tenant_id, poll_id, section_no, choices) "
            "SELECT id, tenant_id, poll_id, section_no, choices FROM ballot"
        ),
    ):
        with refused(app, "append_only|closed"):
            run(statement)


def test_no_vote_comes_into_a_draft_or_after_the_work_began(app: Flask, draft: int) -> None:
    with refused(app, "closed"):
        vote(draft)


def test_no_vote_comes_once_the_work_began(app: Flask, ended: int) -> None:
    with app.app_context(), transaction():
        run("UPDATE poll SET state = 'working_up' WHERE id = :poll", poll=ended)
    with refused(app, "closed"):
        vote(ended)


def test_ballots_move_only_between_the_counted_state_and_the_result(app: Flask, ended: int) -> None:
    with app.app_context():
        row = db.session.get_one(Poll, ended)
        tenant, rules_hash = row.tenant_id, row.rules_hash or ""
    with app.app_context(), transaction():
        vote(ended)
        run("UPDATE poll SET state = 'working_up' WHERE id = :poll", poll=ended)
    with refused(app, "append_only"):
        run("DELETE FROM ballot")
    make.approval(app, tenant, "poll.count", ended, rules_hash)
    move = (
        "INSERT INTO ballot_final (id, tenant_id, poll_id, section_no, choices) "
        "SELECT :id, tenant_id, poll_id, section_no, choices FROM ballot"
    )
    with app.app_context(), transaction():
        run("UPDATE poll SET state = 'counted' WHERE id = :poll", poll=ended)
        run(move, id="f1")
        run("DELETE FROM ballot WHERE id = 'no such'")
        run(
            "INSERT INTO poll_result (tenant_id, poll_id, ballots_hash, outcome, participations, "
            "channels, counted_at) SELECT tenant_id, id, 'x', '{}', 1, '{}', ends_at "
            "FROM poll WHERE id = :poll",
            poll=ended,
        )

    with refused(app, "closed"):
        run(move, id="f2")
    for statement in (
        "DELETE FROM ballot",
        "UPDATE ballot_final SET choices = '[2]'",
        "DELETE FROM ballot_final",
        "UPDATE poll_result SET participations = 2",
        "DELETE FROM poll_result",
    ):
        with refused(app, "append_only"):
            run(statement)
