"""A vote called off, a count declared void, and a vote done again."""

import time
from datetime import timedelta
from itertools import islice

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person
from deliberate.approvals.models import Approval
from deliberate.consultations.models import ChangeNotice, ExtraPhase, Phase
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, course_rules, keys, queries, rules
from deliberate.voting import jobs as voting_jobs
from deliberate.voting.actions import casting, counting, preparing, repeating, stopping
from deliberate.voting.models import (
    Ballot,
    Eligibility,
    FinalBallot,
    Option,
    Participation,
    Poll,
    PollStep,
    Receipt,
)
from deliberate.voting.states import PollState
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
BALLOT = "/urzad/konsultacje/rynek/glosowanie"
DESK = f"{BALLOT}/przebieg"
WHY = "Na kartach pomylono numery projektów."
CAME_IN = (Ballot, Receipt, Participation, Eligibility)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.DISCUSS])  # votes bring their dates


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def vote(app: Flask, poll_id: int, person_id: int, *chosen: int) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        person = db.session.get_one(Person, person_id)
        form = casting.Form(idem=f"form of {person_id} in {poll_id}")
        casting.cast(poll.id, person, make.marks(*chosen), form)


def approve(app: Flask, tenant: int, poll: int, act: str) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, act, poll, rules_hash)


def cancel(app: Flask, tenant: int, poll: int) -> None:
    approve(app, tenant, poll, "poll.cancel")
    with app.app_context(), transaction():
        stopping.cancel(db.session.get_one(Municipality, tenant), poll, WHY, actor=SYSTEM)


def count(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        while queries.present_state(db.session.get_one(Poll, poll)) is not PollState.WORKING_UP:
            db.session.rollback()
            time.sleep(0.05)
    approve(app, tenant, poll, "poll.count")
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)


def annul(app: Flask, tenant: int, poll: int) -> None:
    approve(app, tenant, poll, "poll.annul")
    with app.app_context(), transaction():
        stopping.annul(db.session.get_one(Municipality, tenant), poll, WHY, actor=SYSTEM)


def ask_and_approve(app: Flask, officer: FlaskClient, approver: FlaskClient, path: str) -> None:
    assert officer.post(f"{DESK}/{path}", data={"stop_reason": WHY}).status_code == 303
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    page = approver.get(f"/zatwierdzanie/{token}").text
    assert page.count(WHY) >= 1
    assert approver.post(f"/zatwierdzanie/{token}/zgoda").status_code == 303


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


# Calling off.


def test_two_persons_call_a_vote_off_and_its_ballots_are_destroyed(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    poll = make.poll(app, tenant, consultation)
    for person in make.residents(app, tenant, 3):
        vote(app, poll, person, 1)
    ask_and_approve(app, officer, approver, "odwolanie")

    assert all(rows(app, model) == 3 for model in CAME_IN)  # a task removes them
    with app.app_context():
        jobs.run_due()
    assert all(rows(app, model) == 0 for model in CAME_IN)
    folder = app.extensions["deliberate.settings"].folder / "keys"
    # What joins or opens votes is gone; the key of copies goes with the days it locks (retention).
    assert [path.name for path in folder.glob("poll-*")] == [f"poll-{poll}-backup.key"]
    page = make.client(app).get(PAGE).text
    assert "Głosowanie odwołane" in page
    assert WHY in page
    assert 'type="checkbox"' not in page
    assert WHY in make.client(app).get(f"{PAGE}/wynik").text
    with app.app_context():
        assert db.session.scalars(select(ChangeNotice.new)).all() == ["odwołane"]


def test_a_reason_is_asked_for(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    make.poll(app, tenant, consultation)
    assert officer.post(f"{DESK}/odwolanie", data={"stop_reason": "bo"}).status_code == 422
    assert rows(app, Approval) == 1  # of the sealing


def test_nobody_votes_in_or_counts_what_is_called_off(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=1.5))
    cancel(app, tenant, poll)
    with pytest.raises(Refused) as late:
        vote(app, poll, make.person(app, resident_of=tenant), 1)
    approve(app, tenant, poll, "poll.count")
    with pytest.raises(Refused) as uncounted, app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)

    assert late.value.refusal == rules.CALLED_OFF.with_values(reason=WHY)
    assert uncounted.value.refusal == rules.COUNT_CANCELLED


def test_one_person_alone_calls_nothing_off(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation)
    with pytest.raises(IntegrityError, match="two_persons"), app.app_context(), transaction():
        stopping.cancel(db.session.get_one(Municipality, tenant), poll, WHY, actor=SYSTEM)


def test_ballots_of_a_vote_that_runs_cannot_be_removed(
    app: Flask, tenant: int, consultation: int
) -> None:
    """The control: without the state the same removal is refused by the database."""
    poll = make.poll(app, tenant, consultation)
    vote(app, poll, make.person(app, resident_of=tenant), 1)
    with pytest.raises(IntegrityError, match="append_only"), app.app_context():
        voting_jobs.STEPS_OF_CANCELLED["remove_ballots"](poll)
    assert all(rows(app, model) == 1 for model in CAME_IN)


@pytest.mark.parametrize("done", range(len(voting_jobs.STEPS_OF_CANCELLED)))
def test_stopped_after_any_step_it_goes_on(
    app: Flask, tenant: int, consultation: int, done: int
) -> None:
    poll = make.poll(app, tenant, consultation)
    vote(app, poll, make.person(app, resident_of=tenant), 1)
    cancel(app, tenant, poll)
    steps = voting_jobs.STEPS_OF_CANCELLED
    with app.app_context():
        voting_jobs.run_steps(tenant, poll, dict(islice(steps.items(), done)))
        list(steps.values())[done](poll)  # and killed before the row of the next one
    with app.app_context():
        jobs.run_due()
        said = db.session.scalars(select(PollStep.step)).all()
    assert sorted(said) == sorted(steps)
    assert all(rows(app, model) == 0 for model in CAME_IN)


@pytest.mark.parametrize("done", range(len(voting_jobs.STEPS)))
def test_after_the_count_too(app: Flask, tenant: int, consultation: int, done: int) -> None:
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=1.5))
    vote(app, poll, make.person(app, resident_of=tenant), 1)
    count(app, tenant, poll)
    with app.app_context():
        voting_jobs.run_steps(tenant, poll, dict(islice(voting_jobs.STEPS.items(), done)))
        list(voting_jobs.STEPS.values())[done](poll)
    with app.app_context():
        jobs.run_due()
        said = db.session.scalars(select(PollStep.step)).all()
        with pytest.raises(keys.KeyMissing):
            keys.link_tag(poll, "osoba")
    assert sorted(said) == sorted(voting_jobs.STEPS)
    assert rows(app, FinalBallot) == 1


# Declaring void.


@pytest.fixture
def published(app: Flask, tenant: int, consultation: int) -> int:
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=1.5))
    for person in make.residents(app, tenant, 2):
        vote(app, poll, person, 1)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    return poll


def test_two_persons_declare_a_count_void_and_the_result_stays_readable(
    app: Flask, published: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    ask_and_approve(app, officer, approver, "uniewaznienie")

    visitor = make.client(app)
    page, result = visitor.get(PAGE).text, visitor.get(f"{PAGE}/wynik").text
    assert "Głosowanie unieważnione" in page
    assert "Unieważniony wynik" in page
    assert "Głosowanie unieważnione" in result
    assert WHY in result
    assert "Projekt 1" in result
    assert visitor.get(f"{PAGE}/wynik.json").status_code == 200


def test_a_count_nobody_saw_is_never_shown_when_it_is_void(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=1.5))
    vote(app, poll, make.person(app, resident_of=tenant), 1)
    count(app, tenant, poll)
    annul(app, tenant, poll)

    visitor = make.client(app)
    assert "nie będzie ogłoszony" in visitor.get(PAGE).text
    assert "Projekt 1" not in visitor.get(f"{PAGE}/wynik").text
    assert visitor.get(f"{PAGE}/wynik.csv").status_code == 404
    assert visitor.get(f"{PAGE}/protokol").status_code == 404


def test_why_a_vote_stopped_stays_as_it_was_said(app: Flask, tenant: int, published: int) -> None:
    annul(app, tenant, published)
    with pytest.raises(IntegrityError, match="frozen"), app.app_context(), transaction():
        db.session.get_one(Poll, published).stop_reason = "Zupełnie inny powód."


# Doing it again.


def test_a_repeat_needs_a_phase_that_is_to_come(
    app: Flask, tenant: int, published: int, officer: FlaskClient
) -> None:
    annul(app, tenant, published)
    answer = officer.post(f"{DESK}/powtorzenie")

    assert answer.status_code == 409
    assert "etapu głosowania" in answer.text


def test_a_repeat_is_a_new_vote_that_names_the_void_one(
    app: Flask, tenant: int, consultation: int, published: int, officer: FlaskClient
) -> None:
    annul(app, tenant, published)
    starts = clock.now() + timedelta(seconds=1.5)
    make.phase(
        app,
        tenant,
        consultation,
        starts=starts,
        ends=starts + timedelta(days=20),
        opens=[Activity.VOTE],
        title="Głosujemy ponownie",
        position=2,
    )
    assert officer.post(f"{DESK}/powtorzenie").status_code == 303
    assert officer.post(f"{DESK}/powtorzenie").status_code == 409
    with app.app_context():
        poll = queries.find_poll(tenant, consultation)
        assert poll is not None
        again, former = poll.id, db.session.get_one(Poll, published)
        assert (poll.repeat_no, poll.repeats_id, poll.state) == (1, published, "draft")
        assert (poll.opens_at, poll.title) == (starts, former.title)
        kept = [
            [(o.no, o.title, o.subject_id) for o in queries.list_options(each)]
            for each in (former, poll)
        ]
        assert kept[0] == kept[1]
    page = officer.get(BALLOT).text
    assert "Karta jest szkicem" in page
    assert officer.get(DESK).status_code == 200
    visitor = make.client(app)
    assert "To powtórzenie głosowania" in visitor.get(PAGE).text
    seal(app, tenant, again)

    time.sleep(max(0, (starts - clock.now()).total_seconds()) + 0.1)
    people = make.residents(app, tenant, 1)
    vote(app, again, people[0], 2)
    assert rows(app, Participation) == 1
    former_page = visitor.get(f"{PAGE}/poprzednie/0").text
    assert "Przejdź do powtórzonego głosowania" in former_page
    assert visitor.get(PAGE).text.count("Co się stało z poprzednim") == 1
    assert "Projekt 1" in visitor.get(f"{PAGE}/wynik?nr=0").text
    assert visitor.get(f"{PAGE}/protokol?nr=0").status_code == 200
    assert visitor.get(f"{PAGE}/wynik.csv?nr=0").status_code == 200
    assert visitor.get(f"{PAGE}/poprzednie/1").status_code == 302
    assert visitor.get(f"{PAGE}/poprzednie/2").status_code == 404


def seal(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        text = queries.rules_text(row)
    make.approval(app, tenant, "poll.seal", poll, canonical.digest(text))
    with app.app_context(), transaction():
        preparing.seal(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)


EXTRA = "/urzad/konsultacje/rynek/dodatkowy-etap"
WHY_AGAIN = "Głosowanie unieważniono, bo pomylono numery projektów."


def days(first: int, last: int) -> dict[str, str]:
    today = clock.local(clock.now()).date()
    said = {"first": first, "last": last}
    return {name: (today + timedelta(days=n)).isoformat() for name, n in said.items()}


def test_two_persons_add_a_phase_and_the_vote_is_repeated_in_it(
    app: Flask, tenant: int, published: int, officer: FlaskClient, approver: FlaskClient
) -> None:
    annul(app, tenant, published)
    assert EXTRA in officer.get(DESK).text
    asked = officer.post(EXTRA, data={**days(3, 10), "reason": WHY_AGAIN})
    assert asked.status_code == 303
    assert "Prośba jest ważna do" in officer.get(EXTRA).text
    assert officer.post(f"{DESK}/powtorzenie").status_code == 409  # nobody has approved yet
    with app.app_context():
        token = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
    place = f"/zatwierdzanie/{token}"
    assert WHY_AGAIN in approver.get(place).text
    assert officer.post(f"{place}/zgoda").status_code in {403, 409}
    assert approver.post(f"{place}/zgoda").status_code == 303

    with app.app_context():
        phase = db.session.scalars(select(Phase).order_by(Phase.id.desc())).first()
        assert phase is not None
        assert (phase.title, phase.activities) == ("Powtórzenie głosowania", "vote")
        changed = db.session.scalars(select(ChangeNotice).order_by(ChangeNotice.id.desc())).first()
        assert changed is not None
        assert (changed.field, changed.reason) == ("phase:Powtórzenie głosowania", WHY_AGAIN)
    assert WHY_AGAIN in make.client(app).get("/konsultacje/rynek/zmiany").text
    assert "Powtórzenie głosowania" in make.client(app).get("/konsultacje/rynek").text
    assert officer.post(f"{DESK}/powtorzenie").status_code == 303
    with app.app_context():
        again = db.session.scalars(select(Poll).where(Poll.id != published)).one()
        assert (again.repeats_id, again.opens_at, again.ends_at) == (
            published,
            phase.starts_at,
            phase.ends_at,
        )
    refused = officer.post(EXTRA, data={**days(30, 40), "reason": WHY_AGAIN})
    assert refused.status_code == 409


def test_a_phase_is_added_for_a_void_vote_only_and_not_for_today(
    app: Flask, tenant: int, published: int, officer: FlaskClient
) -> None:
    wish = {**days(3, 10), "reason": WHY_AGAIN}
    running = officer.post(EXTRA, data=wish)
    annul(app, tenant, published)
    at_once = officer.post(EXTRA, data={**wish, **days(0, 10)})
    backwards = officer.post(EXTRA, data={**wish, **days(10, 3)})
    silent = officer.post(EXTRA, data={**wish, "reason": "Bo tak."})

    codes = [answer.status_code for answer in (running, at_once, backwards, silent)]
    assert codes == [409, 409, 409, 422]
    assert "unieważniono. Tutaj takiego nie ma" in running.text
    assert "najwcześniej" in at_once.text
    assert WHY_AGAIN in at_once.text  # what was typed is kept
    with app.app_context():
        assert db.session.scalars(select(ExtraPhase)).all() == []


def test_a_weak_sign_in_asks_for_no_phase(app: Flask, tenant: int, published: int) -> None:
    annul(app, tenant, published)
    staff = make.staff(app, tenant, Role.OFFICER)
    weak = make.client(app, signed_in=staff, second_factor=False)
    answer = weak.post(EXTRA, data={**days(3, 10), "reason": WHY_AGAIN})

    assert answer.status_code == 409
    assert 'id="ask-extra-phase"' not in weak.get(EXTRA).text


@pytest.mark.parametrize("opens", ["vote", "propose"])
def test_nobody_adds_a_phase_around_the_two_persons(
    app: Flask, tenant: int, consultation: int, published: int, opens: str
) -> None:
    """Not even with an approval, unless it is of these very days, and for a vote."""
    annul(app, tenant, published)
    make.approval(app, tenant, "consultation.add_vote", consultation, "", kind="consultation")
    starts = clock.now() + timedelta(days=2)
    times = {"starts_at": starts, "ends_at": starts + timedelta(days=2)}
    whose = {"tenant_id": tenant, "consultation_id": consultation}
    if opens == "propose":
        make.add(app, ExtraPhase(**whose, **times, reason=WHY_AGAIN))
    phase = Phase(**whose, **times, position=2, title="Po cichu", activities=opens)
    with pytest.raises(IntegrityError, match="two_persons"):
        make.add(app, phase)


def test_who_voted_in_the_void_one_votes_again(app: Flask, tenant: int, consultation: int) -> None:
    first = make.poll(app, tenant, consultation, left=timedelta(seconds=1.5))
    voter = make.person(app, resident_of=tenant)
    vote(app, first, voter, 1)
    count(app, tenant, first)
    annul(app, tenant, first)
    starts = clock.now() + timedelta(seconds=1)
    make.phase(
        app,
        tenant,
        consultation,
        starts=starts,
        ends=starts + timedelta(days=20),
        opens=[Activity.VOTE],
        position=2,
    )
    with app.app_context(), transaction():
        again = repeating.begin(db.session.get_one(Municipality, tenant), first, actor=SYSTEM).id
    seal(app, tenant, again)
    time.sleep(max(0, (starts - clock.now()).total_seconds()) + 0.1)

    vote(app, again, voter, 2)

    with app.app_context():
        person = db.session.get_one(Person, voter)
        days = [queries.find_voted_day(db.session.get_one(Poll, p), person) for p in (first, again)]
    assert None not in days


def test_a_vote_is_repeated_once(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation)
    with pytest.raises(Refused) as runs, app.app_context(), transaction():
        repeating.begin(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)
    assert runs.value.refusal == course_rules.NOTHING_TO_REPEAT
    assert rows(app, Option) == 3
