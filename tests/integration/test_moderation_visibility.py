"""What is not shown is shown nowhere: every state against every page, list, export, file, letter.

The pages are not listed here: they are all routes of the application that answer GET, asked by
everyone there is. A new route whose address cannot be filled in fails the test until it is known.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from deliberate.accounts import mydata
from deliberate.accounts.models import Person
from deliberate.authorship import versions
from deliberate.authorship.models import Version
from deliberate.discussion import queries as discussion
from deliberate.discussion.models import Contribution, Summary
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, StoredFile
from deliberate.kernel.storage import storage
from deliberate.proposals.models import Proposal
from deliberate.subjects import registry
from deliberate.subjects.states import SHOWN, ContentState
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics
from deliberate.topics.listed import LISTED
from tests import make

CANARY = "zielonydrozd"  # no page echoes it: searches ask for the word before it
WORD = "kanarek"
SEARCH = f"?szukaj={WORD}&kolejnosc=najnowsze&strona=1&watek=1"
HTMX = {"HX-Request": "true"}

# How each state is reached; the guard of the database knows no other way.
WAYS = {
    ContentState.HELD: [ContentState.HELD],
    ContentState.HIDDEN: [ContentState.HIDDEN],
    ContentState.REMOVED: [ContentState.HIDDEN, ContentState.REMOVED],
    ContentState.ERASED: [ContentState.ERASED],
}
# Where moderators read what they decide about, and authors what was decided: not for others.
FOR_DECIDING = {
    Role.FACILITATOR: {"moderation.case", "moderation.decision"},
    Role.REVIEWER: {"moderation.decision"},  # it opens from its list
}
# Each walk through all pages asks two thousand times; one state goes through both databases.
NOT_SHOWN = [
    pytest.param(state, marks=[] if state is ContentState.HIDDEN else pytest.mark.one_database)
    for state in ContentState
    if state not in SHOWN
]
WITH_A_SECRET = frozenset({"token", "filename"})  # files have a test of their own below


@dataclass
class World:
    """A proposal, what is said of it and its summary, all with the canary; and everyone."""

    app: Flask
    tenant: int
    proposal: int
    contribution: int
    summary: int
    answer: int
    author: int
    file: str
    people: dict[Role | str, FlaskClient]

    def put(self, state: ContentState, *things: type[Proposal | Contribution | Summary]) -> None:
        """Bring all three, or those named, into a state."""
        rows = {Proposal: self.proposal, Contribution: self.contribution, Summary: self.summary}
        for step in WAYS.get(state, [state]):
            with self.app.app_context(), transaction():
                for model in things or rows:
                    db.session.get_one(model, rows[model]).content_state = step

    def quiet_proposal(self) -> None:
        """Take the canary from all but the conversation: the proposal, its versions, its answer."""
        with self.app.app_context(), transaction():
            row = db.session.get_one(Proposal, self.proposal)
            row.title = row.place = row.reason = row.details = row.folded = "Cisza."
            for version in db.session.scalars(select(Version).where(Version.kind == "proposal")):
                version.fields = version.note = "{}"
            file = db.session.scalars(select(StoredFile)).one()
            file.name, file.alt = "cisza.png", "Cisza."

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield endpoint and path of every page, for every thing that the address can name."""
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in self.app.url_map.iter_rules():
                if "GET" in (rule.methods or ()) and not rule.arguments & WITH_A_SECRET:
                    for values in self._values(rule):
                        yield rule.endpoint, adapter.build(rule.endpoint, values)

    def _values(self, rule: Rule) -> Iterator[dict[str, object]]:
        known: dict[str, list[object]] = {
            "slug": ["rynek"],
            "number": [1],
            "kind": ["proposal", "contribution", "summary"],
            "id": sorted({self.proposal, self.contribution, self.summary}),
            "thread_id": [1, 2],
            "key": [LISTED[0][0]],
            "lang": ["en"],
            "name": ["ask"],
        }
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                known[name] = sorted(converter.items)
            elif isinstance(converter, IntegerConverter):
                known.setdefault(name, [1])
        unknown = rule.arguments - set(known)
        assert not unknown, f"Say here what {unknown} may be in {rule.rule}"
        names = sorted(rule.arguments)
        for values in itertools.product(*(known[name] for name in names)):
            yield dict(zip(names, values, strict=True))

    def leaks(self) -> set[str]:
        """Return the endpoints that show the canary to somebody who may not read it."""
        found = set()
        for endpoint, path in self.addresses():
            for who, client in self.people.items():
                if endpoint in FOR_DECIDING.get(who, ()):  # type: ignore[call-overload]
                    continue
                if self.sings(client, path):
                    found.add(endpoint)
            for who in ("visitor", "neighbour"):
                if self.sings(self.people[who], path + SEARCH, headers=HTMX):
                    found.add(f"{endpoint} (searched)")
        return found

    def sings(self, client: FlaskClient, path: str, **more: object) -> bool:
        answer = client.get(path, **more)  # type: ignore[arg-type]
        assert answer.status_code < 500, path  # a page that breaks would hide everything
        return any(CANARY.encode() in part.lower() for part in _parts(answer.data))


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the answer, or what is packed in it: documents of an office are archives."""
    if not content.startswith(b"PK\x03\x04"):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name)


@pytest.fixture
def world(app: Flask) -> World:
    tenant = make.municipality(app)
    text = f"Kanarek {CANARY} śpiewa."
    consultation = make.consultation(app, tenant)
    author = make.person(app, resident_of=tenant)
    proposal = make.proposal(app, tenant, consultation, author=author, title=text)
    thread = make.thread_of(app, tenant, "proposal", proposal)
    contribution = make.contribution(app, tenant, thread, author=author, body=text)
    make.contribution(app, tenant, thread, parent=contribution, body="Odpowiedź.")
    summary = make.summary(app, tenant, thread, agreed=text)
    with app.app_context(), transaction():
        row = db.session.get_one(Proposal, proposal)
        row.place = row.reason = row.details = text
        row.folded = text.lower()
        for kind, subject in (("proposal", proposal), ("contribution", contribution)):
            for no in (1, 2):
                fields = {"title": f"{text} {no}", "body": f"{text} {no}"}
                at = clock.now()
                versions.save(tenant, kind, subject, no, fields, author, "Halina K.", at, text)
        topics.install_topics()
        town = db.session.get_one(Municipality, tenant)
        topics.file_under(town, "proposal", proposal, [LISTED[0][0]])
        file = StoredFile(
            tenant_id=tenant,
            token="plik",
            sha256=storage().put(text.encode()),
            name=f"{CANARY}.png",
            media_type="image/png",
            size=10,
            alt=text,
            subject_kind="proposal",
            subject_id=proposal,
            uploaded_by=author,
            uploaded_at=clock.now(),
        )
        db.session.add(file)
    answer = make.published_answer(app, tenant, consultation, "proposal", proposal)
    staff: dict[Role | str, FlaskClient] = {
        role: make.client(app, signed_in=make.staff(app, tenant, role))
        for role in Role
        if role is not Role.OPERATOR
    }
    neighbour = make.person(app, resident_of=tenant)
    people = {
        "visitor": make.client(app),
        "neighbour": make.client(app, signed_in=neighbour),
        **staff,
    }
    return World(
        app=app,
        tenant=tenant,
        proposal=proposal,
        contribution=contribution,
        summary=summary,
        answer=answer,
        author=author,
        file=f"/pliki/plik/{CANARY}.png",
        people=people,
    )


def test_while_it_is_shown_the_canary_sings_where_it_should(world: World) -> None:
    """The control: were these pages empty anyway, the tests below would prove nothing."""
    assert world.leaks() >= {
        "proposals.show",
        "proposals.index",
        "proposals.index (searched)",
        "proposals.csv",
        "proposals.json",
        "proposals.history",
        "discussion.history",
        "discussion.replies",
        "moderation.notice_new",
    }
    assert world.people["visitor"].get(world.file).status_code == 200


@pytest.mark.parametrize("state", NOT_SHOWN)
def test_what_is_not_shown_is_shown_nowhere(world: World, state: ContentState) -> None:
    world.put(state)

    assert world.leaks() == set()
    for client in world.people.values():
        assert client.get(world.file).status_code == 404


@pytest.mark.one_database
def test_what_its_author_took_back_is_shown_nowhere(world: World) -> None:
    world.quiet_proposal()
    world.put(ContentState.HIDDEN, Summary)  # so that only one thing could sing
    make.withdrawn(world.app, world.contribution)

    assert world.leaks() == set()
    with world.app.app_context():
        card = registry.find_card(world.tenant, "contribution", world.contribution)
    assert card is not None
    assert card.text == ""


# What hides a thing hides its conversation: nothing of it is readable, and all of it comes back.


@pytest.mark.parametrize("state", NOT_SHOWN)
def test_under_what_is_not_shown_nobody_reads_the_conversation(
    world: World, state: ContentState
) -> None:
    world.quiet_proposal()
    visitor = world.people["visitor"]
    paths = (
        f"/glos/{world.contribution}",
        f"/glos/{world.contribution}/odpowiedzi",
        f"/glos/{world.contribution}/wersje",
        f"/podsumowanie/{world.summary}",
        f"/zgloszenie/contribution/{world.contribution}",
        f"/zgloszenie/summary/{world.summary}",
        f"/zgloszenie/answer/{world.answer}",
    )
    search = f"/szukaj?szukaj={WORD}"
    before = [visitor.get(path).status_code for path in paths]
    assert set(before) == {200, 302}
    assert world.sings(visitor, search)
    world.put(state, Proposal)

    assert world.leaks() == set()
    assert [visitor.get(path).status_code for path in paths] == [404] * len(paths)
    assert not world.sings(visitor, search)


def test_the_page_of_a_hidden_proposal_says_that_the_conversation_waits(world: World) -> None:
    world.put(ContentState.HIDDEN, Proposal)
    page = world.people["visitor"].get("/konsultacje/rynek/propozycje/1").text

    assert "Rozmowy pod tą propozycją nie pokazujemy" in page
    assert 'id="rozmowa"' not in page
    assert "/glos/" not in page


@pytest.mark.one_database
def test_with_its_thing_the_conversation_comes_back_as_it_was(world: World) -> None:
    before = world.leaks()
    with world.app.app_context():
        opening = discussion.find_opening(world.tenant, "proposal", world.proposal)
    world.put(ContentState.HIDDEN, Proposal)
    with world.app.app_context():
        assert discussion.find_opening(world.tenant, "proposal", world.proposal) is None
    world.put(ContentState.VISIBLE, Proposal)

    assert world.leaks() == before
    with world.app.app_context():
        again = discussion.find_opening(world.tenant, "proposal", world.proposal)
    assert opening is not None
    assert again is not None
    assert (
        (again.voices, len(again.summaries)) == (opening.voices, len(opening.summaries)) == (2, 1)
    )


def test_authors_keep_their_own_words_among_theirs(world: World) -> None:
    world.quiet_proposal()
    world.put(ContentState.HIDDEN, Proposal)
    author = make.client(world.app, signed_in=world.author)
    page = author.get("/moje").text

    assert CANARY in page
    assert "propozycja, pod którą stoi, jest ukryta razem z rozmową" in page
    assert f"/glos/{world.contribution}" not in page
    assert CANARY not in world.people["neighbour"].get("/moje").text


def test_a_facilitator_decides_about_words_under_a_hidden_thing_by_their_own_state(
    world: World,
) -> None:
    """Otherwise what a proposal hides would look hidden itself, and "restoring" it do nothing."""
    world.put(ContentState.HIDDEN, Proposal)
    page = world.people[Role.FACILITATOR].get(f"/urzad/moderacja/contribution/{world.contribution}")

    assert CANARY in page.text
    assert 'id="hide"' in page.text
    assert 'id="restore"' not in page.text
    assert "Rozmowa ukryta razem z tym, czego dotyczy" in page.text
    with world.app.app_context():
        card = registry.find_card(world.tenant, "contribution", world.contribution)
    assert card is not None
    assert (card.state, card.own_state) == (ContentState.HIDDEN, ContentState.VISIBLE)


def test_what_is_hidden_with_its_thing_does_not_wait_to_be_read(world: World) -> None:
    queue = world.people[Role.FACILITATOR]
    assert (
        f"/urzad/moderacja/contribution/{world.contribution}" in queue.get("/urzad/moderacja").text
    )
    world.put(ContentState.HIDDEN, Proposal)

    assert "Nic nie czeka" in queue.get("/urzad/moderacja").text


@pytest.mark.parametrize("state", [ContentState.HELD, ContentState.HIDDEN, ContentState.ERASED])
def test_counts_do_not_count_what_is_not_shown(world: World, state: ContentState) -> None:
    with world.app.app_context():
        before = discussion.find_opening(world.tenant, "proposal", world.proposal)
        assert before is not None
        assert before.voices == 2
    world.put(state, Contribution, Summary)
    with world.app.app_context():
        after = discussion.find_opening(world.tenant, "proposal", world.proposal)
    world.put(state, Proposal)
    with world.app.app_context():
        kind = registry.get_kind("proposal")
        assert kind.list_in is not None
        listed = kind.list_in(world.tenant, 1)

    assert after is not None
    assert after.voices == 1
    assert not after.summaries
    assert listed == []


def test_letters_and_the_data_of_others_do_not_hold_it(world: World) -> None:
    """A reply is answered while all is shown: the letter of that day must not keep the words."""
    neighbour = world.people["neighbour"]
    neighbour.post(
        "/rozmowy/2/glosy",
        data={
            "body": "Zgadzam się.",
            "kind": "voice",
            "voice": "resident",
            "language": "pl",
            "answers": 1,
            "rules": "y",
            "rules_version": 1,
        },
    )
    with world.app.app_context():
        letters = db.session.scalars(select(Outbox)).all()
        assert len(letters) == 1
        assert all(CANARY not in letter.body + letter.subject for letter in letters)
        people = db.session.scalars(select(Person).where(Person.display_name != "Halina K."))
        for person in people:
            assert CANARY not in repr(mydata.collect(person))
