"""Building what tests need: plain functions, sensible defaults, name only what matters.

Each returns an id. Rows are written as an action would leave them, in transactions of their own.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from deliberate.accounts import passwords, seals, sessions, totp
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.models import (
    Membership,
    Person,
    Residence,
    ResidenceMethod,
    ResidenceState,
    ScopeKind,
    SecondFactor,
)
from deliberate.accounts.standing import Needs
from deliberate.algorithms import units
from deliberate.algorithms.branching import Condition
from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.folding import fold
from deliberate.answers.models import Answer, Position
from deliberate.approvals.models import Approval
from deliberate.authorship.models import Capacity
from deliberate.consultations.guards import GUARDS as CONSULTATION_GUARDS
from deliberate.consultations.models import Consultation, Effect, Phase, State, Template
from deliberate.discussion.models import Contribution, ContributionKind, Summary, Thread
from deliberate.documents import actions as remarks
from deliberate.documents import preparing
from deliberate.documents import texts as documents
from deliberate.documents.content import Content, Place
from deliberate.documents.kinds import Channel, Level, RemarkKind
from deliberate.documents.models import Document, DocumentVersion, Remark, Unit, UnitText
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.kernel.tables import Base
from deliberate.kernel.urls import slugify
from deliberate.meetings.kinds import Kind as MeetingKind
from deliberate.meetings.models import Meeting
from deliberate.moderation.models import Notice
from deliberate.organisations.models import Organisation, OrganisationMember
from deliberate.petitions.kinds import Register
from deliberate.petitions.kinds import State as EntryState
from deliberate.petitions.models import Entry, Original
from deliberate.proposals.models import Proposal, Support
from deliberate.reports.kinds import State as ReportState
from deliberate.reports.models import Report, ReportEntry, ReportFile
from deliberate.subjects.gate import Activity
from deliberate.subjects.states import ContentState
from deliberate.surveys import definition as surveys
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind
from deliberate.surveys.kinds import State as SurveyState
from deliberate.surveys.models import Survey
from deliberate.tenancy.models import Area, DiscussionRules, Municipality, OrgUnit
from deliberate.voting import canonical, keys
from deliberate.voting import queries as voting
from deliberate.voting.actions import enrolling, publishing
from deliberate.voting.actions import preparing as preparing_polls
from deliberate.voting.actions.preparing import OptionDraft, PollDraft, SectionDraft
from deliberate.voting.ballot_rules import Written
from deliberate.voting.models import Poll, SeedTyping
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import AgeRule, Electorate, PollState

RULES = (
    "Mówimy o sprawie, nie o osobach.\n"
    "Podajemy źródło, gdy powołujemy się na fakty.\n"
    "Nie grozimy i nie poniżamy.\n"
    "Nie publikujemy danych innych osób."
)
ADDED_LATER = "phase_comes_for_a_vote_done_again"
TOKEN = re.compile(rb'name="csrf_token" value="[^"]*"|name="csrf-token" content="[^"]*"')
_numbers = itertools.count(1)


def add(app: Flask, row: Base) -> int:
    """Store any row and return its id."""
    with app.app_context(), transaction():
        db.session.add(row)
        db.session.flush()
        return int(row.id)  # type: ignore[attr-defined]


def municipality(app: Flask, *, slug: str = "lubowierz", name: str = "Lubowierz") -> int:
    """Make a city with the rules of discussion in place."""
    now = clock.now()
    tenant_id = add(
        app,
        Municipality(
            kind="city_with_county_rights",
            host=f"{slug}.example",
            slug=slug,
            teryt="9861011",
            population=118_400,
            name=name,
            official_name=f"Miasto {name}",
            genitive=f"{name}a",
            locative=f"w {name}u",
            adjective="lubowierski",
            residents_name="lubowierzanki i lubowierzanie",
            name_en=name,
            name_uk="Любовєж",
            executive=f"Prezydentka Miasta {name}a",
            executive_genitive="prezydentki miasta",
            executive_instrumental="prezydentką miasta",
            council="Rada Miasta",
            office_name=f"Urząd Miasta {name}",
            office_address="plac Ratuszowy 1",
            office_phone="(00) 123 45 00",
            office_email="rozmowa@lubowierz.example",
            legal_basis="uchwała nr XXI/214",
            created_at=now,
        ),
    )
    add(app, DiscussionRules(tenant_id=tenant_id, version=1, text=RULES, valid_from=now))
    return tenant_id


def area(app: Flask, tenant: int, *, name: str = "Nadrzecze", residents: int = 14_850) -> int:
    slug = f"{fold(name).replace(' ', '-')}-{next(_numbers)}"
    return add(
        app, Area(tenant_id=tenant, slug=slug, kind="osiedle", name=name, residents=residents)
    )


def unit(app: Flask, tenant: int, *, name: str = "Wydział Inwestycji") -> int:
    return add(app, OrgUnit(tenant_id=tenant, name=name))


def person(
    app: Flask,
    *,
    name: str = "Halina K.",
    email: str | None = None,
    resident_of: int | None = None,
    confirmed: bool = False,
    locale: str = "pl",
) -> int:
    """Make a person; ``resident_of`` a municipality by declaration, or confirmed at the desk."""
    address = email or f"osoba{next(_numbers)}@poczta.example"
    now = clock.now()
    person_id = add(
        app,
        Person(
            email=address,
            email_folded=address.casefold(),
            display_name=name,
            locale=locale,
            aged_13_at=now,
            created_at=now,
        ),
    )
    if resident_of is not None:
        state = ResidenceState.CONFIRMED if confirmed else ResidenceState.DECLARED
        method = ResidenceMethod.DESK if confirmed else ResidenceMethod.DECLARATION
        add(
            app,
            Residence(
                tenant_id=resident_of,
                person_id=person_id,
                state=state,
                method=method,
                declared_at=now,
            ),
        )
    return person_id


def membership(
    app: Flask,
    tenant: int,
    person: int,
    role: Role,
    *,
    consultation: int | None = None,
    unit: int | None = None,
    organisation: int | None = None,
) -> int:
    kind = ScopeKind.MUNICIPALITY if consultation is None else ScopeKind.CONSULTATION
    return add(
        app,
        Membership(
            tenant_id=tenant,
            person_id=person,
            role=role,
            scope_kind=kind,
            consultation_id=consultation,
            unit_id=unit,
            organisation_id=organisation,
            starts_at=clock.now() - timedelta(days=1),
        ),
    )


def staff(app: Flask, tenant: int, role: Role, **more: int) -> int:
    """Make a person who holds a role in the municipality."""
    person_id = person(app, name=f"{role.value.title()} P.")
    membership(app, tenant, person_id, role, **more)
    return person_id


def consultation(
    app: Flask,
    tenant: int,
    *,
    slug: str = "rynek",
    title: str = "Rynek: jak ma wyglądać po przebudowie?",
    state: State = State.PUBLISHED,
    opens: Iterable[Activity] = (Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS),
    days_left: float = 19,
    began: float = 9,
    needs: Needs = Needs.DECLARED,
) -> int:
    """Make a consultation with one phase that opens ``opens`` from ``began`` days ago."""
    now = clock.now()
    consultation_id = add(
        app,
        Consultation(
            tenant_id=tenant,
            slug=slug,
            template=Template.IDEAS,
            state=state,
            title=title,
            summary="W przyszłym roku wymieniamy pod rynkiem kanalizację.",
            can_change="Zieleń i cień.",
            cannot_change="Terminu wymiany kanalizacji.",
            effect=Effect.ADVISES,
            decided_by="Rada Miasta",
            propose_needs=needs,
            support_needs=needs,
            discuss_needs=Needs.EMAIL,
            vote_needs=needs,
            created_at=now,
            published_at=now,
        ),
    )
    thread(app, tenant, consultation_id, "consultation", consultation_id)
    phase(
        app,
        tenant,
        consultation_id,
        starts=now - timedelta(days=began),
        ends=now + timedelta(days=days_left),
        opens=opens,
    )
    return consultation_id


def phase(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    starts: datetime,
    ends: datetime,
    opens: Iterable[Activity],
    title: str = "Zbieramy propozycje",
    position: int = 1,
) -> int:
    """Make a phase as if it had been there before the consultation was published."""
    row = Phase(
        tenant_id=tenant,
        consultation_id=consultation,
        position=position,
        title=title,
        starts_at=starts,
        ends_at=ends,
        activities=",".join(opens),
    )
    if position == 1:
        return add(app, row)
    guard = next(each for each in CONSULTATION_GUARDS if each.name == ADDED_LATER)
    with app.app_context():
        dialect = db.engine.dialect.name
        _run(guard.drop(dialect))
        try:
            return add(app, row)
        finally:
            _run(guard.ddl(dialect))


def _run(statements: Iterable[str]) -> None:
    with writer().begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def thread(app: Flask, tenant: int, consultation: int, kind: str, subject: int) -> int:
    return add(
        app,
        Thread(
            tenant_id=tenant, consultation_id=consultation, subject_kind=kind, subject_id=subject
        ),
    )


def proposal(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    author: int | None = None,
    title: str = "Ławki na rynku",
    number: int | None = None,
) -> int:
    """Make a proposal with its thread; the number defaults to the next one."""
    now = clock.now()
    author = author if author is not None else person(app, resident_of=tenant)
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        parent.last_number = number or parent.last_number + 1
        row = Proposal(
            tenant_id=tenant,
            consultation_id=consultation,
            number=parent.last_number,
            shuffle=parent.last_number * 7919 % 2**31,
            title=title,
            place="Rynek",
            reason="Bo nie ma gdzie usiąść.",
            folded=fold(f"{title} Rynek Bo nie ma gdzie usiąść."),
            author_id=author,
            author_name="Halina K.",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu",
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        talk = Thread(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind="proposal",
            subject_id=row.id,
        )
        db.session.add(talk)
        db.session.flush()
        row.thread_id = talk.id
        return row.id


def document(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    texts: Iterable[str] = ("§ 1. Program trwa rok.", "§ 2. Na zadania jest 500 000 zł."),
    title: str = "Projekt programu współpracy",
) -> int:
    """Make a document whose first version stands; a § for each text."""
    now = clock.now()
    with app.app_context(), transaction():
        row = Document(
            tenant_id=tenant,
            consultation_id=consultation,
            position=1,
            title=title,
            version_no=0,
            last_unit=0,
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        for number, text in enumerate(texts, start=1):
            unit_row = Unit(tenant_id=tenant, document_id=row.id, number=number)
            db.session.add(unit_row)
            db.session.flush()
            db.session.add(
                UnitText(
                    tenant_id=tenant,
                    document_id=row.id,
                    unit_id=unit_row.id,
                    version_no=1,
                    position=number,
                    level=Level.PARAGRAPH,
                    label=f"§ {number}",
                    path=f"§ {number}",
                    text=text,
                )
            )
            row.last_unit = number
        db.session.flush()
        db.session.add(DocumentVersion(tenant_id=tenant, document_id=row.id, no=1, made_at=now))
        row.version_no = 1
        return row.id


def document_draft(app: Flask, document: int, *lines: str) -> None:
    """Prepare a version of these lines, or of the units that stand."""
    with app.app_context(), transaction():
        row = db.session.get_one(Document, document)
        parent = db.session.get_one(Consultation, row.consultation_id)
        if lines:
            pieces = units.parse(lines)
            preparing.read_in(parent, row, pieces, None, based_on=row.revision)
        else:
            preparing.copy(parent, row, based_on=row.revision)


def document_version(app: Flask, document: int, *lines: str) -> None:
    """Make a further version of a document stand."""
    document_draft(app, document, *lines)
    with app.app_context(), transaction():
        row = db.session.get_one(Document, document)
        preparing.keep(
            db.session.get_one(Consultation, row.consultation_id),
            row,
            title=row.title,
            note="",
            based_on=row.revision,
            actor=Actor(tenant_id=row.tenant_id),
            now=clock.now(),
        )


def remark(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    document: int | None = None,
    unit: int | None = None,
    author: int | None = None,
    body: str = "Kwota powinna być wyższa.",
    kind: RemarkKind = RemarkKind.CHANGE,
    channel: Channel = Channel.WEB,
    entered_by: int | None = None,
) -> int:
    """Make a remark on a unit of a document, by its number, or on the whole."""
    now = clock.now()
    if channel is Channel.WEB and author is None:
        author = person(app, resident_of=tenant)
    with app.app_context(), transaction():
        parent = db.session.get_one(Consultation, consultation)
        place = Place()
        if document is not None:
            found = documents.place_in(db.session.get_one(Document, document), 1, unit)
            assert found is not None
            place = found
        row = Remark(
            author_id=author,
            author_name="Halina K." if author is not None else "mieszkanka",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu" if author is not None else "",
            channel=channel,
            entered_by=entered_by,
            received_on=clock.local(now).date(),
            created_at=now,
            version_no=1,
        )
        content = Content(place=place, kind=kind, body=body)
        remarks.add(parent, row, content, author_label=row.author_name)
        return row.id


def support(app: Flask, tenant: int, proposal: int, person: int) -> None:
    with app.app_context(), transaction():
        row = Support(
            tenant_id=tenant, proposal_id=proposal, person_id=person, given_at=clock.now()
        )
        db.session.add(row)
        db.session.get_one(Proposal, proposal).supports += 1


def contribution(
    app: Flask,
    tenant: int,
    thread: int,
    *,
    author: int | None = None,
    body: str = "Popieram drzewa w gruncie.",
    parent: int | None = None,
    kind: ContributionKind = ContributionKind.VOICE,
) -> int:
    author = author if author is not None else person(app, resident_of=tenant)
    with app.app_context(), transaction():
        talk = db.session.get_one(Thread, thread)
        talk.last_number += 1
        row = Contribution(
            tenant_id=tenant,
            consultation_id=talk.consultation_id,
            thread_id=thread,
            number=talk.last_number,
            parent_id=parent,
            kind=kind,
            body=body,
            folded=fold(body),
            author_id=author,
            author_name="Halina K.",
            capacity=Capacity.RESIDENT,
            capacity_label="mieszka w Lubowierzu",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def client(
    app: Flask,
    *,
    slug: str = "lubowierz",
    signed_in: int | None = None,
    second_factor: bool | None = None,
) -> FlaskClient:
    """Give a browser at one municipality: ``client.get("/konsultacje")`` is under /g/<slug>/."""
    made = app.test_client()
    made.environ_base["deliberate.slug"] = slug
    if signed_in is not None:
        sign_in(app, made, signed_in, slug=slug, second_factor=second_factor)
    return made


def sign_in(
    app: Flask,
    client: FlaskClient,
    person_id: int,
    *,
    slug: str = "lubowierz",
    second_factor: bool | None = None,
) -> None:
    """Sign a person in; with a second factor (None) if they work here, or as is said."""
    with app.app_context(), transaction():
        tenant = db.session.query(Municipality).filter_by(slug=slug).one()
        row = db.session.get_one(Person, person_id)
        staff_here = (
            db.session.query(Membership).filter_by(tenant_id=tenant.id, person_id=person_id).first()
        )
        proves = staff_here is not None if second_factor is None else second_factor
        if proves:
            _keep_second_factor(person_id)
        token = sessions.begin(
            row,
            tenant.id,
            staff=staff_here is not None,
            browser="test",
            second_factor=proves,
        )
    with client.session_transaction() as cookie:
        cookie[sessions.TOKEN] = token
        cookie[sessions.SEEN] = int(clock.now().timestamp())


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every app that tests hold


def second_factor(app: Flask, person: int) -> None:
    """Give a person an app with SECRET, if they have none."""
    with app.app_context(), transaction():
        _keep_second_factor(person)


def _keep_second_factor(person: int) -> None:
    if db.session.get(SecondFactor, person) is None:
        sealed = seals.seal(SECRET, owner=owner_of(person))
        before = clock.now() - timedelta(seconds=1)
        row = SecondFactor(person_id=person, secret=sealed, confirmed_at=before, last_step=0)
        db.session.add(row)
        db.session.flush()


def without_tokens(page: bytes) -> bytes:
    """Return a page without what is made anew for each reading and tells nothing."""
    return TOKEN.sub(b"", page)


def app_code(app: Flask, person: int) -> str:
    """Return what a person's app shows: this half-minute's code or, if it was used, the next."""
    with app.app_context():
        used = db.session.get_one(SecondFactor, person).last_step
    return totp.code_at(SECRET, max(totp.step_of(clock.now()), used + 1))


def password(app: Flask, person: int, text: str) -> None:
    """Give a person a password."""
    hashed = passwords.hash_password(text)
    with app.app_context(), transaction():
        db.session.get_one(Person, person).password_hash = hashed


def thread_of(app: Flask, tenant: int, kind: str, subject: int) -> int:
    """Return the id of the thread that a thing was made with."""
    with app.app_context():
        return (
            db.session.query(Thread)
            .filter_by(tenant_id=tenant, subject_kind=kind, subject_id=subject)
            .one()
            .id
        )


def hidden(app: Flask, kind: str, subject: int) -> None:
    """Hide a contribution, a summary, a proposal or a remark, as a decision would leave it."""
    if kind == "remark":
        with app.app_context(), transaction():
            row = db.session.get_one(Remark, subject)
            remarks.restrict(row.tenant_id, row.id, ContentState.HIDDEN)
        return
    model = {"contribution": Contribution, "summary": Summary, "proposal": Proposal}[kind]
    with app.app_context(), transaction():
        db.session.get_one(model, subject).content_state = ContentState.HIDDEN


def withdrawn(app: Flask, contribution: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Contribution, contribution).withdrawn_at = clock.now()


def summary(
    app: Flask, tenant: int, thread: int, *, agreed: str = "Plac jest latem za gorący."
) -> int:
    with app.app_context():
        consultation = db.session.get_one(Thread, thread).consultation_id
    return add(
        app,
        Summary(
            tenant_id=tenant,
            consultation_id=consultation,
            thread_id=thread,
            agreed=agreed,
            disputed="Czy warto stracić 31 miejsc.",
            covers=1,
            author_id=person(app),
            author_name="Joanna L.",
            capacity=Capacity.FACILITATOR,
            capacity_label="facylitatorka",
            created_at=clock.now(),
        ),
    )


def approval(
    app: Flask, tenant: int, act: str, subject: int, payload: str, *, kind: str = "poll"
) -> int:
    """Make a request that a second person approved and that is not spent yet."""
    now = clock.now()
    return add(
        app,
        Approval(
            tenant_id=tenant,
            token=ids.new_token(),
            act=act,
            subject_kind=kind,
            subject_id=subject,
            payload_sha256=payload,
            asked_by=person(app),
            asked_at=now,
            decided_by=person(app),
            decided_at=now,
            approved=True,
            expires_at=now + timedelta(days=14),
        ),
    )


def poll(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    options: int = 3,
    least: int = 1,
    most: int = 2,
    sections: Sequence[SectionDraft] = (),
    began: timedelta = timedelta(days=1),
    left: timedelta = timedelta(days=9),
    needs: Needs = Needs.DECLARED,
    electorate: Electorate = Electorate.RESIDENTS,
    electorate_terms: str = "{}",
    roll: Sequence[Line] = (),
    age_rule: AgeRule = AgeRule.NONE,
    age: int | None = None,
    revote: bool = False,
    sealed: bool = True,
    **more: Any,
) -> int:
    """Make a vote on new proposals, numbered from 1; sealed by two and, by its dates, receiving.

    roll: of a closed list. sections: of ``section`` below, in place of the proposals. more: of a
    PollDraft.
    """
    now = clock.now()
    if not sections:
        proposals = [
            proposal(app, tenant, consultation, title=f"Projekt {no}")
            for no in range(1, options + 1)
        ]
        sections = [section(options=options, least=least, most=most, proposals=proposals)]
    draft = PollDraft(
        consultation_id=consultation,
        title="Wybierz projekty",
        needs=needs,
        effect=Effect.ADVISES,
        decided_by="Rada Miasta",
        decision_due=None,
        result_due=clock.local(now + left + timedelta(days=7)).date(),
        opens_at=now - began,
        ends_at=now + left,
        order_seed="ziarno",
        sections=sections,
        **more,
    )
    with app.app_context(), transaction():
        row = preparing_polls.prepare(db.session.get_one(Municipality, tenant), draft)
        row.electorate, row.electorate_terms = electorate, electorate_terms
        row.age_rule, row.age, row.revote = age_rule, age, revote
        if roll:
            enrolling.put(db.session.get_one(Municipality, tenant), row.id, roll)
        poll_id, rules = row.id, voting.rules_text(row)
    if sealed:
        approval(app, tenant, "poll.seal", poll_id, canonical.digest(rules))
        with app.app_context(), transaction():
            row = db.session.get_one(Poll, poll_id)
            row.rules, row.rules_hash = rules, canonical.digest(rules)
            row.state, row.sealed_at = PollState.SEALED, now
            keys.make(tenant, poll_id, is_first=True)
    return poll_id


METHOD_OF = {
    BallotKind.SINGLE: "plurality",
    BallotKind.APPROVAL: "approval",
    BallotKind.KNAPSACK: "approval",
    BallotKind.RANKED: "borda",
    BallotKind.SCORE: "score",
    BallotKind.POINTS: "points",
    BallotKind.QUESTIONS: "questions",
}


def section(
    kind: BallotKind = BallotKind.APPROVAL,
    *,
    options: int = 3,
    first: int = 1,
    proposals: Sequence[int] = (),
    title: str = "Całe miasto",
    method: str | None = None,
    least: int = 0,
    most: int | None = None,
    **more: Any,
) -> SectionDraft:
    """Describe a section whose options are numbered from ``first``; each costs 100 000 zł more."""
    numbers = range(first, first + options)
    subjects = dict(zip(numbers, proposals, strict=False))
    limits = {
        BallotKind.SCORE: {"lowest": 0, "highest": 5},
        BallotKind.POINTS: {"points": 10},
        BallotKind.KNAPSACK: {"budget": 300_000_00},
    }.get(kind, {})
    drafts = [
        OptionDraft(
            no=no,
            title=f"Projekt {no}",
            text="",
            cost=no * 100_000_00,
            subject_kind="proposal" if no in subjects else None,
            subject_id=subjects.get(no),
        )
        for no in numbers
    ]
    every = 1 if kind is BallotKind.SINGLE else options
    return SectionDraft(
        title=title,
        kind=kind,
        method=method or METHOD_OF[kind],
        least=least,
        most=most or every,
        options=drafts,
        **{**limits, **more},
    )


def marks(*chosen: int) -> dict[int, Written]:
    """Write a ballot of one section: these numbers are ticked."""
    return {1: Written(marked=frozenset(chosen))}


def said(texts: Mapping[int, str], *, section: int = 1) -> dict[int, Written]:
    """Write a ballot of one section: this stands beside these numbers."""
    return {section: Written(said=texts)}


def drawn(app: Flask, tenant: int, poll_id: int, value: str) -> None:
    """Have two persons type the drawn value, in its canonical form."""
    two = [person(app), person(app)]
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll_id)
        row.state = PollState.WORKING_UP
        db.session.add_all(
            SeedTyping(
                tenant_id=tenant, poll_id=poll_id, person_id=each, value=value, typed_at=clock.now()
            )
            for each in two
        )
        db.session.flush()
        row.seed = value


def publish_poll(app: Flask, tenant: int, poll_id: int) -> None:
    """Have two persons publish a counted result."""
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash
    approval(app, tenant, "poll.publish", poll_id, rules_hash or "")
    with app.app_context(), transaction():
        publishing.publish(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)


def notice(
    app: Flask,
    tenant: int,
    kind: str,
    subject: int,
    *,
    consultation: int | None = None,
    reason: str = "personal_data",
) -> int:
    """Make a notice by somebody who left an address."""
    return add(
        app,
        Notice(
            tenant_id=tenant,
            number=next(_numbers),
            consultation_id=consultation,
            subject_kind=kind,
            subject_id=subject,
            reason=reason,
            text="To są dane mojej sąsiadki.",
            reporter_email="zglaszajaca@poczta.example",
            locale="pl",
            at=clock.now(),
        ),
    )


def published_answer(app: Flask, tenant: int, consultation: int, kind: str, subject: int) -> int:
    now = clock.now()
    return add(
        app,
        Answer(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind=kind,
            subject_id=subject,
            position=Position.ACCEPTED,
            justification="Posadzimy drzewa w miejscach, które wskazali mieszkańcy.",
            signed_as="Urząd Miasta, Wydział Inwestycji",
            saved_at=now,
            published_at=now,
        ),
    )


def residents(app: Flask, tenant: int, number: int) -> list[int]:
    """Make many people who declared to live here, at once."""
    now = clock.now()
    with app.app_context(), transaction():
        people = [
            Person(
                email=f"mieszka{n}@poczta.example",
                email_folded=f"mieszka{n}@poczta.example",
                display_name="Halina K.",
                aged_13_at=now,
                created_at=now,
            )
            for n in itertools.islice(_numbers, number)
        ]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(
            Residence(
                tenant_id=tenant,
                person_id=each.id,
                state=ResidenceState.DECLARED,
                method=ResidenceMethod.DECLARATION,
                declared_at=now,
            )
            for each in people
        )
        return [each.id for each in people]


def organisation(
    app: Flask,
    tenant: int,
    *,
    name: str = "Fundacja Most Sąsiedzki",
    kind: str = "foundation",
    member: int | None = None,
    verified: bool = True,
) -> int:
    """Make an organisation, verified by the office, with one member if one is named."""
    number = next(_numbers)
    now = clock.now()
    organisation_id = add(
        app,
        Organisation(
            tenant_id=tenant,
            slug=f"{slugify(name)}-{number}",
            name=name,
            kind=kind,
            register="krs",
            register_number=f"{number:010d}",
            seat="Lubowierz",
            about="Pomagamy się poznać.",
            created_by=member,
            created_at=now,
            verified_at=now if verified else None,
        ),
    )
    if member is not None:
        with app.app_context(), transaction():
            db.session.add(
                OrganisationMember(
                    tenant_id=tenant,
                    organisation_id=organisation_id,
                    person_id=member,
                    function="prezeska",
                    since=now - timedelta(days=1),
                )
            )
    return organisation_id


def meeting(
    app: Flask,
    tenant: int,
    *,
    consultation: int | None = None,
    title: str = "Spotkanie mieszkańców",
    days_left: float = 10,
    hours: float = 2,
    published: bool = True,
    seats: int | None = None,
    has_sign_up: bool = True,
    **more: object,
) -> int:
    """Make a meeting that begins in ``days_left`` days, announced and with sign-up."""
    now = clock.now()
    starts = now + timedelta(days=days_left)
    columns: dict[str, object] = {
        "kind": MeetingKind.OPEN_MEETING,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=hours),
        "place": "Dom Kultury",
        "address": "ul. Szkolna 4",
        **more,
    }
    row = Meeting(
        tenant_id=tenant,
        consultation_id=consultation,
        title=title,
        seats=seats,
        has_sign_up=has_sign_up,
        created_at=now,
        published_at=now if published else None,
        **columns,
    )
    return add(app, row)


PARK = (
    Question(
        kind=QuestionKind.SINGLE,
        text="Czy bywasz w parku?",
        is_required=True,
        options=("Tak", "Nie", "Czasem"),
    ),
    Question(
        kind=QuestionKind.MULTIPLE,
        text="Co tam robisz?",
        options=("Spaceruję", "Biegam", "Czytam"),
        most=2,
        shown_if=Condition(1, frozenset({1, 3})),
    ),
    Question(
        kind=QuestionKind.SCALE,
        text="Jak oceniasz park?",
        least=1,
        most=5,
        least_label="źle",
        most_label="dobrze",
    ),
    Question(kind=QuestionKind.TEXT, text="Co zmienić?", longest=200),
)


def survey(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    questions: Iterable[Question] = PARK,
    anonymous: bool = True,
    state: SurveyState = SurveyState.OFFERED,
    number: int = 1,
    title: str = "Ankieta o parku",
) -> int:
    """Make a survey; whether it can be filled in follows from the consultation's phase."""
    definition = Definition(title=title, questions=tuple(questions))
    survey_id = add(
        app,
        Survey(
            tenant_id=tenant,
            consultation_id=consultation,
            number=number,
            content=surveys.write(definition),
            is_anonymous=anonymous,
            created_at=clock.now(),
        ),
    )
    if state is not SurveyState.DRAFT:
        with app.app_context(), transaction():
            db.session.get_one(Survey, survey_id).state = SurveyState.OFFERED
    if state is SurveyState.PUBLISHED:
        with app.app_context(), transaction():
            row = db.session.get_one(Survey, survey_id)
            row.state, row.published_at = state, clock.now()
    return survey_id


def report(app: Flask, tenant: int, consultation: int, *, rows: int = 0) -> int:
    """Make a published report of a consultation: a file, a part, ``rows`` rows of nothing."""
    now = clock.now()
    with app.app_context(), transaction():
        made = Report(
            tenant_id=tenant,
            consultation_id=consultation,
            no=1,
            responsible="Anna N.",
            asked_at=now,
        )
        db.session.add(made)
        db.session.flush()
        content = b'{"entries": []}'
        file = StoredFile(
            tenant_id=tenant,
            token=ids.new_token(),
            sha256=storage().put(content),
            name="raport.json",
            media_type="application/json",
            size=len(content),
            subject_kind="report",
            subject_id=made.id,
            uploaded_at=now,
        )
        db.session.add(file)
        db.session.flush()
        db.session.add(
            ReportFile(
                tenant_id=tenant,
                report_id=made.id,
                name=file.name,
                position=1,
                file_id=file.id,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
        )
        entry = {"number": 1, "what": "uwaga", "text": "Tekst.", "same": 1, "url": "/"}
        db.session.add_all(
            ReportEntry(
                tenant_id=tenant,
                report_id=made.id,
                position=position,
                kind="hidden",
                subject_id=position,
                data=json.dumps(entry),
            )
            for position in range(1, rows + 1)
        )
        db.session.flush()
        parts = [
            {"key": "subject", "title": "Przedmiot", "blocks": []},
            {"key": "table", "title": "Tabela", "blocks": [{"kind": "entries"}]},
        ]
        made.content, made.entries = json.dumps(parts), rows
        made.made_at, made.state = now, ReportState.READY
        db.session.flush()
        made.published_at, made.state = now, ReportState.PUBLISHED
        db.session.flush()
        return made.id


def entry(
    app: Flask,
    tenant: int,
    *,
    register: Register = Register.PETITION,
    author: int | None = None,
    title: str = "Toaleta w parku",
    state: EntryState = EntryState.SUBMITTED,
    number: int = 1,
) -> int:
    """Make an entry that stands in a public register, with its sealed original."""
    now = clock.now()
    entry_id = add(
        app,
        Entry(
            tenant_id=tenant,
            register=register,
            year=now.year,
            number=number,
            title=title,
            text="W parku nie ma toalety. Prosimy o nią.",
            folded=fold(f"{title} W parku nie ma toalety."),
            author_id=author,
            state=state,
            received_on=clock.local(now).date(),
            created_at=now,
            published_at=now,
        ),
    )
    with app.app_context(), transaction():
        db.session.add(
            Original(tenant_id=tenant, entry_id=entry_id, title=title, text="Anna Nowak prosi.")
        )
    return entry_id
