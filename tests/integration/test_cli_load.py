"""``deliberate load``: many rows, with counters that are true."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from tests.databases import Databases
from tests.terminal import Terminal

NUMBERS = (
    "--people",
    "50",
    "--proposals",
    "30",
    "--contributions",
    "200",
    "--units",
    "12",
    "--remarks",
    "30",
)


@pytest.fixture
def terminal(databases: Databases, tmp_path: Path) -> Terminal:
    databases.restore()
    terminal = Terminal(database_url=databases.url, folder=tmp_path)
    said = terminal.run("load", *NUMBERS)
    assert (said.code, said.err) == (0, "")
    return terminal


@pytest.fixture
def rows(terminal: Terminal) -> Iterator[Connection]:
    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield connection


def count(rows: Connection, sql: str) -> int:
    number: int = rows.execute(text(sql)).scalar_one()
    return number


def test_it_loads_as_many_as_asked(rows: Connection) -> None:
    assert count(rows, "SELECT count(*) FROM person") == 50
    assert count(rows, "SELECT count(*) FROM proposal") == 30
    assert count(rows, "SELECT count(*) FROM contribution") == 200


def test_a_document_has_its_units_and_remarks(rows: Connection) -> None:
    assert count(rows, "SELECT count(*) FROM unit_text WHERE version_no = 1") == 12
    assert count(rows, "SELECT count(*) FROM remark") == 30
    wrong = "remarks <> (SELECT count(*) FROM remark r WHERE r.on_unit_id = u.id)"
    assert count(rows, f"SELECT count(*) FROM unit u WHERE {wrong}") == 0  # noqa: S608
    last = "SELECT last_number FROM consultation WHERE slug LIKE '%-dokument'"
    assert count(rows, last) == 30


def test_counters_equal_rows(rows: Connection) -> None:
    for counted in (
        "supports <> (SELECT count(*) FROM support s WHERE s.proposal_id = p.id)",
        "voices <> (SELECT count(*) FROM contribution c WHERE c.thread_id = p.thread_id)",
        "voices <> (SELECT last_number FROM thread t WHERE t.id = p.thread_id)",
        "thread_id IS NULL",
    ):
        assert count(rows, f"SELECT count(*) FROM proposal p WHERE {counted}") == 0, counted  # noqa: S608


def test_numbers_follow_each_other(rows: Connection) -> None:
    assert count(rows, "SELECT max(number) FROM proposal") == 30
    assert count(rows, "SELECT count(DISTINCT number) FROM proposal") == 30
    assert count(rows, "SELECT last_number FROM consultation WHERE template = 'ideas'") == 30


def test_the_first_proposal_has_twenty_threads_with_two_replies_each(rows: Connection) -> None:
    of_first = "FROM contribution c JOIN proposal p ON p.thread_id = c.thread_id WHERE p.number = 1"

    assert count(rows, f"SELECT count(*) {of_first} AND c.parent_id IS NULL") == 20
    assert count(rows, f"SELECT count(*) {of_first} AND c.parent_id IS NOT NULL") == 40


def test_the_same_seed_gives_the_same_texts(terminal: Terminal, rows: Connection) -> None:
    assert terminal.run("load", "--slug", "druga", *NUMBERS).code == 0
    assert terminal.run("load", "--slug", "trzecia", "--seed", "2", *NUMBERS).code == 0

    def titles(slug: str) -> list[str]:
        sql = (
            "SELECT p.title FROM proposal p JOIN consultation c ON c.id = p.consultation_id"
            " WHERE c.slug = :slug ORDER BY p.number"
        )
        return list(rows.execute(text(sql), {"slug": slug}).scalars())

    assert titles("proba") == titles("druga")
    assert titles("proba") != titles("trzecia")


def test_a_taken_name_is_refused_and_nothing_is_added(terminal: Terminal, rows: Connection) -> None:
    said = terminal.run("load", *NUMBERS)

    assert (said.code, said.err) == (1, "Samorząd proba już jest; podaj inny skrót.\n")
    assert count(rows, "SELECT count(*) FROM person") == 50


@pytest.mark.first_on_both
@pytest.mark.parametrize("numbers", [("--people", "1"), ("--proposals", "0")], ids=" ".join)
def test_too_few_are_a_wrong_call(terminal: Terminal, numbers: tuple[str, ...]) -> None:
    assert terminal.run("load", "--slug", "other", *numbers).code == 2


def test_one_proposal_takes_all_voices(terminal: Terminal, rows: Connection) -> None:
    words = ("--proposals", "1", "--contributions", "75", "--people", "10")

    assert terminal.run("load", "--slug", "jedna", *words).code == 0

    assert count(rows, "SELECT max(voices) FROM proposal") == 75
