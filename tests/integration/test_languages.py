"""A page in another language is in that language whole: lists to choose from, places, names."""

from flask import Flask
from flask.testing import FlaskClient

from deliberate.kernel.actor import Role
from tests import make


def in_english(app: Flask, person: int | None = None) -> FlaskClient:
    client = make.client(app, signed_in=person)
    client.get("/?jezyk=en")
    return client


def test_the_page_says_its_language(app: Flask) -> None:
    make.municipality(app)

    page = in_english(app).get("/").text

    assert '<html lang="en"' in page
    assert "Lubowierz asks, residents speak, the office answers" in page


def test_what_a_list_offers_is_translated(app: Flask) -> None:
    tenant = make.municipality(app)

    page = in_english(app, make.person(app, resident_of=tenant)).get("/organizacje/nowa").text

    assert ">foundation</option>" in page
    assert ">fundacja</option>" not in page


def test_a_name_in_a_list_stays_as_people_wrote_it(app: Flask) -> None:
    tenant = make.municipality(app)
    make.unit(app, tenant, name="100 % zieleni & wody")
    client = in_english(app, make.staff(app, tenant, Role.ADMINISTRATOR))

    assert ">100 % zieleni &amp; wody</option>" in client.get("/urzad/osoby/zaproszenie").text


def test_a_place_is_not_named_in_a_polish_case(app: Flask) -> None:
    make.municipality(app)

    page = in_english(app, make.person(app)).get("/konto/zamieszkanie").text

    assert "I live in Lubowierz; this is where my everyday life is." in page
