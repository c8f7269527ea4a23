"""Things that sing when a page shows them, and everyone who may listen.

A thing is a proposal with all that is said of it. Its canary stands in each of its texts; the pages
are all routes of the application that answer GET, filled in with all that is in the world.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from deliberate.access import roles
from deliberate.authorship import versions
from deliberate.authorship.models import Version
from deliberate.discussion.models import Contribution, Summary
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.proposals.models import Proposal
from deliberate.subjects.states import ContentState
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics
from deliberate.topics.listed import LISTED
from tests import make
from tests.routes import OPEN, access

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
WITH_A_SECRET = frozenset({"token", "filename"})  # files are asked for by themselves


def searched(page: str) -> str:
    return f"{page} (searched)"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A proposal, what is said of it, its summary and its file, all with a canary of their own."""

    name: str
    proposal: int
    thread: int
    contribution: int
    summary: int
    answer: int

    @property
    def file(self) -> str:
        return f"/pliki/plik-{self.name}/{CANARY}{self.name}.png"


@dataclass(frozen=True, kw_only=True)
class World:
    """Things, and everyone."""

    app: Flask
    tenant: int
    things: dict[str, Thing]
    author: int
    people: dict[Role | str, FlaskClient]

    @property
    def thing(self) -> Thing:
        (thing,) = self.things.values()
        return thing

    def put(
        self,
        state: ContentState,
        *models: type[Proposal | Contribution | Summary],
        thing: Thing | None = None,
    ) -> None:
        """Bring all three of the thing, or those named, into a state."""
        thing = thing or self.thing
        rows = {
            Proposal: thing.proposal,
            Contribution: thing.contribution,
            Summary: thing.summary,
        }
        for step in WAYS.get(state, [state]):
            with self.app.app_context(), transaction():
                for model in models or rows:
                    db.session.get_one(model, rows[model]).content_state = step

    def quiet_proposal(self, thing: Thing | None = None) -> None:
        """Take the canary from all but the conversation: the proposal, its versions, its file."""
        thing = thing or self.thing
        with self.app.app_context(), transaction():
            row = db.session.get_one(Proposal, thing.proposal)
            row.title = row.place = row.reason = row.details = row.folded = "Cisza."
            of_it = (Version.kind == "proposal", Version.subject_id == thing.proposal)
            for version in db.session.scalars(select(Version).where(*of_it)):
                version.fields = version.note = "{}"
            its = StoredFile.subject_id == thing.proposal
            file = db.session.scalars(select(StoredFile).where(its)).one()
            file.name, file.alt = "cisza.png", "Cisza."

    def addresses(self) -> Iterator[tuple[Rule, str]]:
        """Yield the path of every page, for every thing that the address can name."""
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in self.app.url_map.iter_rules():
                if "GET" in (rule.methods or ()) and not rule.arguments & WITH_A_SECRET:
                    for values in self._values(rule):
                        yield rule, adapter.build(rule.endpoint, values)

    def _values(self, rule: Rule) -> Iterator[dict[str, object]]:
        things = self.things.values()
        ids = {id_ for one in things for id_ in (one.proposal, one.contribution, one.summary)}
        known: dict[str, Collection[object]] = {
            "slug": ["rynek"],
            "number": range(1, len(things) + 1),
            "kind": ["proposal", "contribution", "summary"],
            "id": sorted(ids),
            "subject_id": sorted(ids),
            "thread_id": [1, *(one.thread for one in things)],
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

    def leaks(self, among: Collection[str] | None = None) -> set[tuple[str, str]]:
        """Return which pages show whose canary to somebody who may not read it.

        Nobody is sent to pages that their role does not open, whatever these show: that each of
        them is refused is shown by the walk over who is let in (test_access_walk).
        """
        found = set()
        for rule, path in self.addresses():
            page, opens_to = rule.endpoint, access(self.app, rule)
            if among is not None and page not in among:
                continue
            for who, client in self.people.items():
                if not _opens(opens_to, who) or page in FOR_DECIDING.get(who, ()):  # type: ignore[call-overload]
                    continue
                found |= {(page, name) for name in self.songs(client, path)}
                if who in ("visitor", "neighbour"):
                    sung = self.songs(client, path + SEARCH, headers=HTMX)
                    found |= {(searched(page), name) for name in sung}
        return found

    def songs(self, client: FlaskClient, path: str, **more: object) -> set[str]:
        """Return the names, or beginnings of names, that stand behind a canary in an answer."""
        answer = client.get(path, **more)  # type: ignore[arg-type]
        assert answer.status_code < 500, path  # a page that breaks would hide everything
        pattern = rf"{CANARY}(\w*)".encode()
        parts = _parts(answer.data)
        return {name.decode() for part in parts for name in re.findall(pattern, part.lower())}


def _opens(opens_to: str, who: Role | str) -> bool:
    if opens_to in OPEN or not isinstance(who, Role):
        return opens_to == "public" or (opens_to in OPEN and who != "visitor")
    return opens_to in roles.permissions_of(who)


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the answer, or what is packed in it: documents of an office are archives."""
    if not content.startswith(b"PK\x03\x04"):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name)


def build(app: Flask, *names: str) -> World:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    author = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        topics.install_topics()
    things = {name: _thing(app, tenant, consultation, author, name) for name in names}
    for thing in things.values():  # last, so that ids of all that sings are the same few
        make.contribution(app, tenant, thing.thread, parent=thing.contribution, body="Odpowiedź.")
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
    return World(app=app, tenant=tenant, things=things, author=author, people=people)


def _thing(app: Flask, tenant: int, consultation: int, author: int, name: str) -> Thing:
    text = f"Kanarek {CANARY}{name} śpiewa."
    proposal = make.proposal(app, tenant, consultation, author=author, title=text)
    thread = make.thread_of(app, tenant, "proposal", proposal)
    contribution = make.contribution(app, tenant, thread, author=author, body=text)
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
        town = db.session.get_one(Municipality, tenant)
        topics.file_under(town, "proposal", proposal, [LISTED[0][0]])
        file = StoredFile(
            tenant_id=tenant,
            token=f"plik-{name}",
            sha256=storage().put(text.encode()),
            name=f"{CANARY}{name}.png",
            media_type="image/png",
            size=10,
            alt=text,
            subject_kind="proposal",
            subject_id=proposal,
            uploaded_by=author,
            uploaded_at=clock.now(),
        )
        db.session.add(file)
    return Thing(
        name=name,
        proposal=proposal,
        thread=thread,
        contribution=contribution,
        summary=summary,
        answer=make.published_answer(app, tenant, consultation, "proposal", proposal),
    )
