"""Texts made comparable: case, accents, endings."""

import pytest

from deliberate.algorithms import folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("z\u0307o\u0301łc\u0301", "zolc"),
        ("Straße", "strasse"),
        ("Ærøskøbing Đorđe Œuvre", "aeroskobing dorde oeuvre"),
        ("ﬁnał №7", "final no7"),
        ("Її об’єкт і ґанок", "її об'єкт і ґанок"),
        ("Йому", "йому"),
        ("İstanbul ısı", "istanbul isi"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert folding.fold(text) == folded


def test_words_are_folded_and_keep_their_order() -> None:
    assert folding.words("Łąka, 2 ławki i об’єкт_7!") == ["laka", "2", "lawki", "i", "обєкт", "7"]


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("drzewo drzewa drzew drzewom drzewami drzewach drzewie", "drzew"),
        ("rower rowery roweru rowerów rowerami rowerach rowerem", "rower"),
        ("park parki parku parków parkiem parkami", "park"),
        ("szkoła szkoły szkole szkół szkołami", "szkol"),
        ("boisko boiska boisk boiskiem", "boisk"),
        ("nowy nowa nowe nowego nowemu nowych nowymi nową", "now"),
        ("дерево дерева дерев деревами деревах", "дерев"),
    ],
)
def test_forms_of_a_word_meet_in_one_stem(forms: str, stem: str) -> None:
    assert set(folding.stems(forms)) == {stem}


def test_short_words_are_left_whole() -> None:
    assert folding.stems("do lasu i na wsi") == ["do", "las", "i", "na", "wsi"]
