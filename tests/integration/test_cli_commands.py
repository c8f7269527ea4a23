"""Every command: its help, its exit codes, its one-line errors."""

from pathlib import Path

import click
import pytest

from tests.databases import Databases
from tests.terminal import Terminal, run


def every_command() -> list[tuple[str, ...]]:
    from deliberate.cli import commands

    def walk(group: click.Group, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = []
        for name, command in sorted(group.commands.items()):
            found.append((*path, name))
            if isinstance(command, click.Group):
                found += walk(command, (*path, name))
        return found

    return walk(commands, ())


@pytest.fixture
def terminal(databases: Databases, tmp_path: Path) -> Terminal:
    """Give a terminal at an installation that is migrated and empty."""
    databases.restore()
    return Terminal(database_url=databases.url, folder=tmp_path)


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_help_says_what_a_command_does(words: tuple[str, ...]) -> None:
    said = run(*words, "--help", environment={})

    assert (said.code, said.err) == (0, "")
    assert len(said.out.splitlines()[2].strip()) > 10


def test_an_unknown_command_is_a_wrong_call() -> None:
    assert run("nonsense", environment={}).code == 2


def test_an_unknown_option_is_a_wrong_call(terminal: Terminal) -> None:
    assert terminal.run("serve", "--colour").code == 2


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "name", ["DELIBERATE_DATABASE_URL", "DELIBERATE_SECRET_KEY", "DELIBERATE_FOLDER"]
)
def test_a_missing_setting_is_named_in_one_line(terminal: Terminal, name: str) -> None:
    said = terminal.run("municipality", "list", **{name: ""})

    assert (said.code, said.out) == (1, "")
    assert said.err == f"Brakuje ustawienia {name}.\n"


def test_a_weak_secret_key_is_refused_in_one_line(terminal: Terminal) -> None:
    said = terminal.run("municipality", "list", DELIBERATE_SECRET_KEY="secret")

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "secret" not in said.err


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "words",
    [
        ("municipality", "list"),
        ("municipality", "set", "lubowierz"),
        ("people", "list", "--municipality", "lubowierz"),
        (
            "people",
            "role",
            "--municipality",
            "lubowierz",
            "--email",
            "a@b.example",
            "--give",
            "officer",
        ),
        ("audit", "verify"),
        ("db", "state"),
        ("demo", "empty", "--yes"),
        ("retention", "preview"),
        ("retention", "run"),
        ("serve",),
        ("worker", "--once"),
        ("demo", "load"),
        ("load",),
    ],
    ids=" ".join,
)
def test_a_database_without_tables_is_one_sentence(
    terminal: Terminal, empty_url: str, words: tuple[str, ...]
) -> None:
    said = terminal.run(*words, DELIBERATE_DATABASE_URL=empty_url)

    assert said.code == 1
    assert said.err.splitlines()[-1].endswith("deliberate db upgrade")
    assert said.err.count("\n") == 1 or words == ("db", "state")  # which names each step


@pytest.mark.postgres
def test_a_database_that_does_not_answer_is_one_sentence(terminal: Terminal) -> None:
    silent = "postgresql://nobody@127.0.0.1:1/nothing"

    for words in (("municipality", "list"), ("db", "check"), ("db", "state"), ("db", "upgrade")):
        said = terminal.run(*words, DELIBERATE_DATABASE_URL=silent)

        assert (said.code, said.err) == (1, "Baza danych nie odpowiada.\n")


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "words",
    [("demo", "load"), ("demo", "prepare"), ("demo", "empty", "--yes"), ("load",)],
    ids=" ".join,
)
def test_a_real_installation_gets_nothing_made_up(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    said = terminal.run(*words, DELIBERATE_MODE="production")

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert terminal.run("municipality", "list").out == ""
