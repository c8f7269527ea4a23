"""A vote that its voter changes: the last one counts, and each leaf stays in the log."""

import json
import re
import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import electorates, keys, log, wholeness
from deliberate.voting.actions import casting, changing, desk, heading, preparing
from deliberate.voting.actions.casting import Taken
from deliberate.voting.actions.desk import Visitor
from deliberate.voting.electorates import ElectorateTerms
from deliberate.voting.models import (
    Ballot,
    LogHead,
    Participation,
    Poll,
    Receipt,
    ReplacedReceipt,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
    VotingCode,
)
from deliberate.voting.states import CaseKind, Electorate, Verdict
from tests import make
from tests.integration import by_word
from tests.integration import test_voting_codes as by_code
from tests.integration.test_voting_trials import drop_keys

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/uprawnieni"
PLACES = electorates.write(ElectorateTerms(places="Punkt obsługi, plac Ratuszowy 1"))
ALONE = electorates.write(ElectorateTerms(persons_a_contact=1))
AT_ONCE = 20


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation, revote=True, electorate_terms=PLACES)


@pytest.fixture
def person(app: Flask, tenant: int) -> int:
    return make.person(app, resident_of=tenant)


def vote(app: Flask, poll_id: int, person: int, *choice: int, form: str = "pierwszy") -> Taken:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        voter = db.session.get_one(Person, person)
        return casting.cast(poll.id, voter, make.marks(*choice), casting.Form(idem=form))


def refused(app: Flask, poll_id: int, person: int, *choice: int, form: str) -> str:
    with pytest.raises(Refused) as said:
        vote(app, poll_id, person, *choice, form=form)
    return said.value.refusal.code


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def kept(app: Flask) -> tuple[int, int, int]:
    """Return participations, receipts and leaves of votes that were changed."""
    return rows(app, Participation), rows(app, Receipt), rows(app, ReplacedReceipt)


def choices(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Ballot.choices)))


def test_the_last_vote_counts_and_each_leaf_stays(app: Flask, poll: int, person: int) -> None:
    first = vote(app, poll, person, 1, form="pierwszy")
    second = vote(app, poll, person, 2, 3, form="drugi")

    assert choices(app) == ["[2,3]"]
    assert kept(app) == (1, 1, 1)
    with app.app_context():
        assert db.session.scalars(select(Receipt.leaf)).all() == [second.leaf]
        assert db.session.scalars(select(ReplacedReceipt.leaf)).all() == [first.leaf]


def test_a_former_form_sent_again_brings_nothing_back(app: Flask, poll: int, person: int) -> None:
    vote(app, poll, person, 1, form="pierwszy")
    second = vote(app, poll, person, 2, form="drugi")

    assert refused(app, poll, person, 1, form="pierwszy") == "change.spent"
    assert refused(app, poll, person, 3, form="pierwszy") == "change.spent"
    assert vote(app, poll, person, 2, form="drugi") == second
    assert vote(app, poll, person, 3, form="drugi") == second  # of this form something is there
    assert choices(app) == ["[2]"]
    assert kept(app) == (1, 1, 1)


def test_a_form_of_another_changes_nothing(app: Flask, tenant: int, poll: int, person: int) -> None:
    other = make.person(app, resident_of=tenant)
    vote(app, poll, person, 1, form="pierwszy")
    vote(app, poll, person, 2, form="drugi")
    vote(app, poll, other, 1, form="innej osoby")

    assert refused(app, poll, person, 3, form="innej osoby") == "cast.foreign_form"
    assert refused(app, poll, other, 3, form="drugi") == "cast.foreign_form"
    assert refused(app, poll, other, 3, form="pierwszy") == "change.spent"
    assert choices(app) == ["[1]", "[2]"]


def test_a_change_that_breaks_a_limit_leaves_the_vote(app: Flask, poll: int, person: int) -> None:
    first = vote(app, poll, person, 1, form="pierwszy")

    assert refused(app, poll, person, 1, 2, 3, form="drugi") == "ballot.too_many"
    assert choices(app) == ["[1]"]
    assert kept(app) == (1, 1, 0)
    assert vote(app, poll, person, 1, form="pierwszy") == first


def test_ten_times_a_day_and_no_more(app: Flask, poll: int, person: int) -> None:
    vote(app, poll, person, 1, form="pierwszy")
    for number in range(10):
        vote(app, poll, person, 1 + number % 3, form=f"zmiana {number}")

    assert refused(app, poll, person, 2, form="jedenasta") == "change.too_often"
    assert kept(app) == (1, 1, 10)
    with clock.at(clock.now() + timedelta(days=1)):
        vote(app, poll, person, 2, form="jutro")
    assert kept(app) == (1, 1, 11)


def test_without_that_rule_nothing_changes(
    app: Flask, tenant: int, consultation: int, person: int
) -> None:
    poll = make.poll(app, tenant, consultation)
    vote(app, poll, person, 1, form="pierwszy")

    assert refused(app, poll, person, 2, form="drugi") == "cast.already"
    assert choices(app) == ["[1]"]


# Doors that are final, and cases.


def _at_the_counter(app: Flask, tenant: int, poll_id: int, person: int, *, card: bool) -> None:
    clerk = Actor(person_id=make.person(app), tenant_id=tenant, has_second_factor=True)
    with app.app_context(), transaction():
        town, poll = db.session.get_one(Municipality, tenant), db.session.get_one(Poll, poll_id)
        who = Visitor(email=db.session.get_one(Person, person).email or "")
        if card:
            desk.hand_card(town, poll, who, idem="okienko", actor=clerk)
        else:
            form = casting.Form(idem="okienko")
            desk.cast_assisted(town, poll, who, make.marks(1), form, actor=clerk)


@pytest.mark.parametrize("card", [True, False])
def test_a_card_and_a_vote_with_help_are_final(
    app: Flask, tenant: int, poll: int, person: int, card: bool
) -> None:
    _at_the_counter(app, tenant, poll, person, card=card)

    assert refused(app, poll, person, 2, form="drugi") == "change.final"
    assert rows(app, ReplacedReceipt) == 0


@pytest.mark.parametrize("card", [True, False])
def test_who_voted_on_the_web_is_refused_at_the_counter(
    app: Flask, tenant: int, poll: int, person: int, card: bool
) -> None:
    vote(app, poll, person, 1)

    with pytest.raises(Refused) as said:
        _at_the_counter(app, tenant, poll, person, card=card)
    assert said.value.refusal.code == "cast.already"
    assert choices(app) == ["[1]"]


def _case(app: Flask, tenant: int, poll_id: int, person: int, verdict: Verdict | None) -> None:
    now, two = clock.now(), (make.person(app), make.person(app))
    with app.app_context(), transaction():
        case = VoteCase(
            tenant_id=tenant,
            poll_id=poll_id,
            kind=CaseKind.DISPUTED,
            person_key=keys.person_key(tenant, poll_id, person),
            opened_at=now,
        )
        db.session.add(case)
        db.session.flush()
        if verdict is None:
            return
        row = VoteVerdict(
            tenant_id=tenant,
            case_id=case.id,
            verdict=verdict,
            reason="Tak ustalono z tą osobą.",
            said_by=two[0],
            said_at=now,
        )
        db.session.add(row)
        db.session.flush()
        row.confirmed_by, row.confirmed_at = two[1], now


@pytest.mark.parametrize("verdict", [None, Verdict.TAKE_OUT])
def test_a_vote_that_two_persons_look_at_stays(
    app: Flask, tenant: int, poll: int, person: int, verdict: Verdict | None
) -> None:
    vote(app, poll, person, 1)
    _case(app, tenant, poll, person, verdict)

    assert refused(app, poll, person, 2, form="drugi") == "change.looked_at"
    assert choices(app) == ["[1]"]


def test_a_vote_that_two_persons_kept_is_its_voters_again(
    app: Flask, tenant: int, poll: int, person: int
) -> None:
    vote(app, poll, person, 1)
    _case(app, tenant, poll, person, Verdict.KEEP)
    vote(app, poll, person, 2, form="drugi")

    assert choices(app) == ["[2]"]


def test_a_vote_is_not_changed_into_another_area(
    app: Flask, tenant: int, consultation: int
) -> None:
    areas = [make.area(app, tenant, name=name) for name in ("Podgrodzie", "Zalesie")]
    parts = [
        make.section(title="Dla wszystkich", options=2, first=1),
        *(
            make.section(title=f"Część {no}", options=2, first=first, area_id=area)
            for no, first, area in ((1, 3, areas[0]), (2, 5, areas[1]))
        ),
    ]
    poll = make.poll(
        app,
        tenant,
        consultation,
        sections=parts,
        electorate=Electorate.CODES,
        revote=True,
    )
    by_code.issued(app, tenant, poll)
    visitor, code = make.client(app), by_code.MADE[0]

    def sent(*marked: int) -> int:
        names = {1: "wybor-1", 2: "wybor-1", 3: "wybor-2", 4: "wybor-2", 5: "wybor-3"}
        form = {names[no]: str(no) for no in marked}
        form |= {"klucz": f"formularz-z-listu-{marked}", "code": code, "lives_here": "y"}
        return visitor.post(f"{PAGE}/kod-z-listu/glos", data=form).status_code

    assert sent(1, 3) == 303
    assert sent(1, 5) == 409
    assert sent(2, 4) == 303
    assert choices(app) == ["[2]", "[4]"]


# Without an account.


def test_the_same_code_votes_again(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation, electorate=Electorate.CODES, revote=True)
    by_code.issued(app, tenant, poll)
    visitor = make.client(app)

    assert by_code.vote(visitor, by_code.MADE[0]) == 303
    signals = rows(app, VoteSignal)
    page = visitor.post(f"{PAGE}/kod-z-listu", data={"wybor-1": ["2"]}).text
    assert "Jeśli tym kodem już głosowano, ten głos zastąpi poprzedni." in page
    form = {"wybor-1": ["2"], "klucz": by_word.field(page, "klucz")}
    answer = visitor.post(
        f"{PAGE}/kod-z-listu/glos", data={**form, "code": by_code.MADE[0], "lives_here": "y"}
    )

    assert answer.status_code == 303
    assert "Zmieniony głos ma nowy kod" in visitor.get(answer.location).text
    assert choices(app) == ["[2]"]
    assert kept(app) == (1, 1, 1)
    assert rows(app, VoteSignal) == signals
    with app.app_context():
        used = db.session.scalars(select(VotingCode.state).order_by(VotingCode.state)).all()
    assert Counter(used) == {"used": 1, "unused": 2}


@pytest.fixture
def declared(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        electorate_terms=ALONE,
        revote=True,
    )


def test_without_an_account_the_same_contact_changes_a_vote(app: Flask, declared: int) -> None:
    visitor = make.client(app)
    by_word.vote(app, visitor)
    signals = rows(app, VoteSignal)
    sent = {**by_word.ask_for_code(app, visitor), "wybor-1": ["2"]}
    page = visitor.post(f"{PAGE}/dane/glos", data=sent)
    assert page.status_code == 409
    assert "To mój głos, zmieniam go" in page.text
    assert choices(app) == ["[1,3]"]  # nothing changes unasked

    answer = visitor.post(f"{PAGE}/dane/glos", data={**sent, "wyjasnienie": "zmiana"})

    assert answer.status_code == 303, answer.text
    assert choices(app) == ["[2]"]
    assert kept(app) == (1, 1, 1)
    assert (rows(app, Voter), rows(app, VoteSignal), rows(app, VoteCase)) == (1, signals, 0)


def test_who_knows_name_and_home_changes_nothing(app: Flask, declared: int) -> None:
    visitor, neighbour = make.client(app), make.client(app)
    by_word.vote(app, visitor)
    sent = by_word.ask_for_code(app, neighbour, contact="sasiad@poczta.example")
    answer = neighbour.post(
        f"{PAGE}/dane/glos", data={**sent, "wybor-1": ["2"], "wyjasnienie": "zmiana"}
    )

    assert answer.status_code == 409
    assert "Ten jest inny, więc nie wiemy, czy to Twój głos." in answer.text
    assert choices(app) == ["[1,3]"]


def test_a_claim_never_replaces_the_vote_of_the_next_in_the_home(app: Flask, declared: int) -> None:
    for number, contact in enumerate(("jan@poczta.example", "syn@poczta.example", "wnuk@x.pl")):
        visitor = make.client(app)
        sent = by_word.ask_for_code(app, visitor, contact=contact)
        claim = {"wyjasnienie": "household"} if number else {}
        answer = visitor.post(f"{PAGE}/dane/glos", data={**sent, **claim})
        assert answer.status_code == 303, answer.text

    assert kept(app) == (3, 3, 0)


# The pages of somebody with an account.


def test_a_vote_is_changed_on_the_pages(app: Flask, tenant: int, poll: int, person: int) -> None:
    client = make.client(app, signed_in=person)
    assert "Oddany głos można zmienić do" in client.get(PAGE).text
    first = _through_the_pages(client, 1)
    page = client.get(PAGE).text
    assert "Zmieniam głos" in page
    link = re.search(r'id="change"\s+href="([^"]+)"', page)
    assert link
    assert "Dalej" in client.get(link[1]).text

    second = _through_the_pages(client, 2)

    assert choices(app) == ["[2]"]
    assert "Ten głos możesz zmienić do" in client.get(second).text
    assert "Głos już jest" in client.get(first).text  # its code is not shown any more
    assert "Ten głos potem zmieniono." in make.client(app).get(first).text


def _through_the_pages(client: FlaskClient, choice: int) -> str:
    page = client.post(f"{PAGE}/sprawdzenie", data={"wybor-1": [str(choice)]})
    assert page.status_code == 200, page.text[-2000:]
    assert "Jeśli Twój głos już jest, ten go zastąpi." in page.text
    sent = {"wybor-1": [str(choice)], "klucz": by_word.field(page.text, "klucz")}
    answer = client.post(f"{PAGE}/glos", data=sent)
    assert answer.status_code == 303
    return answer.location


def test_who_cannot_change_reads_why(app: Flask, tenant: int, poll: int, person: int) -> None:
    _at_the_counter(app, tenant, poll, person, card=True)
    client = make.client(app, signed_in=person)
    page = client.get(PAGE).text

    assert "Takiego głosu nie można zmienić." in page
    assert "Zmieniam głos" not in page
    assert client.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ["1"]}).status_code == 409


def test_the_officer_lets_people_change_their_vote(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, sealed=False)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    form = {"electorate": "declared", "age_rule": "none", "revote": "y"}
    shared = officer.post(DESK, data={**form, "persons_a_contact": "4"})
    with app.app_context():
        is_offered = db.session.get_one(Poll, poll).revote
    alone = officer.post(DESK, data={**form, "persons_a_contact": "1"})

    assert (shared.status_code, is_offered) == (409, False)
    assert "jedna mogłaby zmienić głos drugiej" in shared.text
    assert alone.status_code == 303, alone.text
    assert re.search(r'name="revote"[^>]*checked|checked[^>]*name="revote"', officer.get(DESK).text)
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        assert row.revote
        assert '"revote":true' in preparing.queries.rules_text(row)


# The log while people vote.


def _many(app: Flask, poll_id: int, people: list[int], choice: int, form: str) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        for person in people:
            sent = casting.Form(idem=f"{form} {person}")
            casting.cast(poll.id, db.session.get_one(Person, person), make.marks(choice), sent)


def _add_head(app: Flask, poll_id: int) -> int | None:
    with app.app_context(), transaction():
        head = heading.add_daily(db.session.get_one(Poll, poll_id), now=clock.now())
        return head.leaves if head is not None else None


def test_heads_count_leaves_and_turnout_counts_people(app: Flask, tenant: int, poll: int) -> None:
    people = make.residents(app, tenant, 128)
    _many(app, poll, people[:64], 1, "a")
    assert _add_head(app, poll) == 60
    _many(app, poll, people[:30], 2, "b")  # some were covered, some wait
    _many(app, poll, people[64:], 1, "a")
    assert _add_head(app, poll) == 150  # 128 people, 30 changes, in whole tens

    with app.app_context():
        row = db.session.get_one(Poll, poll)
        assert log.find_turnout(row) == 120
        assert [json.loads(h.body)["people"] for h in db.session.scalars(select(LogHead))] == [
            60,
            120,
        ]
        assert list(wholeness.list_faults(row)) == []
    assert "Zagłosowało co najmniej 120 osób." in make.client(app).get(PAGE).text


def test_few_people_who_change_often_make_no_head(app: Flask, tenant: int, poll: int) -> None:
    people = make.residents(app, tenant, 12)
    for form in "abcdef":
        _many(app, poll, people, 1, form)

    assert kept(app) == (12, 12, 60)
    assert _add_head(app, poll) is None


@pytest.mark.parametrize(
    "fault",
    [
        "DELETE FROM replaced_receipt WHERE batch IS NOT NULL",
        "UPDATE replaced_receipt SET batch = NULL",
    ],
)
def test_a_leaf_that_goes_is_seen_in_a_copy(app: Flask, tenant: int, poll: int, fault: str) -> None:
    people = make.residents(app, tenant, 60)
    _many(app, poll, people, 1, "a")
    _add_head(app, poll)
    _many(app, poll, people[:10], 2, "b")
    with app.app_context(), writer().connect() as connection:
        where = "" if db.engine.dialect.name == "sqlite" else " ON replaced_receipt"
        guard = "DROP TRIGGER replaced_receipt_goes_only_at_the_count"
        connection.exec_driver_sql(guard + where)
        connection.exec_driver_sql(fault)
        connection.commit()

    with app.app_context():
        faults = list(wholeness.list_faults(db.session.get_one(Poll, poll)))
    assert any("obejmuje inne kody" in each for each in faults)


# What the database itself refuses.


def _run(app: Flask, *statements: str) -> None:
    with app.app_context(), transaction():
        for statement in statements:
            db.session.execute(text(statement))


REPLACE = (
    "INSERT INTO replaced_receipt (leaf, tenant_id, poll_id, idem_hash, batch) "
    "SELECT r.leaf, r.tenant_id, r.poll_id, p.idem_hash, r.batch FROM receipt r "
    "JOIN participation p ON p.poll_id = r.poll_id"
)
NEXT = "UPDATE participation SET idem_hash = 'nowy'"


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM ballot",),
        ("DELETE FROM receipt",),
        ("UPDATE ballot SET choices = '[2]'",),
        (NEXT,),
        ("UPDATE participation SET day = '2027-05-05'",),
        (REPLACE, "DELETE FROM ballot"),
        (REPLACE, "UPDATE participation SET channel = 'code', idem_hash = 'nowy'"),
        (REPLACE, "UPDATE participation SET day = '2027-05-05'"),
        (REPLACE, "DELETE FROM replaced_receipt"),
        (REPLACE, "UPDATE replaced_receipt SET idem_hash = 'x'"),
        (
            REPLACE,
            NEXT,
            "UPDATE participation SET idem_hash = (SELECT min(idem_hash) FROM replaced_receipt)",
        ),
        (REPLACE, "DELETE FROM participation"),
        (REPLACE.replace("r.leaf, r.tenant_id", "'x', r.tenant_id"),),
        (REPLACE.replace("p.idem_hash, r.batch", "'x', r.batch"),),
        (REPLACE.replace("p.idem_hash, r.batch", "p.idem_hash, 7"),),
    ],
)
def test_only_a_whole_change_passes_the_database(
    app: Flask, poll: int, person: int, statements: tuple[str, ...]
) -> None:
    vote(app, poll, person, 1)

    with pytest.raises(IntegrityError, match=r"append_only|frozen|closed"):
        _run(app, *statements)
    assert kept(app) == (1, 1, 0)


def test_rules_without_changes_let_none_through(
    app: Flask, tenant: int, consultation: int, person: int
) -> None:
    poll = make.poll(app, tenant, consultation)
    vote(app, poll, person, 1)

    with pytest.raises(IntegrityError, match="closed"):
        _run(app, REPLACE)


def test_nothing_is_replaced_once_the_work_began(app: Flask, poll: int, person: int) -> None:
    vote(app, poll, person, 1)
    _run(app, "UPDATE poll SET state = 'working_up'")

    with pytest.raises(IntegrityError, match="closed"):
        _run(app, REPLACE)


# Many tabs of one person at once.


def _rush(app: Flask, poll_id: int, person: int) -> Counter[str]:
    barrier, lock, came = threading.Barrier(AT_ONCE), threading.Lock(), Counter[str]()

    def send(number: int) -> None:
        barrier.wait()
        try:
            vote(app, poll_id, person, 1 + number % 3, form=f"karta {number}")
            result = "taken"
        except Refused as refused:
            result = refused.refusal.code
        except Exception as error:  # noqa: BLE001 - told apart below
            result = type(error).__name__
        with lock:
            came[result] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_many_tabs_of_one_person_leave_one_vote(app: Flask, poll: int, person: int) -> None:
    came = _rush(app, poll, person)

    # The first vote and ten changes; the day allows no more.
    assert came == {"taken": 11, "change.too_often": AT_ONCE - 11}
    assert kept(app) == (1, 1, 10)
    assert len(choices(app)) == 1
    with app.app_context():
        assert list(wholeness.list_faults(db.session.get_one(Poll, poll))) == []


@pytest.mark.postgres
def test_control_without_the_keys_tabs_leave_several(app: Flask, poll: int, person: int) -> None:
    # SQLite writes one transaction after another: the second already sees the first.
    drop_keys(app)

    _rush(app, poll, person)

    assert rows(app, Participation) > 1
    assert rows(app, Ballot) > 1


@pytest.mark.postgres
def test_control_without_the_lock_tabs_are_turned_away_by_the_guards(
    app: Flask, poll: int, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote(app, poll, person, 1)
    monkeypatch.setattr(changing, "lock", lambda *_: None)

    came = _rush(app, poll, person)

    # Still one vote, but an answer of 500 for some: the lock is what makes them wait instead.
    assert came["IntegrityError"]
    assert (rows(app, Participation), rows(app, Receipt), rows(app, Ballot)) == (1, 1, 1)
