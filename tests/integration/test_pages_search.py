"""Searching the whole municipality: what is found, and what must never be."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberate.consultations.states import State
from tests import make
from tests.sql import counted


def search(app: Flask, words: str) -> str:
    answer = make.client(app).get("/szukaj", query_string={"szukaj": words})
    assert answer.status_code == 200
    return answer.text.partition("</form>")[2]


def test_all_three_kinds_are_found_whatever_the_case_and_marks(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, title="Źródła nad Łąką")
    proposal = make.proposal(app, tenant, consultation, title="Łąka kwietna")
    talk = make.thread_of(app, tenant, "proposal", proposal)
    make.contribution(app, tenant, talk, body="Na łąkę czekamy od lat.")

    text = search(app, "ŁĄK")

    assert "Źródła nad Łąką" in text
    assert "Łąka kwietna" in text
    assert "Na łąkę czekamy od lat." in text
    assert "Łąka kwietna" in search(app, "laka KWIETNA")


def test_every_word_must_occur(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    make.proposal(app, tenant, consultation, title="Łąka kwietna")

    assert "Nic nie znaleziono" in search(app, "łąka parking")


@pytest.mark.parametrize("words", ["%", "_", "ław%i", "' OR 1=1 --", "\\", "a" * 5000])
def test_signs_of_the_database_are_only_signs(app: Flask, tenant: int, words: str) -> None:
    make.proposal(app, tenant, make.consultation(app, tenant), title="Ławki na rynku")

    assert "Ławki na rynku" not in search(app, words)


@pytest.mark.first_on_both
@pytest.mark.parametrize("words", ["", "   ", "\x00\x01", "\u202e"])
def test_nothing_typed_finds_nothing(app: Flask, tenant: int, words: str) -> None:
    make.proposal(app, tenant, make.consultation(app, tenant), title="Ławki na rynku")

    text = search(app, words)

    assert "Ławki na rynku" not in text
    assert "Nic nie znaleziono" not in text


def test_what_was_typed_is_shown_as_text(app: Flask, tenant: int) -> None:
    answer = make.client(app).get("/szukaj", query_string={"szukaj": '"><script>alert(1)'})

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_what_is_hidden_is_not_found(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation, title="Kanarek propozycji")
    talk = make.thread_of(app, tenant, "proposal", proposal)
    hidden = make.contribution(app, tenant, talk, body="Kanarek ukryty")
    withdrawn = make.contribution(app, tenant, talk, body="Kanarek wycofany")
    make.contribution(app, tenant, talk, body="Kanarek pod ukrytym")
    make.hidden(app, "contribution", hidden)
    make.withdrawn(app, withdrawn)
    text = search(app, "kanarek")
    assert "Kanarek pod ukrytym" in text
    assert "Kanarek ukryty" not in text
    assert "Kanarek wycofany" not in text

    make.hidden(app, "proposal", proposal)

    assert "Nic nie znaleziono" in search(app, "kanarek")


def test_what_belongs_to_a_draft_or_to_another_municipality_is_not_found(
    app: Flask, tenant: int
) -> None:
    draft = make.consultation(app, tenant, title="Kanarek", state=State.DRAFT)
    make.proposal(app, tenant, draft, title="Kanarek w szkicu")
    other = make.municipality(app, slug="inna", name="Inna")
    elsewhere = make.consultation(app, other, title="Kanarek w Innej")
    make.proposal(app, other, elsewhere, title="Kanarek w Innej, propozycja")

    assert "Nic nie znaleziono" in search(app, "kanarek")


def test_at_most_twenty_of_a_kind_are_shown_and_it_is_said(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    for n in range(21):
        make.proposal(app, tenant, consultation, title=f"Ławka {n};")

    text = search(app, "ławka")

    assert text.count("<h3>") == 20
    assert "Pokazujemy najwyżej 20 rzeczy jednego rodzaju." in text


def test_the_page_takes_as_many_queries_for_one_thing_as_for_many(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    for n in range(15):
        proposal = make.proposal(app, tenant, consultation, title=f"Ławka {n}")
        talk = make.thread_of(app, tenant, "proposal", proposal)
        make.contribution(app, tenant, talk, body="Ławka jest potrzebna.")

    with counted(app) as statements:
        search(app, "ławka")

    assert len(statements) <= 7, statements
