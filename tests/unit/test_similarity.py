"""Finding what somebody has already written."""

from fractions import Fraction

import pytest

from deliberate.algorithms.similarity import Similar, rank_similar, similarity, trigrams

PROPOSALS = [
    (1, "Nowe ławki na rynku"),
    (2, "Więcej drzew przy szkole"),
    (3, "Ławki i drzewa na rynku"),
    (4, "Naprawa chodnika"),
]


def test_a_word_is_padded_before_it_is_cut() -> None:
    assert trigrams("Kot") == {"  k", " ko", "kot", "ot "}


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("Ławki na rynku", "na RYNKU: lawki", Fraction(1)),
        ("kot", "kos", Fraction(1, 2)),
        ("kot", "pies", Fraction(0)),
        ("", "", Fraction(0)),
        ("?!", "kot", Fraction(0)),
    ],
)
def test_similarity_is_exact(one: str, other: str, score: Fraction) -> None:
    assert similarity(one, other) == similarity(other, one) == score


def test_the_most_alike_comes_first_and_the_unlike_not_at_all() -> None:
    found = rank_similar("Ławka na rynku", PROPOSALS, at_least=Fraction(1, 4), limit=5)

    assert [similar.key for similar in found] == [1, 3]
    assert found[0].score > found[1].score >= Fraction(1, 4)


def test_of_equally_alike_the_one_given_first_comes_first() -> None:
    same = [("b", "kot"), ("a", "Kot"), ("c", "KOT")]

    found = rank_similar("kot", same, at_least=Fraction(1), limit=3)

    assert found == [Similar(key=key, score=Fraction(1)) for key in ("b", "a", "c")]


def test_no_more_come_than_were_asked_for() -> None:
    assert len(rank_similar("rynek", PROPOSALS, at_least=Fraction(0), limit=2)) == 2
