"""The rules of discussion in the reader's language: ours, the office's own, or said as missing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.authorship import translated_rules
from deliberate.authorship.models import Translation
from deliberate.discussion.models import Thread
from deliberate.kernel import i18n
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality
from deliberate.tenancy.rules import USUAL_RULES
from tests import make

PAGE = "/zasady-rozmowy"
RULES = "/urzad/gmina/zasady"
ENGLISH = f"{RULES}/tlumaczenia/en"
OWN = "Piszemy krótko i na temat."
OURS = USUAL_RULES[0]
OWN_IN_ENGLISH = "We write briefly & to the point."


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the catalogues say today: each of our texts is said with its language."""
    catalogues = {
        code: type("Catalogue", (), {"ugettext": staticmethod(lambda text, c=code: f"{c}: {text}")})
        for code in ("en", "uk")
    }
    monkeypatch.setattr(i18n, "_catalogues", catalogues)


@pytest.fixture
def keeper(app: Flask, tenant: int) -> FlaskClient:
    """The administrator, with rules of which one is ours and two are the office's own."""
    client = make.client(app, signed_in=make.staff(app, tenant, Role.ADMINISTRATOR))
    publish(client, OURS, OWN, "Nie krzyczymy.")
    return client


def publish(client: FlaskClient, *lines: str) -> None:
    assert client.post(RULES, data={"text": "\n".join(lines)}).status_code == 303


def translate(client: FlaskClient, *texts: str) -> int:
    fields = {f"rules-{place}": text for place, text in enumerate(texts)}
    return client.post(ENGLISH, data=fields).status_code


def read(app: Flask, language: str) -> str:
    visitor = make.client(app)
    visitor.set_cookie("jezyk", language)
    return visitor.get(PAGE).text


def test_our_own_rules_are_said_in_each_language(app: Flask, tenant: int) -> None:
    page = read(app, "en")

    assert f"<li>en: {OURS}</li>" in page
    assert 'lang="pl">Mówimy' not in page
    assert "en: Tekst tylko po polsku" not in page
    assert f"<li>{OURS}</li>" in read(app, "pl")


@pytest.mark.usefixtures("keeper")
def test_a_rule_nobody_translated_is_shown_in_polish_and_said_so(app: Flask) -> None:
    page = read(app, "en")

    assert f"<li>en: {OURS}</li>" in page
    assert f'<li lang="pl">{OWN}</li>' in page
    assert "en: Tekst tylko po polsku" in page
    assert "Tekst tylko po polsku" not in read(app, "pl")


def test_a_translated_rule_is_read_in_its_language_only(app: Flask, keeper: FlaskClient) -> None:
    assert translate(keeper, "", OWN_IN_ENGLISH, "We do not shout.") == 303

    page = read(app, "en")
    assert "<li>We write briefly &amp; to the point.</li>" in page
    assert f"<li>en: {OURS}</li>" in page
    assert "en: Tekst tylko po polsku" not in page
    assert f'<li lang="pl">{OWN}</li>' in read(app, "uk")
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "rules.translated"


def test_the_office_may_say_one_of_our_rules_in_its_own_words(
    app: Flask, keeper: FlaskClient
) -> None:
    translate(keeper, "We discuss, we do not accuse.", "", "")

    assert "<li>We discuss, we do not accuse.</li>" in read(app, "en")


def test_what_stays_in_the_next_version_stays_translated(app: Flask, keeper: FlaskClient) -> None:
    translate(keeper, "", OWN_IN_ENGLISH, "")
    publish(keeper, "Mówimy po kolei.", OURS, OWN)

    assert "We write briefly" in read(app, "en")
    assert "We write briefly" in keeper.get(ENGLISH).text
    translate(keeper, "", "", "")
    assert f'<li lang="pl">{OWN}</li>' in read(app, "en")
    with app.app_context():
        assert db.session.scalars(select(Translation)).all() == []


def test_whoever_speaks_accepts_rules_they_can_read(
    app: Flask, tenant: int, keeper: FlaskClient
) -> None:
    make.consultation(app, tenant)
    translate(keeper, "", OWN_IN_ENGLISH, "")
    person = make.person(app, resident_of=tenant)
    client = make.client(app, signed_in=person)
    client.set_cookie("jezyk", "en")

    with app.app_context():
        thread = db.session.scalars(select(Thread.id)).first()
    form = client.get(f"/rozmowy/{thread}/glosy/nowy").text

    assert "<li>We write briefly &amp; to the point.</li>" in form


@pytest.mark.first_on_both
@pytest.mark.parametrize("lang", ["pl", "de", "x"])
def test_only_other_languages_of_the_municipality_are_translated_to(
    keeper: FlaskClient, lang: str
) -> None:
    assert keeper.get(f"{RULES}/tlumaczenia/{lang}").status_code == 404


def test_what_does_not_fit_comes_back_as_typed(app: Flask, keeper: FlaskClient) -> None:
    answer = keeper.post(ENGLISH, data={"rules-0": "", "rules-1": "x" * 201, "rules-2": "Short."})
    lacking = keeper.post(ENGLISH, data={"rules-0": "We."})

    assert answer.status_code == 422
    assert "Short." in answer.text
    assert lacking.status_code == 422
    assert lacking.text.count('name="rules-') == 3
    with app.app_context():
        assert db.session.scalars(select(Translation)).all() == []


def test_the_words_of_a_decision_are_translated_by_the_rule_they_rest_on(
    app: Flask, tenant: int, keeper: FlaskClient
) -> None:
    translate(keeper, "", OWN_IN_ENGLISH, "")
    publish(keeper, "Jedna.", "Druga.", "Trzecia.")

    with app.app_context(), i18n.speaking("en"):
        row = db.session.get_one(Municipality, tenant)
        assert translated_rules.said_one(OWN, row) == OWN_IN_ENGLISH
        assert translated_rules.said_one(OURS, row) == f"en: {OURS}"
        assert translated_rules.said_one("Druga.", row) == "Druga."
