"""Labels of capacity: stored in Polish, said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberate.authorship import labels
from deliberate.authorship.labels import in_words, signed
from deliberate.authorship.voices import FACILITATOR, GUEST, RESIDENT
from deliberate.kernel.i18n import say, speaking
from deliberate.tenancy.current import current_tenant
from tests import make

STORED = (
    "mieszkanka Lubowierza",
    "mieszkaniec, Nadrzecze",
    "mieszka w Lubowierzu, Nadrzecze",
    "gościnnie",
    "facylitatorka, Stowarzyszenie Rozmowa i Miejsce",
    "Fundacja Dobre Zebranie",
)


@pytest.fixture
def here(app: Flask) -> Iterator[None]:
    """A request to a municipality, which the labels name."""
    make.municipality(app)
    with app.test_request_context("/", environ_base={"deliberate.slug": "lubowierz"}):
        app.preprocess_request()
        yield


@pytest.mark.first_on_both
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("label", STORED)
def test_in_polish_a_label_is_as_it_was_stored(label: str) -> None:
    assert in_words(label) == label


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("language", ["en", "uk"])
def test_for_others_the_fixed_words_are_said_and_names_stay(language: str) -> None:
    with speaking(language):
        resident = say(labels.SOMEWHERE["mieszkanka"], place="Lubowierz")
        lives = say(labels.SOMEWHERE["mieszka"], place="Lubowierz")
        office = current_tenant().office_name

        assert in_words("mieszkanka Lubowierza") == resident
        assert in_words("mieszkanka Lubowierza, Nadrzecze") == f"{resident}, Nadrzecze"
        assert in_words("mieszka w Lubowierzu, Nadrzecze") == f"{lives}, Nadrzecze"
        assert in_words("mieszkaniec, Nadrzecze") == f"{say('mieszkaniec')}, Nadrzecze"
        assert in_words(f"{office}, Wydział") == f"{say(labels.OFFICE, name=office)}, Wydział"
        assert in_words("facylitator, Rozmowa") == f"{say('facylitator')}, Rozmowa"
        assert in_words("Fundacja Dobre Zebranie") == "Fundacja Dobre Zebranie"
        assert signed("Halina K., mieszkanka Lubowierza") == f"Halina K., {resident}"
        assert signed("konto usunięte") == "konto usunięte"
        assert not in_words("mieszkanka Lubowierza").endswith("Lubowierza")


@pytest.mark.usefixtures("here")
def test_a_place_that_has_been_renamed_since_stays_as_it_was_said() -> None:
    with speaking("en"):
        said = say(labels.SOMEWHERE["mieszkanka"], place="Dawnego Lubowierza")

        assert in_words("mieszkanka Dawnego Lubowierza") == said


def test_every_word_that_voices_store_is_known() -> None:
    stored = {*RESIDENT.values(), *GUEST.values(), *FACILITATOR.values()}

    assert stored <= labels.FIXED


def test_a_page_in_another_language_says_who_speaks(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    make.contribution(app, tenant, make.thread_of(app, tenant, "consultation", consultation))
    client = make.client(app)
    client.set_cookie("jezyk", "en")
    page = client.get("/konsultacje/rynek").text
    with app.test_request_context("/"), speaking("en"):
        expected = say(labels.SOMEWHERE["mieszka"], place="Lubowierz")

    assert expected in page
    assert "mieszka w Lubowierzu" not in page
