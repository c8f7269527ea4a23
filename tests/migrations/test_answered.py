"""Step 0006 builds two tables anew: nothing of what they held or of what holds them may be lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel.migrate import alembic_config

WHY = "Ekspertyza potwierdza, że ściany i fundamenty są dobre."
ANSWER = (
    "INSERT INTO answer (id, tenant_id, consultation_id, subject_kind, subject_id, position,"
    " justification, signed_as, saved_at, published_at)"
    " VALUES (1, 1, 1, 'proposal', 1, 'accepted', :why, 'Urząd', '2026-11-20', '2026-11-21')"
)
CHANGE = (
    "INSERT INTO answer_change (id, tenant_id, answer_id, position, justification, signed_as,"
    " reason, former_position, former_justification, former_signed_as, written_by, written_at)"
    " VALUES (:id, 1, 1, 'partly', :why, 'Urząd', 'nowa ekspertyza', 'accepted', :why, 'Urząd',"
    " 1, '2026-11-21')"
)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(empty_url)
    yield engine
    engine.dispose()


def without_references(connection: Connection) -> Connection:
    """Let rows stand alone: a whole municipality is not what is looked at here."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        text("PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica")
    )
    return connection


def shape(engine: Engine) -> dict[str, object]:
    """Return the names of everything that holds the two tables."""
    look = inspect(engine)
    return {
        table: (
            [column["name"] for column in look.get_columns(table)],
            sorted(str(key["name"]) for key in look.get_foreign_keys(table)),
            sorted(str(key["name"]) for key in look.get_unique_constraints(table)),
            sorted(str(check["name"]) for check in look.get_check_constraints(table)),
            sorted(
                (str(index["name"]), bool(index["unique"]))
                for index in look.get_indexes(table)
                if not index.get("duplicates_constraint")
            ),
        )
        for table in ("answer", "answer_change")
    }


def refused(engine: Engine, statement: str, **values: object) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(text(statement), values)
    except IntegrityError:
        return True
    return False


def test_answers_and_all_that_holds_them_survive_the_step(engine: Engine, empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0005")
    before = shape(engine)
    with engine.begin() as connection:
        without_references(connection).execute(text(ANSWER), {"why": WHY})
        connection.execute(text(CHANGE), {"id": 1, "why": WHY})
    engine.dispose()  # a connection that was told to look away is not used again

    command.upgrade(config, "0006")

    assert shape(engine) == before
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT position, justification FROM answer")).all()
        waiting = connection.execute(text("SELECT reason FROM answer_change")).all()
    assert [tuple(row) for row in rows] == [("accepted", WHY)]
    assert [tuple(row) for row in waiting] == [("nowa ekspertyza",)]


def test_what_held_before_holds_after(engine: Engine, empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0006")
    with engine.begin() as connection:
        without_references(connection).execute(text(ANSWER), {"why": WHY})
        connection.execute(text(CHANGE), {"id": 1, "why": WHY})
    engine.dispose()

    assert refused(engine, "UPDATE answer SET justification = justification || 'x'")
    assert refused(engine, "UPDATE answer SET published_at = NULL")
    assert refused(engine, "DELETE FROM answer")
    assert refused(engine, "UPDATE answer_change SET reason = 'krótko'")
    assert refused(engine, CHANGE, id=2, why=WHY)  # two would wait
    assert refused(engine, "UPDATE answer_change SET position = 'maybe'")
    assert not refused(engine, "UPDATE answer_change SET position = 'answered'")
    assert not refused(engine, "UPDATE answer_change SET position = 'partly'")
    command.downgrade(config, "0005")
    assert refused(engine, "UPDATE answer_change SET position = 'answered'")
