"""Votes that look odd: seen after the end, held by one, explained, decided by two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, jobs, keys, quarantine, queries, receipts, retention
from deliberate.voting.actions import casting, coding, counting, declaring, holding, stopping
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    CodeBatch,
    FinalBallot,
    LogHead,
    Participation,
    Poll,
    PollResult,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
    VotingCode,
)
from deliberate.voting.states import Channel, Electorate
from deliberate.voting.suspicions import Kind
from deliberate.voting.workings import Workings
from tests import make, sql
from tests.declared import SIX, ended_poll, vote

PAGE = "/konsultacje/rynek/glosowanie"
EXPLAIN = f"{PAGE}/wyjasnienie"
DESK = "/urzad/konsultacje/rynek/glosowanie/podejrzenia"
CASES = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"
WHY = "Sześć osób w domu, w którym są dwa mieszkania."
VERDICT = "Nikt z tych osób tam nie mieszka."


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


def groups(app: Flask, poll_id: int) -> dict[Kind, str]:
    """Return the groups' names by what they have in common."""
    with app.app_context():
        found = quarantine.find_groups(db.session.get_one(Poll, poll_id))
        return {group.kind: group.id for group in found}


def hold(client: FlaskClient, group: str, reason: str = WHY) -> int:
    answer = client.post(f"{DESK}/{group}/wstrzymanie", data={f"{group}-reason": reason})
    return answer.status_code


def letters(app: Flask) -> list[Outbox]:
    with app.app_context():
        found = select(Outbox).where(Outbox.kind == "voting.held").order_by(Outbox.id)
        return list(db.session.scalars(found))


def code_of(letter: Outbox) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", letter.body)
    assert found
    return found[0]


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def case_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(VoteCase.id).order_by(VoteCase.id)))


def execute(app: Flask, statement: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement), values)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    with clock.at(clock.now() - timedelta(days=days)):
        yield


def hold_ago(app: Flask, tenant: int, poll_id: int, days: int) -> None:
    """Have the home held so many days ago, as far as the rows tell."""
    with days_ago(days):
        client = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
        assert hold(client, groups(app, poll_id)[Kind.HOME]) == 303


def say(client: FlaskClient, case: int, verdict: str) -> int:
    said = {f"sprawa-{case}-verdict": verdict, f"sprawa-{case}-reason": VERDICT}
    return client.post(f"{CASES}/sprawy/{case}/decyzja", data=said).status_code


def confirm(client: FlaskClient, case: int, verdict: str) -> int:
    seen = {"verdict": verdict, "reason": VERDICT}
    return client.post(f"{CASES}/sprawy/{case}/potwierdzenie", data=seen).status_code


def count(
    app: Flask, tenant: int, poll_id: int, *, rehearsed: Workings | None = None
) -> PollResult:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll_id, rules_hash)
    with app.app_context(), transaction():
        here = db.session.get_one(Municipality, tenant)
        return counting.count(here, poll_id, actor=SYSTEM, rehearsed=rehearsed)


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


# Explaining.


@pytest.fixture
def held(app: Flask, home: None, poll: int, officer: FlaskClient) -> list[str]:
    """Have the six held, and return the codes of their letters."""
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    return [code_of(letter) for letter in letters(app)]


MINE = "Mieszkam tu z siostrą, jej mężem i trójką dzieci."


def test_a_voter_explains_without_an_account(
    app: Flask, held: list[str], officer: FlaskClient, approver: FlaskClient
) -> None:
    visitor = make.client(app)
    page = visitor.get(f"{EXPLAIN}?kod={held[0]}")
    answer = visitor.post(EXPLAIN, data={"kod": held[0], "text": MINE})

    assert page.status_code == 200
    assert f'value="{held[0]}"' in page.text
    assert "Ala" not in page.text
    assert answer.status_code == 200
    assert re.search(r"Numer sprawy: GL-\d{4}-\d{6}\.", answer.text)
    for client in (officer, approver):
        assert MINE in client.get(f"{CASES}/sprawy").text


def test_a_code_is_read_however_it_is_written_and_works_once(app: Flask, held: list[str]) -> None:
    visitor = make.client(app)
    written = held[0].replace("-", " ").lower()
    first = visitor.post(EXPLAIN, data={"kod": written, "text": MINE})
    again = visitor.post(EXPLAIN, data={"kod": held[0], "text": "Coś innego."})
    link = visitor.get(f"{EXPLAIN}?kod={held[0]}")

    assert (first.status_code, again.status_code) == (200, 409)
    assert "Wyjaśnienie już do nas dotarło." in again.text
    assert "Coś innego." in again.text  # nothing typed is lost
    assert "Wyjaśnienie już do nas dotarło." in link.text
    assert "<textarea" not in link.text
    with app.app_context():
        assert db.session.scalars(select(CaseExplanation.text)).all() == [MINE]


@pytest.mark.usefixtures("home")
def test_after_five_days_a_link_says_so(app: Flask, tenant: int, poll: int) -> None:
    hold_ago(app, tenant, poll, 6)
    code = code_of(letters(app)[0])
    visitor = make.client(app)
    page = visitor.get(f"{EXPLAIN}?kod={code}")
    answer = visitor.post(EXPLAIN, data={"kod": code, "text": MINE})

    for said in (page, answer):
        assert "Czas na wyjaśnienie w internecie minął." in said.text
    assert answer.status_code == 409
    assert rows(app, CaseExplanation) == 0


@pytest.mark.usefixtures("home")
def test_on_the_fifth_day_there_is_still_time(app: Flask, tenant: int, poll: int) -> None:
    hold_ago(app, tenant, poll, 5)
    data = {"kod": code_of(letters(app)[0]), "text": MINE}

    assert make.client(app).post(EXPLAIN, data=data).status_code == 200


def test_a_code_of_another_vote_is_no_code(app: Flask, tenant: int, held: list[str]) -> None:
    park = make.consultation(app, tenant, slug="park", opens=[Activity.VOTE])
    ended_poll(app, tenant, park)
    elsewhere = EXPLAIN.replace("rynek", "park")
    data = {"kod": held[0], "text": MINE}

    assert make.client(app).post(elsewhere, data=data).status_code == 422
    assert rows(app, CaseExplanation) == 0


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0000-0000-0000", MINE),
        ("7KQ4", MINE),
        ("", MINE),
        (None, ""),
        (None, "x" * 2001),
        ("'; DROP TABLE--", MINE),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    app: Flask, held: list[str], code: str | None, said: str
) -> None:
    data = {"kod": held[0] if code is None else code, "text": said}
    answer = make.client(app).post(EXPLAIN, data=data)

    assert answer.status_code == 422
    assert said[:40] in answer.text
    assert rows(app, CaseExplanation) == 0


def test_guessing_codes_of_letters_is_limited(app: Flask, held: list[str]) -> None:
    visitor = make.client(app)
    tries = [
        visitor.post(EXPLAIN, data={"kod": f"0000-0000-{no:04}", "text": MINE}).status_code
        for no in range(61)
    ]

    assert tries == [422] * 60 + [429]


def test_the_page_is_there_before_the_end_and_takes_nothing(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    visitor = make.client(app)

    assert visitor.get(EXPLAIN).status_code == 200
    data = {"kod": "7KQ4-M2XD-9TRA", "text": MINE}
    assert visitor.post(EXPLAIN, data=data).status_code == 422


# Letters on paper.


@pytest.fixture
def unreachable(app: Flask, poll: int) -> None:
    """Have the six vote where no contact was kept: a vote sealed by a former version."""
    with app.app_context():
        (keys.folder() / f"poll-{poll}-contact.key").unlink()
    for name in SIX:
        vote(app, poll, name)


def printed(app: Flask) -> list[CaseLetter]:
    with app.app_context():
        return list(db.session.scalars(select(CaseLetter).order_by(CaseLetter.case_id)))


@pytest.mark.usefixtures("unreachable")
def test_who_cannot_be_reached_gets_a_letter_by_post(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    before, page = printed(app), officer.get(DESK).text
    waiting = officer.get(f"{CASES}/sprawy").text
    early = say(officer, case_ids(app)[0], "keep")
    answer = officer.post(f"{DESK}/listy")
    again = officer.post(f"{DESK}/listy")

    assert letters(app) == []
    assert {(row.way, row.code_hash, row.answer_until) for row in before} == {("paper", None, None)}
    assert "Listów, które trzeba wysłać pocztą: 6." in page
    assert "Najpierw wydrukuj i wyślij list do tej osoby." in waiting
    assert early == 409
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len({row.code_hash for row in printed(app)}) == 6
    assert all(row.answer_until for row in printed(app))
    assert again.status_code == 409


@pytest.mark.usefixtures("unreachable")
def test_of_two_who_print_at_once_one_has_the_letters(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    printer = Actor(
        person_id=make.person(app), tenant_id=tenant, is_fresh=True, has_second_factor=True
    )
    refused = []
    for made in (coding.draw(6), coding.draw(6)):
        by_case = dict(zip(case_ids(app), made, strict=True))
        try:
            with app.app_context(), transaction():
                row = db.session.get_one(Poll, poll)
                holding.note_printed(
                    row, by_case, anew=False, written_at=clock.now(), actor=printer
                )
        except Refused as trouble:
            refused.append(trouble.refusal.code)

    assert refused == ["letter.none"]


@pytest.mark.usefixtures("held")
def test_a_letter_that_did_not_come_is_written_anew(
    app: Flask, held: list[str], officer: FlaskClient, approver: FlaskClient
) -> None:
    case = case_ids(app)[0]
    before = printed(app)[0]
    assert approver.post(f"{DESK}/listy/{case}").status_code == 403
    assert officer.post(f"{DESK}/listy/{case}").status_code == 200
    after = printed(app)[0]
    visitor = make.client(app)
    former = visitor.post(EXPLAIN, data={"kod": held[0], "text": MINE})
    visitor.post(EXPLAIN, data={"kod": held[1], "text": MINE})

    assert after.way == "paper"
    assert after.code_hash != before.code_hash
    assert after.answer_until is not None
    assert before.answer_until is not None
    assert after.answer_until >= before.answer_until
    assert former.status_code == 422
    assert officer.post(f"{DESK}/listy/{case_ids(app)[1]}").status_code == 409  # has answered
    assert officer.post(f"{DESK}/listy/999").status_code == 409


def test_holders_of_codes_get_letters_by_the_number_of_theirs(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    poll = ended_poll(app, tenant, consultation, electorate=Electorate.CODES)
    codes = vote_with_codes(app, tenant, poll, 12)
    found = groups(app, poll)
    assert list(found) == [Kind.RHYTHM]
    page = officer.get(DESK).text
    assert "list z kodem nr 1/1" in page
    assert hold(officer, found[Kind.RHYTHM]) == 303
    assert officer.post(f"{DESK}/listy").status_code == 200

    assert rows(app, CaseLetter) == len(codes) == 12
    assert "Głos oddano kodem z listu nr 1/1." in officer.get(f"{CASES}/sprawy").text
    received = make.client(app).get(f"{PAGE}/przyjety?klucz=formularz {codes[0]}")
    assert re.search(r"Numer sprawy: GL-\d{4}-\d{6}\.", received.text)


def vote_with_codes(app: Flask, tenant: int, poll_id: int, number: int) -> list[str]:
    """Have codes voted with from one network, two in each hour."""
    with app.app_context():
        row = db.session.get_one(Poll, poll_id)
        opens_at, ends_at = row.opens_at, row.ends_at
    person = make.person(app)
    batch = make.add(
        app,
        CodeBatch(
            tenant_id=tenant, poll_id=poll_id, no=1, codes=number, ordered_by=person,
            ordered_at=opens_at,
        ),
    )  # fmt: skip
    with app.app_context():
        row = db.session.get_one(Poll, poll_id)
        payload = coding.codes.payload(row, db.session.get_one(CodeBatch, batch))
    make.approval(app, tenant, "poll.codes", batch, payload, kind="code_batch")
    made = coding.draw(number)
    with app.app_context(), transaction():
        issued = db.session.get_one(CodeBatch, batch)
        issued.printed_by, issued.printed_at = person, opens_at
        db.session.flush()
        row = db.session.get_one(Poll, poll_id)
        db.session.add_all(
            VotingCode(
                hash=coding.codes.hash_of(row, code),
                tenant_id=tenant,
                poll_id=poll_id,
                batch_id=batch,
                serial=serial,
            )
            for serial, code in enumerate(made, start=1)
        )
    for no, code in enumerate(made):
        hours = timedelta(days=5, hours=-(no // 2))
        with clock.at(ends_at - hours), app.app_context(), transaction():
            coding.cast(
                db.session.get_one(Poll, poll_id),
                code,
                make.marks(1),
                form=casting.Form(idem=f"formularz {code}"),
                network="192.0.2.7",
                area_id=None,
            )
    return made


# Deciding.


def test_nobody_decides_before_the_voter_was_heard(
    app: Flask, held: list[str], officer: FlaskClient, approver: FlaskClient
) -> None:
    first, second, *_ = case_ids(app)
    make.client(app).post(EXPLAIN, data={"kod": held[0], "text": MINE})
    page = officer.get(f"{CASES}/sprawy").text

    assert page.count("Ta osoba ma jeszcze czas na wyjaśnienie.") == 5
    assert say(officer, second, "keep") == 409
    assert say(officer, second, "take_out") == 409
    assert say(officer, first, "take_out") == 303
    assert confirm(officer, first, "take_out") == 409  # one person alone
    assert confirm(approver, first, "take_out") == 303
    assert rows(app, VoteVerdict) == 1


@pytest.mark.usefixtures("home")
def test_after_the_five_days_two_decide_without_an_answer(
    app: Flask, tenant: int, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    hold_ago(app, tenant, poll, 6)
    for no, case in enumerate(case_ids(app)):
        with pytest.raises(Refused) as refused:
            count(app, tenant, poll)
        assert refused.value.refusal.code == "count.cases"
        verdict = "take_out" if no < 2 else "keep"
        assert say(officer, case, verdict) == 303
        assert confirm(approver, case, verdict) == 303
    result = count(app, tenant, poll)

    assert result.participations == rows(app, FinalBallot) == 4
    make.publish_poll(app, tenant, poll)
    protocol = make.client(app).get(f"{PAGE}/protokol").text
    told = re.sub(r"<[^>]+>|\s+", " ", protocol)
    line = re.search(r"wstrzymane przez urząd po końcu głosowania\s+(\d+)\s+(\d+)\s+(\d+)", told)
    assert line
    assert line.groups() == ("6", "4", "2")


@pytest.mark.usefixtures("home")
def test_a_case_decided_while_votes_are_read_is_heeded(
    app: Flask, tenant: int, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    hold_ago(app, tenant, poll, 6)
    with app.app_context():
        before = counting.rehearse(db.session.get_one(Poll, poll), lambda _done, _of: None)
    for no, case in enumerate(case_ids(app)):
        verdict = "take_out" if no < 2 else "keep"
        assert say(officer, case, verdict) == 303
        assert confirm(approver, case, verdict) == 303
    with app.app_context():
        after = counting.rehearse(db.session.get_one(Poll, poll), lambda _done, _of: None)
    result = count(app, tenant, poll, rehearsed=before)

    assert before.outcome["1"]["ballots"] == 6
    assert after.outcome["1"]["ballots"] == 4  # what is taken out is left out beforehand
    assert result.outcome == canonical.canonical(after.outcome)
    with app.app_context():
        last = db.session.scalars(select(LogHead.root).order_by(LogHead.no.desc())).first()
    assert last == after.root != before.root


@pytest.mark.usefixtures("home")
def test_the_page_of_a_code_tells_the_truth_of_a_vote_that_was_taken_out(
    app: Flask, tenant: int, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    hold_ago(app, tenant, poll, 6)
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        first, second, *_ = db.session.scalars(select(VoteCase.person_key).order_by(VoteCase.id))
        codes = [receipts.code(queries.get_leaf(row, key)) for key in (first, second)]
        tag = keys.link_tag(poll, first)
    execute(app, "UPDATE receipt SET batch = 1 WHERE link_tag = :tag", tag=tag)
    for no, case in enumerate(case_ids(app)):
        verdict = "take_out" if no < 2 else "keep"
        assert say(officer, case, verdict) == 303
        assert confirm(approver, case, verdict) == 303
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    visitor = make.client(app)
    covered, uncovered = (visitor.post(f"{PAGE}/kod", data={"kod": code}).text for code in codes)

    assert "Jest na liście, ale nie został policzony." in covered
    assert "Nie ma takiego kodu." in uncovered
    assert "gdy dwie osoby wyłączyły głos" in uncovered
    assert "gdy dwie osoby wyłączyły głos" not in covered


def test_the_list_of_cases_asks_as_much_for_many_as_for_one(
    app: Flask, poll: int, officer: FlaskClient
) -> None:
    for street in ("Rynek", "Dolna"):
        for name in SIX:
            vote(app, poll, f"{name}{street}", street=street)
    with app.app_context():
        homes = [g.id for g in quarantine.find_groups(db.session.get_one(Poll, poll))]
    numbers = []
    officer.get(f"{CASES}/sprawy")
    for home in homes:
        assert hold(officer, home) == 303
        with sql.counted(app) as statements:
            assert officer.get(f"{CASES}/sprawy").status_code == 200
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] <= 14


# What the database refuses.


HELD = (
    "INSERT INTO vote_case (tenant_id, poll_id, kind, person_key, opened_at, opened_by, grounds, "
    "reason) SELECT p.tenant_id, p.poll_id, 'suspicion', p.person_key, CURRENT_TIMESTAMP, "
    "(SELECT min(id) FROM person), 'home', 'dość długi powód' FROM participation p"
)
SAID = (
    "INSERT INTO vote_verdict (case_id, tenant_id, verdict, reason, said_by, said_at) "
    "SELECT c.id, c.tenant_id, 'keep', 'dość długi powód', (SELECT min(id) FROM person), "
    "CURRENT_TIMESTAMP FROM vote_case c"
)
EXPLAINED = (
    "INSERT INTO case_explanation (case_id, tenant_id, text, explained_at) "
    "SELECT id, tenant_id, '{}', CURRENT_TIMESTAMP FROM vote_case"
)
WRITTEN = (
    "INSERT INTO case_letter (case_id, tenant_id, way, code_hash, written_at, answer_until) "
    "SELECT min(id), min(tenant_id), 'email', 'x', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
    "FROM vote_case"
)
ANOTHER_CODE = (
    "UPDATE case_letter SET code_hash = 'nowy' "
    "WHERE case_id IN (SELECT case_id FROM case_explanation)"
)


@pytest.mark.parametrize(
    ("forbidden", "word"),
    [
        (SAID, "five_days"),
        ("UPDATE vote_case SET reason = 'zupełnie inny powód'", "frozen"),
        ("UPDATE vote_case SET grounds = 'contact'", "frozen"),
        ("UPDATE case_letter SET written_at = answer_until", "five_days"),
        ("UPDATE case_letter SET answer_until = written_at", "five_days|frozen"),
        ("UPDATE case_letter SET tenant_id = 99", "frozen"),
        ("DELETE FROM case_letter", "append_only"),
        ("UPDATE voter SET contact_sealed = ''", "frozen"),
        (EXPLAINED.format(""), "ck_case_explanation_text"),
    ],
)
@pytest.mark.usefixtures("held")
def test_the_database_hears_the_voter_first(app: Flask, forbidden: str, word: str) -> None:
    with pytest.raises(IntegrityError, match=word):
        execute(app, forbidden)


@pytest.mark.parametrize(
    ("forbidden", "word"),
    [
        ("UPDATE case_explanation SET text = 'co innego'", "append_only"),
        ("DELETE FROM case_explanation", "append_only"),
        (ANOTHER_CODE, "frozen"),
    ],
)
def test_the_database_keeps_what_was_explained(
    app: Flask, held: list[str], forbidden: str, word: str
) -> None:
    make.client(app).post(EXPLAIN, data={"kod": held[0], "text": MINE})

    with pytest.raises(IntegrityError, match=word):
        execute(app, forbidden)


def test_the_database_takes_no_late_explanation(
    app: Flask, tenant: int, poll: int, home: None
) -> None:
    hold_ago(app, tenant, poll, 6)

    with pytest.raises(IntegrityError, match="closed"):
        execute(app, EXPLAINED.format("późno"))


def test_the_database_holds_a_vote_only_after_the_end(
    app: Flask, tenant: int, poll: int, home: None
) -> None:
    with pytest.raises(IntegrityError, match="closed"):
        execute(app, HELD)  # the poll's row still says that it is sealed
    execute(app, "UPDATE poll SET state = 'working_up'")
    execute(app, HELD)
    assert rows(app, VoteCase) == 6
    with pytest.raises(IntegrityError, match="five_days"):
        execute(app, WRITTEN)
    with pytest.raises(IntegrityError, match="closed"):
        execute(app, EXPLAINED.format("bez listu"))


@pytest.mark.usefixtures("home")
def test_a_card_in_the_box_is_never_held_or_taken_out(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    with app.app_context():
        key = db.session.scalars(select(Participation.person_key)).first()
    home = groups(app, poll)[Kind.HOME]
    put_on_paper(app, key or "")

    assert hold(officer, home) == 409
    execute(app, "UPDATE poll SET state = 'working_up'")
    with pytest.raises(IntegrityError, match="never one on paper"):
        execute(app, HELD)


def test_a_disputed_card_can_only_be_kept(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    vote(app, poll, "Ala")
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        key = db.session.scalars(select(Participation.person_key)).one()
        declaring.dispute(row, key, now=clock.now())
    put_on_paper(app, key)
    case = case_ids(app)[0]

    assert say(officer, case, "take_out") == 409
    with pytest.raises(IntegrityError, match="paper"):
        execute(app, SAID.replace("'keep'", "'take_out'"))
    assert say(officer, case, "keep") == 303
    with pytest.raises(IntegrityError, match="paper"):
        execute(app, "UPDATE vote_verdict SET verdict = 'take_out'")


def put_on_paper(app: Flask, key: str) -> None:
    """Have a participation be one on paper; guards are in the way of it, rightly."""
    with app.app_context(), transaction():
        connection = db.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        where = "" if sqlite else " ON participation"
        guard = "participation_changes_only_with_its_vote"
        kept = connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE name = '{guard}'"  # noqa: S608 - our own words
            if sqlite
            else f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{guard}'"  # noqa: S608
        ).scalar_one()
        connection.exec_driver_sql(f"DROP TRIGGER {guard}{where}")
        db.session.execute(
            text("UPDATE participation SET channel = :paper WHERE person_key = :key"),
            {"paper": Channel.PAPER, "key": key},
        )
        connection.exec_driver_sql(kept)


# How long it is kept.


@pytest.mark.usefixtures("home")
def test_letters_and_explanations_go_with_the_voters(
    app: Flask, tenant: int, poll: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    hold_ago(app, tenant, poll, 5)
    make.client(app).post(EXPLAIN, data={"kod": code_of(letters(app)[0]), "text": MINE})
    keep_all_later(app, officer, approver)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    rule = next(each for each in retention.RULES if each.key == "voting.voters")

    for days, left in ((59, (6, 6, 1)), (61, (0, 0, 0))):
        now = clock.now() + timedelta(days=days)
        with app.app_context(), transaction():
            assert rule.count(now) == (19 if days > 60 else 0)  # with letters of decision
            rule.remove(now)
        assert (rows(app, Voter), rows(app, CaseLetter), rows(app, CaseExplanation)) == left
    assert rows(app, VoteCase) == 6  # without a name


def keep_all_later(app: Flask, officer: FlaskClient, approver: FlaskClient) -> None:
    """Have two persons keep every vote; for those who did not answer the time is made to pass."""
    with app.app_context(), transaction():
        connection = db.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        name = "case_letter_is_written_anew_before_an_answer"
        for guard in (name, "case_letter_written_anew_gives_five_days"):
            connection.exec_driver_sql(f"DROP TRIGGER {guard}{'' if sqlite else ' ON case_letter'}")
        now = clock.now() - timedelta(seconds=2)
        db.session.execute(
            text("UPDATE case_letter SET answer_until = :now"),
            {"now": now.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else now},
        )
    for case in case_ids(app):
        assert say(officer, case, "keep") == 303
        assert confirm(approver, case, "keep") == 303


def test_a_vote_that_is_called_off_keeps_none_of_it(
    app: Flask, tenant: int, poll: int, held: list[str]
) -> None:
    make.client(app).post(EXPLAIN, data={"kod": held[0], "text": MINE})
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.cancel", poll, rules_hash)
    with app.app_context(), transaction():
        here = db.session.get_one(Municipality, tenant)
        stopping.cancel(here, poll, "Na kartach pomylono numery.", actor=SYSTEM)
    with app.app_context():
        jobs.finish({"tenant_id": tenant, "poll_id": poll})

    for model in (VoteCase, CaseLetter, CaseExplanation, Voter, VoteSignal):
        assert rows(app, model) == 0
    with app.app_context():
        assert not (keys.folder() / f"poll-{poll}-contact.key").exists()
        assert queries.get_poll(tenant, poll).state == "cancelled"
