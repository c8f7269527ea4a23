"""``deliberate municipality`` and ``deliberate people``."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts.models import Person, SecondFactor
from deliberate.audit.models import AuditEntry
from deliberate.cli.demo.places import WRZOSOWIANY
from deliberate.cli.municipality_settings import BAD_HOST
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from tests import make
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


@pytest.mark.first_on_both
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


@pytest.mark.first_on_both
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


# Settings by key.


@pytest.fixture
def wrzosowiany(terminal: Terminal) -> Terminal:
    assert add_municipality(terminal).code == 0
    return terminal


def test_every_setting_is_shown_and_can_be_given_back(wrzosowiany: Terminal) -> None:
    shown = wrzosowiany.run("municipality", "set", "wrzosowiany")

    lines = shown.out.splitlines()
    assert (shown.code, shown.err) == (0, "")
    assert "name=Wrzosowiany" in lines
    assert "languages=pl,en,uk" in lines
    assert "accepts_late_letters=nie" in lines
    given = [line for line in lines if not line.startswith("portal_name=")]
    again = wrzosowiany.run("municipality", "set", "wrzosowiany", *given)
    assert (again.code, again.err) == (0, "")
    assert wrzosowiany.run("municipality", "set", "wrzosowiany").out == shown.out


def test_settings_are_changed_and_the_change_is_recorded(wrzosowiany: Terminal) -> None:
    before = wrzosowiany.run("audit", "verify").out

    said = wrzosowiany.run(
        "municipality",
        "set",
        "wrzosowiany",
        "office_phone=(00) 765 43 21",
        "accepts_late_letters=tak",
        "languages=uk",
        "host=Rozmowa.Wrzosowiany.example",
        "population=7412",
    )

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "host=rozmowa.wrzosowiany.example",
        "population=7412",
        "office_phone=(00) 765 43 21",
        "accepts_late_letters=tak",
        "languages=pl,uk",
    ]
    after = wrzosowiany.run("audit", "verify")
    assert after.code == 0
    assert "m:1: 1 " in after.out
    assert "m:1:" not in before


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("office_email=nonsense", "office_email: Sprawdź adres: ma wyglądać jak ewa@poczta.pl."),
        ("name=", "name: Uzupełnij to pole."),
        ("council=R", "council: Napisz trochę więcej: co najmniej 2 znaków."),
        ("brand=blue", "brand: Podaj kolor jako # i sześć znaków, na przykład #0f5257."),
        ("teryt=12", "teryt: Podaj 7 cyfr gminy albo 4 cyfry powiatu."),
        ("population=-1", "population: Podaj liczbę od zera."),
        (
            "host=https://wrzosowiany.example",
            f"host: {BAD_HOST}",
        ),
        ("accepts_late_letters=maybe", "accepts_late_letters: napisz tak albo nie."),
        ("version=7", "Nie ma takiego ustawienia: version."),
    ],
)
def test_a_wrong_setting_is_refused_as_on_its_page(
    wrzosowiany: Terminal, change: str, sentence: str
) -> None:
    before = wrzosowiany.run("municipality", "set", "wrzosowiany").out

    said = wrzosowiany.run("municipality", "set", "wrzosowiany", "office_hours=8–16", change)

    assert (said.code, said.out, said.err) == (1, "", f"{sentence}\n")
    assert wrzosowiany.run("municipality", "set", "wrzosowiany").out == before


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast(wrzosowiany: Terminal) -> None:
    said = wrzosowiany.run("municipality", "set", "wrzosowiany", "brand=#ffff00")

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "4,5 : 1" in said.err


def test_a_taken_host_is_not_set(wrzosowiany: Terminal) -> None:
    add_municipality(wrzosowiany, slug="other", host="other.example")

    said = wrzosowiany.run("municipality", "set", "other", "host=wrzosowiany.example")

    assert (said.code, said.err) == (1, "Ten adres ma już inny samorząd.\n")


def test_a_setting_without_a_value_is_a_wrong_call(wrzosowiany: Terminal) -> None:
    assert wrzosowiany.run("municipality", "set", "wrzosowiany", "brand").code == 2


def test_settings_of_nobody_are_one_sentence(wrzosowiany: Terminal) -> None:
    said = wrzosowiany.run("municipality", "set", "nowhere", "name=X")

    assert (said.code, said.err) == (
        1,
        "Nie ma samorządu o skrócie nowhere: deliberate municipality list\n",
    )


# Roles of people who have accounts.


def role(terminal: Terminal, *words: str, email: str = "jolanta@wrzosowiany.example") -> Said:
    return terminal.run("people", "role", "--municipality", "wrzosowiany", "--email", email, *words)


def list_people(terminal: Terminal) -> list[str]:
    return terminal.run("people", "list", "--municipality", "wrzosowiany").out.splitlines()


def test_a_role_is_given_and_ended_and_both_are_recorded(wrzosowiany: Terminal) -> None:
    add_person(wrzosowiany)

    given = role(wrzosowiany, "--give", "officer")
    assert (given.code, given.out) == (0, "Jolanta B.: officer, Gmina Wrzosowiany.\n")
    assert "officer\tJolanta B.\tjolanta@wrzosowiany.example" in list_people(wrzosowiany)
    ended = role(wrzosowiany, "--end", "officer")

    assert (ended.code, ended.err) == (0, "")
    assert list_people(wrzosowiany)[1].startswith("officer\tJolanta B.\t")
    assert "\tdo 20" in list_people(wrzosowiany)[1]
    verified = wrzosowiany.run("audit", "verify")
    assert verified.code == 0
    assert "m:1: 3 " in verified.out  # administrator, officer, the end of officer


def test_the_last_administrator_stays(wrzosowiany: Terminal) -> None:
    add_person(wrzosowiany)

    said = role(wrzosowiany, "--end", "administrator")

    assert said.code == 1
    assert said.err == (
        "To jedyna osoba, która zarządza rolami. Najpierw zaproś do tego drugą osobę.\n"
    )
    assert "\tdo " not in list_people(wrzosowiany)[0]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("words", "email", "sentence"),
    [
        (("--give", "administrator"), "jolanta@wrzosowiany.example", "Ta osoba ma już tę rolę."),
        (("--end", "auditor"), "jolanta@wrzosowiany.example", "Ta osoba nie ma tej roli."),
        (
            ("--give", "officer"),
            "nikt@wrzosowiany.example",
            "Nie ma konta z adresem nikt@wrzosowiany.example: deliberate people add",
        ),
        (("--give", "officer"), "nonsense", "To nie jest adres e-mail."),
    ],
)
def test_a_role_that_makes_no_sense_is_one_sentence(
    wrzosowiany: Terminal, words: tuple[str, ...], email: str, sentence: str
) -> None:
    add_person(wrzosowiany)
    before = list_people(wrzosowiany)

    said = role(wrzosowiany, *words, email=email)

    assert (said.code, said.err) == (1, f"{sentence}\n")
    assert list_people(wrzosowiany) == before


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "words", [(), ("--give", "officer", "--end", "officer"), ("--give", "operator")]
)
def test_a_role_neither_given_nor_ended_is_a_wrong_call(
    wrzosowiany: Terminal, words: tuple[str, ...]
) -> None:
    assert role(wrzosowiany, *words).code == 2


def test_adding_somebody_to_a_role_they_hold_adds_nothing(wrzosowiany: Terminal) -> None:
    add_person(wrzosowiany)

    said = add_person(wrzosowiany)

    assert (said.code, said.err) == (1, "Ta osoba ma już tę rolę.\n")
    assert len(list_people(wrzosowiany)) == 1


def test_the_operator_takes_a_lost_second_factor_away(app: Flask, terminal: Terminal) -> None:
    add_municipality(terminal)
    add_person(terminal)
    with app.app_context():
        person = db.session.scalars(select(Person.id)).one()
    make.second_factor(app, person)
    said = terminal.run("people", "factor-reset", "Jolanta@wrzosowiany.example")
    again = terminal.run("people", "factor-reset", "jolanta@wrzosowiany.example")

    assert (said.code, said.out) == (0, "Jolanta B.: drugi składnik usunięty, list napisany.\n")
    assert (again.code, again.err) == (1, "Ta osoba nie ma drugiego składnika.\n")
    with app.app_context():
        assert db.session.scalars(select(SecondFactor)).all() == []
        letter = db.session.scalars(select(Outbox)).one()
        assert letter.subject == "Drugi składnik logowania został usunięty – Wrzosowiany"
        assert "Operator instalacji" in letter.body
        recorded = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "factor.reset")
        ).one()
        assert (recorded.chain, recorded.actor) == ("installation", "system")
        assert recorded.subject == f"person:{person}"
    assert terminal.run("audit", "verify").code == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("jolanta", "To nie jest adres e-mail."),
        ("nikt@wrzosowiany.example", "Nie ma konta z adresem nikt@wrzosowiany.example."),
    ],
)
def test_a_reset_for_nobody_is_refused_in_one_line(
    terminal: Terminal, email: str, sentence: str
) -> None:
    said = terminal.run("people", "factor-reset", email)

    assert said.code == 1
    assert said.err.strip().endswith(sentence)
    assert len(said.err.splitlines()) == 1
