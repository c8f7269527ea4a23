"""Cutting a document loses nothing, and finding its units again takes each at most once."""

from hypothesis import example, given
from hypothesis import strategies as st

from deliberate.algorithms.units import (
    Level,
    Line,
    Piece,
    match,
    merge,
    parse,
    placed,
    recut,
    split,
)

BEGINNINGS = [
    "§ 1.", "§ 2. 1.", "§ 2a", "§ 3 Cele", "§ 4. 1. 1)", "Art. 5.", "Art. 6. 1.", "1.", "2.", "1a.",
    "1)", "2)", "2a)", "a)", "b)", "a.", "–", "- ", "•", "Rozdział 1", "DZIAŁ II", "I.", "II.",
    "1.1.", "1.1.1", "2.1 ", "Załącznik nr 1", "Uzasadnienie", "CELE PROGRAMU", "", "", "",
]  # fmt: skip
ENDS = ["", ".", ":", ";", " ust.", " w", " zgodnie z § 5."]
words = st.sampled_from(
    ["Gmina", "wspiera", "ławki", "na rynku", "w 2027 r.", "\t", "  ", "ж", "–"]
)
written = st.builds(
    lambda start, middle, end: f"{start} {' '.join(middle)}{end}",
    st.sampled_from(BEGINNINGS),
    st.lists(words, max_size=5),
    st.sampled_from(ENDS),
)
lines = st.builds(
    Line,
    written | st.text(max_size=20),
    st.sampled_from([0, 0, 0, 1, 2]),
    st.sampled_from([False, False, False, True]),
)
documents = st.lists(lines, max_size=25)


def folded(texts: list[str]) -> str:
    return "".join("".join(text.split()) for text in texts)


@given(documents)
@example([Line("Rozdział 1"), Line("1. Cele"), Line("§ 1. 1. 1) a) tekst")])
@example([Line("1. 1. 1. 1.")])
def test_no_character_is_lost_and_each_place_is_named_once(document: list[Line]) -> None:
    pieces = parse(document)

    assert folded([piece.text for piece in pieces]) == folded([line.text for line in document])
    assert all(piece.text.strip() for piece in pieces)
    assert all(piece.path for piece in pieces)
    assert len({piece.path for piece in pieces}) == len(pieces)
    assert {piece.level for piece in pieces} <= set(Level)
    assert placed(pieces) == pieces


@given(documents, documents)
def test_each_old_piece_goes_on_at_most_once(one: list[Line], other: list[Line]) -> None:
    old, new = parse(one), parse(other)

    found = match(old, new)

    taken = [place for place in found if place is not None]
    assert len(found) == len(new)
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(range(len(old)))


@given(documents)
def test_an_unchanged_document_keeps_all_its_pieces(document: list[Line]) -> None:
    pieces = parse(document)

    assert match(pieces, pieces) == list(range(len(pieces)))


@given(documents.filter(bool), st.data())
def test_what_was_cut_is_joined_again(document: list[Line], data: st.DataObject) -> None:
    for piece in parse(document):
        if len(piece.text) < 3:
            continue
        at = data.draw(st.integers(1, len(piece.text) - 1))
        first, second = split(piece, at)

        joined = merge([first, second])

        assert folded([joined.text]) == folded([piece.text])
        assert (joined.level, joined.label, joined.path) == (piece.level, piece.label, piece.path)


@given(st.lists(st.sampled_from(list(Level)), max_size=12))
def test_paths_of_any_order_of_levels_are_given_once(levels: list[Level]) -> None:
    pieces = [Piece(level=level, label="", path="", text="tekst") for level in levels]

    paths = [piece.path for piece in placed(pieces)]

    assert len(set(paths)) == len(paths)
    assert all(paths)


@given(documents.filter(bool), documents, st.data())
def test_cutting_again_loses_nothing(
    one: list[Line], other: list[Line], data: st.DataObject
) -> None:
    old = []
    for piece in parse(one):
        at = data.draw(st.integers(0, len(piece.text) - 1))
        try:
            old += split(piece, at)
        except ValueError:
            old.append(piece)
    old, new = placed(old), parse([*one, *other])

    found = recut(old, new)

    assert folded([piece.text for piece in found]) == folded([piece.text for piece in new])
    assert len(found) >= len(new)
