"""``deliberate db``."""

from pathlib import Path

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


def count_topics(url: str) -> int:
    from sqlalchemy import NullPool, create_engine, text

    with create_engine(url, poolclass=NullPool).connect() as connection:
        return connection.execute(text("SELECT count(*) FROM topic")).scalar_one()
