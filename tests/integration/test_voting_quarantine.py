"""Votes that look odd: what is kept of a vote, seen after the end, held by one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import jobs, keys
from deliberate.voting.models import CaseLetter, Participation, VoteCase, Voter, VoteSignal
from deliberate.voting.states import Electorate
from deliberate.voting.suspicions import Kind
from tests import make, sql
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import (
    DESK,
    PAGE,
    WHY,
    case_ids,
    code_of,
    count,
    groups,
    hold,
    letters,
    rows,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    """Make a vote that has ended, and is not counted."""
    return ended_poll(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


@pytest.fixture
def home(app: Flask, poll: int) -> None:
    """Have six people of one house vote, each with an e-mail of their own."""
    for name in SIX:
        vote(app, poll, name)


# What is kept of a vote.


def test_a_vote_leaves_what_it_may_share_with_others(app: Flask, poll: int) -> None:
    vote(app, poll, "Ala", locale="uk")

    with app.app_context():
        person = db.session.scalars(select(Participation.person_key)).one()
        signals = db.session.scalars(select(VoteSignal)).all()
        assert {row.kind for row in signals} == {"contact", "network", "home"}
        assert {row.person_key for row in signals} == {person}
        assert {(row.hour.minute, row.hour.second) for row in signals} == {(0, 0)}
        voter = db.session.scalars(select(Voter)).one()
        assert voter.locale == "uk"
        assert "poczta" not in voter.contact_sealed
        opened = keys.open_contact(poll, voter.contact_sealed, person=person)
        assert opened == "ala@poczta.example"
        assert keys.open_contact(poll, voter.contact_sealed, person="ktoś inny") is None


def test_without_its_key_a_contact_is_not_kept_and_the_vote_is_taken(app: Flask, poll: int) -> None:
    with app.app_context():
        (keys.folder() / f"poll-{poll}-contact.key").unlink()
    vote(app, poll, "Ala")

    with app.app_context():
        assert db.session.scalars(select(Voter.contact_sealed)).one() == ""


def test_a_visitor_cannot_open_a_suspicion(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    visitor = make.client(app)
    said = {
        "wybor-1": ["1"],
        "given_name": "Ala",
        "surname": "Kos",
        "address": "Rynek 5",
        "contact": "ala@poczta.example",
        "lives_here": "y",
    }
    statuses = []
    for _ in range(2):
        page = visitor.post(f"{PAGE}/dane/kod", data=said).text
        with app.app_context():
            body = db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc())).first()
        code = "".join(re.findall(r"\b(\d{3}) (\d{3})\b", body or "")[0])
        token = re.search(r'name="token"[^>]*value="([^"]+)"', page)
        idem = re.search(r'name="klucz" value="([^"]+)"', page)
        assert token
        assert idem
        sent = {
            **said,
            "token": token[1],
            "klucz": idem[1],
            "code": code,
            "wyjasnienie": "suspicion",
        }
        statuses.append(visitor.post(f"{PAGE}/dane/glos", data=sent).status_code)

    assert statuses == [303, 409]
    assert case_ids(app) == []


# The page of the office.


def test_before_the_end_nothing_is_seen_and_no_byte_moves(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    poll = make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    token = re.compile(rb'name="csrf_token" value="[^"]*"|name="csrf-token" content="[^"]*"')
    pages = []
    with clock.at(clock.now()):
        for names in ((), SIX):
            for name in names:
                vote(app, poll, name, before_end=timedelta(days=9, hours=6))
            answer = officer.get(DESK)
            assert answer.status_code == 200
            pages.append(token.sub(b"", answer.data))
    home = groups(app, poll)[Kind.HOME]

    assert pages[0] == pages[1]
    assert "Podejrzenia widać po końcu głosowania." in pages[0].decode()
    assert hold(officer, home) == 409
    assert officer.post(f"{DESK}/listy").status_code == 409
    assert rows(app, VoteCase) == 0


@pytest.mark.usefixtures("home")
def test_after_the_end_groups_are_listed_with_their_people(
    app: Flask, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    vote(app, poll, "Jan", street="Inna")
    for client in (officer, approver):
        page = client.get(DESK).text
        assert "Wiele osób pod jednym adresem" in page
        assert "Głosów: 6." in page
        assert "Ala Z-Ala, Rynek 5" in page
        assert "Jan" not in page
    assert "Wstrzymaj te głosy" in officer.get(DESK).text
    assert "Wstrzymaj te głosy" not in approver.get(DESK).text


def test_nothing_odd_is_said_too(poll: int, officer: FlaskClient) -> None:
    assert "Nie ma podejrzeń" in officer.get(DESK).text


def test_the_page_is_for_those_who_prepare_or_witness(app: Flask, tenant: int, poll: int) -> None:
    for role in (Role.FACILITATOR, Role.AUDITOR, Role.REVIEWER):
        client = make.client(app, signed_in=make.staff(app, tenant, role))
        assert client.get(DESK).status_code == 403
    assert make.client(app).get(DESK).status_code == 401
    other = make.municipality(app, slug="inne", name="Inne")
    stranger = make.client(app, slug="inne", signed_in=make.staff(app, other, Role.OFFICER))
    assert stranger.get(DESK).status_code == 404


def test_the_page_asks_as_much_for_many_groups_as_for_one(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    officer.get(DESK)
    numbers = []
    for street in ("Rynek", "Dolna"):
        for name in SIX:
            vote(app, poll, f"{name}{street}", street=street)
        with sql.counted(app) as statements:
            officer.get(DESK)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] <= 16


# Holding.


@pytest.mark.usefixtures("home")
def test_one_person_holds_votes_and_each_voter_is_written_to(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303

    sent = letters(app)
    assert sorted(letter.address for letter in sent) == sorted(
        f"{name.lower()}@poczta.example" for name in SIX
    )
    with app.app_context():
        cases = db.session.scalars(select(VoteCase).order_by(VoteCase.id)).all()
        held = db.session.scalars(select(CaseLetter)).all()
        tenant = db.session.scalars(select(Municipality)).one()
        assert {(case.kind, case.grounds, case.reason) for case in cases} == {
            ("suspicion", "home", WHY)
        }
        assert all(letter.way == "email" for letter in held)
        until = {letter.answer_until for letter in held}.pop()
        assert until is not None
        assert (clock.last_day(until) - clock.local(clock.now()).date()).days == 5
        for case, letter in zip(cases, sent, strict=True):
            assert f"GL-{case.opened_at.year}-{case.id:06}" in letter.body
            assert tenant.office_phone in letter.body
            assert f"wyjasnienie?kod={code_of(letter)}" in letter.body
            assert WHY not in letter.body
        assert len({code_of(letter) for letter in sent}) == 6
        stored = db.session.scalars(select(CaseLetter.code_hash)).all()
        assert not {code_of(letter).replace("-", "") for letter in sent} & set(stored)
    assert "Te głosy są wstrzymane." in officer.get(DESK).text


def test_a_telephone_gets_a_code_to_type_and_no_link_with_it(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    for no, name in enumerate(SIX):
        vote(app, poll, name, contact=f"60010020{no}", locale="pl")
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303

    for letter in letters(app):
        assert letter.address.startswith("tel:+48600100")
        assert "?kod=" not in letter.body
        assert "://" not in letter.body
        assert "/glosowanie/wyjasnienie" in letter.body
        assert code_of(letter)


@pytest.mark.usefixtures("home")
def test_a_letter_is_in_the_language_in_which_the_vote_was_cast(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    vote(app, poll, "Oksana", locale="uk")
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303

    assert [letter.locale for letter in letters(app)].count("uk") == 1


@pytest.mark.usefixtures("home")
def test_votes_are_held_once_and_later_ones_join_them(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    home = groups(app, poll)[Kind.HOME]

    assert [hold(officer, home), hold(officer, home)] == [303, 409]
    assert rows(app, VoteCase) == 6


@pytest.mark.usefixtures("home")
def test_holding_needs_a_reason_a_second_factor_and_the_role(
    app: Flask, tenant: int, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    home = groups(app, poll)[Kind.HOME]
    person = make.staff(app, tenant, Role.OFFICER)
    bare = make.client(app, signed_in=person, second_factor=False)

    assert hold(officer, home, "krótko") == 422
    assert hold(approver, home) == 403
    assert hold(bare, home) == 409
    assert rows(app, VoteCase) == 0


def test_a_shared_network_is_shown_and_holds_nobody(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    for no in range(20):
        vote(app, poll, f"Osoba{no}", street=f"Ulica {no}", network="192.0.2.9")
    found = groups(app, poll)
    page = officer.get(DESK).text

    assert list(found) == [Kind.NETWORK]
    assert "To tylko wskazówka." in page
    assert "Wstrzymaj te głosy" not in page
    assert hold(officer, found[Kind.NETWORK]) == 409
    assert rows(app, VoteCase) == 0


@pytest.mark.usefixtures("home")
def test_a_group_that_is_not_there_holds_nobody(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    park = make.consultation(app, tenant, slug="park", opens=[Activity.VOTE])
    other = ended_poll(app, tenant, park)
    for name in SIX:
        vote(app, other, name, street="Parkowa")

    assert hold(officer, "0" * 16) == 409
    assert hold(officer, groups(app, other)[Kind.HOME]) == 409
    assert officer.post(f"{DESK}/krótkie/wstrzymanie").status_code == 404
    assert rows(app, VoteCase) == 0


@pytest.mark.usefixtures("home")
def test_after_the_count_nothing_is_seen_and_nobody_is_held(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    home = groups(app, poll)[Kind.HOME]
    count(app, tenant, poll)

    assert "Głosy są policzone" in officer.get(DESK).text
    assert hold(officer, home) == 409
    assert rows(app, VoteSignal) == 0
    assert "vote_signal" in jobs.COUNTED_TABLES
