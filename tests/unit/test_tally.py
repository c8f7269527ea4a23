"""``deliberate tally``: a poll in a file, counted without a database and without settings."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from deliberate.algorithms.counting.method import Step
from deliberate.algorithms.lots import draw_order
from deliberate.cli.tally_words import SENTENCES, figure
from tests.terminal import Said, run

OPTIONS = [{"no": 1, "title": "Ławki"}, {"no": 2, "title": "Park"}, {"no": 10, "title": "Wiata"}]
APPROVAL = {
    "options": OPTIONS,
    "kind": "approval",
    "terms": {"seats": 1},
    "ballots": ["[1,2]", "[2]", "[]", "[2,10]"],
}

Tally = Callable[..., Said]


@pytest.fixture
def tally(tmp_path: Path) -> Tally:
    """Give a way to write a file and count it."""

    def tally(content: object, *words: str) -> Said:
        path = tmp_path / "poll.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        said = run("tally", path, *words, environment={})
        return Said(said.code, said.out, said.err.replace(str(path), "FILE"))

    return tally


def poll(kind: str, *ballots: str, **more: Any) -> dict[str, Any]:
    return {"options": OPTIONS, "kind": kind, "ballots": list(ballots)} | more


def test_it_says_figures_places_rounds_and_who_is_chosen(tally: Tally) -> None:
    said = tally(APPROVAL, "--method", "approval")

    assert (said.code, said.err) == (0, "")
    method, *lines = said.out.splitlines()
    assert method.startswith("Metoda: approval, wersja 1 · Brams, Fishburn")
    assert lines == [
        "Sekcja 1 · karty: 4",
        "1. · nr 2 · Park · 3",
        "2. · nr 1 · Ławki · 1",
        "2. · nr 10 · Wiata · 1",
        "Przebieg:",
        "  1. Policzono: nr 2: 3, nr 1: 1, nr 10: 1.",
        "  2. Wybrano: nr 2.",
        "Wybrano: nr 2 Park.",
    ]


def test_a_tie_at_the_border_is_said_until_a_seed_draws_lots(tally: Tally) -> None:
    open_ = tally(APPROVAL, "--method", "approval", "--seats", "2")
    drawn = tally(APPROVAL, "--method", "approval", "--seats", "2", "--seed", "4 8 15 16 23 42")

    tie = "Wybrano: nr 2 Park; remis o miejsce: nr 1, nr 10; rozstrzyga los (--seed)."
    assert open_.out.splitlines()[-1] == tie
    order = [number for number in draw_order([1, 2, 10], "4 8 15 16 23 42") if number != 2]
    lucky = order[0]
    among = ", ".join(f"nr {number}" for number in order)
    assert f"Rozstrzyga los między równymi ({among}): nr {lucky}." in drawn.out
    assert drawn.out.splitlines()[-1].startswith(f"Wybrano: nr 2 Park, nr {lucky} ")


def test_equals_share_a_place_and_the_next_one_is_counted_from_there(tally: Tally) -> None:
    said = tally(poll("approval", "[1,2]"), "--method", "approval")

    assert [line[:9] for line in said.out.splitlines()[2:5]] == [
        "1. · nr 1",
        "1. · nr 2",
        "3. · nr 1",
    ]


def test_json_has_exact_fractions(tally: Tally) -> None:
    said = tally(poll("ranked", "[10,2]", "[2]"), "--method", "borda", "--json")

    data = json.loads(said.out)
    assert (data["method"], data["version"]) == ("borda", 1)
    (section,) = data["sections"]
    assert section["score"] == {"1": "1/2", "2": "3", "10": "5/2"}
    assert section["places"] == [[2], [10], [1]]
    assert (section["elected"], section["drawn"], section["ballots"]) == ([2], [], 2)
    assert [step["step"] for step in section["rounds"]] == ["tally", "elected"]
    assert section["rounds"][0]["figures"]["10"] == "5/2"


def test_each_section_is_counted_for_itself(tally: Tally) -> None:
    other = poll("approval", "[10]", title="Dąbrówka")
    said = tally({"sections": [APPROVAL, other]}, "--method", "approval")

    assert "Sekcja 1 · karty: 4" in said.out
    assert "Sekcja 2 Dąbrówka · karty: 1" in said.out
    assert [line for line in said.out.splitlines() if line.startswith("Wybrano")] == [
        "Wybrano: nr 2 Park.",
        "Wybrano: nr 10 Wiata.",
    ]


def test_questions_get_a_line_of_their_verdict(tally: Tally) -> None:
    content = poll(
        "questions",
        '[[1,"yes"],[2,"no"]]',
        '[[1,"yes"],[2,"abstain"]]',
        terms={
            "denominator": "ballots",
            "quorum": 2,
            "bands": [
                {"key": "do wykonania", "least": "4/5"},
                {"key": "do analizy", "least": 0.65},
            ],
        },
    )
    said = tally(content, "--method", "questions")

    assert "   za 2, przeciw 0, wstrzymujących 0, pustych 0; 2 z 2; próg: do wykonania" in said.out
    assert "   za 0, przeciw 1, wstrzymujących 1, pustych 0; 0 z 2; żaden próg" in said.out
    content["terms"]["quorum"] = 3
    assert tally(content, "--method", "questions").out.count("nie ma kworum") == 3
    verdict = json.loads(tally(content, "--method", "questions", "--json").out)["sections"][0][
        "verdicts"
    ]["1"]
    assert (verdict["share"], verdict["has_quorum"], verdict["band"]) == ("1", False, None)


def test_weights_and_scales_come_from_the_file(tally: Tally) -> None:
    weighted = poll("ranked", "[2,10]", "[10]", terms={"weights": [3, "3/2", 0.5]})
    scored = poll("score", "[[1,-1],[2,3]]", terms={"scale": [-2, 3]})

    assert "nr 10 · Wiata · 4,5" in tally(weighted, "--method", "positional").out
    assert "nr 10 · Wiata · -2" in tally(scored, "--method", "score").out


def test_majority_judgement_tells_the_middle_grades(tally: Tally) -> None:
    content = poll("score", "[[1,3],[2,4]]", "[[1,3],[2,2]]", "[[1,1],[2,3]]")
    said = tally(content, "--method", "majority_judgement")

    assert "Policzono: nr 1: 3, nr 2: 3, nr 10: 0." in said.out
    assert (
        "Równe: nr 1, nr 2. Po odjęciu tylu środkowych ocen: 1 – środkowa ocena nr 2: 2, nr 1: 1."
        in said.out
    )


def test_a_file_may_hold_the_drawn_order(tally: Tally) -> None:
    content = poll("approval", terms={"lots": [10, 1, 2]})

    assert tally(content, "--method", "approval").out.splitlines()[-1] == "Wybrano: nr 10 Wiata."
    both = tally(content, "--method", "approval", "--seed", "x")
    assert (both.code, both.out) == (1, "")
    assert "pomiń --seed" in both.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "Plik FILE nie jest poprawnym JSON-em (wiersz 1)."),
        ("[" * 100_000, "Plik FILE ma liczbę albo budowę, której nie czytamy."),
        ('{"options": NaN}', "Plik FILE ma liczbę albo budowę, której nie czytamy."),
        ('{"options": 1e999999999}', "Plik FILE ma liczbę albo budowę, której nie czytamy."),
        ("[]", "Plik FILE: to nie jest głosowanie."),
        ({}, "Plik FILE: brakuje pola „options”."),
        ({"options": OPTIONS}, "Plik FILE: brakuje pola „kind”."),
        ({"options": OPTIONS, "kind": "approval"}, "Plik FILE: brakuje pola „ballots”."),
        ({"options": {}}, "Plik FILE: pole „options” ma złą wartość."),
        ({"sections": []}, "Plik FILE: pole „sections” jest puste."),
        ({"sections": [7]}, "Plik FILE, sekcja 1: to nie jest sekcja głosowania."),
        ({"sections": [APPROVAL, {}]}, "Plik FILE, sekcja 2: brakuje pola „options”."),
        (APPROVAL | {"options": []}, "Plik FILE: nie ma żadnej opcji."),
        (
            APPROVAL | {"options": [{"no": 0, "title": ""}]},
            "Plik FILE: opcja bez numeru („no”, od 1) albo tytułu („title”).",
        ),
        (APPROVAL | {"options": OPTIONS[:1] * 2}, "Plik FILE: opcja 1 jest dwa razy."),
        (APPROVAL | {"kind": "secret"}, "Plik FILE: nieznany rodzaj karty „secret”."),
        (APPROVAL | {"terms": {"seat": 1}}, "Plik FILE: nieznana reguła „seat”."),
        (APPROVAL | {"terms": {"seats": "1"}}, "Plik FILE: reguła „seats” ma złą wartość."),
        (APPROVAL | {"terms": {"scale": [1]}}, "Plik FILE: reguła „scale” ma złą wartość."),
        (APPROVAL | {"terms": {"weights": ["x"]}}, "Plik FILE: reguła „weights” ma złą wartość."),
        (APPROVAL | {"terms": {"bands": [{}]}}, "Plik FILE: reguła „bands” ma złą wartość."),
        (
            APPROVAL | {"terms": {"denominator": "all"}},
            "Plik FILE: reguła „denominator” ma złą wartość.",
        ),
        (APPROVAL | {"ballots": [[1]]}, "Plik FILE: karta 1 nie jest tekstem."),
        (
            APPROVAL | {"ballots": ["[1]", "[2,1]"]},
            "Plik FILE: karta 2 nie jest zapisana jak karta „approval”: [2,1]",
        ),
        (
            APPROVAL | {"ballots": ["[1]", "[1]", "[2,3,9]"]},
            "Plik FILE: karta 3 wskazuje opcję 3, 9, której nie ma.",
        ),
        (
            APPROVAL | {"kind": "ranked", "ballots": []},
            "Sekcja 1: metoda approval liczy karty „approval, knapsack”, a te są „ranked”.",
        ),
        (
            APPROVAL | {"terms": {"seats": 0}},
            "Sekcja 1: tak nie da się policzyć (Seats: 0).",
        ),
        (
            APPROVAL | {"terms": {"lots": [1]}},
            (
                "Sekcja 1: tak nie da się policzyć "
                "(The lots are no order of the options of this vote)."
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(tally: Tally, content: object, says: str) -> None:
    said = tally(content, "--method", "approval")

    assert (said.code, said.out, said.err) == (1, "", says + "\n")


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    windows = tmp_path / "windows.json"
    windows.write_bytes("{„ł”}".encode("cp1250"))

    for path, says in (
        (tmp_path / "none.json", "Nie ma pliku"),
        (tmp_path, "nie da się odczytać"),
        (windows, "nie jest tekstem UTF-8"),
    ):
        said = run("tally", path, "--method", "approval", environment={})

        assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
        assert says in said.err


def test_a_method_that_needs_a_lot_to_go_on_asks_for_a_seed(tally: Tally) -> None:
    content = poll("ranked", "[1]", "[2]", "[10]")

    asked = tally(content, "--method", "irv")
    assert (asked.code, asked.out) == (1, "")
    assert asked.err == "Sekcja 1: między równymi musi rozstrzygnąć los; podaj --seed.\n"
    assert tally(content, "--method", "irv", "--seed", "x").code == 0


@pytest.mark.parametrize("words", [(), ("--method", "dice"), ("--method", "irv", "--seats", "0")])
def test_a_wrong_call_is_code_2(tally: Tally, words: tuple[str, ...]) -> None:
    assert tally(APPROVAL, *words).code == 2


def test_every_step_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(Step)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(1200), "1200"),
        (Fraction(9, 2), "4,5"),
        (Fraction(-1, 2), "-0,5"),
        (Fraction(3, 100_000), "0,00003"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_a_figure_is_never_rounded(value: Fraction, shown: str) -> None:
    assert figure(value) == shown
