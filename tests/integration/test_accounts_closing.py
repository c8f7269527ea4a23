"""Closing an account and coming back: no refusal is shaken off, nothing is given twice."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from deliberate.accounts import closing, former_refusals, rules
from deliberate.accounts.actions import people
from deliberate.accounts.models import FormerRefusal, Person, Residence
from deliberate.audit.models import AuditEntry
from deliberate.consultations.models import Consultation, State
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.proposals import actions as proposals
from deliberate.proposals.models import Proposal, Support
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import rules as voting_rules
from deliberate.voting.actions import casting
from deliberate.voting.models import Participation, Poll
from tests import make
from tests.sql import counted

HALINA = "halina@poczta.example"
REASON = "Pod tym adresem nikt taki nie mieszka."
INTRODUCTION = {"display_name": "Halina K.", "form": "f", "is_13": "y", "lives_here": "y"}


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, email=HALINA, resident_of=tenant)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def close(app: Flask, person: int) -> None:
    client = make.client(app, signed_in=person)
    assert client.post("/konto/zamkniecie", data={"understood": "y"}).status_code == 303


def come_back(app: Flask, address: str = HALINA, *, slug: str = "lubowierz") -> FlaskClient:
    """Make an account with a code, saying that one lives here."""
    client = make.client(app, slug=slug)
    client.post("/zaloguj", data={"email": address})
    with app.app_context():
        letter = db.session.scalars(
            select(Outbox).where(Outbox.address == address).order_by(Outbox.id.desc())
        ).first()
    assert letter is not None
    code = re.search(r"(\d{3}) (\d{3})", letter.subject)
    assert code is not None
    client.post("/zaloguj/kod", data={"code": code[1] + code[2]})
    assert client.post("/zaloguj/poznajmy-sie", data=INTRODUCTION).status_code == 303
    return client


def refuse(app: Flask, officer: FlaskClient, person: int) -> None:
    residence = residence_of(app, person)
    assert residence is not None
    address = f"/urzad/zamieszkanie/{residence.id}/odmowa"
    assert officer.post(address, data={"reason": REASON}).status_code == 303


def residence_of(app: Flask, person: int) -> Residence | None:
    with app.app_context():
        return db.session.scalars(
            select(Residence).where(Residence.person_id == person)
        ).one_or_none()


def person_with(app: Flask, address: str) -> int:
    with app.app_context():
        return db.session.scalars(
            select(Person.id).where(Person.email_folded == address.casefold())
        ).one()


# A refused residence.


def test_whoever_comes_back_is_refused_as_before(
    app: Flask, halina: int, officer: FlaskClient
) -> None:
    refuse(app, officer, halina)
    close(app, halina)

    client = come_back(app, HALINA.upper().replace("POCZTA.EXAMPLE", "poczta.example"))

    back = residence_of(app, person_with(app, HALINA))
    assert back is not None
    assert (back.state, back.reason) == ("refused", REASON)
    assert REASON in client.get("/konto/zamieszkanie").text
    again = client.post("/konto/zamieszkanie", data={"lives_here": "y"})
    assert (again.status_code, "Wyjaśnisz to w urzędzie" in again.text) == (409, True)
    with app.app_context():
        assert db.session.scalars(select(FormerRefusal)).all() == []
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert acts == ["residence.refused", "account.closed", "residence.refusal_returned"]


def test_the_desk_finds_them_and_may_confirm_now(
    app: Flask, halina: int, officer: FlaskClient
) -> None:
    refuse(app, officer, halina)
    close(app, halina)
    come_back(app)
    back = residence_of(app, person_with(app, HALINA))
    assert back is not None

    assert (
        f"/urzad/zamieszkanie/{back.id}" in officer.get(f"/urzad/zamieszkanie?szukaj={HALINA}").text
    )
    assert officer.post(f"/urzad/zamieszkanie/{back.id}/potwierdzenie").status_code == 303
    confirmed = residence_of(app, person_with(app, HALINA))
    assert confirmed is not None
    assert confirmed.state == "confirmed"


def test_closing_again_shakes_nothing_off(app: Flask, halina: int, officer: FlaskClient) -> None:
    refuse(app, officer, halina)
    close(app, halina)
    for _ in range(2):
        come_back(app)
        close(app, person_with(app, HALINA))

    come_back(app)

    back = residence_of(app, person_with(app, HALINA))
    assert back is not None
    assert back.state == "refused"


def test_a_refusal_holds_where_it_was_made(app: Flask, halina: int, officer: FlaskClient) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    refuse(app, officer, halina)
    close(app, halina)

    come_back(app, slug="wrzosowiany")

    with app.app_context():
        states = db.session.execute(
            select(Municipality.slug, Residence.state).join_from(
                Residence, Municipality, Municipality.id == Residence.tenant_id
            )
        ).all()
    assert sorted(map(tuple, states)) == [("lubowierz", "refused"), ("wrzosowiany", "declared")]


def test_whoever_was_not_refused_leaves_nothing_and_starts_anew(app: Flask, halina: int) -> None:
    close(app, halina)

    with app.app_context():
        assert db.session.scalars(select(FormerRefusal)).all() == []
    come_back(app)
    back = residence_of(app, person_with(app, HALINA))
    assert back is not None
    assert back.state == "declared"


def test_what_is_kept_names_nobody(app: Flask, halina: int, officer: FlaskClient) -> None:
    refuse(app, officer, halina)
    close(app, halina)

    with app.app_context():
        kept = db.session.scalars(select(FormerRefusal)).one()
        values = {column.name: getattr(kept, column.name) for column in kept.__table__.columns}
    assert set(values) == {
        "tenant_id",
        "address_hash",
        "reason",
        "decided_by",
        "decided_at",
        "kept_since",
    }
    assert re.fullmatch(r"[0-9a-f]{64}", values["address_hash"])
    assert values["decided_by"] != halina
    assert values["kept_since"] == clock.local(clock.now()).date()  # no moment to be looked up


def test_a_new_key_of_the_installation_still_knows_the_address(
    app: Flask, halina: int, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(app, officer, halina)
    close(app, halina)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.config["SECRET_KEY"]])
    monkeypatch.setitem(app.config, "SECRET_KEY", "nowy klucz instalacji, dość długi")

    come_back(app)

    back = residence_of(app, person_with(app, HALINA))
    assert back is not None
    assert back.state == "refused"


def test_a_kept_refusal_goes_after_two_years(app: Flask, halina: int, officer: FlaskClient) -> None:
    refuse(app, officer, halina)
    close(app, halina)
    with app.app_context():
        (rule,) = [r for r in retention.list_rules() if r.key == "accounts.former_refusals"]
        now = clock.now()
        assert rule.count(now) == rule.count(now + former_refusals.KEPT - timedelta(days=1)) == 0
        later = now + former_refusals.KEPT + timedelta(days=1)
        assert rule.count(later) == 1
    with app.app_context(), transaction():
        assert rule.remove(later) == 1


def test_the_page_of_closing_says_what_stays(app: Flask, halina: int, officer: FlaskClient) -> None:
    client = make.client(app, signed_in=halina)
    assert "odmowa zostaje" not in client.get("/konto/zamkniecie").text

    refuse(app, officer, halina)

    assert "Ta odmowa zostaje jeszcze dwa lata" in client.get("/konto/zamkniecie").text


# Support.


def supports(app: Flask, proposal: int) -> tuple[int, int]:
    """Return the rows and the counter."""
    with app.app_context():
        rows = db.session.scalar(
            select(func.count()).select_from(Support).where(Support.proposal_id == proposal)
        )
        return rows or 0, db.session.get_one(Proposal, proposal).supports


def in_phases(app: Flask, tenant: int, *days: tuple[float, float]) -> int:
    """Make a consultation that collects support from and until so many days from now."""
    (first, *more) = days
    consultation = make.consultation(app, tenant, began=-first[0], days_left=first[1])
    now = clock.now()
    for position, (start, end) in enumerate(more, start=2):
        make.phase(
            app,
            tenant,
            consultation,
            starts=now + timedelta(days=start),
            ends=now + timedelta(days=end),
            opens=[Activity.SUPPORT],
            position=position,
        )
    return consultation


@pytest.mark.parametrize(
    ("phases", "stays"),
    [
        ([(-9, 5)], False),
        ([(-9, -2), (3, 9)], False),  # between two phases: it could be given again in the second
        ([(-9, -2)], True),
        ([(-20, -10), (-9, -2)], True),
    ],
)
def test_support_goes_wherever_it_could_be_given_again(
    app: Flask, tenant: int, halina: int, phases: list[tuple[float, float]], stays: bool
) -> None:
    proposal = make.proposal(app, tenant, in_phases(app, tenant, *phases))
    make.support(app, tenant, proposal, halina)
    make.support(app, tenant, proposal, make.person(app))

    close(app, halina)

    assert supports(app, proposal) == ((2, 2) if stays else (1, 1))


def test_support_goes_from_what_is_suspended_as_it_may_be_resumed(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    make.support(app, tenant, proposal, halina)
    with app.app_context(), transaction():
        db.session.execute(
            update(Consultation)
            .where(Consultation.id == consultation)
            .values(state=State.SUSPENDED)
            .execution_options(touches=tenant)
        )

    close(app, halina)

    assert supports(app, proposal) == (0, 0)


def test_closing_asks_the_same_for_many_supports(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)

    def statements(number: int) -> int:
        person = make.person(app)
        for _ in range(number):
            make.support(app, tenant, make.proposal(app, tenant, consultation), person)
        client = make.client(app, signed_in=person)
        with counted(app) as found:
            client.post("/konto/zamkniecie", data={"understood": "y"})
        return len(found)

    statements(1)  # the first closing also begins the journal
    assert statements(2) == statements(25)
    with app.app_context():
        assert db.session.scalars(select(Support)).all() == []
        assert set(db.session.scalars(select(Proposal.supports))) == {0}


# Two things at once: what counts once a person, and the closing of the account.


@pytest.fixture
def world(app: Flask, tenant: int) -> SimpleNamespace:
    consultation = make.consultation(app, tenant)
    return SimpleNamespace(
        tenant=tenant,
        proposal=make.proposal(app, tenant, consultation),
        poll=make.poll(app, tenant, consultation),
        person=make.person(app, email=HALINA, resident_of=tenant),
    )


def _cast(world: SimpleNamespace) -> None:
    poll = db.session.get_one(Poll, world.poll)
    db.session.get_one(Municipality, world.tenant)
    person = db.session.get_one(Person, world.person)
    casting.cast(poll.id, person, make.marks(1), casting.Form(idem="form"))


def _support(world: SimpleNamespace) -> None:
    tenant = db.session.get_one(Municipality, world.tenant)
    person = db.session.get_one(Person, world.person)
    proposals.give_support(tenant, db.session.get_one(Proposal, world.proposal), person)


def _close(world: SimpleNamespace) -> None:
    tenant = db.session.get_one(Municipality, world.tenant)
    person = db.session.get_one(Person, world.person)
    people.close(person, tenant=tenant, actor=Actor(person_id=person.id, tenant_id=tenant.id))


Act = Callable[[SimpleNamespace], None]


def overlap(app: Flask, world: SimpleNamespace, first: Act, second: Act) -> list[str | None]:
    """Begin the second while the first is done and not committed; return why each was refused."""
    begun = threading.Event()
    outcomes: list[str | None] = ["broken", "broken"]

    def play(number: int, act: Act) -> None:
        if number == 1:
            begun.wait()
        try:
            with app.test_request_context(), transaction():
                act(world)
                if number == 0:
                    begun.set()
                    threading.Event().wait(0.5)  # long enough for the other to get in, if it can
        except Refused as refused:
            outcomes[number] = refused.refusal.code
        else:
            outcomes[number] = None
        finally:
            begun.set()

    threads = [
        threading.Thread(target=play, args=(number, act))
        for number, act in enumerate((first, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def left_behind(app: Flask, world: SimpleNamespace) -> tuple[bool, int, int]:
    """Return whether the account is closed, and what a person who comes back could give twice."""
    with app.app_context():
        closed = db.session.get_one(Person, world.person).closed_at is not None
        votes = db.session.scalars(select(func.count()).select_from(Participation)).one()
    return closed, votes, supports(app, world.proposal)[0]


def test_closing_waits_for_a_vote_that_is_being_cast(app: Flask, world: SimpleNamespace) -> None:
    outcomes = overlap(app, world, _cast, _close)

    assert outcomes == [None, voting_rules.CLOSE_AFTER_COUNT.code]
    assert left_behind(app, world) == (False, 1, 0)


def test_a_vote_waits_for_an_account_that_is_being_closed(
    app: Flask, world: SimpleNamespace
) -> None:
    outcomes = overlap(app, world, _close, _cast)

    assert outcomes == [None, rules.CLOSED_ACCOUNT.code]
    assert left_behind(app, world) == (True, 0, 0)


def test_closing_takes_along_a_support_that_is_being_given(
    app: Flask, world: SimpleNamespace
) -> None:
    outcomes = overlap(app, world, _support, _close)

    assert outcomes == [None, None]
    assert left_behind(app, world) == (True, 0, 0)
    assert supports(app, world.proposal) == (0, 0)


def test_a_support_waits_for_an_account_that_is_being_closed(
    app: Flask, world: SimpleNamespace
) -> None:
    outcomes = overlap(app, world, _close, _support)

    assert outcomes == [None, rules.CLOSED_ACCOUNT.code]
    assert supports(app, world.proposal) == (0, 0)


@pytest.mark.postgres  # SQLite lets one writer in at a time anyway
@pytest.mark.parametrize(("first", "second"), [(_cast, _close), (_close, _cast)])
def test_control_without_the_shared_row_a_closed_account_has_voted(
    app: Flask,
    world: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    first: Act,
    second: Act,
) -> None:
    monkeypatch.setattr(closing, "keep_open", lambda _person: None)

    assert overlap(app, world, first, second) == [None, None]
    assert left_behind(app, world)[:2] == (True, 1)
