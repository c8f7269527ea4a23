"""``deliberate db``."""

import re
from dataclasses import replace
from pathlib import Path

from alembic import command
from sqlalchemy import NullPool, create_engine, text

from deliberate.app import FEATURES
from deliberate.kernel import migrate
from tests.terminal import Terminal


def test_upgrade_makes_every_table_and_the_list_of_topics(empty_url: str, tmp_path: Path) -> None:
    terminal = Terminal(database_url=empty_url, folder=tmp_path)
    before = terminal.run("db", "check")

    said = terminal.run("db", "upgrade")

    assert before.code == 1
    assert before.err.startswith("Baza jest na kroku None")
    assert said.code == 0
    assert terminal.run("db", "check").code == 0
    assert count_topics(empty_url) == 12


def test_upgrade_again_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    terminal = Terminal(database_url=empty_url, folder=tmp_path)
    terminal.run("db", "upgrade")

    said = terminal.run("db", "upgrade")

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Baza jest na najnowszym kroku")
    assert count_topics(empty_url) == 12


def test_the_state_names_the_step_and_counts_the_guards(empty_url: str, tmp_path: Path) -> None:
    terminal = Terminal(database_url=empty_url, folder=tmp_path)
    terminal.run("db", "upgrade")

    said = terminal.run("db", "state")

    assert (said.code, said.err) == (0, "")
    step, counted = said.out.splitlines()
    assert step == f"Krok bazy: {newest(empty_url)}; najnowszy: {newest(empty_url)}."
    assert re.fullmatch(r"Strażnicy: [1-9][0-9]+, wszyscy na miejscu\.", counted)


def test_the_state_names_the_steps_that_wait(empty_url: str, tmp_path: Path) -> None:
    terminal = Terminal(database_url=empty_url, folder=tmp_path)

    nothing = terminal.run("db", "state")
    command.upgrade(migrate.alembic_config(empty_url), "0001")
    behind = terminal.run("db", "state")

    assert (nothing.code, behind.code) == (1, 1)
    assert nothing.out == f"Krok bazy: żaden; najnowszy: {newest(empty_url)}.\n"
    assert nothing.err.startswith("Czeka: 0001 The tables and guards of the first release.\n")
    assert behind.err.startswith("Czeka: 0002 Links between things of all kinds.\n")
    assert "deliberate db upgrade" in behind.err


def test_a_guard_that_is_gone_changed_or_strange_is_named(empty_url: str, tmp_path: Path) -> None:
    terminal = Terminal(database_url=empty_url, folder=tmp_path)
    terminal.run("db", "upgrade")
    gone, changed = (
        next(guard for feature in FEATURES for guard in feature.guards if guard.name == name)
        for name in ("poll_state_steps", "link_never_changes")
    )
    engine = create_engine(empty_url, poolclass=NullPool)
    dialect = engine.dialect.name
    with engine.begin() as connection:
        for statement in (
            *gone.drop(dialect),
            *changed.drop(dialect),
            *replace(changed, refuse_when="1 = 2").ddl(dialect),
            *replace(changed, name="strange").ddl(dialect),
        ):
            connection.exec_driver_sql(statement)

    said = terminal.run("db", "state")

    assert said.code == 1
    assert said.err.splitlines() == [
        "Brakuje strażnika: poll_state_steps",
        "Nieznany strażnik: strange",
        "Inny strażnik niż w programie: link_never_changes",
        "Strażnicy, z którymi jest coś nie tak: 3.",
    ]


def newest(url: str) -> str:
    return str(migrate.state(url)[1])


def count_topics(url: str) -> int:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return connection.execute(text("SELECT count(*) FROM topic")).scalar_one()
