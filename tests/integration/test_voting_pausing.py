"""A vote stopped by one person, confirmed by a second, its end moved; also under a race."""

import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from deliberate.accounts.models import Person
from deliberate.approvals.rules import NO_SECOND_FACTOR, NOT_FRESH
from deliberate.audit.models import AuditEntry
from deliberate.consultations.models import ChangeNotice, Consultation, Phase
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.models import Task
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, queries, rules
from deliberate.voting import jobs as voting_jobs
from deliberate.voting.actions import casting, counting, pausing, preparing
from deliberate.voting.models import Participation, Pause, Poll
from deliberate.voting.states import PollState
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"
DESK = "/urzad/konsultacje/rynek/glosowanie/przebieg"
WHY = "Na karcie jest błąd w numerze projektu."
DAY = timedelta(days=1)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation)


@pytest.fixture
def officer(app: Flask, tenant: int) -> int:
    return make.staff(app, tenant, Role.OFFICER)


@pytest.fixture
def approver(app: Flask, tenant: int) -> int:
    return make.staff(app, tenant, Role.APPROVER)


def actor(tenant: int, person: int, *, fresh: bool = True, factor: bool = True) -> Actor:
    return Actor(
        person_id=person, tenant_id=tenant, is_fresh=fresh, has_second_factor=factor, name="A."
    )


def act(app: Flask, do: Callable[..., object], tenant: int, *args: object, by: Actor) -> None:
    with app.app_context(), transaction():
        do(db.session.get_one(Municipality, tenant), *args, actor=by)


def pause(app: Flask, tenant: int, poll: int, person: int) -> None:
    act(app, pausing.pause, tenant, poll, WHY, by=actor(tenant, person))


def vote(app: Flask, poll_id: int, person_id: int) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, row.tenant_id)
        person = db.session.get_one(Person, person_id)
        form = casting.Form(idem=f"form of {person_id}")
        casting.cast(row.id, person, make.marks(1), form)


def state(app: Flask, poll: int) -> tuple[str, str]:
    """Return the state as it is kept, and as the clock has it."""
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        return row.state, queries.present_state(row)


def end(app: Flask, poll: int) -> object:
    with app.app_context():
        return db.session.get_one(Poll, poll).ends_at


def test_one_person_pauses_and_nobody_can_vote(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    pause(app, tenant, poll, officer)

    with pytest.raises(Refused) as refused:
        vote(app, poll, make.person(app, resident_of=tenant))
    assert refused.value.refusal == rules.PAUSED.with_values(reason=WHY)
    assert state(app, poll) == ("paused", "paused")


def test_a_pause_needs_a_fresh_sign_in_and_a_second_factor(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    for weak, refusal in (
        (actor(tenant, officer, fresh=False), NOT_FRESH),
        (actor(tenant, officer, factor=False), NO_SECOND_FACTOR),
    ):
        with pytest.raises(Refused) as refused:
            act(app, pausing.pause, tenant, poll, WHY, by=weak)
        assert refused.value.refusal == refusal
    assert state(app, poll)[1] == "receiving"


def test_a_second_person_confirms_and_the_first_cannot(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    third = make.staff(app, tenant, Role.OFFICER)
    pause(app, tenant, poll, officer)
    with pytest.raises(Refused) as own:
        act(app, pausing.confirm, tenant, poll, by=actor(tenant, officer))
    act(app, pausing.confirm, tenant, poll, by=actor(tenant, approver))
    with pytest.raises(Refused) as twice:
        act(app, pausing.confirm, tenant, poll, by=actor(tenant, third))

    assert own.value.refusal == course_rules.OWN_PAUSE
    assert twice.value.refusal == course_rules.CONFIRMED
    with app.app_context():
        later = clock.now() + 9 * DAY
        assert queries.present_state(db.session.get_one(Poll, poll), now=later) is PollState.PAUSED


def test_lifting_moves_the_end_by_as_long_as_the_pause_lasted(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    former = end(app, poll)
    pause(app, tenant, poll, officer)
    with app.app_context():
        began = db.session.scalars(select(Pause.paused_at)).one()
    with clock.at(began + timedelta(hours=3, microseconds=1)):
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))

    assert end(app, poll) == former + timedelta(hours=3, seconds=1)
    assert state(app, poll) == ("receiving", "receiving")
    vote(app, poll, make.person(app, resident_of=tenant))


def test_a_pause_without_a_second_person_is_over_after_a_day_noted_or_not(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    former = end(app, poll)
    pause(app, tenant, poll, officer)
    voter = make.person(app, resident_of=tenant)
    with app.app_context():
        began = db.session.scalars(select(Pause.paused_at)).one()
        row = db.session.get_one(Poll, poll)
        almost = queries.course(row, now=began + DAY - timedelta(microseconds=1))
        assert almost == (PollState.PAUSED, former)
        assert queries.course(row, now=began + DAY) == (PollState.RECEIVING, former + DAY)
    with clock.at(began + DAY):
        vote(app, poll, voter)  # who comes first notes it

    with app.app_context():
        row, noted = db.session.get_one(Poll, poll), db.session.scalars(select(Pause)).one()
        assert (row.state, row.ends_at, row.stop_reason) == ("receiving", former + DAY, "")
        assert noted.lifted_at == began + DAY
        assert noted.confirmed_by is None


def test_the_planned_task_notes_it_where_nobody_comes(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    pause(app, tenant, poll, officer)
    with app.app_context(), clock.at(clock.now() + DAY + timedelta(seconds=2)):
        while jobs.run_due():
            pass

    assert state(app, poll)[0] == "receiving"


def test_a_pause_over_the_end_holds_the_vote_open_until_it_is_lifted(
    app: Flask, tenant: int, consultation: int, officer: int, approver: int
) -> None:
    poll = make.poll(app, tenant, consultation, left=timedelta(hours=1))
    pause(app, tenant, poll, officer)
    act(app, pausing.confirm, tenant, poll, by=actor(tenant, approver))
    later = clock.now() + timedelta(hours=5)
    with clock.at(later):
        with pytest.raises(Refused) as too_early:
            act(app, counting.count, tenant, poll, by=actor(tenant, officer))
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))
        with app.app_context():
            row = db.session.get_one(Poll, poll)
            assert queries.present_state(row) is PollState.RECEIVING

    assert too_early.value.refusal == rules.COUNT_PAUSED


def test_paused_again_it_is_a_new_row_and_the_former_stays_as_it_is(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    for _ in range(2):
        pause(app, tenant, poll, officer)
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))

    with app.app_context():
        assert db.session.scalars(select(Pause.no).order_by(Pause.no)).all() == [1, 2]
    for change in ("UPDATE poll_pause SET reason = 'inny powód tego'", "DELETE FROM poll_pause"):
        with pytest.raises(DatabaseError), app.app_context(), transaction():
            db.session.execute(text(change))


def test_the_journal_and_the_audit_say_it(app: Flask, tenant: int, poll: int, officer: int) -> None:
    pause(app, tenant, poll, officer)
    act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))

    with app.app_context():
        lines = db.session.execute(
            select(ChangeNotice.field, ChangeNotice.new, ChangeNotice.reason).order_by(
                ChangeNotice.id
            )
        ).all()
        acts = db.session.scalars(select(AuditEntry.action)).all()
    assert [line.field for line in lines] == [
        "vote:Głosowanie",
        "vote:Głosowanie",
        "vote:Koniec głosowania",
    ]
    assert (lines[0].new, lines[0].reason) == ("wstrzymane", WHY)
    assert {"poll.paused", "poll.resumed"} <= set(acts)
    page = make.client(app).get("/konsultacje/rynek/zmiany").text
    assert "wstrzymane" in page
    assert WHY in page


@pytest.fixture
def planned(app: Flask, tenant: int) -> tuple[int, int]:
    """Give a consultation whose phase and vote end at the same moment, and the vote."""
    with clock.at(clock.now()):
        consultation = make.consultation(app, tenant, opens=[Activity.VOTE], began=1, days_left=9)
        return consultation, make.poll(app, tenant, consultation)


def test_the_phase_ends_with_the_vote_wherever_it_is_shown(
    app: Flask, tenant: int, planned: tuple[int, int], officer: int, approver: int
) -> None:
    consultation, poll = planned
    visitor = make.client(app)
    pause(app, tenant, poll, officer)
    act(app, pausing.confirm, tenant, poll, by=actor(tenant, approver))
    with clock.at(clock.now() + timedelta(days=2, hours=5)):
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))
        calendar = visitor.get("/konsultacje/rynek/terminy.ics").text
        page = visitor.get("/konsultacje/rynek").text

    ends_at = end(app, poll)
    closing = clock.closing_time(ends_at)
    with app.app_context():
        phase = db.session.scalars(select(Phase)).one()
        lines = db.session.scalars(select(ChangeNotice.field).order_by(ChangeNotice.id)).all()
        assert db.session.get_one(Consultation, consultation).revision == 2  # open forms are stale
    assert phase.ends_at == ends_at
    assert f"DTEND;VALUE=DATE:{clock.last_day(ends_at) + DAY:%Y%m%d}" in calendar
    assert f"{closing.hour}:{closing:%M}" in page
    assert lines == ["vote:Głosowanie", "vote:Głosowanie", "phase:Zbieramy propozycje"]
    changes = visitor.get("/konsultacje/rynek/zmiany").text
    assert f"{closing:%d.%m.%Y, %H:%M}" in changes
    assert WHY in changes


def test_a_pause_that_lapses_moves_the_phase_too(
    app: Flask, tenant: int, planned: tuple[int, int], officer: int
) -> None:
    _, poll = planned
    former = end(app, poll)
    pause(app, tenant, poll, officer)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)), app.app_context(), transaction():
        pausing.note_lapsed(db.session.get_one(Poll, poll))

    with app.app_context():
        phase = db.session.scalars(select(Phase)).one()
    assert former + DAY == end(app, poll) == phase.ends_at


def test_dates_of_the_consultation_still_move_after_a_pause(
    app: Flask, tenant: int, consultation: int, poll: int, officer: int
) -> None:
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        planned = [(row.opens_at, row.ends_at)]
    pause(app, tenant, poll, officer)
    with clock.at(clock.now() + timedelta(hours=2)):
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))
    moved = end(app, poll)
    with app.app_context(), transaction():
        preparing.follow_phase(tenant, consultation, planned, actor=actor(tenant, officer))
    assert end(app, poll) == moved
    sooner = [(planned[0][0], planned[0][1] - DAY)]
    with pytest.raises(Refused), app.app_context(), transaction():
        preparing.follow_phase(tenant, consultation, sooner, actor=actor(tenant, officer))


# The pages.


def test_the_ballot_keeps_the_choices_and_says_why(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))
    reviewed = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ["1", "3"]})
    key = re.search(r'name="klucz" value="([^"]+)"', reviewed.text)
    assert key
    pause(app, tenant, poll, officer)

    for path, data in (
        ("/sprawdzenie", {"wybor-1": ["1", "3"]}),
        ("/glos", {"wybor-1": ["1", "3"], "klucz": key[1]}),
    ):
        answer = voter.post(f"{PAGE}{path}", data=data)
        assert answer.status_code == 409
        assert re.findall(r'value="(\d+)" checked', answer.text) == ["1", "3"]
        assert WHY in answer.text
    assert "Głosowanie jest wstrzymane" in make.client(app).get(PAGE).text
    with app.app_context():
        assert db.session.scalars(select(Participation)).all() == []


def desk(app: Flask, person: int) -> FlaskClient:
    return make.client(app, signed_in=person)


def test_the_desk_leads_through_a_pause(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    first, second = desk(app, officer), desk(app, approver)
    short = first.post(f"{DESK}/wstrzymanie", data={"reason": "błąd"})
    assert short.status_code == 422
    assert first.post(f"{DESK}/wstrzymanie", data={"reason": WHY}).status_code == 303
    page = first.get(DESK).text
    assert "przerwa bez potwierdzenia" in page
    assert course_rules.OWN_PAUSE.message in page
    assert "Potwierdzam przerwę" not in page
    assert first.post(f"{DESK}/wstrzymanie/potwierdzenie").status_code == 409
    assert "Potwierdzam przerwę" in second.get(DESK).text
    assert "Znieś przerwę" not in second.get(DESK).text
    assert second.post(f"{DESK}/wznowienie").status_code == 403
    assert second.post(f"{DESK}/wstrzymanie/potwierdzenie").status_code == 303
    assert first.post(f"{DESK}/wznowienie").status_code == 303
    assert "przyjmuje głosy" in first.get(DESK).text


# Races, each beside a control that must go wrong.


def meet(*deeds: Callable[[], None]) -> None:
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> None:
        barrier.wait()
        deed()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def race_votes(app: Flask, tenant: int, poll: int, officer: int) -> tuple[int, int]:
    """Let six vote while one pauses; return how many were told that they had, and how many had."""
    people, lock = make.residents(app, tenant, 6), threading.Lock()
    outcomes: list[str] = []

    def one(person: int) -> None:
        try:
            vote(app, poll, person)
        except Refused as refused:
            said = refused.refusal.code
        else:
            said = "taken"
        with lock:
            outcomes.append(said)

    meet(*(lambda p=p: one(p) for p in people), lambda: pause(app, tenant, poll, officer))
    with app.app_context():
        stored = len(db.session.scalars(select(Participation)).all())
    assert set(outcomes) <= {"taken", rules.PAUSED.code}
    return outcomes.count("taken"), stored


def test_a_vote_that_meets_a_pause_is_in_or_refused_never_lost(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    acked = 0
    for _ in range(3):
        taken, stored = race_votes(app, tenant, poll, officer)
        acked += taken
        assert stored == acked
        assert state(app, poll)[0] == "paused"
        act(app, pausing.lift, tenant, poll, by=actor(tenant, officer))


def confirm_at_once(app: Flask, tenant: int, poll: int, people: list[int]) -> list[str]:
    said: list[str] = []

    def one(person: int) -> None:
        try:
            act(app, pausing.confirm, tenant, poll, by=actor(tenant, person))
        except Refused as refused:
            said.append(refused.refusal.code)
        else:
            said.append("confirmed")

    meet(*(lambda p=p: one(p) for p in people))
    return said


def test_of_two_confirmations_one_counts(app: Flask, tenant: int, poll: int, officer: int) -> None:
    pause(app, tenant, poll, officer)
    people = [make.staff(app, tenant, Role.APPROVER) for _ in range(4)]

    said = confirm_at_once(app, tenant, poll, people)

    assert sorted(said) == ["confirmed", *[course_rules.CONFIRMED.code] * 3]


def test_a_pause_that_meets_the_end_is_before_it_or_refused(
    app: Flask, tenant: int, consultation: int, officer: int
) -> None:
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=0.6))
    time.sleep(0.55)
    outcomes: list[str] = []

    def one(person: int) -> None:
        try:
            pause(app, tenant, poll, person)
        except Refused as refused:
            outcomes.append(refused.refusal.code)
        else:
            outcomes.append("paused")

    officers = [make.staff(app, tenant, Role.OFFICER) for _ in range(3)]
    meet(*(lambda p=p: one(p) for p in [officer, *officers]))

    assert outcomes.count("paused") <= 1
    assert set(outcomes) <= {"paused", course_rules.NOT_RECEIVING.code}
    kept, present = state(app, poll)
    with app.app_context():
        row = db.session.scalars(select(Pause)).one_or_none()
        ends_at = db.session.get_one(Poll, poll).ends_at
    if row is None:
        assert present == "working_up"
    else:
        assert (kept, row.paused_at < ends_at) == ("paused", True)


def test_the_desk_of_both_says_that_a_pause_waits_for_its_second_person(
    app: Flask, tenant: int, poll: int, officer: int, approver: int
) -> None:
    waits = "potwierdź przerwę albo ją znieś"
    assert waits not in desk(app, approver).get("/urzad").text
    pause(app, tenant, poll, officer)
    assert waits in desk(app, approver).get("/urzad").text
    act(app, pausing.confirm, tenant, poll, by=actor(tenant, approver))
    page = desk(app, officer).get("/urzad").text
    assert waits not in page
    assert "Głosowanie jest wstrzymane" in page


def test_the_course_is_shown_with_few_statements(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    pause(app, tenant, poll, officer)
    client = desk(app, officer)
    client.get(DESK)
    with sql.counted(app) as statements:
        assert client.get(DESK).status_code == 200
    assert len(statements) <= 18, "\n".join(statements)


def test_others_have_no_business_there(app: Flask, tenant: int, poll: int) -> None:
    for role in (Role.FACILITATOR, Role.AUDITOR, Role.ADMINISTRATOR):
        client = desk(app, make.staff(app, tenant, role))
        assert client.get(DESK).status_code == 403
        assert client.post(f"{DESK}/wstrzymanie", data={"reason": WHY}).status_code == 403
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    stranger = make.client(
        app, slug="wrzosowiany", signed_in=make.staff(app, elsewhere, Role.OFFICER)
    )
    assert stranger.get(DESK).status_code == 404


@pytest.mark.postgres  # on SQLite whoever writes holds the whole database
def test_control_without_the_lock_a_vote_comes_in_after_the_pause(
    app: Flask, tenant: int, poll: int, officer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vote that looked before the pause and writes after it: the lock is what stops it."""

    def read_without_lock(poll_id: int, *, shared: bool = False) -> Poll:
        return db.session.get_one(Poll, poll_id, populate_existing=True)

    with app.app_context(), writer().connect() as connection:
        for table in ("participation", "ballot", "receipt"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_comes_while_open ON {table}")
        connection.commit()
    fill, looked, paused = casting._fill_ballots, threading.Event(), threading.Event()

    def slowly(*args: Any, **kwargs: Any) -> str:
        looked.set()
        paused.wait(5)
        return fill(*args, **kwargs)

    monkeypatch.setattr(queries, "hold", read_without_lock)
    monkeypatch.setattr(casting, "_fill_ballots", slowly)
    voter = make.person(app, resident_of=tenant)
    thread = threading.Thread(target=vote, args=(app, poll, voter))
    thread.start()
    looked.wait(5)
    pause(app, tenant, poll, officer)
    paused.set()
    thread.join()

    assert state(app, poll)[0] == "paused"
    with app.app_context():
        assert len(db.session.scalars(select(Participation)).all()) == 1


def test_a_task_that_comes_too_early_looks_again(
    app: Flask, tenant: int, poll: int, officer: int
) -> None:
    pause(app, tenant, poll, officer)
    payload = {"tenant_id": tenant, "poll_id": poll}
    with app.app_context():
        voting_jobs.lapse(payload)
        planned = db.session.scalars(
            select(Task.run_at).where(Task.kind == pausing.LAPSE).order_by(Task.run_at)
        ).all()
    assert len(planned) == 2
    assert planned[0] < clock.now() + timedelta(minutes=2)
    assert state(app, poll)[0] == "paused"
