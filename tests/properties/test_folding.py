"""What holds for any text in any script."""

from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms import folding

letters = st.text(alphabet="aąbcćłŁóÓżŹßİıїйґЇ’'\u0301\u0306ﬁ ǅ-1", max_size=20) | st.text()


@given(letters)
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = folding.fold(text)

    assert folding.fold(folded) == folded


@given(letters)
def test_case_makes_no_difference(text: str) -> None:
    assert folding.fold(text.casefold()) == folding.fold(text)


@given(letters)
def test_a_stem_is_a_beginning_of_its_word(text: str) -> None:
    words = folding.words(text)

    assert len(folding.stems(text)) == len(words)
    assert all(word.startswith(stem) for word, stem in zip(words, folding.stems(text), strict=True))
