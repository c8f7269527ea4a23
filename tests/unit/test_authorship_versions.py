"""What changed between two versions, field by field."""

from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms.worddiff import Kind
from deliberate.authorship.versions import compare

texts = st.dictionaries(st.sampled_from(["title", "reason", "place"]), st.text(max_size=40))


def test_a_changed_word_stands_between_the_same_ones() -> None:
    [change] = compare({"title": "Ławki na rynku"}, {"title": "Drzewa na rynku"})

    assert change.changed
    assert (Kind.REMOVED, "Ławki") in change.pieces
    assert (Kind.ADDED, "Drzewa") in change.pieces


def test_fields_that_came_and_went_are_shown_too() -> None:
    changes = compare({"place": "Rynek"}, {"title": "Ławki"})

    assert [(c.field, c.changed) for c in changes] == [("title", True), ("place", True)]


@given(texts)
def test_a_text_beside_itself_has_not_changed(fields: dict[str, str]) -> None:
    assert not any(change.changed for change in compare(fields, fields))


@given(texts, texts)
def test_pieces_make_up_both_texts(old: dict[str, str], new: dict[str, str]) -> None:
    for change in compare(old, new):
        before = "".join(text for kind, text in change.pieces if kind is not Kind.ADDED)
        after = "".join(text for kind, text in change.pieces if kind is not Kind.REMOVED)

        assert before == old.get(change.field, "")
        assert after == new.get(change.field, "")
