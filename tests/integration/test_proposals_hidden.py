"""A hidden proposal's text is nowhere: a canary looked for on each surface (trust.md V-22)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberate.accounts import closing
from deliberate.authorship import versions
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.proposals import actions
from deliberate.proposals.models import Proposal
from deliberate.subjects.registry import kinds
from deliberate.subjects.states import SHOWN, TOMBSTONE, ContentState
from tests import make

CANARY = "kanarek7291"
LIST = "/konsultacje/rynek/propozycje"
PAGE = f"{LIST}/1"
NOT_SHOWN = sorted(set(ContentState) - SHOWN)
# How each state is reached from a visible one, by the steps that the database allows.
WAYS = {
    ContentState.HELD: [ContentState.HELD],
    ContentState.HIDDEN: [ContentState.HIDDEN],
    ContentState.REMOVED: [ContentState.HIDDEN, ContentState.REMOVED],
    ContentState.ERASED: [ContentState.ERASED],
}


class Hidden:
    """A proposal whose every field holds the canary, brought into a state."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tenant = make.municipality(app)
        consultation = make.consultation(app, self.tenant)
        self.author = make.person(app, resident_of=self.tenant)
        self.supporter = make.person(app, resident_of=self.tenant)
        self.id = make.proposal(
            app, self.tenant, consultation, author=self.author, title=f"Tytuł {CANARY}"
        )
        make.support(app, self.tenant, self.id, self.supporter)
        now = clock.now()
        with app.app_context(), transaction():
            row = db.session.get_one(Proposal, self.id)
            row.place = row.reason = row.details = f"Tekst {CANARY}"
            row.folded = f"tytul {CANARY} tekst"
            versions.save(
                self.tenant, "proposal", self.id, 1, {"title": CANARY}, self.author, "A", now
            )
            file = StoredFile(
                tenant_id=self.tenant,
                token="token-of-the-picture",
                sha256=storage().put(CANARY.encode()),
                name=f"{CANARY}.txt",
                media_type="text/plain",
                size=11,
                alt=CANARY,
                subject_kind="proposal",
                subject_id=self.id,
                uploaded_by=self.author,
                uploaded_at=now,
            )
            db.session.add(file)

    def bring_to(self, state: ContentState) -> None:
        for step in WAYS[state]:
            with self.app.app_context(), transaction():
                actions.restrict(self.tenant, self.id, step)


@pytest.fixture
def hidden(app: Flask) -> Hidden:
    return Hidden(app)


def surfaces(browser: FlaskClient) -> dict[str, str]:
    paths = (
        LIST,
        f"{LIST}?szukaj={CANARY}",
        f"{LIST}?kolejnosc=najnowsze",
        f"{LIST}.csv",
        f"{LIST}.json",
        PAGE,
        f"{PAGE}/wersje",
        f"{PAGE}/zmiana",
        f"{PAGE}/szczegoly",
        f"{PAGE}/podpisy",
        f"{PAGE}/podpis/abc",
        "/pliki/token-of-the-picture/kanarek.txt",
        "/konsultacje/rynek",
        "/",
    )
    found = {path: browser.get(path).text for path in paths}
    found["fragment"] = browser.get(LIST, headers={"HX-Request": "true"}).text
    found["support"] = browser.post(f"{PAGE}/poparcie", headers={"HX-Request": "true"}).text
    found["similar"] = browser.post(
        f"{LIST}/nowa",
        data={
            "title": f"Tytuł {CANARY[:-1]}",
            "place": "Rynek",
            "reason": "Bo tak jest lepiej.",
            "language": "pl",
            "voice": "resident",
            "form_key": "k" * 43,
        },
    ).text
    return found


def where(found: dict[str, str]) -> list[str]:
    # The words that somebody searched for come back in the field: they are theirs.
    return [
        name
        for name, text in found.items()
        if CANARY in text.replace(f'value="{CANARY}"', "").replace(f"„{CANARY}”", "")
        and "szukaj" not in name
    ]


@pytest.mark.parametrize("state", NOT_SHOWN)
def test_the_text_is_on_no_surface(hidden: Hidden, state: ContentState) -> None:
    hidden.bring_to(state)
    for person in (None, hidden.supporter):
        browser = make.client(hidden.app, signed_in=person)

        assert "0 propozycji" in browser.get(f"{LIST}?szukaj={CANARY}").text
        assert "0 propozycji" in browser.get(LIST).text
        assert where(surfaces(browser)) == []


def test_the_canary_is_seen_while_the_text_is_shown(hidden: Hidden) -> None:
    """Without this the test above could look in the wrong places."""
    seen = where(surfaces(make.client(hidden.app, signed_in=hidden.supporter)))

    assert {LIST, f"{LIST}.csv", f"{LIST}.json", PAGE, f"{PAGE}/wersje", "similar"} <= set(seen)
    assert "/pliki/token-of-the-picture/kanarek.txt" in seen


@pytest.mark.parametrize("state", sorted(TOMBSTONE))
def test_a_trace_stands_where_it_was(hidden: Hidden, state: ContentState) -> None:
    hidden.bring_to(state)
    page = make.client(hidden.app).get(PAGE)

    assert page.status_code == 200
    assert "Propozycja nr 1 jest ukryta" in page.text
    assert 'content="noindex"' in page.text


def test_what_is_held_only_its_author_sees(hidden: Hidden) -> None:
    hidden.bring_to(ContentState.HELD)

    assert make.client(hidden.app).get(PAGE).status_code == 404
    assert CANARY in make.client(hidden.app, signed_in=hidden.author).get(PAGE).text


@pytest.mark.parametrize("path", ["wersje", "zmiana", "szczegoly", "podpisy", "wycofanie"])
def test_its_inner_pages_are_not_there(hidden: Hidden, path: str) -> None:
    hidden.bring_to(ContentState.HIDDEN)
    for person in (hidden.author, hidden.supporter):
        browser = make.client(hidden.app, signed_in=person)

        assert browser.get(f"{PAGE}/{path}").status_code == 404


def test_its_supporter_no_longer_finds_it_among_theirs(hidden: Hidden) -> None:
    from deliberate.accounts.models import Person
    from deliberate.proposals import queries
    from deliberate.tenancy.models import Municipality

    hidden.bring_to(ContentState.HIDDEN)
    with hidden.app.app_context():
        tenant = db.session.get_one(Municipality, hidden.tenant)
        supporter = db.session.get_one(Person, hidden.supporter)

        assert queries.list_supported_by(tenant, supporter) == []


def test_the_office_is_not_asked_to_answer_it(hidden: Hidden) -> None:
    with hidden.app.test_request_context("/"):
        kind = kinds()["proposal"]
        consultation = db.session.get_one(Proposal, hidden.id).consultation_id
        assert kind.list_in is not None

        assert len(kind.list_in(hidden.tenant, consultation)) == 1
    hidden.bring_to(ContentState.HIDDEN)
    with hidden.app.test_request_context("/"):
        card = kind.load(hidden.tenant, hidden.id)

        assert kind.list_in(hidden.tenant, consultation) == []
        assert card is not None
        assert card.state is ContentState.HIDDEN
        assert kind.load(hidden.tenant + 1, hidden.id) is None


def test_a_closed_account_leaves_the_text_without_the_name(hidden: Hidden) -> None:
    with hidden.app.app_context(), transaction():
        closing.run(hidden.author)
    browser = make.client(hidden.app)

    for path in (LIST, PAGE, f"{PAGE}/wersje"):
        page = browser.get(path).text
        assert CANARY in page
        assert "Halina" not in page
    assert "konto usunięte" in browser.get(PAGE).text
