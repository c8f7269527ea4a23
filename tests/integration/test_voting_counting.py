"""From the end of a vote to its published result; and that nothing shows before."""

import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from deliberate.accounts.models import Person
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.kernel.sheets import read_table
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, keys, queries, rules
from deliberate.voting.actions import casting, counting
from deliberate.voting.models import Ballot, FinalBallot, Poll, PollResult, PollStep
from tests import make

PAGE = "/konsultacje/rynek/glosowanie"
AFTER = timedelta(days=10)  # the end of every poll here


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


def vote(app: Flask, poll_id: int, person_id: int, *chosen: int) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        person = db.session.get_one(Person, person_id)
        form = casting.Form(idem=f"form of {person_id}")
        casting.cast(poll.id, person, make.marks(*chosen), form)


def approve(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash
    make.approval(app, tenant, "poll.count", poll, rules_hash or "")


def count(app: Flask, tenant: int, poll: int, *, at: timedelta = AFTER) -> None:
    with clock.at(clock.now() + at), app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)


@pytest.fixture
def counted(app: Flask, tenant: int, consultation: int) -> int:
    """Make a poll in which 1 got three votes, 2 and 3 two each, and count it."""
    people = make.residents(app, tenant, 4)
    poll = make.poll(app, tenant, consultation)
    for person, chosen in zip(people, [(1, 2), (1, 3), (1,), (2, 3)], strict=True):
        vote(app, poll, person, *chosen)
    approve(app, tenant, poll)
    count(app, tenant, poll)
    return poll


def test_the_count_is_what_people_chose(app: Flask, counted: int) -> None:
    with app.app_context():
        result = db.session.get_one(PollResult, counted)
        final = queries.list_final_choices(db.session.get_one(Poll, counted))

        outcome = json.loads(result.outcome)["1"]
        assert (outcome["method"], outcome["version"], outcome["ballots"]) == ("approval", 1, 4)
        assert outcome["score"] == {"1": "3", "2": "2", "3": "2"}
        assert outcome["places"] == [[1], [2, 3]]
        assert outcome["elected"] == [1]
        assert result.participations == 4
        # So few come out as sums only: no hash may cover what nobody may see.
        assert result.ballots_hash == canonical.ballots_hash([])
        assert sorted(choices for _, choices in final) == ["[1,2]", "[1,3]", "[1]", "[2,3]"]
        actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions == ["poll.counted"]


def test_ballots_are_rewritten_under_new_keys_and_lose_their_tags(
    app: Flask, tenant: int, consultation: int
) -> None:
    people = make.residents(app, tenant, 5)
    poll = make.poll(app, tenant, consultation)
    for person in people:
        vote(app, poll, person, 1)
    with app.app_context():
        before = set(db.session.scalars(select(Ballot.id)))
    approve(app, tenant, poll)
    count(app, tenant, poll)

    with app.app_context():
        final = db.session.scalars(select(FinalBallot.id)).all()
        assert db.session.scalars(select(Ballot)).all() == []
        assert not before & set(final)
        if db.engine.dialect.name == "postgresql":  # they came in the order of the new keys
            stored = db.session.scalars(text("SELECT id FROM ballot_final ORDER BY ctid")).all()
            assert stored == sorted(final)


def test_the_steps_after_the_count_destroy_the_key_and_go_on_after_a_fall(
    app: Flask, counted: int
) -> None:
    folder = app.extensions["deliberate.settings"].folder / "keys"
    assert (folder / f"poll-{counted}-link.key").exists()
    with clock.at(clock.now() + AFTER), app.app_context():
        jobs.run_due()
    with app.app_context():
        steps = db.session.scalars(select(PollStep.step).order_by(PollStep.step)).all()
        assert steps == ["destroy_key", "reclaim_space", "touch_pages"]
        keys.destroy(counted)  # again, as a task that fell between the step and its row would
    assert not (folder / f"poll-{counted}-link.key").exists()
    assert list(folder.glob("municipality-*"))


def test_nothing_is_counted_before_the_end_or_twice(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation)
    approve(app, tenant, poll)
    with pytest.raises(Refused) as early:
        count(app, tenant, poll, at=timedelta(0))
    count(app, tenant, poll)
    with pytest.raises(Refused) as again:
        count(app, tenant, poll)

    assert early.value.refusal == rules.COUNT_TOO_EARLY
    assert again.value.refusal == rules.COUNTED


def test_a_ballot_too_many_stops_the_count(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation)
    vote(app, poll, make.person(app, resident_of=tenant), 1)
    with app.app_context(), transaction():
        stuffed = Ballot(
            id="f" * 32, tenant_id=tenant, poll_id=poll, section_no=1, choices="[1]", link_tag="x"
        )
        db.session.add(stuffed)
    approve(app, tenant, poll)
    with pytest.raises(Refused) as unequal:
        count(app, tenant, poll)

    assert unequal.value.refusal.code == rules.UNEQUAL.code
    with app.app_context():
        assert db.session.scalars(select(FinalBallot)).all() == []


def test_the_result_is_seen_by_nobody_until_it_is_published(
    app: Flask, tenant: int, counted: int
) -> None:
    visitor = make.client(app)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    for client in (visitor, officer):
        assert "Wyniku nie widzi jeszcze nikt" in client.get(f"{PAGE}/wynik").text
        assert client.get(f"{PAGE}/wynik.csv").status_code == 404
        assert client.get(f"{PAGE}/wynik.json").status_code == 404

    make.publish_poll(app, tenant, counted)
    page = visitor.get(f"{PAGE}/wynik").text
    assert "Najwięcej głosów: „1. Projekt 1”" in " ".join(page.split())
    assert "Po tyle samo głosów (2) mają: „2. Projekt 2”, „3. Projekt 3”." in " ".join(page.split())
    assert "Zagłosowało: 4." in page
    assert "118\N{NO-BREAK SPACE}400" in page


def test_the_result_is_taken_as_table_and_as_data(app: Flask, tenant: int, counted: int) -> None:
    make.publish_poll(app, tenant, counted)
    visitor = make.client(app)
    table = visitor.get(f"{PAGE}/wynik.csv")
    data = visitor.get(f"{PAGE}/wynik.json").get_json()

    assert table.data.decode("utf-8-sig").splitlines()[1] == (
        "1;Projekt 1;100000;3;Całe miasto;1;tak"
    )
    assert data["participations"] == 4
    assert [option["figure"] for option in data["sections"][0]["options"]] == ["3", "2", "2"]
    assert data["sections"][0]["places"] == [[1], [2, 3]]


def test_publishing_writes_once_to_those_who_live_here(
    app: Flask, tenant: int, counted: int
) -> None:
    make.publish_poll(app, tenant, counted)
    with pytest.raises(Refused):
        make.publish_poll(app, tenant, counted)
    with app.app_context():
        jobs.run_due()
        jobs.run_due()
        letters = db.session.scalars(select(Outbox).where(Outbox.kind == "result")).all()

    # Four voters, and the authors of the three projects.
    assert len(letters) == 7
    assert "/konsultacje/rynek/glosowanie/wynik" in letters[0].body


def test_a_vote_of_nobody_has_a_result(app: Flask, tenant: int, consultation: int) -> None:
    poll = make.poll(app, tenant, consultation)
    approve(app, tenant, poll)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)

    assert "Nikt nie zagłosował" in make.client(app).get(f"{PAGE}/wynik").text


def test_fifty_votes_change_no_byte_of_any_page(app: Flask, tenant: int, consultation: int) -> None:
    people = make.residents(app, tenant, 50)
    poll = make.poll(app, tenant, consultation)
    staff = make.staff(app, tenant, Role.OFFICER)
    for role in Role:
        make.membership(app, tenant, staff, role)
    clients = [make.client(app), make.client(app, signed_in=staff)]
    pages = [
        rule.rule.replace("<slug>", "rynek")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.arguments <= {"slug"}
        and not rule.endpoint.startswith(("static", "installation."))
    ]
    assert len(pages) > 20
    # Of both looks, since a page that says the minute changes without a vote; and after the last
    # vote, so that what is counted "until now" would count it.
    moment = clock.now() + timedelta(minutes=5)

    def look() -> list[tuple[str, int, bytes]]:
        seen = []
        with clock.at(moment):
            for client in clients:
                for page in pages:
                    answer = client.get(page)
                    seen.append((page, answer.status_code, what_is_said(page, answer.data)))
        return seen

    before = look()
    for person in people:
        vote(app, poll, person, 1)

    after = look()
    assert [old[0] for old, new in zip(before, after, strict=True) if old != new] == []


def what_is_said(page: str, body: bytes) -> bytes:
    """Leave out what differs between any two answers: keys of forms, when a file was made."""
    if page.endswith(".xlsx") and body.startswith(b"PK"):
        return repr(read_table(body, page)).encode()
    if page.endswith(".docx") and body.startswith(b"PK"):
        return ZipFile(BytesIO(body)).read("word/document.xml")
    return re.sub(rb'(?:value|content)="[\w.-]{40,}"|\b[0-9a-f]{12}\b|DTSTAMP:\w+', b"", body)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chosen=st.frozensets(st.integers(-2, 6), max_size=6))
def test_no_stored_ballot_breaks_its_rules(
    app: Flask, every_poll: int, tenant: int, chosen: frozenset[int]
) -> None:
    person = make.person(app, resident_of=tenant)
    try:
        vote(app, every_poll, person, *chosen)
    except Refused:
        is_taken = False
    else:
        is_taken = True

    assert is_taken == (1 <= len(chosen) <= 2 and chosen <= {1, 2, 3})
    with app.app_context():
        for choices in db.session.scalars(select(Ballot.choices)):
            numbers = json.loads(choices)
            assert numbers == sorted(set(numbers))
            assert set(numbers) <= {1, 2, 3}
            assert 1 <= len(numbers) <= 2


@pytest.fixture
def every_poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation)
