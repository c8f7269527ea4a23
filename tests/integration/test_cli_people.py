"""``deliberate municipality`` and ``deliberate people``."""

import json
from pathlib import Path
from typing import Any

import pytest

from deliberate.cli.demo.places import WRZOSOWIANY
from tests.databases import Databases
from tests.terminal import Said, Terminal

NAMES = {key: value for key, value in WRZOSOWIANY.names.items() if isinstance(value, str)}


@pytest.fixture
def terminal(databases: Databases, tmp_path: Path) -> Terminal:
    databases.restore()
    return Terminal(database_url=databases.url, folder=tmp_path)


def add_municipality(
    terminal: Terminal,
    *,
    names: Any = NAMES,
    slug: str = "wrzosowiany",
    host: str = "wrzosowiany.example",
    kind: str = "gmina",
    teryt: str = "9807052",
) -> Said:
    file = terminal.folder / "names.json"
    file.write_text(names if isinstance(names, str) else json.dumps(names))
    words = ("--slug", slug, "--host", host, "--kind", kind, "--teryt", teryt)
    return terminal.run("municipality", "add", *words, file)


def add_person(terminal: Terminal, **changed: str) -> Said:
    given = {
        "municipality": "wrzosowiany",
        "email": "jolanta@wrzosowiany.example",
        "name": "Jolanta B.",
        "role": "administrator",
    } | changed
    return terminal.run(
        "people", "add", *(part for k, v in given.items() for part in (f"--{k}", v))
    )


def test_a_municipality_and_its_first_administrator(terminal: Terminal) -> None:
    assert add_municipality(terminal).code == 0
    assert add_person(terminal).code == 0

    assert terminal.run("municipality", "list").out == (
        "wrzosowiany\twrzosowiany.example\tGmina Wrzosowiany\n"
    )
    assert terminal.run("people", "list", "--municipality", "wrzosowiany").out == (
        "administrator\tJolanta B.\tjolanta@wrzosowiany.example\n"
    )
    assert terminal.run("audit", "verify").code == 0


def test_a_second_role_goes_to_the_same_account(terminal: Terminal) -> None:
    add_municipality(terminal)
    add_person(terminal)

    assert add_person(terminal, role="officer", email="JOLANTA@wrzosowiany.example").code == 0

    listed = terminal.run("people", "list", "--municipality", "wrzosowiany").out
    assert listed.splitlines() == [
        "administrator\tJolanta B.\tjolanta@wrzosowiany.example",
        "officer\tJolanta B.\tjolanta@wrzosowiany.example",
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"names": "not json"}, "Plik z nazwami nie jest poprawnym JSON-em."),
        ({"names": ["list"]}, "Plik z nazwami ma zawierać jeden obiekt JSON."),
        (
            {"names": NAMES | {"locative": 7}},
            "W pliku z nazwami brakuje: locative.",
        ),
        ({"teryt": "12"}, "Zły numer TERYT."),
    ],
)
def test_a_wrong_municipality_is_one_sentence_and_leaves_nothing(
    terminal: Terminal, changed: dict[str, Any], sentence: str
) -> None:
    said = add_municipality(terminal, **changed)

    assert (said.code, said.err) == (1, f"{sentence}\n")
    assert terminal.run("municipality", "list").out == ""


@pytest.mark.parametrize("changed", [{"slug": "other"}, {"host": "other.example"}])
def test_a_taken_name_or_host_is_refused(terminal: Terminal, changed: dict[str, str]) -> None:
    add_municipality(terminal)

    said = add_municipality(terminal, **changed)

    assert (said.code, said.err) == (1, "Ten skrót albo adres ma już inny samorząd.\n")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nonsense"}, "To nie jest adres e-mail."),
        (
            {"municipality": "nowhere"},
            "Nie ma samorządu o skrócie nowhere: deliberate municipality list",
        ),
        ({"name": "   "}, "Podaj nazwę wyświetlaną."),
    ],
)
def test_a_wrong_person_is_one_sentence(
    terminal: Terminal, changed: dict[str, str], sentence: str
) -> None:
    add_municipality(terminal)

    said = add_person(terminal, **changed)

    assert (said.code, said.err) == (1, f"{sentence}\n")


def test_the_role_of_the_installation_is_not_given_in_a_municipality(terminal: Terminal) -> None:
    add_municipality(terminal)

    assert add_person(terminal, role="operator").code == 2
