"""The demo world as it is loaded: once, whole, and true to its own counters."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.accounts.models import Membership, Person
from deliberate.answers.models import Answer
from deliberate.audit import entries
from deliberate.cli.demo import common_room, market_square
from deliberate.cli.demo.calendar import Days
from deliberate.cli.demo.people import PEOPLE
from deliberate.consultations.models import Consultation
from deliberate.discussion.models import Contribution
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox, Task
from deliberate.organisations.models import Organisation
from deliberate.proposals.models import Proposal, Support
from deliberate.tenancy.models import Area, Municipality
from deliberate.voting.models import Ballot, FinalBallot, Option, Participation, Poll, PollResult
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture(scope="module")
def terminal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Give a terminal where ``demo prepare`` has been run."""
    folder = tmp_path_factory.mktemp("demo")
    terminal = Terminal(database_url=databases.new_empty("demo"), folder=folder)
    said = terminal.run("demo", "prepare")
    assert (said.code, said.err) == (0, "")
    return terminal


@pytest.fixture
def world(terminal: Terminal) -> Iterator[Flask]:
    from deliberate.app import create_app
    from deliberate.config import Settings

    settings = Settings.from_environment(terminal.environment)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def consultation(slug: str) -> Consultation:
    return db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()


def proposals_of(slug: str) -> list[Proposal]:
    wanted = select(Proposal).where(Proposal.consultation_id == consultation(slug).id)
    return list(db.session.scalars(wanted.order_by(Proposal.number)))


def count_rows(statement: object) -> int:
    return db.session.execute(statement).scalar_one()  # type: ignore[call-overload,no-any-return]


def test_a_second_load_is_refused(terminal: Terminal) -> None:
    said = terminal.run("demo", "load")

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


def test_preparing_again_keeps_the_world_and_its_password(terminal: Terminal) -> None:
    password = (terminal.folder / "demo-password").read_text()

    said = terminal.run("demo", "prepare")

    assert said.code == 0
    assert password in said.out
    assert terminal.run("municipality", "list").out.count("\n") == 3


def test_the_password_is_read_by_its_owner_only(terminal: Terminal) -> None:
    assert (terminal.folder / "demo-password").stat().st_mode & 0o777 == 0o600


def test_sign_ins_name_the_address_and_all_ten_people(terminal: Terminal) -> None:
    said = terminal.run("demo", "prepare")

    assert "http://localhost:8000/" in said.out
    assert [each.name for each in PEOPLE if f"{each.name} – {each.about}" not in said.out] == []
    assert len(PEOPLE) == 10


def test_those_who_sign_in_are_the_first_people_and_staff_has_a_password(world: Flask) -> None:
    first = db.session.scalars(select(Person).order_by(Person.id).limit(10)).all()
    staff = set(db.session.scalars(select(Membership.person_id)))

    assert [person.display_name for person in first] == [each.name for each in PEOPLE]
    assert {person.id for person in first if person.password_hash} == staff


@pytest.mark.parametrize("slug", ["lubowierz", "wrzosowiany", "powiat-wierzbogorski"])
def test_residents_of_areas_add_up_to_the_population(world: Flask, slug: str) -> None:
    tenant = db.session.scalars(select(Municipality).where(Municipality.slug == slug)).one()
    residents = count_rows(select(func.sum(Area.residents)).where(Area.tenant_id == tenant.id))

    assert residents == tenant.population


def test_the_record_of_acts_is_whole(world: Flask) -> None:
    assert list(entries.verify()) == []


def test_nothing_is_left_to_do_and_no_task_failed(world: Flask) -> None:
    left = select(func.count()).select_from(Task).where(Task.finished_at.is_(None))

    assert count_rows(left) == 0


def test_no_letter_is_from_the_future(world: Flask) -> None:
    late = select(func.count()).select_from(Outbox).where(Outbox.created_at > clock.now())

    assert count_rows(late) == 0


@pytest.mark.parametrize("texts", [market_square, common_room])
def test_supports_shown_are_supports_given(world: Flask, texts: object) -> None:
    proposals = proposals_of(texts.SLUG)  # type: ignore[attr-defined]
    expected = [text["supports"] for text in texts.PROPOSALS]  # type: ignore[attr-defined]
    rows = [
        count_rows(select(func.count()).where(Support.proposal_id == proposal.id))
        for proposal in proposals
    ]

    assert [proposal.supports for proposal in proposals] == rows == expected


@pytest.mark.parametrize("texts", [market_square, common_room])
def test_every_voice_is_heard_and_counted(world: Flask, texts: object) -> None:
    slug = texts.SLUG  # type: ignore[attr-defined]
    said = select(func.count()).where(Contribution.consultation_id == consultation(slug).id)
    talk = texts.TALK  # type: ignore[attr-defined]
    counted = {proposal.number: proposal.voices for proposal in proposals_of(slug)}

    assert count_rows(said) == len(talk)
    assert counted == {number: sum(1 for row in talk if row[0] == number) for number in counted}


def test_the_vote_is_counted_as_told_and_its_ballots_name_nobody(world: Flask) -> None:
    poll = db.session.scalars(select(Poll)).one()
    votes = json.loads(db.session.scalars(select(PollResult)).one().outcome)["1"]["votes"]
    titles = {option.title: votes[str(option.no)] for option in db.session.scalars(select(Option))}

    assert poll.state == "published"
    assert titles == {text["title"]: text["votes"] for text in common_room.PROPOSALS}
    assert count_rows(select(func.count()).select_from(Participation)) == common_room.PEOPLE
    assert count_rows(select(func.count()).select_from(FinalBallot)) == common_room.PEOPLE
    assert count_rows(select(func.count()).select_from(Ballot)) == 0


def test_every_proposal_of_the_common_room_has_its_answer(world: Flask) -> None:
    answers = {
        answer.subject_id: answer
        for answer in db.session.scalars(select(Answer).where(Answer.published_at.is_not(None)))
    }
    proposals = proposals_of(common_room.SLUG)

    assert consultation(common_room.SLUG).state == "answered"
    assert [answers[proposal.id].position for proposal in proposals] == [
        text["position"] for text in common_room.PROPOSALS
    ]


def test_one_organisation_waits_for_the_office(world: Flask) -> None:
    wanted = select(Organisation.name).where(Organisation.verified_at.is_(None))

    assert list(db.session.scalars(wanted)) == ["Klub „Pogodne Popołudnie”"]


PAGES = [
    "/",
    "/g/lubowierz/",
    "/g/wrzosowiany/",
    "/g/powiat-wierzbogorski/",
    "/g/lubowierz/konsultacje",
    "/g/lubowierz/konsultacje/plac-targowy",
    "/g/lubowierz/konsultacje/plac-targowy/propozycje",
    "/g/lubowierz/konsultacje/plac-targowy/propozycje/1",
    "/g/lubowierz/konsultacje/senat-obywatelski",
    "/g/lubowierz/organizacje",
    "/g/lubowierz/tematy/senat-obywatelski",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/wynik",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/glosowanie/wynik",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/propozycje/3",
]


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_world_opens(terminal: Terminal, page: str, language: str) -> None:
    from deliberate.app import create_app
    from deliberate.config import Settings

    app = create_app(Settings.from_environment(terminal.environment))
    client = app.test_client()
    client.set_cookie("jezyk", language)

    assert client.get(page).status_code == 200
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("month", range(1, 13))
def test_the_days_of_the_world_follow_the_calendar_of_warsaw(month: int) -> None:
    days = Days(clock.local(clock.now()).date().replace(month=month, day=28))

    for number in range(-100, 100):
        there = clock.local(days.at(number, 17, 30))
        assert (there.date(), there.hour, there.minute) == (days.day(number), 17, 30)


@pytest.mark.parametrize(("first", "last", "count"), [(-95, -91, 5), (-90, -76, 41), (-6, -1, 6)])
def test_what_is_spread_over_days_keeps_its_order_and_stays_inside(
    first: int, last: int, count: int
) -> None:
    days = Days(clock.local(clock.now()).date())

    moments = days.spread(first, last, count)

    assert moments == sorted(set(moments))
    assert len(moments) == count
    assert days.at(first, 0) < moments[0]
    assert moments[-1] < days.at(last, 23)
