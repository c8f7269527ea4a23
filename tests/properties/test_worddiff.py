"""Both texts can be read out of their difference, to the character."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms.worddiff import Kind, word_diff

few = st.lists(st.sampled_from(["a", "bb", "długie", " ", "\n", ".", "ł"]), max_size=12)
texts = few.map("".join) | st.text(max_size=30)


@given(texts, texts)
def test_both_texts_are_in_the_difference(old: str, new: str) -> None:
    pieces = word_diff(old, new)

    assert "".join(text for kind, text in pieces if kind is not Kind.ADDED) == old
    assert "".join(text for kind, text in pieces if kind is not Kind.REMOVED) == new


@given(texts, texts)
def test_pieces_are_not_empty_and_neighbours_differ(old: str, new: str) -> None:
    pieces = word_diff(old, new)

    assert all(text for _, text in pieces)
    assert all(one[0] is not other[0] for one, other in pairwise(pieces))
    assert (Kind.ADDED, Kind.REMOVED) not in pairwise(kind for kind, _ in pieces)
