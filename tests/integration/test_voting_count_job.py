"""A count by a task: worked out before the lock, and true to what lies in the box under it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from deliberate.accounts.models import Person
from deliberate.approvals.models import Approval
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.models import Task
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import boxes, count_job, queries, rules, underway, workings
from deliberate.voting.actions import casting, counting
from deliberate.voting.models import Ballot, CountStop, FinalBallot, LogHead, Poll, PollResult
from deliberate.voting.states import Publication
from tests import make

DESK = "/urzad/konsultacje/rynek/glosowanie"
AFTER = timedelta(days=10)  # the end of every poll here
VOTERS = 12


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return filled(app, tenant, consultation)


def filled(app: Flask, tenant: int, consultation: int, **more: str) -> int:
    poll = make.poll(app, tenant, consultation, **more)
    for order, person in enumerate(make.residents(app, tenant, VOTERS)):
        vote(app, poll, person, *((1, 2) if order % 3 else (3,)))
    return poll


def vote(app: Flask, poll_id: int, person_id: int, *chosen: int) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        person = db.session.get_one(Person, person_id)
        form = casting.Form(idem=f"form of {person_id}")
        casting.cast(poll.id, person, make.marks(*chosen), form)


def approve(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)


def rehearse(app: Flask, poll: int) -> workings.Workings:
    with app.app_context():
        return counting.rehearse(db.session.get_one(Poll, poll), lambda _done, _of: None)


def count(
    app: Flask, tenant: int, poll: int, rehearsed: workings.Workings | None
) -> tuple[dict[str, object], str]:
    """Count, and return the outcome and the body of the last head."""
    with clock.at(clock.now() + AFTER), app.app_context():
        with transaction():
            town = db.session.get_one(Municipality, tenant)
            counting.count(town, poll, actor=SYSTEM, rehearsed=rehearsed)
        result = db.session.get_one(PollResult, poll)
        head = db.session.scalars(select(LogHead).order_by(LogHead.no.desc())).first()
        assert head is not None
        return json.loads(result.outcome), head.body


def plant(app: Flask, *statements: str) -> None:
    """Change what triggers hold, as somebody with the database could."""
    with app.app_context(), writer().connect() as connection:
        is_sqlite = db.engine.dialect.name == "sqlite"
        for guard in ("never_changes", "goes_only_at_the_count"):
            of = "" if is_sqlite else " ON ballot"
            connection.execute(text(f"DROP TRIGGER ballot_{guard}{of}"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


# What was worked out before the lock.


@pytest.mark.parametrize("publication", list(Publication))
def test_what_was_rehearsed_is_what_the_count_finds(
    app: Flask, tenant: int, consultation: int, publication: Publication
) -> None:
    poll = filled(app, tenant, consultation, publication=publication)
    approve(app, tenant, poll)
    before = rehearse(app, poll)
    outcome, body = count(app, tenant, poll, before)

    assert outcome == before.outcome
    assert outcome["1"]["score"] == {"1": "8", "2": "8", "3": "4"}  # type: ignore[index]
    assert json.loads(body)["root"] == before.root
    assert json.loads(body)["ballots"] == before.ballots_hash
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        afresh = workings.work_out(row, boxes.read_final(row))
    assert (afresh.outcome, afresh.root) == (before.outcome, before.root)
    assert afresh.ballots_hash == before.ballots_hash


def test_nothing_is_worked_out_twice(
    app: Flask, tenant: int, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(app, tenant, poll)
    before = rehearse(app, poll)
    for name in ("_count", "_hash", "root_of"):
        monkeypatch.setattr(workings, name, _never)

    assert count(app, tenant, poll, before)[0] == before.outcome


def _never(*_args: object) -> None:
    raise AssertionError("Worked out again, under the lock.")


def test_a_ballot_changed_meanwhile_is_counted_as_it_lies_there(
    app: Flask, tenant: int, poll: int
) -> None:
    approve(app, tenant, poll)
    before = rehearse(app, poll)
    plant(
        app,
        "UPDATE ballot SET choices = '[2]' WHERE id IN "
        "(SELECT id FROM ballot WHERE choices = '[3]' ORDER BY id LIMIT 1)",
    )
    outcome, _ = count(app, tenant, poll, before)

    assert before.outcome["1"]["score"] == {"1": "8", "2": "8", "3": "4"}
    assert outcome["1"]["score"] == {"1": "8", "2": "9", "3": "3"}  # type: ignore[index]


def test_a_ballot_that_belongs_to_no_code_is_not_lost_unseen(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = filled(app, tenant, consultation, publication=Publication.LINKED)
    approve(app, tenant, poll)
    plant(app, "UPDATE ballot SET link_tag = 'nobody' WHERE id = (SELECT min(id) FROM ballot)")
    with pytest.raises(Refused) as refused:
        count(app, tenant, poll, None)

    assert refused.value.refusal.code == rules.UNEQUAL.code
    with app.app_context():
        assert db.session.scalars(select(func.count()).select_from(Ballot)).one() == VOTERS


def test_a_seed_typed_meanwhile_is_the_one_that_counts(app: Flask, tenant: int, poll: int) -> None:
    before = rehearse(app, poll)
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        other = workings.Box(ballots=before.box.ballots, leaves=before.box.leaves, seed="7")
        afresh = workings.work_out(row, other, before=before)

    assert afresh.outcome is not before.outcome
    assert afresh.outcome["1"] is not before.outcome["1"]
    assert afresh.root == before.root


# The task.


@pytest.fixture
def officer(app: Flask, tenant: int) -> int:
    return make.staff(app, tenant, Role.OFFICER)


@pytest.fixture
def approver(app: Flask, tenant: int) -> int:
    return make.staff(app, tenant, Role.APPROVER)


def agree(app: Flask, officer: int, approver: int) -> int:
    """Have one person ask for the count and another agree, newly signed in after the end."""
    browser(app, officer).post(f"{DESK}/policzenie")
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    return browser(app, approver).post(f"/zatwierdzanie/{token}/zgoda").status_code


def browser(app: Flask, person: int) -> FlaskClient:
    return make.client(app, signed_in=person)


def look(app: Flask, person: int) -> str:
    return browser(app, person).get(f"{DESK}/przebieg/liczenie").text


def run(app: Flask) -> None:
    with app.app_context():
        jobs.run_due()


def test_two_agree_a_task_counts_and_the_office_sees_how_far_it_is(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        assert "Nikt nie zlecił liczenia." in look(app, officer)
        assert agree(app, officer, approver) == 303
        waiting = look(app, officer)
        desk = browser(app, officer).get(DESK).text
        again = browser(app, officer).post(f"{DESK}/policzenie")
        with app.app_context():
            assert db.session.get_one(Poll, poll).state != "counted"
        run(app)
        done = look(app, officer)

    assert "Liczenie zaraz się zacznie." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Odśwież" in waiting  # without JavaScript
    assert "Głosy są liczone." in desk
    assert "Poproś o policzenie" not in desk
    assert again.status_code == 409
    assert rules.BEING_COUNTED.message in again.text
    assert "Głosy są policzone" in done
    assert "hx-trigger" not in done
    with app.app_context():
        assert db.session.get_one(PollResult, poll).participations == VOTERS
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "poll.counted"))
        assert entry.one().actor == f"person:{approver}"


def test_progress_is_in_hundredths_and_tells_no_number_of_ballots(
    app: Flask, poll: int, officer: int, approver: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workings, "AT_ONCE", 1)
    monkeypatch.setattr(count_job, "SAY_EVERY", 0)
    told: list[tuple[int, int]] = []
    note = count_job.note_progress

    def noted(key: str, *, done: int, of: int) -> None:
        told.append((done, of))
        note(key, done=done, of=of)

    monkeypatch.setattr(count_job, "note_progress", noted)
    with clock.at(clock.now() + AFTER):
        assert agree(app, officer, approver) == 303
        run(app)

    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert len(told) == VOTERS + 1
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    with app.app_context():
        assert db.session.get_one(PollResult, poll).participations == VOTERS


def test_half_way_the_page_says_so(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        agree(app, officer, approver)
        with app.app_context():
            key = db.session.scalars(select(Task.dedupe).where(Task.kind == counting.COUNT)).one()
            jobs.note_progress(key or "", done=40, of=100)
        half = look(app, officer)
        part = browser(app, officer).get(
            f"{DESK}/przebieg/liczenie", headers={"HX-Request": "true"}
        )

    assert "Przeczytane karty: 40%." in half
    assert "<title" not in part.text
    assert "Przeczytane karty: 40%." in part.text


def test_what_changed_since_two_agreed_stops_the_count_and_is_said(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        agree(app, officer, approver)
        plant(app, "DELETE FROM ballot WHERE id = (SELECT min(id) FROM ballot)")
        run(app)
        page, desk = look(app, officer), browser(app, officer).get(DESK).text

    with app.app_context():
        row = db.session.get_one(Poll, poll)
        assert row.state != "counted"
        assert underway.find(row).stopped is not None
        came = db.session.scalars(select(func.count()).select_from(Ballot)).one()
        moved = db.session.scalars(select(func.count()).select_from(FinalBallot)).one()
        assert (came, moved) == (VOTERS - 1, 0)
        assert db.session.scalars(select(PollResult)).all() == []
        stop = db.session.scalars(select(CountStop)).one()
        assert json.loads(stop.refusal)["code"] == rules.UNEQUAL.code
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert "poll.count_stopped" in actions
    said = rules.UNEQUAL.message % {"participations": VOTERS, "ballots": VOTERS - 1}
    assert "Liczenie się zatrzymało" in page
    assert said in page
    assert said in desk
    assert "Poproś o policzenie" in desk


def test_after_a_stop_two_agree_anew(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        agree(app, officer, approver)
        with app.app_context():
            approval = db.session.scalars(
                select(Approval.id).where(Approval.act == "poll.count")
            ).one()
            with transaction():
                town = db.session.get_one(Municipality, tenant)
                counting.note_stop(town, poll, approval, rules.NO_SEED, actor=SYSTEM)
        run(app)
        with app.app_context():
            assert db.session.scalars(select(PollResult)).all() == []
        assert agree(app, officer, approver) == 303
        run(app)

    with app.app_context():
        assert db.session.get_one(PollResult, poll).participations == VOTERS


def test_a_task_that_runs_again_counts_once(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        agree(app, officer, approver)
        with app.app_context():
            payload = json.loads(
                db.session.scalars(select(Task.payload).where(Task.kind == counting.COUNT)).one()
            )
            count_job.count(payload)
            count_job.count(payload)  # as after a fall between the count and the task's end
        run(app)

    with app.app_context():
        assert db.session.get_one(PollResult, poll).participations == VOTERS
        assert db.session.scalars(select(CountStop)).all() == []
        entries = select(func.count()).where(AuditEntry.action == "poll.counted")
        assert db.session.scalars(entries).one() == 1


def test_nobody_agrees_to_a_count_that_cannot_be(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    with clock.at(clock.now() + AFTER):
        plant(app, "DELETE FROM ballot WHERE id = (SELECT min(id) FROM ballot)")
        assert agree(app, officer, approver) == 409
        with app.app_context():
            assert db.session.scalars(select(Task).where(Task.kind == counting.COUNT)).all() == []
            assert queries.get_poll(tenant, poll).state != "counted"
