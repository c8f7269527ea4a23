"""Ways of counting in words, and what an officer types about them."""

from fractions import Fraction

import pytest

from deliberate.algorithms.counting import METHODS, BallotKind
from deliberate.voting import section_forms, wording
from deliberate.voting.views import telling


def test_every_kind_and_every_method_has_its_words_and_its_picture() -> None:
    assert set(wording.KINDS) == set(BallotKind)
    assert set(wording.METHOD_WORDS) == set(METHODS) == set(telling.SHAPES)
    assert set(telling.SHAPES.values()) == set(telling.TELLERS)


@pytest.mark.parametrize("kind", BallotKind)
def test_every_kind_can_be_counted(kind: BallotKind) -> None:
    assert [key for key in wording.methods_of(kind) if kind not in METHODS[key].ballots] == []
    assert wording.methods_of(kind)


@pytest.mark.parametrize(
    ("value", "locale", "words"),
    [
        (Fraction(1204), "pl", "1\N{NO-BREAK SPACE}204"),
        (Fraction(13, 2), "pl", "6,5"),
        (Fraction(13, 2), "en", "6.5"),
        (Fraction(1, 100_000), "uk", "0,00001"),
        (Fraction(1, 3), "pl", "1/3"),
        (Fraction(-3, 2), "pl", "-1,5"),
        (Fraction(0), "pl", "0"),
    ],
)
def test_a_figure_is_exact(value: Fraction, locale: str, words: str) -> None:
    assert wording.figure(value, locale) == words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ławki", [("Ławki", "", None)]),
        (
            " Ławki | Trzy. | 1 200,50 zł \n\nKosz||9",
            [("Ławki", "Trzy.", 120_050), ("Kosz", "", 900)],
        ),
    ],
)
def test_options_are_read_line_by_line(
    written: str, read: list[tuple[str, str, int | None]]
) -> None:
    options = section_forms.read_options(written)

    assert [(option.title, option.text, option.cost) for option in options] == read
    assert section_forms.read_options(section_forms.write_options(options)) == options


@pytest.mark.parametrize(
    "written", ["", " \n ", "| opis", "a | b | c", "a | b | 1 | d", "a||1,5", "x" * 201]
)
def test_what_is_no_option_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        section_forms.read_options(written)


@pytest.mark.parametrize("written", ["", "0", "1; 2", "trzy", "3; -1", "1e3", "²"])
def test_what_are_no_weights_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="coraz mniejsze"):
        section_forms.read_weights(written)


@pytest.mark.parametrize(
    "written", ["80", "80:", "0: tak", "101: tak", "80: a\n80: b", "80: a\n65: a"]
)
def test_what_are_no_bands_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="próg i obietnicę"):
        section_forms.read_bands(written)


def test_bands_stand_from_the_highest() -> None:
    bands = section_forms.read_bands("66,7: urząd zbada\n\n80 %:  urząd   wykona")

    assert [(band.key, band.least) for band in bands] == [
        ("urząd wykona", Fraction(4, 5)),
        ("urząd zbada", Fraction(667, 1000)),
    ]
