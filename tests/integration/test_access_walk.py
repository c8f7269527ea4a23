"""A walk over every route as everyone: who is let in, what is refused, and that reading only reads.

It asks pages, not the database, so it is done on one database. What it compares with is the
reviewed table (tests/architecture/access.txt) and the declarations of the views.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from deliberate.access import roles
from deliberate.accounts.actions.codes import remember_first
from deliberate.accounts.models import Invitation, Person, Residence
from deliberate.audit.models import AccessRefusal
from deliberate.documents.models import Remark
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.security import WITHOUT_TOKEN
from deliberate.kernel.storage import storage
from deliberate.kernel.tables import Base
from deliberate.meetings.models import MeetingQuestion, SignUp
from deliberate.moderation.models import Decision, Notice
from deliberate.organisations.models import Organisation
from deliberate.subjects.models import Link
from deliberate.surveys.kinds import State as SurveyState
from deliberate.tenancy.models import BarrierReport, Municipality
from deliberate.topics.actions import install_topics
from tests import make
from tests.routes import OPEN, SHOW_WHAT_WAS_SENT, access, methods, routes

pytestmark = pytest.mark.sqlite

SECURITY_HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
}
STEPS_OF_SIGNING_IN = {"accounts.second_step", "accounts.check_second_step"}
ENDS_THE_SESSION = {"accounts.sign_out", "accounts.end_all_sessions", "accounts.close"}
# An address of one municipality that means the same in another: a topic of the common list, a
# section of the settings, a template of consultations, a change of one's own account.
SAME_EVERYWHERE = {
    "accounts.change_of_factor",
    "consultations.desk_draft",
    "pages.rules_translation",
    "tenancy.section",
    "topics.show",
}
# Opened by a secret of its letter, there in the demonstration only, or after a count: their own
# tests open them.
NOT_IN_THE_WORLD = {
    "answers.history",
    "answers.own",
    "approvals.show",
    "letters.look",
    "letters.show",
    "meetings.mine",
    "notifications.stop",
    "organisations.joining",
    "people.invitation",
    "petitions.desk_original",
    "proposals.signature",
    "voting.archive",
    "voting.file",
    "voting.protocol",
    "voting.protocol_pdf",
    "voting.result_csv",
    "voting.result_json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One municipality with a thing of each kind, its people by role, and a stranger."""

    people: Mapping[str, int]
    values: Mapping[str, Mapping[str, object]]


def path(app: Flask, world: World, rule: Rule) -> str:
    """Return the address of a thing of the first municipality."""
    by_endpoint = world.values.get(rule.endpoint, {})
    by_feature = world.values.get(rule.endpoint.partition(".")[0], {})
    given = {**world.values[""], **by_feature, **by_endpoint}
    values = {name: given[name] for name in rule.arguments}
    return app.url_map.bind("").build(rule.endpoint, values, method=methods(rule)[0])


@pytest.fixture
def world(app: Flask) -> World:
    tenant = make.municipality(app)
    resident = make.person(app, resident_of=tenant)
    people = {role.value: make.staff(app, tenant, role) for role in Role}
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    stranger = make.person(app, name="Obca O.")
    for role in Role:
        make.membership(app, elsewhere, stranger, role)
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation, author=resident)
    talk = make.thread_of(app, tenant, "proposal", proposal)
    contribution = make.contribution(app, tenant, talk, author=resident)
    organisation = make.organisation(app, tenant, member=resident)
    make.poll(app, tenant, consultation)
    residence = _residence_of(app, resident)
    with app.app_context(), transaction():
        install_topics()
        slug = db.session.get_one(Organisation, organisation).slug
    values: dict[str, Mapping[str, object]] = {
        "": {
            "slug": "rynek",
            "place": 1,
            "number": 1,
            "kind": "proposal",
            "change": "kody",
            "id": contribution,
            "name": "ask",
            "channel": "press",
            "lang": "en",
            "token": "A" * 43,
            "reference": "a" * 16,
            "key": "nazwy",
            "thread_id": talk,
            "membership_id": make.membership(app, tenant, make.person(app), Role.OFFICER),
            "invitation_id": _invitation(app, tenant, people["administrator"]),
            "residence_id": residence,
            "area_id": make.area(app, tenant),
            "unit_id": make.unit(app, tenant),
            "report_id": _barrier(app, tenant),
            "letter_id": 1,
            "person_id": resident,
            "signer_id": 1,
            "subject_id": proposal,
            "link_id": _link(app, tenant, consultation, proposal),
        },
        "organisations": {"slug": slug},
        **_reports(app, tenant, consultation),
        "meetings": _meeting(app, tenant, consultation),
        "petitions": {
            "register": "petycje",
            "entry_id": make.entry(app, tenant, author=resident),
        },
        **_surveys(app, tenant, consultation),
        **_documents(app, tenant, consultation, resident),
        "moderation": {"id": proposal},
        "moderation.decision": {"id": _decision(app, tenant, proposal, resident, people)},
        "moderation.office_answer": {"kind": "consultation", "id": consultation},
        "moderation.office_case": {"kind": "consultation", "id": consultation},
        "moderation.overturn": {"id": 1},
        "moderation.receipt": {"number": _notice_number(app, tenant, proposal, consultation)},
        "discussion.summary": {"id": make.summary(app, tenant, talk)},
        "proposals.option_move": {"position": 1, "way": "wyzej"},
        "voting.former": {"no": 0},
        "voting_desk": {"no": 1, "serial": 1},
        "voting_electorate": {"case_id": 1, "no": 1},
        "voting_suspicions": {"case_id": 1, "group": "0" * 16},
        "topics.show": {"key": "senat-obywatelski"},
        "files.show": {"token": _file(app, tenant, consultation), "name": "mapa.txt"},
    }
    values["moderation.undo"] = values["moderation.decision"]
    return World(
        people=MappingProxyType({"resident": resident, "stranger": stranger, **people}),
        values=MappingProxyType(values),
    )


def _link(app: Flask, tenant: int, consultation: int, proposal: int) -> int:
    row = Link(
        tenant_id=tenant,
        from_kind="consultation",
        from_id=consultation,
        relation="concerns",
        to_kind="proposal",
        to_id=proposal,
        made_at=clock.now(),
    )
    return make.add(app, row)


def _reports(app: Flask, tenant: int, consultation: int) -> dict[str, Mapping[str, object]]:
    make.report(app, tenant, consultation)
    meeting = make.meeting(app, tenant, consultation=consultation)
    return {
        "reports": {"no": 1, "name": "raport.json"},
        "posters": {"meeting_id": meeting, "number": consultation},
    }


def _meeting(app: Flask, tenant: int, consultation: int) -> Mapping[str, object]:
    meeting = make.meeting(app, tenant, consultation=consultation)
    sign_up = SignUp(tenant_id=tenant, meeting_id=meeting, name="Ewa", asked_at=clock.now())
    question = MeetingQuestion(tenant_id=tenant, meeting_id=meeting, position=1, question="Kiedy?")
    return {
        "meeting_id": meeting,
        "sign_up_id": make.add(app, sign_up),
        "question_id": make.add(app, question),
    }


def _documents(
    app: Flask, tenant: int, consultation: int, author: int
) -> dict[str, Mapping[str, object]]:
    """Make a document in two versions, a third in preparation, and a remark beside the proposal."""
    document = make.document(app, tenant, consultation)
    make.document_version(app, document)
    make.document_draft(app, document)
    remark = make.remark(app, tenant, consultation, document=document, unit=1, author=author)
    with app.app_context():
        number = db.session.get_one(Remark, remark).number
    of_remark = {"document_id": document, "number": number}
    return {
        "documents": {"document_id": document},
        "documents.remark": of_remark,
        "documents.history": of_remark,
        "documents.withdrawal": of_remark,
        "documents.withdraw": of_remark,
    }


def _surveys(app: Flask, tenant: int, consultation: int) -> dict[str, Mapping[str, object]]:
    make.survey(app, tenant, consultation)
    make.survey(app, tenant, consultation, number=2, state=SurveyState.PUBLISHED)
    results = {"number": 2}
    return {
        "surveys": {"kind": "single", "no": 1, "batch": 1, "paper_no": 1},
        "surveys.results": results,
        "surveys.results_csv": results,
        "surveys.results_json": results,
    }


def _residence_of(app: Flask, person: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Residence.id).where(Residence.person_id == person)).one()


def _invitation(app: Flask, tenant: int, inviter: int) -> int:
    now = clock.now()
    row = Invitation(
        tenant_id=tenant,
        token_hash="0" * 64,
        email="ktos@poczta.example",
        role=Role.FACILITATOR,
        scope_kind="municipality",
        invited_by=inviter,
        invited_at=now,
        expires_at=now + timedelta(days=14),
    )
    return make.add(app, row)


def _barrier(app: Flask, tenant: int) -> int:
    now = clock.now()
    row = BarrierReport(
        tenant_id=tenant, page="/", text="Nie widać.", contact="600", reported_at=now
    )
    return make.add(app, row)


def _decision(
    app: Flask, tenant: int, proposal: int, author: int, people: Mapping[str, int]
) -> int:
    """Make a decision that gave a text back, so that its page is still there to be read."""
    now = clock.now()
    row = Decision(
        tenant_id=tenant,
        subject_kind="proposal",
        subject_id=proposal,
        turn=1,
        author_id=author,
        from_state="hidden",
        to_state="visible",
        explanation="To jest krytyka pracy urzędu, a ta jest dozwolona.",
        decided_by=people["facilitator"],
        decider_label="facylitatorka",
        at=now,
        told_after=now,
    )
    return make.add(app, row)


def _notice_number(app: Flask, tenant: int, proposal: int, consultation: int) -> int:
    notice = make.notice(app, tenant, "proposal", proposal, consultation=consultation)
    with app.app_context():
        return db.session.get_one(Notice, notice).number


def _file(app: Flask, tenant: int, consultation: int) -> str:
    with app.app_context(), transaction():
        sha256 = storage().put(b"Mapa")
        row = StoredFile(
            tenant_id=tenant,
            token="B" * 43,
            sha256=sha256,
            name="mapa.txt",
            media_type="text/plain",
            size=4,
            subject_kind="consultation",
            subject_id=consultation,
            uploaded_at=clock.now(),
        )
        db.session.add(row)
    return "B" * 43


def _first_step(app: Flask, person: int) -> str:
    """Return the token of somebody whose second factor is still to be proved."""
    make.second_factor(app, person)
    with app.app_context(), transaction():
        row = db.session.get_one(Person, person)
        tenant = db.session.scalars(select(Municipality).where(Municipality.slug == "lubowierz"))
        return remember_first(row, tenant=tenant.one())


class Walker:
    """Browsers of everyone at the first municipality; one that was signed out signs in again."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.clients: dict[str, FlaskClient] = {}

    def ask(self, who: str, rule: Rule, *, slug: str = "lubowierz") -> TestResponse:
        client = self.clients.get(f"{who}@{slug}") or self._client(who, slug)
        method = methods(rule)[-1]  # POST where a view answers both
        response = client.open(path(self.app, self.world, rule), method=method)
        if rule.endpoint in ENDS_THE_SESSION:
            del self.clients[f"{who}@{slug}"]
        return response

    def _client(self, who: str, slug: str) -> FlaskClient:
        person = self.world.people.get(who)
        made = make.client(self.app, slug=slug, signed_in=person)
        self.clients[f"{who}@{slug}"] = made
        return made


@pytest.fixture
def walker(app: Flask, world: World) -> Walker:
    return Walker(app, world)


def walk(app: Flask, walker: Walker, who: str) -> Iterator[tuple[Rule, TestResponse]]:
    """Yield each route with its answer to somebody, those that only read first.

    They have written nothing when the first act begins, and every answer carries its headers.
    """
    walker.ask(who, next(reading(app)))  # signs in
    before = rows(app)
    for rule in reading(app):
        answer = walker.ask(who, rule)
        assert SECURITY_HEADERS - set(answer.headers.keys()) == set(), rule.endpoint
        if who != "anonymous" and answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "no-store", rule.endpoint
        yield rule, answer
    after = rows(app)
    assert {name for name in before if before[name] != after[name]} == set()
    for rule in acting(app):
        answer = walker.ask(who, rule)
        assert SECURITY_HEADERS - set(answer.headers.keys()) == set(), rule.endpoint
        yield rule, answer


def test_without_an_account_only_public_pages_answer(app: Flask, walker: Walker) -> None:
    for rule, answer in walk(app, walker, "anonymous"):
        status = answer.status_code
        where = f"{rule.endpoint} answered {status}"

        if access(app, rule) == "public":
            assert status not in (401, 403), where
        else:
            assert status == 401, where
        assert status < 500, where


def test_between_the_two_factors_nothing_opens_but_what_is_open_to_all(
    app: Flask, world: World, walker: Walker
) -> None:
    """An officer proved the address; the code of the app is still missing."""
    half = make.client(app)
    with half.session_transaction() as cookie:
        cookie["d"] = _first_step(app, world.people["officer"])
    walker.clients["half@lubowierz"] = half
    for rule in routes(app):
        if rule.endpoint in STEPS_OF_SIGNING_IN:
            continue  # they replace the token by another one, or use it up
        anonymous, got = walker.ask("anonymous", rule), walker.ask("half", rule)
        where = f"{rule.endpoint} answered {got.status_code}"

        assert got.status_code == anonymous.status_code, where
        assert got.status_code == 401 or access(app, rule) == "public", where
        assert b"Officer P." not in got.data, where
    with half.session_transaction() as cookie:
        assert set(cookie) <= {"d", "csrf_token"}
    assert half.get("/zaloguj/drugi-skladnik").status_code == 200


@pytest.mark.parametrize("who", ["resident", *Role])
def test_a_page_opens_to_those_whose_role_gives_it(app: Flask, walker: Walker, who: str) -> None:
    given = roles.permissions_of(Role(who)) if who != "resident" else frozenset()
    for rule, response in walk(app, walker, who):
        status, needed = response.status_code, access(app, rule)
        where = f"{rule.endpoint} answered {status} to {who}"

        assert status < 500, where
        if needed in OPEN:
            assert status != 401, where
        elif needed in given:
            assert status not in (401, 403), where
        else:
            assert status == 403, where
            assert roles.NAMES[roles_that_may(needed)[0]] in response.text, where


def roles_that_may(permission: str) -> list[Role]:
    return [role for role in Role if permission in roles.permissions_of(role)]


def test_a_session_of_another_municipality_is_no_session_here(app: Flask, world: World) -> None:
    client = make.client(app, slug="wrzosowiany", signed_in=world.people["stranger"])
    client.environ_base["deliberate.slug"] = "lubowierz"

    for rule in routes(app):
        if access(app, rule) != "public":
            got = client.open(path(app, world, rule), method=methods(rule)[0]).status_code
            assert got == 401, rule.endpoint


def test_no_page_shows_a_thing_of_another_municipality(
    app: Flask, world: World, walker: Walker
) -> None:
    """The stranger holds every role in their own municipality, and asks for things of ours."""
    for rule in reading(app):
        if rule.arguments and rule.endpoint not in SAME_EVERYWHERE:
            got = walker.ask("stranger", rule, slug="wrzosowiany").status_code
            assert got == 404, f"{rule.endpoint} answered {got}"


def test_the_same_addresses_lead_somewhere_at_home(
    app: Flask, world: World, walker: Walker
) -> None:
    """Else the test above would prove nothing."""
    nowhere = {
        rule.endpoint
        for rule in reading(app)
        if rule.arguments
        and all(walker.ask(who, rule).status_code == 404 for who in ("resident", *Role))
    }

    assert nowhere <= NOT_IN_THE_WORLD


def reading(app: Flask) -> Iterator[Rule]:
    return (rule for rule in routes(app) if methods(rule) == ["GET"])


def acting(app: Flask) -> Iterator[Rule]:
    return (rule for rule in routes(app) if methods(rule) != ["GET"])


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the one that keeps refusals."""
    tables = [t for t in Base.metadata.sorted_tables if t.name != AccessRefusal.__tablename__]
    with app.app_context():
        return {
            table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
            for table in tables
        }


@pytest.fixture
def forgery_refused(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.usefixtures("forgery_refused")
def test_no_unsafe_act_goes_without_a_token(app: Flask, walker: Walker) -> None:
    for rule in routes(app):
        if "POST" in methods(rule):
            for who in ("anonymous", "administrator"):
                got = walker.ask(who, rule).status_code
                if rule.endpoint in WITHOUT_TOKEN | SHOW_WHAT_WAS_SENT:
                    assert got != 400, rule.endpoint
                else:
                    assert got in (400, 403), f"{rule.endpoint} answered {got}"


def test_an_act_that_began_on_another_site_is_refused(app: Flask, world: World) -> None:
    client = make.client(app, signed_in=world.people["resident"])

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://zly.example"}):
        assert client.post("/konto/listy", headers=headers).status_code == 403
