"""Step 0021 builds the tables of a vote anew: what was cast and counted must be there after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel.migrate import alembic_config

ROWS = {
    "ballot_final": "(id, tenant_id, poll_id, section_no, choices) VALUES ('b', 1, 1, 1, '[2]')",
    "receipt_final": "(leaf, tenant_id, poll_id, batch) VALUES ('liść', 1, 1, 3)",
    "participation_final": (
        "(tenant_id, poll_id, person_key, channel, day) VALUES (1, 1, 'k', 'web', '2026-11-20')"
    ),
    "participation": (
        "(tenant_id, poll_id, person_key, channel, day, idem_hash) "
        "VALUES (1, 2, 'k', 'web', '2026-11-20', 'f')"
    ),
    "eligibility": "(tenant_id, poll_id, person_key, source) VALUES (1, 2, 'k', 'account')",
}


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(empty_url)
    yield engine
    engine.dispose()


def fill(connection: Connection) -> None:
    """Let rows stand alone: a whole vote is not what is looked at here."""
    if connection.dialect.name == "sqlite":
        for name in guards(connection):
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("SET session_replication_role = replica"))
    for table, row in ROWS.items():
        connection.execute(text(f"INSERT INTO {table} {row}"))


def guards(connection: Connection) -> list[str]:
    """Return the guards of coming, which SQLite would ask even of rows that stand alone."""
    listed = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    return [n for n, table in connection.execute(text(listed)) if table in ROWS and "comes" in n]


def read(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of this file
            for table in ROWS
        }


def test_rows_of_a_vote_survive_the_step(engine: Engine, empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0020")
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()

    command.upgrade(config, "0021")
    assert read(engine) == dict.fromkeys(ROWS, 1)
    for table in ("ballot_final", "receipt_final"):  # their guards are back
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - as above
    assert read(engine) == dict.fromkeys(ROWS, 1)


def test_the_way_back_brings_the_former_keys(engine: Engine, empty_url: str) -> None:
    config = alembic_config(empty_url)
    for step, key, has_foreign in (("0021", ["poll_id", "id"], False), ("0020", ["id"], True)):
        (command.upgrade if step == "0021" else command.downgrade)(config, step)
        assert inspect(engine).get_pk_constraint("ballot_final")["constrained_columns"] == key
        assert bool(inspect(engine).get_foreign_keys("receipt_final")) is has_foreign
