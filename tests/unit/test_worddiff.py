"""What changed between two versions, as a person would mark it."""

import random

import pytest

from deliberate.algorithms import worddiff
from deliberate.algorithms.worddiff import Kind, word_diff


def marked(old: str, new: str) -> str:
    """Show a difference in one line: [-removed-], {+added+}."""
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in word_diff(old, new))


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("", "", ""),
        ("tak", "tak", "tak"),
        ("", "nowe", "{+nowe+}"),
        ("stare", "", "[-stare-]"),
        ("sto ławek", "sto drzew", "sto [-ławek-]{+drzew+}"),
        ("To ważne.", "To bardzo ważne.", "To {+bardzo +}ważne."),
        ("Tak, i nie.", "Tak i nie.", "Tak[-,-] i nie."),
        ("stary dom w lesie", "nowy blok w lesie", "[-stary dom-]{+nowy blok+} w lesie"),
        ("dąb i klon tu", "lipa i grab tu", "[-dąb i klon-]{+lipa i grab+} tu"),
        ("kot oraz pies", "mysz oraz lis", "[-kot-]{+mysz+} oraz [-pies-]{+lis+}"),
        ("a\n\nb", "c\n\nd", "[-a-]{+c+}\n\n[-b-]{+d+}"),
        ("raz dwa", "raz  dwa", "raz[- -]{+  +}dwa"),
    ],
)
def test_difference(old: str, new: str, difference: str) -> None:
    assert marked(old, new) == difference


def test_an_insertion_beside_a_little_word_does_not_swallow_it() -> None:
    assert marked("stary w lesie", "nowy w starym lesie") == "[-stary-]{+nowy+} w{+ starym+} lesie"
    assert marked("w lesie tu", "dom w parku tu") == "{+dom +}w [-lesie-]{+parku+} tu"
    assert marked("dom w lesie", "dom mały w starym lesie") == "dom {+mały +}w{+ starym+} lesie"


def test_a_text_written_anew_is_shown_as_such() -> None:
    old = " ".join(f"a{n}" for n in range(worddiff.MOST_EDITS))
    new = " ".join(f"b{n}" for n in range(worddiff.MOST_EDITS))

    assert word_diff(f"Tytuł {old} koniec", f"Tytuł {new} koniec") == [
        (Kind.SAME, "Tytuł "),
        (Kind.REMOVED, old),
        (Kind.ADDED, new),
        (Kind.SAME, " koniec"),
    ]


@pytest.mark.parametrize("alphabet", [",.", ",.:;!?()", "a "])
def test_long_texts_with_nothing_but_small_matches_are_given_up_in_time(alphabet: str) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable, nothing secret
    old = "".join(chance.choices(alphabet, k=20_000))
    new = "".join(chance.choices(alphabet, k=20_000))

    kinds = [kind for kind, _ in word_diff(old, new)]

    # Found word by word, the answer would have thousands of pieces and take minutes.
    assert [kind for kind in kinds if kind is not Kind.SAME] == [Kind.REMOVED, Kind.ADDED]
