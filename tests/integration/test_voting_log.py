"""The check list while people vote: heads each morning, and between them not a byte that tells."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox, Task
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, moments, receipts
from deliberate.voting.actions import casting, heading, preparing
from deliberate.voting.jobs import add_head
from deliberate.voting.models import LogHead, Poll, Receipt
from deliberate.voting.states import PollState, Publication
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation)


def vote(app: Flask, poll_id: int, people: list[int]) -> None:
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        db.session.get_one(Municipality, poll.tenant_id)
        for person in people:
            form = casting.Form(idem=f"form of {person}")
            voter = db.session.get_one(Person, person)
            casting.cast(poll.id, voter, make.marks(1), form)


def add(app: Flask, poll_id: int) -> int | None:
    """Add a head as the morning does. Return how many codes it covers, or that there is none."""
    with app.app_context(), transaction():
        head = heading.add_daily(db.session.get_one(Poll, poll_id), now=clock.now())
        return head.leaves if head is not None else None


def heads(app: Flask) -> list[LogHead]:
    with app.app_context():
        return list(db.session.scalars(select(LogHead).order_by(LogHead.no)))


@pytest.mark.parametrize(
    ("came", "covered"), [(0, None), (49, None), (50, 50), (59, 50), (60, 60), (107, 100)]
)
def test_a_head_covers_whole_tens_and_fifty_at_least(
    app: Flask, tenant: int, poll: int, came: int, covered: int | None
) -> None:
    vote(app, poll, make.residents(app, tenant, came) if came else [])

    assert add(app, poll) == covered
    assert add(app, poll) is None  # nothing new since


def test_who_waits_comes_into_the_next_head(app: Flask, tenant: int, poll: int) -> None:
    people = make.residents(app, tenant, 110)
    vote(app, poll, people[:57])
    assert add(app, poll) == 50
    vote(app, poll, people[57:])
    assert add(app, poll) == 110

    first, second = heads(app)
    assert second.previous == first.hash
    assert json.loads(second.body)["rules"] == json.loads(first.body)["rules"]
    with app.app_context():
        batches = db.session.scalars(select(Receipt.batch)).all()
    assert sorted(batches) == [1] * 50 + [2] * 60


def test_nobody_is_told_a_turnout_below_a_hundred(app: Flask, tenant: int, poll: int) -> None:
    people = make.residents(app, tenant, 160)
    visitor = make.client(app)
    vote(app, poll, people[:70])
    add(app, poll)
    assert "Zagłosowało co najmniej" not in visitor.get(PAGE).text

    vote(app, poll, people[70:])
    assert "Zagłosowało co najmniej" not in visitor.get(PAGE).text  # the head comes first
    add(app, poll)
    assert "Zagłosowało co najmniej 160 osób." in visitor.get(PAGE).text


def test_auditors_get_each_head_and_others_do_not(
    app: Flask, tenant: int, consultation: int, poll: int
) -> None:
    make.staff(app, tenant, Role.AUDITOR)
    make.staff(app, tenant, Role.AUDITOR, consultation=consultation)
    elsewhere = make.consultation(app, tenant, slug="inne", opens=[Activity.VOTE])
    make.staff(app, tenant, Role.AUDITOR, consultation=elsewhere)
    make.staff(app, tenant, Role.OFFICER)
    vote(app, poll, make.residents(app, tenant, 50))
    add(app, poll)

    with app.app_context():
        letters = db.session.scalars(select(Outbox).where(Outbox.kind == "voting.head")).all()
        key = db.session.get_one(Poll, poll).signing_key
    assert len(letters) == 2
    for letter in letters:
        assert heads(app)[0].hash in letter.body
        assert key in letter.body
        assert "/konsultacje/rynek/glosowanie/lista-kontrolna" in letter.body


# The task of the morning.


def tasks(app: Flask, poll_id: int) -> list[datetime]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Task.run_at)
                .where(Task.kind == heading.DAILY, Task.finished_at.is_(None))
                .order_by(Task.run_at)
            )
        )


def test_sealing_plans_the_first_morning(app: Flask, tenant: int, consultation: int) -> None:
    opens_in = timedelta(days=3)
    poll = make.poll(app, tenant, consultation, began=-opens_in, sealed=False)
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        rules, opens_at = preparing.queries.rules_text(row), row.opens_at
    make.approval(app, tenant, "poll.seal", poll, canonical.digest(rules))
    with app.app_context(), transaction():
        preparing.seal(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)

    assert tasks(app, poll) == [moments.next_head(opens_at)]


def test_each_morning_plans_the_next_and_adds_a_head(app: Flask, tenant: int, poll: int) -> None:
    vote(app, poll, make.residents(app, tenant, 50))
    with app.app_context(), transaction():
        heading.plan_daily(db.session.get_one(Poll, poll), now=clock.now())
    first = tasks(app, poll)[0]

    with clock.at(first + timedelta(minutes=1)), app.app_context():
        jobs.run_due()

    assert tasks(app, poll) == [moments.next_head(first)]
    assert [head.leaves for head in heads(app)] == [50]
    with app.app_context():
        add_head({"tenant_id": tenant, "poll_id": poll})  # tried again after a fall
    assert len(heads(app)) == 1


def test_after_the_end_nothing_is_planned(app: Flask, tenant: int, poll: int) -> None:
    vote(app, poll, make.residents(app, tenant, 50))
    with clock.at(clock.now() + timedelta(days=10)), app.app_context():
        add_head({"tenant_id": tenant, "poll_id": poll})

    assert tasks(app, poll) == []
    assert heads(app) == []


def test_while_paused_no_head_comes_but_the_mornings_go_on(
    app: Flask, tenant: int, poll: int
) -> None:
    vote(app, poll, make.residents(app, tenant, 50))
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        row.state, row.stop_reason = PollState.PAUSED, "Awaria serwera poczty."
    with app.app_context():
        add_head({"tenant_id": tenant, "poll_id": poll})

    assert heads(app) == []
    assert len(tasks(app, poll)) == 1


# Pages.


def test_the_list_shows_each_head(app: Flask, tenant: int, poll: int) -> None:
    visitor = make.client(app)
    assert "Nie ma jeszcze wpisu" in visitor.get(f"{PAGE}/lista-kontrolna").text
    vote(app, poll, make.residents(app, tenant, 50))
    add(app, poll)
    page = visitor.get(f"{PAGE}/lista-kontrolna").text
    data = visitor.get(f"{PAGE}/lista-kontrolna.json").get_json()

    head = heads(app)[0]
    for text in (head.root, head.hash, head.signature, "Wpis 1"):
        assert text in page
    assert data["heads"] == [{"body": head.body, "hash": head.hash, "signature": head.signature}]
    assert data["signing_key"] in page


def test_those_who_check_find_the_list_from_the_foot_of_every_page(
    app: Flask, tenant: int, poll: int
) -> None:
    page = make.client(app).get("/dla-sprawdzajacych").text

    assert f'href="{PAGE}/lista-kontrolna"' in page.replace("/g/lubowierz", "")


def test_the_list_waits_for_a_sealed_ballot(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation, sealed=False)
    visitor = make.client(app)

    assert "nie jest jeszcze gotowa" in visitor.get(f"{PAGE}/lista-kontrolna").text
    assert visitor.get(f"{PAGE}/lista-kontrolna.json").status_code == 404
    assert visitor.get(f"{PAGE}/kod").status_code == 404


def test_the_last_head_comes_out_with_the_result(
    app: Flask, tenant: int, consultation: int
) -> None:
    """It says exactly how many voted, and a hash of which there are few to guess from."""
    poll = make.poll(app, tenant, consultation, began=timedelta(days=9), left=timedelta(days=-1))
    with clock.at(clock.now() - timedelta(days=5)):
        vote(app, poll, make.residents(app, tenant, 53))
    count(app, tenant, poll)
    visitor = make.client(app)

    assert visitor.get(f"{PAGE}/lista-kontrolna.json").get_json()["heads"] == []
    assert "Nie ma jeszcze wpisu" in visitor.get(f"{PAGE}/lista-kontrolna").text
    make.publish_poll(app, tenant, poll)
    assert len(visitor.get(f"{PAGE}/lista-kontrolna.json").get_json()["heads"]) == 1


def count(app: Flask, tenant: int, poll_id: int) -> None:
    from deliberate.voting.actions import counting

    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash
    make.approval(app, tenant, "poll.count", poll_id, rules_hash or "")
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)


# Not a byte.


def addresses(app: Flask) -> list[str]:
    """Return every page of the portal that names no thing, or this consultation."""
    found = []
    for rule in app.url_map.iter_rules():
        if (
            "GET" in (rule.methods or ())
            and rule.arguments <= {"slug"}
            and rule.endpoint != "static"
        ):
            values = {"slug": "rynek"} if rule.arguments else {}
            found.append(app.url_map.bind("").build(rule.endpoint, values))
    return sorted(found)


def read(client: FlaskClient, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    answers = {path: client.get(path) for path in paths}
    return {
        path: (answer.status_code, make.without_tokens(answer.data))
        for path, answer in answers.items()
    }


@pytest.mark.parametrize(
    "role",
    [
        None,
        Role.OFFICER,
        Role.AUDITOR,
        pytest.param(Role.APPROVER, marks=pytest.mark.one_database),
        pytest.param(Role.ADMINISTRATOR, marks=pytest.mark.one_database),
    ],
)
def test_fifty_votes_move_no_byte_of_any_page(
    app: Flask, tenant: int, poll: int, role: Role | None
) -> None:
    people = make.residents(app, tenant, 110)
    vote(app, poll, people[:60])
    add(app, poll)
    client = make.client(app)
    if role is not None:
        client = make.client(app, signed_in=make.staff(app, tenant, role))
    paths = addresses(app)
    with clock.at(datetime.now(UTC)):
        # What is refused is left out: each refusal is a line of the auditor's record.
        paths = [path for path, (status, _) in read(client, paths).items() if status == 200]
        before, again = read(client, paths), read(client, paths)
        restless = {path for path in paths if before[path] != again[path]}
        vote(app, poll, people[60:])
        after = read(client, paths)
        add(app, poll)
        turned = read(client, paths)

    # Read twice some differ of themselves: a form has a key made for this reading, a table of an
    # office program the second in which it was made. None of them is of the vote.
    restless |= {path for path in paths if path.endswith((".docx", ".xlsx"))}
    assert len(restless) <= 8
    assert not any(path.startswith(PAGE) or "glosowanie" in path for path in restless)
    paths = [path for path in paths if path not in restless]
    assert [path for path in paths if before[path] != after[path]] == []
    moved = {path for path in paths if after[path] != turned[path]}
    assert {PAGE, f"{PAGE}/lista-kontrolna", f"{PAGE}/lista-kontrolna.json"} <= moved  # it can tell


# A code, and the question in whose name.


@pytest.fixture
def published(app: Flask, tenant: int, consultation: int) -> tuple[int, list[str]]:
    """Make a published vote of three, and return its codes."""
    return publish(app, tenant, consultation, Publication.APART)


def publish(app: Flask, tenant: int, consultation: int, kind: Publication) -> tuple[int, list[str]]:
    poll = make.poll(
        app,
        tenant,
        consultation,
        began=timedelta(days=9),
        left=timedelta(days=-1),
        publication=kind,
    )
    with clock.at(clock.now() - timedelta(days=5)):
        vote(app, poll, make.residents(app, tenant, 3))
    with app.app_context():
        codes = [receipts.code(leaf) for leaf in db.session.scalars(select(Receipt.leaf))]
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    return poll, codes


def test_a_code_is_found_however_it_is_written(
    app: Flask, published: tuple[int, list[str]]
) -> None:
    visitor = make.client(app)
    misread = str.maketrans({"1": "L", "0": "O", "V": "U"})
    for code in published[1]:
        for written in (code, code.lower(), code.replace("-", ""), f" {code.translate(misread)} "):
            page = visitor.post(f"{PAGE}/kod", data={"kod": written})
            assert page.status_code == 200
            assert "Głos o tym kodzie znajduje się wśród 3 policzonych." in page.text
            assert "Projekt 1" not in page.text


def test_the_address_of_a_slip_fills_the_code_in(
    app: Flask, published: tuple[int, list[str]]
) -> None:
    page = make.client(app).get(f"{PAGE}/kod?kod={published[1][0]}").text

    assert f'value="{published[1][0]}"' in page
    assert "Jest." not in page


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("written", "status", "words"),
    [
        ("0000-0000-0000", 200, "Nie ma takiego kodu."),
        ("", 422, "Kod ma dwanaście znaków"),
        ("7KQ4", 422, "Kod ma dwanaście znaków"),
        ("ąąąą-ąąąą-ąąąą", 422, "Kod ma dwanaście znaków"),
        ("0" * 5_000, 422, "Kod ma dwanaście znaków"),
        ("'; DROP TABLE--", 422, "Kod ma dwanaście znaków"),
    ],
)
def test_what_is_no_code_of_the_vote_is_said(
    app: Flask, published: tuple[int, list[str]], written: str, status: int, words: str
) -> None:
    answer = make.client(app).post(f"{PAGE}/kod", data={"kod": written})

    assert answer.status_code == status
    assert words in answer.text


def test_before_the_result_every_code_is_answered_alike(app: Flask, tenant: int, poll: int) -> None:
    vote(app, poll, make.residents(app, tenant, 3))
    with app.app_context():
        leaf = db.session.scalars(select(Receipt.leaf)).first() or ""
    visitor = make.client(app)
    answers = [
        visitor.post(f"{PAGE}/kod", data={"kod": written})
        for written in (receipts.code(leaf), "0000-0000-0000", "to nie kod")
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert len({make.without_tokens(answer.data) for answer in answers}) == 1
    assert "Do tego czasu nie mówimy o żadnym kodzie niczego." in answers[0].text


def test_guessing_codes_is_limited(app: Flask, published: tuple[int, list[str]]) -> None:
    visitor = make.client(app)
    tries = [
        visitor.post(f"{PAGE}/kod", data={"kod": f"0000-0000-{n:04}"}).status_code
        for n in range(61)
    ]

    assert tries == [200] * 60 + [429]


def test_a_linked_code_opens_its_ballot_with_proof(
    app: Flask, tenant: int, consultation: int
) -> None:
    _, codes = publish(app, tenant, consultation, Publication.LINKED)
    page = make.client(app).post(f"{PAGE}/kod", data={"kod": codes[0]}).text

    assert "Projekt 1" in page
    assert "Dowód, że ta karta jest na liście kontrolnej" in page
    assert heads(app)[-1].root in page


def test_in_whose_name_is_told_to_that_person_alone(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, began=timedelta(days=9), left=timedelta(days=1))
    person, other = make.person(app, resident_of=tenant), make.person(app, resident_of=tenant)
    voter, stranger = make.client(app, signed_in=person), make.client(app, signed_in=other)
    vote(app, poll, [person])
    now = clock.now()

    def look() -> None:
        assert "Tak: głos z tego konta przyjęto" in voter.get(f"{PAGE}/kod").text
        assert "przez internet" in voter.get(f"{PAGE}/kod").text
        assert "Nie: z tego konta nie ma głosu" in stranger.get(f"{PAGE}/kod").text
        assert "Zaloguj się, żeby to sprawdzić." in make.client(app).get(f"{PAGE}/kod").text

    look()
    with clock.at(now + timedelta(days=2)):
        count(app, tenant, poll)
    look()


def test_the_pages_of_codes_take_few_statements(
    app: Flask, tenant: int, published: tuple[int, list[str]]
) -> None:
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))
    voter.get(f"{PAGE}/kod")

    with sql.counted(app) as statements:
        voter.get(f"{PAGE}/kod")
    assert len(statements) <= 9, statements


# The slip.


@pytest.mark.parametrize("kind", list(Publication))
def test_the_slip_promises_what_its_publication_keeps(
    app: Flask, tenant: int, consultation: int, kind: Publication
) -> None:
    make.poll(app, tenant, consultation, publication=kind)
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))
    page = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ["1"]}).text
    key = re.search(r'name="klucz" value="([^"]+)"', page)
    assert key
    sent = voter.post(f"{PAGE}/glos", data={"wybor-1": ["1"], "klucz": key[1]})
    slip = voter.get(sent.location).text

    with app.app_context():
        code = receipts.code(db.session.scalars(select(Receipt.leaf)).one())
    assert code in slip
    assert 'src="data:image/svg' in slip.split('class="qr"')[1][:400]
    is_linked = kind is Publication.LINKED
    assert ("Kod nie pokazuje, na co padł głos." in slip) != is_linked
    assert ("kto zna Twój kod, odczyta z listy także treść karty" in slip) == is_linked
    assert "Projekt 1" not in slip


# What comes out is chosen at the office.

CHOICE = "/urzad/konsultacje/rynek/glosowanie/publikacja"


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def kept(app: Flask, poll_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Poll, poll_id).publication


def test_the_most_open_way_needs_a_tick_of_its_own(
    app: Flask, tenant: int, consultation: int, officer: FlaskClient
) -> None:
    poll = make.poll(app, tenant, consultation, sealed=False)
    alone = officer.post(CHOICE, data={"publication": "linked"})

    assert alone.status_code == 422
    assert "Potwierdź to osobno albo wybierz inny sposób." in alone.text
    assert kept(app, poll) == "totals"
    both = officer.post(CHOICE, data={"publication": "linked", "may_be_demanded": "y"})
    assert both.status_code == 303
    assert kept(app, poll) == "linked"
    assert officer.post(CHOICE, data={"publication": "apart"}).status_code == 303
    assert kept(app, poll) == "apart"
    assert officer.post(CHOICE, data={"publication": "wszystko"}).status_code == 422


def test_after_sealing_it_is_only_shown(
    app: Flask, tenant: int, poll: int, officer: FlaskClient
) -> None:
    page = officer.get(CHOICE)

    assert "Tylko sumy" in page.text
    assert 'type="radio"' not in page.text
    assert officer.post(CHOICE, data={"publication": "apart"}).status_code == 409
    assert kept(app, poll) == "totals"
