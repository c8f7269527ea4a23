"""Step 0016 builds the table of cases anew: no case and no verdict may be lost on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel.migrate import alembic_config

CASE = (
    "INSERT INTO vote_case (id, poll_id, kind, person_key, opened_at, tenant_id)"
    " VALUES (7, 1, 'household', 'osoba', '2026-11-20', 1)"
)
VERDICT = (
    "INSERT INTO vote_verdict (case_id, verdict, reason, said_by, said_at, tenant_id)"
    " VALUES (7, 'keep', 'Ojciec i syn.', 1, '2026-11-21', 1)"
)
VOTER = (
    "INSERT INTO voter (tenant_id, poll_id, person_key, given_name, surname, street, house_no,"
    " flat, contact_kind, contact_hash) VALUES (1, 1, 'osoba', 'Ala', 'Kos', 'Rynek', '5', '',"
    " 'email', 'skrót')"
)
SUSPICION = (
    "INSERT INTO vote_case (id, poll_id, kind, person_key, opened_at, opened_by, grounds, reason,"
    " tenant_id) VALUES (8, 1, 'suspicion', 'osoba', '2026-11-21', 1, 'home', 'długi powód', 1)"
)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(empty_url)
    yield engine
    engine.dispose()


def alone(connection: Connection) -> Connection:
    """Let rows stand alone: a whole vote is not what is looked at here."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys=OFF"))
    else:
        connection.execute(text("SET session_replication_role = replica"))
    return connection


def insert(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            alone(connection).execute(text(statement))
    engine.dispose()  # a connection that was told to look away is not used again


def test_cases_and_verdicts_survive_the_step_and_its_way_back(
    engine: Engine, empty_url: str
) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0015")
    insert(engine, CASE, VERDICT, VOTER)

    for step in ("0016", "0015", "0016"):
        (command.upgrade if step == "0016" else command.downgrade)(config, step)
        with engine.connect() as connection:
            cases = connection.execute(text("SELECT id, kind, person_key FROM vote_case")).all()
            verdicts = connection.execute(text("SELECT case_id, reason FROM vote_verdict")).all()
        assert [tuple(row) for row in cases] == [(7, "household", "osoba")]
        assert [tuple(row) for row in verdicts] == [(7, "Ojciec i syn.")]

    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT reason, grounds, opened_by, contact_sealed, locale FROM vote_case "
                "CROSS JOIN voter"
            )
        ).one()
    assert tuple(row) == ("", "", None, "", "pl")
    keys = {str(key["name"]) for key in inspect(engine).get_foreign_keys("vote_verdict")}
    assert "fk_vote_verdict_tenant_id_case_id" in keys
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE vote_case SET person_key = 'x'"))  # its guard is back


def test_votes_that_are_held_keep_the_program_from_going_back(
    engine: Engine, empty_url: str
) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0016")
    if engine.dialect.name == "sqlite":
        insert(engine, "DROP TRIGGER vote_case_of_suspicion_comes_in_working_up")
    insert(engine, SUSPICION)

    with pytest.raises(RuntimeError, match="held"):
        command.downgrade(config, "0015")
