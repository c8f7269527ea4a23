"""Two persons decide about votes that are held; then nothing is kept of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, jobs, keys, quarantine, queries, receipts, retention
from deliberate.voting.actions import counting, stopping
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    FinalBallot,
    LogHead,
    Poll,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
)
from deliberate.voting.suspicions import Kind
from tests import make, sql
from tests.declared import SIX, ended_poll, vote
from tests.integration.quarantine import (
    CASES,
    EXPLAIN,
    MINE,
    PAGE,
    VERDICT,
    case_ids,
    code_of,
    count,
    execute,
    groups,
    hold,
    hold_ago,
    letters,
    rows,
    say,
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


def confirm(client: FlaskClient, case: int, verdict: str) -> int:
    seen = {"verdict": verdict, "reason": VERDICT}
    return client.post(f"{CASES}/sprawy/{case}/potwierdzenie", data=seen).status_code


@pytest.fixture
def held(app: Flask, home: None, poll: int, officer: FlaskClient) -> list[str]:
    """Have the six held, and return the codes of their letters."""
    assert hold(officer, groups(app, poll)[Kind.HOME]) == 303
    return [code_of(letter) for letter in letters(app)]


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
